package web

import (
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// waitingCopy is a copy with a step of processing that waits.
type waitingCopy struct {
	kiosk.ProcessingItem
	Receipt kiosk.Receipt
	Days    int // since its delivery
}

// waitingList is every copy that waits, the longest wait first.
var waitingList = list[waitingCopy]{
	Title: "waiting.title",
	Columns: []column[waitingCopy]{
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(c waitingCopy) any { return c.Item.Accession }},
		{Key: "barcode", Word: "list.barcode", Kind: codeCell, Of: func(c waitingCopy) any { return c.Item.Barcode }},
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(c waitingCopy) any { return c.Item.Title.Title }, Note: func(c waitingCopy) string { return c.Item.Title.Remainder }},
		{Key: "kind", Word: "list.kind", Kind: textCell, Of: func(c waitingCopy) any { return string(c.Item.Kind) }, Say: func(c waitingCopy) string { return "kind." + string(c.Item.Kind) }},
		{Key: "step", Word: "waiting.step", Kind: textCell, Of: func(c waitingCopy) any { return string(c.Next()) }, Say: func(c waitingCopy) string { return "step.waits." + string(c.Next()) }, Mark: func(waitingCopy) string { return "out" }},
		{Key: "receipt", Word: "waiting.receipt", Kind: numberCell, Of: func(c waitingCopy) any { return c.Receipt.Entry }, Link: func(c waitingCopy) string { return receiptPath(c.Receipt.ID) }},
		{Key: "date", Word: "list.date", Kind: dayCell, Of: func(c waitingCopy) any { return c.Receipt.Date }},
		{Key: "days", Word: "waiting.days", Kind: numberCell, Of: func(c waitingCopy) any { return c.Days }},
	},
}

// waitingPage lists what waits, of one step or of all.
func (s *Server) waitingPage(w http.ResponseWriter, r *http.Request) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	step := kiosk.Step(r.URL.Query().Get("step"))
	if !slices.Contains(kiosk.Steps, step) {
		step = ""
	}
	var rows []waitingCopy
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		items, err := v.Waiting()
		if err != nil {
			return err
		}
		receipts := map[kiosk.ID]kiosk.Receipt{} // by line
		for _, p := range items {
			if step != "" && p.Next() != step {
				continue
			}
			rc, known := receipts[p.LineID]
			if !known {
				l, err := v.ReceiptLine(p.LineID)
				if err != nil {
					return err
				}
				if rc, err = v.Receipt(l.ReceiptID); err != nil {
					return err
				}
				receipts[p.LineID] = rc
			}
			rows = append(rows, waitingCopy{p, rc, max(0, today.Sub(rc.Date))})
		}
		return nil
	})
	if err != nil {
		return err
	}
	data := map[string]any{"Steps": kiosk.Steps, "Step": step}
	if step != "" {
		data["Filter"] = words.T(s.lang(r), "step.waits."+string(step))
	}
	return showList(s, w, r, waitingList, rows, "waiting.html", data)
}
