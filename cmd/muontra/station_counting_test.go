//go:build linux

package main

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"muontra/kiosk"
)

// The program on another machine counts the stock with its own scanner, told so on
// the desk's page: each scan is a sighting and no loan, one whose answer is lost is
// counted once, it goes on after the hub was started again, and lends when it is told.
func TestPairedStationCountsTheStock(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	data := t.TempDir()
	p, stop := startHub(t, data, schoolIP+":0")
	w := furnishForTest(t, p)
	for _, c := range []string{"S003", "S004"} {
		w.Copy(c, "Truyện mẫu "+c, kiosk.Children, "")
	}
	l := newLibrarian(t, p)
	line := newWire(t, strings.TrimPrefix(p.URLs()[1], "https://"))
	cable := newCable(t)
	r := startStation(t, "--hub", line.url(), "--name", "kho-sach", "--code", l.code("kho-sach"), "--serial", cable.port, "--data", filepath.Join(t.TempDir(), "tram"))
	until(t, "the scanner on the hub's screen: "+r.err.String(), func() bool { return screenOf(t, p, "kho-sach").scanner == "connected" })

	staff := kiosk.Attempt{Station: kiosk.DefaultStation}
	if err := p.store.View(t.Context(), func(v kiosk.View) error {
		a, err := v.AccountByName("thuthu")
		staff.Staff = a.ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	take, err := p.desk.OpenStocktake(t.Context(), staff, "Kiểm kê mẫu", nil)
	if err != nil {
		t.Fatal(err)
	}
	page := "/desk/stocktake/" + string(take.ID)
	tell := func(what string) {
		t.Helper()
		if status, body := l.post(page+"/"+what, url.Values{"station": {"kho-sach"}, "token": {strings.ReplaceAll(what, "/", "-") + "-1"}}); status != 303 {
			t.Fatal(status, body)
		}
	}
	counting := func() bool {
		s, _ := p.station("kho-sach")
		return s.Screen().Counting != nil
	}
	// met is how often each copy was counted, by its barcode.
	met := func() map[string]int {
		t.Helper()
		n := map[string]int{}
		for _, e := range w.Events() {
			if e.Type != kiosk.EventStockCounted || e.CopyID == "" {
				continue
			}
			if err := p.store.View(t.Context(), func(v kiosk.View) error {
				i, err := v.Item(e.CopyID)
				n[i.Barcode]++
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	tell("stations")
	until(t, "the station counts", counting)
	cable.scan("S001")
	until(t, "the first copy", func() bool { return met()["S001"] == 1 })
	cable.scan("HS001") // a card on the table opens no session
	cable.scan("S002")
	until(t, "the second copy", func() bool { return met()["S002"] == 1 })
	if st := screenOf(t, p, "kho-sach"); st.patron != "" {
		t.Errorf("a session of %s while counting", st.patron)
	}

	line.goDeaf()
	lost := line.lost.Load()
	cable.scan("S003")
	until(t, "answers that are lost", func() bool { return line.lost.Load() > lost+1 })
	line.deaf.Store(false)
	until(t, "the line is back: "+r.err.String(), func() bool { return strings.Contains(r.err.String(), "đã nối lại") })

	addr := strings.TrimPrefix(p.URLs()[1], "https://")
	stop()
	p, _ = startHub(t, data, addr)
	l, w.Ledger = newLibrarian(t, p), p.store
	until(t, "the station at the new hub", func() bool { return screenOf(t, p, "kho-sach").scanner == "connected" })
	if !counting() {
		t.Error("it does not count any more after the hub was started again")
	}
	cable.scan("S004")
	until(t, "a copy after the restart", func() bool { return met()["S004"] == 1 })
	for code, n := range met() {
		if n != 1 {
			t.Errorf("%s was counted %d times", code, n)
		}
	}
	for _, code := range []string{"S001", "S002", "S003", "S004"} {
		if out, back := loans(t, p, w, code); out+back != 0 {
			t.Errorf("%s was lent or taken back while counting", code)
		}
	}
	if n := len(met()); n != 4 {
		t.Errorf("%d copies were counted", n)
	}

	tell("stations/stop")
	until(t, "the station lends again", func() bool { return !counting() })
	cable.scan("HS002")
	until(t, "a card", func() bool { return screenOf(t, p, "kho-sach").patron == "Bình" })
	w.Replayed()
}
