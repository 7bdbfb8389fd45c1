package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/station"
	"muontra/web"
)

// screens is how long a picture takes from the commit to the last of many
// screens that show the station, beside a server that does nothing but write the
// same bytes to as many websockets.
func (g *Rig) screens(ctx context.Context) (rows []Row, err error) {
	for _, n := range g.Size.Screens {
		took, bare, err := g.push(ctx, n)
		if err != nil {
			return nil, err
		}
		goal := 3.0
		if n >= 1000 {
			goal = 2
		}
		a, b := quantile(took, 0.99), quantile(bare, 0.99)
		rows = append(rows,
			Row{Name: fmt.Sprintf("screens-%d-p99", n), Value: a, Unit: "ms to the last", Reference: b, Ratio: a / b}.ratioAtMost(goal),
			Row{Name: fmt.Sprintf("screens-%d-p50", n), Value: median(took), Unit: "ms to the last", Reference: median(bare), Ratio: median(took) / median(bare)})
	}
	return rows, nil
}

func (g *Rig) push(ctx context.Context, n int) (took, alone []float64, err error) {
	seed, err := g.small(ctx)
	if err != nil {
		return nil, nil, err
	}
	dir, err := g.lay(seed, "screens")
	if err != nil {
		return nil, nil, err
	}
	x, err := openShelf(ctx, dir, "", bookOf)
	if err != nil {
		return nil, nil, err
	}
	defer x.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	hub := web.NewHub()
	committed := make(chan time.Time, 1)
	desk := &circulation.Desk{Ledger: x.store, Now: time.Now, Publish: func(kiosk.Event) {
		select {
		case committed <- time.Now():
		default:
		}
	}}
	// The session outlives the longest measurement.
	st := station.New(station.Config{Name: kiosk.DefaultStation, Desk: desk, Now: time.Now, Show: hub.Show, Idle: time.Hour})
	hub.Show(st.Screen())
	pages := web.New(web.Config{Ledger: x.store, Hub: hub, Station: func(name string) (web.Station, bool) { return st, name == st.Name() }})
	defer pages.Close()
	over := make(chan struct{})
	go func() { defer close(over); st.Run(ctx) }()
	defer func() { cancel(); <-over }()
	mine, err := listen(pages.Handler())
	if err != nil {
		return nil, nil, err
	}
	defer mine.Close()
	plain := &broadcaster{}
	theirs, err := listen(plain)
	if err != nil {
		return nil, nil, err
	}
	defer theirs.Close()
	a, err := watch(ctx, mine.addr+"/ws/stations/"+st.Name(), n)
	if err != nil {
		return nil, nil, err
	}
	defer a.close()
	b, err := watch(ctx, theirs.addr, n)
	if err != nil {
		return nil, nil, err
	}
	defer b.close()
	if _, err := st.Scan(ctx, station.Scan{Code: cardOf(0)}); err != nil {
		return nil, nil, err
	}
	for i := range g.Size.Pushes {
		book := (i * 7919) % smallCopies
		drain(committed)
		frame, last, err := a.until(ctx, bookOf(book), func() error {
			r, err := st.Scan(ctx, station.Scan{Code: bookOf(book)})
			if err == nil && r.Outcome != kiosk.CheckedOut {
				err = fmt.Errorf("a scan was answered %s/%s", r.Outcome, r.Reason)
			}
			return err
		})
		if err != nil {
			return nil, nil, err
		}
		took = append(took, ms(last.Sub(<-committed)))
		var begun time.Time
		_, last, err = b.until(ctx, bookOf(book), func() error {
			begun = time.Now()
			return plain.send(frame)
		})
		if err != nil {
			return nil, nil, err
		}
		alone = append(alone, ms(last.Sub(begun)))
		if err := x.back(ctx, []lent{{ref: x.refs[0], copy: x.copies[book]}}); err != nil {
			return nil, nil, err
		}
	}
	return took, alone, nil
}

func drain(c chan time.Time) {
	select {
	case <-c:
	default:
	}
}

// served is an HTTP server on the loopback.
type served struct {
	*http.Server
	addr string
}

func listen(h http.Handler) (*served, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &served{&http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, "ws://" + l.Addr().String()}
	go s.Serve(l)
	return s, nil
}

// watchers are screens: each reads its websocket and says when it has seen what
// is waited for.
type watchers struct {
	conns []*websocket.Conn
	want  atomic.Pointer[awaited]
	wg    sync.WaitGroup
}

// awaited is a picture that all screens are to show.
type awaited struct {
	token []byte // in its frame and in none before
	left  atomic.Int64
	frame []byte         // as the last one got it; valid after all
	all   chan time.Time // when the last one had it
}

func watch(ctx context.Context, url string, n int) (*watchers, error) {
	w := &watchers{}
	for range n {
		d := websocket.Dialer{HandshakeTimeout: 30 * time.Second, ReadBufferSize: 4096, WriteBufferSize: 256}
		c, _, err := d.DialContext(ctx, url, nil)
		if err != nil {
			w.close()
			return nil, err
		}
		w.conns = append(w.conns, c)
		w.wg.Go(func() { w.read(c) })
	}
	return w, nil
}

func (w *watchers) read(c *websocket.Conn) {
	var seen *awaited
	for {
		_, b, err := c.ReadMessage()
		if err != nil {
			return
		}
		if a := w.want.Load(); a != nil && a != seen && bytes.Contains(b, a.token) {
			seen = a
			if a.left.Add(-1) == 0 {
				a.frame = b
				a.all <- time.Now()
			}
		}
	}
}

// until does what makes the picture with the token and waits for the last screen.
func (w *watchers) until(ctx context.Context, token string, do func() error) (frame []byte, last time.Time, err error) {
	a := &awaited{token: []byte(token), all: make(chan time.Time, 1)}
	a.left.Store(int64(len(w.conns)))
	w.want.Store(a)
	if err := do(); err != nil {
		return nil, last, err
	}
	select {
	case last = <-a.all:
		return a.frame, last, nil
	case <-time.After(time.Minute):
		return nil, last, fmt.Errorf("%d of %d screens did not get the picture", a.left.Load(), len(w.conns))
	case <-ctx.Done():
		return nil, last, ctx.Err()
	}
}

func (w *watchers) close() {
	for _, c := range w.conns {
		c.Close()
	}
	w.wg.Wait()
}

// broadcaster is the reference: every client gets the same prepared frame, one
// after the other.
type broadcaster struct {
	mu    sync.Mutex
	conns []*websocket.Conn
}

func (b *broadcaster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u := websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 4096}
	c, err := u.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	b.mu.Lock()
	b.conns = append(b.conns, c)
	b.mu.Unlock()
	for {
		if _, _, err := c.NextReader(); err != nil {
			c.Close()
			return
		}
	}
}

func (b *broadcaster) send(frame []byte) error {
	m, err := websocket.NewPreparedMessage(websocket.TextMessage, frame)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, c := range b.conns {
		errs = append(errs, c.WritePreparedMessage(m))
	}
	return errors.Join(errs...)
}
