package station_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/kiosk/station"
)

// broken is a desk of which every act panics, for want of a desk.
type broken struct{ station.Desk }

func (broken) Rules(context.Context) (kiosk.Rules, error) {
	return kiosk.Rules{Location: time.UTC}, nil
}

func (broken) Counting(context.Context, string) (*kiosk.CountingNow, error) { return nil, nil }

// A scan in which the program panics is that scan's failure: it is answered, and
// so is the next.
func TestStationOutlivesAPanic(t *testing.T) {
	clock := kiosktest.NewClock()
	s := station.New(station.Config{Name: kiosk.DefaultStation, Desk: broken{}, Now: clock.Now, Show: func(station.Screen) {}})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			func() {
				defer func() { recover() }()
				s.Run(ctx)
			}()
		}
	}()
	for range 3 {
		if _, err := s.Scan(ctx, station.Scan{Code: "20000016", At: clock.Now()}); err == nil || !strings.Contains(err.Error(), "panic") {
			t.Errorf("a scan: %v", err)
		}
	}
	cancel()
	<-ended
	if _, err := s.Scan(t.Context(), station.Scan{Code: "20000016"}); err != station.ErrStopped {
		t.Errorf("after the end: %v", err)
	}
}
