package web_test

import (
	"context"
	"maps"
	"slices"
	"sync"

	"muontra/kiosk"
	"muontra/web"
)

// scannerTable is scanners that were chosen, by key, and the stations that they can be
// at, in memory. One that is heard has just sent the test code.
type scannerTable struct {
	mu       sync.Mutex
	stations []string
	at       map[string]string
}

func newScannerTable() *scannerTable {
	return &scannerTable{stations: []string{"desk", "cua-so"}, at: map[string]string{"usb:mau:1": "desk"}}
}

func (d *scannerTable) names() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.stations)
}

// rows is how it is, as the ledger's tables are.
func (d *scannerTable) rows() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := maps.Clone(d.at)
	for _, name := range d.stations {
		all["station "+name] = name
	}
	return all
}

func (d *scannerTable) Chosen(context.Context) (all []web.Scanner, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(d.at)) {
		all = append(all, web.Scanner{Key: key, Name: "Máy quét mẫu", Kind: "hid", Station: d.at[key], Connected: true})
	}
	return all, nil
}

func (d *scannerTable) Scans(int64) []web.ScannerScan                      { return nil }
func (d *scannerTable) Offers(context.Context) ([]web.ScannerOffer, error) { return nil, nil }
func (d *scannerTable) Listen(context.Context, string, []string) error     { return nil }
func (d *scannerTable) StopListening()                                     {}
func (d *scannerTable) Typed(string, bool, bool)                           {}
func (d *scannerTable) Spoilt(string, string)                              {}

func (d *scannerTable) Hearing() web.ScannerHearing {
	return web.ScannerHearing{Station: "cua-so", What: "test", Name: "Máy quét mẫu", Key: "usb:mau:2"}
}

// put gives a scanner to a station, or to none.
func (d *scannerTable) put(key, station string) func(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	was, now := d.at[key], d.at
	set := func(station string) {
		if now[key] = station; station == "" {
			delete(now, key)
		}
	}
	set(station)
	return func(context.Context) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		set(was)
		return nil
	}
}

func (d *scannerTable) Choose(_ context.Context, station string) (string, func(context.Context) error, error) {
	return "Máy quét mẫu", d.put("usb:mau:2", station), nil
}

func (d *scannerTable) Move(_ context.Context, key, station string) (string, func(context.Context) error, error) {
	return "Máy quét mẫu", d.put(key, station), nil
}

func (d *scannerTable) Forget(_ context.Context, key string) (string, func(context.Context) error, error) {
	return "Máy quét mẫu", d.put(key, ""), nil
}

func (d *scannerTable) AddStation(_ context.Context, name string) (func(context.Context) error, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if slices.Contains(d.stations, name) {
		return nil, kiosk.ErrConflict
	}
	d.stations = append(d.stations, name)
	return func(context.Context) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.stations = slices.DeleteFunc(d.stations, func(n string) bool { return n == name })
		return nil
	}, nil
}
