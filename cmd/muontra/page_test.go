//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/creack/pty"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/webtest"
)

// cable is a pseudo-terminal in place of a serial scanner's cable. The port's
// name is a link, so that the scanner can be pulled and put back elsewhere.
type cable struct {
	t      testing.TB
	port   string
	master *os.File
	slave  *os.File
}

func newCable(t testing.TB) *cable {
	t.Helper()
	c := &cable{t: t, port: filepath.Join(t.TempDir(), "scanner")}
	c.plug()
	t.Cleanup(c.pull)
	return c
}

func (c *cable) plug() {
	c.t.Helper()
	m, s, err := pty.Open()
	if err != nil {
		c.t.Fatal(err)
	}
	c.master, c.slave = m, s
	if err := os.Symlink(s.Name(), c.port); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cable) pull() {
	if c.master == nil {
		return
	}
	os.Remove(c.port)
	c.slave.Close()
	c.master.Close()
	c.master = nil
}

func (c *cable) scan(code string) { c.t.Helper(); c.send(code + "\r\n") }

// send puts bytes on the cable as they are.
func (c *cable) send(bytes string) {
	c.t.Helper()
	if _, err := c.master.WriteString(bytes); err != nil {
		c.t.Fatal(err)
	}
}

// furnish gives the served school a few patrons and books.
func furnishForTest(t testing.TB, p *program) *kiosktest.World {
	t.Helper()
	w := kiosktest.NewWorld(t, p.store, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
	w.Patron(kiosk.Pupil, "HS001", "Mẫu Văn An", "3A", 3)
	w.Patron(kiosk.Pupil, "HS002", "Mẫu Thị Bình", "3A", 3)
	w.Copy("S001", "Truyện mẫu một", kiosk.Children, "")
	w.Copy("S002", "Truyện mẫu hai", kiosk.Children, "")
	return w
}

// The main job: bytes on a scanner's cable, the children's page changes.
func TestFromTheCableToThePage(t *testing.T) {
	page := webtest.Open(t)
	c := newCable(t)
	cfg, problem := (&env{stderr: os.Stderr, lang: "vi", now: time.Now}).config(serveFlags{serials: many{c.port}})
	if problem != nil {
		t.Fatal(problem)
	}
	cfg.listen, cfg.poll = []string{"127.0.0.1:0"}, 100*time.Millisecond
	p := startProgram(t, cfg)
	w := furnishForTest(t, p)

	page.Resize(webtest.Sizes[0])
	page.Go(p.URLs()[0] + "/kiosk/desk")
	page.Wait(`document.body.innerText.length > 20`)
	connected(t, p, true)
	page.Wait(`document.getElementById("scanners").innerText === ""`)

	c.scan("HS001")
	page.WaitText("An")
	page.WaitText("3A")
	c.scan("S001")
	page.WaitText("Truyện mẫu một")
	if card, _ := w.Borrower("S001"); card != "HS001" {
		t.Errorf("S001 is with %q", card)
	}
	page.Picture("cable-checked-out")

	// The cable is pulled in the middle of a code: nothing is booked, the page
	// says so, and the scanner works again when it is back.
	if _, err := c.master.WriteString("S00"); err != nil {
		t.Fatal(err)
	}
	c.pull()
	connected(t, p, false)
	page.WaitText("Máy quét đã rút")
	page.WaitText("Truyện mẫu một") // what was scanned before is still there
	page.Picture("cable-pulled")
	page.Axe("the kiosk with its scanner pulled out")
	for _, size := range webtest.Sizes {
		page.Resize(size)
		page.Layout(fmt.Sprint("the kiosk with its scanner pulled out, at ", size))
		page.Picture(fmt.Sprint("cable-pulled-", size.W))
	}
	page.Resize(webtest.Sizes[0])
	c.plug()
	connected(t, p, true)
	page.WaitText("Máy quét đã sẵn sàng")
	page.Picture("cable-back")
	c.scan("S002")
	page.WaitText("Truyện mẫu hai")
	if card, _ := w.Borrower("S002"); card != "HS001" {
		t.Errorf("S002 is with %q", card)
	}
	c.scan("%FINISH")
	page.Wait(`!document.body.innerText.includes("Truyện mẫu hai")`)
	w.Replayed()
}

// connected waits until the station shows its scanner as connected or not.
func connected(t testing.TB, p *program, want bool) {
	t.Helper()
	st, _ := p.station(kiosk.DefaultStation)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		d := st.Screen().Devices
		if len(d) == 1 && d[0].Connected == want {
			return
		}
	}
	t.Fatalf("the station's scanner never became connected=%v: %+v", want, st.Screen().Devices)
}

// BenchmarkCableToPage reports how long it takes from the first byte written
// into the pseudo-terminal until the page in Chromium shows the title, as p50
// and p99 in milliseconds.
func BenchmarkCableToPage(b *testing.B) {
	page := webtest.Open(b)
	c := newCable(b)
	cfg, problem := (&env{stderr: os.Stderr, lang: "vi", now: time.Now}).config(serveFlags{serials: many{c.port}})
	if problem != nil {
		b.Fatal(problem)
	}
	cfg.listen, cfg.poll = []string{"127.0.0.1:0"}, 100*time.Millisecond
	p := startProgram(b, cfg)
	furnishForTest(b, p)
	page.Go(p.URLs()[0] + "/kiosk/desk")
	connected(b, p, true)
	// The page itself notes when its text changes; both clocks are this machine's.
	webtest.Eval[bool](page, `(() => { window.seenAt = 0; new MutationObserver(() => { window.seenAt = Date.now() }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true}); return true })()`)
	var took []float64
	codes := []string{"HS001", "HS002"} // two cards in turn: each scan changes the name
	for i := 0; b.Loop(); i++ {
		before := webtest.Eval[float64](page, `(window.seenAt = 0, Date.now())`)
		c.scan(codes[i%2])
		name := []string{"An", "Bình"}[i%2]
		page.Wait(`window.seenAt > 0 && document.body.innerText.includes("` + name + `")`)
		took = append(took, webtest.Eval[float64](page, `window.seenAt`)-before)
		time.Sleep(50 * time.Millisecond)
	}
	report(b, took, "ms")
}
