//go:build linux

package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"muontra/devices"
	"muontra/web"
	"muontra/web/webtest"
)

// What the doctor says of a scanner that scans badly, on the page and on the
// command line: scanned twice, at the wrong speed, with capitals swapped, and
// well again; and of a scanner that types while an input method is on.
func TestTheDoctor(t *testing.T) {
	page := webtest.Open(t)
	c := newCable(t)
	spec, err := devices.ParseSerial(c.port)
	if err != nil {
		t.Fatal(err)
	}
	p := startProgram(t, programConfig{poll: 100 * time.Millisecond, list: plugged(c), specs: []devices.Spec{spec}})
	furnishForTest(t, p)
	connected(t, p, true)
	url := p.URLs()[0]
	now := func() (d daemonScanners) {
		d, problem := fetchDevices(t.Context(), url, "vi", 0)
		if problem != nil {
			t.Fatal(problem)
		}
		return d
	}
	of := func(kind string) (s web.Scanner) {
		for _, d := range now().Devices {
			if d.Kind == kind {
				s = d
			}
		}
		return s
	}
	// Watched from the outside all the while.
	ctx, stop := context.WithCancel(t.Context())
	watched := &lines{grew: make(chan struct{}, 1)}
	ended := make(chan int, 1)
	go func() {
		e := &env{stdout: watched, stderr: io.Discard, getenv: func(string) string { return "" }, now: time.Now, lang: "vi"}
		ended <- e.watchDaemon(ctx, url, true)
	}()

	// seen is what the watch told so far: it asks now and then, and would miss what
	// has passed meanwhile, so each state is waited for there too.
	type watchedLine struct{ Type, Kind, Station, Cause string }
	seen := func() (scans int, states []watchedLine) {
		for _, line := range strings.Split(strings.TrimSpace(watched.String()), "\n") {
			var l watchedLine
			if err := json.Unmarshal([]byte(line), &l); err != nil && line != "" {
				t.Errorf("no JSON: %s %v", line, err)
			}
			switch l.Type {
			case "scan":
				scans++
			case "device":
				states = append(states, l)
			}
		}
		return scans, states
	}
	says := func(kind string, want devices.Cause) {
		t.Helper()
		until(t, string(want), func() bool { return of(kind).Cause == string(want) })
		until(t, "the watch tells of "+string(want), func() bool {
			last := "none yet"
			_, states := seen()
			for _, l := range states {
				if l.Kind == kind {
					last = l.Cause
				}
			}
			return last == string(want)
		})
	}

	c.scan("HS001")
	c.scan("HS001")
	until(t, "a double scan", func() bool { s := of("serial"); return s.Doubled == 1 && s.Scans == 2 && s.Cause == "" })
	if s := of("serial"); s.LastText != "HS001" || s.LastHex != "48 53 30 30 31 0d" || !s.Fixed {
		t.Errorf("%+v", s)
	}
	c.send("\xf8\x80\xfe\xe0\r")
	says("serial", devices.CauseBaud)
	signInDesk(page, url)
	page.Go(url + "/desk/scanners")
	page.WaitText("Tốc độ cổng chưa khớp")
	page.WaitText("f8 80 fe e0 0d")
	page.WaitText("Đặt bằng dòng lệnh")
	look(t, page, "doctor-baud")
	cli := runCLI(t, "", "devices", "--url", url)
	if cli.code != exitDone || !strings.Contains(cli.stdout, "Tốc độ cổng chưa khớp") || !strings.Contains(cli.stdout, string(spec.Key())) {
		t.Errorf("devices: %+v", cli)
	}
	for _, code := range []string{"HS002", "S001", "S002"} {
		c.scan(code)
	}
	says("serial", devices.CauseNone)
	c.scan("hs001")
	says("serial", devices.CauseCapsLock)

	res, err := http.Post(url+"/api/v1/stations/desk/spoilt", "application/json", strings.NewReader(`{"typed": "TVẤ01"}`))
	if err != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	res.Body.Close()
	says("wedge", devices.CauseInputMethod)
	page.WaitText("Bộ gõ tiếng Việt đang sửa mã")
	page.WaitText("TVẤ01")
	page.WaitText("Caps Lock")
	look(t, page, "doctor-two")
	c.pull()
	says("serial", devices.CauseAbsent)

	until(t, "the watch tells of each scan", func() bool { scans, _ := seen(); return scans >= 8 })
	stop()
	if code := <-ended; code != exitDone {
		t.Errorf("the watch ended with %d", code)
	}
	scans, states := seen()
	for _, l := range states {
		if l.Station != "desk" {
			t.Errorf("a scanner of no station: %+v", l)
		}
	}
	if scans != 8 || len(states) < 4 {
		t.Errorf("%d scans and %d states were watched:\n%s", scans, len(states), watched)
	}
}
