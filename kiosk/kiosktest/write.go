package kiosktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
)

type tx struct {
	view
	undos []func()
}

var _ kiosk.Tx = (*tx)(nil)

func (t *tx) onUndo(fn func()) { t.undos = append(t.undos, fn) }

func (t *tx) undo() {
	for _, fn := range slices.Backward(t.undos) {
		fn()
	}
	t.undos = nil
}

// whole makes a write that fails leave nothing behind, so that its caller may go
// on in the same transaction.
func (t *tx) whole(err *error) func() {
	mark := len(t.undos)
	return func() {
		if *err == nil || t.m.dropped[writesWhole] {
			return
		}
		for _, fn := range slices.Backward(t.undos[mark:]) {
			fn()
		}
		t.undos = t.undos[:mark]
	}
}

// NewID counts, so that tests with this ledger are the same each time. The
// count is not undone: an id is never given twice.
func (t *tx) NewID() kiosk.ID {
	t.d.ids++
	return kiosk.ID(fmt.Sprintf("00000000-0000-7000-8000-%012x", t.d.ids))
}

// in reports a value that is not one of those allowed.
func in[S comparable](what string, v S, allowed ...S) error {
	if !slices.Contains(allowed, v) {
		return fmt.Errorf("%s %v is not allowed", what, v)
	}
	return nil
}

// natural reports a number below zero.
func natural[N int | int64](what string, ns ...N) error {
	for _, n := range ns {
		if n < 0 {
			return fmt.Errorf("%s: %d is below zero", what, n)
		}
	}
	return nil
}

// given reports an empty text that must not be.
func given[S ~string](what string, ss ...S) error {
	if slices.Contains(ss, "") {
		return fmt.Errorf("%s is missing", what)
	}
	return nil
}

func ms(x time.Time) time.Time {
	if x.IsZero() {
		return time.Time{}
	}
	return x.UTC().Truncate(time.Millisecond)
}

// barcode gives code to the owner, and frees the one it had.
func (t *tx) barcode(owner kiosk.ID, old, code string) error {
	if code == old {
		return nil
	}
	if _, command := kiosk.CommandOf(code); command {
		return conflict("barcode %s is a command's", code)
	}
	if code != "" {
		if _, used := t.d.barcodes[code]; used && !t.m.dropped[oneBarcode] {
			return conflict("barcode %s", code)
		}
		setKey(t, t.d.barcodes, code, owner)
	}
	if old != "" {
		dropKey(t, t.d.barcodes, old)
	}
	return nil
}

func (t *tx) BarcodeInUse(code string) (bool, error) {
	_, command := kiosk.CommandOf(code)
	_, used := t.d.barcodes[code]
	return used || command, nil
}

func (t *tx) NextBarcode(s kiosk.Series) (string, error) {
	for n := t.d.serials[s] + 1; n <= kiosk.MaxSerial; n++ {
		code := s.Make(n)
		if used, _ := t.BarcodeInUse(code); used && !t.m.dropped[skipsUsed] {
			continue
		}
		setKey(t, t.d.serials, s, n)
		return code, nil
	}
	return "", fmt.Errorf("barcodes of series %c are used up", s)
}

func numberOf(a string) (number, prefix string, n int) {
	if c, ok := kiosk.AccessionOf(a); ok {
		prefix, n, _ = kiosk.SplitAccession(c)
		return c, prefix, n
	}
	return strings.ToUpper(strings.TrimSpace(a)), "", 0
}

func (t *tx) NextAccession(prefix string) (string, error) {
	if _, p, _ := numberOf(kiosk.Accession(prefix, 1)); p != prefix {
		return "", fmt.Errorf("accession prefix %q", prefix)
	}
	a := kiosk.Accession(prefix, t.d.greatest[prefix]+1)
	t.takeNumber(a, "")
	return a, nil
}

func (t *tx) takeNumber(number string, owner kiosk.ID) {
	_, prefix, n := numberOf(number)
	setKey(t, t.d.accessions, number, accession{prefix, n, owner})
	setKey(t, t.d.greatest, prefix, max(n, t.d.greatest[prefix]))
}

func (t *tx) PutSite(s kiosk.Site) (err error) {
	defer t.whole(&err)()
	if _, err := s.Location(); err != nil {
		return err
	}
	if t.d.site.ID != "" && t.d.site.ID != s.ID {
		return conflict("site %s beside %s", s.ID, t.d.site.ID)
	}
	set(t, &t.d.site, s)
	return given("site's id or epoch", s.ID, s.Epoch)
}

func (t *tx) PutYear(y kiosk.SchoolYear) (err error) {
	defer t.whole(&err)()
	for _, o := range t.d.years.rows {
		if o.Name == y.Name && o.ID != y.ID {
			return conflict("school year %s", y.Name)
		}
	}
	if y.Start.IsZero() || y.Semester2.Before(y.Start) || y.Recall.Before(y.Semester2) || y.End.Before(y.Recall) {
		return fmt.Errorf("school year %s: days out of order", y.Name)
	}
	t.d.years.put(t, y.ID, y)
	return given("school year's id or name", string(y.ID), y.Name)
}

func (t *tx) PutPolicies(p kiosk.Policies) (err error) {
	defer t.whole(&err)()
	if err := p.Check(); err != nil {
		return err
	}
	set(t, &t.d.policies, slices.Clone(p))
	return nil
}

func (t *tx) PutCalendar(year kiosk.ID, c kiosk.Calendar) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.years.get("school year", year); err != nil {
		return err
	}
	for _, x := range c.Closures {
		if x.To.Before(x.From) {
			return fmt.Errorf("closure %s ends before it begins", x.Name)
		}
	}
	c.Closures, c.Breaks = slices.Clone(c.Closures), slices.Clone(c.Breaks)
	setKey(t, t.d.calendars, year, c)
	return nil
}

func (t *tx) PutTimetable(tt kiosk.Timetable) (err error) {
	defer t.whole(&err)()
	type half struct {
		day       time.Weekday
		afternoon bool
	}
	seen := map[half]bool{}
	for _, s := range tt {
		h := half{s.Weekday, s.Afternoon}
		if seen[h] {
			return conflict("timetable: %v twice", s.Weekday)
		}
		seen[h] = true
	}
	set(t, &t.d.timetable, slices.Clone(tt))
	return nil
}

func (t *tx) PutStation(s kiosk.Station) (err error) {
	defer t.whole(&err)()
	if err := kiosk.CheckStationName(s.Name); err != nil {
		return err
	}
	for _, o := range t.d.stations.rows {
		if o.Name == s.Name && o.ID != s.ID {
			return conflict("station %s", s.Name)
		}
	}
	t.d.stations.put(t, s.ID, s)
	return nil
}

func (t *tx) DropStation(name string) (err error) {
	defer t.whole(&err)()
	counting, err := t.CountingStations()
	if err != nil {
		return err
	}
	held := slices.ContainsFunc(counting, func(c kiosk.CountingStation) bool { return c.Station == name })
	for _, d := range t.d.devices {
		held = held || d.Station == name
	}
	for _, p := range t.d.paired.rows {
		held = held || p.Station == name
	}
	if held {
		return conflict("station %s", name)
	}
	for _, s := range t.d.stations.all() {
		if s.Name == name {
			t.d.stations.drop(t, s.ID)
		}
	}
	return nil
}

func (t *tx) PutStationDevice(d kiosk.StationDevice) (err error) {
	defer t.whole(&err)()
	for _, s := range t.d.stations.rows {
		if s.Name == d.Station {
			setKey(t, t.d.devices, d.Key, d)
			return given("device's key", d.Key)
		}
	}
	return missing("station", d.Station)
}

func (t *tx) DropStationDevice(key string) (err error) {
	defer t.whole(&err)()
	dropKey(t, t.d.devices, key)
	return nil
}

func (t *tx) PutPlace(p kiosk.Place) (err error) {
	defer t.whole(&err)()
	for _, o := range t.d.places.rows {
		if o.Code == p.Code && o.ID != p.ID {
			return conflict("place %s", p.Code)
		}
	}
	kinds := []kiosk.PlaceKind{kiosk.Library, kiosk.Shelf, kiosk.ClassCorner, kiosk.Hallway, kiosk.Outdoor, kiosk.MobileCase, kiosk.Elsewhere}
	if err := errors.Join(given("place's code", p.Code), in("place kind", p.Kind, kinds...)); err != nil {
		return err
	}
	if err := t.barcode(p.ID, t.d.places.rows[p.ID].Barcode, p.Barcode); err != nil {
		return err
	}
	t.d.places.put(t, p.ID, p)
	return nil
}

func (t *tx) PutAnswer(a kiosk.Answered) (err error) {
	defer t.whole(&err)()
	if a.At.IsZero() {
		a.At = t.m.now()
	}
	a.At = ms(a.At)
	for k, o := range t.d.answers {
		if !o.At.After(t.m.now().Add(-24 * time.Hour)) {
			dropKey(t, t.d.answers, k)
		}
	}
	k := answerKey{a.Station, a.CommandID}
	if _, ok := t.d.answers[k]; ok && !t.m.dropped[answerOnce] {
		return conflict("answer to %s", a.CommandID)
	}
	a.Result = slices.Clone(a.Result)
	setKey(t, t.d.answers, k, a)
	return given("command id", a.CommandID)
}

// Append writes the event and what it changes.
func (t *tx) Append(e *kiosk.Event) (err error) {
	defer t.whole(&err)()
	e.ID, e.Epoch, e.Seq, e.Schema = t.NewID(), t.d.site.Epoch, int64(len(t.d.events))+1, kiosk.SchemaVersion
	if t.m.dropped[gapFree] && e.Seq > 1 {
		e.Seq++
	}
	if e.RecordedAt.IsZero() {
		e.RecordedAt = t.m.now()
	}
	if e.OccurredAt.IsZero() {
		e.OccurredAt = e.RecordedAt
	}
	e.OccurredAt, e.RecordedAt = ms(e.OccurredAt), ms(e.RecordedAt)
	for _, c := range []*kiosk.Changes{&e.Payload.Changes, &e.Payload.Before} {
		c.Loans = slices.Clone(c.Loans)
		for i, l := range c.Loans {
			c.Loans[i].CheckedOutAt, c.Loans[i].ReturnedAt = ms(l.CheckedOutAt), ms(l.ReturnedAt)
		}
	}
	e.Payload.Corner = e.Payload.Corner.Tidied()
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return err
	}
	t.d.events = append(t.d.events, event{*e, payload})
	t.onUndo(func() { t.d.events = t.d.events[:len(t.d.events)-1] })
	if t.m.dropped[afterImages] {
		return given("event's type", e.Type)
	}
	for _, open := range []bool{false, true} { // ends before beginnings
		for _, l := range e.Payload.Changes.Loans {
			if l.Open() == open {
				if err := t.putLoan(l); err != nil {
					return err
				}
			}
		}
	}
	for _, s := range e.Payload.Changes.Copies {
		if err := t.putState(s); err != nil {
			return err
		}
	}
	if err := t.putCorner(e.Payload.Corner); err != nil {
		return err
	}
	if err := t.putRecords(e.Payload.Records); err != nil {
		return err
	}
	return given("event's type", e.Type)
}

func (t *tx) putLoan(l kiosk.Loan) error {
	if _, err := t.d.copies.get("copy", l.CopyID); err != nil {
		return err
	}
	if _, ok := t.d.refs[l.PatronRef]; !ok {
		return missing("patron ref", l.PatronRef)
	}
	if err := errors.Join(given("loan's id", l.ID), in("loan type", l.Type, kiosk.HomeLoan, kiosk.SemesterLoan, kiosk.YearLoan),
		in("loan end", l.End, kiosk.LoanOpen, kiosk.LoanReturned, kiosk.LoanUndone, kiosk.LoanLost),
		natural("renewals", l.Renewals), given("due day", l.DueOn.String())); err != nil {
		return err
	}
	out, isOut := t.d.openLoan[l.CopyID]
	switch {
	case l.Open() && isOut && out != l.ID && !t.m.dropped[oneOpenLoan]:
		return conflict("open loan of copy %s", l.CopyID)
	case l.Open():
		setKey(t, t.d.openLoan, l.CopyID, l.ID)
	case out == l.ID:
		dropKey(t, t.d.openLoan, l.CopyID)
	}
	t.d.loans.put(t, l.ID, l)
	return nil
}

func (t *tx) putState(s kiosk.CopyState) error {
	if _, err := t.d.copies.get("copy", s.CopyID); err != nil {
		return err
	}
	if err := t.d.places.need("place", s.Place); err != nil {
		return err
	}
	if err := errors.Join(in("copy status", s.Status, kiosk.CopyInProcessing, kiosk.CopyAvailable, kiosk.CopyInRepair, kiosk.CopyLost, kiosk.CopyWithdrawn),
		in("condition", s.Condition, kiosk.ConditionGood, kiosk.ConditionWorn, kiosk.ConditionDamaged), natural("counts", s.OnSite, s.Loans)); err != nil {
		return err
	}
	if err := t.registered(t.d.processing.rows[s.CopyID], s); err != nil {
		return err
	}
	setKey(t, t.d.states, s.CopyID, s)
	return nil
}
