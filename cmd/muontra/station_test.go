//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
)

// The same program on another machine: paired once, its scans applied once
// whatever the network does, its scanner's state on the hub's page.
func TestStationOverACutNetwork(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	data := t.TempDir()
	p, stop := startHub(t, data, schoolIP+":0")
	w := furnishForTest(t, p)
	l := newLibrarian(t, p)
	line := newWire(t, strings.TrimPrefix(p.URLs()[1], "https://"))
	cable := newCable(t)
	own := filepath.Join(t.TempDir(), "tram")
	r := startStation(t, "--hub", line.url(), "--name", "cua-so", "--code", l.code("cua-so"), "--serial", cable.port, "--data", own)
	st := func() *kioskStation { return screenOf(t, p, "cua-so") }
	until(t, "the scanner on the hub's screen: "+r.err.String(), func() bool { return st().scanner == "connected" })
	if fi, err := os.Stat(filepath.Join(own, "station.json")); err != nil || fi.Mode().Perm() != 0o600 {
		t.Error("the token's file:", fi, err)
	}

	cable.scan("HS001")
	until(t, "the card", func() bool { return st().patron == "An" })

	// The answers are lost, and the line with each: the scan is sent again and
	// again with its id, and done once.
	line.goDeaf()
	cable.scan("S001")
	scanned := time.Now()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("station: %s\nscreen: %+v", r.err.String(), st())
		}
	})
	until(t, "the loan", func() bool { card, _ := w.Borrower("S001"); return card == "HS001" })
	// Long enough that tries come further apart than the double-scan window, which
	// would hide a scan that was done twice.
	was := line.lost.Load()
	until(t, "tries enough", func() bool { return time.Since(scanned) > 5500*time.Millisecond && line.lost.Load() > was+2 })
	line.deaf.Store(false)
	until(t, "the line is back: "+r.err.String(), func() bool { return strings.Contains(r.err.String(), "đã nối lại") })
	if out, back := loans(t, p, w, "S001"); out != 1 || back != 0 {
		t.Errorf("S001 was lent %d times and returned %d times", out, back)
	}
	if strings.Contains(r.err.String(), "CHƯA") {
		t.Error("told as not done what was done")
	}

	// The scanner's cable is pulled and put back.
	cable.pull()
	until(t, "the pulled scanner", func() bool { return st().scanner == "gone" })
	cable.plug()
	until(t, "the scanner is back", func() bool { return st().scanner == "connected" })

	// The hub is started again; the token holds.
	addr := strings.TrimPrefix(p.URLs()[1], "https://")
	stop()
	p, _ = startHub(t, data, addr)
	l = newLibrarian(t, p)
	until(t, "the station at the new hub", func() bool { return st().scanner == "connected" })
	w.Ledger = p.store
	cable.scan("HS002")
	until(t, "a card after the restart", func() bool { return st().patron == "Bình" })

	if os.Getenv("MUONTRA_LONG") != "" {
		// More than ten seconds: told as not done, and never done later.
		line.cut.Store(true)
		line.drop()
		until(t, "the silent machine's scanner is shown as gone", func() bool { return st().scanner == "gone" })
		cable.scan("S002")
		until(t, "the scan is told as not done", func() bool { return strings.Contains(r.err.String(), "CHƯA") })
		line.cut.Store(false)
		until(t, "the screen tells it too", func() bool { return st().reason == kiosk.ReasonBusy })
		if out, _ := loans(t, p, w, "S002"); out != 0 {
			t.Error("a scan was done after it was told as not done")
		}
	}

	// Removed on the desk: it ends, and says what to do.
	l.removeAll()
	select {
	case code := <-r.done:
		if code != exitFailed || !strings.Contains(r.err.String(), "ghép lại") {
			t.Errorf("exit %d: %s", code, r.err)
		}
	case <-time.After(patience):
		t.Error("a removed station goes on")
	}
	w.Replayed()
}

// kioskStation is what a test looks at of a screen.
type kioskStation struct {
	scanner string // connected, gone, or "" for none
	patron  string
	reason  kiosk.Reason
}

func screenOf(t testing.TB, p *program, name string) *kioskStation {
	t.Helper()
	s, ok := p.station(name)
	if !ok {
		t.Fatalf("no station %s", name)
	}
	sc := s.Screen()
	k := &kioskStation{}
	for _, d := range sc.Devices {
		k.scanner = map[bool]string{true: "connected", false: "gone"}[d.Connected]
	}
	if sc.Patron != nil {
		k.patron = sc.Patron.Name
	}
	if sc.Result != nil {
		k.reason = sc.Result.Reason
	}
	return k
}

// What can go wrong at pairing is said, and nothing is sent to a hub that is not
// the code's.
func TestPairingAStationGoesWrong(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	p, _ := startHub(t, t.TempDir(), schoolIP+":0")
	other, _ := startHub(t, t.TempDir(), schoolIP+":0") // with an authority of its own: somebody who pretends
	l := newLibrarian(t, p)
	hub, port := p.URLs()[1], filepath.Join(t.TempDir(), "none")
	code := l.code("cua-so")
	digits := code[:6]
	try := func(hub, name, code string, more ...string) cli {
		return runCLI(t, "", append([]string{"station", "--hub", hub, "--name", name, "--code", code, "--serial", port, "--data", t.TempDir(), "--lang", "en"}, more...)...)
	}
	wrongDigits := "000000"
	if digits == wrongDigits {
		wrongDigits = "000001"
	}
	for what, c := range map[string]struct {
		cli
		code int
		say  string
	}{
		"a hub that is not the code's":      {try(other.URLs()[1], "cua-so", code), exitFailed, "does not match the code"},
		"the digits alone":                  {try(hub, "cua-so", digits), exitFailed, "not trusted"},
		"wrong digits":                      {try(hub, "cua-so", wrongDigits+code[6:]), exitFailed, "wrong or has run out"},
		"another station's code":            {try(hub, "san", code), exitFailed, "another station"},
		"nobody there":                      {try("https://"+schoolIP+":1", "cua-so", code), exitFailed, "cannot reach"},
		"plain HTTP to the TLS address":     {try(strings.Replace(hub, "https", "http", 1), "cua-so", code), exitFailed, "encrypted"},
		"an address not in the certificate": {try(strings.Replace(hub, schoolIP, "127.0.0.9", 1), "cua-so", code), exitFailed, ""},
		"no address":                        {try("thu-vien", "cua-so", code), exitUsage, "is no address"},
		"a name that is none":               {try(hub, "Cửa sổ", code), exitUsage, "station name"},
		"no scanner":                        {runCLI(t, "", "station", "--lang", "en"), exitUsage, "no scanner chosen"},
		"not paired":                        {runCLI(t, "", "station", "--serial", port, "--data", t.TempDir(), "--lang", "en"), exitFailed, "not paired"},
		"a code without a hub":              {runCLI(t, "", "station", "--serial", port, "--code", code, "--data", t.TempDir(), "--lang", "en"), exitUsage, "--hub"},
	} {
		if c.cli.code != c.code || !strings.Contains(c.stderr, c.say) {
			t.Errorf("%s: exit %d, %s", what, c.cli.code, c.stderr)
		}
	}
	// The code was not used up by all that; with the certificate's file the digits
	// are enough.
	own := t.TempDir()
	r := startStation(t, "--hub", hub, "--name", "cua-so", "--code", digits, "--ca", filepath.Join(p.cfg.data, "tls", "ca.pem"), "--serial", port, "--data", own)
	until(t, "paired: "+r.err.String(), func() bool {
		return strings.Contains(r.out.String(), "/kiosk/cua-so") || strings.Contains(r.err.String(), "Đã thử")
	})
	r.stop()
	if c := <-r.done; c != exitDone {
		t.Fatal(c, r.err)
	}
	// It is paired now, as that station and no other; the old code is worth nothing.
	if c := runCLI(t, "", "station", "--serial", port, "--name", "san", "--data", own, "--lang", "en"); c.code != exitFailed || !strings.Contains(c.stderr, "is paired as station cua-so") {
		t.Error(c)
	}
}
