package exchange

import (
	"cmp"
	"fmt"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// lending is what a row says of a loan.
type lending struct {
	id                 kiosk.ID
	barcode, accession string
	card, name, class  string
	out                time.Time
	outExact           bool
	due                kiosk.Day
	returned           time.Time // zero while open
	renewals           int
	kind               kiosk.LoanType
	station            string
}

// readLending reads a row by itself, without asking what is stored.
func (d *decider) readLending(r *Row) (x lending, bad *Problem) {
	t := d.table
	x.id = kiosk.ID(r.text(ColLoanID))
	x.barcode, x.accession = r.code(ColCopyCode), r.code(ColAccession)
	if s := r.code(colCode); s != "" && x.barcode == "" {
		x.barcode = s
	}
	if a, ok := kiosk.AccessionOf(x.accession); ok {
		x.accession = a
	}
	x.card, x.name, x.class = r.code(ColCard), r.text(ColName), r.text(ColClass)
	if x.out, x.outExact, bad = r.instant(t, ColOutAt, d.zone); bad != nil {
		return x, bad
	}
	if x.due, bad = r.day(t, ColDueOn); bad != nil {
		return x, bad
	}
	if x.returned, _, bad = r.instant(t, ColReturned, d.zone); bad != nil {
		return x, bad
	}
	if x.renewals, _, bad = r.number(ColRenewals, 0, 100); bad != nil {
		return x, bad
	}
	x.kind = kiosk.HomeLoan
	if s := r.text(ColLoanType); s != "" {
		kind, ok := loanTypes.find(s)
		if !ok {
			return x, wrong(ColLoanType, UnknownWord, "value", s)
		}
		x.kind = kind
	}
	if x.station = r.text(ColStation); len(x.station) > 64 {
		return x, wrong(ColStation, TooLong, "limit", "64")
	}
	return x, d.checkTimes(r, &x)
}

// checkTimes holds what must be true of a loan's days.
func (d *decider) checkTimes(r *Row, x *lending) *Problem {
	outDay := kiosk.DayOf(x.out, d.zone)
	switch {
	case x.barcode == "" && x.accession == "":
		return wrong(ColCopyCode, Missing)
	case x.out.IsZero():
		return wrong(ColOutAt, Missing)
	case outDay.After(d.today):
		return wrong(ColOutAt, BadSpan, "value", r.text(ColOutAt))
	case x.due.IsZero() && x.returned.IsZero():
		return wrong(ColDueOn, Missing)
	case !x.due.IsZero() && x.due.Before(outDay):
		return wrong(ColDueOn, BadSpan, "value", r.text(ColDueOn))
	case !x.returned.IsZero() && kiosk.DayOf(x.returned, d.zone).Before(outDay),
		!x.returned.IsZero() && kiosk.DayOf(x.returned, d.zone).After(d.today):
		return wrong(ColReturned, BadSpan, "value", r.text(ColReturned))
	}
	if x.due.IsZero() {
		x.due = kiosk.DayOf(x.returned, d.zone)
	}
	if !x.returned.IsZero() && x.returned.Before(x.out) {
		x.returned = x.out // both on one day, named without the hour
	}
	return nil
}

// loanBook knows the loans there are, and what the file adds.
type loanBook struct {
	byID   map[kiosk.ID]kiosk.Loan
	of     map[loanKey][]kiosk.Loan
	open   map[kiosk.ID]kiosk.Loan // by copy
	rows   map[kiosk.ID]int        // the row that opens a loan of a copy
	newest map[kiosk.ID]kiosk.ID   // the reference in use, by one of past years
}

// loanKey is a copy and the reference in use of the patron who had it.
type loanKey struct{ copy, ref kiosk.ID }

func newLoanBook(v kiosk.View) (*loanBook, error) {
	b := &loanBook{byID: map[kiosk.ID]kiosk.Loan{}, of: map[loanKey][]kiosk.Loan{}, open: map[kiosk.ID]kiosk.Loan{}, rows: map[kiosk.ID]int{}, newest: map[kiosk.ID]kiosk.ID{}}
	refs, err := v.NewestRefs()
	if err != nil {
		return nil, err
	}
	of := map[kiosk.ID]kiosk.ID{}
	for _, r := range refs {
		of[r.PatronID] = r.Ref
	}
	old, err := v.OldRefs()
	if err != nil {
		return nil, err
	}
	for _, o := range old {
		b.newest[o.Ref] = of[o.PatronID]
	}
	err = v.EachLoan(false, func(l kiosk.Loan) error {
		b.learn(l)
		return nil
	})
	return b, err
}

func (b *loanBook) learn(l kiosk.Loan) {
	if l.ID != "" {
		b.byID[l.ID] = l
	}
	if l.End == kiosk.LoanUndone {
		return
	}
	k := loanKey{l.CopyID, cmp.Or(b.newest[l.PatronRef], l.PatronRef)}
	b.of[k] = append(b.of[k], l)
	if l.Open() {
		b.open[l.CopyID] = l
	}
}

// has reports whether the loan of a row is there already: of the same copy to
// the same patron at the same time, or on the same day where the row names
// only that.
func (b *loanBook) has(k loanKey, x lending, loc *time.Location) bool {
	for _, l := range b.of[k] {
		gap := l.CheckedOutAt.Sub(x.out).Abs()
		if x.outExact && gap < time.Minute || !x.outExact && kiosk.DayOf(l.CheckedOutAt, loc) == kiosk.DayOf(x.out, loc) {
			return true
		}
	}
	return false
}

// loans decides the rows of a loan book: open ones are opening balances,
// returned ones history.
func (d *decider) loans() error {
	book, err := newLoanBook(d.view)
	if err != nil {
		return err
	}
	who, err := d.newBorrowers()
	if err != nil {
		return err
	}
	states := map[kiosk.ID]*kiosk.CopyState{}
	for i, r := range d.table.Rows {
		x, bad := d.readLending(r)
		d.plan.Items[i].What = shorten(r.text(ColTitle))
		if l, ok := book.byID[x.id]; ok && x.id != "" {
			bad, err = d.sameLoan(l, x)
			if err != nil {
				return err
			}
			if bad != nil {
				d.reject(i, bad)
			}
			continue
		}
		if bad != nil {
			d.reject(i, bad)
			continue
		}
		item, bad, err := d.itemOf(x)
		if err != nil {
			return err
		}
		if bad != nil {
			d.reject(i, bad)
			continue
		}
		if d.plan.Items[i].What == "" {
			d.plan.Items[i].What = shorten(item.Title.Title)
		}
		m, bad, err := who.find(x)
		if err != nil {
			return err
		}
		if bad != nil {
			d.reject(i, bad)
			continue
		}
		k := loanKey{item.ID, m.Ref}
		if book.has(k, x, d.zone) {
			continue // Same
		}
		if bad := book.refuse(d, k, x, item); bad != nil {
			d.reject(i, bad)
			continue
		} else if x.returned.IsZero() && book.open[item.ID].PatronRef == m.Ref && book.open[item.ID].CopyID == item.ID {
			continue // the same patron has it already
		}
		l := x.loan(k)
		book.learn(l)
		if l.Open() {
			book.rows[item.ID] = i
		}
		state := states[item.ID]
		if state == nil {
			s := item.State
			state = &s
			states[item.ID] = state
		}
		d.accept(i, Add, &loanStep{loan: l, state: state})
	}
	return nil
}

// refuse says why a loan cannot be open, nil where it can or is not.
func (b *loanBook) refuse(d *decider, k loanKey, x lending, it kiosk.Item) *Problem {
	if !x.returned.IsZero() {
		return nil
	}
	if l, ok := b.open[k.copy]; ok && l.PatronRef != k.ref {
		if row, ok := b.rows[k.copy]; ok {
			return wrong(ColCopyCode, Duplicate, "value", it.Barcode, "row", d.rowText(row))
		}
		return wrong(ColCopyCode, LentToOther)
	}
	if it.State.Status != kiosk.CopyAvailable && it.State.Status != "" {
		return wrong(ColCopyCode, NotLendable, "value", string(it.State.Status))
	}
	return nil
}

// sameLoan checks that a row with a known loan's id means that loan.
func (d *decider) sameLoan(l kiosk.Loan, x lending) (*Problem, error) {
	it, bad, err := d.itemOf(x)
	if err != nil {
		return nil, err
	}
	if bad == nil && it.ID != l.CopyID {
		return wrong(ColLoanID, OtherLoan, "value", string(x.id)), nil
	}
	return nil, nil
}

func (x lending) loan(k loanKey) kiosk.Loan {
	l := kiosk.Loan{CopyID: k.copy, PatronRef: k.ref, Type: x.kind, CheckedOutAt: x.out.UTC(), DueOn: x.due, Renewals: x.renewals, Station: x.station}
	if !x.returned.IsZero() {
		l.ReturnedAt, l.End = x.returned.UTC(), kiosk.LoanReturned
	}
	return l
}

// itemOf finds the row's copy by barcode, then by accession number.
func (d *decider) itemOf(x lending) (kiosk.Item, *Problem, error) {
	shown := x.barcode
	if x.barcode != "" {
		it, err := d.view.ItemByBarcode(x.barcode)
		if err == nil || !notFound(err) {
			return it, nil, err
		}
		// A number typed into the column of barcodes.
		if a, ok := kiosk.AccessionOf(x.barcode); ok && x.accession == "" {
			x.accession = a
		}
	}
	if x.accession != "" {
		shown = x.accession
		it, err := d.view.ItemByAccession(x.accession)
		if err == nil || !notFound(err) {
			return it, nil, err
		}
	}
	col := ColCopyCode
	if x.barcode == "" {
		col = ColAccession
	}
	return kiosk.Item{}, wrong(col, UnknownCopy, "value", shown), nil
}

// borrowers finds patrons by card, and by name and class where a row has no
// card.
type borrowers struct {
	d      *decider
	byName map[string][]kiosk.Member
}

func (d *decider) newBorrowers() (*borrowers, error) {
	b := &borrowers{d: d, byName: map[string][]kiosk.Member{}}
	err := d.view.EachMember(d.today, func(m kiosk.Member) error {
		f := fold.Text(m.Name)
		b.byName[f] = append(b.byName[f], m)
		return nil
	})
	return b, err
}

func (b *borrowers) find(x lending) (kiosk.Member, *Problem, error) {
	if x.card != "" {
		m, err := b.d.view.MemberByCard(x.card, b.d.today)
		if notFound(err) {
			return m, wrong(ColCard, UnknownPatron, "value", x.card), nil
		}
		return m, nil, err
	}
	if x.name == "" {
		return kiosk.Member{}, wrong(ColCard, Missing), nil
	}
	class, _ := className(x.class)
	var found []kiosk.Member
	for _, m := range b.byName[fold.Text(x.name)] {
		if sameName(m.Name, x.name) && (class == "" || sameClass(m.Class, class)) {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return kiosk.Member{}, wrong(ColName, UnknownPatron, "value", x.name), nil
	case 1:
		return found[0], nil, nil
	}
	return kiosk.Member{}, wrong(ColName, CodeTooCommon, "value", x.name), nil
}

// loanStep takes one loan over.
type loanStep struct {
	loan  kiosk.Loan
	state *kiosk.CopyState // of the copy, shared by all its loans of the file
}

func (s *loanStep) write(w *writer) error {
	s.loan.ID = w.tx.NewID()
	s.state.Loans++
	e := w.event(kiosk.EventLoanAdded)
	e.CopyID, e.PatronRef = s.loan.CopyID, s.loan.PatronRef
	e.Payload.Changes = kiosk.Changes{Loans: []kiosk.Loan{s.loan}, Copies: []kiosk.CopyState{*s.state}}
	if err := w.tx.Append(e); err != nil {
		return fmt.Errorf("loan of %s: %w", s.loan.CopyID, err)
	}
	w.wrote.Loans = append(w.wrote.Loans, e.Seq)
	return nil
}
