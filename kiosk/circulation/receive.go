package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// OpenReceipt enters a delivery in the general register: with its source, and
// with a gift its donor (seed R83 to R85, R138, R148). The entry's number is
// taken in the same transaction. What cannot be taken is a *kiosk.FieldError.
func (d *Desk) OpenReceipt(ctx context.Context, a kiosk.Attempt, r kiosk.Receipt) (kiosk.Receipt, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Receipt, error) {
		if err := x.checkReceipt(&r); err != nil {
			return r, err
		}
		var err error
		if r.Entry, err = x.NextReceiptEntry(); err != nil {
			return r, fmt.Errorf("general register: %w", err)
		}
		r.ID, r.Closed, r.CreatedAt, r.CreatedBy = x.NewID(), false, x.now, x.Staff
		if err := x.PutReceipt(r); err != nil {
			return r, fmt.Errorf("receipt: %w", err)
		}
		return x.Receipt(r.ID)
	})
}

// ChangeReceipt corrects what a receipt says of the delivery. Its number stays;
// the copies' source and day of receipt follow.
func (d *Desk) ChangeReceipt(ctx context.Context, a kiosk.Attempt, r kiosk.Receipt, check func(now kiosk.Receipt) error) (kiosk.Receipt, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Receipt, error) {
		old, err := x.receipt(r.ID)
		if err == nil && check != nil {
			err = check(old)
		}
		if err != nil {
			return r, err
		}
		if err := x.checkReceipt(&r); err != nil {
			return r, err
		}
		r.Entry, r.Closed, r.CreatedAt, r.CreatedBy = old.Entry, old.Closed, old.CreatedAt, old.CreatedBy
		if err := x.PutReceipt(r); err != nil {
			return r, fmt.Errorf("receipt: %w", err)
		}
		if r.Source == old.Source && r.Date == old.Date {
			return r, nil
		}
		ps, err := x.ProcessingOf(r.ID)
		if err != nil {
			return r, fmt.Errorf("copies of the receipt: %w", err)
		}
		for _, p := range ps {
			c := p.Item.Copy
			c.Source, c.Received = string(r.Source), r.Date
			if err := x.PutCopy(c); err != nil {
				return r, fmt.Errorf("copy: %w", err)
			}
		}
		return r, nil
	})
}

// CloseReceipt ends the entering of a delivery: nothing more is added to it.
// Its copies go on through processing.
func (d *Desk) CloseReceipt(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Receipt, error) {
	return d.setClosed(ctx, a, id, true)
}

// ReopenReceipt takes CloseReceipt back.
func (d *Desk) ReopenReceipt(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Receipt, error) {
	return d.setClosed(ctx, a, id, false)
}

func (d *Desk) setClosed(ctx context.Context, a kiosk.Attempt, id kiosk.ID, closed bool) (kiosk.Receipt, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Receipt, error) {
		r, err := x.Receipt(id)
		if err != nil {
			return r, fmt.Errorf("receipt: %w", err)
		}
		r.Closed = closed
		if err := x.PutReceipt(r); err != nil {
			return r, fmt.Errorf("receipt: %w", err)
		}
		return r, nil
	})
}

func (x *intake) checkReceipt(r *kiosk.Receipt) error {
	var f form
	among(&f, "source", r.Source, kiosk.AcquisitionSources)
	f.text("supplier", &r.Supplier, kiosk.MaxText)
	f.text("donor_class", &r.DonorClass, kiosk.MaxText)
	f.text("voucher", &r.Voucher, kiosk.MaxText)
	f.text("funding", &r.Funding, kiosk.MaxText)
	f.text("note", &r.Note, kiosk.MaxNoteText)
	if r.Source == kiosk.Donation {
		if r.DonorClass == "" { // a whole class may give without a name
			f.given("supplier", r.Supplier)
		}
	} else if r.DonorClass != "" {
		f.wrong("donor_class", kiosk.FieldUnexpected, nil)
	}
	switch {
	case r.Date.IsZero():
		f.wrong("date", kiosk.FieldMissing, nil)
	case r.Date.After(x.today):
		f.wrong("date", kiosk.FieldInFuture, kiosk.Facts{"value": r.Date, "max": x.today})
	default:
		within(&f, "date", r.Date.Year, kiosk.MinYear, x.today.Year)
	}
	return f.failed()
}
