package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// PutProposal writes a proposal of what to buy: a new one without an ID, else the one
// with it, and gives it as it was before. look refuses when the stored one is not
// what the caller saw.
func (d *Desk) PutProposal(ctx context.Context, a kiosk.Attempt, p kiosk.Proposal, look func(kiosk.Proposal) error) (done kiosk.Proposal, err error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Proposal, error) {
		if p.ID == "" {
			p.ID = x.NewID()
		} else {
			was, err := x.Proposal(p.ID)
			if err != nil {
				return p, fmt.Errorf("proposal: %w", err)
			}
			if was.Removed {
				return p, kiosk.ErrNotNow
			}
			if look != nil {
				if err := look(was); err != nil {
					return p, err
				}
			}
		}
		p.By, p.Removed = x.Staff, false
		if err := x.checkProposal(&p); err != nil {
			return p, err
		}
		return p, x.record(kiosk.EventProposal, kiosk.Records{Proposals: []kiosk.Proposal{p}})
	})
}

// RemoveProposal takes one away, or puts it back. kiosk.ErrNotNow when it is so
// already.
func (d *Desk) RemoveProposal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, remove bool) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		p, err := x.Proposal(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("proposal: %w", err)
		}
		if p.Removed == remove {
			return struct{}{}, kiosk.ErrNotNow
		}
		p.Removed = remove
		return struct{}{}, x.record(kiosk.EventProposal, kiosk.Records{Proposals: []kiosk.Proposal{p}})
	})
	return err
}

func (x *intake) checkProposal(p *kiosk.Proposal) error {
	var f form
	f.text("name", &p.Name, kiosk.MaxText)
	f.given("name", p.Name)
	f.text("funding", &p.Funding, kiosk.MaxText)
	f.text("note", &p.Note, kiosk.MaxNoteText)
	if p.Day.IsZero() {
		f.wrong("day", kiosk.FieldMissing, nil)
	} else if least, most := x.today.AddMonths(-60), x.today.AddMonths(24); p.Day.Before(least) || p.Day.After(most) {
		f.wrong("day", kiosk.FieldOutOfRange, kiosk.Facts{"min": least, "max": most})
	}
	within(&f, "lines", len(p.Lines), 1, kiosk.MostProposed)
	for i := range p.Lines {
		l := &p.Lines[i]
		n := fmt.Sprint(i)
		f.text("text_"+n, &l.Text, kiosk.MaxProposalText)
		f.given("text_"+n, l.Text)
		within(&f, "quantity_"+n, l.Quantity, 1, kiosk.MostOfProposal)
		within(&f, "price_"+n, l.Price, 0, kiosk.MaxProposalPrice)
		among(&f, "kind_"+n, l.Kind, kiosk.Kinds)
		among(&f, "why_"+n, l.Why, kiosk.ProposalWhys)
	}
	return f.failed()
}

// keptSearches is how many days a search that found nothing is kept.
const keptSearches = 400

// AddUnmetSearches counts what readers looked for in vain, by their words. What
// nobody looked for in a year is forgotten.
func (d *Desk) AddUnmetSearches(ctx context.Context, texts map[string]int) error {
	return d.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		loc, err := kiosk.LocationOf(tx)
		if err != nil {
			return err
		}
		today := kiosk.DayOf(d.Now(), loc)
		for text, n := range texts {
			if err := tx.AddUnmetSearch(text, n, today); err != nil {
				return err
			}
		}
		return tx.DropUnmetSearches(today.Add(-keptSearches))
	})
}
