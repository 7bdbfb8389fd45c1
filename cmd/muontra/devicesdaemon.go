package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"muontra/devices"
	"muontra/web"
)

// daemonScanners is what GET /api/v1/devices answers.
type daemonScanners struct {
	Devices []web.Scanner     `json:"devices"`
	Scans   []web.ScannerScan `json:"scans"`
}

// watchLine is one line of devices --watch --json: a scanner's state, or a scan.
type watchLine struct {
	Type string `json:"type"` // device or scan
	*web.Scanner
	*web.ScannerScan
}

// stateLine is a scanner's state where the command has it open itself.
func stateLine(s devices.Status) watchLine {
	return watchLine{Type: "device", Scanner: &web.Scanner{
		Key: string(s.Key), Name: s.Name, Kind: string(s.Kind), Station: stationOf(s.Station), Connected: s.Connected, Why: s.Why, Hint: s.Hint,
		Scans: s.Scans, Dropped: s.Dropped, Discarded: s.Discarded,
	}}
}

// MarshalJSON joins the parts: both have a field "station", which Go would leave
// out.
func (l watchLine) MarshalJSON() ([]byte, error) {
	all := map[string]any{}
	for _, part := range []any{l.Scanner, l.ScannerScan} {
		b, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(b, &all); err != nil {
			return nil, err
		}
		if all == nil { // the part was null
			all = map[string]any{}
		}
		if len(all) > 0 {
			break
		}
	}
	all["type"] = l.Type
	return json.Marshal(all)
}

// fetchDevices asks the daemon for its scanners, and the scans after a number.
func fetchDevices(ctx context.Context, base, lang string, after int64) (d daemonScanners, problem *said) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return d, wrong("bad_url", base)
	}
	u = u.JoinPath("api/v1/devices")
	u.RawQuery = url.Values{"after": {strconv.FormatInt(after, 10)}}.Encode()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return d, wrong("bad_url", base)
	}
	req.Header.Set("Accept-Language", lang)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return d, wrong("no_daemon", base, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return d, wrong("no_daemon", base, err)
	}
	if res.StatusCode != http.StatusOK {
		return d, wrong("no_daemon", base, res.Status)
	}
	if err := json.Unmarshal(b, &d); err != nil {
		return d, wrong("no_daemon", base, err)
	}
	return d, nil
}

// listInUse prints how the daemon finds its scanners; nothing where none runs.
func (e *env) listInUse(ctx context.Context, base string, asJSON bool) {
	d, problem := fetchDevices(ctx, base, e.lang, 0)
	if problem != nil {
		return
	}
	for _, s := range d.Devices {
		if asJSON {
			e.printJSON(watchLine{Type: "device", Scanner: &s})
			continue
		}
		e.printInUse(s)
	}
}

func (e *env) printInUse(s web.Scanner) {
	state := "ok"
	switch {
	case s.Advice != "":
		state = s.Advice
	case !s.Connected:
		state = s.Why
	}
	fmt.Fprintln(e.stdout, e.word(sentence("in_use", s.Station, s.Key, s.Name, s.Scans, s.Doubled, s.Garbled(), s.Unknown, s.Dropped, state)))
	if s.Hint != "" {
		fmt.Fprintf(e.stdout, "\t%s\n", s.Hint)
	}
}

// watchEvery is how often the daemon is asked; no scan is lost between, for the
// daemon keeps the last ones.
const watchEvery = 500 * time.Millisecond

// watchDaemon prints the scans that the daemon reads and each change of a
// scanner's state, until ctx ends.
func (e *env) watchDaemon(ctx context.Context, base string, asJSON bool) int {
	states := map[string]web.Scanner{}
	var after int64
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for first := true; ; first = false {
		d, problem := fetchDevices(ctx, base, e.lang, after)
		if ctx.Err() != nil {
			return exitDone
		}
		if problem != nil {
			return e.fail(*problem)
		}
		if first {
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("watching_daemon", base)))
		}
		for _, s := range d.Devices {
			was := states[s.Key]
			states[s.Key] = s
			if was.Connected == s.Connected && was.Cause == s.Cause && was.Station == s.Station {
				continue
			}
			if asJSON {
				e.printJSON(watchLine{Type: "device", Scanner: &s})
			} else {
				e.printInUse(s)
			}
		}
		for _, s := range d.Scans {
			after = max(after, s.Seq)
			if asJSON {
				e.printJSON(watchLine{Type: "scan", ScannerScan: &s})
			} else {
				fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\t%s\n", s.At.Local().Format(time.TimeOnly), s.Device, s.Text, s.AIM, s.Hex)
			}
		}
		select {
		case <-ctx.Done():
			return exitDone
		case <-tick.C:
		}
	}
}
