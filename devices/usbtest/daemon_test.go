//go:build linux

package usbtest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	address = "127.0.0.1:7373"
	pupil   = "20002119"
	// soon is how quickly the screen must show that a scanner is gone or back.
	soon = 3 * time.Second
)

// said is a process's output while it runs.
type said struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// output starts a process; end asks it to stop and waits for it.
func output(t *testing.T, c *exec.Cmd) (out *said, end func()) {
	t.Helper()
	out = &said{}
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", strings.Join(c.Args, " "), err, out)
		}
	})
	t.Cleanup(end)
	return out, end
}

// command runs muontra to its end.
func command(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("/muontra", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("muontra %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// school is a data folder with a pupil and books, and the daemon on it.
type school struct {
	t    *testing.T
	data string
	cmd  *exec.Cmd
	out  *said
}

func newSchool(t *testing.T) *school {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "patrons.csv"), "card,name,class\n"+pupil+",Mẫu Văn An,3A\n", 0o644)
	copies := "barcode,title,kind\n"
	for i := range 10 {
		copies += fmt.Sprintf("%s,Truyện mẫu %d,TN\n", book(i), i)
	}
	write(t, filepath.Join(dir, "copies.csv"), copies, 0o644)
	s := &school{t: t, data: filepath.Join(dir, "data")}
	command(t, "import", "patrons", filepath.Join(dir, "patrons.csv"), "--data", s.data)
	command(t, "import", "copies", filepath.Join(dir, "copies.csv"), "--data", s.data)
	t.Cleanup(func() {
		if t.Failed() {
			if res, err := http.Get("http://" + address + "/api/v1/stations/desk"); err == nil {
				b, _ := io.ReadAll(res.Body)
				res.Body.Close()
				t.Logf("the screen: %s", b)
			}
			t.Logf("the program: %s", s.out)
		}
		if s.cmd != nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	return s
}

func book(i int) string { return fmt.Sprintf("300000%02d", i) }

// serve starts the daemon as a school would.
func (s *school) serve(args ...string) {
	s.t.Helper()
	s.out = &said{}
	s.cmd = exec.Command("/muontra", append([]string{"serve", "--data", s.data, "--listen", address}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	until(s.t, "the daemon listens", func() bool { return strings.Contains(s.out.String(), "muontra: listening on ") })
}

// end stops the daemon with a signal and says how it ended.
func (s *school) end(sig syscall.Signal) error {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
	err := s.cmd.Wait()
	s.cmd = nil
	return err
}

// state is what the station's screen shows.
type state struct {
	Phase string `json:"phase"`
	Loans []struct {
		Copy struct {
			Barcode string `json:"barcode"`
		} `json:"copy"`
	} `json:"loans"`
	Result struct {
		Reason string `json:"reason"`
	} `json:"result"`
	Devices []struct {
		Name      string `json:"name"`
		Connected bool   `json:"connected"`
	} `json:"devices"`
}

func (s *school) state() (st state) {
	s.t.Helper()
	if err := json.Unmarshal(s.screen(), &st); err != nil {
		s.t.Fatal(err)
	}
	return st
}

func (s *school) screen() []byte {
	s.t.Helper()
	res, err := http.Get("http://" + address + "/api/v1/stations/desk")
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.out)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

// plugIn plugs a scanner in and returns when the kernel has it: until then no
// program can know.
func plugIn(t *testing.T, g *gadget, id ids, socket int) {
	t.Helper()
	g.plug(socket)
	until(t, "the kernel has "+id.String(), func() bool {
		if g.parts[0].serial {
			_, there := serialPort(id)
			return there
		}
		bound, _ := drivers(id)
		return len(bound) > 0 && bound[0] != "none"
	})
}

// shows waits until the screen has so many scanners connected, and returns how
// long that took.
func (s *school) shows(connected int) time.Duration {
	s.t.Helper()
	began := time.Now()
	until(s.t, fmt.Sprintf("%d scanners connected", connected), func() bool {
		n := 0
		for _, d := range s.state().Devices {
			if d.Connected {
				n++
			}
		}
		time.Sleep(20 * time.Millisecond)
		return n == connected
	})
	return time.Since(began)
}

// lends waits until the pupil has this book on the screen, as a child would get
// there: the card first, if the session has ended meanwhile, and once more what
// the screen turned away: it came too late, or a pause in the middle of a code
// made two of it.
func (s *school) lends(code string, scan func(code string)) {
	s.t.Helper()
	do := func(code string, done func(state) bool) {
		s.t.Helper()
		scan(code)
		until(s.t, "what "+code+" does on the screen", func() bool {
			st := s.state()
			if st.Result.Reason == "busy" || st.Result.Reason == "unknown_barcode" {
				s.t.Logf("the virtual machine was too slow for a scan of %s, which the screen told", code)
				time.Sleep(2 * time.Second)
				scan(code)
			}
			time.Sleep(20 * time.Millisecond)
			return done(st)
		})
	}
	if s.state().Phase != "session" {
		do(pupil, func(st state) bool { return st.Phase == "session" })
	}
	do(code, func(st state) bool {
		for _, l := range st.Loans {
			if l.Copy.Barcode == code {
				return true
			}
		}
		return false
	})
}

// loans gives all loans in the database, in order: the last digit of the copy's
// barcode, and a + while it is not back.
func (s *school) loans() string {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "loans.csv")
	command(s.t, "export", "loans", "--out", file, "--data", s.data)
	f, err := os.Open(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, row := range rows[1:] {
		// loan, copy, accession number, title, card, class, out, due, back, ...
		if row[4] != pupil {
			s.t.Errorf("a loan of somebody else: %q", row)
		}
		one := strings.TrimPrefix(row[1], "3000000")
		if row[8] == "" {
			one += "+"
		}
		all = append(all, one)
	}
	return strings.Join(all, " ")
}

// The whole way: scanners on USB, the program as it is shipped, a loan in the
// database. Each scanner is pulled out in the middle of a scan and put into
// another socket.
func daemon(t *testing.T) {
	own := newGadget(t, officeKeyboard, "", keys)
	own.plug(5)
	pos := newGadget(t, honeywellPOS, "", posH)
	kbd := newGadget(t, zebraKeyboard, "", keys)
	port := newGadget(t, datalogicSerial, "", acm)
	s := newSchool(t)
	chosen := []string{"--hid", honeywellPOS.String(), "--hid", zebraKeyboard.String(), "--serial", "/dev/ttyACM0"}
	s.serve(chosen...)
	s.shows(0)
	scanners := []struct {
		name       string
		g          *gadget
		id         ids
		scan, half func(code string)
	}{
		{"HID-POS", pos, honeywellPOS,
			func(code string) { pos.send(0, reportH("]C0", code, false)) },
			func(code string) { pos.send(0, reportH("]C0", code, true)) }},
		{"keyboard", kbd, zebraKeyboard,
			func(code string) { kbd.send(0, join(typeUS(code), enterKey)...) },
			func(code string) { kbd.send(0, typeUS(code[:len(code)-1])...) }},
		{"serial", port, datalogicSerial,
			func(code string) { port.send(0, []byte(code+"\r\n")) },
			func(code string) { port.send(0, []byte(code[:len(code)-1])) }},
	}
	const never = 7 // this book is only ever half scanned, or scanned for nobody
	for i, c := range scanners {
		plugIn(t, c.g, c.id, 0)
		first := s.shows(1)
		s.lends(book(2*i), c.scan)
		c.half(book(never))
		c.g.pull()
		gone := s.shows(0)
		if gone > soon {
			t.Errorf("%s: the screen shows it as gone after %v", c.name, gone)
		}
		plugIn(t, c.g, c.id, 1+i)
		again := s.shows(1)
		if max(first, again) > soon {
			t.Errorf("%s: ready on the screen %v after it was plugged in, and %v after it was plugged in again", c.name, first, again)
		}
		t.Logf("%s: on the screen after %v, gone after %v, back after %v", c.name,
			first.Round(time.Millisecond), gone.Round(time.Millisecond), again.Round(time.Millisecond))
		s.lends(book(2*i+1), c.scan)
		c.g.pull()
		s.shows(0)
		// Two books are all that a pupil may have.
		post(t, book(2*i))
		if i < 2 {
			post(t, book(2*i+1))
		}
	}
	for _, c := range scanners {
		c.g.plug(map[*gadget]int{pos: 0, kbd: 1, port: 2}[c.g])
	}
	s.shows(3)
	if err := s.end(syscall.SIGTERM); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, s.out)
	}
	back := func(when string) {
		t.Helper()
		for id, inputs := range map[ids]int{honeywellPOS: 0, zebraKeyboard: 1, officeKeyboard: 1} {
			if bound, n := drivers(id); strings.Join(bound, " ") != "usbhid" || n != inputs {
				t.Errorf("%s: %s has driver %q and %d inputs", when, id, bound, n)
			}
		}
	}
	back("after SIGTERM")

	// Scanned while the daemon is off: nobody saw it happen, so it must not.
	pos.trySend(0, reportH("]C0", book(never), false))
	port.send(0, []byte(book(never)+"\r\n"))
	s.serve(chosen...)
	s.shows(3)
	time.Sleep(500 * time.Millisecond)
	if st := s.state(); st.Phase != "idle" {
		t.Errorf("what waited opened a session: %+v", st)
	}
	s.lends(book(6), scanners[0].scan)
	if bound, _ := drivers(officeKeyboard); strings.Join(bound, " ") != "usbhid" {
		t.Errorf("the desktop's own keyboard has driver %q", bound)
	}

	// Killed with the scanners open: it starts again, and reads again.
	_ = s.end(syscall.SIGKILL)
	s.serve(chosen...)
	s.shows(3)
	next := []int{8, 9, 6}
	for i, before := range []int{6, 8, 9} {
		time.Sleep(1600 * time.Millisecond) // sooner it would be the same scan once more
		post(t, book(before))
		s.lends(book(next[i]), scanners[i].scan)
	}
	if err := s.end(syscall.SIGHUP); err != nil {
		t.Errorf("SIGHUP: %v\n%s", err, s.out)
	}
	if out := command(t, "check", "--data", s.data); !strings.Contains(out, "ok") {
		t.Errorf("check: %s", out)
	}
	if got, want := s.loans(), "0 1 2 3 4 5+ 6 8 9 6+"; got != want {
		t.Errorf("the loans in the database are %q, want %q", got, want)
	}
}

// post scans a code by HTTP.
func post(t *testing.T, code string) {
	t.Helper()
	res, err := http.Post("http://"+address+"/api/v1/stations/desk/scans", "application/json", strings.NewReader(`{"code":"`+code+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("scan of %s: %s", code, res.Status)
	}
}
