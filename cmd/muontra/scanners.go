package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/kiosk/station"
)

// openDevices makes the supervisor of the scanners that were chosen: on the
// command line, or on the desk's page and kept in the database.
func (p *program) openDevices(ctx context.Context) error {
	specs, _, err := p.scannerDesk.specs(ctx)
	if err != nil {
		return err
	}
	for _, s := range specs {
		if _, ok := p.station(stationOf(s.Station)); !ok {
			return fmt.Errorf("scanner %s: no station %q: add --station %s", s.Key(), s.Station, s.Station)
		}
	}
	if slices.ContainsFunc(specs, func(s devices.Spec) bool { return s.Kind == devices.HID }) {
		// The USB library keeps some 31 reports, 15 characters, and forgets the oldest.
		// With one or two processors, and labels being drawn on them, Go's own scheduler
		// may keep a reader waiting that long; the system's gives it the next moment.
		runtime.GOMAXPROCS(max(4, runtime.GOMAXPROCS(0)))
	}
	p.devices, err = devices.New(devices.Config{
		Specs: specs, Scans: p.scans, Changed: p.deviceChanged, Poll: p.cfg.poll, Logger: p.cfg.logger,
	})
	return err
}

// parseStored reads a chosen scanner back: its setting is what would be typed
// on the command line, without the station.
func parseStored(d kiosk.StationDevice) (spec devices.Spec, err error) {
	if strings.HasPrefix(d.Key, "usb:") {
		spec, err = devices.ParseHID(d.Setting)
	} else {
		spec, err = devices.ParseSerial(d.Setting)
	}
	spec.Station = d.Station
	return spec, err
}

func stationOf(name string) string {
	if name == "" {
		return kiosk.DefaultStation
	}
	return name
}

// deliver carries scans from the scanners to their stations. It never waits: a
// station that is far behind is told so on its screen by the scan being lost.
func (p *program) deliver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case scan := <-p.scans:
			if p.scannerDesk.took(scan) {
				continue
			}
			p.doctor.heard(scan)
			p.mu.Lock()
			s := p.stations[stationOf(scan.Station)]
			p.mu.Unlock()
			if s == nil {
				continue
			}
			if !s.Deliver(station.Scan{Code: scan.Text, At: p.cfg.now().Add(-time.Since(scan.At)), Device: string(scan.Device)}) {
				p.cfg.logger.Error("a scan was lost: the station is too far behind", "station", s.Name())
			}
		}
	}
}
