package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/web"
)

// scannerDesk is what the desk's page of scanners does: it changes which
// scanners are chosen, in the database and at once in the supervisor, and looks
// for new ones.
type scannerDesk struct {
	p *program

	change sync.Mutex // one change or start of a search at a time

	mu     sync.Mutex
	search *search
}

// search is one search for a scanner. It ends by itself.
type search struct {
	station string
	until   time.Time
	probe   *devices.Probe     // nil where nothing may be listened to
	cancel  context.CancelFunc // of the probe
	done    chan struct{}
	// page is what came another way: typed into the page, or from a scanner that
	// is a station's already. It outdoes what the probe says.
	page web.ScannerHearing
	own  *devices.Spec // with page.What "own": as it is to be chosen
}

func newScannerDesk(p *program) *scannerDesk { return &scannerDesk{p: p} }

// specs are the chosen scanners: those of the command line, then those in the
// database; fixed tells the first.
func (d *scannerDesk) specs(ctx context.Context) (specs []devices.Spec, fixed map[devices.Key]bool, err error) {
	fixed = map[devices.Key]bool{}
	for _, s := range d.p.cfg.specs {
		fixed[s.Key()] = true
	}
	specs = slices.Clone(d.p.cfg.specs)
	var stored []kiosk.StationDevice
	err = d.p.store.View(ctx, func(v kiosk.View) (err error) {
		stored, err = v.StationDevices()
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("chosen scanners: %w", err)
	}
	for _, row := range stored {
		spec, err := parseStored(row)
		if err != nil {
			d.p.cfg.logger.Warn("a chosen scanner is passed over", "device", row.Key, "err", err)
			continue
		}
		if !fixed[spec.Key()] {
			specs = append(specs, spec)
		}
	}
	return specs, fixed, nil
}

// apply has the supervisor do what is stored.
func (d *scannerDesk) apply(ctx context.Context) error {
	specs, _, err := d.specs(ctx)
	if err != nil {
		return err
	}
	if err := d.p.devices.Choose(specs); err != nil {
		return err
	}
	for _, name := range d.p.stationNames() {
		d.p.showDevices(name)
	}
	return nil
}

// stored is the row of a scanner that is in the database.
func (d *scannerDesk) stored(ctx context.Context, key string) (row kiosk.StationDevice, err error) {
	if slices.ContainsFunc(d.p.cfg.specs, func(s devices.Spec) bool { return string(s.Key()) == key }) {
		return row, web.ErrScannerFixed
	}
	err = d.p.store.View(ctx, func(v kiosk.View) error {
		rows, err := v.StationDevices()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r kiosk.StationDevice) bool { return r.Key == key })
		if i < 0 {
			return web.ErrNoSuchScanner
		}
		row = rows[i]
		return nil
	})
	return row, err
}

// put stores a scanner in place of an old one, or of none, and has the
// supervisor follow; back does the opposite. An empty Station forgets.
func (d *scannerDesk) put(ctx context.Context, key string, now kiosk.StationDevice) (back func(context.Context) error, err error) {
	d.change.Lock()
	defer d.change.Unlock()
	old, err := d.stored(ctx, key)
	if err != nil && !errors.Is(err, web.ErrNoSuchScanner) {
		return nil, err
	}
	err = d.p.store.Update(ctx, func(tx kiosk.Tx) error {
		if now.Station == "" {
			return tx.DropStationDevice(key)
		}
		return tx.PutStationDevice(now)
	})
	if err != nil {
		return nil, err
	}
	// What is stored holds even if the caller has gone away by now.
	if err := d.apply(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error { _, err := d.put(ctx, key, old); return err }, nil
}

// Choose implements web.Scanners.
func (d *scannerDesk) Choose(ctx context.Context, station string) (string, func(context.Context) error, error) {
	d.mu.Lock()
	s := d.search
	d.mu.Unlock()
	if s == nil || s.station != station {
		return "", nil, web.ErrNothingHeard
	}
	spec, name, ok := s.found(d)
	if !ok {
		return "", nil, web.ErrNothingHeard
	}
	d.StopListening() // the device is closed before the supervisor opens it
	spec.Station = ""
	row := kiosk.StationDevice{Key: string(spec.Key()), Station: station, Setting: spec.String()}
	back, err := d.put(ctx, row.Key, row)
	if err != nil {
		return "", nil, err
	}
	d.mu.Lock()
	if d.search == s {
		d.search = nil
	}
	d.mu.Unlock()
	return name, back, nil
}

// found is the scanner that a search has found.
func (s *search) found(d *scannerDesk) (spec devices.Spec, name string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.own != nil {
		return *s.own, s.page.Name, !s.page.Fixed
	}
	if s.page.What == hearingTyped || s.probe == nil {
		return spec, "", false
	}
	h := s.probe.State().Heard
	if h == nil || h.What != devices.HeardTest {
		return spec, "", false
	}
	return h.Spec, h.Name, true
}

// Move implements web.Scanners.
func (d *scannerDesk) Move(ctx context.Context, key, station string) (string, func(context.Context) error, error) {
	row, err := d.stored(ctx, key)
	if err != nil {
		return "", nil, err
	}
	name := d.name(key)
	row.Station = station
	back, err := d.put(ctx, key, row)
	return name, back, err
}

// Forget implements web.Scanners.
func (d *scannerDesk) Forget(ctx context.Context, key string) (string, func(context.Context) error, error) {
	if _, err := d.stored(ctx, key); err != nil {
		return "", nil, err
	}
	name := d.name(key)
	back, err := d.put(ctx, key, kiosk.StationDevice{})
	return name, back, err
}

// name is what people call a chosen scanner.
func (d *scannerDesk) name(key string) string {
	for _, st := range d.p.devices.Statuses() {
		if string(st.Key) == key {
			return st.Name
		}
	}
	return key
}

// AddStation implements web.Scanners.
func (d *scannerDesk) AddStation(_ context.Context, name string) (func(context.Context) error, error) {
	return d.p.newlyAdded(name)
}

// Offers implements web.Scanners.
func (d *scannerDesk) Offers(ctx context.Context) ([]web.ScannerOffer, error) {
	offers, err := d.offers(ctx)
	all := make([]web.ScannerOffer, 0, len(offers))
	for _, o := range offers {
		all = append(all, web.ScannerOffer{
			Key: string(o.Key), Name: o.Name, Vendor: o.Vendor, Path: o.Path, Recognised: o.RecognisedAs,
			Likely: o.Likely, Care: string(o.Care), Why: o.Why, Hint: o.Hint,
		})
	}
	return all, err
}

func (d *scannerDesk) offers(ctx context.Context) ([]devices.Offer, error) {
	chosen, _, err := d.specs(ctx)
	if err != nil {
		return nil, err
	}
	found, err := d.p.cfg.list(ctx)
	return devices.Offers(found, chosen), err
}

// Listen implements web.Scanners.
func (d *scannerDesk) Listen(ctx context.Context, station string, also []string) error {
	d.change.Lock()
	defer d.change.Unlock()
	d.StopListening()
	offers, err := d.offers(ctx)
	if err != nil {
		d.p.cfg.logger.Warn("list devices", "err", err)
	}
	offers = slices.DeleteFunc(offers, func(o devices.Offer) bool {
		return o.Care != devices.CareNone && !(o.Care == devices.CareAsk && slices.Contains(also, string(o.Key)))
	})
	s := &search{station: station, until: time.Now().Add(devices.ProbeLimit), done: make(chan struct{}), cancel: func() {}}
	if len(offers) == 0 {
		close(s.done) // a scanner may still type into the page
	} else {
		s.probe, err = devices.NewProbe(devices.ProbeConfig{Offers: offers, Poll: d.p.cfg.poll, Logger: d.p.cfg.logger})
		if err != nil {
			return err
		}
		// The search outlives the request that began it, not the program.
		inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
		s.cancel = cancel
		if !d.p.spawn(func(program context.Context) {
			defer close(s.done)
			defer cancel()
			stop := context.AfterFunc(program, cancel)
			defer stop()
			if err := s.probe.Run(inner); err != nil {
				d.p.cfg.logger.Warn("search for a scanner", "err", err)
			}
		}) {
			cancel()
			return kiosk.ErrBusy // the program is ending
		}
	}
	d.mu.Lock()
	d.search = s
	d.mu.Unlock()
	return nil
}

// StopListening implements web.Scanners. All that was open is closed when it
// returns.
func (d *scannerDesk) StopListening() {
	d.mu.Lock()
	s := d.search
	if s != nil {
		s.until = time.Now()
	}
	d.mu.Unlock()
	if s != nil {
		s.cancel()
		<-s.done
	}
}

// Hearing implements web.Scanners.
func (d *scannerDesk) Hearing() web.ScannerHearing {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.search
	if s == nil {
		return web.ScannerHearing{}
	}
	h := s.page
	left := time.Until(s.until)
	h.Running = left > 0
	if s.probe != nil {
		st := s.probe.State()
		// What came by the page ends the search, or is only a hint: then the test
		// code on a cable counts more.
		ended := h.What == hearingOwn || h.What == hearingTyped
		if st.Heard != nil && !ended && (h.What == "" || st.Heard.What == devices.HeardTest) {
			h = hearingOf(*st.Heard)
			h.Running = st.Running && left > 0
		}
		for _, l := range st.Listening {
			if l.Connected {
				h.Open++
			}
		}
	}
	h.Station, h.Left = s.station, max(0, int(left.Seconds()+0.999))
	if h.What == string(devices.HeardTest) || h.What == hearingOwn || h.What == hearingTyped {
		h.Running = false
	}
	return h
}

// What is heard beside what a probe hears.
const (
	hearingOwn    = "own"
	hearingTyped  = "typed"
	hearingSpoilt = "spoilt"
)

func hearingOf(h devices.Heard) web.ScannerHearing {
	return web.ScannerHearing{
		What: string(h.What), Name: h.Name, Key: string(h.Device), Text: shown(h.Text), Hex: hexOf(h.Raw),
		Baud: h.Baud, Next: h.Next, Learned: learnedOf(h.Lesson),
	}
}

func learnedOf(l devices.Lesson) web.ScannerLearned {
	return web.ScannerLearned{
		Prefix: l.Prefix, Suffix: l.Suffix, End: l.End, Layout: string(l.Layout), Case: l.Case, AIM: l.AIM, SwapCase: l.SwapCase,
	}
}

// hexOf writes bytes as support reads them; a long scan is cut.
func hexOf(raw []byte) string {
	const most = 64
	cut := ""
	if len(raw) > most {
		raw, cut = raw[:most], " …"
	}
	return fmt.Sprintf("% x", raw) + cut
}

// Typed implements web.Scanners.
func (d *scannerDesk) Typed(text string, ended, spoilt bool) {
	h := web.ScannerHearing{What: hearingSpoilt, Text: shown(text)}
	if !spoilt {
		raw := []byte(text)
		if ended {
			raw = append(raw, '\r')
		}
		if lesson, ok := devices.Learn(raw, true, false); ok {
			h.What, h.Learned = hearingTyped, learnedOf(lesson)
		} else {
			h.What = string(devices.HeardOther)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.search
	if s == nil || s.page.What == hearingTyped || s.own != nil {
		return
	}
	s.page = h
	if h.What == hearingTyped {
		s.until = time.Now()
		s.cancel()
	}
}

// took looks whether a scan of a chosen scanner answers the search: then it is
// not for its station.
func (d *scannerDesk) took(scan devices.Scan) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.search
	if s == nil || time.Now().After(s.until) || !strings.EqualFold(scan.Text, devices.TestCode) && !learnable(scan) {
		return false
	}
	status := devices.Status{Name: string(scan.Device)}
	for _, st := range d.p.devices.Statuses() {
		if st.Key == scan.Device {
			status = st
		}
	}
	spec, ok := d.p.devices.Spec(scan.Device)
	if !ok {
		return false
	}
	h := web.ScannerHearing{
		What: hearingOwn, Name: status.Name, Key: string(scan.Device), Text: shown(scan.Text), Hex: hexOf(scan.Raw),
		At: stationOf(scan.Station), Baud: spec.Baud,
		Fixed: slices.ContainsFunc(d.p.cfg.specs, func(f devices.Spec) bool { return f.Key() == scan.Device }),
	}
	if lesson, ok := devices.Learn(scan.Raw, spec.Kind == devices.HID, false); ok {
		// It was decoded with what was learned before.
		lesson.Layout = cmp.Or(lesson.Layout, spec.Layout)
		lesson.AIM = lesson.AIM || scan.AIM != ""
		if spec.Kind == devices.HID && lesson.End == devices.EndNone {
			lesson.End = ""
		}
		spec.Learned, h.Learned = lesson.Learned, learnedOf(lesson)
	}
	s.page, s.own = h, &spec
	s.cancel()
	return true
}

func learnable(scan devices.Scan) bool {
	_, ok := devices.Learn(scan.Raw, true, false)
	return ok
}
