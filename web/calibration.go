package web

import (
	"context"
	"net/http"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
	"muontra/labels/sheet"
)

// calibrationPage asks for what a ruler reads off the calibration page. A
// label printer is aligned by two numbers, since its dots cannot be stretched.
func (s *Server) calibrationPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.printerIn(r)
	if err != nil {
		return err
	}
	f := newForm("left", decimal(sheet.Cross), "top", decimal(sheet.Cross), "width", decimal(sheet.Ruler), "height", decimal(sheet.Ruler),
		"x", decimal(p.OffsetX), "y", decimal(p.OffsetY))
	return s.calibrationForm(w, r, http.StatusOK, f, p)
}

func (s *Server) calibrationForm(w http.ResponseWriter, r *http.Request, status int, f *form, p kiosk.Printer) error {
	var st sheet.Stock
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		own, err := queue.Stocks(v)
		if err != nil {
			return err
		}
		st, err = sheet.Find(p.Stock, own...)
		return err
	})
	if err != nil {
		if text, known := explained(s.lang(r), err); known {
			f.Trouble = text
		} else {
			return err
		}
	}
	s.deskPage(w, r, status, "calibration.html", map[string]any{"F": f, "P": p, "Roll": st.Kind == sheet.Roll})
	return nil
}

// calibrate computes a printer's offset and scale of the numbers read off.
func (s *Server) calibrate(w http.ResponseWriter, r *http.Request) error {
	old, err := s.printerIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	p := old
	var wrong error
	if f.Values.Has("x") || old.Language != string(labels.PDF) {
		p.OffsetX, p.OffsetY, p.ScaleX, p.ScaleY = f.length("x"), f.length("y"), 1, 1
	} else {
		var a sheet.Adjust
		a, wrong = sheet.Measured(f.length("left"), f.length("top"), f.length("width"), f.length("height"))
		p.OffsetX, p.OffsetY, p.ScaleX, p.ScaleY = round(a.X), round(a.Y), a.ScaleX, a.ScaleY
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		if wrong != nil {
			return "", wrong
		}
		if err := s.savePrinter(r.Context(), &p); err != nil {
			return "", err
		}
		s.done(r, printersPath, func(ctx context.Context, _ kiosk.Attempt) error { return s.savePrinter(ctx, &old) },
			"printers.calibrated", "name", p.Name, "x", words1(p.OffsetX), "y", words1(p.OffsetY))
		return printersPath, nil
	}, func(status int) error { return s.calibrationForm(w, r, status, f, old) })
}
