package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"muontra/kiosk"
)

// health remembers the last probe: a write each time would let anybody wear the
// disk out.
type health struct {
	probe func(context.Context) error
	now   func() time.Time
	mu    sync.Mutex
	at    time.Time
	err   error
}

// line is the self-check as /healthz tells it.
func (c SelfCheck) line() string {
	switch {
	case c.Trouble != "":
		return "check: not done\n"
	case c.Faults > 0:
		return fmt.Sprintf("check: %d faults\n", c.Faults)
	case !c.Full.IsZero():
		return "check: no faults " + c.Full.UTC().Format(time.RFC3339) + "\n"
	case !c.Quick.IsZero():
		return "quick_check: no faults " + c.Quick.UTC().Format(time.RFC3339) + "\n"
	}
	return "quick_check: going on\n"
}

const probeEvery = 10 * time.Second

func (h *health) check() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := h.now(); h.at.IsZero() || now.Sub(h.at) >= probeEvery || now.Before(h.at) {
		// Not the request's context: a caller that goes away must not make the
		// next ones read "failed".
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		h.err, h.at = h.probe(ctx), now
	}
	return h.err
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := s.health.check(); err != nil {
		s.log.Error("health probe", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte("storage failure\n"))
		return nil
	}
	w.Write([]byte("ok\n"))
	if s.SelfCheck != nil && r.URL.Query().Has("verbose") {
		// A fault in the file is no reason to start the program again: it is told to
		// who asks for more, and the answer to everybody else stays "ok" alone.
		io.WriteString(w, s.SelfCheck().line())
	}
	return nil
}

// putStationAgain is the write of a probe that was given none: it changes
// nothing and still has to reach the disk.
func (s *Server) putStationAgain(ctx context.Context) error {
	return s.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		all, err := tx.Stations()
		if err != nil {
			return err
		}
		if len(all) > 0 {
			return tx.PutStation(all[0])
		}
		site, err := tx.Site()
		if err != nil {
			return err
		}
		return tx.PutSite(site)
	})
}
