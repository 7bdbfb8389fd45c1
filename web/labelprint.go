package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/web/words"
)

// sentOrder reads an order that was sent with a button.
func sentOrder(f *form) (labelOrder, error) {
	q, err := url.ParseQuery(f.Values.Get("order"))
	if err != nil {
		return labelOrder{}, errBadBody
	}
	o, chosen := orderOf(q)
	if !chosen {
		return o, errBadBody
	}
	if p := f.Get("printer"); p != "" {
		o.Printer = kiosk.ID(p)
	}
	return o, nil
}

// printLabels puts an order into a printer's queue. What cannot be drawn is
// told here and now.
func (s *Server) printLabels(w http.ResponseWriter, r *http.Request) error {
	if s.Printing == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	o, err := sentOrder(f)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		p, err := s.pick(r.Context(), o)
		if err != nil {
			return "", err
		}
		if err := p.missing(o); err != nil {
			return "", err
		}
		if err := s.rehearse(r.Context(), o, p); err != nil {
			return "", err
		}
		job := kiosk.PrintJob{PrinterID: o.Printer, Layout: string(o.Layout), Stock: o.Stock, Skip: o.Skip, Subjects: p.Subjects(), CreatedBy: a.Staff}
		job.Title = jobTitle(lang, o, len(job.Subjects))
		if _, err := s.Printing.Add(r.Context(), job); err != nil {
			return "", err
		}
		s.done(r, printersPath, nil, "printers.sent", "title", job.Title)
		return printersPath, nil
	}, s.refused(w, r, f, "/desk/labels?"+string(o.Query())))
}

// rehearse draws an order as its printer would, so that what cannot be drawn is
// told beside the order and not later in the queue.
func (s *Server) rehearse(ctx context.Context, o labelOrder, p picked) error {
	var printer kiosk.Printer
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		list, err := v.Printers()
		i := slices.IndexFunc(list, func(p kiosk.Printer) bool { return p.ID == o.Printer })
		if err == nil && i < 0 {
			err = kiosk.ErrNotFound
		}
		if err == nil {
			printer = list[i]
		}
		return err
	})
	if err != nil {
		return err
	}
	j := p.Job
	j.Format = labels.Format(printer.Language)
	if j.Format != labels.PDF {
		j.DPI = printer.DPI
	}
	_, _, err = s.draw(ctx, j)
	return err
}

// jobTitle is how people find a job in the queue again. It names nobody.
func jobTitle(l words.Lang, o labelOrder, n int) string {
	title := words.T(l, "labels.layout."+string(o.Layout))
	if o.Class != "" && (o.Layout == labels.PatronCard || o.Layout == labels.ClassSheet) {
		title += " " + o.Class
	}
	if n > 0 {
		title = words.T(l, "labels.job", "what", title, "n", n)
	}
	return title
}

// markLabels notes that the labels of an order, printed from the browser, are
// stuck on: the queue does it by itself.
func (s *Server) markLabels(w http.ResponseWriter, r *http.Request) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	o, err := sentOrder(f)
	if err != nil {
		return err
	}
	const to = "/desk/labels"
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		p, err := s.pick(r.Context(), o)
		if err != nil {
			return "", err
		}
		if err := p.missing(o); err != nil {
			return "", err
		}
		ticked, err := s.Acquisitions.Tick(r.Context(), a, kiosk.StepLabel, p.Subjects())
		if err != nil {
			return "", err
		}
		var did []kiosk.ID
		for _, c := range ticked.Copies {
			did = append(did, c.CopyID)
		}
		var back func(context.Context, kiosk.Attempt) error
		if len(did) > 0 {
			back = func(ctx context.Context, a kiosk.Attempt) error {
				_, err := s.Acquisitions.Untick(ctx, a, kiosk.StepLabel, did)
				return err
			}
		}
		s.done(r, to, back, "step.done.label", "n", len(did))
		return to, nil
	}, s.refused(w, r, f, to+"?"+string(o.Query())))
}
