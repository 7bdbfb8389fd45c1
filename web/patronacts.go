package web

import (
	"context"
	"errors"
	"net/http"

	"muontra/kiosk"
)

// onPatron does one act on the person of the path and goes back to the page,
// with the words of key and the way back, where there is one.
func (s *Server) onPatron(w http.ResponseWriter, r *http.Request, f *form, key string, do func(kiosk.Attempt, kiosk.ID) (kiosk.PatronDone, error), back func(context.Context, kiosk.Attempt, kiosk.PatronDone) error) error {
	if s.People == nil {
		return errNotFound
	}
	id := kiosk.ID(r.PathValue("id"))
	to := patronPath(id)
	again := func(status int) error { return s.showPatron(w, r, status, f) }
	if f.Button {
		again = s.refused(w, r, f, to)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := do(a, id)
		if err != nil {
			return "", err
		}
		var undo func(context.Context, kiosk.Attempt) error
		if back != nil {
			undo = func(ctx context.Context, a kiosk.Attempt) error { return back(ctx, a, done) }
		}
		s.done(r, to, undo, key)
		return to, nil
	}, again)
}

// patronStatus blocks, releases, or says that somebody has left.
func (s *Server) patronStatus(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	to := kiosk.PatronStatus(f.Get("status"))
	var was kiosk.PatronStatus
	return s.onPatron(w, r, f, "patron.now."+string(to), func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			p, err := v.Patron(id)
			was = p.Status
			return err
		})
		if err != nil {
			return kiosk.PatronDone{}, err
		}
		return s.People.SetPatronStatus(r.Context(), a, id, to, f.Get("reason"))
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		status := a
		status.CommandID, status.Comment = a.CommandID+"-status", "undo"
		if _, err := s.People.SetPatronStatus(ctx, status, done.Patron, was, ""); err != nil || done.Note == "" {
			return err
		}
		_, err := s.People.SetNoteRemoved(ctx, a, done.Patron, done.Note, true)
		if errors.Is(err, kiosk.ErrNotNow) { // taken away by hand since
			return nil
		}
		return err
	})
}

func (s *Server) patronEntitled(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	yes := f.Is("entitled", "yes")
	key := "patron.unentitled"
	if yes {
		key = "patron.entitled_now"
	}
	return s.onPatron(w, r, f, key, func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		return s.People.SetEntitled(r.Context(), a, id, yes)
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		_, err := s.People.SetEntitled(ctx, a, done.Patron, !yes)
		return err
	})
}

func (s *Server) movePatron(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	return s.onPatron(w, r, f, "patron.moved", func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		return s.People.MovePatron(r.Context(), a, id, kiosk.ID(f.Get("class")))
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		_, err := s.People.WithdrawEnrolment(ctx, a, done.Patron, done.Enrolment)
		return err
	})
}

func (s *Server) notePatron(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	return s.onPatron(w, r, f, "patron.noted", func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		return s.People.NotePatron(r.Context(), a, id, f.Get("note"))
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		_, err := s.People.SetNoteRemoved(ctx, a, done.Patron, done.Note, true)
		return err
	})
}

func (s *Server) unnotePatron(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.onPatron(w, r, f, "patron.unnoted", func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		return s.People.SetNoteRemoved(r.Context(), a, id, kiosk.ID(r.PathValue("note")), true)
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		_, err := s.People.SetNoteRemoved(ctx, a, done.Patron, done.Note, false)
		return err
	})
}

// errNoAct says that the rules refused an act on a loan.
type errNoAct struct{ reason kiosk.Reason }

func (e errNoAct) Error() string { return "refused: " + string(e.reason) }

// patronLoan takes a book back, or renews it, from the person's page.
func (s *Server) patronLoan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	act, key := s.People.Return, "patron.returned"
	if f.Is("what", "renew") {
		act, key = s.People.Renew, "patron.renewed"
	}
	var ref kiosk.ID
	var seq int64
	return s.onPatron(w, r, f, key, func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			p, err := v.Patron(id)
			ref = p.Ref
			return err
		})
		if err != nil {
			return kiosk.PatronDone{}, err
		}
		ans, err := act(r.Context(), a, ref, kiosk.ID(r.PathValue("copy")))
		if err == nil && ans.Result.Outcome == kiosk.Refused {
			err = errNoAct{ans.Result.Reason}
		}
		seq = ans.Result.EventSeq
		return kiosk.PatronDone{}, err
	}, func(ctx context.Context, a kiosk.Attempt, _ kiosk.PatronDone) error {
		ans, err := s.People.Undo(ctx, a, ref, seq)
		if err == nil && ans.Result.Outcome == kiosk.Refused {
			err = errNoAct{ans.Result.Reason}
		}
		return err
	})
}
