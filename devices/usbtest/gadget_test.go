//go:build linux

package usbtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const gadgets = "/sys/kernel/config/usb_gadget"

// patient is how long a scenario waits for what must come. The virtual machine is
// slow and its host may be busy.
const patient = 30 * time.Second

// ids are a USB device's vendor and product.
type ids struct{ vendor, product uint16 }

func (i ids) String() string { return fmt.Sprintf("%04x:%04x", i.vendor, i.product) }

// Scanners with the ids that are on the market.
var (
	honeywellPOS    = ids{0x0c2e, 0x0b61}
	newlandPOS      = ids{0x1eab, 0x0010}
	zebraKeyboard   = ids{0x05e0, 0x1200}
	datalogicKeys   = ids{0x05f9, 0x2204}
	newlandKeyboard = ids{0x1eab, 0x0003}
	opticonKeyboard = ids{0x065a, 0x0001}
	datalogicSerial = ids{0x05f9, 0x4204}
	newlandSerial   = ids{0x1eab, 0x0006}
	officeKeyboard  = ids{0x046d, 0xc31c} // nobody's scanner
)

// part is one interface of a device: a HID interface with its report descriptor,
// or a serial port.
type part struct {
	serial   bool
	protocol int // 1 for a keyboard
	length   int // of a report
	desc     []byte
}

var (
	posH     = part{length: 64, desc: posDescriptorH}
	posN     = part{length: 64, desc: posDescriptorN}
	keys     = part{protocol: 1, length: 8, desc: keyDescriptor}
	keysID   = part{length: 9, desc: keyDescriptorID}
	acm      = part{serial: true}
	gadgetNo atomic.Int64
)

// gadget is a scanner that can be plugged into any socket.
type gadget struct {
	t       *testing.T
	dir     string
	parts   []part
	fns     []string
	files   []int // open while plugged in
	plugged bool
	gone    bool
}

// newGadget makes a device that lies on the table.
func newGadget(t *testing.T, id ids, serialNo string, parts ...part) *gadget {
	t.Helper()
	g := &gadget{t: t, dir: filepath.Join(gadgets, fmt.Sprintf("g%d", gadgetNo.Add(1))), parts: parts}
	g.set("idVendor", fmt.Sprintf("0x%04x", id.vendor))
	g.set("idProduct", fmt.Sprintf("0x%04x", id.product))
	g.set("bcdUSB", "0x0200")
	g.set("strings/0x409/manufacturer", "Maker")
	g.set("strings/0x409/product", "Scanner")
	if serialNo != "" {
		g.set("strings/0x409/serialnumber", serialNo)
	}
	g.mkdir("configs/c.1")
	for i, p := range parts {
		fn := fmt.Sprintf("hid.%s_%d", filepath.Base(g.dir), i)
		if p.serial {
			fn = fmt.Sprintf("acm.%s_%d", filepath.Base(g.dir), i)
		}
		g.fns = append(g.fns, fn)
		g.mkdir("functions/" + fn)
		if p.serial {
			g.use(i)
		} else {
			g.describe(i, p)
		}
	}
	t.Cleanup(g.remove)
	return g
}

// describe gives a HID part another report descriptor, while it is not plugged in.
func (g *gadget) describe(i int, p part) {
	os.Remove(filepath.Join(g.dir, "configs/c.1", g.fns[i])) // it cannot be changed while it is used
	fn := "functions/" + g.fns[i]
	g.set(fn+"/subclass", strconv.Itoa(p.protocol))
	g.set(fn+"/protocol", strconv.Itoa(p.protocol))
	g.set(fn+"/report_length", strconv.Itoa(p.length))
	g.set(fn+"/report_desc", string(p.desc))
	g.parts[i] = p
	g.use(i)
}

// use makes a part one of the device's.
func (g *gadget) use(i int) {
	g.t.Helper()
	if err := os.Symlink(filepath.Join(g.dir, "functions", g.fns[i]), filepath.Join(g.dir, "configs/c.1", g.fns[i])); err != nil {
		g.t.Fatal(err)
	}
}

func (g *gadget) set(name, value string) {
	g.t.Helper()
	p := filepath.Join(g.dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		g.t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(value), 0o644); err != nil {
		g.t.Fatal(err)
	}
}

func (g *gadget) mkdir(name string) {
	g.t.Helper()
	if err := os.MkdirAll(filepath.Join(g.dir, name), 0o755); err != nil {
		g.t.Fatal(err)
	}
}

// plug puts the device into a socket, 0 to sockets-1.
func (g *gadget) plug(socket int) {
	g.t.Helper()
	g.set("UDC", fmt.Sprintf("dummy_udc.%d", socket))
	g.plugged = true
	g.files = make([]int, len(g.parts))
	for i, p := range g.parts {
		fn := filepath.Join(g.dir, "functions", g.fns[i])
		var node string
		if p.serial {
			node = "/dev/ttyGS" + readLine(g.t, filepath.Join(fn, "port_num"))
		} else {
			_, minor, _ := strings.Cut(readLine(g.t, filepath.Join(fn, "dev")), ":")
			node = "/dev/hidg" + minor
		}
		fd := -1
		g.until("open "+node, func() bool {
			var err error
			fd, err = unix.Open(node, unix.O_RDWR|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
			return err == nil
		})
		g.files[i] = fd
		if p.serial {
			makeRaw(g.t, fd)
		}
	}
}

// pull takes the device out of its socket.
func (g *gadget) pull() {
	g.t.Helper()
	for _, fd := range g.files {
		unix.Close(fd)
	}
	g.files = nil
	g.set("UDC", "\n")
	g.plugged = false
}

// remove throws the device away, which frees its device files for the next.
func (g *gadget) remove() {
	if g.gone {
		return
	}
	g.gone = true
	if g.plugged {
		g.pull()
	}
	for _, fn := range g.fns {
		os.Remove(filepath.Join(g.dir, "configs/c.1", fn))
	}
	os.Remove(filepath.Join(g.dir, "configs/c.1"))
	for _, fn := range g.fns {
		os.Remove(filepath.Join(g.dir, "functions", fn))
	}
	os.Remove(filepath.Join(g.dir, "strings/0x409"))
	if err := os.Remove(g.dir); err != nil {
		g.t.Errorf("remove a device: %v", err)
	}
}

// send sends reports, or bytes of a serial part, each with one write: a report is
// one transfer. It waits until the host has taken the ones before.
func (g *gadget) send(i int, reports ...[]byte) {
	g.t.Helper()
	for _, r := range reports {
		for len(r) > 0 || !g.parts[i].serial {
			n := 0
			g.until("send a report", func() bool {
				var err error
				n, err = unix.Write(g.files[i], r)
				switch {
				case errors.Is(err, unix.EAGAIN):
					_, _ = unix.Poll([]unix.PollFd{{Fd: int32(g.files[i]), Events: unix.POLLOUT}}, 100)
				case err != nil && !errors.Is(err, unix.EINTR):
					g.t.Fatalf("send a report: %v", err)
				}
				return err == nil
			})
			if r = r[n:]; !g.parts[i].serial {
				break
			}
		}
	}
}

// trySend sends one report if the host takes it at once.
func (g *gadget) trySend(i int, r []byte) { _, _ = unix.Write(g.files[i], r) }

func (g *gadget) until(what string, done func() bool) {
	g.t.Helper()
	until(g.t, what, done)
}

// until waits for what must come.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for limit := time.Now().Add(patient); !done(); {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

func readLine(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// makeRaw keeps the scanner's end of a serial line from changing CR and LF.
func makeRaw(t *testing.T, fd int) {
	t.Helper()
	tio, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	tio.Iflag, tio.Oflag, tio.Lflag = 0, 0, 0
	tio.Cflag = unix.CS8 | unix.CREAD | unix.CLOCAL | unix.B9600
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, tio); err != nil {
		t.Fatal(err)
	}
}

// drivers gives the kernel drivers of a device's HID interfaces, and how many
// input devices the desktop has of it.
func drivers(id ids) (bound []string, inputs int) {
	devices, _ := filepath.Glob("/sys/bus/usb/devices/*/idVendor")
	for _, f := range devices {
		dir := filepath.Dir(f)
		v, _ := os.ReadFile(f)
		p, _ := os.ReadFile(filepath.Join(dir, "idProduct"))
		if strings.TrimSpace(string(v))+":"+strings.TrimSpace(string(p)) != id.String() {
			continue
		}
		interfaces, _ := filepath.Glob(dir + ":*")
		if len(interfaces) == 0 {
			interfaces, _ = filepath.Glob(filepath.Join(dir, filepath.Base(dir)+":*"))
		}
		for _, in := range interfaces {
			if class, _ := os.ReadFile(filepath.Join(in, "bInterfaceClass")); strings.TrimSpace(string(class)) != "03" {
				continue
			}
			link, err := os.Readlink(filepath.Join(in, "driver"))
			if err != nil {
				link = "none"
			}
			bound = append(bound, filepath.Base(link))
			found, _ := filepath.Glob(filepath.Join(in, "0003:*", "input", "input*"))
			inputs += len(found)
		}
	}
	return bound, inputs
}

// openFiles counts the open files of this process.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// asUser makes a process run without rights.
var asUser = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1000, Gid: 1000}}
