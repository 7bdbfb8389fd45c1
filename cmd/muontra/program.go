package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/feed"
	"muontra/kiosk/station"
	"muontra/labels/queue"
	"muontra/store"
	"muontra/store/backup"
	"muontra/web"
	"muontra/web/certs"
	"muontra/web/words"
)

// programConfig is what the daemon is started with.
type programConfig struct {
	data     string
	listen   []string
	lan      string // listened on too where the librarian lets other machines in; "" never
	insecure bool   // addresses beyond the loopback are served without TLS
	tlsCert  string // files in place of the own authority's, or ""
	tlsKey   string
	stations []string
	specs    []devices.Spec
	lang     string
	now      func() time.Time
	logger   *slog.Logger
	verbose  bool
	vfs      string     // of package vfs, the disk of a rehearsal; "" is the system's
	browse   bool       // who started it sees a browser and nothing else
	demo     bool       // the practice panel works on the served data itself
	spare    *spareRoom // put by on the disk; nil for none
	samples  func(context.Context) (web.Samples, error)
	poll     time.Duration
	list     func(context.Context) ([]devices.Candidate, error) // what is plugged in; devices.List if nil
}

// program is the daemon: it owns the data folder, the stations, the scanners
// and the pages, starts them in that order and closes them in reverse. Tests
// start it as main does.
type program struct {
	cfg       programConfig
	lock      *store.FolderLock
	store     *store.Store
	feed      *feed.Feed
	hub       *web.Hub
	web       *web.Server
	listeners []endpoint
	cert      certs.Source // nil without TLS
	machine   []string     // its own names, when it is served beyond the loopback
	scans     chan devices.Scan
	devices   *devices.Supervisor
	practice  practice
	queue     *queue.Queue
	desk      *circulation.Desk // the acts on the served data

	keeper    *backup.Keeper
	selfCheck *selfCheck
	parts     *supervisor

	scannerDesk *scannerDesk
	doctor      *doctor

	adding    sync.Mutex // held while a station is made
	mu        sync.Mutex
	names     []string // of the stations, the default first
	stations  map[string]*station.Station
	stops     sync.Map               // context.CancelFunc of each station that runs, by name; a station is begun with mu held and without
	scannedAt sync.Map               // names of stations where anything was scanned since the start; a station does not wait for mu
	remotes   map[string]remote      // scanners of other machines, by who reports them
	start     func(*station.Station) // while the program runs
	// beside runs a part beside the others; nil before Run and when it ends.
	beside   func(func(context.Context))
	counters map[kiosk.ID]*station.Station // the librarians' own, by account
}

// errAddress says that an address is to be served without TLS and may not be.
type errAddress struct{ addr string }

func (e errAddress) Error() string {
	return e.addr + ": plain HTTP beyond the loopback needs --insecure-lan"
}

// errListen says that an address could not be had.
type errListen struct {
	addr string
	err  error
}

func (e errListen) Error() string { return "listen on " + e.addr + ": " + e.err.Error() }
func (e errListen) Unwrap() error { return e.err }

// newProgram takes the folder, opens and migrates the database, and listens; it
// serves nobody before Run. A taken address or folder is an error here.
func newProgram(ctx context.Context, cfg programConfig) (_ *program, err error) {
	p := &program{
		cfg: cfg, feed: feed.New(), hub: web.NewHub(),
		parts: &supervisor{log: cfg.logger, first: firstWait},
		scans: make(chan devices.Scan, 64), stations: map[string]*station.Station{}, remotes: map[string]remote{},
	}
	p.scannerDesk, p.doctor = newScannerDesk(p), newDoctor(p)
	if p.cfg.list == nil {
		p.cfg.list = devices.List
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	for _, addr := range cfg.listen {
		if _, _, err := secureAddress(addr, cfg.insecure); err != nil {
			return nil, err
		}
	}
	if p.lock, err = lockFolder(cfg.data); err != nil {
		return nil, err
	}
	opt := store.Options{Now: cfg.now, Logger: cfg.logger, VFS: cfg.vfs}
	if cfg.spare != nil {
		opt.MakeRoom = cfg.spare.GiveBack
	}
	if p.store, err = store.Open(ctx, cfg.data, opt); err != nil {
		return nil, err
	}
	if err = p.openStations(ctx); err != nil {
		return nil, err
	}
	if err = p.openDevices(ctx); err != nil {
		return nil, err
	}
	if err = p.openPractice(ctx); err != nil {
		return nil, err
	}
	p.keeper = backup.NewKeeper(p.store, cfg.now, cfg.logger)
	if cfg.spare != nil {
		p.keeper.Spare = cfg.spare.Spent
	}
	p.selfCheck = &selfCheck{store: p.store, now: cfg.now, log: cfg.logger, zone: p.zone}
	p.queue = newQueue(p.store, cfg.data, cfg.now, cfg.logger, nil)
	if err = p.openListeners(); err != nil {
		return nil, err
	}
	if err = p.openLAN(ctx); err != nil {
		return nil, err
	}
	p.tellNetwork(cfg.logger)
	p.dropPhotosAside(time.Now().AddDate(100, 0, 0)) // nobody can take back what was done before this start
	p.web = web.New(web.Config{
		Lending: p.desk, Corners: p.desk, Stocktaking: p.desk, Withdrawing: p.desk, Yearly: p.desk, People: p.desk, Photos: photoFolder(filepath.Join(cfg.data, photosFolder)),
		Ledger: p.store, Station: p.station, Stations: p.stationNames, Hub: p.hub,
		Lang: words.Lang(cfg.lang), Network: p,
		Practice: p.practiceStation(), Samples: p.sampleItems,
		Scanners: p.scannerDesk, TestCode: devices.TestCode,
		Clocks: p.desk, Backups: backups{p.keeper}, SelfCheck: p.selfChecked,
		Pictures:     readPictures(),
		Acquisitions: p.desk, Cataloguing: p.desk, Wishes: p.desk, CornerActs: p.desk, Settings: p.desk, Accounts: p.desk, Desk: p.desk, Counter: p.counter, Printing: p.queue, Target: printerAddress, Photo: photosOf(cfg.data),
		Events: p.eventsAfter, Now: cfg.now, Logger: cfg.logger, Version: versionText(), Scratch: cfg.data,
	})
	return p, nil
}

// publish tells a committed event to whoever listens.
func (p *program) publish(e kiosk.Event) {
	p.feed.Publish(e)
	p.web.Observe(e)
	if e.Type == kiosk.EventStockStation || e.Type == kiosk.EventStockClosed {
		p.lookCounting()
	}
}

// lookCounting has every station see at once whether it counts the stock.
func (p *program) lookCounting() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.stations {
		s.Look()
	}
}

// zone is the school's time zone.
func (p *program) zone(ctx context.Context) (*time.Location, error) {
	r, err := p.desk.Rules(ctx)
	return r.Location, err
}

// selfChecked is what the program knows of its database and its parts.
func (p *program) selfChecked() web.SelfCheck {
	s := p.selfCheck.State()
	s.Restarts = int(p.parts.restarts.Load())
	if free, err := freeSpace(p.cfg.data); err == nil {
		s.Free = max(free, 1)
	}
	s.SpareGone = p.cfg.spare != nil && p.cfg.spare.Spent()
	return s
}

// practiceStation is where the practice panel's clicks go.
func (p *program) practiceStation() string {
	if p.cfg.demo {
		return kiosk.DefaultStation
	}
	return practiceName
}

// sampleItems are what the practice panel offers.
func (p *program) sampleItems(ctx context.Context) (web.Samples, error) {
	if p.cfg.samples != nil {
		return p.cfg.samples(ctx)
	}
	return p.practice.samples, nil
}

// Run serves until ctx ends or a part fails, then stops all parts: the pages
// first, so that nothing new comes in, then scanners and stations.
func (p *program) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	inner, stopInner := context.WithCancel(context.WithoutCancel(ctx))
	p.mu.Lock()
	// Whatever breaks is begun anew beside the others.
	keep := func(name string, part func(context.Context) error) {
		g.Go(func() error { p.parts.keep(inner, name, part); return nil })
	}
	p.beside = func(part func(context.Context)) { keep("helper", endless(part)) }
	p.mu.Unlock()
	begin := func(s *station.Station) {
		on, stop := context.WithCancel(inner)
		p.stops.Store(s.Name(), stop)
		keep("station "+s.Name(), func(context.Context) error { return s.Run(on) })
	}
	for _, s := range p.startAll(begin) {
		begin(s)
	}
	keep("other machines", endless(p.watchRemotes))
	keep("scanners", p.devices.Run)
	keep("scanner doctor", endless(p.doctor.run))
	keep("scans", endless(p.deliver))
	keep("print queue", p.queue.Run)
	keep("names", endless(p.retain))
	keep("backup", endless(p.keeper.Run))
	keep("self-check", endless(p.selfCheck.Run))
	keep("rest", endless(p.restAWhile))
	if p.cfg.spare != nil {
		keep("spare room", endless(p.cfg.spare.Run))
	}

	servers := p.servers()
	for _, srv := range servers {
		// A websocket is out of Shutdown's hands: it ends with the context of its
		// request, or when the pages are closed.
		srv.BaseContext = func(net.Listener) context.Context { return inner }
		g.Go(func() error {
			if err := srv.serve(srv.Server); !errors.Is(err, http.ErrServerClosed) && !(ctx.Err() != nil && errors.Is(err, net.ErrClosed)) {
				return fmt.Errorf("serve %s: %w", srv.url, err)
			}
			return nil
		})
	}
	g.Go(func() error {
		<-ctx.Done()
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		p.mu.Lock()
		p.beside = nil
		p.mu.Unlock()
		stopInner()
		p.web.Close()
		var errs []error
		for _, srv := range servers {
			if err := srv.Shutdown(bye); err != nil {
				errs = append(errs, fmt.Errorf("stop serving: %w", err), srv.Close())
			}
		}
		return errors.Join(errs...)
	})
	return g.Wait()
}

// Close gives everything back. It is safe after a newProgram that failed.
func (p *program) Close() error {
	var errs []error
	for _, l := range p.listeners {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if p.practice.store != nil {
		errs = append(errs, p.practice.store.Close())
	}
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	if p.lock != nil {
		errs = append(errs, p.lock.Unlock())
	}
	return errors.Join(errs...)
}

// openStations makes the stations of the database and of the command line.
func (p *program) openStations(ctx context.Context) error {
	known, err := p.syncStations(ctx)
	if err != nil {
		return fmt.Errorf("stations: %w", err)
	}
	p.desk = &circulation.Desk{Ledger: p.store, Now: p.cfg.now, Publish: p.publish}
	for _, name := range known {
		p.addStation(p.newStation(name, p.desk))
	}
	return nil
}

func (p *program) newStation(name string, desk station.Desk) *station.Station {
	cfg := station.Config{Name: name, Desk: desk, Now: p.cfg.now, Show: p.hub.Show, Logger: p.cfg.logger}
	if name != practiceName {
		cfg.Observe = func(in station.Scan, r kiosk.Result) {
			p.scannedAt.Store(name, true)
			p.doctor.done(name, in, r)
		}
	}
	return station.New(cfg)
}

// spawn runs a part beside the others until the program ends; false when it is
// ending already, or has not begun.
func (p *program) spawn(part func(context.Context)) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.beside == nil {
		return false
	}
	p.beside(part)
	return true
}

// syncStations adds the command line's stations to the database and returns
// all names, the default first. A name that is known already is no error.
func (p *program) syncStations(ctx context.Context) ([]string, error) {
	for _, n := range p.cfg.stations {
		if err := kiosk.CheckStationName(n); err != nil {
			return nil, err
		}
		if n == practiceName {
			return nil, fmt.Errorf("station name %q: it is the practice station's, choose another", n)
		}
	}
	var names []string
	err := p.store.Update(ctx, func(tx kiosk.Tx) error {
		have, err := tx.Stations()
		if err != nil {
			return err
		}
		names = names[:0]
		for _, s := range have {
			names = append(names, s.Name)
		}
		for _, n := range append([]string{kiosk.DefaultStation}, p.cfg.stations...) {
			if slices.Contains(names, n) {
				continue
			}
			if err := tx.PutStation(kiosk.Station{ID: tx.NewID(), Name: n}); err != nil {
				return err
			}
			names = append(names, n)
		}
		return nil
	})
	slices.SortFunc(names, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == kiosk.DefaultStation || b != kiosk.DefaultStation && a < b:
			return -1
		}
		return 1
	})
	return names, err
}

func (p *program) addStation(s *station.Station) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stations[s.Name()] = s
	p.names = append(p.names, s.Name())
	p.hub.Show(s.Screen())
}

// startAll gives the stations there are, and has start called for each that
// comes later.
func (p *program) startAll(start func(*station.Station)) []*station.Station {
	p.adding.Lock()
	defer p.adding.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start = start
	all := make([]*station.Station, 0, len(p.names))
	for _, n := range p.names {
		all = append(all, p.stations[n])
	}
	return all
}

func (p *program) station(name string) (web.Station, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.stations[name]
	return s, ok
}

func (p *program) stationNames() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.names)
}

// loopback reports whether addr, as given to --listen, stays on this machine.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
