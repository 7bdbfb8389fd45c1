//go:build linux

package usbtest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/devices"
)

// desk is a supervisor on the machine's real bus, and what it tells.
type desk struct {
	t     *testing.T
	sup   *devices.Supervisor
	scans chan devices.Scan
	stop  func()
}

// open reads the chosen scanners. The silence that ends a scan without suffix is
// longer than usual: the virtual machine stands still now and then.
func open(t *testing.T, specs ...string) *desk {
	t.Helper()
	return openGap(t, 300*time.Millisecond, specs...)
}

func openGap(t *testing.T, gap time.Duration, specs ...string) *desk {
	t.Helper()
	d := &desk{t: t, scans: make(chan devices.Scan, 2000)}
	cfg := devices.Config{Scans: d.scans, Poll: 50 * time.Millisecond, Gap: gap, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, text := range specs {
		parse := devices.ParseHID
		if strings.HasPrefix(text, "/") {
			parse = devices.ParseSerial
		}
		spec, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Specs = append(cfg.Specs, spec)
	}
	var err error
	if d.sup, err = devices.New(cfg); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.sup.Run(ctx) }()
	d.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(d.stop)
	return d
}

// ready waits until all chosen scanners are connected, or none is.
func (d *desk) ready(want bool) {
	d.t.Helper()
	d.readyBut("", want)
}

// readyBut is ready without regard to one device.
func (d *desk) readyBut(other devices.Key, want bool) {
	d.t.Helper()
	until(d.t, fmt.Sprintf("connected=%v", want), func() bool {
		for _, s := range d.sup.Statuses() {
			if s.Connected != want && s.Key != other {
				return false
			}
		}
		return true
	})
}

func (d *desk) next() devices.Scan {
	d.t.Helper()
	select {
	case s := <-d.scans:
		return s
	case <-time.After(patient):
		d.t.Fatalf("no scan came: %+v", d.sup.Statuses())
	}
	return devices.Scan{}
}

// want waits for exactly this scan.
func (d *desk) want(text, aim string) {
	d.t.Helper()
	if s := d.next(); s.Text != text || s.AIM != aim {
		d.t.Errorf("read %q with %q, want %q with %q", s.Text, s.AIM, text, aim)
	}
}

// quiet says that nothing more has come.
func (d *desk) quiet() {
	d.t.Helper()
	select {
	case s := <-d.scans:
		d.t.Errorf("read %q, which nobody scanned", s.Text)
	case <-time.After(300 * time.Millisecond):
	}
}

// lost adds up what all scanners have dropped and discarded.
func (d *desk) lost() (n int) {
	for _, s := range d.sup.Statuses() {
		n += s.Dropped + s.Discarded
	}
	return n
}

// Keyboard scanners of four makers, in each of their settings. The desktop's own
// keyboard beside them is never touched.
func keyboards(t *testing.T) {
	own := newGadget(t, officeKeyboard, "", keys)
	own.plug(5)
	until(t, "the desktop has its keyboard", func() bool { _, n := drivers(officeKeyboard); return n == 1 })
	for i, scanner := range []struct {
		id   ids
		part part
		wrap func([][]byte) [][]byte
	}{
		{zebraKeyboard, keys, func(r [][]byte) [][]byte { return r }},
		{datalogicKeys, keys, func(r [][]byte) [][]byte { return r }},
		{opticonKeyboard, keys, func(r [][]byte) [][]byte { return r }},
		{newlandKeyboard, keysID, func(r [][]byte) [][]byte { return withID(1, r) }},
	} {
		g := newGadget(t, scanner.id, "", scanner.part)
		d := open(t, scanner.id.String())
		g.plug(i)
		d.ready(true)
		if bound, _ := drivers(scanner.id); strings.Join(bound, " ") != "usbfs" {
			t.Errorf("%s while it is read: driver %q", scanner.id, bound)
		}
		for _, suffix := range []struct {
			name string
			keys [][]byte
		}{{"none", nil}, {"Enter", enterKey}, {"keypad Enter", padEnter}, {"CR LF", join(ctrlM, ctrlJ)}, {"LF", ctrlJ}, {"Tab", tabKey}} {
			if i > 0 && suffix.name != "Enter" && suffix.name != "none" {
				continue // the settings are the decoder's, and the same for every maker
			}
			for mode, scan := range map[string]struct {
				text string
				keys [][]byte
			}{
				"letters": {"TK.00123/a_B-9:x", typeUS("TK.00123/a_B-9:x")},
				"keypad":  {"20001143", typePad("20001143")},
				"alt":     {"Tk-99%11", typeAlt("Tk-99%11")},
			} {
				g.send(0, scanner.wrap(join(scan.keys, suffix.keys))...)
				if s := d.next(); s.Text != scan.text || s.Device != devices.Key("usb:"+scanner.id.String()) {
					t.Errorf("%s, %s, suffix %s: read %q of %s, want %q", scanner.id, mode, suffix.name, s.Text, s.Device, scan.text)
				}
			}
		}
		d.quiet()
		if bound, n := drivers(officeKeyboard); strings.Join(bound, " ") != "usbhid" || n != 1 {
			t.Errorf("the desktop's keyboard: driver %q, %d inputs", bound, n)
		}
		d.stop()
		if bound, n := drivers(scanner.id); strings.Join(bound, " ") != "usbhid" || n != 1 {
			t.Errorf("%s afterwards: driver %q, %d inputs, want the desktop to have it back", scanner.id, bound, n)
		}
		g.pull()
		g.remove()
	}
}

// HID-POS scanners in both layouts, texts of one report and of many, two of a
// kind told apart by their serial numbers.
func hidPOS(t *testing.T) {
	long := strings.Repeat("https://sach.mau/", 20)
	h := newGadget(t, honeywellPOS, "SN1", posH)
	n := newGadget(t, newlandPOS, "", posN)
	twin := newGadget(t, honeywellPOS, "SN2", posH)
	d := open(t, honeywellPOS.String()+":SN1=mot", newlandPOS.String()+"=hai", honeywellPOS.String()+":SN2=ba")
	h.plug(0)
	n.plug(1)
	twin.plug(2)
	d.ready(true)
	asH := func(data string, more bool) []byte { return reportH("]Q1", data, more) }
	h.send(0, reportH("]E0", "8935244817634", false))
	d.want("8935244817634", "]E0")
	h.send(0, message(long, asH)...)
	d.want(long, "]Q1")
	n.send(0, reportN("20001143\r", false))
	d.want("20001143", "")
	n.send(0, message(long, reportN)...)
	d.want(long, "")
	n.send(0, reportN("]C020001143", false))
	d.want("20001143", "]C0")
	for _, g := range []struct {
		from    *gadget
		station string
	}{{h, "mot"}, {twin, "ba"}} {
		g.from.send(0, reportH("]C0", "30000016", false))
		if s := d.next(); s.Text != "30000016" || s.Station != g.station {
			t.Errorf("read %q for %q, want it for %q", s.Text, s.Station, g.station)
		}
	}
	d.quiet()
}

// Serial scanners with each suffix.
func serialPorts(t *testing.T) {
	one, two := newGadget(t, datalogicSerial, "", acm), newGadget(t, newlandSerial, "", acm)
	one.plug(0)
	until(t, "the first port", func() bool { bound, _ := serialPort(datalogicSerial); return bound != "" })
	two.plug(1)
	var first, second string
	until(t, "both ports", func() bool {
		first, _ = serialPort(datalogicSerial)
		second, _ = serialPort(newlandSerial)
		return first != "" && second != ""
	})
	d := open(t, first, second+"@115200=cua")
	d.ready(true)
	for _, suffix := range []string{"", "\r\n", "\r", "\n", "\t", "\x03"} {
		one.send(0, []byte("]C1TK.00123"+suffix))
		d.want("TK.00123", "]C1")
		two.send(0, []byte("30000"))
		time.Sleep(10 * time.Millisecond)
		two.send(0, []byte("024"+suffix))
		if s := d.next(); s.Text != "30000024" || s.Station != "cua" {
			t.Errorf("suffix %q: read %q for %q", suffix, s.Text, s.Station)
		}
	}
	d.quiet()
}

// Four hundred scans back to back by each kind of scanner: all come, in order.
func fourHundred(t *testing.T) {
	const many = 400
	g := newGadget(t, honeywellPOS, "", posH)
	k := newGadget(t, zebraKeyboard, "", keys)
	s := newGadget(t, datalogicSerial, "", acm)
	g.plug(0)
	k.plug(1)
	s.plug(2)
	var port string
	until(t, "the port", func() bool { port, _ = serialPort(datalogicSerial); return port != "" })
	d := open(t, honeywellPOS.String(), zebraKeyboard.String(), port)
	d.ready(true)
	code := func(i int) string { return fmt.Sprint(3000 + i*7) }
	for _, c := range []struct {
		kind string
		send func(i int)
	}{
		{"HID-POS", func(i int) { g.send(0, reportH("]C0", code(i), false)) }},
		{"serial", func(i int) { s.send(0, []byte(code(i)+"\r\n")) }},
		{"keyboard", func(i int) { k.send(0, join(typeUS(code(i)), enterKey)...) }},
	} {
		began := time.Now()
		for i := range many {
			c.send(i)
		}
		for i := range many {
			if s := d.next(); s.Text != code(i) {
				t.Fatalf("%s: scan %d is %q, want %q", c.kind, i, s.Text, code(i))
			}
		}
		t.Logf("%s: %d of %d in order, in %v", c.kind, many, many, time.Since(began).Round(time.Millisecond))
	}
	d.quiet()
	if n := d.lost(); n != 0 {
		t.Errorf("%d lost: %+v", n, d.sup.Statuses())
	}
}
