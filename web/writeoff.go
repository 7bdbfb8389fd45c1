package web

import (
	"net/http"

	"muontra/kiosk"
)

// writeOffPage is the form by which books of a quantity line leave its number.
func (s *Server) writeOffPage(w http.ResponseWriter, r *http.Request) error {
	return s.showWriteOff(w, r, http.StatusOK, newForm("lost", "0", "shelf", "0", "cause", string(kiosk.CauseTorn)))
}

func (s *Server) showWriteOff(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var row textbookRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if row.TextbookLine, err = v.TextbookLine(kiosk.ID(r.PathValue("id"))); err != nil {
			return err
		}
		row.Title, err = v.Title(row.TitleID)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "writeoff.html", map[string]any{"F": f, "L": row, "Causes": choices(s.lang(r), "weed.cause.", kiosk.WithdrawalCauses)})
	return nil
}

func (s *Server) writeOff(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	lost, shelf := f.count("lost", 0, 0, kiosk.MaxRegister), f.count("shelf", 0, 0, kiosk.MaxRegister)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Cataloguing.WriteOff(r.Context(), a, kiosk.ID(r.PathValue("id")), lost, shelf, kiosk.WithdrawalCause(f.Get("cause")))
		if err != nil {
			return "", err
		}
		s.done(r, textbooksPath, s.undoOf(done.Result.EventSeq), "textbooks.off_done", "n", lost+shelf)
		return textbooksPath, nil
	}, func(status int) error { return s.showWriteOff(w, r, status, f) })
}
