//go:build linux

package usbtest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"muontra/devices"
)

// serialPort is where a serial device is now.
func serialPort(id ids) (node string, there bool) {
	ports, _ := filepath.Glob("/sys/class/tty/ttyACM*")
	for _, p := range ports {
		uevent, _ := os.ReadFile(filepath.Join(p, "device", "uevent"))
		if strings.Contains(string(uevent), fmt.Sprintf("PRODUCT=%x/%x/", id.vendor, id.product)) {
			node = "/dev/" + filepath.Base(p)
			_, err := os.Stat(node)
			return node, err == nil
		}
	}
	return "", false
}

// Devices that flood, send nothing at all as reports, break their reports off,
// and come back with another layout: no wrong code, and the one beside them reads on.
func badDevices(t *testing.T) {
	good := newGadget(t, datalogicSerial, "", acm)
	good.plug(0)
	var port string
	until(t, "the port", func() bool { port, _ = serialPort(datalogicSerial); return port != "" })
	mad := newGadget(t, honeywellPOS, "", posH)
	deaf := newGadget(t, zebraKeyboard, "", keys)
	noisy := newGadget(t, newlandSerial, "", acm)
	mad.plug(1)
	deaf.plug(2)
	noisy.plug(3)
	var noise string
	until(t, "the noisy port", func() bool { noise, _ = serialPort(newlandSerial); return noise != "" })
	d := open(t, port, honeywellPOS.String(), zebraKeyboard.String(), noise)
	d.ready(true)

	// Short and empty reports, one at a time.
	for n := range 64 {
		mad.send(0, reportH("]C0", strings.Repeat("9", 56), false)[:n])
	}
	for n := range 8 {
		deaf.send(0, make([]byte, n), bytes.Repeat([]byte{1}, n)) // "too many keys"
	}
	time.Sleep(300 * time.Millisecond) // as a hand needs: what follows at once belongs to what was broken
	mad.send(0, reportH("]C0", "30000016", false))
	d.want("30000016", "]C0")
	deaf.send(0, join(typeUS("30000024"), enterKey)...)
	d.want("30000024", "")

	// Two seconds of whatever the bus can carry, from three sides.
	random := rand.New(rand.NewPCG(1, 2))
	broken := func() []byte {
		r := make([]byte, 64)
		for i := range r {
			r[i] = byte(random.Uint32())
		}
		r[0], r[1] = 2, byte(57+random.IntN(199)) // a length that no report can hold
		return r
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	sent := 0
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); sent++ {
		mad.trySend(0, broken())
		deaf.trySend(0, []byte{0, 0, 1, 1, 1, 1, 1, 1})
		noisy.trySend(0, bytes.Repeat([]byte{0xfe, 0x81, 0x00, '\r'}, 100))
		if sent%500 == 0 {
			good.send(0, fmt.Appendf(nil, "4%07d\r", sent))
		}
	}
	noisy.pull()
	runtime.GC()
	runtime.ReadMemStats(&after)
	good.send(0, []byte("30000032\r"))
	want, garbage := 0, 0
	for s := d.next(); s.Text != "30000032"; s = d.next() {
		switch {
		case s.Text == fmt.Sprintf("4%07d", want):
			want += 500
		case s.Device == devices.Key("serial:"+noise) && (strings.Contains(s.Text, "\xfe") || strings.Contains(s.Text, "\x81")):
			garbage++ // told a few times as unreadable, so that somebody looks
		default:
			t.Fatalf("read %q of %s in the flood, want 4%07d", s.Text, s.Device, want)
		}
	}
	until(t, "the noise is over", func() bool { return !d.sup.Statuses()[3].Connected })
	for len(d.scans) > 0 {
		d.next()
		garbage++
	}
	if want <= sent-500 {
		t.Errorf("of the good scanner %d scans came, of %d", want/500, sent/500)
	}
	if garbage > 10 {
		t.Errorf("%d unreadable scans were passed on", garbage)
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("the flood left %d bytes of memory in use", grown)
	}
	for _, s := range d.sup.Statuses() {
		t.Logf("%s: %d scans, %d discarded, %d dropped", s.Key, s.Scans, s.Discarded, s.Dropped)
		switch s.Key {
		case devices.Key("serial:" + port):
			if s.Discarded+s.Dropped != 0 {
				t.Errorf("the good scanner lost scans: %+v", s)
			}
		case devices.Key("usb:" + honeywellPOS.String()), devices.Key("serial:" + noise):
			if s.Discarded == 0 {
				t.Errorf("the flood is not told: %+v", s)
			}
		}
	}

	// The same device comes back with the other layout.
	mad.pull()
	until(t, "gone", func() bool { return !d.sup.Statuses()[1].Connected })
	mad.describe(0, posN)
	mad.plug(1)
	d.readyBut(devices.Key("serial:"+noise), true)
	mad.send(0, reportN("30000040", false))
	d.want("30000040", "")
	// And as a keyboard.
	mad.pull()
	until(t, "gone", func() bool { return !d.sup.Statuses()[1].Connected })
	mad.describe(0, keysID)
	mad.plug(1)
	d.readyBut(devices.Key("serial:"+noise), true)
	mad.send(0, withID(1, join(typeUS("30000057"), tabKey))...)
	d.want("30000057", "")
	d.quiet()
}

// A device that cannot be opened says why, in words a person can act on.
func cannotBeOpened(t *testing.T) {
	g := newGadget(t, honeywellPOS, "", posH)
	s := newGadget(t, datalogicSerial, "", acm)
	g.plug(0)
	s.plug(1)
	var port string
	until(t, "the port", func() bool { port, _ = serialPort(datalogicSerial); return port != "" })
	if err := os.Chmod(port, 0o660); err != nil {
		t.Fatal(err)
	}

	// No rights: the udev rule and the group are named.
	c := exec.Command("/muontra", "devices", "--watch", "--json", "--hid", honeywellPOS.String(), "--serial", port)
	c.SysProcAttr = asUser
	out, said := output(t, c)
	rule := `SUBSYSTEM==\"usb\", ATTR{idVendor}==\"0c2e\", ATTR{idProduct}==\"0b61\", GROUP=\"plugdev\", MODE=\"0660\"`
	until(t, "both refusals", func() bool {
		return strings.Count(out.String(), `"why":"`+devices.WhyNoPermission+`"`) >= 2
	})
	if text := out.String(); !strings.Contains(text, rule) || !strings.Contains(text, "dialout") {
		t.Errorf("without rights it says: %s", text)
	}
	said()

	// Another program has it.
	first := open(t, honeywellPOS.String())
	first.ready(true)
	second := open(t, honeywellPOS.String())
	until(t, "busy", func() bool { return second.sup.Statuses()[0].Why == devices.WhyBusy })
	g.send(0, reportH("]C0", "30000016", false))
	first.want("30000016", "]C0")
	// It gives it back, and the other has it soon.
	first.stop()
	second.ready(true)
	g.send(0, reportH("]C0", "30000024", false))
	second.want("30000024", "]C0")
}

// A scanner with all three kinds of interfaces, pulled out in the middle of a
// scan, again and again: no goroutine, no open file, no half a code stays behind.
func pulled(t *testing.T) {
	const rounds, limit = 100, 20 * time.Second
	g := newGadget(t, honeywellPOS, "", posH, keys, acm)
	g.plug(0)
	var port string
	until(t, "the port", func() bool { port, _ = serialPort(honeywellPOS); return port != "" })
	random := rand.New(rand.NewPCG(3, 4))
	warm := open(t, honeywellPOS.String(), port) // libraries open their own files at the first use
	warm.ready(true)
	g.pull()
	warm.ready(false)
	warm.stop()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)

	d := openGap(t, patient, honeywellPOS.String(), port) // half a scan stays half, however slow this is
	done, hasty := 0, 0
	for began := time.Now(); done < rounds && time.Since(began) < limit; done++ {
		g.plug(done % sockets)
		if done%5 == 4 { // pulled again while it is being found and opened
			time.Sleep(time.Duration(random.IntN(600)) * time.Millisecond)
			g.pull()
			hasty++
			continue
		}
		d.ready(true)
		until(t, "both interfaces", func() bool { bound, _ := drivers(honeywellPOS); return strings.Join(bound, " ") == "usbfs usbfs" })
		// Each interface is listened to for a moment before it counts; the state says
		// when one of them does.
		time.Sleep(300 * time.Millisecond)
		g.send(0, reportH("]C0", "30000016", false), reportH("]Q1", "3000002", true))
		g.send(1, typeUS("300")...)
		g.send(2, []byte("30000032\r30000"))
		for range 2 {
			if s := d.next(); s.Text != "30000016" && s.Text != "30000032" {
				t.Fatalf("round %d: read %q", done, s.Text)
			}
		}
		g.pull()
		d.ready(false)
	}
	d.quiet()
	t.Logf("pulled out %d times in the middle of a scan, %d times while it was being opened", done-hasty, hasty)
	if done < 15 {
		t.Errorf("only %d rounds", done)
	}
	// And it still works.
	g.plug(2)
	d.ready(true)
	until(t, "both interfaces", func() bool { bound, _ := drivers(honeywellPOS); return strings.Join(bound, " ") == "usbfs usbfs" })
	time.Sleep(300 * time.Millisecond)
	g.send(0, reportH("]C0", "30000057", false))
	d.want("30000057", "]C0")
	d.stop()
	g.pull()
	for end := time.Now().Add(patient); runtime.NumGoroutine() > goroutines || openFiles(t) > files; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, were %d; %d open files, were %d", runtime.NumGoroutine(), goroutines, openFiles(t), files)
		}
	}
}
