package circulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"muontra/kiosk"
)

// Register enters copies in the accession register, in the order of their
// receipts and lines whatever the order of the list: each gets the next number
// of its kind and stands at its home place, to be lent (seed R170, R182).
// Copies that are registered already stay as they are. Any refusal is a
// *kiosk.StepError that names all copies refused; then nothing is done.
func (d *Desk) Register(ctx context.Context, a kiosk.Attempt, copies []kiosk.ID) (kiosk.Ticked, error) {
	return d.Tick(ctx, a, kiosk.StepRegister, copies)
}

// Tick ticks a step of processing for copies in bulk. Only register must come
// first. A label that is ticked is taken for stuck on; copies that came without
// a receipt have that one step too. Ticking twice changes nothing.
func (d *Desk) Tick(ctx context.Context, a kiosk.Attempt, step kiosk.Step, copies []kiosk.ID) (kiosk.Ticked, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Ticked, error) {
		done := kiosk.Ticked{Step: step}
		ps, err := x.chosen(step, copies, func(p kiosk.ProcessingItem) (kiosk.StepReason, error) {
			if step != kiosk.StepRegister && p.LineID != "" && p.Registered.IsZero() {
				return kiosk.StepNotRegistered, nil
			}
			return "", nil
		})
		if err != nil {
			return done, err
		}
		for _, p := range ps {
			changed, err := x.tick(&p, step)
			if err != nil {
				return done, err
			}
			if changed {
				done.Copies = append(done.Copies, p)
			}
		}
		return done, nil
	})
}

// Untick takes a step back for copies for which it is ticked: the undo of a
// bulk tick, given the copies that it answered. A registration is taken back
// only while no later step is ticked and the copy was never used; the copy
// keeps its number, for when it is registered again, so that none is lost.
func (d *Desk) Untick(ctx context.Context, a kiosk.Attempt, step kiosk.Step, copies []kiosk.ID) (kiosk.Ticked, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Ticked, error) {
		done := kiosk.Ticked{Step: step}
		ps, err := x.chosen(step, copies, func(p kiosk.ProcessingItem) (kiosk.StepReason, error) {
			if step != kiosk.StepRegister || p.Registered.IsZero() {
				return "", nil
			}
			return x.againstUnregister(p)
		})
		if err != nil {
			return done, err
		}
		for _, p := range ps {
			changed, err := x.untick(&p, step)
			if err != nil {
				return done, err
			}
			if changed {
				done.Copies = append(done.Copies, p)
			}
		}
		return done, nil
	})
}

// chosen finds copies for a step, each once, in the order of receipts and
// lines, those without a receipt behind; against says what stands against one.
func (x *intake) chosen(step kiosk.Step, copies []kiosk.ID, against func(kiosk.ProcessingItem) (kiosk.StepReason, error)) ([]kiosk.ProcessingItem, error) {
	var f form
	among(&f, "step", step, kiosk.Steps)
	if len(copies) == 0 {
		f.wrong("copies", kiosk.FieldMissing, nil)
	}
	if err := f.failed(); err != nil {
		return nil, err
	}
	var ps []kiosk.ProcessingItem
	refused := &kiosk.StepError{Step: step}
	seen := map[kiosk.ID]bool{}
	for _, id := range copies {
		if seen[id] {
			continue
		}
		seen[id] = true
		p, err := x.inProcessing(id)
		if errors.Is(err, kiosk.ErrNotFound) {
			refused.Refusals = append(refused.Refusals, kiosk.StepRefusal{Reason: kiosk.StepUnknown, Copy: kiosk.CopyView{Barcode: kiosk.Escaped(string(id))}})
			continue
		}
		if err != nil {
			return nil, err
		}
		why := ended(p.Item.State)
		if why == "" && p.LineID == "" && step != kiosk.StepLabel {
			why = kiosk.StepNoReceipt
		}
		if why == "" {
			if why, err = against(p); err != nil {
				return nil, err
			}
		}
		if why != "" {
			refused.Refusals = append(refused.Refusals, kiosk.StepRefusal{Reason: why, Copy: *p.Item.View()})
			continue
		}
		ps = append(ps, p)
	}
	if len(refused.Refusals) > 0 {
		return nil, refused
	}
	return x.inOrder(ps)
}

// inProcessing is a copy with its steps; without a LineID one that came without
// a receipt.
func (x *intake) inProcessing(id kiosk.ID) (kiosk.ProcessingItem, error) {
	item, err := x.Item(id)
	if err != nil {
		return kiosk.ProcessingItem{}, fmt.Errorf("copy: %w", err)
	}
	p, err := x.ProcessingOfCopy(id)
	if errors.Is(err, kiosk.ErrNotFound) {
		return kiosk.ProcessingItem{Processing: kiosk.Processing{CopyID: id}, Item: item}, nil
	}
	if err != nil {
		return kiosk.ProcessingItem{}, fmt.Errorf("processing: %w", err)
	}
	return kiosk.ProcessingItem{Processing: p, Item: item}, nil
}

// ended says that there is no copy any more to work on.
func ended(s kiosk.CopyState) kiosk.StepReason {
	switch s.Status {
	case kiosk.CopyWithdrawn:
		return kiosk.StepWithdrawn
	case kiosk.CopyLost:
		return kiosk.StepLost
	}
	return ""
}

// inOrder sorts copies as their receipts list them.
func (x *intake) inOrder(ps []kiosk.ProcessingItem) ([]kiosk.ProcessingItem, error) {
	type place struct{ entry, at int }
	places := map[kiosk.ID]place{} // by copy
	for _, p := range ps {
		if p.LineID == "" {
			places[p.CopyID] = place{entry: math.MaxInt}
		}
		if places[p.CopyID].entry > 0 {
			continue
		}
		l, err := x.ReceiptLine(p.LineID)
		if err != nil {
			return nil, fmt.Errorf("receipt line: %w", err)
		}
		r, err := x.Receipt(l.ReceiptID)
		if err != nil {
			return nil, fmt.Errorf("receipt: %w", err)
		}
		all, err := x.ProcessingOf(r.ID)
		if err != nil {
			return nil, fmt.Errorf("copies of the receipt: %w", err)
		}
		for i, o := range all {
			places[o.CopyID] = place{r.Entry, i}
		}
	}
	slices.SortStableFunc(ps, func(p, q kiosk.ProcessingItem) int {
		a, b := places[p.CopyID], places[q.CopyID]
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.at, b.at))
	})
	return ps, nil
}

// tick does one step of one copy, in p too, and reports whether it was not done
// before.
func (x *intake) tick(p *kiosk.ProcessingItem, step kiosk.Step) (bool, error) {
	label := step == kiosk.StepLabel && !p.Item.Labelled
	if !label && (p.LineID == "" || !p.Done(step).IsZero()) {
		return false, nil
	}
	before := p.Item.State
	switch step {
	case kiosk.StepRegister:
		if p.Item.Accession == "" {
			var err error
			if p.Item.Accession, err = x.NextAccession(p.Item.Kind.Prefix()); err != nil {
				return false, fmt.Errorf("accession number: %w", err)
			}
		}
		s := &p.Item.State
		if s.Status == kiosk.CopyInProcessing { // one in repair stays there
			s.Status, s.Place = kiosk.CopyAvailable, p.Item.HomePlace
		}
	case kiosk.StepLabel:
		p.Item.Labelled = true
	}
	if step == kiosk.StepRegister || label {
		if err := x.PutCopy(p.Item.Copy); err != nil {
			return false, fmt.Errorf("copy: %w", err)
		}
	}
	if p.LineID != "" && p.Done(step).IsZero() {
		p.Tick(step, x.today)
		if err := x.PutProcessing(p.Processing); err != nil {
			return false, fmt.Errorf("processing: %w", err)
		}
	}
	return true, x.tell(kiosk.EventProcessed, kiosk.Payload{Step: step}, &before, p.Item.State)
}

// untick takes one step of one copy back, in p too.
func (x *intake) untick(p *kiosk.ProcessingItem, step kiosk.Step) (bool, error) {
	label := step == kiosk.StepLabel && p.Item.Labelled
	if !label && p.Done(step).IsZero() {
		return false, nil
	}
	before := p.Item.State
	if s := &p.Item.State; step == kiosk.StepRegister && s.Status == kiosk.CopyAvailable {
		s.Status, s.Place = kiosk.CopyInProcessing, ""
	}
	// The copy's state first: what is available cannot be out of the register.
	if err := x.tell(kiosk.EventUnprocessed, kiosk.Payload{Step: step, Comment: x.Comment}, &before, p.Item.State); err != nil {
		return false, err
	}
	if label {
		p.Item.Labelled = false
		if err := x.PutCopy(p.Item.Copy); err != nil {
			return false, fmt.Errorf("copy: %w", err)
		}
	}
	if p.LineID == "" {
		return true, nil
	}
	p.Tick(step, kiosk.Day{})
	if err := x.PutProcessing(p.Processing); err != nil {
		return false, fmt.Errorf("processing: %w", err)
	}
	return true, nil
}

// againstUnregister says why a registration stands.
func (x *intake) againstUnregister(p kiosk.ProcessingItem) (kiosk.StepReason, error) {
	_, err := x.OpenLoan(p.CopyID)
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return "", fmt.Errorf("open loan: %w", err)
	}
	if err == nil || p.Item.State.Loans > 0 || p.Item.State.OnSite > 0 {
		return kiosk.StepWasUsed, nil
	}
	hs, err := x.HoldsOf(p.Item.TitleID)
	if err != nil {
		return "", fmt.Errorf("holds: %w", err)
	}
	if slices.ContainsFunc(hs, func(h kiosk.Hold) bool { return h.CopyID == p.CopyID }) {
		return kiosk.StepReserved, nil
	}
	if !p.Stamped.IsZero() || !p.Labelled.IsZero() || !p.Shelved.IsZero() {
		return kiosk.StepLater, nil
	}
	return "", nil
}
