package web

import (
	"net/http"

	"muontra/kiosk"
	"muontra/web/words"
)

// missPieces notes that pieces of a copy are not there, on the page where it was
// said; it is taken back there.
func (s *Server) missPieces(r *http.Request, a kiosk.Attempt, i kiosk.Item, page string) error {
	if s.Cataloguing == nil {
		return errNotFound
	}
	var today kiosk.Day
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		today, err = s.today(v)
		return err
	})
	if err != nil {
		return err
	}
	// What is kept is the school's language, whatever the page speaks.
	done, err := s.Cataloguing.MissPieces(r.Context(), a, i.ID, words.T(s.Lang, "pieces.missing_line", "day", words.Date(today), "n", i.Pieces))
	if err != nil {
		return err
	}
	s.done(r, page, s.undoOf(done.Result.EventSeq), "pieces.noted", "title", i.Title.Name())
	return nil
}

// askedForPieces is the copy whose return was just answered, if its pieces are
// to be counted.
func askedForPieces(r *kiosk.Result) bool {
	if r.Outcome != kiosk.Returned || r.Copy == nil {
		return false
	}
	for _, n := range r.Notes {
		if n.Code == kiosk.NotePieces {
			return true
		}
	}
	return false
}
