package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/web"
)

// devicesCommand lists the scanners and printers that are plugged in and how
// each was recognised, and how the running daemon finds those of its stations;
// with --watch it opens the named ones and prints every decoded scan, or, with
// none named, prints what the daemon reads.
func devicesCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("devices")
	watch := f.Bool("watch", false, "print every decoded scan")
	asJSON := f.Bool("json", false, "print JSON, one object a line")
	var serials, hids many
	f.Var(&serials, "serial", "with --watch: DEVICE[@BAUD]")
	f.Var(&hids, "hid", "with --watch: VID:PID[:SERIAL]")
	base := f.String("url", "http://"+defaultListen, "the daemon's address")
	if words, code, ok := e.parse(f, args); !ok {
		return code
	} else if len(words) > 0 {
		return e.usage(sentence("no_words", words[0]))
	}
	if *watch {
		cfg, problem := e.config(serveFlags{serials: serials, hid: hids})
		if problem != nil {
			return e.usage(*problem)
		}
		if len(cfg.specs) == 0 {
			return e.watchDaemon(ctx, *base, *asJSON)
		}
		return e.watch(ctx, cfg.specs, *asJSON)
	}
	found, err := devices.List(ctx)
	if err != nil {
		e.fail(sentence("failed", err))
	}
	for _, c := range found {
		if *asJSON {
			e.printJSON(c)
			continue
		}
		state := "ok"
		if !c.Openable {
			state = c.Why
		}
		fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Kind, c.Key, c.RecognisedAs, strings.TrimSpace(c.Vendor+" "+c.Name), c.Path, state)
		if c.Hint != "" {
			fmt.Fprintf(e.stdout, "\t%s\n", c.Hint)
		}
	}
	if len(found) == 0 {
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("no_devices")))
	}
	if !devices.HIDSupported() {
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("no_hid")))
	}
	e.listInUse(ctx, *base, *asJSON)
	if err != nil {
		return exitFailed
	}
	return exitDone
}

// watch opens the chosen scanners and prints what they send until ctx ends.
func (e *env) watch(ctx context.Context, specs []devices.Spec, asJSON bool) int {
	scans := make(chan devices.Scan, 64)
	states := make(chan devices.Status, 64)
	sup, err := devices.New(devices.Config{
		Specs: specs, Scans: scans, Logger: e.logger(false),
		Changed: func(s devices.Status) {
			select {
			case states <- s:
			default: // somebody who watches sees the next one
			}
		},
	})
	if err != nil {
		return e.usage(sentence("bad_device", err))
	}
	fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("watching", len(specs))))
	done := make(chan error, 1)
	go func() { done <- sup.Run(ctx) }()
	for {
		select {
		case err := <-done:
			if err != nil && ctx.Err() == nil {
				return e.fail(sentence("failed", err))
			}
			return exitDone
		case s := <-states:
			if asJSON {
				e.printJSON(stateLine(s))
				continue
			}
			what := sentence("connected")
			if !s.Connected {
				what = sentence("disconnected", s.Why, s.Hint)
			}
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("device_state", s.Key, e.word(what))))
		case s := <-scans:
			if asJSON {
				e.printJSON(watchLine{Type: "scan", ScannerScan: &web.ScannerScan{
					At: s.At, Device: string(s.Device), Station: stationOf(s.Station), Text: shown(s.Text), Hex: hexOf(s.Raw), AIM: s.AIM,
				}})
				continue
			}
			fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\t%q\n", s.At.Format(time.TimeOnly), s.Device, kiosk.Escaped(s.Text), s.AIM, s.Raw)
		}
	}
}

func (e *env) printJSON(v any) {
	b, err := json.Marshal(v)
	if err == nil {
		fmt.Fprintf(e.stdout, "%s\n", b)
	}
}
