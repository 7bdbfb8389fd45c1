package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"muontra/kiosk"
)

// who says who may use a route.
type who int

const (
	everyone     who = iota
	atStation        // somebody at the daemon's own machine, a librarian anywhere, a helper at an enrolled browser
	ownStation       // the same, and a machine that is paired as the path's station
	onMachine        // the loopback address only: setting up the first account
	signedInAny      // signed in, whatever the role: one's own account
	staff            // signed in with a role of the desk
	assistant        // signed in as librarian or helper
	collaborator     // signed in as collaborator
	librarian        // signed in as librarian
	reader           // signed in as librarian, or as management, who reads lists and figures
	keeper           // signed in as collaborator or librarian: the class corners
	counting         // signed in as librarian, helper or collaborator: scans books while the stock is counted
)

func (w who) String() string {
	return [...]string{"everyone", "atStation", "ownStation", "onMachine", "signedInAny", "staff", "assistant", "collaborator", "librarian", "reader", "keeper", "counting"}[w]
}

// staffRoles may open the desk's pages; what each sees there is less for some.
// Collaborators have the class corner and their own classes alone.
var staffRoles = []kiosk.Role{kiosk.Librarian, kiosk.Management, kiosk.Helper}

// caller is the one who asks.
type caller struct {
	loopback bool
	account  *signedIn // nil when not signed in
	paired   *machine  // nil when no paired station
	browser  kiosk.ID  // the enrolled browser that asks, "" for none
	phone    bool      // and that it is a collaborator's phone
}

func (c caller) is(roles ...kiosk.Role) bool {
	return c.account != nil && slices.Contains(roles, c.account.role)
}

// may decides; the second value tells "sign in" from "not you".
func (c caller) may(w who) (ok, signInHelps bool) {
	switch w {
	case everyone:
		return true, false
	case atStation, ownStation:
		// A station's screen shows who stands there. Management reads figures,
		// and a helper stands beside the station that is helped at.
		return c.loopback || c.is(kiosk.Librarian) || c.is(kiosk.Helper) && c.browser != "", c.account == nil
	case onMachine:
		return c.loopback, false
	case signedInAny:
		return c.account != nil, c.account == nil
	case assistant:
		return c.is(kiosk.Librarian, kiosk.Helper), c.account == nil
	case keeper:
		return c.is(kiosk.Collaborator, kiosk.Librarian), c.account == nil
	case counting:
		return c.is(kiosk.Librarian, kiosk.Helper, kiosk.Collaborator), c.account == nil
	case collaborator:
		return c.is(kiosk.Collaborator), c.account == nil
	case staff:
		return c.is(staffRoles...), c.account == nil
	case librarian:
		return c.is(kiosk.Librarian), c.account == nil
	case reader:
		return c.is(kiosk.Librarian, kiosk.Management), c.account == nil
	}
	return false, false
}

type callerKey struct{}

func callerOf(r *http.Request) caller {
	c, _ := r.Context().Value(callerKey{}).(caller)
	return c
}

// guard stands before every route: no panic gets out, only our own host names
// and origins get in, and who asks is known from here on.
func (s *Server) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recoverPanic(w, r)
		setHeaders(w.Header())
		if !s.ownHost(r) {
			s.fail(w, r, errHost)
			return
		}
		// CrossOriginProtection leaves GET alone, and a websocket's upgrade is a
		// GET; so the origin is compared for every method.
		if !sameOrigin(r) || cross.Check(r) != nil {
			s.fail(w, r, errForeign)
			return
		}
		paired, err := s.pairings.find(r)
		if err != nil { // "not paired" would have the machine forget its token
			s.fail(w, r, errUnavailable)
			return
		}
		c := caller{loopback: isLoopback(r.RemoteAddr), paired: paired}
		if !strings.HasPrefix(r.URL.Path, "/static/") {
			in, from := s.sessions.find(r)
			c.account, c.browser, c.phone = in, from.ID, from.Phone
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
	})
}

// setHeaders: pages load nothing from elsewhere and run nothing inline; only
// our own practice page may frame one.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	// Not "no-referrer": under it a browser sends our own forms with "Origin:
	// null", which is refused.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
	h.Set("Cache-Control", "no-store")
}

func (s *Server) recoverPanic(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.log.Error("panic in a request", "method", r.Method, "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	s.fail(w, r, errInternal)
}

// isLoopback looks at the connection only: X-Forwarded-For is anybody's to
// write.
func isLoopback(remote string) bool {
	ap, err := netip.ParseAddrPort(remote)
	return err == nil && ap.Addr().Unmap().IsLoopback()
}

// ownHost guards against DNS rebinding: a foreign name that resolves to this
// machine is not ours. An address is ours when the connection came in on it.
func (s *Server) ownHost(r *http.Request) bool {
	name := hostName(r.Host)
	if name == "" {
		return false
	}
	mine := func(h string) bool {
		// A certificate given by an IT person may be for all names of a domain.
		if domain, all := strings.CutPrefix(h, "*."); all {
			_, of, _ := strings.Cut(name, ".")
			return of != "" && strings.EqualFold(domain, of)
		}
		return strings.EqualFold(h, name)
	}
	if name == "localhost" || slices.ContainsFunc(s.Hosts, mine) || slices.ContainsFunc(s.hostNames(), mine) {
		return true
	}
	addr, err := netip.ParseAddr(name)
	if err != nil {
		return false
	}
	if addr.Unmap().IsLoopback() {
		return true
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if local == nil {
		return false
	}
	ap, err := netip.ParseAddrPort(local.String())
	return err == nil && ap.Addr().Unmap() == addr.Unmap()
}

// hostName is the name in a Host header, lower case and without port.
func hostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// sameOrigin: scripts send no Origin and may pass; a page's must be ours.
func sameOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	if len(origins) > 1 {
		return false
	}
	u, err := url.Parse(origins[0])
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}
