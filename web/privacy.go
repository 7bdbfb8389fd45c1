package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// patronData is all that the library knows of one person, on paper for a
// parent (law 91/2025/QH15, art. 24).
func (s *Server) patronData(w http.ResponseWriter, r *http.Request) error {
	return s.withPatron(w, r, http.StatusOK, "patrondata.html", newForm(), allLoans)
}

// handOutData notes that the data were handed out, and shows them.
func (s *Server) handOutData(w http.ResponseWriter, r *http.Request) error {
	p, err := s.patronIn(r)
	if err != nil {
		return err
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		_, err := s.People.TellPatron(r.Context(), a, p.ID, kiosk.PatronExported)
		return patronPath(p.ID) + "/data", err
	}, s.refused(w, r, f, patronPath(p.ID)))
}

// The data of one person as other programs read them.
type (
	dataOut struct {
		School     string      `json:"school"`
		Name       string      `json:"name"`
		Category   string      `json:"category"`
		BirthDate  kiosk.Day   `json:"birth_date"`
		Sex        string      `json:"sex"`
		SectorCode string      `json:"sector_code"`
		Entitled   bool        `json:"entitled"`
		Status     string      `json:"status"`
		Cards      []dataCard  `json:"cards"`
		Classes    []dataClass `json:"classes"`
		Loans      []dataLoan  `json:"loans"`
		Notes      []dataNote  `json:"notes"`
	}
	dataCard struct {
		Number   string    `json:"number"`
		Status   string    `json:"status"`
		IssuedAt time.Time `json:"issued_at"`
	}
	dataClass struct {
		Year  string    `json:"year"`
		Class string    `json:"class"`
		Since kiosk.Day `json:"since"`
	}
	dataLoan struct {
		Title        string    `json:"title"`
		Accession    string    `json:"accession"`
		CheckedOutAt time.Time `json:"checked_out_at"`
		DueOn        kiosk.Day `json:"due_on"`
		ReturnedAt   time.Time `json:"returned_at,omitzero"`
	}
	dataNote struct {
		At   time.Time `json:"at"`
		Text string    `json:"text"`
	}
)

// patronJSON is the same for another program.
func (s *Server) patronJSON(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	var p patronView
	var out dataOut
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		site, err := v.Site()
		if err != nil {
			return err
		}
		out.School = site.Name
		p, err = s.readPatron(v, kiosk.ID(r.PathValue("id")), allLoans)
		return err
	})
	if err != nil {
		return err
	}
	out.Name, out.Category, out.BirthDate, out.Sex, out.SectorCode, out.Entitled, out.Status = p.Name, string(p.Category), p.BirthDate, p.Sex, p.SectorCode, p.Entitled, string(p.Status)
	for _, c := range p.Cards {
		out.Cards = append(out.Cards, dataCard{c.Barcode, string(c.Status), c.IssuedAt})
	}
	for _, e := range p.Placed {
		out.Classes = append(out.Classes, dataClass{e.Year.Name, e.Class.Name, e.Since})
	}
	for _, l := range p.Open {
		out.Loans = append(out.Loans, loanOut(l.LoanItem))
	}
	for _, l := range p.Past {
		out.Loans = append(out.Loans, loanOut(l.LoanItem))
	}
	for _, n := range p.Notes {
		out.Notes = append(out.Notes, dataNote{n.At, n.Text})
	}
	b, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	attach(w, "application/json; charset=utf-8", "muontra-"+p.Card.Barcode+".json")
	_, err = w.Write(b)
	return err
}

func loanOut(l kiosk.LoanItem) dataLoan {
	return dataLoan{l.Item.Title.Name(), l.Item.Accession, l.CheckedOutAt, l.DueOn, l.ReturnedAt}
}

// forgetPage says what is forgotten and what stays, before it is done.
func (s *Server) forgetPage(w http.ResponseWriter, r *http.Request) error {
	return s.withPatron(w, r, http.StatusOK, "patronforget.html", newForm(), mostPastLoans)
}

// forgetPatron erases a person: only when the box is ticked and the name is
// typed, for it cannot be taken back.
func (s *Server) forgetPatron(w http.ResponseWriter, r *http.Request) error {
	p, err := s.patronIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	if !f.Is("sure", "yes") {
		f.fault("sure", kiosk.FieldMissing, nil)
	}
	if f.Get("name") != p.Name {
		f.Wrong["name"] = "same_name"
	}
	var codes []string
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			cards, err := v.CardsOf(p.ID)
			for _, c := range cards {
				codes = append(codes, c.Barcode)
			}
			return err
		})
		if err != nil {
			return "", err
		}
		if _, err := s.People.ForgetPatron(r.Context(), a, p.ID); err != nil {
			return "", err
		}
		key := "patron.forgotten"
		if s.Photos != nil {
			if err := s.Photos.Remove(codes...); err != nil {
				s.log.Error("photos of a patron who was forgotten", "error", err)
				key = "patron.forgotten_photo"
			}
		}
		s.done(r, "/desk/classes", nil, key)
		return "/desk/classes", nil
	}, func(status int) error { return s.withPatron(w, r, status, "patronforget.html", f, mostPastLoans) })
}

// privacyPage is the setting of how long names stay, and what the last night
// did.
func (s *Server) privacyPage(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	ret, err := s.People.Retention(r.Context())
	if err != nil {
		return err
	}
	return s.showPrivacy(w, r, http.StatusOK, newForm("months", strconv.Itoa(ret.Months)))
}

func (s *Server) showPrivacy(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	ret, err := s.People.Retention(r.Context())
	if err != nil {
		return err
	}
	data := map[string]any{"F": f, "R": ret}
	if !ret.LastRun.IsZero() {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			loc, err := siteZone(v)
			if err != nil {
				return err
			}
			at := ret.LastRun.In(loc)
			data["Ran"] = at.Format("15:04") + " " + words.Date(kiosk.DayOf(at, loc))
			return nil
		})
		if err != nil {
			return err
		}
	}
	s.deskPage(w, r, status, "privacy.html", data)
	return nil
}

func (s *Server) setPrivacy(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	months := f.count("months", -1, kiosk.MinRetention, kiosk.MaxRetention)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		was, err := s.People.Retention(r.Context())
		if err != nil {
			return "", err
		}
		if err := s.People.SetRetention(r.Context(), a, months); err != nil {
			return "", err
		}
		s.done(r, "/desk/privacy", func(ctx context.Context, a kiosk.Attempt) error {
			return s.People.SetRetention(ctx, a, was.Months)
		}, "privacy.saved")
		return "/desk/privacy", nil
	}, func(status int) error { return s.showPrivacy(w, r, status, f) })
}

// runPrivacy does the night's work now.
func (s *Server) runPrivacy(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		ret, err := s.People.Retain(r.Context())
		if err != nil {
			return "", err
		}
		s.done(r, "/desk/privacy", nil, "privacy.ran_now", "cut", ret.Cut, "erased", ret.Erased, "waiting", ret.Waiting)
		return "/desk/privacy", nil
	}, s.refused(w, r, f, "/desk/privacy"))
}
