package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/kiosk/station"
)

// remoteSilence is how long another machine may be silent before its scanners
// are shown as gone: it reports every two seconds.
const remoteSilence = 7 * time.Second

// remote is what another machine last said of its scanners.
type remote struct {
	station string
	devices []station.Device
	at      time.Time
	gone    bool
}

// AddStation makes a station, or finds it, and starts it when the program runs.
func (p *program) AddStation(name string) error {
	_, err := p.newlyAdded(name)
	return err
}

// newlyAdded is AddStation; back takes the station away again while nothing was done at
// it, and is nil for one that was there.
func (p *program) newlyAdded(name string) (back func(context.Context) error, err error) {
	if err := kiosk.CheckStationName(name); err != nil {
		return nil, err
	}
	if name == practiceName {
		return nil, kiosk.ErrConflict
	}
	p.adding.Lock()
	defer p.adding.Unlock()
	if _, ok := p.station(name); ok {
		return nil, nil
	}
	var seq int64
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = p.store.Update(ctx, func(tx kiosk.Tx) error {
		if seq, err = tx.LastSeq(); err != nil {
			return err
		}
		have, err := tx.Stations()
		if err != nil || slices.ContainsFunc(have, func(s kiosk.Station) bool { return s.Name == name }) {
			return err
		}
		return tx.PutStation(kiosk.Station{ID: tx.NewID(), Name: name})
	})
	if err != nil {
		return nil, err
	}
	s := p.newStation(name, p.desk)
	p.addStation(s)
	p.scannedAt.Delete(name) // of one that had the name before
	p.mu.Lock()
	start := p.start
	p.mu.Unlock()
	if start != nil {
		start(s)
	}
	return func(ctx context.Context) error { return p.takeAway(ctx, s, seq) }, nil
}

// mostEvents are read at once.
const mostEvents = 500

// takeAway removes a station that was added after an event. It refuses with
// [kiosk.ErrNotUndoable] when anything was scanned or done at it since, or when it has a
// scanner, another machine or a stocktake.
func (p *program) takeAway(ctx context.Context, s *station.Station, after int64) error {
	p.adding.Lock()
	defer p.adding.Unlock()
	name := s.Name()
	p.mu.Lock()
	there := p.stations[name] == s
	p.mu.Unlock()
	_, used := p.scannedAt.Load(name)
	if !there || used {
		return kiosk.ErrNotUndoable
	}
	err := p.store.Update(ctx, func(tx kiosk.Tx) error {
		for {
			events, err := tx.Events(after, mostEvents)
			if err != nil {
				return err
			}
			if len(events) == 0 {
				return tx.DropStation(name)
			}
			for _, e := range events {
				if e.Station == name {
					return kiosk.ErrNotUndoable
				}
				after = e.Seq
			}
		}
	})
	if errors.Is(err, kiosk.ErrConflict) {
		return kiosk.ErrNotUndoable
	}
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.stations, name)
	p.names = slices.DeleteFunc(p.names, func(n string) bool { return n == name })
	if stop, running := p.stops.LoadAndDelete(name); running {
		stop.(context.CancelFunc)()
	}
	return nil
}

// RemoteDevices keeps what another machine says of its scanners and shows it.
func (p *program) RemoteDevices(name, machine string, list []station.Device) {
	p.mu.Lock()
	old, known := p.remotes[machine]
	news := !known || old.gone || old.station != name || !slices.Equal(old.devices, list)
	p.remotes[machine] = remote{station: name, devices: list, at: time.Now()}
	p.mu.Unlock()
	if news {
		p.showDevices(name)
	}
}

// RemoteLost tells a station's screen, as it tells of a scan that waited too
// long here.
func (p *program) RemoteLost(name string) {
	p.mu.Lock()
	s := p.stations[name]
	p.mu.Unlock()
	if s != nil {
		s.Deliver(station.Scan{At: p.cfg.now().Add(-2 * station.Stale)})
	}
}

// watchRemotes shows the scanners of machines that fell silent as gone.
func (p *program) watchRemotes(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			var changed []string
			p.mu.Lock()
			for machine, r := range p.remotes {
				switch {
				case !r.gone && now.Sub(r.at) > remoteSilence:
					r.gone = true
					p.remotes[machine] = r
					changed = append(changed, r.station)
				case r.gone && now.Sub(r.at) > time.Hour: // nobody waits for it there
					delete(p.remotes, machine)
					changed = append(changed, r.station)
				}
			}
			p.mu.Unlock()
			for _, name := range changed {
				p.showDevices(name)
			}
		}
	}
}

// showDevices puts the scanners of a station on its screen, those of other
// machines too.
func (p *program) showDevices(name string) {
	var list []station.Device
	for _, d := range p.devices.Statuses() {
		if stationOf(d.Station) == name {
			list = append(list, station.Device{Name: d.Name, Kind: string(d.Kind), Connected: d.Connected, Why: d.Why})
		}
	}
	p.mu.Lock()
	s := p.stations[name]
	machines := make([]string, 0, len(p.remotes))
	for m, r := range p.remotes {
		if r.station == name {
			machines = append(machines, m)
		}
	}
	slices.Sort(machines)
	for _, m := range machines {
		r := p.remotes[m]
		for _, d := range r.devices {
			d.Connected = d.Connected && !r.gone
			list = append(list, d)
		}
	}
	p.mu.Unlock()
	if s != nil {
		s.SetDevices(list)
	}
}

// deviceChanged shows what became of a scanner of this machine.
func (p *program) deviceChanged(changed devices.Status) {
	p.showDevices(stationOf(changed.Station))
}
