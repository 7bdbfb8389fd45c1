package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"muontra/kiosk"
)

// stationCommand is this program on another machine: it reads the scanners there
// and sends each scan to the hub, the machine with the data. What a child sees
// is the hub's page in that machine's browser.
func stationCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("station")
	hub := f.String("hub", "", "the address of the machine with the data: https://HOST:7443")
	name := f.String("name", "", "the station's name")
	code := f.String("code", "", "the code from the desk's page, once")
	ca := f.String("ca", "", "a file with the hub's certificate (PEM), when the code is typed without the letters behind it")
	dir := f.String("data", "", "the folder where the pairing is kept")
	verbose := f.Bool("verbose", false, "log more")
	var serials, hids many
	f.Var(&serials, "serial", "a serial scanner: DEVICE[@BAUD] (repeatable)")
	f.Var(&hids, "hid", "a USB HID scanner: VID:PID[:SERIAL] (repeatable)")
	words, exit, ok := e.parse(f, args)
	switch {
	case !ok:
		return exit
	case len(words) > 0:
		return e.usage(sentence("no_words", words[0]))
	}
	cfg, problem := e.config(serveFlags{serials: serials, hid: hids, verbose: *verbose})
	switch {
	case problem != nil:
		return e.usage(*problem)
	case len(cfg.specs) == 0:
		return e.usage(sentence("station_no_scanner"))
	case *name != "" && kiosk.CheckStationName(*name) != nil:
		return e.usage(sentence("bad_station", kiosk.CheckStationName(*name)))
	}
	for i := range cfg.specs {
		cfg.specs[i].Station = "" // the hub knows which station this is
	}
	if *hub != "" {
		u, err := url.Parse(*hub)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return e.usage(sentence("bad_url", *hub))
		}
		*hub = u.Scheme + "://" + u.Host
	}
	if *dir == "" {
		d, err := e.defaultData()
		if err != nil {
			return e.fail(sentence("no_data_dir", err))
		}
		*dir = d + "-station"
	}
	file := filepath.Join(*dir, "station.json")
	p, err := readPairing(file)
	if err != nil {
		return e.fail(sentence("read_failed", file, err))
	}
	if *code != "" {
		if *hub == "" || *name == "" {
			return e.usage(sentence("station_code_needs"))
		}
		fresh, pageCode, problem := e.pair(ctx, *hub, *name, *code, *ca)
		if problem != nil {
			return e.fail(*problem)
		}
		if err := fresh.write(file); err != nil {
			return e.fail(sentence("write_failed", file, err))
		}
		p = fresh
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("station_paired", p.Station, p.Hub, pageCode)))
	}
	switch {
	case p.Token == "":
		return e.fail(sentence("station_unpaired"))
	case *hub != "" && *hub != p.Hub, *name != "" && *name != p.Station:
		return e.fail(sentence("station_other", p.Station, p.Hub))
	}
	client, err := p.client()
	if err != nil {
		return e.fail(sentence("read_failed", file, err))
	}
	l := newLink(e, p, client, cfg.logger)
	fmt.Fprintf(e.stdout, "muontra: station %s for %s/kiosk/%s\n", p.Station, p.Hub, p.Station)
	err = l.run(ctx, cfg.specs)
	var gone errUnpaired
	switch {
	case errors.As(err, &gone):
		return e.fail(sentence("station_removed", p.Station, strings.TrimSpace(gone.message)))
	case err != nil && ctx.Err() == nil:
		return e.fail(sentence("failed", err))
	}
	return exitDone
}
