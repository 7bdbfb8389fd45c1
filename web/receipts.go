package web

import (
	"context"
	"net/http"
	"slices"

	"muontra/kiosk"
)

// receiptRoutes are new stock, from its delivery to its shelf.
func (s *Server) receiptRoutes() []route {
	return []route{
		{"GET", "/desk/receipts", librarian, s.receipts},
		{"POST", "/desk/receipts", librarian, s.openReceipt},
		{"GET", "/desk/receipts/new", librarian, s.newReceipt},
		{"GET", "/desk/receipts/waiting", librarian, s.waitingPage},
		{"GET", "/desk/receipts/{id}", librarian, named(s.receipt)},
		{"POST", "/desk/receipts/{id}", librarian, named(s.changeReceipt)},
		{"GET", "/desk/receipts/{id}/edit", librarian, named(s.editReceipt)},
		{"GET", "/desk/receipts/{id}/sheet", librarian, named(s.handOver)},
		{"POST", "/desk/receipts/{id}/close", librarian, named(s.closeReceipt)},
		{"POST", "/desk/receipts/{id}/tick", librarian, named(s.tick)},
		{"GET", "/desk/receipts/{id}/add", librarian, named(s.addLine)},
		{"POST", "/desk/receipts/{id}/add", librarian, named(s.putLine)},
		{"GET", "/desk/receipts/{id}/lines/{line}", librarian, named(s.editLine)},
		{"POST", "/desk/receipts/{id}/lines/{line}", librarian, named(s.changeLine)},
		{"POST", "/desk/receipts/{id}/lines/{line}/remove", librarian, named(s.removeLine)},
		{"GET", "/desk/shelve", librarian, s.shelvePage},
		{"POST", "/desk/shelve", librarian, s.shelve},
	}
}

// receiptRow is a delivery in the list, with what of it waits.
type receiptRow struct {
	kiosk.Receipt
	Waits int  // copies with a step that waits
	Empty bool // an open one without a line
}

// waitRow is what waits for one step.
type waitRow struct {
	Step kiosk.Step
	N    int
	Days int // of the longest wait
}

// waiting is all that waits: by step, and by receipt.
type waiting struct {
	Total, Days int
	Steps       []waitRow
	by          map[kiosk.ID]int
}

// waitingNow counts what waits, and for how long since its delivery.
func (s *Server) waitingNow(v kiosk.View) (waiting, error) {
	w := waiting{by: map[kiosk.ID]int{}}
	for _, step := range kiosk.Steps {
		w.Steps = append(w.Steps, waitRow{Step: step})
	}
	today, err := s.today(v)
	if err != nil {
		return w, err
	}
	items, err := v.Waiting()
	if err != nil {
		return w, err
	}
	lines, dates := map[kiosk.ID]kiosk.ID{}, map[kiosk.ID]kiosk.Day{}
	for _, p := range items {
		receipt, known := lines[p.LineID]
		if !known {
			l, err := v.ReceiptLine(p.LineID)
			if err != nil {
				return w, err
			}
			r, err := v.Receipt(l.ReceiptID)
			if err != nil {
				return w, err
			}
			receipt = r.ID
			lines[p.LineID], dates[receipt] = receipt, r.Date
		}
		w.Total++
		w.by[receipt]++
		days := max(0, today.Sub(dates[receipt]))
		w.Days = max(w.Days, days)
		row := &w.Steps[slices.Index(kiosk.Steps, p.Next())]
		row.N, row.Days = row.N+1, max(row.Days, days)
	}
	return w, nil
}

// today is the school's day.
func (s *Server) today(v kiosk.View) (kiosk.Day, error) {
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return kiosk.Day{}, err
	}
	return kiosk.DayOf(s.Now(), loc), nil
}

var receiptList = list[receiptRow]{
	Title: "receipts.title",
	Columns: []column[receiptRow]{
		{Key: "entry", Word: "list.entry", Kind: numberCell, Of: func(r receiptRow) any { return r.Entry }},
		{Key: "date", Word: "list.date", Kind: dayCell, Of: func(r receiptRow) any { return r.Date }},
		{Key: "supplier", Word: "list.supplier", Kind: textCell, Of: func(r receiptRow) any { return r.Supplier }},
		{Key: "source", Word: "list.source", Kind: textCell, Of: func(r receiptRow) any { return string(r.Source) }, Say: func(r receiptRow) string { return "source." + string(r.Source) }},
		{Key: "voucher", Word: "list.voucher", Kind: codeCell, Of: func(r receiptRow) any { return r.Voucher }},
		{Key: "waits", Word: "list.waits", Kind: numberCell, Of: func(r receiptRow) any { return r.Waits }},
	},
	Mute: func(r receiptRow) bool { return r.Closed },
}

// receipts lists the deliveries, open ones first, and what waits.
func (s *Server) receipts(w http.ResponseWriter, r *http.Request) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	var now waiting
	var open, closed []receiptRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if now, err = s.waitingNow(v); err != nil {
			return err
		}
		list, err := v.Receipts(false)
		for _, rc := range list {
			row := receiptRow{Receipt: rc, Waits: now.by[rc.ID]}
			if rc.Closed {
				closed = append(closed, row)
				continue
			}
			lines, err := v.ReceiptLines(rc.ID)
			if err != nil {
				return err
			}
			row.Empty = !slices.ContainsFunc(lines, func(l kiosk.ReceiptLine) bool { return l.Quantity > 0 })
			open = append(open, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return showOwn(s, w, r, http.StatusOK, receiptList, append(open, closed...), "receipts.html", map[string]any{"Waiting": now, "Open": len(open), "Closed": len(closed)})
}

// newReceipt is the empty form of a delivery: of today, from where the last
// one came.
func (s *Server) newReceipt(w http.ResponseWriter, r *http.Request) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	f := newForm("source", string(kiosk.Purchase))
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		f.Values.Set("date", today.String())
		return s.giftInto(v, f, kiosk.ID(r.URL.Query().Get("for")))
	})
	if err != nil {
		return err
	}
	return s.receiptForm(w, r, http.StatusOK, f, kiosk.Receipt{})
}

// receiptForm shows the form of a delivery, new or known.
func (s *Server) receiptForm(w http.ResponseWriter, r *http.Request, status int, f *form, known kiosk.Receipt) error {
	classes, err := s.classNames(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "receiptform.html", map[string]any{"F": f, "R": known, "Sources": kiosk.AcquisitionSources, "Classes": classes})
	return nil
}

func (s *Server) classNames(r *http.Request) ([]string, error) {
	var names []string
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		list, err := v.Classes(rules.Year.ID)
		for _, c := range list {
			names = append(names, c.Name)
		}
		return err
	})
	return names, err
}

// receiptOf reads a delivery from its form.
func receiptOf(f *form) kiosk.Receipt {
	rc := kiosk.Receipt{
		Source: kiosk.AcquisitionSource(f.Get("source")), Supplier: f.Get("supplier"), DonorClass: f.Get("donor_class"),
		Voucher: f.Get("voucher"), Funding: f.Get("funding"), Note: f.Get("note"),
	}
	if rc.Source != kiosk.Donation {
		// The field stands beside the donor's; what was typed there before
		// another source was chosen means nothing now.
		rc.DonorClass = ""
	}
	rc.Date = f.day("date", false)
	return rc
}

// openReceipt enters a delivery.
func (s *Server) openReceipt(w http.ResponseWriter, r *http.Request) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	rc := receiptOf(f)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		made, err := s.Acquisitions.OpenReceipt(r.Context(), a, rc)
		if err != nil {
			return "", err
		}
		if err := s.takeGift(r.Context(), a, kiosk.ID(f.Get("for")), made.ID); err != nil {
			return "", err
		}
		to := receiptPath(made.ID)
		s.done(r, to, nil, "receipt.opened", "n", made.Entry)
		return to, nil
	}, func(status int) error { return s.receiptForm(w, r, status, f, kiosk.Receipt{}) })
}

func receiptPath(id kiosk.ID) string { return "/desk/receipts/" + string(id) }

// receiptIn is the receipt that a path names.
func (s *Server) receiptIn(r *http.Request) (rc kiosk.Receipt, err error) {
	if s.Acquisitions == nil {
		return rc, errNotFound
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rc, err = v.Receipt(kiosk.ID(r.PathValue("id")))
		return err
	})
	return rc, err
}

// editReceipt is the filled form of a delivery.
func (s *Server) editReceipt(w http.ResponseWriter, r *http.Request) error {
	rc, err := s.receiptIn(r)
	if err != nil {
		return err
	}
	return s.receiptForm(w, r, http.StatusOK, formOfReceipt(rc).stamp(), rc)
}

func formOfReceipt(rc kiosk.Receipt) *form {
	return newForm("source", string(rc.Source), "supplier", rc.Supplier, "donor_class", rc.DonorClass, "voucher", rc.Voucher,
		"date", rc.Date.String(), "funding", rc.Funding, "note", rc.Note)
}

// changeReceipt corrects a delivery.
func (s *Server) changeReceipt(w http.ResponseWriter, r *http.Request) error {
	old, err := s.receiptIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	rc := receiptOf(f)
	rc.ID = old.ID
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was kiosk.Receipt
		saved, err := s.Acquisitions.ChangeReceipt(r.Context(), a, rc, func(now kiosk.Receipt) error {
			was = now
			return f.stale(formOfReceipt(now))
		})
		if err != nil {
			return "", err
		}
		to := receiptPath(rc.ID)
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Acquisitions.ChangeReceipt(ctx, a, was, func(now kiosk.Receipt) error {
				if stampOf(formOfReceipt(now).Values) != stampOf(formOfReceipt(saved).Values) {
					return errChangedSince
				}
				return nil
			})
			return err
		}, "receipt.changed")
		return to, nil
	}, func(status int) error { return s.receiptForm(w, r, status, f, old) })
}

// closeReceipt ends the entering of a delivery, or begins it again.
func (s *Server) closeReceipt(w http.ResponseWriter, r *http.Request) error {
	rc, err := s.receiptIn(r)
	if err != nil {
		return err
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to := receiptPath(rc.ID)
	do, back, key := s.Acquisitions.CloseReceipt, s.Acquisitions.ReopenReceipt, "receipt.closed"
	if f.Is("open", "yes") {
		do, back, key = back, do, "receipt.reopened"
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if _, err := do(r.Context(), a, rc.ID); err != nil {
			return "", err
		}
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := back(ctx, a, rc.ID)
			return err
		}, key, "n", rc.Entry)
		return to, nil
	}, s.refused(w, r, f, to))
}
