package devices

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/karalabe/hid"
)

// HIDSupported says whether this build can read USB HID scanners. Without cgo it
// cannot; serial scanners work in every build.
func HIDSupported() bool { return hid.Supported() }

// hidHandle is the part of an open USB device that is used.
type hidHandle interface {
	ReadTimeout(b []byte, milliseconds int) (int, error)
	SendFeatureReport(b []byte) (int, error)
	Close() error
}

type hidWire struct{ handle hidHandle }

func (w hidWire) read(b []byte, limit time.Duration) (int, error) {
	// 0 would not wait at all and -1 for ever, whatever the library's comment says.
	n, err := w.handle.ReadTimeout(b, max(1, int(limit.Milliseconds())))
	if err != nil {
		// The library's text is "not implemented yet" whatever happened.
		return max(0, n), fmt.Errorf("%w (%v)", errUnplugged, err)
	}
	return min(max(0, n), len(b)), nil
}

func (w hidWire) close() error { return w.handle.Close() }

// role is what an interface of a USB device is for.
type role string

const (
	rolePOS      role = "HID-POS"
	roleKeyboard role = "keyboard"
	roleMouse    role = "mouse"
	roleOther    role = "HID"     // described, and no scanner
	roleUnknown  role = "unknown" // not described
)

// usbInterface is one HID interface that is plugged in.
type usbInterface struct {
	path         string // what the library opens; changes with the socket
	vendor       uint16
	product      uint16
	serialNo     string
	productName  string
	manufacturer string
	protocol     int    // of a boot interface: 1 keyboard, 2 mouse
	usage        uint32 // where the system tells: page in the high half
	descriptor   []byte // empty where the system does not tell
	node         string // device file, for its permissions; "" where there is none
	devicePath   string // the same for all interfaces of one device
}

func (u usbInterface) key() Key { return usbKey(u.vendor, u.product, u.serialNo) }

func (u usbInterface) name() string {
	name := strings.TrimSpace(u.productName)
	maker := strings.TrimSpace(u.manufacturer)
	if maker != "" && !strings.HasPrefix(strings.ToLower(name), strings.ToLower(maker)) {
		name = strings.TrimSpace(maker + " " + name)
	}
	if name == "" {
		name = strings.TrimSpace(vendorName(u.vendor) + fmt.Sprintf(" %04x:%04x", u.vendor, u.product))
	}
	return name
}

func (u usbInterface) role() role {
	if len(u.descriptor) > 0 {
		if d, err := parseDescriptor(u.descriptor); err == nil {
			return roleOf(d)
		}
	}
	switch {
	case u.usage>>16 == pagePOS:
		return rolePOS
	case u.usage == usageKeyboard, u.usage == usageKeypad, u.protocol == 1:
		return roleKeyboard
	case u.usage == usageMouse, u.protocol == 2:
		return roleMouse
	case u.usage != 0:
		return roleOther
	}
	return roleUnknown
}

func roleOf(d descriptor) role {
	has := func(wanted ...uint32) bool {
		return d.hasApplication(func(u uint32) bool { return slices.Contains(wanted, u) })
	}
	switch {
	case d.hasApplication(func(u uint32) bool { return u>>16 == pagePOS }):
		return rolePOS
	case has(usageKeyboard, usageKeypad):
		return roleKeyboard
	case has(usageMouse):
		return roleMouse
	}
	return roleOther
}

// usbBus is what the supervisor needs of USB; tests have their own.
type usbBus interface {
	// interfaces lists the HID interfaces that are plugged in.
	interfaces() ([]usbInterface, error)
	// open opens one. The error is an *openError.
	open(usbInterface) (hidHandle, error)
	// quiet says that interfaces only looks, and may be called while a scanner
	// sends. Otherwise it talks to every device on the bus.
	quiet() bool
	supported() bool
	// keyboards says whether the system lets a program have a keyboard.
	keyboards() bool
}

// scannerInterfaces picks those to open of the interfaces of chosen devices: each
// that a scan may come from. A composite scanner has a keyboard beside its
// HID-POS interface and uses one of them. Only where neither is to be seen is an
// interface tried that says nothing of itself.
func scannerInterfaces(all []usbInterface, keyboards bool) (chosen []usbInterface, why string) {
	var unknown []usbInterface
	refused := false
	for _, u := range all {
		switch u.role() {
		case rolePOS:
			chosen = append(chosen, u)
		case roleKeyboard:
			if keyboards {
				chosen = append(chosen, u)
			} else {
				refused = true
			}
		case roleUnknown, roleOther:
			unknown = append(unknown, u)
		}
	}
	switch {
	case len(chosen) > 0:
		return chosen, ""
	case refused:
		return nil, WhyKeyboardOnly
	case len(unknown) > 0:
		return unknown, ""
	}
	return nil, WhyNoScanner
}

// openHID opens an interface with the decoder for what it sends.
func openHID(bus usbBus, u usbInterface, gap time.Duration, learned Learned) (wire, decoder, error) {
	handle, err := bus.open(u)
	if err != nil {
		return nil, nil, err
	}
	if redirects(u.vendor) {
		// Honeywell's scanners send to the keyboard until they are told to use
		// HID-POS. Others of theirs refuse the report, which does no harm.
		_, _ = handle.SendFeatureReport([]byte{0xfe, 0x01})
	}
	d := newHIDDecoder(u, gap)
	if k, ok := d.(*keyboard); ok {
		k.keys, k.suffixed = layoutKeys[learned.Layout], learned.terminated()
	}
	return hidWire{handle}, d, nil
}

func newHIDDecoder(u usbInterface, gap time.Duration) decoder {
	d, err := parseDescriptor(u.descriptor)
	if err != nil {
		d = descriptor{}
	}
	if u.role() == roleKeyboard {
		layouts := keyLayouts(d)
		if len(layouts) == 0 {
			layouts = []keyLayout{bootLayout}
		}
		return newKeyboard(layouts, gap)
	}
	if l, ok := posLayoutOf(d); ok {
		return newPOS(&l)
	}
	return newPOS(nil)
}

// usbOpenError finds out why the library could not open a device: it says no more
// than that it failed.
func usbOpenError(u usbInterface, err error) *openError {
	e := &openError{why: WhyFailed, err: fmt.Errorf("open USB device %s at %s: %w", u.key(), u.path, err)}
	if errors.Is(err, hid.ErrUnsupportedPlatform) {
		e.why = WhyNoHIDSupport
		return e
	}
	if u.node == "" {
		return e
	}
	f, nodeErr := os.OpenFile(u.node, os.O_RDWR, 0)
	switch {
	case nodeErr == nil:
		f.Close()
		e.why = WhyBusy
	case errors.Is(nodeErr, fs.ErrPermission):
		e.why, e.hint = WhyNoPermission, udevRule(u.vendor, u.product)
	case errors.Is(nodeErr, fs.ErrNotExist):
		e.why = WhyAbsent
	}
	e.err = fmt.Errorf("open USB device %s at %s: %w (%v)", u.key(), u.path, err, nodeErr)
	return e
}

// udevRule is the line for /etc/udev/rules.d/70-muontra.rules that lets the
// group plugdev open a scanner.
func udevRule(vendor, product uint16) string {
	return fmt.Sprintf(`SUBSYSTEM=="usb", ATTR{idVendor}=="%04x", ATTR{idProduct}=="%04x", GROUP="plugdev", MODE="0660"`, vendor, product)
}
