package kiosktest

import "muontra/kiosk"

func (v *view) HouseFigures() (kiosk.HouseFigures, error) {
	f := kiosk.HouseFigures{At: map[kiosk.ID]int{}, Patrons: len(v.d.patrons.rows)}
	for _, c := range v.d.copies.rows {
		i := v.item(c)
		f.Copies++
		if s := i.State.Status; !i.Labelled && (i.Accession != "" || s != kiosk.CopyInProcessing) && s != kiosk.CopyLost && s != kiosk.CopyWithdrawn {
			f.Unlabelled++
		}
		if i.State.Place != "" && i.State.Status != kiosk.CopyWithdrawn {
			f.At[i.State.Place]++
		}
	}
	return f, nil
}

func (v *view) OpenLoans() ([]kiosk.LoanItem, error) {
	var ls []kiosk.LoanItem
	for _, l := range v.loans(kiosk.Loan.Open) {
		ls = append(ls, kiosk.LoanItem{Loan: l, Item: v.item(v.d.copies.rows[l.CopyID])})
	}
	return ls, nil
}
