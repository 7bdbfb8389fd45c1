// Package station runs one station's session: who stands before the screen,
// what the next scan means, when it ends by itself. One goroutine owns it;
// scans, touches and overrides enter one inbox and are done in order of
// arrival. What it decides it asks of package circulation; what it shows is a
// [Screen], a whole picture as a value.
//
// The table of states and inputs is in table.go; it is the one of the
// contract, with the cells that the contract leaves open.
package station

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"muontra/kiosk"
)

// The times of a station.
const (
	SessionIdle = 20 * time.Second        // a session without a scan or touch ends
	Clear       = 20 * time.Second        // the last result leaves an idle screen
	DoubleScan  = 1500 * time.Millisecond // the same code again is one scan
	Stale       = 3 * time.Second         // what waited longer in the inbox is dropped and told
	refresh     = 5 * time.Second         // how often the day, the slot and the bell are looked at
	probe       = 2 * time.Second         // how often a store that failed is tried again
	inboxSize   = 128
	patience    = 5 * time.Second // for one act
)

// Desk does the acts; package circulation has it. Each is one transaction and
// its answer is on disk.
type Desk interface {
	Identify(ctx context.Context, code string) (kiosk.Identity, error)
	Holds(ctx context.Context, patron, copyID kiosk.ID) (bool, error)
	Rules(ctx context.Context) (kiosk.Rules, error)
	Probe(ctx context.Context) error

	Enter(ctx context.Context, a kiosk.Attempt, card string) (kiosk.Answer, error)
	Admit(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error)
	Checkout(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	Return(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	CheckoutSet(ctx context.Context, a kiosk.Attempt, patron, set kiosk.ID) (kiosk.Answer, error)
	ReturnSet(ctx context.Context, a kiosk.Attempt, patron, set kiosk.ID) (kiosk.Answer, error)
	UseSetOnSite(ctx context.Context, a kiosk.Attempt, patron, set kiosk.ID) (kiosk.Answer, error)
	RefuseSet(ctx context.Context, a kiosk.Attempt, set kiosk.BookSet, why kiosk.Reason) (kiosk.Answer, error)
	Renew(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	RenewAll(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error)
	UseOnSite(ctx context.Context, a kiosk.Attempt, patron, copyID, instead kiosk.ID) (kiosk.Answer, error)
	Undo(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, seq int64) (kiosk.Answer, error)
	Refuse(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, item *kiosk.Item, reasons ...kiosk.Reason) (kiosk.Answer, error)
	CallHelp(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error)
	Remember(ctx context.Context, a kiosk.Attempt, r kiosk.Result) (kiosk.Answer, error)
	LendInHour(ctx context.Context, a kiosk.Attempt, corner, patron, copyID kiosk.ID) (kiosk.Answer, error)
	ScanBox(ctx context.Context, a kiosk.Attempt, patron, place kiosk.ID) (kiosk.Answer, error)
	BookIntoBox(ctx context.Context, a kiosk.Attempt, patron, place, deposit, copyID kiosk.ID) (kiosk.Answer, error)
	BookOutOfBox(ctx context.Context, a kiosk.Attempt, patron, place, deposit, copyID kiosk.ID) (kiosk.Answer, error)
	CloseBox(ctx context.Context, a kiosk.Attempt, patron, place, deposit kiosk.ID) (kiosk.Answer, error)
	ReadWeek(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, monday kiosk.Day, code string) (kiosk.Answer, error)
	CopyPaper(ctx context.Context, a kiosk.Attempt, of kiosk.PaperSheet, child, copyID kiosk.ID, back bool) (kiosk.Answer, error)
	ReturnInHour(ctx context.Context, a kiosk.Attempt, corner, patron, copyID kiosk.ID) (kiosk.Answer, error)

	Counting(ctx context.Context, station string) (*kiosk.CountingNow, error)
	StartCountingByCard(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error)
	StopCounting(ctx context.Context, a kiosk.Attempt, station string) (kiosk.Answer, error)
	CountHere(ctx context.Context, a kiosk.Attempt) (kiosk.Result, error)
	UncountHere(ctx context.Context, a kiosk.Attempt, stocktake, copy kiosk.ID) (kiosk.Result, error)
}

// Config is what a station needs.
type Config struct {
	Name string
	Desk Desk
	Now  func() time.Time // the wall clock, with the monotonic reading where there is one
	Show func(Screen)     // called from the station's goroutine at each change; must not block
	// Observe, where there is one, is told what became of each scan, from the
	// station's goroutine; it must not block.
	Observe func(Scan, kiosk.Result)
	Logger  *slog.Logger
	Idle    time.Duration // how long a session stays without a scan; 0 is SessionIdle
}

// Station is one place with a screen. Make it with New; Run it; its other
// methods may be called from any goroutine.
type Station struct {
	cfg   Config
	inbox chan input
	done  chan struct{}
	shown atomic.Pointer[Screen]

	// Owned by the goroutine of Run.
	screen   Screen
	session  *kiosk.Session
	endsAt   time.Time // of the session, or when an idle screen's result goes
	onSite   bool      // the next copy is read here
	last     reading
	hour     *hour              // nil outside a corner's hour
	counting *kiosk.CountingNow // nil while it lends and takes back
	counted  kiosk.ID           // the last copy that was counted here
	fill     *filling           // nil while no box is being filled
	paper    *paper             // nil while no corner's paper is copied
	lastAct  act
	pending  refused
	turned   []turnedAway // the latest last
	answers  answers
	tried    time.Time // when the failed store was tried last
	looked   time.Time // when the rules were looked at last
}

// reading is the previous scan of the station, for double scans.
type reading struct {
	code   string
	at     time.Time
	result kiosk.Result
}

// act is the last act that can be undone.
type act struct {
	seq    int64 // of its event, 0 for none
	copy   kiosk.ID
	loan   kiosk.ID // of a checkout
	until  time.Time
	box    kiosk.ID // of a book that went into a corner's box: the deposit
	idle   bool     // an idle return: undone without a session
	patron kiosk.ID
}

// refused is the last refusal that a librarian may override.
type refused struct {
	seq  int64 // of the result
	card string
	copy string
	item kiosk.ID // with on_site_only: the copy that may be read here
	set  kiosk.ID // with on_site_only: the set that may be read here
}

// turnedAway is a refusal in a session, by which a librarian's yes that comes
// later finds whom it is for.
type turnedAway struct {
	seq    int64 // of the result
	patron kiosk.ID
	code   string   // the copy's or the set's
	what   kiosk.ID // the copy or the set
}

// mostTurnedAway is how many of them a station knows: more than are refused
// while a librarian comes over.
const mostTurnedAway = 64

// turn notes that the session's patron was refused a copy or a set.
func (s *Station) turn(seq int64, code string, what kiosk.ID) {
	s.pending = refused{seq: seq, copy: code}
	if len(s.turned) == mostTurnedAway {
		s.turned = s.turned[1:]
	}
	s.turned = append(s.turned, turnedAway{seq, s.patron(), code, what})
}

// input is one thing in the inbox.
type input struct {
	do      func(ctx context.Context, s *Station) (kiosk.Result, error)
	arrived time.Time
	reply   chan reply // nil when nobody waits
	fact    bool       // how something is, not what somebody wants: never too old
}

type reply struct {
	result kiosk.Result
	err    error
}

// New makes a station; nothing happens before Run.
func New(cfg Config) *Station {
	if cfg.Idle == 0 {
		cfg.Idle = SessionIdle
	}
	s := &Station{
		cfg:   cfg,
		inbox: make(chan input, inboxSize),
		done:  make(chan struct{}),
		screen: Screen{
			Seq: cfg.Now().UnixMilli(), Station: cfg.Name, Phase: Idle,
			Loans: []kiosk.LoanView{}, Devices: []Device{},
			Service: Service{Today: Today{Grades: []int{}}},
		},
	}
	first := s.screen
	s.shown.Store(&first)
	return s
}

// Name is the station's name.
func (s *Station) Name() string { return s.cfg.Name }

// Screen is the newest picture.
func (s *Station) Screen() Screen { return *s.shown.Load() }

// Run owns the station until ctx ends. After a panic it may be run again: who
// waits for an answer goes on waiting for it, and not for ever.
func (s *Station) Run(ctx context.Context) error {
	defer func() {
		if ctx.Err() != nil {
			close(s.done)
		}
	}()
	s.lookAround(ctx)
	s.lookCounting(ctx)
	s.show()
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		tick.Reset(s.untilNext())
		select {
		case <-ctx.Done():
			return nil
		case in := <-s.inbox:
			s.serve(ctx, in)
		case <-tick.C:
			s.pass(ctx)
		}
	}
}

// serve does one input and answers it.
func (s *Station) serve(ctx context.Context, in input) {
	s.pass(ctx) // what had ended before it came has ended
	var r reply
	if !in.fact && s.cfg.Now().Sub(in.arrived) > Stale {
		r.result = s.turnAway(kiosk.ReasonBusy)
	} else {
		c, cancel := context.WithTimeout(ctx, patience)
		r.result, r.err = s.safely(c, in)
		cancel()
	}
	if in.reply != nil {
		in.reply <- r
	}
}

// safely does one input. A panic in it is that input's failure, and the station
// goes on with the next.
func (s *Station) safely(ctx context.Context, in input) (r kiosk.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			if s.cfg.Logger != nil {
				s.cfg.Logger.Error("panic in an input", "station", s.cfg.Name, "err", err)
			}
		}
	}()
	return in.do(ctx, s)
}

// untilNext is how long the station may sleep.
func (s *Station) untilNext() time.Duration {
	now := s.cfg.Now()
	next := s.looked.Add(refresh)
	if !s.endsAt.IsZero() && s.endsAt.Before(next) {
		next = s.endsAt
	}
	if s.screen.Phase == Offline && s.tried.Add(probe).Before(next) {
		next = s.tried.Add(probe)
	}
	return max(next.Sub(now), time.Millisecond)
}

// pass does what the clock alone does: ends a session, clears a result, looks
// at the timetable, tries a failed store again.
func (s *Station) pass(ctx context.Context) {
	now := s.cfg.Now()
	changed := false
	if !s.endsAt.IsZero() && !now.Before(s.endsAt) {
		s.close()
		s.screen.Result = nil
		s.endsAt = time.Time{}
		changed = true
	}
	if s.screen.Phase == Offline && now.Sub(s.tried) >= probe {
		s.tried = now
		c, cancel := context.WithTimeout(ctx, patience)
		if s.cfg.Desk.Probe(c) == nil {
			s.screen.Phase = Idle
			if s.session != nil {
				s.screen.Phase = Session
			}
			changed = true
		}
		cancel()
	}
	if s.hourPasses(false) {
		changed = true
	}
	if now.Sub(s.looked) >= refresh {
		around, count := s.lookAround(ctx), s.lookCounting(ctx)
		changed = changed || around || count
	}
	if changed {
		s.show()
	}
}

// lookAround reads whom the library serves now; it reports a change.
func (s *Station) lookAround(ctx context.Context) bool {
	now := s.cfg.Now()
	s.looked = now
	r, err := s.cfg.Desk.Rules(ctx)
	if err != nil {
		s.log("read the timetable", err)
		return false
	}
	slot := r.Timetable.At(now, r.Location)
	day := r.Today(now)
	sv := Service{Today: Today{Grades: slot.Grades, Teachers: slot.Teachers}, Open: r.Calendar.Open(day), Day: day}
	if sv.Today.Grades == nil {
		sv.Today.Grades = []int{}
	}
	if b, ok := r.Calendar.BreakAt(now, r.Location); ok && sv.Open {
		end := day.At(int(b.To)/60, int(b.To)%60, r.Location).UTC()
		sv.BreakEndsAt = &end
	}
	if sv.equal(s.screen.Service) {
		return false
	}
	s.screen.Service = sv
	return true
}

// show makes the next picture.
func (s *Station) show() {
	s.screen.Seq++
	s.screen.CanUndo = s.lastAct.seq > 0 || s.counting != nil && s.counted != ""
	s.screen.Counting = s.counting
	s.screen.OnSite = s.onSite
	s.screen.EndsAt, s.screen.Box = nil, s.fill.shown()
	s.screen.Patron, s.screen.Loans, s.screen.Limit, s.screen.Left = nil, []kiosk.LoanView{}, 0, 0
	if x := s.session; x != nil {
		s.screen.Patron = x.Member.View()
		s.screen.Loans, s.screen.Limit, s.screen.Left = x.Loans, x.Limit, x.Left
		end := s.endsAt.UTC().Round(time.Millisecond)
		s.screen.EndsAt = &end
	}
	p := s.screen // a copy: what was shown is never changed again
	s.shown.Store(&p)
	if s.cfg.Show != nil {
		s.cfg.Show(p)
	}
}

// close ends the session, if one is open.
func (s *Station) close() {
	s.session = nil
	s.fill = nil
	s.paper = nil
	s.onSite = false
	s.lastAct = act{}
	s.pending = refused{}
	if s.screen.Phase == Session {
		s.screen.Phase = Idle
	}
}

func (s *Station) log(what string, err error) {
	if s.cfg.Logger != nil {
		s.cfg.Logger.Error(what, "station", s.cfg.Name, "err", err)
	}
}
