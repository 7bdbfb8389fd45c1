package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"muontra/kiosk"
)

// A pairing code: six digits, good once and for ten minutes. All guesses of the
// school together are slowed to about 220 in that time, one in 4,500 of what
// there is.
const (
	codeDigits = 6
	codeLasts  = 10 * time.Minute
	mostCodes  = 20
)

// How long a paired machine that says nothing is still called connected, and
// how often the day on which it was seen is written down.
const (
	hereFor   = 45 * time.Second
	savedEach = 5 * time.Minute
)

// machine is a paired machine while its token is good.
type machine struct {
	kiosk.PairedStation
	seen, saved time.Time
	sockets     int
	ended       chan struct{} // closed when it is removed
}

// pairCode is a code that waits to be typed in.
type pairCode struct {
	Code    string
	Station string
	Phone   string // in place of a station: what the phone that is enrolled by it will be called
	Until   time.Time
	by      kiosk.ID
}

// pairings are the paired machines and the codes that wait. The codes are in
// memory only.
type pairings struct {
	ledger kiosk.Ledger
	now    func() time.Time

	mu     sync.Mutex
	loaded bool
	byHash map[string]*machine
	codes  map[string]pairCode
	one    map[string]*rate.Limiter // by address
	all    *rate.Limiter
}

func newPairings(l kiosk.Ledger, now func() time.Time) *pairings {
	return &pairings{
		ledger: l, now: now, byHash: map[string]*machine{}, codes: map[string]pairCode{},
		one: map[string]*rate.Limiter{}, all: rate.NewLimiter(rate.Every(3*time.Second), 20),
	}
}

// load reads the machines at the first need. The caller holds mu.
func (p *pairings) load(ctx context.Context) error {
	if p.loaded {
		return nil
	}
	var list []kiosk.PairedStation
	err := p.ledger.View(ctx, func(v kiosk.View) (err error) {
		list, err = v.PairedStations()
		return err
	})
	if err != nil {
		return fmt.Errorf("paired stations: %w", err)
	}
	for _, s := range list {
		if !s.Removed {
			p.byHash[s.Hash] = &machine{PairedStation: s, seen: s.SeenAt, saved: s.SeenAt, ended: make(chan struct{})}
		}
	}
	p.loaded = true
	return nil
}

func pairedCookie(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-muontra-station"
	}
	return "muontra-station"
}

// tokenOf is the station's token that a request carries: a browser's cookie or a
// program's bearer token.
func tokenOf(r *http.Request) string {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	if c, err := r.Cookie(pairedCookie(r)); err == nil {
		return c.Value
	}
	return ""
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// find is the paired machine that sends the request, nil for none.
func (p *pairings) find(r *http.Request) (*machine, error) {
	token := tokenOf(r)
	if token == "" {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.load(r.Context()); err != nil {
		return nil, err
	}
	m := p.byHash[hashOf(token)]
	if m != nil {
		m.seen = p.now()
	}
	return m, nil
}

// note writes down, now and then, that a machine was seen. That it could not be
// written is no reason to turn the machine away.
func (p *pairings) note(ctx context.Context, m *machine) error {
	p.mu.Lock()
	due := m.seen.Sub(m.saved) >= savedEach
	if due {
		m.saved = m.seen
	}
	row := m.PairedStation
	row.SeenAt = m.seen
	p.mu.Unlock()
	if !due {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return p.ledger.Update(ctx, func(tx kiosk.Tx) error {
		// The row itself says whether the machine was removed meanwhile; memory hears
		// of it a moment later.
		all, err := tx.PairedStations()
		if err != nil || !slices.ContainsFunc(all, func(o kiosk.PairedStation) bool { return o.ID == row.ID && !o.Removed }) {
			return err
		}
		return tx.PutPairedStation(row)
	})
}

// holds counts a machine's open websockets; over ends the count.
func (p *pairings) holds(m *machine) (over func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.sockets++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		m.sockets--
		m.seen = p.now()
	}
}

// alive reports whether the machine's token is still good, and notes it as
// seen.
func (p *pairings) alive(m *machine) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byHash[m.Hash] != m {
		return false
	}
	m.seen = p.now()
	return true
}

// offer makes a code for a station.
func (p *pairings) offer(station string, by kiosk.ID) (string, error) {
	return p.make(pairCode{Station: station, by: by})
}

// offerPhone makes a code that enrols a phone.
func (p *pairings) offerPhone(name string, by kiosk.ID) (string, error) {
	return p.make(pairCode{Phone: name, by: by})
}

func (p *pairings) make(c pairCode) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	if len(p.codes) >= mostCodes {
		return "", errPairOften
	}
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", err
		}
		code := fmt.Sprintf("%0*d", codeDigits, n)
		if _, taken := p.codes[code]; !taken {
			c.Code, c.Until = code, p.now().Add(codeLasts)
			p.codes[code] = c
			return code, nil
		}
	}
}

// waiting are the codes that nobody has used yet, the newest first.
func (p *pairings) waiting() []pairCode {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	var all []pairCode
	for _, c := range p.codes {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b pairCode) int { return b.Until.Compare(a.Until) })
	return all
}

// sweep needs mu.
func (p *pairings) sweep() {
	now := p.now()
	for k, c := range p.codes {
		if !now.Before(c.Until) {
			delete(p.codes, k)
		}
	}
	if len(p.one) > 1000 {
		for k, l := range p.one {
			if l.TokensAt(now) >= 5 {
				delete(p.one, k)
			}
		}
	}
}

// allow counts a guess from an address.
func (p *pairings) allow(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	l := p.one[address]
	if l == nil {
		p.sweep()
		l = rate.NewLimiter(rate.Every(12*time.Second), 5)
		p.one[address] = l
	}
	return l.AllowN(now, 1) && p.all.AllowN(now, 1)
}

// redeem takes a code for a token. A program names its station, so that a code
// typed at the wrong machine is noticed; the code stays good then.
func (p *pairings) redeem(ctx context.Context, address, text, station string, program bool) (m kiosk.PairedStation, token string, err error) {
	if !p.allow(address) {
		return m, "", errPairOften
	}
	code := digitsOf(text)
	p.mu.Lock()
	err = p.load(ctx)
	p.sweep()
	c, ok := p.codes[code]
	ok = ok && c.Phone == ""
	wrongStation := ok && station != "" && station != c.Station
	if ok && !wrongStation && err == nil {
		delete(p.codes, code) // good once, however often it comes at the same moment
	}
	p.mu.Unlock()
	switch {
	case err != nil:
		return m, "", err
	case !ok:
		return m, "", errPairCode
	case wrongStation:
		return m, "", errPairStation
	}
	token = rand.Text() + rand.Text()
	now := p.now().UTC()
	m = kiosk.PairedStation{Station: c.Station, Program: program, Hash: hashOf(token), PairedAt: now, PairedBy: c.by, SeenAt: now}
	err = p.ledger.Update(ctx, func(tx kiosk.Tx) error {
		m.ID = tx.NewID()
		return tx.PutPairedStation(m)
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.codes[code] = c // nothing was done: the code may be tried again
		return m, "", err
	}
	p.byHash[m.Hash] = &machine{PairedStation: m, seen: now, saved: now, ended: make(chan struct{})}
	return m, token, nil
}

// takePhone takes a phone's code, good once; back gives it again when nothing
// came of it.
func (p *pairings) takePhone(address, text string) (c pairCode, back func(), err error) {
	if !p.allow(address) {
		return c, nil, errPairOften
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	c, ok := p.codes[digitsOf(text)]
	if !ok || c.Phone == "" {
		return c, nil, errPairCode
	}
	delete(p.codes, c.Code)
	return c, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.codes[c.Code] = c
	}, nil
}

// digitsOf is a code as it was typed, with or without a gap.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// list are the paired machines, by station.
func (p *pairings) list(ctx context.Context) ([]machine, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.load(ctx); err != nil {
		return nil, err
	}
	var all []machine
	for _, m := range p.byHash {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b machine) int {
		if c := strings.Compare(a.Station, b.Station); c != 0 {
			return c
		}
		return a.PairedAt.Compare(b.PairedAt)
	})
	return all, nil
}

// here reports whether a machine is connected.
func (p *pairings) here(m machine) bool {
	return m.sockets > 0 || p.now().Sub(m.seen) < hereFor
}

// remove makes a machine's token worthless and ends its websockets.
func (p *pairings) remove(ctx context.Context, id kiosk.ID) (station string, err error) {
	p.mu.Lock()
	if err := p.load(ctx); err != nil {
		p.mu.Unlock()
		return "", err
	}
	var m *machine
	for _, o := range p.byHash {
		if o.ID == id {
			m = o
		}
	}
	p.mu.Unlock()
	if m == nil {
		return "", kiosk.ErrNotFound
	}
	p.mu.Lock()
	row := m.PairedStation
	row.Removed, row.SeenAt = true, m.seen
	p.mu.Unlock()
	if err := p.ledger.Update(ctx, func(tx kiosk.Tx) error { return tx.PutPairedStation(row) }); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byHash[m.Hash] == m { // not removed by another at the same moment
		delete(p.byHash, m.Hash)
		close(m.ended)
	}
	return m.Station, nil
}
