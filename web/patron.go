package web

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"net/http"
	"slices"
	"time"

	"muontra/kiosk"
)

// mostPastLoans and mostChanges are how much of the past a person's page shows.
const (
	mostPastLoans = 200
	mostChanges   = 100
	allLoans      = 1 << 20 // what is handed out leaves nothing out
)

// patronView is all that is known of a person.
type patronView struct {
	kiosk.Member
	Cards   []kiosk.Card
	Open    []openLoan
	Past    []pastLoan
	Placed  []kiosk.Placed
	Notes   []noteRow
	Changes []changeRow
	Classes []kiosk.Class // where the pupil can be moved to
	Photo   bool
	Today   kiosk.Day
}

type openLoan struct {
	kiosk.LoanItem
	Late bool
}

type pastLoan struct {
	kiosk.LoanItem
	ReturnedOn kiosk.Day // zero for one that was taken over without it
}

type noteRow struct {
	kiosk.PatronNote
	By  string
	Day kiosk.Day
}

type changeRow struct {
	Change kiosk.PatronChange
	Day    kiosk.Day
	By     string
	Card   string
}

// siteZone is the school's time zone.
func siteZone(v kiosk.View) (*time.Location, error) {
	site, err := v.Site()
	if err != nil {
		return nil, err
	}
	return site.Location()
}

// readPatron gathers what is known of a person, with at most so many loans.
func (s *Server) readPatron(v kiosk.View, id kiosk.ID, most int) (p patronView, err error) {
	who, err := v.Patron(id)
	if err != nil {
		return p, err
	}
	if p.Today, err = s.today(v); err != nil {
		return p, err
	}
	if p.Member, err = v.MemberByRef(who.Ref, p.Today); err != nil {
		return p, err
	}
	if p.Cards, err = v.CardsOf(id); err != nil {
		return p, err
	}
	if p.Placed, err = v.EnrolmentsOf(id); err != nil {
		return p, err
	}
	loc, err := siteZone(v)
	if err != nil {
		return p, err
	}
	loans, err := v.LoansOf(id, most)
	if err != nil {
		return p, err
	}
	for _, l := range loans {
		if l.Open() {
			p.Open = append(p.Open, openLoan{l, l.Overdue(p.Today)})
		} else {
			past := pastLoan{LoanItem: l}
			if !l.ReturnedAt.IsZero() {
				past.ReturnedOn = kiosk.DayOf(l.ReturnedAt, loc)
			}
			p.Past = append(p.Past, past)
		}
	}
	if err := p.log(v, id); err != nil {
		return p, err
	}
	if who.Category == kiosk.Pupil {
		year, _, err := s.yearShown(v, "")
		if err != nil {
			return p, err
		}
		if p.Classes, err = v.Classes(year.ID); err != nil {
			return p, err
		}
	}
	p.Photo = s.Photos != nil && p.Card.ID != "" && s.Photos.Has(p.Card.Barcode)
	return p, nil
}

// log reads notes and changes, with who did it and when.
func (p *patronView) log(v kiosk.View, id kiosk.ID) error {
	loc, err := siteZone(v)
	if err != nil {
		return err
	}
	accounts, err := v.Accounts()
	if err != nil {
		return err
	}
	name := map[kiosk.ID]string{}
	for _, a := range accounts {
		name[a.ID] = a.Name
	}
	notes, err := v.NotesOf(id)
	if err != nil {
		return err
	}
	for _, n := range notes {
		p.Notes = append(p.Notes, noteRow{n, name[n.By], kiosk.DayOf(n.At, loc)})
	}
	code := map[kiosk.ID]string{}
	for _, c := range p.Cards {
		code[c.ID] = c.Barcode
	}
	events, err := v.ChangesOf(id, mostChanges)
	for _, e := range events {
		p.Changes = append(p.Changes, changeRow{e.Payload.Patron, kiosk.DayOf(e.OccurredAt, loc), name[e.StaffRef], code[e.Payload.Card]})
	}
	return err
}

// ClassID is the pupil's class in the present year.
func (p patronView) ClassID() kiosk.ID {
	for _, e := range slices.Backward(p.Placed) {
		if e.Class.Name == p.Class {
			return e.ClassID
		}
	}
	return ""
}

func patronPath(id kiosk.ID) string { return "/desk/patrons/" + string(id) }

// patronPage shows one person.
func (s *Server) patronPage(w http.ResponseWriter, r *http.Request) error {
	return s.showPatron(w, r, http.StatusOK, newForm())
}

// showPatron shows a person with a form of the page as it was typed.
func (s *Server) showPatron(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	return s.withPatron(w, r, status, "patron.html", f, mostPastLoans)
}

func (s *Server) withPatron(w http.ResponseWriter, r *http.Request, status int, page string, f *form, most int) error {
	if s.People == nil {
		return errNotFound
	}
	var p patronView
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		p, err = s.readPatron(v, kiosk.ID(r.PathValue("id")), most)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, page, map[string]any{"P": p, "F": f, "Photos": s.Photos != nil, "Lends": s.Lending != nil})
	return nil
}

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
		// The reason stays: it was written down, and can be taken away by itself.
		a.Comment = "undo"
		_, err := s.People.SetPatronStatus(ctx, a, done.Patron, was, "")
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

// replaceCard makes a new card; the picture goes along with it.
func (s *Server) replaceCard(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.onPatron(w, r, f, "patron.card_made", func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		done, err := s.People.ReplaceCard(r.Context(), a, id)
		if err != nil || s.Photos == nil {
			return done, err
		}
		return done, s.followPhoto(r.Context(), id)
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		_, err := s.People.UndoReplaceCard(ctx, a, done)
		return err
	})
}

// followPhoto gives the newest card the picture of the one before.
func (s *Server) followPhoto(ctx context.Context, id kiosk.ID) error {
	var cards []kiosk.Card
	err := s.Ledger.View(ctx, func(v kiosk.View) (err error) {
		cards, err = v.CardsOf(id)
		return err
	})
	if err != nil || len(cards) < 2 {
		return err
	}
	for _, old := range cards[1:] {
		if s.Photos.Has(old.Barcode) {
			// The card is made; a picture that cannot be copied can be taken again.
			if err := s.Photos.Follow(old.Barcode, cards[0].Barcode); err != nil {
				s.log.Warn("photo does not follow the new card", "error", err)
			}
			return nil
		}
	}
	return nil
}

// turnCard says that a card was lost, or found.
func (s *Server) turnCard(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	lost := f.Is("what", "lost")
	turn := func(lost bool, ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		if lost {
			return s.People.LoseCard(ctx, a, id, kiosk.ID(r.PathValue("card")))
		}
		return s.People.FindCard(ctx, a, id, kiosk.ID(r.PathValue("card")))
	}
	key := "patron.card_found"
	if lost {
		key = "patron.card_lost"
	}
	return s.onPatron(w, r, f, key, func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		return turn(lost, r.Context(), a, id)
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		_, err := turn(!lost, ctx, a, done.Patron)
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

// patronPhoto is the picture for the page.
func (s *Server) patronPhoto(w http.ResponseWriter, r *http.Request) error {
	if s.Photo == nil {
		return errNotFound
	}
	var m kiosk.Member
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		p, err := v.Patron(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		m, err = v.MemberByRef(p.Ref, today)
		return err
	})
	if err != nil {
		return err
	}
	img, err := s.Photo(m)
	if err != nil || img == nil {
		return errors.Join(errNotFound, err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, err = w.Write(b.Bytes())
	return err
}
