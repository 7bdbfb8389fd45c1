package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web"
)

const (
	keptReads = 40  // of a scanner, for its diagnosis
	keptScans = 200 // of all, for support
	// mendQueue bounds the codes that wait to be looked up.
	mendQueue = 32
)

// doctor keeps what is known of the scanners' scans: what came, and what became
// of it at the station. It is in memory only, for codes are people's.
type doctor struct {
	p *program

	mu    sync.Mutex
	by    map[string]*patientScanner
	scans []web.ScannerScan
	seq   int64

	mend chan mending
}

// patientScanner is one scanner's record.
type patientScanner struct {
	recent                              []*devices.Read
	doubled, malformed, unknown, spoilt int
	typed                               int // of one that types into a page: its scans
}

// mending is an unknown code that may be a known one, spoilt.
type mending struct {
	key  string
	read *devices.Read
	text string
}

func newDoctor(p *program) *doctor {
	return &doctor{p: p, by: map[string]*patientScanner{}, mend: make(chan mending, mendQueue)}
}

// shown is a code as people read it: as it is where it could be a code, letters
// outside ASCII too, since they show what spoilt it.
func shown(text string) string {
	if _, err := kiosk.NormalizeCode(text); err == nil {
		return text
	}
	return kiosk.Escaped(text)
}

// wedgeKey names the scanner that types into a station's page.
func wedgeKey(station string) string { return "wedge:" + station }

// record needs d.mu.
func (d *doctor) record(key string) *patientScanner {
	r := d.by[key]
	if r == nil {
		r = &patientScanner{}
		d.by[key] = r
	}
	return r
}

func (r *patientScanner) add(read *devices.Read) {
	r.recent = append(r.recent, read)
	if len(r.recent) > keptReads {
		r.recent = slices.Clone(r.recent[len(r.recent)-keptReads:])
	}
}

// heard notes what a scanner has read.
func (d *doctor) heard(scan devices.Scan) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.record(string(scan.Device)).add(&devices.Read{Text: scan.Text, Raw: scan.Raw, At: scan.At})
	d.keep(web.ScannerScan{At: scan.At, Device: string(scan.Device), Station: stationOf(scan.Station), Text: shown(scan.Text), Hex: hexOf(scan.Raw), AIM: scan.AIM})
}

// keep needs d.mu.
func (d *doctor) keep(s web.ScannerScan) {
	d.seq++
	s.Seq = d.seq
	d.scans = append(d.scans, s)
	if len(d.scans) > keptScans {
		d.scans = slices.Clone(d.scans[len(d.scans)-keptScans:])
	}
}

// done notes what became of a scan at its station. It is called by the
// station's goroutine.
func (d *doctor) done(name string, in station.Scan, r kiosk.Result) {
	outcome := outcomeOf(r)
	if outcome == devices.Waiting {
		return // the store's fault, or nobody's
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key := in.Device
	var read *devices.Read
	switch {
	case in.Device == "wedge":
		key = wedgeKey(name)
		read = &devices.Read{Text: in.Code, Raw: []byte(in.Code), At: in.At}
		rec := d.record(key)
		rec.add(read)
		rec.typed++
		d.keep(web.ScannerScan{At: in.At, Device: key, Station: name, Text: shown(in.Code), Hex: hexOf(read.Raw)})
	case d.by[key] != nil:
		for _, one := range d.by[key].recent {
			if one.Outcome == devices.Waiting && one.Text == in.Code {
				read = one
				break
			}
		}
	}
	if read == nil {
		return
	}
	read.Outcome = outcome
	rec := d.by[key]
	switch outcome {
	case devices.Doubled:
		rec.doubled++
	case devices.Malformed:
		rec.malformed++
	case devices.Unknown:
		rec.unknown++
	}
	if outcome == devices.Unknown || outcome == devices.Malformed {
		select {
		case d.mend <- mending{key, read, in.Code}:
		default: // a flood of them tells enough
		}
	}
}

func outcomeOf(r kiosk.Result) devices.Outcome {
	switch {
	case r.Outcome == kiosk.Ignored:
		return devices.Doubled
	case r.Outcome != kiosk.Refused:
		return devices.Taken
	case r.Reason == kiosk.ReasonMalformed:
		return devices.Malformed
	case r.Reason == kiosk.ReasonUnknownBarcode:
		return devices.Unknown
	case r.Reason == kiosk.ReasonBusy, r.Reason == kiosk.ReasonStorageFailure:
		return devices.Waiting
	}
	return devices.Taken
}

// spoilt notes that a page saw an input method change a scan.
func (d *doctor) spoilt(name, typed string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rec := d.record(wedgeKey(name))
	rec.spoilt++
	rec.add(&devices.Read{Text: typed, Raw: []byte(typed), At: d.p.cfg.now(), Outcome: devices.Spoilt})
	d.keep(web.ScannerScan{At: d.p.cfg.now(), Device: wedgeKey(name), Station: name, Text: shown(typed), Hex: hexOf([]byte(typed))})
}

// run looks up whether unknown codes are known ones, spoilt, until ctx ends.
func (d *doctor) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-d.mend:
			cause := d.explain(ctx, m.text)
			d.mu.Lock()
			m.read.Mended = cause
			d.mu.Unlock()
		}
	}
}

// explain finds what spoilt a code: undoing it gives one that the library has.
func (d *doctor) explain(ctx context.Context, text string) devices.Cause {
	for _, m := range devices.Mends(text) {
		code, err := kiosk.NormalizeCode(m.Text)
		if err != nil {
			continue
		}
		id, err := d.p.desk.Identify(ctx, code)
		if err == nil && (id.Kind == kiosk.KindPatron || id.Kind == kiosk.KindCopy || id.Kind == kiosk.KindCommand) {
			return m.Cause
		}
	}
	return devices.CauseNone
}

// Chosen implements web.Scanners.
func (d *scannerDesk) Chosen(ctx context.Context) ([]web.Scanner, error) {
	_, fixed, err := d.specs(ctx)
	if err != nil {
		return nil, err
	}
	var all []web.Scanner
	doc := d.p.doctor
	doc.mu.Lock()
	defer doc.mu.Unlock()
	for _, st := range d.p.devices.Statuses() {
		spec, _ := d.p.devices.Spec(st.Key)
		s := web.Scanner{
			Key: string(st.Key), Name: st.Name, Kind: string(st.Kind), Station: stationOf(st.Station),
			Connected: st.Connected, Why: st.Why, Hint: st.Hint, Fixed: fixed[st.Key], Setting: spec.String(),
			Scans: st.Scans, Dropped: st.Dropped, Discarded: st.Discarded,
		}
		doc.describe(&s, devices.Facts{Status: st, Spec: spec})
		all = append(all, s)
	}
	for key, rec := range doc.by {
		name, wedge := strings.CutPrefix(key, wedgeKey(""))
		if !wedge {
			continue
		}
		s := web.Scanner{Key: key, Name: key, Kind: "wedge", Station: name, Connected: true, Scans: rec.typed}
		doc.describe(&s, devices.Facts{Wedge: true})
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b web.Scanner) int {
		return cmp.Or(cmp.Compare(a.Station, b.Station), cmp.Compare(a.Key, b.Key))
	})
	return all, nil
}

// describe fills in what the record says. It needs d.mu.
func (d *doctor) describe(s *web.Scanner, f devices.Facts) {
	f.Now = d.p.cfg.now()
	if rec := d.by[s.Key]; rec != nil {
		s.Doubled, s.Malformed, s.Unknown, s.Spoilt = rec.doubled, rec.malformed, rec.unknown, rec.spoilt
		for _, r := range rec.recent {
			f.Recent = append(f.Recent, *r)
		}
		if n := len(rec.recent); n > 0 {
			last := rec.recent[n-1]
			s.LastAt, s.LastText, s.LastHex = last.At, shown(last.Text), hexOf(last.Raw)
		}
	}
	s.Cause = string(devices.Diagnose(f))
}

// Scans implements web.Scanners.
func (d *scannerDesk) Scans(after int64) []web.ScannerScan {
	d.p.doctor.mu.Lock()
	defer d.p.doctor.mu.Unlock()
	var all []web.ScannerScan
	for _, s := range d.p.doctor.scans {
		if s.Seq > after {
			all = append(all, s)
		}
	}
	return all
}

// Spoilt implements web.Scanners.
func (d *scannerDesk) Spoilt(station, typed string) {
	if station != practiceName {
		d.p.doctor.spoilt(station, typed)
	}
}
