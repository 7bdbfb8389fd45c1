package web

import (
	"bytes"
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
