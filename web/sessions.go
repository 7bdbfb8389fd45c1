package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"muontra/kiosk"
)

// idleLimit and absoluteLimit end a sign-in: management looks at a page now and
// then on a shared PC, a librarian types long forms, a helper stands beside the
// kiosk for a break.
func idleLimit(r kiosk.Role, phone bool) time.Duration {
	if phone {
		return phoneIdle
	}
	switch r {
	case kiosk.Management:
		return 10 * time.Minute
	case kiosk.Librarian:
		return time.Hour
	}
	return 30 * time.Minute
}

const absoluteLimit = 12 * time.Hour

// phoneIdle: a teacher's own phone, enrolled, is used for a class now and then
// through a day. What it holds is locked at the same time by the page itself.
const phoneIdle = 8 * time.Hour

// seenEvery is how often a sign-in's use is written down: not with each request.
const seenEvery = 30 * time.Second

// maxSignedIn bounds the sign-ins; the one idle longest goes.
const maxSignedIn = 1000

// signedIn is one sign-in with its account, as they were when the request came.
type signedIn struct {
	key        [32]byte // SHA-256 of the token: the token itself is the browser's alone
	id         kiosk.ID
	name       string
	role       kiosk.Role
	mustChange bool
	account    kiosk.Account
	phone      kiosk.ID // the enrolled phone on which it was made, "" elsewhere
}

func (in *signedIn) hash() string { return hex.EncodeToString(in.key[:]) }

// sessions are the sign-ins. The ledger keeps them, so that a power cut signs
// nobody out, and an account that is disabled or changed is so at once; it keeps
// hashes only, so a copy of the file signs in nobody.
type sessions struct {
	ledger kiosk.Ledger
	now    func() time.Time
	log    *slog.Logger
}

// cookieName is __Host- on https. On http a browser and the cookie jars of Go
// and Python would never send a Secure cookie back.
func cookieName(r *http.Request) string { return cookieOn(r, "muontra") }

// browserCookie names the cookie of an enrolled browser.
func browserCookie(r *http.Request) string { return cookieOn(r, "muontra-browser") }

func cookieOn(r *http.Request, name string) string {
	if r.TLS != nil {
		return "__Host-" + name
	}
	return name
}

// cookieHash is the hash of a cookie's token; false without one.
func cookieHash(r *http.Request, name string) (key [32]byte, ok bool) {
	c, err := r.Cookie(name)
	if err != nil || c.Value == "" {
		return key, false
	}
	return sha256.Sum256([]byte(c.Value)), true
}

// start signs an account in with a new token; a token that the browser had
// before ends, so that none can be planted.
func (s *sessions) start(w http.ResponseWriter, r *http.Request, a kiosk.Account, phone kiosk.ID) error {
	token := rand.Text() // 130 bits
	key := sha256.Sum256([]byte(token))
	now := s.now().UTC()
	err := s.ledger.Update(r.Context(), func(tx kiosk.Tx) error {
		if old, ok := cookieHash(r, cookieName(r)); ok {
			if err := tx.EndSignIn(hex.EncodeToString(old[:])); err != nil {
				return err
			}
		}
		if err := s.sweep(tx); err != nil {
			return err
		}
		return tx.PutSignIn(kiosk.SignIn{Hash: hex.EncodeToString(key[:]), AccountID: a.ID, Since: now, Seen: now, Phone: phone})
	})
	if err != nil {
		return err
	}
	// A phone ends its browser whenever it likes; the sign-in must not go with it.
	age := 0
	if phone != "" {
		age = int(absoluteLimit / time.Second)
	}
	http.SetCookie(w, s.cookie(r, token, age))
	return nil
}

// sweep drops what is over, and the longest unused when there are too many.
func (s *sessions) sweep(tx kiosk.Tx) error {
	all, err := tx.SignIns()
	if err != nil {
		return err
	}
	roles := map[kiosk.ID]kiosk.Role{}
	accounts, err := tx.Accounts()
	if err != nil {
		return err
	}
	for _, a := range accounts {
		roles[a.ID] = a.Role
	}
	left := len(all)
	for _, in := range all {
		if s.over(in, roles[in.AccountID]) || left >= maxSignedIn {
			if err := tx.EndSignIn(in.Hash); err != nil {
				return err
			}
			left--
		}
	}
	return nil
}

func (s *sessions) cookie(r *http.Request, value string, maxAge int) *http.Cookie {
	return ownCookie(r, cookieName(r), value, maxAge)
}

func ownCookie(r *http.Request, name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode}
}

// find is who sends the request, nil for nobody, and the enrolled browser that
// it comes from, of which the ID is "" for none.
func (s *sessions) find(r *http.Request) (*signedIn, kiosk.Browser) {
	key, signed := cookieHash(r, cookieName(r))
	browser, enrolled := cookieHash(r, browserCookie(r))
	var from kiosk.Browser
	if !signed && !enrolled {
		return nil, from
	}
	var in *signedIn
	var row kiosk.SignIn
	err := s.ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if signed {
			if in, row, err = s.look(v, key); err != nil {
				return err
			}
		}
		if enrolled {
			from, err = enrolledAt(v, hex.EncodeToString(browser[:]))
		}
		return err
	})
	if err != nil {
		// Without the ledger nobody can be told from a stranger.
		s.log.Error("read who is signed in", "error", err)
		return nil, kiosk.Browser{}
	}
	if now := s.now().UTC(); in != nil && (now.Sub(row.Seen) >= seenEvery || now.Before(row.Seen)) {
		row.Seen = now
		s.note(r.Context(), row)
	}
	return in, from
}

// look finds a sign-in that is not over and whose account may sign in.
func (s *sessions) look(v kiosk.View, key [32]byte) (*signedIn, kiosk.SignIn, error) {
	row, err := v.SignIn(hex.EncodeToString(key[:]))
	if errors.Is(err, kiosk.ErrNotFound) {
		return nil, row, nil
	}
	if err != nil {
		return nil, row, err
	}
	a, err := v.Account(row.AccountID)
	if err != nil || a.Disabled || s.over(row, a.Role) {
		return nil, row, err
	}
	if row.Phone != "" {
		b, err := browserThat(v, func(b kiosk.Browser) bool { return b.ID == row.Phone })
		if err != nil || b.ID == "" {
			return nil, row, err
		}
	}
	// A password that was handed out is changed where there is a keyboard; the
	// phone was opened by a PIN.
	must := a.MustChange && row.Phone == ""
	return &signedIn{key: key, id: a.ID, name: a.Name, role: a.Role, mustChange: must, account: a, phone: row.Phone}, row, nil
}

func enrolledAt(v kiosk.View, hash string) (kiosk.Browser, error) {
	return browserThat(v, func(b kiosk.Browser) bool { return b.Hash == hash })
}

// browserThat is an enrolled browser that is not removed; its ID is "" when
// there is none.
func browserThat(v kiosk.View, is func(kiosk.Browser) bool) (kiosk.Browser, error) {
	all, err := v.Browsers()
	i := slices.IndexFunc(all, func(b kiosk.Browser) bool { return !b.Removed && is(b) })
	if err != nil || i < 0 {
		return kiosk.Browser{}, err
	}
	return all[i], nil
}

// note writes down that a sign-in was used. A request does not wait for a busy
// file, nor fail with it: the next one writes it.
func (s *sessions) note(ctx context.Context, row kiosk.SignIn) {
	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	err := s.ledger.Update(ctx, func(tx kiosk.Tx) error {
		// It may have been ended meanwhile, and must not come back.
		if _, err := tx.SignIn(row.Hash); err != nil {
			return err
		}
		if row.Phone != "" {
			b, err := browserThat(tx, func(b kiosk.Browser) bool { return b.ID == row.Phone })
			if err != nil {
				return err
			}
			if b.ID != "" {
				b.Contact = row.Seen
				if err := tx.PutBrowser(b); err != nil {
					return err
				}
			}
		}
		return tx.PutSignIn(row)
	})
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		s.log.Debug("note a sign-in's use", "error", err)
	}
}

// alive asks without counting as use.
func (s *sessions) alive(in *signedIn) bool {
	var now *signedIn
	err := s.ledger.View(context.Background(), func(v kiosk.View) (err error) {
		now, _, err = s.look(v, in.key)
		return err
	})
	// A role that was taken away is not that sign-in any more.
	return err == nil && now != nil && now.role == in.role
}

// over reports a sign-in past its limits, or from a time that is still to come:
// then the clock was set, and how old it is nobody knows.
func (s *sessions) over(in kiosk.SignIn, role kiosk.Role) bool {
	now := s.now()
	return now.Sub(in.Seen) >= idleLimit(role, in.Phone != "") || now.Sub(in.Since) >= absoluteLimit || in.Since.After(now.Add(time.Hour))
}

// end kills the request's sign-in on this side, whatever the browser keeps.
func (s *sessions) end(r *http.Request) error {
	key, ok := cookieHash(r, cookieName(r))
	if !ok {
		return nil
	}
	return s.ledger.Update(r.Context(), func(tx kiosk.Tx) error { return tx.EndSignIn(hex.EncodeToString(key[:])) })
}
