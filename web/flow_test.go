package web_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// The buttons do what they say, by touch.
func TestButtons(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	p.Resize(webtest.Sizes[0])
	dog := webtest.Dog
	loan := webtest.Loan(dog, "2026-12-03", false)
	s.desk.Put(webtest.InSession(webtest.An, 2, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.CheckedOut, Copy: &dog, Loan: &loan}, loan))
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	for _, act := range []string{"help", "on_site", "renew_all", "undo", "finish"} {
		p.Tap("[data-act=" + act + "]")
	}
	p.Tap(".loan button")
	until(t, func() bool { return len(s.desk.Actions()) >= 6 })
	var got []string
	for _, a := range s.desk.Actions() {
		got = append(got, string(a.Command)+a.Copy)
		if a.CommandID == "" {
			t.Error("an action without an id")
		}
	}
	if want := "help on_site renew_all undo finish renew30000013"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	// The number pad: TK and digits, one erased.
	p.Tap("[data-act=pad]")
	p.Wait(`document.getElementById("pad").open`)
	for _, n := range []string{"1", "5", "6", "7", "14", "9", "14"} { // TK 1 2 3 erased 5 erased
		p.Tap("#pad .pad-keys button:nth-child(" + n + ")")
	}
	p.Tap(".pad-send")
	until(t, func() bool { return len(s.desk.Codes()) == 1 })
	if got := s.desk.Codes(); len(got) != 1 || got[0] != "TK12" {
		t.Errorf("pad sent %q", got)
	}
}

// A cut line is told in words and picture, nothing of a child stays, and the
// page is right at once when the line is back.
func TestLostConnection(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	p.Resize(webtest.Sizes[0])
	// A listener of our own, so that the server can go and come back.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	first := s.web.HTTPServer()
	go first.Serve(l)
	p.Go("http://" + addr + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	sc := webtest.InSession(webtest.An, 2, kiosk.Result{Kind: kiosk.KindPatron, Outcome: kiosk.SessionOpened})
	ends := time.Now().Add(8 * time.Second)
	sc.EndsAt = &ends
	s.desk.Put(sc)
	p.WaitText("Chào An!")

	first.Close()
	cut(t, s)
	p.Wait(`!document.getElementById("lost").hidden`)
	p.Wait(`!document.body.innerText.includes("An")`)
	p.Keys(burst("30000013", 5, "Enter")) // scanned while the line is down

	s.desk.Put(webtest.Idle())
	l, err = net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	second := s.web.HTTPServer()
	go second.Serve(l)
	t.Cleanup(func() { second.Close() })
	p.Wait(`document.getElementById("lost").hidden`)
	p.WaitText("Chào em! Quét thẻ nhé")
	// The scan was sent again with its id and done once.
	until(t, func() bool { return len(s.desk.Codes()) >= 1 })
	if got := s.desk.Codes(); len(got) != 1 {
		t.Errorf("sent %q", got)
	}
}

// cut ends the websockets too: a hijacked connection outlives its server.
func cut(t testing.TB, s *site) {
	t.Helper()
	s.web.Close()
}

// A scan that could not be sent for ten seconds is told as not done, and never
// sent later.
func TestScanThatNeverArrivesIsTold(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	p.Resize(webtest.Sizes[0])
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	s.desk.Answer(func() (kiosk.Result, error) { return kiosk.Result{}, kiosk.ErrBusy })
	p.Keys(burst("30000013", 5, "Enter"))
	p.WaitText("Máy chưa nhận được")
	before := len(s.desk.Codes())
	ids := map[string]bool{}
	for _, in := range s.desk.Scans() {
		ids[in.CommandID] = true
	}
	if before < 2 || len(ids) != 1 {
		t.Errorf("sent %d times with %d ids", before, len(ids))
	}
	time.Sleep(2 * time.Second)
	if after := len(s.desk.Codes()); after != before {
		t.Error("sent again after it was told as not done")
	}
}

// A scan that is given up while the line is cut is told once the cover is gone:
// behind it no child would read that the book was not noted.
func TestScanLostBehindTheCoverIsTold(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	first := s.web.HTTPServer()
	go first.Serve(l)
	p.Resize(webtest.Sizes[0])
	p.Go("http://" + addr + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	first.Close()
	cut(t, s)
	p.Wait(`!document.getElementById("lost").hidden`)
	p.Keys(burst("30000013", 5, "Enter"))
	time.Sleep(13 * time.Second) // longer than a scan is kept

	if l, err = net.Listen("tcp", addr); err != nil {
		t.Fatal(err)
	}
	second := s.web.HTTPServer()
	go second.Serve(l)
	t.Cleanup(func() { second.Close() })
	p.Wait(`document.getElementById("lost").hidden && document.body.innerText.includes("Máy chưa nhận được")`)
	if got := s.desk.Codes(); len(got) != 0 {
		t.Errorf("a scan that was told as not done arrived: %q", got)
	}
}

// No request leaves for another host, and the policy breaks nothing.
func TestKioskKeepsToItsHost(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	p.Resize(webtest.Sizes[1])
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	time.Sleep(1500 * time.Millisecond)
	p.Picture("idle-moving-card")
	time.Sleep(3500 * time.Millisecond)
	p.Picture("idle-moving-book")
	foreign := webtest.Eval[string](p, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin)).join(" ")`)
	if foreign != "" {
		t.Error(foreign)
	}
	for _, name := range strings.Fields(webtest.Eval[string](p, `performance.getEntriesByType("resource").map(e => e.name).join(" ")`)) {
		res, err := http.Get(name)
		if err != nil || res.StatusCode != 200 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		res.Body.Close()
	}
}
