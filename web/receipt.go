package web

import (
	"context"
	"net/http"
	"slices"

	"muontra/kiosk"
)

// stepCell is how far a step has come: for a line, or for the whole receipt.
type stepCell struct {
	Step  kiosk.Step
	Done  int
	Ready int // wait for it and may have it
	Total int
}

// lineRow is a line of a receipt with its copies.
type lineRow struct {
	kiosk.ReceiptLine
	Title      kiosk.Title
	Place      string
	Sum        int64
	First      string // accession numbers, "" before registration
	Last       string
	Steps      []stepCell
	Copies     []kiosk.ProcessingItem
	Changeable bool // none is registered, and the receipt is open
}

// receiptView is a delivery as its pages show it.
type receiptView struct {
	kiosk.Receipt
	Lines  []lineRow
	Steps  []stepCell
	Copies int
	Sum    int64
}

// Numbered is how many copies have an accession number: what labels can be
// printed for.
func (v receiptView) Numbered() int { return v.Steps[0].Done }

// readReceipt gathers a delivery; a removed line is left out.
func readReceipt(v kiosk.View, id kiosk.ID) (receiptView, error) {
	out := receiptView{Steps: newCells()}
	var err error
	if out.Receipt, err = v.Receipt(id); err != nil {
		return out, err
	}
	lines, err := v.ReceiptLines(id)
	if err != nil {
		return out, err
	}
	items, err := v.ProcessingOf(id)
	if err != nil {
		return out, err
	}
	places, err := v.Places()
	if err != nil {
		return out, err
	}
	for _, l := range lines {
		if l.Quantity == 0 {
			continue
		}
		row := lineRow{ReceiptLine: l, Sum: l.Price * int64(l.Quantity), Steps: newCells()}
		if row.Title, err = v.Title(l.TitleID); err != nil {
			return out, err
		}
		if i := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == l.HomePlace }); i >= 0 {
			row.Place = placeText(places[i])
		}
		for _, p := range items {
			if p.LineID != l.ID || gone(p.Item) {
				continue
			}
			row.Copies = append(row.Copies, p)
			count(row.Steps, p)
			count(out.Steps, p)
			if p.Item.Accession != "" {
				if row.First == "" {
					row.First = p.Item.Accession
				}
				row.Last = p.Item.Accession
			}
		}
		row.Changeable = !out.Closed && row.Steps[0].Done == 0
		out.Copies += len(row.Copies)
		out.Sum += row.Sum
		out.Lines = append(out.Lines, row)
	}
	return out, nil
}

func newCells() []stepCell {
	cells := make([]stepCell, len(kiosk.Steps))
	for i, s := range kiosk.Steps {
		cells[i].Step = s
	}
	return cells
}

func count(cells []stepCell, p kiosk.ProcessingItem) {
	for i, s := range kiosk.Steps {
		cells[i].Total++
		switch {
		case !p.Done(s).IsZero():
			cells[i].Done++
		case s == kiosk.StepRegister || !p.Registered.IsZero():
			cells[i].Ready++
		}
	}
}

// gone copies wait for nothing.
func gone(i kiosk.Item) bool {
	return i.State.Status == kiosk.CopyWithdrawn || i.State.Status == kiosk.CopyLost
}

// placeText is a place as people call it.
func placeText(p kiosk.Place) string {
	switch {
	case p.Name == "" || p.Name == p.Code:
		return p.Code
	case p.Code == "":
		return p.Name
	}
	return p.Code + " · " + p.Name
}

// receipt shows a delivery: its lines, the steps of the work, and the box into
// which the next book is scanned.
func (s *Server) receipt(w http.ResponseWriter, r *http.Request) error {
	return s.showReceipt(w, r, "receipt.html")
}

// handOver is a delivery as a sheet to sign (seed R171).
func (s *Server) handOver(w http.ResponseWriter, r *http.Request) error {
	return s.showReceipt(w, r, "handover.html")
}

func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request, page string) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	var v receiptView
	var paper letterhead
	err := s.Ledger.View(r.Context(), func(view kiosk.View) (err error) {
		if paper, err = s.paperNow(view, s.lang(r)); err != nil {
			return err
		}
		v, err = readReceipt(view, kiosk.ID(r.PathValue("id")))
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, page, map[string]any{"R": v, "Paper": paper})
	return nil
}

// tick ticks a step in bulk: for all copies of a receipt that wait for it, or
// for those of one line.
func (s *Server) tick(w http.ResponseWriter, r *http.Request) error {
	rc, err := s.receiptIn(r)
	if err != nil {
		return err
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to := receiptPath(rc.ID)
	step, line := kiosk.Step(f.Get("step")), kiosk.ID(f.Get("line"))
	if !slices.Contains(kiosk.Steps, step) {
		return errBadBody
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		ids, err := s.readyFor(r.Context(), rc.ID, line, step)
		if err != nil {
			return "", err
		}
		if len(ids) == 0 {
			s.done(r, to, nil, "step.nothing")
			return to, nil
		}
		ticked, err := s.Acquisitions.Tick(r.Context(), a, step, ids)
		if err != nil {
			return "", err
		}
		var did []kiosk.ID
		for _, c := range ticked.Copies {
			did = append(did, c.CopyID)
		}
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Acquisitions.Untick(ctx, a, step, did)
			return err
		}, "step.done."+string(step), "n", len(did))
		return to, nil
	}, s.refused(w, r, f, to))
}

// readyFor are the copies that wait for a step and may have it now.
func (s *Server) readyFor(ctx context.Context, receipt, line kiosk.ID, step kiosk.Step) (ids []kiosk.ID, err error) {
	err = s.Ledger.View(ctx, func(v kiosk.View) error {
		items, err := v.ProcessingOf(receipt)
		for _, p := range items {
			registered := step == kiosk.StepRegister || !p.Registered.IsZero()
			if !gone(p.Item) && registered && p.Done(step).IsZero() && (line == "" || p.LineID == line) {
				ids = append(ids, p.CopyID)
			}
		}
		return err
	})
	return ids, err
}
