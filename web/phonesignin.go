package web

import (
	"errors"
	"net/http"

	"muontra/kiosk"
	"muontra/labels/symbol"
)

// phonePath is the class corner's page on a phone.
const phonePath = "/corner/"

// phoneSignInRoutes are a collaborator's way in on an enrolled phone.
func (s *Server) phoneSignInRoutes() []route {
	return []route{
		{"POST", "/api/v1/corner/sign-in", everyone, s.cornerSignIn},
		{"POST", "/api/v1/corner/sign-out", everyone, s.cornerSignOut},
		{"POST", "/api/v1/corner/card", everyone, s.cornerCard},
	}
}

var (
	errNoPhone  = problem{http.StatusForbidden, "no_phone"}
	errWrongPIN = problem{http.StatusUnauthorized, "wrong_pin"}
	errTooMany  = problem{http.StatusTooManyRequests, "too_many"}
)

// cornerSignIn takes a card, scanned or typed, and the PIN. It opens on an
// enrolled phone only: what one has and what one knows.
func (s *Server) cornerSignIn(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	c := callerOf(r)
	if !c.phone {
		return errNoPhone
	}
	var body struct {
		Card string `json:"card"`
		PIN  string `json:"pin"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if len(body.Card) > 256 || len(body.PIN) > 64 {
		return errBadBody
	}
	name, err := s.cardOf(r, body.Card)
	if err != nil {
		return err
	}
	keys := guessKeys(r, name)
	fails, ok, err := s.guessing.try(r.Context(), keys...)
	if err != nil {
		return err
	}
	if !ok {
		return errTooMany
	}
	a, err := s.check(r.Context(), name, body.PIN, true)
	if err == nil && a.Role != kiosk.Collaborator {
		err = errSignIn // a helper stands beside a kiosk; the librarian has the desk
	}
	if errors.Is(err, errSignIn) {
		if err := s.alarm(r.Context(), a, fails[0]); err != nil {
			return err
		}
		return errWrongPIN
	}
	if err != nil {
		return err
	}
	if err := s.guessing.forgive(r.Context(), keys...); err != nil {
		return err
	}
	if err := s.sessions.start(w, r, a, c.browser); err != nil {
		return err
	}
	s.keepPhone(w, r)
	writeJSON(w, http.StatusOK, map[string]string{"account": string(a.ID), "name": a.Name})
	return nil
}

// cornerSignOut ends the sign-in; the phone stays enrolled, and what it has not
// sent stays on it.
func (s *Server) cornerSignOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.end(r); err != nil {
		return err
	}
	http.SetCookie(w, s.sessions.cookie(r, "", -1))
	writeJSON(w, http.StatusOK, map[string]bool{"ok": true})
	return nil
}

// cornerCard reads the one code in a picture for an enrolled phone whose browser
// reads none itself: a card before the sign-in, a book after it.
func (s *Server) cornerCard(w http.ResponseWriter, r *http.Request) error {
	if s.Pictures == nil {
		return errNotFound
	}
	if c := callerOf(r); !c.phone && !c.is(kiosk.Collaborator, kiosk.Librarian) {
		return errNoPhone
	}
	done, err := s.placeForPicture(r)
	if err != nil {
		return err
	}
	defer done()
	b, _, err := readPicture(w, r)
	if err != nil {
		return err
	}
	code, err := s.barcodeIn(r.Context(), b)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]string{"code": code})
	return nil
}

// qrCode is a QR code as a page draws it: rectangles in modules, with four
// modules of white around.
type qrCode struct {
	Text string
	W    int
	Bars []symbol.Bar
}

func qrOf(text string) (qrCode, error) {
	sym, err := symbol.New(symbol.QR, text)
	if err != nil {
		return qrCode{}, err
	}
	const white = 4
	q := qrCode{Text: text, W: sym.Cols + 2*white}
	for _, b := range sym.Bars {
		q.Bars = append(q.Bars, symbol.Bar{X: b.X + white, Y: b.Y + white, W: b.W, H: b.H})
	}
	return q, nil
}
