package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

// cornered is a stock with two corners and a box in the first, which holds the
// first copy.
type cornered struct {
	stock
	a, b    kiosk.Corner
	deposit kiosk.Deposit
	in      kiosk.DepositCopy
}

func cornerEvent(c kiosk.CornerChange) *kiosk.Event {
	return &kiosk.Event{Type: kiosk.EventCorner, OccurredAt: Start, RecordedAt: Start, ClockOK: true, Station: "desk", Payload: kiosk.Payload{Corner: &c}}
}

func (t *try) cornered(n int) (s cornered) {
	t.tb.Helper()
	s.stock = t.stocked(n)
	t.update(func(tx kiosk.Tx) error {
		r, err := tx.Rules(Today)
		if err != nil {
			return err
		}
		class := kiosk.Class{ID: tx.NewID(), YearID: r.Year.ID, Name: "2A", Grade: 2}
		p, q := kiosk.Place{ID: tx.NewID(), Code: "G2A", Name: "Góc 2A", Kind: kiosk.ClassCorner}, kiosk.Place{ID: tx.NewID(), Code: "G1B", Name: "Hành lang mẫu", Kind: kiosk.Hallway}
		if err := errors.Join(tx.PutClass(class), tx.PutPlace(p), tx.PutPlace(q)); err != nil {
			return err
		}
		s.a = kiosk.Corner{Place: p.ID, Class: class.ID, Keeper: s.other.Ref, Monitors: []kiosk.ID{s.patron.Ref}}
		s.b = kiosk.Corner{Place: q.ID, Days: []time.Weekday{time.Tuesday}, From: Today, Until: Today.Add(9), Honesty: true}
		s.deposit = kiosk.Deposit{ID: tx.NewID(), Place: p.ID, Box: "G2A", Until: Today.Add(30), Begun: Start, BegunBy: "x"}
		s.in = kiosk.DepositCopy{ID: tx.NewID(), Deposit: s.deposit.ID, Place: p.ID, Copy: s.copies[0].ID, Condition: kiosk.ConditionGood, Since: Start}
		state := s.copies[0].State
		state.Place = p.ID
		e := cornerEvent(kiosk.CornerChange{Place: p.ID, Corners: []kiosk.Corner{s.a, s.b}, Deposits: []kiosk.Deposit{s.deposit}, Copies: []kiosk.DepositCopy{s.in}})
		e.Payload.Changes.Copies = []kiosk.CopyState{state}
		s.copies[0].State = state
		return tx.Append(e)
	})
	return s
}

func cornersComeBack(t *try) {
	s := t.cornered(2)
	later := s.deposit
	own := kiosk.OwnBooks{Place: s.a.Place, Text: "Truyện tranh mẫu", Quantity: 12, Since: Today, At: Start}
	day := kiosk.Reading{Place: s.a.Place, Class: s.a.Class, Day: Today, Count: 20, Readers: 18, Source: kiosk.FromSheet}
	book := kiosk.Reading{Place: s.b.Place, Day: Today.Add(-3), Count: 1, Copy: s.copies[1].ID, Source: kiosk.FromPhone}
	gone := day
	rotation := kiosk.Rotation{Name: "Tháng 11", Day: Today, Until: Today.Add(30), At: Start, Moves: []kiosk.Move{{From: s.a.Place, To: s.b.Place, Deposits: []kiosk.ID{s.deposit.ID}, Copies: 1}}}
	find := kiosk.Find{Deposit: s.deposit.ID, Place: s.a.Place, Kind: kiosk.FindPrivate, Code: "LA", At: Start}
	settled := kiosk.Find{Deposit: s.deposit.ID, Place: s.a.Place, Kind: kiosk.FindShelf, Copy: s.copies[1].ID, At: Start, Settled: kiosk.FindTaken, DoneAt: Start}
	act := kiosk.CornerAct{Command: "11111111-0000-4000-8000-000000000001", Body: "b", At: Start, Done: kiosk.CornerDone{Outcome: kiosk.CheckedOut, At: Start, Notes: []kiosk.Note{{Code: kiosk.NoteFound}}}}
	moved, again := s.in, s.in
	t.update(func(tx kiosk.Tx) error {
		later.ID, later.Begun, later.Place = tx.NewID(), Start.Add(time.Hour), s.b.Place
		own.ID, day.ID, book.ID, rotation.ID, find.ID, settled.ID, again.ID = tx.NewID(), tx.NewID(), tx.NewID(), tx.NewID(), tx.NewID(), tx.NewID(), tx.NewID()
		gone.ID, gone.Removed = tx.NewID(), true
		moved.End, moved.EndedAt, moved.Back = kiosk.BoxMoved, Start.Add(time.Hour), kiosk.ConditionWorn
		again.Deposit, again.Place = later.ID, s.b.Place
		// The beginning stands before the end: the order in the event must not matter.
		return tx.Append(cornerEvent(kiosk.CornerChange{Place: s.b.Place, Deposits: []kiosk.Deposit{later}, Copies: []kiosk.DepositCopy{again, moved}, Own: []kiosk.OwnBooks{own},
			Readings: []kiosk.Reading{day, book, gone}, Rotations: []kiosk.Rotation{rotation}, Finds: []kiosk.Find{find, settled}, Act: &act}))
	})
	t.view(func(v kiosk.View) error {
		all, err := v.Corners()
		equal(t, "corners by code", all, []kiosk.Corner{s.b, s.a})
		one, err2 := v.Corner(s.a.Place)
		equal(t, "corner", one, s.a)
		ds, err3 := v.Deposits("")
		equal(t, "deposits, newest first", ds, []kiosk.Deposit{later, s.deposit})
		of, err4 := v.Deposits(s.a.Place)
		equal(t, "deposits of one", of, []kiosk.Deposit{s.deposit})
		d, err5 := v.Deposit(later.ID)
		equal(t, "deposit", d, later)
		in, err6 := v.BoxOf(s.copies[0].ID)
		equal(t, "the box of a copy", in, again)
		ever, err7 := v.DepositsOfCopy(s.copies[0].ID)
		equal(t, "its boxes", ever, []kiosk.DepositCopy{moved, again})
		held, err8 := v.DepositCopies(s.deposit.ID)
		equal(t, "copies of a box", held, []kiosk.DepositCopy{moved})
		here, err9 := v.ItemsAt(s.a.Place)
		if len(here) != 1 || here[0].ID != s.copies[0].ID || here[0].PlaceName != "Góc 2A" {
			t.tb.Errorf("copies in the corner: %+v", here)
		}
		return errors.Join(err, err2, err3, err4, err5, err6, err7, err8, err9)
	})
	t.view(func(v kiosk.View) error {
		os, err := v.OwnBooks("")
		equal(t, "own books", os, []kiosk.OwnBooks{own})
		none, err2 := v.OwnBooks(s.b.Place)
		equal(t, "own books of another", len(none), 0)
		rs, err3 := v.Readings("", Today.Add(-5), Today)
		equal(t, "readings", rs, []kiosk.Reading{book, day})
		of, err4 := v.Readings(s.a.Place, Today, Today)
		equal(t, "readings of one", of, []kiosk.Reading{day})
		r, err5 := v.Reading(gone.ID)
		equal(t, "one taken back", r, gone)
		ro, err6 := v.Rotation(rotation.ID)
		equal(t, "rotation", ro, rotation)
		ros, err7 := v.Rotations()
		equal(t, "rotations", ros, []kiosk.Rotation{rotation})
		fs, err8 := v.Finds(s.deposit.ID)
		equal(t, "finds", fs, []kiosk.Find{find, settled})
		open, err9 := v.OpenFinds()
		equal(t, "open finds", open, []kiosk.Find{find})
		f, err10 := v.Find(settled.ID)
		equal(t, "find", f, settled)
		a, err11 := v.CornerAct(act.Command)
		since, errSince := v.CornerActs(Start)
		equal(t, "acts since then", since, []kiosk.CornerAct{act})
		later, errLater := v.CornerActs(Start.Add(time.Second))
		equal(t, "acts since later", len(later), 0)
		if err := errors.Join(errSince, errLater); err != nil {
			return err
		}
		equal(t, "act", a, act)
		es, err12 := v.EventsOfCorner(s.b.Place, 9)
		if len(es) != 1 || es[0].Seq != 4 {
			t.tb.Errorf("events of the corner: %+v", es)
		}
		err11 = errors.Join(err11, err12)
		for _, look := range []func() error{
			func() error { _, err := v.Corner("nope"); return err }, func() error { _, err := v.Deposit("nope"); return err },
			func() error { _, err := v.BoxOf(s.copies[1].ID); return err }, func() error { _, err := v.Rotation("nope"); return err },
			func() error { _, err := v.CornerAct("nope"); return err }, func() error { _, err := v.Reading("nope"); return err }, func() error { _, err := v.Find("nope"); return err },
		} {
			t.notFound("of corners", look())
		}
		return errors.Join(err, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11)
	})
	t.fails("an act done twice", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.Append(cornerEvent(kiosk.CornerChange{Act: &act})) })
}

func cornersChecked(t *try) {
	s := t.cornered(2)
	put := func(c kiosk.CornerChange) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error { return tx.Append(cornerEvent(c)) }
	}
	other := s.in
	other.ID = "other"
	t.fails("one copy in two boxes", kiosk.ErrConflict, put(kiosk.CornerChange{Copies: []kiosk.DepositCopy{other}}))
	other.Copy = "nope"
	t.fails("a box with no copy", kiosk.ErrNotFound, put(kiosk.CornerChange{Copies: []kiosk.DepositCopy{other}}))
	other.Copy, other.End = s.copies[1].ID, "eaten"
	t.fails("a copy that left by no way", nil, put(kiosk.CornerChange{Copies: []kiosk.DepositCopy{other}}))
	t.fails("a corner at no place", kiosk.ErrNotFound, put(kiosk.CornerChange{Corners: []kiosk.Corner{{Place: "nope"}}}))
	t.fails("a corner of no class", kiosk.ErrNotFound, put(kiosk.CornerChange{Corners: []kiosk.Corner{{Place: s.b.Place, Class: "nope"}}}))
	t.fails("a box in no corner", kiosk.ErrNotFound, put(kiosk.CornerChange{Deposits: []kiosk.Deposit{{ID: "d", Place: s.place.ID, Begun: Start}}}))
	t.fails("no readings", nil, put(kiosk.CornerChange{Readings: []kiosk.Reading{{ID: "r", Place: s.a.Place, Day: Today, Source: kiosk.FromDesk}}}))
	t.fails("readings of no corner", kiosk.ErrNotFound, put(kiosk.CornerChange{Readings: []kiosk.Reading{{ID: "r", Place: "nope", Day: Today, Count: 1, Source: kiosk.FromDesk}}}))
	t.fails("own books of no corner", kiosk.ErrNotFound, put(kiosk.CornerChange{Own: []kiosk.OwnBooks{{ID: "o", Place: "nope", Text: "x", Quantity: 1, Since: Today}}}))
	t.fails("no own books", nil, put(kiosk.CornerChange{Own: []kiosk.OwnBooks{{ID: "o", Place: s.a.Place, Text: "x", Since: Today}}}))
	t.fails("a find in no box", kiosk.ErrNotFound, put(kiosk.CornerChange{Finds: []kiosk.Find{{ID: "f", Deposit: "nope", Kind: kiosk.FindShelf}}}))
	t.fails("a find of no kind", nil, put(kiosk.CornerChange{Finds: []kiosk.Find{{ID: "f", Deposit: s.deposit.ID, Kind: "odd"}}}))
	t.fails("a rotation of no name", nil, put(kiosk.CornerChange{Rotations: []kiosk.Rotation{{ID: "r"}}}))
	t.view(func(v kiosk.View) error {
		in, err := v.BoxOf(s.copies[0].ID)
		equal(t, "the box", in, s.in)
		n, err2 := v.LastSeq()
		equal(t, "events", n, 3)
		return errors.Join(err, err2)
	})
}

func cornerLoans(t *try) {
	s := t.cornered(3)
	lent := func(tx kiosk.Tx, c kiosk.Copy, corner kiosk.ID, at time.Time, end kiosk.LoanEnd) (kiosk.Loan, error) {
		l := kiosk.Loan{ID: tx.NewID(), CopyID: c.ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: at, DueOn: Today, Station: "desk", Corner: corner, End: end}
		if end != kiosk.LoanOpen {
			l.ReturnedAt = at.Add(time.Minute)
		}
		return l, tx.Append(loanEvent(kiosk.EventCheckedOut, l))
	}
	var open, over kiosk.Loan
	t.update(func(tx kiosk.Tx) error {
		var err, err2, err3, err4 error
		over, err = lent(tx, s.copies[0], s.a.Place, Start.Add(-time.Hour), kiosk.LoanReturned)
		open, err2 = lent(tx, s.copies[0], s.a.Place, Start, kiosk.LoanOpen)
		_, err3 = lent(tx, s.copies[1], "", Start, kiosk.LoanOpen)
		_, err4 = lent(tx, s.copies[2], s.a.Place, Start, kiosk.LoanUndone)
		return errors.Join(err, err2, err3, err4)
	})
	ids := func(ls []kiosk.LoanItem) (all []kiosk.Loan) {
		for _, l := range ls {
			all = append(all, l.Loan)
		}
		return all
	}
	t.view(func(v kiosk.View) error {
		all, err := v.CornerLoans("", time.Time{})
		equal(t, "loans of corners", ids(all), []kiosk.Loan{over, open})
		late, err2 := v.CornerLoans(s.a.Place, Start)
		equal(t, "since", ids(late), []kiosk.Loan{open})
		now, err3 := v.OpenCornerLoans(s.a.Place)
		equal(t, "open", ids(now), []kiosk.Loan{open})
		if len(now) == 1 && now[0].Item.ID != s.copies[0].ID {
			t.tb.Errorf("of copy %+v", now[0].Item)
		}
		none, err4 := v.OpenCornerLoans(s.b.Place)
		equal(t, "open of another", len(none), 0)
		l, err5 := v.OpenLoan(s.copies[0].ID)
		equal(t, "corner of the loan", l.Corner, s.a.Place)
		return errors.Join(err, err2, err3, err4, err5)
	})
}
