package devices

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Candidate is a device that is plugged in, chosen or not.
type Candidate struct {
	Key          Key
	Kind         Kind // Serial, HID or Printer
	Name         string
	Path         string // where it is now: /dev/ttyACM0, 1-1:1.0
	VendorID     uint16 // 0 for a port that is not on USB
	ProductID    uint16
	SerialNo     string
	Vendor       string // "" where unknown
	RecognisedAs string // "HID-POS", "keyboard", "mouse", "HID", "unknown", "USB serial", "serial port", "printer"
	// Likely ranks what to offer a person who is looking for the scanner: 3
	// surely a scanner, 2 a scanner maker's device, 1 may be one, 0 is none.
	Likely   int
	Openable bool   // nothing is known that stands against opening it
	Why      string // why not, as in Status
	Hint     string
}

// List gives every serial port, USB HID interface and printer of the machine,
// the likeliest scanners first. It opens none of them.
//
// The error names what could not be looked at; what was found comes with it.
func List(ctx context.Context) ([]Candidate, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	return list(machineUSB)
}

func list(usb systemUSB) ([]Candidate, error) {
	all, err := usb.candidates()
	all = append(all, usb.serialPorts()...)
	all = append(all, usb.printers()...)
	slices.SortStableFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Likely, a.Likely), cmp.Compare(a.Path, b.Path))
	})
	return all, err
}

func (s systemUSB) candidates() ([]Candidate, error) {
	found, err := s.interfaces()
	if err != nil {
		return nil, err
	}
	all := make([]Candidate, 0, len(found))
	mice := map[string]bool{} // devices with a mouse in them
	for _, u := range found {
		if u.role() == roleMouse {
			mice[u.devicePath] = true
		}
	}
	for _, u := range found {
		role := u.role()
		c := Candidate{
			Key: u.key(), Kind: HID, Name: u.name(), Path: u.path,
			VendorID: u.vendor, ProductID: u.product, SerialNo: u.serialNo,
			Vendor: vendorName(u.vendor), RecognisedAs: string(role),
		}
		switch {
		case role == roleMouse, role == roleOther && !makesScanners(u.vendor):
		case role == rolePOS:
			c.Likely = 3
		case makesScanners(u.vendor), saysScanner(c.Name):
			c.Likely = 2
		case mice[u.devicePath]:
			// A keyboard that comes with a mouse is somebody's desk.
		default:
			c.Likely = 1
		}
		c.Openable, c.Why, c.Hint = s.mayOpen(u, role)
		all = append(all, c)
	}
	return all, nil
}

// radioPort is a port over Bluetooth: opening it calls the other side.
const radioPort = "Bluetooth port"

// saysScanner reads a device's own name. It ranks, as the maker's id does: a
// keyboard with such a name is not opened unasked for it.
func saysScanner(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"barcode", "bar code", "scanner"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

func (s systemUSB) mayOpen(u usbInterface, role role) (ok bool, why, hint string) {
	switch {
	case !s.supported():
		return false, WhyNoHIDSupport, ""
	case role == roleMouse:
		return false, WhyNoScanner, ""
	case role == roleKeyboard && !s.keyboards():
		return false, WhyKeyboardOnly, ""
	case u.node != "" && !fileExists(u.node):
		return false, WhyAbsent, ""
	case u.node != "" && !mayReadWrite(u.node):
		return false, WhyNoPermission, udevRule(u.vendor, u.product)
	}
	return true, "", ""
}

// serialPorts lists ports by their names in /dev and what sysfs knows of them.
func (s systemUSB) serialPorts() []Candidate {
	if runtime.GOOS == "windows" {
		var all []Candidate
		for _, name := range windowsPorts() {
			all = append(all, Candidate{
				Key: Spec{Kind: Serial, Port: name}.Key(), Kind: Serial, Name: name, Path: name,
				RecognisedAs: "serial port", Likely: 1, Openable: true,
			})
		}
		return all
	}
	stable := s.stableNames()
	var all []Candidate
	for _, node := range s.nodes("ttyACM*", "ttyUSB*", "ttyS*", "ttyAMA*", "rfcomm*") {
		class := filepath.Join(s.sys, "class/tty", filepath.Base(node))
		if attribute(class, "type") == "0" {
			continue // a number the kernel keeps free for a port that is not there
		}
		name := cmp.Or(stable[node], node)
		c := Candidate{
			Key: Spec{Kind: Serial, Port: name}.Key(), Kind: Serial, Name: filepath.Base(node), Path: node,
			RecognisedAs: "serial port",
		}
		if strings.HasPrefix(c.Name, "rfcomm") {
			c.RecognisedAs = radioPort
		}
		if s.describe(&c, class) {
			c.RecognisedAs, c.Likely = "USB serial", 1
			if makesScanners(c.VendorID) || saysScanner(c.Name) {
				c.Likely = 2
			}
		}
		s.permit(&c, dialoutHint)
		all = append(all, c)
	}
	return all
}

// printers lists the label printers the kernel gives a device file.
func (s systemUSB) printers() []Candidate {
	var all []Candidate
	for _, node := range s.nodes("usb/lp*") {
		c := Candidate{Key: Key("printer:" + node), Kind: Printer, Name: filepath.Base(node), Path: node, RecognisedAs: "printer"}
		s.describe(&c, filepath.Join(s.sys, "class/usbmisc", filepath.Base(node)))
		s.permit(&c, `sudo usermod -aG lp "$USER"`)
		all = append(all, c)
	}
	return all
}

func (s systemUSB) nodes(patterns ...string) []string {
	var all []string
	for _, p := range patterns {
		found, _ := filepath.Glob(filepath.Join(s.dev, p))
		all = append(all, found...)
	}
	return all
}

// stableNames gives for a port the name that stays when it is plugged in again.
func (s systemUSB) stableNames() map[string]string {
	links, _ := filepath.Glob(filepath.Join(s.dev, "serial/by-id/*"))
	names := make(map[string]string, len(links))
	for _, link := range links {
		if target, err := filepath.EvalSymlinks(link); err == nil {
			names[target] = link
		}
	}
	return names
}

// describe fills in the USB device behind a node, found by walking up from the
// node's own place in sysfs. It reports false for a node that is not on USB.
func (s systemUSB) describe(c *Candidate, class string) bool {
	dir, err := filepath.EvalSymlinks(filepath.Join(class, "device"))
	if err != nil {
		return false
	}
	for range 6 {
		vendor, err1 := strconv.ParseUint(attribute(dir, "idVendor"), 16, 16)
		product, err2 := strconv.ParseUint(attribute(dir, "idProduct"), 16, 16)
		if err1 == nil && err2 == nil {
			u := usbInterface{
				vendor: uint16(vendor), product: uint16(product), serialNo: attribute(dir, "serial"),
				productName: attribute(dir, "product"), manufacturer: attribute(dir, "manufacturer"),
			}
			c.Name, c.VendorID, c.ProductID, c.SerialNo, c.Vendor = u.name(), u.vendor, u.product, u.serialNo, vendorName(u.vendor)
			return true
		}
		dir = filepath.Dir(dir)
		if !strings.HasPrefix(dir, s.sys) {
			return false
		}
	}
	return false
}

func (s systemUSB) permit(c *Candidate, hint string) {
	if c.Openable = mayReadWrite(c.Path); !c.Openable {
		c.Why, c.Hint = WhyNoPermission, hint
	}
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
