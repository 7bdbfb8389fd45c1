package kiosktest

import (
	"encoding/json"
	"time"

	"muontra/kiosk"
)

// loansOfATime begin with the first instant and end before the last; one that was undone is
// there, marked so, and is no return.
func loansOfATime(t *try) {
	s := t.stocked(4)
	var want []kiosk.LoanItem
	var back kiosk.Loan
	t.update(func(tx kiosk.Tx) error {
		for i, c := range s.copies {
			at := Start.Add(time.Duration(i) * time.Hour)
			l := kiosk.Loan{ID: tx.NewID(), CopyID: c.ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: at, DueOn: Today.Add(7), Station: kiosk.DefaultStation}
			switch i {
			case 1:
				l.ReturnedAt, l.End = at.Add(30*time.Minute), kiosk.LoanReturned
				back = l
			case 2:
				l.ReturnedAt, l.End = at.Add(time.Minute), kiosk.LoanUndone
			}
			if err := tx.Append(loanEvent(kiosk.EventLoanAdded, l)); err != nil {
				return err
			}
			item, err := tx.Item(c.ID)
			if err != nil {
				return err
			}
			if i == 1 || i == 2 {
				want = append(want, kiosk.LoanItem{Loan: l, Item: item})
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		var got []kiosk.LoanItem
		if err := v.LoansIn(Start.Add(time.Hour), Start.Add(3*time.Hour), func(l kiosk.LoanItem) error { got = append(got, l); return nil }); err != nil {
			return err
		}
		equal(t, "loans", got, want)
		var ends []kiosk.Loan
		err := v.ReturnsIn(Start, Start.Add(24*time.Hour), func(l kiosk.Loan, k kiosk.Kind) error {
			equal(t, "the kind", k, kiosk.Children)
			ends = append(ends, l)
			return nil
		})
		equal(t, "returns", ends, []kiosk.Loan{back})
		made, ended, err3 := v.LoanCounts(Start.Add(time.Hour), Start.Add(3*time.Hour))
		equal(t, "counts", []any{made, ended, err3}, []any{1, 1, nil})
		tallies, err4 := v.Tallies(Start, Start.Add(24*time.Hour))
		equal(t, "tallies", []any{tallies, err4}, []any{[]kiosk.Tally{{TitleID: s.copies[0].TitleID, Kind: kiosk.Children, Loans: 3}}, nil})
		// The third was undone and the first lies before; the return counts in its own span.
		came, err5 := v.Comers([]time.Time{Start.Add(time.Minute), Start.Add(80 * time.Minute), Start.Add(2 * time.Hour), Start.Add(3 * time.Hour), Start.Add(4 * time.Hour)})
		equal(t, "who came", []any{came, err5}, []any{[]map[kiosk.ID]kiosk.Came{{s.patron.Ref: {Loans: 1}}, {s.patron.Ref: {}}, {}, {s.patron.Ref: {Loans: 1}}}, nil})
		firsts, err6 := v.FirstLoans(Start.Add(time.Minute), Start.Add(24*time.Hour))
		for i := range firsts {
			firsts[i].At = firsts[i].At.UTC()
		}
		equal(t, "first loans", []any{firsts, err6}, []any{[]kiosk.FirstLoan{{PatronRef: s.patron.Ref, Kind: kiosk.Children, At: Start.Add(time.Hour).UTC()}}, nil})
		refs, err2 := v.Refs()
		equal(t, "references", refs, map[kiosk.ID]kiosk.ID{s.patron.Ref: s.patron.ID, s.other.Ref: s.other.ID})
		if err == nil {
			err = err2
		}
		return err
	})
}

// visitsOfATime are sessions and books read here, but for those taken back.
func visitsOfATime(t *try) {
	s := t.stocked(1)
	var seq int64
	t.update(func(tx kiosk.Tx) error {
		for i, typ := range []kiosk.EventType{kiosk.EventVisit, kiosk.EventUsedOnSite, kiosk.EventUsedOnSite, kiosk.EventRefused, kiosk.EventVisit} {
			at := Start.Add(time.Duration(i) * time.Hour)
			e := &kiosk.Event{Type: typ, PatronRef: s.patron.Ref, OccurredAt: at, RecordedAt: at, Station: "desk"}
			if typ != kiosk.EventVisit {
				e.CopyID = s.copies[0].ID
			}
			if err := tx.Append(e); err != nil {
				return err
			}
			if i == 0 {
				seq = e.Seq
			}
			if i == 2 {
				if err := tx.Append(&kiosk.Event{Type: kiosk.EventUndone, CopyID: e.CopyID, PatronRef: s.patron.Ref, OccurredAt: at, RecordedAt: at, Payload: kiosk.Payload{Reverses: e.Seq}}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		var got []kiosk.Visit
		err := v.VisitsIn(Start, Start.Add(4*time.Hour), func(x kiosk.Visit) error { x.At = x.At.UTC(); got = append(got, x); return nil })
		equal(t, "visits", got, []kiosk.Visit{
			{Seq: seq, Type: kiosk.EventVisit, At: Start.UTC(), PatronRef: s.patron.Ref, Station: "desk"},
			{Seq: seq + 1, Type: kiosk.EventUsedOnSite, At: Start.Add(time.Hour).UTC(), PatronRef: s.patron.Ref, CopyID: s.copies[0].ID, Kind: kiosk.Children, Station: "desk"},
		})
		came, err2 := v.Comers([]time.Time{Start, Start.Add(time.Hour), Start.Add(2 * time.Hour), Start.Add(4 * time.Hour)})
		equal(t, "who came", []any{came, err2}, []any{[]map[kiosk.ID]kiosk.Came{{s.patron.Ref: {}}, {s.patron.Ref: {OnSite: 1}}, {}}, nil})
		return err
	})
}

// stockMoves tell how copies came and went, and nothing of loans
// and shelving.
func stockMoves(t *try) {
	s := t.stocked(2)
	t.update(func(tx kiosk.Tx) error {
		if _, err := lend(tx, s.copies[0], s.patron.Ref); err != nil {
			return err
		}
		lying := s.copies[0].State
		if err := tx.Append(&kiosk.Event{Type: kiosk.EventShelved, CopyID: lying.CopyID, OccurredAt: Start, RecordedAt: Start, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{lying}}}}); err != nil {
			return err
		}
		st := s.copies[1].State
		st.Status = kiosk.CopyWithdrawn
		return tx.Append(&kiosk.Event{Type: kiosk.EventCopyChanged, CopyID: st.CopyID, OccurredAt: Start.Add(time.Hour), RecordedAt: Start.Add(time.Hour), Payload: kiosk.Payload{Comment: "rách", Changes: kiosk.Changes{Copies: []kiosk.CopyState{st}}}})
	})
	t.view(func(v kiosk.View) error {
		var got []kiosk.StockMove
		err := v.StockMoves(func(m kiosk.StockMove) error {
			m.Seq, m.At = 0, m.At.UTC()
			got = append(got, m)
			return nil
		})
		equal(t, "moves", got, []kiosk.StockMove{
			{At: Start.UTC(), Type: kiosk.EventCopyAdded, CopyID: s.copies[0].ID, Status: kiosk.CopyAvailable},
			{At: Start.UTC(), Type: kiosk.EventCopyAdded, CopyID: s.copies[1].ID, Status: kiosk.CopyAvailable},
			{At: Start.Add(time.Hour).UTC(), Type: kiosk.EventCopyChanged, CopyID: s.copies[1].ID, Status: kiosk.CopyWithdrawn, Comment: "rách"},
		})
		all, err2 := v.Arrivals()
		equal(t, "arrivals", len(all), 0)
		if err == nil {
			err = err2
		}
		return err
	})
}

// closingsComeBack are those of one register, in their order, as they were.
func closingsComeBack(t *try) {
	want := []kiosk.RegisterClosing{
		{Register: "a", Part: "in", Day: Today, Lines: []kiosk.ClosedLine{{Key: "1", Cells: json.RawMessage(`["x",5]`)}, {Key: "2", Cells: json.RawMessage(`[]`), Head: json.RawMessage(`"Đầu"`), Mark: "back", Fixes: 1}}},
		{Register: "a", Part: "in", Before: 2, Day: Today, Lines: []kiosk.ClosedLine{{Key: "3", Cells: json.RawMessage(`[null]`)}}},
	}
	t.update(func(tx kiosk.Tx) error {
		for _, c := range []kiosk.RegisterClosing{want[0], {Register: "b", Lines: []kiosk.ClosedLine{{Key: "9", Cells: json.RawMessage(`[]`)}}}, want[1]} {
			if err := tx.Append(&kiosk.Event{Type: kiosk.EventRegisterClosed, OccurredAt: Start, RecordedAt: Start, Payload: kiosk.Payload{Closing: &c}}); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		got, err := v.Closings("a")
		equal(t, "closings", got, want)
		return err
	})
}

// paperEvents are those that left something in a part of the paperwork, each part
// for itself; a reading of a named book is one of the corners', a loan there is not.
func paperEvents(t *try) {
	s := t.stocked(1)
	act := kiosk.Activity{ID: "a", Kind: kiosk.Meeting, Day: Today, Status: kiosk.ActivityDone, Text: "Họp mẫu", By: "x"}
	var seqs []int64
	t.update(func(tx kiosk.Tx) error {
		place := kiosk.Place{ID: tx.NewID(), Kind: kiosk.ClassCorner, Code: "GL-1", Name: "Góc lớp mẫu"}
		if err := tx.PutPlace(place); err != nil {
			return err
		}
		reading := func(n int) *kiosk.CornerChange {
			return &kiosk.CornerChange{Place: place.ID, Readings: []kiosk.Reading{{ID: tx.NewID(), Place: place.ID, Day: Today, Count: n, Source: kiosk.FromDesk}}}
		}
		for _, e := range []*kiosk.Event{
			{Type: kiosk.EventCorner, Payload: kiosk.Payload{Corner: &kiosk.CornerChange{Place: place.ID, Corners: []kiosk.Corner{{Place: place.ID}}}}},
			{Type: kiosk.EventRead, Payload: kiosk.Payload{Corner: reading(9)}},
			{Type: kiosk.EventUsedOnSite, CopyID: s.copies[0].ID, Payload: kiosk.Payload{Corner: reading(1)}},
			{Type: kiosk.EventUsedOnSite, CopyID: s.copies[0].ID},
			{Type: kiosk.EventActivity, Payload: kiosk.Payload{Records: &kiosk.Records{Activities: []kiosk.Activity{act}}}},
			{Type: kiosk.EventRegisterClosed, Payload: kiosk.Payload{Closing: &kiosk.RegisterClosing{Register: "a"}}},
		} {
			e.OccurredAt, e.RecordedAt, e.Station = Start, Start, "desk"
			if err := tx.Append(e); err != nil {
				return err
			}
			seqs = append(seqs, e.Seq)
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		for part, want := range map[kiosk.PaperPart][]int64{
			kiosk.PaperCorner: {seqs[2], seqs[0], seqs[1]}, kiosk.PaperRecords: {seqs[4]}, kiosk.PaperStock: nil,
		} {
			var got []int64
			read := 0
			if err := v.PaperEvents(part, func(e kiosk.Event) error {
				got = append(got, e.Seq)
				if e.Payload.Corner != nil {
					for _, r := range e.Payload.Corner.Readings {
						read += r.Count
					}
				}
				return nil
			}); err != nil {
				return err
			}
			equal(t, "events of "+string(part), got, want)
			if part == kiosk.PaperCorner {
				equal(t, "readings", read, 10)
			}
		}
		return nil
	})
}
