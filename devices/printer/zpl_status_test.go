package printer

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// hs is an answer to ~HS with the flags that matter.
func hs(paperOut, pause, head, ribbon string) string {
	return "\x02030," + paperOut + "," + pause + ",0812,000,0,0,0,000,0,0,0\x03\r\n" +
		"\x02001,0," + head + "," + ribbon + ",1,2,4,0,00000000,1,000\x03\r\n" +
		"\x021234,0\x03\r\n"
}

func zplPrinter(t *testing.T, answer func(*net.TCPConn)) Printer {
	target := rawPrinter(t, func(c *net.TCPConn) {
		asked := make([]byte, 3)
		if io.ReadFull(c, asked); string(asked) != "~HS" {
			t.Errorf("asked %q", asked)
		}
		answer(c)
		io.Copy(io.Discard, c)
	})
	target.ZPLStatus = true
	return open(t, target, quick)
}

func TestHostStatus(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		kind   Kind
		what   []What
	}{
		"ready":               {hs("0", "0", "0", "0"), Idle, nil},
		"paper out":           {hs("1", "0", "0", "0"), Stopped, []What{MediaEmpty}},
		"head open":           {hs("0", "0", "1", "0"), Stopped, []What{DoorOpen}},
		"pause":               {hs("0", "1", "0", "0"), Stopped, []What{Paused}},
		"ribbon out":          {hs("0", "0", "0", "1"), Stopped, []What{TonerEmpty}},
		"all":                 {hs("1", "1", "1", "1"), Stopped, []What{MediaEmpty, DoorOpen, TonerEmpty, Paused}},
		"no ribbon to be out": {strings.Replace(hs("0", "0", "0", "1"), "1,1,2,4", "1,0,2,4", 1), Idle, nil},
		"printing":            {strings.Replace(hs("0", "0", "0", "0"), "00000000", "00000012", 1), Processing, nil},
		"noise around":        {"hello\x03" + hs("1", "0", "0", "0") + "bye", Stopped, []What{MediaEmpty}},
		"third line missing":  {strings.Replace(hs("0", "0", "0", "0"), "\x021234,0\x03\r\n", "", 1), Idle, nil},
	} {
		s, err := zplPrinter(t, func(conn *net.TCPConn) {
			// In two pieces, as slow printers send it.
			io.WriteString(conn, c.answer[:20])
			time.Sleep(5 * time.Millisecond)
			io.WriteString(conn, c.answer[20:])
			if strings.Count(c.answer, "\x03") < 3 {
				conn.CloseWrite()
			}
		}).State(t.Context())
		if err != nil || s.Kind != c.kind || len(s.Reasons) != len(c.what) || !s.AcceptingJobs {
			t.Errorf("%s: %+v, %v", name, s, err)
			continue
		}
		for i, r := range s.Reasons {
			if r.What != c.what[i] || r.Severity != Bad || r.Text == "" {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if want := map[bool]int{true: 12}[name == "printing"]; s.Queued != want {
			t.Errorf("%s: %d labels to go", name, s.Queued)
		}
	}
}

// Printers that are open or out of labels may not answer at all.
func TestHostStatusSilence(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*net.TCPConn){
		"waits":  func(*net.TCPConn) {},
		"closes": func(c *net.TCPConn) { c.CloseWrite() },
	} {
		s, err := zplPrinter(t, answer).State(t.Context())
		if err != nil || s.Kind != Unknown || !s.Has(NoAnswer) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

func TestHostStatusGarbage(t *testing.T) {
	for name, answer := range map[string]string{
		"HTTP":         "HTTP/1.1 400 Bad Request\r\n\r\n",
		"endless":      strings.Repeat("x", 1<<20),
		"short lines":  "\x021,2\x03\r\n\x023\x03\r\n\x02\x03\r\n",
		"no numbers":   strings.ReplaceAll(hs("0", "0", "0", "0"), "000", "abc"),
		"flags of two": strings.Replace(hs("0", "0", "0", "0"), "030,0", "030,2", 1),
	} {
		_, err := zplPrinter(t, func(c *net.TCPConn) {
			io.WriteString(c, answer)
			c.CloseWrite()
		}).State(t.Context())
		if e := asError(t, err, Garbage); !strings.Contains(e.Error(), "~HS") || len(e.Error()) > 600 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzHostStatus(f *testing.F) {
	f.Add([]byte(hs("1", "0", "1", "0")))
	f.Add([]byte("\x02\x03\x02,,,,,,,,,,,,\x03"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		h, err := parseHostStatus(answer)
		if err != nil {
			if len(err.Error()) > 1000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if s := h.state(); s.Queued < 0 || (h.paperOut || h.headUp || h.paused) != (s.Has(MediaEmpty) || s.Has(DoorOpen) || s.Has(Paused)) {
			t.Errorf("%+v gives %+v", h, s)
		}
	})
}
