package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"muontra/kiosk"
)

// phoneRoutes are how a collaborator's phone is enrolled: the desk shows a QR
// code, the phone keeps a token of its own, and the desk ends it.
func (s *Server) phoneRoutes() []route {
	return []route{
		{"POST", "/desk/phones", librarian, s.invitePhone},
		{"GET", "/desk/phones/qr.png", librarian, s.phoneQR},
		{"POST", "/desk/phones/{id}/remove", librarian, named(s.removePhone)},
		{"GET", "/corner/enrol", everyone, s.enrolPage},
		{"POST", "/corner/enrol", everyone, s.enrolPhone},
		{"GET", "/desk/accounts/{id}/card", librarian, named(s.keeperCard)},
	}
}

const machinesPath = "/desk/machines"

// phoneRow is an enrolled phone as the page of other machines shows it.
type phoneRow struct {
	ID    kiosk.ID
	Name  string
	Since kiosk.Day
	By    string // who is signed in there, "" for nobody
}

// phonesOf are the enrolled phones with who is signed in on each.
func phonesOf(v kiosk.View, loc *time.Location) ([]phoneRow, error) {
	browsers, err := v.Browsers()
	if err != nil {
		return nil, err
	}
	ins, err := v.SignIns()
	if err != nil {
		return nil, err
	}
	var rows []phoneRow
	for _, b := range browsers {
		if !b.Phone || b.Removed {
			continue
		}
		row := phoneRow{ID: b.ID, Name: b.Name, Since: kiosk.DayOf(b.EnrolledAt, loc)}
		for _, in := range ins { // the longest unused first: the last is whose phone it is now
			if in.Phone != b.ID {
				continue
			}
			a, err := v.Account(in.AccountID)
			if err != nil {
				return nil, err
			}
			row.By = a.Name
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// invitePhone makes the code by which one phone is enrolled.
func (s *Server) invitePhone(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	name := f.Get("phone")
	if name == "" || utf8.RuneCountInString(name) > 60 || !short(name, 256) {
		f.Wrong["phone"] = "browser_name"
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		_, err := s.pairings.offerPhone(name, a.Staff)
		return machinesPath + "#phones", err
	}, func(status int) error { return s.showMachines(w, r, status, f) })
}

// phoneQR is the address of a code that waits, for the phone's camera.
func (s *Server) phoneQR(w http.ResponseWriter, r *http.Request) error {
	code := digitsOf(r.URL.Query().Get("code"))
	for _, c := range s.pairings.waiting() {
		if c.Phone == "" || c.Code != code {
			continue
		}
		b, err := qrPicture(s.phoneBase(r) + "/corner/enrol?code=" + url.QueryEscape(code))
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "image/png")
		w.Write(b)
		return nil
	}
	return errNotFound
}

// phoneBase is the address that a phone reaches: the likeliest of those for
// other machines, or else the one that the page itself was asked at.
func (s *Server) phoneBase(r *http.Request) string {
	if out := s.outside(); len(out) > 0 {
		return out[0]
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *Server) removePhone(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if _, err := s.Accounts.RemoveBrowser(r.Context(), at, kiosk.ID(r.PathValue("id"))); err != nil {
			return "", err
		}
		s.done(r, machinesPath, nil, "phones.removed")
		return machinesPath, nil
	}, s.refused(w, r, f, machinesPath))
}

// enrolPage is what the QR code opens on the phone. Opening it changes nothing:
// a messenger that looks at links must not use the code up.
func (s *Server) enrolPage(w http.ResponseWriter, r *http.Request) error {
	return s.showEnrol(w, r, http.StatusOK, "")
}

func (s *Server) showEnrol(w http.ResponseWriter, r *http.Request, status int, trouble string) error {
	s.page(w, r, status, "enrol.html", map[string]any{
		"Trouble": trouble, "Code": digitsOf(r.FormValue("code")), "Already": callerOf(r).phone,
		"Plain": r.TLS == nil && !callerOf(r).loopback, "Trust": s.trust().Own,
	})
	return nil
}

// enrolPhone gives the phone its token.
func (s *Server) enrolPhone(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return errBadBody
	}
	c, back, err := s.pairings.takePhone(addressOf(r), r.PostFormValue("code"))
	if p, known := asProblem(err); err != nil && known && (p == errPairCode || p == errPairOften) {
		return s.showEnrol(w, r, p.status, "error."+p.code)
	}
	if err != nil {
		return err
	}
	token := rand.Text() + rand.Text()
	at := kiosk.Attempt{Station: kiosk.DefaultStation, Staff: c.by}
	id, err := s.Accounts.EnrolBrowser(r.Context(), at, kiosk.Browser{Name: c.Phone, Hash: hashOf(token), Phone: true})
	if err != nil {
		back()
		return err
	}
	// What the phone was before, nobody could use any more.
	if was := callerOf(r); was.phone {
		if _, err := s.Accounts.RemoveBrowser(r.Context(), at, was.browser); err != nil {
			s.log.Warn("the phone's former enrolment stays", "phone", was.browser, "err", err)
		}
	}
	s.log.Info("a phone was enrolled", "phone", id)
	http.SetCookie(w, ownCookie(r, browserCookie(r), token, browserAge))
	http.Redirect(w, r, phonePath, http.StatusSeeOther)
	return nil
}

// keepPhone gives an enrolled phone its cookie anew, since browsers forget one
// after 400 days.
func (s *Server) keepPhone(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(browserCookie(r)); err == nil && callerOf(r).phone {
		http.SetCookie(w, ownCookie(r, browserCookie(r), c.Value, browserAge))
	}
}

// keeperCard is a collaborator's card with a QR code on paper: the number of the
// library card, which says nothing without the PIN and an enrolled phone.
func (s *Server) keeperCard(w http.ResponseWriter, r *http.Request) error {
	var a kiosk.Account
	var m kiosk.Member
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if a, err = v.Account(kiosk.ID(r.PathValue("id"))); err != nil || a.PatronID == "" {
			return err
		}
		m, err = s.memberOf(v, a.PatronID)
		return err
	})
	if err != nil {
		return err
	}
	if !a.Role.TakesPIN() {
		return errNotFound
	}
	data := map[string]any{"A": a, "M": m}
	if m.Card.Barcode != "" {
		if data["QR"], err = qrOf(m.Card.Barcode); err != nil {
			return err
		}
	}
	s.deskPage(w, r, http.StatusOK, "keepercard.html", data)
	return nil
}

// memberOf is a patron with the card in use.
func (s *Server) memberOf(v kiosk.View, id kiosk.ID) (kiosk.Member, error) {
	p, err := v.Patron(id)
	if err != nil {
		return kiosk.Member{}, err
	}
	today, err := s.today(v)
	if err != nil {
		return kiosk.Member{}, err
	}
	return v.MemberByRef(p.Ref, today)
}

// cardOf is the account behind a card or a name typed in its place; "" is a name
// that nobody has, so that it takes the same time to refuse.
func (s *Server) cardOf(r *http.Request, typed string) (string, error) {
	name := accountName(typed)
	code, err := kiosk.NormalizeCode(strings.TrimSpace(typed))
	if err != nil {
		return name, nil
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		m, err := v.MemberByCard(code, today)
		if err != nil || m.Card.Status != kiosk.CardActive {
			if errors.Is(err, kiosk.ErrNotFound) {
				return nil
			}
			return err
		}
		all, err := v.Accounts()
		for _, a := range all {
			if a.PatronID == m.ID && a.Role.TakesPIN() && !a.Disabled {
				name = a.Name
				break
			}
		}
		return err
	})
	return name, err
}
