package kiosktest

import (
	"errors"
	"slices"
	"time"

	"muontra/kiosk"
)

func cardsOfPatron(t *try) {
	s := t.stocked(0)
	newer := kiosk.Card{PatronID: s.patron.ID, Barcode: "THE-2", Status: kiosk.CardLost, IssuedAt: Start.Add(time.Hour)}
	t.update(func(tx kiosk.Tx) error { newer.ID = tx.NewID(); return tx.PutCard(newer) })
	t.view(func(v kiosk.View) error {
		cs, err := v.CardsOf(s.patron.ID)
		equal(t, "cards", cs, []kiosk.Card{newer, s.card})
		c, err2 := v.Card(s.card.ID)
		equal(t, "card", c, s.card)
		_, err3 := v.Card("nope")
		t.notFound("card", err3)
		return errors.Join(err, err2)
	})
}

func enrolmentsWithdrawn(t *try) {
	s := t.stocked(0)
	var a, b kiosk.Class
	var in, moved kiosk.Enrolment
	t.update(func(tx kiosk.Tx) (err error) {
		a, err = class(tx, Today, "2A", 2)
		var err2 error
		b, err2 = class(tx, Today, "2B", 2)
		in = kiosk.Enrolment{ID: tx.NewID(), PatronID: s.patron.ID, ClassID: a.ID, YearID: a.YearID, Since: Today.Add(-10)}
		moved = kiosk.Enrolment{ID: tx.NewID(), PatronID: s.patron.ID, ClassID: b.ID, YearID: b.YearID, Since: Today}
		return errors.Join(err, err2, tx.PutEnrolment(in), tx.PutEnrolment(moved))
	})
	look := func(what, want string, list ...kiosk.Enrolment) {
		t.view(func(v kiosk.View) error {
			m, err := v.MemberByRef(s.patron.Ref, Today)
			equal(t, what, m.Class, want)
			in, err2 := v.EnrolmentsIn(a.YearID)
			equal(t, what+": of the year", in, list)
			has, err4 := v.HasEnrolments(a.YearID)
			none, err5 := v.HasEnrolments("nope")
			equal(t, what+": whether any", []bool{has, none}, []bool{len(list) > 0, false})
			of, err3 := v.EnrolmentsOf(s.patron.ID)
			equal(t, what+": of the patron", len(of), len(list))
			for i, p := range of {
				k, err := v.Class(p.ClassID)
				equal(t, what, p.Class, k)
				if i < len(list) {
					equal(t, what, p.Enrolment, list[i])
				}
				equal(t, what, p.Year.ID, a.YearID)
				if err != nil {
					return err
				}
			}
			return errors.Join(err, err2, err3, err4, err5)
		})
	}
	look("two", "2B", in, moved)
	moved.Withdrawn = true
	t.update(func(tx kiosk.Tx) error { return tx.PutEnrolment(moved) })
	look("one taken back", "2A", in)
	t.view(func(v kiosk.View) error {
		e, err := v.Enrolment(moved.ID)
		equal(t, "withdrawn", e, moved)
		_, err2 := v.Class("nope")
		t.notFound("class", err2)
		_, err2 = v.Enrolment("nope")
		t.notFound("enrolment", err2)
		return err
	})
}

func notesOfPatron(t *try) {
	s := t.stocked(0)
	one := kiosk.PatronNote{PatronID: s.patron.ID, Text: "Ghi chú mẫu", At: Start}
	two := kiosk.PatronNote{PatronID: s.patron.ID, Text: "Ghi chú mẫu thứ hai", At: Start.Add(time.Hour)}
	t.update(func(tx kiosk.Tx) error {
		one.ID, two.ID = tx.NewID(), tx.NewID()
		return errors.Join(tx.PutPatronNote(one), tx.PutPatronNote(two))
	})
	t.view(func(v kiosk.View) error {
		ns, err := v.NotesOf(s.patron.ID)
		equal(t, "notes", ns, []kiosk.PatronNote{two, one})
		return err
	})
	two.Removed = true
	t.update(func(tx kiosk.Tx) error { return tx.PutPatronNote(two) })
	t.view(func(v kiosk.View) error {
		ns, err := v.NotesOf(s.patron.ID)
		equal(t, "without the removed", ns, []kiosk.PatronNote{one})
		n, err2 := v.PatronNote(two.ID)
		equal(t, "removed", n, two)
		return errors.Join(err, err2)
	})
	t.fails("an empty note", nil, func(tx kiosk.Tx) error {
		return tx.PutPatronNote(kiosk.PatronNote{ID: tx.NewID(), PatronID: s.patron.ID, At: Start})
	})
	t.fails("a note of nobody", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutPatronNote(kiosk.PatronNote{ID: tx.NewID(), PatronID: "nope", Text: "x", At: Start})
	})
}

// changed appends an event about a patron.
func changed(tx kiosk.Tx, ref kiosk.ID, c kiosk.PatronChange) error {
	return tx.Append(&kiosk.Event{Type: kiosk.EventPatronChanged, PatronRef: ref, OccurredAt: Start, RecordedAt: Start, ClockOK: true, Payload: kiosk.Payload{Patron: c}})
}

// Loans of past years lose their name, one year after the other.
func refsRenewed(t *try) {
	s := t.stocked(2)
	next := Today.Add(200)
	var ref kiosk.ID
	var l kiosk.Loan
	t.update(func(tx kiosk.Tx) (err error) {
		if err := changed(tx, s.patron.Ref, kiosk.PatronEdited); err != nil {
			return err
		}
		l, err = lend(tx, s.copies[0], s.patron.Ref)
		return err
	})
	t.fails("a new reference with an open loan", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.RenewRef(s.patron.ID, tx.NewID(), next) })
	t.fails("to forget somebody with an open loan", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.ErasePatron(s.patron.ID) })
	t.fails("to cut the reference in use", kiosk.ErrNotFound, func(tx kiosk.Tx) error { return tx.CutRef(s.patron.Ref) })
	t.view(func(v kiosk.View) error {
		ns, err := v.NewestRefs()
		ns = slices.DeleteFunc(ns, func(n kiosk.NewestRef) bool { return n.PatronID != s.patron.ID })
		equal(t, "busy", ns, []kiosk.NewestRef{{Ref: s.patron.Ref, PatronID: s.patron.ID, Busy: true}})
		return err
	})
	var second kiosk.Loan
	t.update(func(tx kiosk.Tx) (err error) {
		ref = tx.NewID()
		err = errors.Join(tx.Append(loanEvent(kiosk.EventReturned, back(l))), tx.RenewRef(s.patron.ID, ref, next))
		if err != nil {
			return err
		}
		second, err = lend(tx, s.copies[1], ref)
		return err
	})
	t.fails("a reference twice", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.RenewRef(s.other.ID, ref, next) })
	t.view(func(v kiosk.View) error {
		for _, r := range []kiosk.ID{s.patron.Ref, ref} {
			m, err := v.MemberByRef(r, Today)
			if err != nil || m.ID != s.patron.ID || m.Ref != ref {
				t.tb.Errorf("by %s: %+v, %v", r, m, err)
			}
		}
		m, err := v.MemberByCard(s.card.Barcode, Today)
		equal(t, "by card", m.Ref, ref)
		n := 0
		err2 := v.EachMember(Today, func(m kiosk.Member) error {
			if m.ID == s.patron.ID {
				n++
				equal(t, "each", m.Ref, ref)
			}
			return nil
		})
		equal(t, "once", n, 1)
		ls, err3 := v.LoansOf(s.patron.ID, 10)
		var ids []kiosk.ID
		for _, x := range ls {
			ids = append(ids, x.ID)
		}
		equal(t, "loans", ids, []kiosk.ID{second.ID, l.ID})
		few, err4 := v.LoansOf(s.patron.ID, 1)
		equal(t, "at most", len(few), 1)
		es, err5 := v.ChangesOf(s.patron.ID, 5)
		equal(t, "changes", len(es), 1)
		old, err6 := v.OldRefs()
		equal(t, "old", old, []kiosk.OldRef{{Ref: s.patron.Ref, PatronID: s.patron.ID, Until: next}})
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
	t.update(func(tx kiosk.Tx) error { return tx.CutRef(s.patron.Ref) })
	t.view(func(v kiosk.View) error {
		_, err := v.MemberByRef(s.patron.Ref, Today)
		t.notFound("a reference that was cut", err)
		ls, err := v.LoansOf(s.patron.ID, 10)
		equal(t, "loans with a name", len(ls), 1)
		n := 0
		err2 := v.EachLoan(false, func(kiosk.Loan) error { n++; return nil })
		equal(t, "loans that are counted", n, 2)
		p, err3 := v.Patron(s.patron.ID)
		equal(t, "patron", p.Ref, ref)
		return errors.Join(err, err2, err3)
	})
}

func patronForgotten(t *try) {
	s := t.stocked(1)
	var a kiosk.Class
	t.update(func(tx kiosk.Tx) (err error) {
		if a, err = class(tx, Today, "2A", 2); err != nil {
			return err
		}
		l, err := lend(tx, s.copies[0], s.patron.Ref)
		return errors.Join(err, tx.Append(loanEvent(kiosk.EventReturned, back(l))), enrol(tx, s.patron, a, Today), enrol(tx, s.other, a, Today),
			tx.PutPatronNote(kiosk.PatronNote{ID: tx.NewID(), PatronID: s.patron.ID, Text: "x", At: Start}), changed(tx, s.patron.Ref, kiosk.PatronErased))
	})
	t.update(func(tx kiosk.Tx) error { return tx.ErasePatron(s.patron.ID) })
	t.view(func(v kiosk.View) error {
		_, err := v.Patron(s.patron.ID)
		t.notFound("patron", err)
		_, err = v.MemberByRef(s.patron.Ref, Today)
		t.notFound("reference", err)
		_, err = v.MemberByCard(s.card.Barcode, Today)
		t.notFound("card", err)
		ns, err := v.NotesOf(s.patron.ID)
		equal(t, "notes", len(ns), 0)
		es, err2 := v.EnrolmentsIn(a.YearID)
		equal(t, "others of the class", len(es), 1)
		n := 0
		err3 := v.EachLoan(false, func(kiosk.Loan) error { n++; return nil })
		equal(t, "loans that are counted", n, 1)
		return errors.Join(err, err2, err3)
	})
	t.fails("the code of a card whose holder was forgotten", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		return tx.PutCard(kiosk.Card{ID: tx.NewID(), PatronID: s.other.ID, Barcode: s.card.Barcode, Status: kiosk.CardActive, IssuedAt: Start})
	})
	t.fails("to forget twice", kiosk.ErrNotFound, func(tx kiosk.Tx) error { return tx.ErasePatron(s.patron.ID) })
}

func promotionsComeBack(t *try) {
	var p kiosk.Promotion
	t.update(func(tx kiosk.Tx) error {
		a, err := class(tx, Today, "2A", 2)
		if err != nil {
			return err
		}
		e := kiosk.Event{Type: kiosk.EventYearPromoted, OccurredAt: Start, RecordedAt: Start, ClockOK: true}
		if err := tx.Append(&e); err != nil {
			return err
		}
		p = kiosk.Promotion{ID: tx.NewID(), YearID: a.YearID, FromYear: "x", At: Start, By: "me", Seq: e.Seq,
			Record: kiosk.PromotionRecord{Enrolments: []kiosk.ID{"a"}, Left: []kiosk.StatusBefore{{Patron: "b", Status: kiosk.PatronBlocked, LeftOn: Today}}, Classes: []kiosk.ID{"c"}, Added: []kiosk.ID{"d"}}}
		return tx.PutPromotion(p)
	})
	again := p
	t.fails("a year twice", kiosk.ErrConflict, func(tx kiosk.Tx) error { q := p; q.ID = tx.NewID(); return tx.PutPromotion(q) })
	t.fails("into no year", kiosk.ErrNotFound, func(tx kiosk.Tx) error { q := p; q.ID, q.YearID = tx.NewID(), "nope"; return tx.PutPromotion(q) })
	p.Undone = Start.Add(time.Hour)
	t.update(func(tx kiosk.Tx) error {
		again.ID = tx.NewID()
		return errors.Join(tx.PutPromotion(p), tx.PutPromotion(again))
	})
	t.view(func(v kiosk.View) error {
		got, err := v.Promotion(p.ID)
		equal(t, "promotion", got, p)
		all, err2 := v.Promotions()
		equal(t, "all", len(all), 2)
		_, err3 := v.Promotion("nope")
		t.notFound("promotion", err3)
		return errors.Join(err, err2)
	})
}
