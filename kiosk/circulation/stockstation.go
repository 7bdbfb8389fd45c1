package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// StartCounting makes a station count the stock: its scans are sightings of an
// open stocktake until StopCounting, also after a restart. The other stations
// lend and take back meanwhile.
func (d *Desk) StartCounting(ctx context.Context, a kiosk.Attempt, station string, stocktake, place kiosk.ID) error {
	_, err := d.staffAct(ctx, a, func(x *deed) error {
		all, err := x.Stations()
		if err != nil {
			return fmt.Errorf("stations: %w", err)
		}
		if !slices.ContainsFunc(all, func(s kiosk.Station) bool { return s.Name == station }) {
			return &kiosk.FieldError{Field: "station", Problem: kiosk.FieldUnknown}
		}
		if _, _, err := (&intake{deed: x}).counting(stocktake, &place); err != nil {
			return err
		}
		x.countAt(kiosk.CountingStation{Station: station, Stocktake: stocktake, Place: place, By: a.Staff})
		return nil
	})
	return err
}

// countAt makes the act one of a station that counts, or no more.
func (x *deed) countAt(s kiosk.CountingStation) {
	s.Since = x.instant()
	x.event.Type = kiosk.EventStockStation
	x.event.Payload.Records = &kiosk.Records{Stations: []kiosk.CountingStation{s}}
	x.answer.Result.Outcome = kiosk.Shown
}

// StartCountingByCard is the same at the station itself, by somebody of the
// school's staff whose card opened the session, in the only stocktake that is
// open. It counts in the name of who opened the stocktake.
func (d *Desk) StartCountingByCard(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		m, err := x.MemberByRef(patron, x.today)
		if err != nil {
			return fmt.Errorf("patron: %w", err)
		}
		x.event.PatronRef = m.Ref
		if !slices.Contains([]kiosk.Category{kiosk.Teacher, kiosk.Staff, kiosk.Manager}, m.Category) {
			x.about(&m, nil)
			x.refuse(kiosk.Verdict{Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonStaffOnly}}})
			return nil
		}
		all, err := x.Stocktakes()
		if err != nil {
			return fmt.Errorf("stocktakes: %w", err)
		}
		all = slices.DeleteFunc(all, func(s kiosk.Stocktake) bool { return !s.Open() })
		if len(all) != 1 {
			x.about(&m, nil)
			x.refuse(kiosk.Verdict{Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonNoStocktake}}})
			return nil
		}
		x.countAt(kiosk.CountingStation{Station: a.Station, Stocktake: all[0].ID, By: all[0].OpenedBy})
		x.note(kiosk.NoteCounting, kiosk.Facts{"stocktake": all[0].Name})
		return nil
	})
}

// StopCounting makes a station lend and take back again. One that does not count
// is left as it is.
func (d *Desk) StopCounting(ctx context.Context, a kiosk.Attempt, station string) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		x.answer.Result.Outcome = kiosk.Shown
		x.note(kiosk.NoteCountingOver, nil)
		s, err := x.countingAt(station)
		if errors.Is(err, kiosk.ErrNotCounting) {
			return nil
		}
		if err != nil {
			return err
		}
		x.countAt(kiosk.CountingStation{Station: station, By: s.By})
		return nil
	})
}

func countingAt(v kiosk.CountingView, station string) (kiosk.CountingStation, error) {
	all, err := v.CountingStations()
	if err != nil {
		return kiosk.CountingStation{}, fmt.Errorf("counting stations: %w", err)
	}
	i := slices.IndexFunc(all, func(s kiosk.CountingStation) bool { return s.Station == station })
	if i < 0 {
		return kiosk.CountingStation{}, kiosk.ErrNotCounting
	}
	return all[i], nil
}

func (x *deed) countingAt(station string) (kiosk.CountingStation, error) {
	return countingAt(x, station)
}

// Counting is the stocktake that a station counts in; nil when it does not, or
// the stocktake has been closed.
func (d *Desk) Counting(ctx context.Context, station string) (*kiosk.CountingNow, error) {
	var now *kiosk.CountingNow
	err := d.Ledger.View(ctx, func(v kiosk.View) error {
		s, err := countingAt(v, station)
		if errors.Is(err, kiosk.ErrNotCounting) {
			return nil
		}
		if err != nil {
			return err
		}
		take, err := v.Stocktake(s.Stocktake)
		if err != nil || !take.Open() {
			return err
		}
		places, err := v.Places()
		if err != nil {
			return err
		}
		n := kiosk.CountingNow{Stocktake: take.ID, By: s.By, Name: take.Name, Place: nameOfPlace(places, s.Place)}
		if n.Seen, n.Expected, err = v.StockProgress(take.ID); err != nil {
			return err
		}
		now = &n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what %s counts: %w", station, err)
	}
	return now, nil
}

// CountHere is one scan at a station that counts: a.Code, in the name of a.Staff.
// A place's label moves the station to that place. kiosk.ErrNotCounting when it
// does not count any more, as after the stocktake was closed.
func (d *Desk) CountHere(ctx context.Context, a kiosk.Attempt) (kiosk.Result, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Result, error) {
		r := x.answer.Result
		s, err := x.countingAt(a.Station)
		if err != nil {
			return r, err
		}
		take, places, err := x.counting(s.Stocktake, &s.Place)
		if errors.Is(err, kiosk.ErrStockClosed) {
			return r, kiosk.ErrNotCounting
		}
		if err != nil {
			return r, err
		}
		said, err := x.count(take, places, kiosk.CountScan{Stocktake: take.ID, Code: a.Code, Place: s.Place})
		var other *kiosk.FieldError
		switch {
		case errors.As(err, &other) && other.Field == "place":
			said.Outcome = kiosk.CountOther
		case err != nil:
			return r, err
		case said.Outcome == kiosk.CountPlace && said.Place != s.Place:
			s.Place = said.Place
			s.Since = x.instant()
			if err := x.record(kiosk.EventStockStation, kiosk.Records{Stations: []kiosk.CountingStation{s}}); err != nil {
				return r, err
			}
		}
		if said.Seen, said.Expected, err = x.StockProgress(take.ID); err != nil {
			return r, err
		}
		r.Outcome, r.Kind, r.Count = kiosk.Shown, kindOfCount(said.Outcome), &said
		if said.Copy != "" {
			r.Copy = &kiosk.CopyView{Accession: said.Accession, Title: said.Title, CallNumber: said.Call, Place: said.Belongs}
		}
		if n := len(x.events); n > 0 {
			r.EventSeq = x.events[n-1].Seq
		}
		return r, nil
	})
}

func kindOfCount(o kiosk.CountOutcome) kiosk.CodeKind {
	switch o {
	case kiosk.CountCard:
		return kiosk.KindPatron
	case kiosk.CountPlace, kiosk.CountOther:
		return kiosk.KindPlace
	case kiosk.CountTitle:
		return kiosk.KindISBN
	case kiosk.CountUnknown:
		return kiosk.KindUnknown
	}
	return kiosk.KindCopy
}

// UncountHere takes the copy that a station counted last out of what was met.
func (d *Desk) UncountHere(ctx context.Context, a kiosk.Attempt, stocktake, copy kiosk.ID) (kiosk.Result, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Result, error) {
		r := x.answer.Result
		if err := x.uncount(stocktake, copy); err != nil {
			return r, err
		}
		item, err := x.Item(copy)
		if err != nil {
			return r, fmt.Errorf("copy: %w", err)
		}
		r.Outcome, r.Copy = kiosk.Undone, item.View()
		r.EventSeq = x.events[len(x.events)-1].Seq
		return r, nil
	})
}
