package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"muontra/devices"
	"muontra/kiosk/station"
)

// The times of the line to the hub. A scan is sent again with the same id while
// a child may still stand there; after that it is told as not done and never
// done later, when another child stands there.
const (
	keepScan   = 10 * time.Second
	oneTry     = 4 * time.Second
	reportEach = 2 * time.Second
	tellLost   = time.Minute // a scan given up longer ago is nobody's any more
)

// errUnpaired ends the station: the hub knows its token no more.
type errUnpaired struct{ message string }

func (e errUnpaired) Error() string { return "not paired: " + e.message }

// link is a station's line to its hub.
type link struct {
	e      *env
	p      pairing
	client *http.Client
	log    *slog.Logger
	poll   time.Duration // 0 is the supervisor's own
	keep   time.Duration // how long a scan is sent again

	news chan struct{} // something to report at once

	mu     sync.Mutex
	down   bool
	lost   int
	lostAt time.Time
}

func newLink(e *env, p pairing, client *http.Client, log *slog.Logger) *link {
	return &link{e: e, p: p, client: client, log: log, keep: cmp.Or(e.keepScan, keepScan), news: make(chan struct{}, 1)}
}

// run reads the scanners and sends until ctx ends or the hub turns the station
// away.
func (l *link) run(ctx context.Context, specs []devices.Spec) error {
	scans := make(chan devices.Scan, 64)
	sup, err := devices.New(devices.Config{
		Specs: specs, Scans: scans, Logger: l.log, Poll: l.poll,
		Changed: func(devices.Status) { l.nudge() },
	})
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return sup.Run(ctx) })
	g.Go(func() error { return l.sendAll(ctx, scans) })
	g.Go(func() error { return l.reportAll(ctx, sup) })
	err = g.Wait()
	l.client.CloseIdleConnections()
	return err
}

func (l *link) nudge() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// sendAll sends the scans one after the other, in the order of the hands that
// made them.
func (l *link) sendAll(ctx context.Context, scans <-chan devices.Scan) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case s := <-scans:
			if err := l.send(ctx, s); err != nil {
				return err
			}
		}
	}
}

// send sends one scan until it is answered or too old.
func (l *link) send(ctx context.Context, s devices.Scan) error {
	body, err := json.Marshal(map[string]string{"code": s.Text, "command_id": rand.Text(), "device": clipped(string(s.Device), 64)})
	if err != nil {
		return err
	}
	for pause := 200 * time.Millisecond; ; pause = min(2*pause, 1500*time.Millisecond) {
		left := l.keep - time.Since(s.At)
		if left <= 0 {
			l.giveUp()
			return nil
		}
		status, message, err := l.post(ctx, "scans", body, min(oneTry, left))
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil && (status == http.StatusUnauthorized || status == http.StatusForbidden):
			return errUnpaired{message}
		case err == nil && status < 500:
			l.up()
			if status != http.StatusOK {
				fmt.Fprintln(l.e.stderr, "muontra: "+l.e.word(sentence("station_scan_refused", message)))
			}
			return nil
		}
		l.cut(err, message)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(min(pause, max(l.keep-time.Since(s.At), 0))):
		}
	}
}

// clipped is s with at most n bytes; a device's name is ASCII as good as always.
func clipped(s string, n int) string {
	if len(s) > n {
		return s[len(s)-n:]
	}
	return s
}

// giveUp tells, here and at the hub's page when it can be reached, that a scan
// was not done.
func (l *link) giveUp() {
	fmt.Fprintln(l.e.stderr, "muontra: "+l.e.word(sentence("station_lost")))
	l.mu.Lock()
	l.lost++
	l.lostAt = time.Now()
	l.mu.Unlock()
	l.nudge()
}

// reportAll tells the hub every two seconds, and at each change, how the
// scanners are; so the hub also knows that this machine is there.
func (l *link) reportAll(ctx context.Context, sup *devices.Supervisor) error {
	tick := time.NewTicker(reportEach)
	defer tick.Stop()
	for {
		if err := l.report(ctx, sup.Statuses()); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			// A machine that goes on purpose says so.
			bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			gone := sup.Statuses()
			for i := range gone {
				gone[i].Connected = false
			}
			l.report(bye, gone)
			return nil
		case <-tick.C:
		case <-l.news:
		}
	}
}

func (l *link) report(ctx context.Context, all []devices.Status) error {
	list := make([]station.Device, 0, len(all))
	for _, s := range all {
		list = append(list, station.Device{Name: clipped(cmp.Or(s.Name, string(s.Key)), 128), Kind: string(s.Kind), Connected: s.Connected})
	}
	l.mu.Lock()
	lost := l.lost
	if time.Since(l.lostAt) > tellLost {
		lost, l.lost = 0, 0
	}
	l.mu.Unlock()
	body, err := json.Marshal(map[string]any{"devices": list, "lost": lost})
	if err != nil {
		return err
	}
	status, message, err := l.post(ctx, "devices", body, oneTry)
	switch {
	case ctx.Err() != nil && err != nil:
		return nil
	case err == nil && (status == http.StatusUnauthorized || status == http.StatusForbidden):
		return errUnpaired{message}
	case err == nil && status == http.StatusOK:
		l.mu.Lock()
		l.lost -= lost
		l.mu.Unlock()
		l.up()
	default:
		l.cut(err, message)
	}
	return nil
}

// post sends to the station's path and gives the answer, or its words against
// it.
func (l *link) post(ctx context.Context, path string, body []byte, limit time.Duration) (status int, message string, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.p.Hub+"/api/v1/stations/"+l.p.Station+"/"+path, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", l.e.lang)
	req.Header.Set("Authorization", "Bearer "+l.p.Token)
	res, err := l.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return 0, "", err
	}
	if res.StatusCode != http.StatusOK {
		message = answerText(res, raw)
	}
	return res.StatusCode, message, nil
}

// cut and up tell once that the line has gone and is back.
func (l *link) cut(err error, message string) {
	if err == nil {
		err = errors.New(message)
	}
	l.mu.Lock()
	first := !l.down
	l.down = true
	l.mu.Unlock()
	if first {
		fmt.Fprintln(l.e.stderr, "muontra: "+l.e.word(*l.e.pairFailure(l.p.Hub, err)))
	}
}

func (l *link) up() {
	l.mu.Lock()
	was := l.down
	l.down = false
	l.mu.Unlock()
	if was {
		fmt.Fprintln(l.e.stderr, "muontra: "+l.e.word(sentence("station_up", l.p.Hub)))
	}
}
