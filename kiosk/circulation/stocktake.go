package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// mostLines is how many lines of a stocktake one event carries.
const mostLines = 500

// OpenStocktake begins to count the whole library, or some places. What is
// expected is written down at that moment; lending goes on.
func (d *Desk) OpenStocktake(ctx context.Context, a kiosk.Attempt, name string, places []kiosk.ID) (kiosk.Stocktake, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Stocktake, error) {
		s := kiosk.Stocktake{ID: x.NewID(), Name: name, Places: places, Opened: x.instant(), OpenedBy: x.Staff}
		var f form
		f.text("name", &s.Name, kiosk.MaxStockName)
		f.given("name", s.Name)
		known, err := x.Places()
		if err != nil {
			return s, fmt.Errorf("places: %w", err)
		}
		for _, id := range places {
			if !slices.ContainsFunc(known, func(p kiosk.Place) bool { return p.ID == id }) {
				f.wrong("place", kiosk.FieldUnknown, nil)
			}
		}
		if err := f.failed(); err != nil {
			return s, err
		}
		if err := x.apartFromOthers(s); err != nil {
			return s, err
		}
		lines, err := x.expected(s)
		if err != nil {
			return s, err
		}
		if len(lines) == 0 {
			return s, kiosk.ErrNothingThere
		}
		if s.Since, err = x.LastSeq(); err != nil {
			return s, fmt.Errorf("last event: %w", err)
		}
		if err := x.record(kiosk.EventStockOpened, kiosk.Records{Stocktakes: []kiosk.Stocktake{s}}); err != nil {
			return s, err
		}
		for part := range slices.Chunk(lines, mostLines) {
			if err := x.record(kiosk.EventStockExpected, kiosk.Records{Lines: part}); err != nil {
				return s, err
			}
		}
		return s, nil
	})
}

// instant is the act's time as the ledger keeps it.
func (x *deed) instant() time.Time { return x.now.Truncate(time.Millisecond) }

// record appends an event of the paperwork alone.
func (x *intake) record(t kiosk.EventType, r kiosk.Records) error {
	e := x.event
	e.Type, e.Payload = t, kiosk.Payload{Comment: x.Comment, Records: &r}
	if err := x.Append(&e); err != nil {
		return fmt.Errorf("append %s: %w", t, err)
	}
	x.events = append(x.events, e)
	return nil
}

// apartFromOthers refuses to count a place in two stocktakes at once.
func (x *intake) apartFromOthers(s kiosk.Stocktake) error {
	all, err := x.Stocktakes()
	if err != nil {
		return fmt.Errorf("stocktakes: %w", err)
	}
	for _, o := range all {
		if !o.Open() || o.ID == s.ID {
			continue
		}
		if len(o.Places) == 0 || len(s.Places) == 0 || slices.ContainsFunc(s.Places, o.Holds) {
			return kiosk.ErrStockOpen
		}
	}
	return nil
}

// expected are the copies that are in stock in the places that are counted, and
// those that count as lost there.
func (x *intake) expected(s kiosk.Stocktake) (lines []kiosk.StockLine, err error) {
	t, err := kiosk.TrolleyOf(x)
	if err != nil {
		return nil, fmt.Errorf("trolley: %w", err)
	}
	err = x.EachItem(func(i kiosk.Item) error {
		place := t.Home(i)
		st := i.State.Status
		if st == kiosk.CopyWithdrawn || st == kiosk.CopyInProcessing || !s.Holds(place) {
			return nil
		}
		lines = append(lines, kiosk.StockLine{Stocktake: s.ID, Copy: i.ID, Expected: st != kiosk.CopyLost, Lost: st == kiosk.CopyLost, Place: place})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("copies: %w", err)
	}
	return lines, nil
}

// CountCopy is one scan of a stocktake: a copy by its barcode or number, or a
// place that is counted from now on. What it says is a value; an error is a
// stocktake that is closed, or a place that is not counted.
func (d *Desk) CountCopy(ctx context.Context, a kiosk.Attempt, c kiosk.CountScan) (kiosk.Count, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Count, error) {
		s, places, err := x.counting(c.Stocktake, &c.Place)
		if err != nil {
			return kiosk.Count{}, err
		}
		said, err := x.count(s, places, c)
		if err != nil {
			return said, err
		}
		said.Seen, said.Expected, err = x.StockProgress(s.ID)
		return said, err
	})
}

// CountFile takes a memory scanner's file: a line is one code, or several
// readings of which one is known here. A place's code moves on to that place. A
// file of another library is refused as a whole: *kiosk.ForeignFileError.
func (d *Desk) CountFile(ctx context.Context, a kiosk.Attempt, stocktake, place kiosk.ID, lines [][]string) (kiosk.CountedFile, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.CountedFile, error) {
		done := kiosk.CountedFile{Outcomes: map[kiosk.CountOutcome]int{}, Told: []kiosk.Count{}}
		s, places, err := x.counting(stocktake, &place)
		if err != nil {
			return done, err
		}
		codes := make([]string, 0, len(lines))
		known := 0
		for _, l := range lines {
			code, ok, err := x.knownOf(l, places)
			if err != nil {
				return done, err
			}
			if code == "" {
				continue
			}
			codes = append(codes, code)
			if ok {
				known++
			}
		}
		if kiosk.Foreign(len(codes), known) || len(codes) == 0 {
			return done, &kiosk.ForeignFileError{Codes: len(codes), Known: known}
		}
		for _, code := range codes {
			said, err := x.count(s, places, kiosk.CountScan{Stocktake: s.ID, Code: code, Place: place})
			if err != nil {
				return done, err
			}
			done.Codes++
			done.Outcomes[said.Outcome]++
			if said.Outcome == kiosk.CountUnknown && said.Code != "" {
				if done.Strays == nil {
					done.Strays = map[string]int{}
				}
				done.Strays[said.Code]++
			}
			place = said.Place
			if !said.Outcome.Good() && len(done.Told) < 100 {
				done.Told = append(done.Told, said)
			}
		}
		done.Met, done.At = x.met, x.instant()
		return done, nil
	})
}

// UncountFile takes a file back that was the wrong one, or another stocktake's: the
// copies that it met are not met, and its codes that are nobody's are off the list, in
// one transaction. A copy that was met elsewhere since stays: a
// *kiosk.PartlyUndoneError beside what was done.
func (d *Desk) UncountFile(ctx context.Context, a kiosk.Attempt, stocktake kiosk.ID, file kiosk.CountedFile) error {
	left, err := takeIn(ctx, d, a, func(x *intake) (int, error) {
		left := 0
		for _, id := range slices.Backward(file.Met) {
			line, err := x.StockLine(stocktake, id)
			if err != nil {
				return 0, fmt.Errorf("line: %w", err)
			}
			if !line.Seen.Equal(file.At) {
				left++
				continue
			}
			if err := x.uncount(stocktake, id); err != nil {
				return 0, err
			}
		}
		strays, err := x.Strays(stocktake)
		if err != nil {
			return 0, fmt.Errorf("stray codes: %w", err)
		}
		var off []kiosk.StockStray
		for _, s := range strays {
			if n := file.Strays[s.Code]; n > 0 {
				s.Times = max(0, s.Times-n)
				off = append(off, s)
			}
		}
		if left == len(file.Met) && len(off) == 0 {
			return 0, kiosk.ErrNotUndoable
		}
		if len(off) == 0 {
			return left, nil
		}
		none := kiosk.ID("")
		if _, _, err := x.counting(stocktake, &none); err != nil {
			return 0, err
		}
		return left, x.record(kiosk.EventStockCounted, kiosk.Records{Strays: off})
	})
	if err == nil && left > 0 {
		return &kiosk.PartlyUndoneError{Undone: len(file.Met) - left, Left: left}
	}
	return err
}

// knownOf is the code of a line that means something here, else its first.
func (x *intake) knownOf(fields []string, places []kiosk.Place) (code string, known bool, err error) {
	for _, f := range fields {
		if f == "" {
			continue
		}
		if code == "" {
			code = f
		}
		if _, is := placeByCode(places, f); is {
			return f, true, nil
		}
		if _, err := x.SetByBarcode(f); err == nil {
			return f, true, nil
		}
		_, err := x.scanned(f)
		if err == nil {
			return f, true, nil
		}
		if !errors.Is(err, kiosk.ErrNotFound) {
			return "", false, err
		}
	}
	return code, false, nil
}

func placeByCode(places []kiosk.Place, code string) (kiosk.Place, bool) {
	i := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.Barcode != "" && p.Barcode == code })
	if i < 0 {
		return kiosk.Place{}, false
	}
	return places[i], true
}

// counting is an open stocktake and the places, with the one that is being
// counted looked at, or named where there is only one.
func (x *intake) counting(id kiosk.ID, place *kiosk.ID) (kiosk.Stocktake, []kiosk.Place, error) {
	s, err := x.Stocktake(id)
	if err != nil {
		return s, nil, fmt.Errorf("stocktake: %w", err)
	}
	if !s.Open() {
		return s, nil, kiosk.ErrStockClosed
	}
	places, err := x.Places()
	if err != nil {
		return s, nil, fmt.Errorf("places: %w", err)
	}
	if *place == "" && len(s.Places) == 1 {
		*place = s.Places[0] // no other can be meant
	}
	if *place != "" && (!s.Holds(*place) || !slices.ContainsFunc(places, func(p kiosk.Place) bool { return p.ID == *place })) {
		return s, places, &kiosk.FieldError{Field: "place", Problem: kiosk.FieldUnknown}
	}
	return s, places, nil
}

// count is one scan; what it finds out it writes down.
func (x *intake) count(s kiosk.Stocktake, places []kiosk.Place, c kiosk.CountScan) (kiosk.Count, error) {
	said := kiosk.Count{Code: kiosk.Escaped(c.Code), Place: c.Place, PlaceName: nameOfPlace(places, c.Place)}
	code, err := kiosk.NormalizeCode(c.Code)
	if err != nil {
		return x.stray(s, said)
	}
	if p, is := placeByCode(places, code); is {
		if !s.Holds(p.ID) {
			return said, &kiosk.FieldError{Field: "place", Problem: kiosk.FieldUnknown}
		}
		said.Outcome, said.Place, said.PlaceName = kiosk.CountPlace, p.ID, p.Name
		return said, nil
	}
	item, err := x.scanned(code)
	if errors.Is(err, kiosk.ErrNotFound) {
		return x.noCopy(s, code, said)
	}
	if err != nil {
		return said, err
	}
	said.Copy, said.Accession, said.Title, said.Call = item.ID, item.Accession, item.Title.Name(), item.CallNumber()
	t, err := kiosk.TrolleyOf(x)
	if err != nil {
		return said, fmt.Errorf("trolley: %w", err)
	}
	line, err := x.StockLine(s.ID, item.ID)
	if errors.Is(err, kiosk.ErrNotFound) {
		line, err = kiosk.StockLine{Stocktake: s.ID, Copy: item.ID, Place: t.Home(item)}, nil
	}
	if err != nil {
		return said, fmt.Errorf("line: %w", err)
	}
	_, err = x.OpenLoan(item.ID)
	out := err == nil
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return said, fmt.Errorf("open loan: %w", err)
	}
	// On the trolley it is as good as on its shelf; met on its shelf, it has been
	// put there.
	if slices.Contains(t.Places(), line.Place) {
		line.Place = item.HomePlace
	}
	onTrolley := t.Has(item)
	if onTrolley && c.Place == item.State.Place {
		line.Place = c.Place
	}
	outside := line.Place != "" && !s.Holds(line.Place) // wherever it was met, it does not belong there
	away := outside || c.Place != "" && c.Place != line.Place
	met := !line.Seen.IsZero() && line.SeenAt == c.Place
	after, state := line, item.State
	if onTrolley && c.Place == item.HomePlace && c.Place != "" {
		state.Place = c.Place
	}
	after.Seen, after.SeenAt, after.Away, after.By = x.instant(), c.Place, outside, x.Staff
	if met {
		after.Seen, after.By = line.Seen, line.By
	}
	switch {
	case state.Status == kiosk.CopyWithdrawn:
		said.Outcome, after.Surplus = kiosk.CountWithdrawn, true
	case state.Status == kiosk.CopyInProcessing:
		said.Outcome, after.Surplus = kiosk.CountUnready, true
	case state.Status == kiosk.CopyLost:
		said.Outcome, after.Found, state.Status = kiosk.CountFound, true, kiosk.CopyAvailable
	case out:
		said.Outcome = kiosk.CountOnLoan
	case away:
		said.Outcome = kiosk.CountMisplaced
	case met:
		said.Outcome = kiosk.CountAgain
	default:
		said.Outcome = kiosk.CountSeen
	}
	if away {
		said.Belongs = nameOfPlace(places, line.Place)
	}
	if c.Condition != "" && !after.Surplus {
		var f form
		among(&f, "condition", c.Condition, kiosk.Conditions)
		if err := f.failed(); err != nil {
			return said, err
		}
		after.Condition, state.Condition = c.Condition, c.Condition
	}
	said.Condition = state.Condition
	if after == line && state == item.State {
		return said, nil
	}
	if line.Seen.IsZero() {
		x.met = append(x.met, item.ID)
	}
	what := kiosk.Payload{Records: &kiosk.Records{Lines: []kiosk.StockLine{after}}}
	if said.Reserved, err = x.queueFollows(item, state, &what); err != nil {
		return said, err
	}
	return said, x.tell(kiosk.EventStockCounted, what, &item.State, state)
}

// noCopy says what a code is that is no copy's. A reader's card is not kept.
func (x *intake) noCopy(s kiosk.Stocktake, code string, said kiosk.Count) (kiosk.Count, error) {
	if is, err := x.countSet(s, code, &said); is || err != nil {
		return said, err
	}
	_, err := x.MemberByCard(code, x.today)
	if err == nil {
		said.Outcome, said.Code = kiosk.CountCard, ""
		return said, nil
	}
	if !errors.Is(err, kiosk.ErrNotFound) {
		return said, fmt.Errorf("card: %w", err)
	}
	if _, is := kiosk.ISBNOf(code); is {
		said.Outcome = kiosk.CountTitle
		return said, nil
	}
	return x.stray(s, said)
}

// stray keeps a code that is nobody's, for the list of what is too many.
func (x *intake) stray(s kiosk.Stocktake, said kiosk.Count) (kiosk.Count, error) {
	said.Outcome = kiosk.CountUnknown
	if said.Code == "" {
		return said, nil
	}
	all, err := x.Strays(s.ID)
	if err != nil {
		return said, fmt.Errorf("stray codes: %w", err)
	}
	stray := kiosk.StockStray{Stocktake: s.ID, Code: said.Code}
	for _, o := range all {
		if o.Code == said.Code {
			stray = o
		}
	}
	stray.At, stray.SeenAt = x.instant(), said.Place
	stray.Times++
	return said, x.record(kiosk.EventStockCounted, kiosk.Records{Strays: []kiosk.StockStray{stray}})
}

func nameOfPlace(places []kiosk.Place, id kiosk.ID) string {
	for _, p := range places {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// Uncount takes one copy out of what was met, as when it was scanned by mistake.
// A copy that was thereby found is lost again. kiosk.ErrNotNow when it was not
// met.
func (d *Desk) Uncount(ctx context.Context, a kiosk.Attempt, stocktake, copy kiosk.ID) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		return struct{}{}, x.uncount(stocktake, copy)
	})
	return err
}

func (x *intake) uncount(stocktake, copy kiosk.ID) error {
	none := kiosk.ID("")
	if _, _, err := x.counting(stocktake, &none); err != nil {
		return err
	}
	line, err := x.StockLine(stocktake, copy)
	if err != nil {
		return fmt.Errorf("line: %w", err)
	}
	if line.Seen.IsZero() {
		return kiosk.ErrNotNow
	}
	item, err := x.Item(copy)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	state := item.State
	if line.Found && state.Status == kiosk.CopyAvailable {
		state.Status = kiosk.CopyLost
	}
	line.Seen, line.SeenAt, line.Away, line.By, line.Found, line.Surplus, line.Condition = time.Time{}, "", false, "", false, false, ""
	what := kiosk.Payload{Records: &kiosk.Records{Lines: []kiosk.StockLine{line}}}
	if _, err := x.queueFollows(item, state, &what); err != nil {
		return err
	}
	return x.tell(kiosk.EventStockCounted, what, &item.State, state)
}

// FindCopy is the one scan by which a copy that counted as lost is in stock
// again, and kept for the first who waits for its title. One that is not lost is
// kiosk.ErrNotNow, one that was withdrawn kiosk.ErrLeftStock.
func (d *Desk) FindCopy(ctx context.Context, a kiosk.Attempt, code string) (kiosk.Item, int64, error) {
	type answer struct {
		Item  kiosk.Item `json:"item"`
		Event int64      `json:"event"`
	}
	done, err := takeIn(ctx, d, a, func(x *intake) (answer, error) {
		item, err := x.scanned(code)
		if err != nil {
			return answer{}, err
		}
		if item.State.Status == kiosk.CopyWithdrawn {
			return answer{Item: item}, kiosk.ErrLeftStock
		}
		if item.State.Status != kiosk.CopyLost {
			return answer{Item: item}, kiosk.ErrNotNow
		}
		state := item.State
		state.Status = kiosk.CopyAvailable
		what := kiosk.Payload{Comment: x.comment("found_again")}
		if _, err := x.queueFollows(item, state, &what); err != nil {
			return answer{}, err
		}
		if err := x.tell(kiosk.EventCopyChanged, what, &item.State, state); err != nil {
			return answer{}, err
		}
		item.State = state
		return answer{item, x.events[len(x.events)-1].Seq}, nil
	})
	return done.Item, done.Event, err
}
