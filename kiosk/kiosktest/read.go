package kiosktest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

type view struct {
	m   *Memory
	d   *data
	ctx context.Context
}

var _ kiosk.View = (*view)(nil)

func (v *view) Site() (kiosk.Site, error) {
	if v.d.site.ID == "" {
		return kiosk.Site{}, missing("site", "")
	}
	return v.d.site, nil
}

func (v *view) Rules(on kiosk.Day) (kiosk.Rules, error) {
	loc, err := v.d.site.Location()
	if err != nil {
		return kiosk.Rules{}, err
	}
	y := v.yearOf(on)
	c, ok := v.d.calendars[y.ID]
	if !ok {
		c = kiosk.DefaultCalendar(y)
	}
	return kiosk.Rules{Site: v.d.site, Year: y, Calendar: c, Timetable: v.d.timetable, Policies: v.d.policies, Location: loc}, nil
}

func (v *view) yearOf(on kiosk.Day) kiosk.SchoolYear {
	best := kiosk.YearOf(on)
	for _, y := range v.d.years.all() {
		if y.Contains(on) && (best.ID == "" || y.Start.After(best.Start)) {
			best = y
		}
	}
	return best
}

func (v *view) Years() ([]kiosk.SchoolYear, error) {
	return sorted(v.d.years.all(), func(y kiosk.SchoolYear) string { return y.Start.String() + string(y.ID) }), nil
}

func (v *view) Stations() ([]kiosk.Station, error) {
	return sorted(v.d.stations.all(), func(s kiosk.Station) string { return s.Name }), nil
}

func (v *view) StationDevices() ([]kiosk.StationDevice, error) {
	var ds []kiosk.StationDevice
	for _, d := range v.d.devices {
		ds = append(ds, d)
	}
	return sorted(ds, func(d kiosk.StationDevice) string { return d.Key }), nil
}

func (v *view) Places() ([]kiosk.Place, error) {
	return sorted(v.d.places.all(), func(p kiosk.Place) string { return p.Code }), nil
}

func (v *view) Classes(year kiosk.ID) ([]kiosk.Class, error) {
	cs := slices.DeleteFunc(v.d.classes.all(), func(c kiosk.Class) bool { return c.YearID != year })
	return sorted(cs, func(c kiosk.Class) string { return fmt.Sprintf("%03d %s", c.Grade, c.Name) }), nil
}

func (v *view) Patron(id kiosk.ID) (kiosk.Patron, error) { return v.d.patrons.get("patron", id) }

func (v *view) MemberByCard(barcode string, on kiosk.Day) (kiosk.Member, error) {
	if c, ok := v.d.cards.rows[v.d.barcodes[barcode]]; ok {
		return v.member(v.d.patrons.rows[c.PatronID], c, on), nil
	}
	return kiosk.Member{}, missing("card", barcode)
}

func (v *view) MemberByRef(ref kiosk.ID, on kiosk.Day) (kiosk.Member, error) {
	p, ok := v.d.patrons.rows[v.d.refs[ref]]
	if !ok {
		return kiosk.Member{}, missing("patron ref", ref)
	}
	return v.member(p, v.newestCard(p.ID), on), nil
}

func (v *view) newestCard(patron kiosk.ID) (best kiosk.Card) {
	for _, c := range v.d.cards.rows {
		if c.PatronID != patron || c.Status != kiosk.CardActive {
			continue
		}
		if best.ID == "" || cmp.Or(c.IssuedAt.Compare(best.IssuedAt), cmp.Compare(c.ID, best.ID)) > 0 {
			best = c
		}
	}
	return best
}

// member looks the class up: in the school year of the day, the enrolment that
// began last, or else the last.
func (v *view) member(p kiosk.Patron, c kiosk.Card, on kiosk.Day) kiosk.Member {
	m := kiosk.Member{Patron: p, Card: c}
	year := v.yearOf(on).ID
	var best kiosk.Enrolment
	for _, e := range v.d.enrolments.rows {
		if e.PatronID != p.ID || e.Withdrawn || e.YearID != year && !v.m.dropped[classOfYear] {
			continue
		}
		later := cmp.Or(-cmp.Compare(began(best, on), began(e, on)), cmp.Compare(e.Since.String(), best.Since.String()), cmp.Compare(e.ID, best.ID))
		if best.ID == "" || later > 0 {
			best = e
		}
	}
	if k, ok := v.d.classes.rows[best.ClassID]; ok {
		m.Class, m.Grade = k.Name, k.Grade
	}
	return m
}

func began(e kiosk.Enrolment, on kiosk.Day) int {
	if e.Since.IsZero() || !e.Since.After(on) {
		return 1
	}
	return 0
}

func (v *view) EachMember(on kiosk.Day, fn func(kiosk.Member) error) error {
	var ms []kiosk.Member
	for _, p := range v.d.patrons.all() {
		ms = append(ms, v.member(p, v.newestCard(p.ID), on))
	}
	return each(v, sorted(ms, func(m kiosk.Member) string {
		class := fmt.Sprintf("0 %03d %s", m.Grade, m.Class)
		if m.Class == "" {
			class = "1"
		}
		return strings.Join([]string{class, fold.NameOrder(m.Name), string(m.ID)}, "\x00")
	}), fn)
}

func (v *view) Title(id kiosk.ID) (kiosk.Title, error) { return v.d.titles.get("title", id) }

func (v *view) TitlesByISBN(isbn string) ([]kiosk.Title, error) {
	return slices.DeleteFunc(v.living(), func(t kiosk.Title) bool { return t.ISBN == "" || t.ISBN != isbn }), nil
}

func (v *view) EachTitle(fn func(kiosk.Title) error) error { return each(v, v.living(), fn) }

// living are the titles that were not merged into another.
func (v *view) living() []kiosk.Title {
	return slices.DeleteFunc(v.d.titles.all(), func(t kiosk.Title) bool { return t.MergedInto != "" })
}

func (v *view) Item(id kiosk.ID) (kiosk.Item, error) {
	c, err := v.d.copies.get("copy", id)
	if err != nil {
		return kiosk.Item{}, err
	}
	return v.item(c), nil
}

func (v *view) item(c kiosk.Copy) kiosk.Item {
	s, ok := v.d.states[c.ID]
	if !ok { // no event has registered it
		s = kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyInProcessing, Condition: kiosk.ConditionGood, Place: c.HomePlace}
	}
	c.State = s
	return kiosk.Item{Copy: c, Title: v.d.titles.rows[c.TitleID], PlaceName: v.d.places.rows[cmp.Or(s.Place, c.HomePlace)].Name}
}

func (v *view) ItemByBarcode(barcode string) (kiosk.Item, error) {
	if c, ok := v.d.copies.rows[v.d.barcodes[barcode]]; ok {
		return v.item(c), nil
	}
	return kiosk.Item{}, missing("copy", barcode)
}

func (v *view) ItemByAccession(a string) (kiosk.Item, error) {
	number, _, _ := numberOf(a)
	if c, ok := v.d.copies.rows[v.d.accessions[number].copyID]; ok && c.Accession == number {
		return v.item(c), nil
	}
	return kiosk.Item{}, missing("copy", number)
}

func (v *view) items(keep func(kiosk.Copy) bool) []kiosk.Item {
	var is []kiosk.Item
	for _, c := range v.d.copies.all() {
		if keep(c) {
			is = append(is, v.item(c))
		}
	}
	return sorted(is, func(i kiosk.Item) string {
		_, prefix, n := numberOf(i.Accession)
		return fmt.Sprintf("%s\x00%012d\x00%s\x00%s", prefix, n, i.Accession, i.ID)
	})
}

func (v *view) EachItem(fn func(kiosk.Item) error) error {
	return each(v, v.items(func(kiosk.Copy) bool { return true }), fn)
}

func (v *view) EachOfStock(fn func(kiosk.Copy) error) error {
	var cs []kiosk.Copy
	for _, c := range v.d.copies.all() {
		cs = append(cs, v.item(c).Copy)
	}
	return each(v, cs, fn)
}

func (v *view) ItemsOfTitle(title kiosk.ID) ([]kiosk.Item, error) {
	return v.items(func(c kiosk.Copy) bool { return c.TitleID == title }), nil
}

func (v *view) OpenLoan(copyID kiosk.ID) (kiosk.Loan, error) {
	l, ok := v.d.loans.rows[v.d.openLoan[copyID]]
	if !ok {
		return kiosk.Loan{}, missing("open loan of copy", copyID)
	}
	return l, nil
}

func (v *view) Loan(id kiosk.ID) (kiosk.Loan, error) { return v.d.loans.get("loan", id) }

func (v *view) loans(keep func(kiosk.Loan) bool) []kiosk.Loan {
	ls := slices.DeleteFunc(v.d.loans.all(), func(l kiosk.Loan) bool { return !keep(l) })
	slices.SortFunc(ls, func(a, b kiosk.Loan) int {
		return cmp.Or(a.CheckedOutAt.Compare(b.CheckedOutAt), cmp.Compare(a.ID, b.ID))
	})
	return ls
}

func (v *view) OpenLoansOf(ref kiosk.ID) ([]kiosk.LoanItem, error) {
	var ls []kiosk.LoanItem
	for _, l := range v.loans(func(l kiosk.Loan) bool { return l.PatronRef == ref && l.Open() }) {
		ls = append(ls, kiosk.LoanItem{Loan: l, Item: v.item(v.d.copies.rows[l.CopyID])})
	}
	return ls, nil
}

func (v *view) EachLoan(open bool, fn func(kiosk.Loan) error) error {
	return each(v, v.loans(func(l kiosk.Loan) bool { return !open || l.Open() }), fn)
}

func (v *view) Hold(id kiosk.ID) (kiosk.Hold, error) { return v.d.holds.get("hold", id) }

func (v *view) HoldsOf(title kiosk.ID) ([]kiosk.Hold, error) {
	hs := slices.DeleteFunc(v.d.holds.all(), func(h kiosk.Hold) bool {
		return h.TitleID != title || h.Status != kiosk.HoldWaiting && h.Status != kiosk.HoldReady
	})
	slices.SortFunc(hs, func(a, b kiosk.Hold) int { return cmp.Or(a.PlacedAt.Compare(b.PlacedAt), cmp.Compare(a.ID, b.ID)) })
	return hs, nil
}

func (v *view) LastSeq() (int64, error) { return int64(len(v.d.events)), nil }

func (v *view) Events(after int64, limit int) ([]kiosk.Event, error) {
	var es []kiosk.Event
	for _, e := range v.d.events {
		if e.Seq > after && len(es) < limit {
			x, err := e.read()
			if err != nil {
				return nil, err
			}
			es = append(es, x)
		}
	}
	return es, nil
}

func (e event) read() (kiosk.Event, error) {
	x := e.Event
	x.Payload = kiosk.Payload{}
	err := json.Unmarshal(e.payload, &x.Payload)
	return x, err
}

func (v *view) Event(seq int64) (kiosk.Event, error) {
	if seq < 1 || seq > int64(len(v.d.events)) {
		return kiosk.Event{}, missing("event", seq)
	}
	return v.d.events[seq-1].read()
}

func (v *view) LastRecorded() (time.Time, error) {
	for i := len(v.d.events) - 1; i >= 0; i-- {
		if e := v.d.events[i]; e.ClockOK {
			return e.RecordedAt, nil
		}
	}
	return time.Time{}, nil
}

func (v *view) Answer(station, commandID string) (kiosk.Answered, error) {
	a, ok := v.d.answers[answerKey{station, commandID}]
	if !ok || !a.At.After(v.m.now().Add(-24*time.Hour)) {
		return kiosk.Answered{}, missing("answer to", commandID)
	}
	return a, nil
}

func sorted[V any](vs []V, key func(V) string) []V {
	slices.SortStableFunc(vs, func(a, b V) int { return cmp.Compare(key(a), key(b)) })
	return vs
}

func each[V any](v *view, vs []V, fn func(V) error) error {
	for _, x := range vs {
		if err := v.ctx.Err(); err != nil {
			return ended(err)
		}
		if err := fn(x); err != nil {
			return err
		}
	}
	return nil
}
