package kiosktest

import (
	"cmp"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// orderKey is what a row has in a column.
type orderKey struct {
	none bool
	text string
	n    int64
}

// stretch sorts rows, which are in the list's own order, and visits those of the
// page.
func stretch[T any](v *view, rows []T, p kiosk.Page, keys map[string]func(T) orderKey, fn func(T) error) error {
	if key, ok := keys[p.By]; ok {
		slices.SortStableFunc(rows, func(a, b T) int {
			x, y := key(a), key(b)
			if x.none != y.none {
				if x.none {
					return 1
				}
				return -1
			}
			c := cmp.Or(strings.Compare(x.text, y.text), cmp.Compare(x.n, y.n))
			if p.Down {
				return -c
			}
			return c
		})
	}
	rows = rows[min(max(p.From, 0), len(rows)):]
	if p.Most > 0 {
		rows = rows[:min(p.Most, len(rows))]
	}
	return each(v, rows, fn)
}

func rank(codes []string, code string) int64 {
	if i := slices.Index(codes, code); i >= 0 {
		return int64(i)
	}
	return int64(len(codes))
}

func (v *view) copiesWhere(q kiosk.CopyQuery) []kiosk.Item {
	return slices.DeleteFunc(v.items(func(kiosk.Copy) bool { return true }), func(i kiosk.Item) bool {
		s := i.State
		return q.Status == "" && s.Status == kiosk.CopyWithdrawn || q.Status != "" && s.Status != q.Status ||
			q.Condition != "" && s.Condition != q.Condition || q.Lack != "" && !lacks(i, q.Lack)
	})
}

func (v *view) CountCopies(q kiosk.CopyQuery) (int, error) { return len(v.copiesWhere(q)), nil }

func (v *view) EachCopy(q kiosk.CopyQuery, p kiosk.Page, fn func(kiosk.Item) error) error {
	return stretch(v, v.copiesWhere(q), p, map[string]func(kiosk.Item) orderKey{
		kiosk.ByAccession: func(i kiosk.Item) orderKey {
			_, prefix, n := numberOf(i.Accession)
			return orderKey{none: i.Accession == "", text: prefix, n: int64(n)}
		},
		kiosk.ByBarcode: func(i kiosk.Item) orderKey {
			return orderKey{text: string(rune(len(i.Barcode))) + i.Barcode}
		},
		kiosk.ByTitle:     func(i kiosk.Item) orderKey { return orderKey{text: fold.Order(i.Title.Title)} },
		kiosk.ByKind:      func(i kiosk.Item) orderKey { return orderKey{n: rank(p.Codes, string(i.Kind))} },
		kiosk.ByPlace:     func(i kiosk.Item) orderKey { return orderKey{none: i.PlaceName == "", text: fold.Order(i.PlaceName)} },
		kiosk.ByStatus:    func(i kiosk.Item) orderKey { return orderKey{n: rank(p.Codes, string(i.State.Status))} },
		kiosk.ByCondition: func(i kiosk.Item) orderKey { return orderKey{n: rank(p.Codes, string(i.State.Condition))} },
		kiosk.ByPrice:     func(i kiosk.Item) orderKey { return orderKey{none: i.Price == 0, n: i.Price} },
		kiosk.ByLoans:     func(i kiosk.Item) orderKey { return orderKey{n: int64(i.State.Loans)} },
		kiosk.ByNote:      func(i kiosk.Item) orderKey { return orderKey{none: i.Note == "", text: fold.Order(i.Note)} },
	}, fn)
}

func (v *view) openLoansWhere(q kiosk.OpenLoanQuery) []kiosk.OpenLoan {
	of := map[kiosk.ID]kiosk.Member{}
	for _, p := range v.d.patrons.all() {
		m := v.member(p, v.newestCard(p.ID), q.On)
		of[m.Ref] = m
	}
	var all []kiosk.OpenLoan
	for _, l := range v.loans(kiosk.Loan.Open) {
		x := kiosk.OpenLoan{Loan: l, Item: v.item(v.d.copies.rows[l.CopyID]), Member: of[l.PatronRef]}
		m := x.Member
		if q.Class != "" && m.Class != q.Class || q.Grade != 0 && (m.Class == "" || m.Grade != q.Grade) || q.Outside && (m.Class != "" || m.Category == kiosk.Pupil) ||
			q.Kind != "" && x.Item.Kind != q.Kind || !q.Until.IsZero() && l.DueOn.After(q.Until) || q.Late && !l.LateHere(q.On) || q.Among != nil && !slices.Contains(q.Among, l.ID) || q.Unsure && !v.unsure(l) {
			continue
		}
		all = append(all, x)
	}
	return all
}

// unsure reports whether the last event that stands and gave a loan its day due
// was written by a clock that could not be right.
func (v *view) unsure(l kiosk.Loan) bool {
	if l.Corner != "" {
		return false
	}
	taken := map[int64]bool{}
	for _, e := range slices.Backward(v.d.events) {
		switch {
		case e.CopyID != l.CopyID:
		case e.Type == kiosk.EventUndone:
			taken[e.Payload.Reverses] = true
		case slices.Contains(kiosk.CountsDue, e.Type) && !taken[e.Seq]:
			return !e.ClockOK
		}
	}
	return false
}

func (v *view) CountOpenLoans(q kiosk.OpenLoanQuery) (loans, people int, err error) {
	refs := map[kiosk.ID]bool{}
	all := v.openLoansWhere(q)
	for _, l := range all {
		refs[l.Loan.PatronRef] = true
	}
	return len(all), len(refs), nil
}

func (v *view) EachOpenLoan(q kiosk.OpenLoanQuery, p kiosk.Page, fn func(kiosk.OpenLoan) error) error {
	group := func(l kiosk.OpenLoan) orderKey {
		outside := "0"
		if l.Member.Class == "" {
			outside = "1"
		}
		return orderKey{text: outside + fold.Order(l.Member.Class), n: rank(p.Codes, string(l.Member.Category))}
	}
	all := v.openLoansWhere(q)
	slices.SortStableFunc(all, func(a, b kiosk.OpenLoan) int {
		x, y := group(a), group(b)
		return cmp.Or(strings.Compare(x.text, y.text), cmp.Compare(x.n, y.n), strings.Compare(fold.NameOrder(a.Member.Name), fold.NameOrder(b.Member.Name)),
			strings.Compare(a.Loan.DueOn.String(), b.Loan.DueOn.String()))
	})
	return stretch(v, all, p, map[string]func(kiosk.OpenLoan) orderKey{
		kiosk.ByGroup: group,
		kiosk.ByName: func(l kiosk.OpenLoan) orderKey {
			return orderKey{none: l.Member.ID == "", text: fold.NameOrder(l.Member.Name)}
		},
		kiosk.ByTitle: func(l kiosk.OpenLoan) orderKey { return orderKey{text: fold.Order(l.Item.Title.Title)} },
		kiosk.ByAccession: func(l kiosk.OpenLoan) orderKey {
			_, prefix, n := numberOf(l.Item.Accession)
			if l.Item.Accession == "" {
				return orderKey{text: "\x00" + string(rune(len(l.Item.Barcode))) + l.Item.Barcode}
			}
			return orderKey{text: prefix, n: int64(n)}
		},
		kiosk.ByLent:     func(l kiosk.OpenLoan) orderKey { return orderKey{n: l.Loan.CheckedOutAt.UnixNano()} },
		kiosk.ByDue:      func(l kiosk.OpenLoan) orderKey { return orderKey{text: l.Loan.DueOn.String()} },
		kiosk.ByLate:     func(l kiosk.OpenLoan) orderKey { return orderKey{n: int64(max(q.On.Sub(l.Loan.DueOn), 0))} },
		kiosk.ByRenewals: func(l kiosk.OpenLoan) orderKey { return orderKey{n: int64(l.Loan.Renewals)} },
	}, fn)
}
