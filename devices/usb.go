package devices

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/karalabe/hid"
)

// systemUSB is the machine's own USB.
//
// On Linux it is read from sysfs: that works without permission, without cgo and
// without a word to the devices, while the library's own list opens every HID
// device on the bus to ask its name, in the middle of somebody's scan. Only
// opening goes through the library, whose paths are sysfs's interface names.
type systemUSB struct {
	sys string // "/sys"
	dev string // "/dev"
}

var machineUSB = systemUSB{sys: "/sys", dev: "/dev"}

func (s systemUSB) supported() bool { return hid.Supported() }
func (s systemUSB) keyboards() bool { return runtime.GOOS != "windows" }
func (s systemUSB) quiet() bool     { return s.hasSysfs() }

func (s systemUSB) hasSysfs() bool {
	if runtime.GOOS != "linux" {
		return false
	}
	_, err := os.Stat(filepath.Join(s.sys, "bus/usb/devices"))
	return err == nil
}

func (s systemUSB) interfaces() ([]usbInterface, error) {
	if s.hasSysfs() {
		return s.fromSysfs()
	}
	found, err := hid.Enumerate(0, 0)
	if err != nil {
		return nil, fmt.Errorf("list USB devices: %w", err)
	}
	all := make([]usbInterface, 0, len(found))
	for _, d := range found {
		all = append(all, usbInterface{
			path: d.Path, vendor: d.VendorID, product: d.ProductID, serialNo: d.Serial,
			productName: d.Product, manufacturer: d.Manufacturer,
			usage:      uint32(d.UsagePage)<<16 | uint32(d.Usage),
			devicePath: string(usbKey(d.VendorID, d.ProductID, d.Serial)),
		})
	}
	return all, nil
}

func (s systemUSB) fromSysfs() ([]usbInterface, error) {
	root := filepath.Join(s.sys, "bus/usb/devices")
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, fmt.Errorf("list USB devices: %w", err)
	}
	var all []usbInterface
	for _, e := range entries {
		device, _, isInterface := strings.Cut(e.Name(), ":")
		dir := filepath.Join(root, e.Name())
		if !isInterface || attribute(dir, "bInterfaceClass") != "03" {
			continue
		}
		u := usbInterface{path: e.Name(), devicePath: device}
		parent := filepath.Join(root, device)
		vendor, err1 := strconv.ParseUint(attribute(parent, "idVendor"), 16, 16)
		product, err2 := strconv.ParseUint(attribute(parent, "idProduct"), 16, 16)
		if err1 != nil || err2 != nil {
			continue // pulled out while we look
		}
		u.vendor, u.product = uint16(vendor), uint16(product)
		u.serialNo = attribute(parent, "serial")
		u.productName = attribute(parent, "product")
		u.manufacturer = attribute(parent, "manufacturer")
		u.protocol, _ = strconv.Atoi(attribute(dir, "bInterfaceProtocol"))
		u.descriptor = reportDescriptor(dir)
		bus, err1 := strconv.Atoi(attribute(parent, "busnum"))
		num, err2 := strconv.Atoi(attribute(parent, "devnum"))
		if err1 == nil && err2 == nil {
			u.node = filepath.Join(s.dev, fmt.Sprintf("bus/usb/%03d/%03d", bus, num))
		}
		all = append(all, u)
	}
	return all, nil
}

// reportDescriptor is there only while the kernel's own driver has the device:
// before it is opened here, and not after a crash.
func reportDescriptor(dir string) []byte {
	found, _ := filepath.Glob(filepath.Join(dir, "0003:*", "report_descriptor"))
	for _, f := range found {
		if raw, err := os.ReadFile(f); err == nil && len(raw) > 0 && len(raw) <= maxDescriptor {
			return raw
		}
	}
	return nil
}

func attribute(dir, name string) string {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (s systemUSB) open(u usbInterface) (hidHandle, error) {
	d, err := hid.DeviceInfo{Path: u.path, VendorID: u.vendor, ProductID: u.product, Serial: u.serialNo}.Open()
	if err != nil {
		return nil, usbOpenError(u, err)
	}
	return d, nil
}
