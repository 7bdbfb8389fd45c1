package web

import (
	"context"
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
