package web

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// stationSocket pushes a station's state: whole, at once and at each change.
func (s *Server) stationSocket(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("station")
	st, ok := s.Station(name)
	if !ok {
		return errNoStation
	}
	lang := s.lang(r)
	var removed <-chan struct{} // never, for who is not a paired machine
	if m := callerOf(r).paired; m != nil {
		removed = m.ended
		defer s.pairings.holds(m)()
	}
	sock, err := upgrade(w, r)
	if err != nil || sock == nil {
		return err
	}
	// The bell hangs before the first picture is taken, so that no change falls
	// between the two.
	bell, leave := s.Hub.join(name)
	defer leave()
	closing := *s.closing.Load()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()

	sent := int64(-1)
	show := func() error {
		sc := s.newest(name, st)
		if sc.Seq == sent {
			return nil
		}
		sent = sc.Seq
		return sock.send(encodeState(lang, sc, s.Now()))
	}
	err = show()
	for err == nil {
		select {
		case <-*bell:
			err = show()
		case <-pings.C:
			if !s.mayStill(r) {
				sock.close(websocket.ClosePolicyViolation)
				return nil
			}
			err = sock.ping()
		case <-sock.gone:
			sock.close(websocket.CloseNormalClosure)
			return nil
		case <-removed:
			sock.close(websocket.ClosePolicyViolation)
			return nil
		case <-closing:
			sock.close(websocket.CloseServiceRestart)
			return nil
		case <-r.Context().Done():
			sock.close(websocket.CloseGoingAway)
			return nil
		}
	}
	sock.close(websocket.CloseGoingAway)
	return nil
}

// newest is the newer of what the station shows and what it last told the hub.
func (s *Server) newest(name string, st Station) station.Screen {
	sc := st.Screen()
	if told, ok := s.Hub.Newest(name); ok && told.Seq > sc.Seq {
		return told
	}
	return sc
}

// mayStill asks again, while a socket is open, whether its caller may see it:
// a sign-out, an ended session or a removed browser closes it.
func (s *Server) mayStill(r *http.Request) bool {
	c := callerOf(r)
	signedIn := c.account != nil && s.sessions.alive(c.account)
	if signedIn && c.account.role == kiosk.Helper {
		// A helper sees a station at an enrolled browser only, while it is enrolled.
		_, browser := s.sessions.find(r)
		signedIn = browser.ID != ""
	}
	return c.loopback || signedIn || c.paired != nil && s.pairings.alive(c.paired)
}
