package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/web/words"
)

// printerRoutes are the printers and their queue.
func (s *Server) printerRoutes() []route {
	return []route{
		{"GET", "/desk/printers", librarian, s.printers},
		{"POST", "/desk/printers", librarian, s.putPrinter},
		{"GET", "/desk/printers/new", librarian, s.newPrinter},
		{"GET", "/desk/printers/queue", librarian, s.printQueue},
		{"GET", "/desk/printers/{id}", librarian, named(s.editPrinter)},
		{"POST", "/desk/printers/{id}", librarian, named(s.putPrinter)},
		{"POST", "/desk/printers/{id}/do", librarian, named(s.printerButton)},
		{"GET", "/desk/printers/{id}/calibration", librarian, named(s.calibrationPage)},
		{"POST", "/desk/printers/{id}/calibration", librarian, named(s.calibrate)},
		{"POST", "/desk/jobs/{job}", librarian, named(s.jobButton)},
	}
}

const printersPath = "/desk/printers"

// maxPrinterName is the longest name of a printer, in letters.
const maxPrinterName = 64

// printerRow is a printer as the list shows it.
type printerRow struct {
	kiosk.Printer
	Kind    string // of queue.Status, "" when it was not asked yet
	Reasons []string
	Detail  string
	StockIs string
}

// Well reports whether it can print.
func (p printerRow) Well() bool {
	return len(p.Reasons) == 0 && (p.Kind == queue.Idle || p.Kind == queue.Processing || p.Kind == queue.Unknown)
}

// printers lists the printers, how they are, and what they print.
func (s *Server) printers(w http.ResponseWriter, r *http.Request) error {
	if s.Printing == nil {
		return errNotFound
	}
	data, err := s.queueData(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "printers.html", data)
	return nil
}

// reasonText is a code of the queue or of a printer in words; one that only
// the printer knows stays as it is.
func reasonText(l words.Lang, code string) string {
	if key := "queue.reason." + code; words.Has(l, key) {
		return words.T(l, key)
	}
	return code
}

// newPrinter is the empty form of a printer.
func (s *Server) newPrinter(w http.ResponseWriter, r *http.Request) error {
	if s.Printing == nil {
		return errNotFound
	}
	return s.printerForm(w, r, http.StatusOK, newForm("language", string(labels.PDF), "dpi", "203", "stock", "a4-65"), kiosk.Printer{})
}

func (s *Server) printerForm(w http.ResponseWriter, r *http.Request, status int, f *form, known kiosk.Printer) error {
	var own []sheet.Stock
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		own, err = queue.Stocks(v)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "printerform.html", map[string]any{
		"F": f, "P": known, "Stocks": allStocks(s.lang(r), own),
		"Languages": []labels.Format{labels.PDF, labels.ZPL, labels.TSPL, labels.EPL}, "DPIs": []string{"203", "300", "600"},
	})
	return nil
}

// printerIn is the printer that a path names.
func (s *Server) printerIn(r *http.Request) (p kiosk.Printer, err error) {
	if s.Printing == nil {
		return p, errNotFound
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		list, err := v.Printers()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(p kiosk.Printer) bool { return string(p.ID) == r.PathValue("id") })
		if i < 0 {
			return kiosk.ErrNotFound
		}
		p = list[i]
		return nil
	})
	return p, err
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// editPrinter is the filled form of a printer.
func (s *Server) editPrinter(w http.ResponseWriter, r *http.Request) error {
	p, err := s.printerIn(r)
	if err != nil {
		return err
	}
	return s.printerForm(w, r, http.StatusOK, formOfPrinter(p).stamp(), p)
}

func formOfPrinter(p kiosk.Printer) *form {
	return newForm("name", p.Name, "target", p.Target, "language", p.Language, "dpi", strconv.Itoa(p.DPI), "stock", p.Stock)
}

// putPrinter sets a printer up, or changes one. A name stays unique.
func (s *Server) putPrinter(w http.ResponseWriter, r *http.Request) error {
	if s.Printing == nil {
		return errNotFound
	}
	old := kiosk.Printer{ScaleX: 1, ScaleY: 1}
	var err error
	if r.PathValue("id") != "" {
		if old, err = s.printerIn(r); err != nil {
			return err
		}
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	p := old
	p.Name, p.Language, p.Stock = f.Get("name"), f.Get("language"), f.Get("stock")
	p.DPI, p.Disabled = int(f.whole("dpi", 203, false)), false
	s.checkPrinter(f, &p)
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		// Only an edited printer can have been changed by another meanwhile.
		err := s.savePrinter(r.Context(), &p, func(now kiosk.Printer) error { return f.stale(formOfPrinter(now)) })
		if errors.Is(err, kiosk.ErrConflict) {
			f.Wrong["name"] = "taken"
			return "", errForm
		}
		if err != nil {
			return "", err
		}
		var back func(context.Context, kiosk.Attempt) error
		if old.ID != "" {
			back = func(ctx context.Context, _ kiosk.Attempt) error { return s.savePrinter(ctx, &old) }
		}
		s.done(r, printersPath, back, "printers.saved", "name", p.Name)
		return printersPath, nil
	}, func(status int) error { return s.printerForm(w, r, status, f, old) })
}

// checkPrinter finds what cannot be before anything is stored.
func (s *Server) checkPrinter(f *form, p *kiosk.Printer) {
	if p.Name == "" {
		f.Wrong["name"] = "missing"
	} else if utf8.RuneCountInString(p.Name) > maxPrinterName || !short(p.Name, 4*maxPrinterName) {
		f.Wrong["name"] = "printer_name"
	}
	switch labels.Format(p.Language) {
	case labels.PDF, labels.ZPL, labels.TSPL, labels.EPL:
	default:
		f.Wrong["language"] = "unknown"
	}
	if p.DPI != 203 && p.DPI != 300 && p.DPI != 600 {
		f.Wrong["dpi"] = "unknown"
	}
	switch target := f.Get("target"); {
	case target == "":
		f.Wrong["target"] = "missing"
	case !short(target, 300):
		f.Wrong["target"] = "target"
	default:
		p.Target = target
		if s.Target == nil {
			return
		}
		full, err := s.Target(target)
		if err != nil {
			f.Wrong["target"] = "target"
			return
		}
		p.Target = full
	}
}

// savePrinter stores a printer. A label printer has no scale: its dots are
// what they are; and what lies in it must be a stock that is known and on
// which its offset leaves the labels. The checks see a printer that is changed
// as it is stored, in the same transaction.
func (s *Server) savePrinter(ctx context.Context, p *kiosk.Printer, checks ...func(now kiosk.Printer) error) error {
	if p.Language != string(labels.PDF) {
		p.ScaleX, p.ScaleY = 1, 1
	}
	return s.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		stored, err := tx.Printers()
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(stored, func(x kiosk.Printer) bool { return x.ID == p.ID }); i >= 0 {
			for _, check := range checks {
				if err := check(stored[i]); err != nil {
					return err
				}
			}
		}
		own, err := queue.Stocks(tx)
		if err != nil {
			return err
		}
		st, err := sheet.Find(p.Stock, own...)
		if err != nil {
			return &kiosk.FieldError{Field: "stock", Problem: kiosk.FieldUnknown}
		}
		if p.Language != string(labels.PDF) && st.Kind != sheet.Roll {
			return say.New("thermal_sheet", "format", p.Language, "stock", st.Name)
		}
		if err := (sheet.Adjust{X: p.OffsetX, Y: p.OffsetY, ScaleX: p.ScaleX, ScaleY: p.ScaleY}).Check(st); err != nil {
			return err
		}
		if has, err := tx.PrinterByName(p.Name); err == nil && has.ID != p.ID {
			return kiosk.ErrConflict
		} else if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return err
		}
		if p.ID == "" {
			p.ID = tx.NewID()
		}
		return tx.PutPrinter(*p)
	})
}

// printerButton does one of the buttons of a printer: a test label, the page
// that aligns it, or out of use and back.
func (s *Server) printerButton(w http.ResponseWriter, r *http.Request) error {
	p, err := s.printerIn(r)
	if err != nil {
		return err
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	lang, to := s.lang(r), printersPath
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		layout := labels.TestLabel
		switch f.Get("do") {
		case "test":
		case "calibrate":
			layout, to = labels.Calibration, printersPath+"/"+string(p.ID)+"/calibration"
		case "disable":
			if err := s.Printing.Disable(r.Context(), p.ID); err != nil {
				return "", err
			}
			s.done(r, printersPath, func(ctx context.Context, _ kiosk.Attempt) error { return s.savePrinter(ctx, &p) }, "printers.disabled", "name", p.Name)
			return to, nil
		case "enable":
			on := p
			on.Disabled = false
			if err := s.savePrinter(r.Context(), &on); err != nil {
				return "", err
			}
			s.done(r, printersPath, nil, "printers.saved", "name", p.Name)
			return to, nil
		default:
			return "", errBadBody
		}
		title := words.T(lang, "labels.layout."+string(layout))
		if _, err := s.Printing.Add(r.Context(), kiosk.PrintJob{PrinterID: p.ID, Layout: string(layout), Stock: p.Stock, Title: title, CreatedBy: a.Staff}); err != nil {
			return "", err
		}
		s.done(r, to, nil, "printers.sent", "title", title)
		return to, nil
	}, s.refused(w, r, f, printersPath))
}
