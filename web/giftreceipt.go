package web

import (
	"context"
	"errors"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// Gifts that were brought to a campaign, and the receipt by which they come into the
// stock: the donors' register counts each book once.

// donationReceipts are the donations that a gift may have come in by: those of this
// year and the one before, the newest first, and the one that is chosen.
func donationReceipts(v kiosk.View, lang words.Lang, year kiosk.SchoolYear, chosen kiosk.ID) ([]choice, error) {
	all := []choice{{"", words.T(lang, "gift.no_receipt")}}
	rs, err := v.Receipts(false)
	slices.SortFunc(rs, func(a, b kiosk.Receipt) int { return b.Entry - a.Entry })
	for _, r := range rs {
		if r.ID == chosen || r.Source == kiosk.Donation && !r.Date.Before(year.Start.AddMonths(-12)) {
			all = append(all, choice{string(r.ID), words.T(lang, "gift.receipt_of", "n", r.Entry, "date", words.Date(r.Date), "who", r.Supplier)})
		}
	}
	return all, err
}

// giftOf is a gift or a campaign by its id.
func giftOf(v kiosk.View, id kiosk.ID) (kiosk.Activity, bool, error) {
	a, err := v.Activity(id)
	if errors.Is(err, kiosk.ErrNotFound) {
		return a, false, nil
	}
	return a, err == nil && !a.Removed && (a.Kind == kiosk.Gift || a.Kind == kiosk.Campaign), err
}

// giftInto fills a delivery's form with what a gift or a campaign brought.
func (s *Server) giftInto(v kiosk.View, f *form, id kiosk.ID) error {
	if id == "" || s.Yearly == nil {
		return nil
	}
	a, is, err := giftOf(v, id)
	if err != nil || !is {
		return err
	}
	f.Values.Set("for", string(id))
	f.Values.Set("source", string(kiosk.Donation))
	f.Values.Set("supplier", a.Text)
	f.Values.Set("donor_class", a.Class)
	return nil
}

// takeGift notes in a gift or a campaign the receipt that was made for it.
func (s *Server) takeGift(ctx context.Context, at kiosk.Attempt, id, receipt kiosk.ID) error {
	if id == "" || s.Yearly == nil {
		return nil
	}
	var a kiosk.Activity
	var is bool
	err := s.Ledger.View(ctx, func(v kiosk.View) (err error) {
		a, is, err = giftOf(v, id)
		return err
	})
	if err != nil || !is || a.Receipt == receipt {
		return err
	}
	a.Receipt = receipt
	at.CommandID += "-gift" // beside the receipt's own act
	_, err = s.Yearly.PutActivity(ctx, at, a, nil)
	return err
}
