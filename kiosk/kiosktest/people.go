package kiosktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// refSpan is from when to when a reference is in use.
type refSpan struct{ since, until kiosk.Day }

func (v *view) Class(id kiosk.ID) (kiosk.Class, error) { return v.d.classes.get("class", id) }

func (v *view) Card(id kiosk.ID) (kiosk.Card, error) { return v.d.cards.get("card", id) }

func (v *view) CardsOf(patron kiosk.ID) ([]kiosk.Card, error) {
	cs := slices.DeleteFunc(v.d.cards.all(), func(c kiosk.Card) bool { return c.PatronID != patron })
	slices.SortFunc(cs, func(a, b kiosk.Card) int {
		return -cmp.Or(a.IssuedAt.Compare(b.IssuedAt), cmp.Compare(a.ID, b.ID))
	})
	return cs, nil
}

func (v *view) Enrolment(id kiosk.ID) (kiosk.Enrolment, error) {
	return v.d.enrolments.get("enrolment", id)
}

// enrolments are those that count and fit, by their first day.
func (v *view) enrolments(fits func(kiosk.Enrolment) bool) []kiosk.Enrolment {
	es := slices.DeleteFunc(v.d.enrolments.all(), func(e kiosk.Enrolment) bool { return e.Withdrawn || e.PatronID == "" || !fits(e) })
	slices.SortFunc(es, func(a, b kiosk.Enrolment) int {
		return cmp.Or(cmp.Compare(a.Since.String(), b.Since.String()), cmp.Compare(a.ID, b.ID))
	})
	return es
}

func (v *view) EnrolmentsOf(patron kiosk.ID) ([]kiosk.Placed, error) {
	var all []kiosk.Placed
	for _, e := range v.enrolments(func(e kiosk.Enrolment) bool { return e.PatronID == patron }) {
		all = append(all, kiosk.Placed{Enrolment: e, Class: v.d.classes.rows[e.ClassID], Year: v.d.years.rows[e.YearID]})
	}
	slices.SortStableFunc(all, func(a, b kiosk.Placed) int { return cmp.Compare(a.Year.Start.String(), b.Year.Start.String()) })
	return all, nil
}

func (v *view) HasEnrolments(year kiosk.ID) (bool, error) {
	es, err := v.EnrolmentsIn(year)
	return len(es) > 0, err
}

func (v *view) EnrolmentsIn(year kiosk.ID) ([]kiosk.Enrolment, error) {
	return v.enrolments(func(e kiosk.Enrolment) bool { return e.YearID == year }), nil
}

func (v *view) NotesOf(patron kiosk.ID) ([]kiosk.PatronNote, error) {
	ns := slices.DeleteFunc(v.d.notes.all(), func(n kiosk.PatronNote) bool { return n.Removed || n.PatronID != patron })
	slices.SortFunc(ns, func(a, b kiosk.PatronNote) int { return -cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return ns, nil
}

func (v *view) PatronNote(id kiosk.ID) (kiosk.PatronNote, error) { return v.d.notes.get("note", id) }

func (v *view) LoansOf(patron kiosk.ID, most int) ([]kiosk.LoanItem, error) {
	var all []kiosk.LoanItem
	for _, l := range v.loans(func(l kiosk.Loan) bool { return v.d.refs[l.PatronRef] == patron && l.End != kiosk.LoanUndone }) {
		all = append(all, kiosk.LoanItem{Loan: l, Item: v.item(v.d.copies.rows[l.CopyID])})
	}
	slices.Reverse(all)
	return all[:min(most, len(all))], nil
}

func (v *view) ChangesOf(patron kiosk.ID, most int) ([]kiosk.Event, error) {
	all, err := v.Events(0, len(v.d.events))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e kiosk.Event) bool {
		return e.Type != kiosk.EventPatronChanged || e.PatronRef == "" || v.d.refs[e.PatronRef] != patron
	})
	slices.Reverse(all)
	return all[:min(most, len(all))], nil
}

func (v *view) busy(ref kiosk.ID) bool {
	for _, l := range v.d.loans.rows {
		if l.PatronRef == ref && l.Open() {
			return true
		}
	}
	for _, h := range v.d.holds.rows {
		if h.PatronRef == ref && (h.Status == kiosk.HoldWaiting || h.Status == kiosk.HoldReady) {
			return true
		}
	}
	for _, h := range v.d.handouts.rows {
		if h.PatronRef == ref && h.Out() > 0 {
			return true
		}
	}
	return false
}

func (v *view) OldRefs() ([]kiosk.OldRef, error) {
	var all []kiosk.OldRef
	for ref, p := range v.d.refs {
		if u := v.d.spans[ref].until; p != "" && !u.IsZero() {
			all = append(all, kiosk.OldRef{Ref: ref, PatronID: p, Until: u})
		}
	}
	return sorted(all, func(o kiosk.OldRef) string { return o.Until.String() + string(o.Ref) }), nil
}

func (v *view) NewestRefs() ([]kiosk.NewestRef, error) {
	var all []kiosk.NewestRef
	for _, p := range v.d.patrons.rows {
		all = append(all, kiosk.NewestRef{Ref: p.Ref, PatronID: p.ID, Since: v.d.spans[p.Ref].since, Busy: v.busy(p.Ref)})
	}
	return sorted(all, func(n kiosk.NewestRef) string { return string(n.Ref) }), nil
}

func (v *view) Promotion(id kiosk.ID) (kiosk.Promotion, error) {
	return v.d.promotions.get("promotion", id)
}

func (v *view) Promotions() ([]kiosk.Promotion, error) {
	all := v.d.promotions.all()
	slices.SortFunc(all, func(a, b kiosk.Promotion) int { return -cmp.Compare(a.Seq, b.Seq) })
	return all, nil
}

func (t *tx) PutPatronNote(n kiosk.PatronNote) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.patrons.get("patron", n.PatronID); err != nil {
		return err
	}
	if err := t.d.accounts.need("account", n.By); err != nil {
		return err
	}
	if n.At.IsZero() {
		return errors.New("note without a time")
	}
	n.At = ms(n.At)
	t.d.notes.put(t, n.ID, n)
	return given("note's id or text", string(n.ID), n.Text)
}

func (t *tx) RenewRef(patron, ref kiosk.ID, on kiosk.Day) (err error) {
	defer t.whole(&err)()
	p, err := t.d.patrons.get("patron", patron)
	if err != nil {
		return err
	}
	if _, used := t.d.refs[ref]; used || t.busyPatron(patron) {
		return conflict("reference of patron %s", patron)
	}
	old := t.d.spans[p.Ref]
	setKey(t, t.d.spans, p.Ref, refSpan{old.since, on})
	setKey(t, t.d.spans, ref, refSpan{since: on})
	setKey(t, t.d.refs, ref, patron)
	p.Ref = ref
	t.d.patrons.put(t, p.ID, p)
	return given("reference", string(ref))
}

func (t *tx) busyPatron(patron kiosk.ID) bool {
	for ref, p := range t.d.refs {
		if p == patron && t.busy(ref) {
			return true
		}
	}
	return false
}

func (t *tx) CutRef(ref kiosk.ID) (err error) {
	defer t.whole(&err)()
	if t.d.spans[ref].until.IsZero() {
		return missing("old reference", ref)
	}
	setKey(t, t.d.refs, ref, "")
	return nil
}

func (t *tx) ErasePatron(id kiosk.ID) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.patrons.get("patron", id); err != nil {
		return err
	}
	if t.busyPatron(id) {
		return conflict("patron %s has something open", id)
	}
	for ref, p := range t.d.refs {
		if p == id {
			setKey(t, t.d.refs, ref, "")
		}
	}
	for _, e := range t.d.enrolments.all() {
		if e.PatronID == id {
			e.PatronID = ""
			t.d.enrolments.put(t, e.ID, e)
		}
	}
	for _, c := range t.d.cards.all() {
		if c.PatronID == id {
			t.d.cards.drop(t, c.ID) // the barcode stays taken
		}
	}
	for _, n := range t.d.notes.all() {
		if n.PatronID == id {
			t.d.notes.drop(t, n.ID)
		}
	}
	for _, a := range t.d.accounts.all() {
		if a.PatronID == id {
			a.PatronID = ""
			t.d.accounts.put(t, a.ID, a)
		}
	}
	t.d.patrons.drop(t, id)
	return nil
}

func (t *tx) PutPromotion(p kiosk.Promotion) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.years.get("school year", p.YearID); err != nil {
		return err
	}
	for _, o := range t.d.promotions.rows {
		if o.ID != p.ID && o.YearID == p.YearID && o.Undone.IsZero() && p.Undone.IsZero() {
			return conflict("promotion into year %s", p.YearID)
		}
	}
	if p.At.IsZero() || p.Seq < 1 {
		return fmt.Errorf("promotion %s: no time or event", p.ID)
	}
	p.At, p.Undone = ms(p.At), ms(p.Undone)
	t.d.promotions.put(t, p.ID, p)
	return given("promotion's id", string(p.ID))
}
