package devices

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// machine builds the parts of /sys and /dev that are looked at.
func machine(t *testing.T) systemUSB {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(path, target string) {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(root, target), path); err != nil {
			t.Fatal(err)
		}
	}
	device := func(name, vendor, product, serial, maker, title string, num int) {
		dir := "sys/devices/usb1/" + name
		for file, text := range map[string]string{"idVendor": vendor, "idProduct": product, "serial": serial, "manufacturer": maker, "product": title, "busnum": "1", "devnum": fmt.Sprint(num)} {
			if text != "" {
				write(dir+"/"+file, text+"\n")
			}
		}
		link("sys/bus/usb/devices/"+name, dir)
	}
	face := func(name, class, protocol string, descriptor []byte) {
		device, _, _ := strings.Cut(name, ":")
		dir := "sys/devices/usb1/" + device + "/" + name
		write(dir+"/bInterfaceClass", class+"\n")
		write(dir+"/bInterfaceProtocol", protocol+"\n")
		if descriptor != nil {
			write(dir+"/0003:AAAA:BBBB.0001/report_descriptor", string(descriptor))
		}
		link("sys/bus/usb/devices/"+name, dir)
	}
	device("1-1", "0c2e", "0b61", "SN1", "Honeywell", "Voyager 1450g", 4)
	face("1-1:1.0", "03", "00", posDescriptor)
	face("1-1:1.1", "03", "01", bootDescriptor)
	device("1-2", "046d", "c31c", "", "Logitech", "USB Keyboard", 5)
	face("1-2:1.0", "03", "01", bootDescriptor)
	device("1-3", "046d", "c077", "", "", "", 6)
	face("1-3:1.0", "03", "02", nil)
	device("1-4", "1eab", "0006", "N7", "Newland", "FM430", 7)
	face("1-4:1.0", "02", "00", nil)
	device("1-5", "0a5f", "0081", "", "Zebra", "ZD220", 8)
	face("1-5:1.0", "07", "02", nil)
	write("dev/bus/usb/001/004", "")
	write("dev/bus/usb/001/005", "")

	write("dev/ttyACM0", "")
	link("sys/class/tty/ttyACM0/device", "sys/devices/usb1/1-4/1-4:1.0")
	link("dev/serial/by-id/usb-Newland_FM430_N7-if00", "dev/ttyACM0")
	write("dev/ttyS0", "")
	write("sys/class/tty/ttyS0/type", "4\n")
	write("dev/ttyS1", "")
	write("sys/class/tty/ttyS1/type", "0\n")
	write("dev/usb/lp0", "")
	link("sys/class/usbmisc/lp0/device", "sys/devices/usb1/1-5/1-5:1.0")
	return systemUSB{sys: filepath.Join(root, "sys"), dev: filepath.Join(root, "dev")}
}

func TestList(t *testing.T) {
	m := machine(t)
	found, err := list(m)
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string]Candidate{}
	for _, c := range found {
		rel, err := filepath.Rel(m.dev, c.Path)
		if err != nil {
			rel = c.Path
		}
		byPath[rel] = c
		t.Logf("%+v", c)
	}
	for path, want := range map[string]Candidate{
		"1-1:1.0": {Key: "usb:0c2e:0b61:SN1", Kind: HID, Name: "Honeywell Voyager 1450g", Vendor: "Honeywell", RecognisedAs: "HID-POS", Likely: 3},
		"1-1:1.1": {Key: "usb:0c2e:0b61:SN1", Kind: HID, Name: "Honeywell Voyager 1450g", Vendor: "Honeywell", RecognisedAs: "keyboard", Likely: 2},
		"1-2:1.0": {Key: "usb:046d:c31c", Kind: HID, Name: "Logitech USB Keyboard", RecognisedAs: "keyboard", Likely: 1},
		"1-3:1.0": {Key: "usb:046d:c077", Kind: HID, Name: "046d:c077", RecognisedAs: "mouse", Likely: 0},
		"ttyACM0": {Key: Key("serial:" + m.dev + "/serial/by-id/usb-Newland_FM430_N7-if00"), Kind: Serial, Name: "Newland FM430", Vendor: "Newland", RecognisedAs: "USB serial", Likely: 2},
		"ttyS0":   {Key: Key("serial:" + m.dev + "/ttyS0"), Kind: Serial, Name: "ttyS0", RecognisedAs: "serial port", Likely: 0},
		"usb/lp0": {Key: Key("printer:" + m.dev + "/usb/lp0"), Kind: Printer, Name: "Zebra ZD220", RecognisedAs: "printer", Likely: 0},
	} {
		got := byPath[path]
		if got.Key != want.Key || got.Kind != want.Kind || got.Name != want.Name || got.Vendor != want.Vendor || got.RecognisedAs != want.RecognisedAs || got.Likely != want.Likely {
			t.Errorf("%s:\n got %+v\nwant %+v", path, got, want)
		}
		switch {
		case got.Kind != HID:
			if !got.Openable {
				t.Errorf("%s may be opened: %+v", path, got)
			}
		case !HIDSupported():
			if got.Openable || got.Why != WhyNoHIDSupport {
				t.Errorf("%s in a build without USB HID: %+v", path, got)
			}
		case got.RecognisedAs == "mouse":
			if got.Openable || got.Why != WhyNoScanner {
				t.Errorf("%s: %+v", path, got)
			}
		case !got.Openable:
			t.Errorf("%s may be opened: %+v", path, got)
		}
	}
	if _, listed := byPath["ttyS1"]; listed {
		t.Error("a port that is not there is listed")
	}
	if len(found) != 7 || found[0].Path != "1-1:1.0" {
		t.Errorf("%d devices, first %s", len(found), found[0].Path)
	}
}

// What cannot be opened is explained by its device file.
func TestUSBOpenErrors(t *testing.T) {
	m := machine(t)
	found, err := m.interfaces()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.open(found[0]); err == nil {
		t.Fatal("opened a device that is not there")
	}
	failed := fmt.Errorf("hidapi: failed to open device")
	u := found[0]
	if e := usbOpenError(u, failed); e.why != WhyBusy {
		t.Errorf("its file opens, so somebody has it: %q %v", e.why, e)
	}
	u.node += "x"
	if e := usbOpenError(u, failed); e.why != WhyAbsent {
		t.Errorf("no file: %q %v", e.why, e)
	}
	u.node = ""
	if e := usbOpenError(u, failed); e.why != WhyFailed {
		t.Errorf("no idea: %q %v", e.why, e)
	}
	if os.Getuid() != 0 {
		u.node = found[0].node
		if err := os.Chmod(u.node, 0o400); err != nil {
			t.Fatal(err)
		}
		if e := usbOpenError(u, failed); e.why != WhyNoPermission || !strings.Contains(e.hint, `"0c2e"`) {
			t.Errorf("no permission: %q %q %v", e.why, e.hint, e)
		}
	}
}

func TestListOfThisMachine(t *testing.T) {
	found, err := List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found {
		t.Logf("%+v", c)
		if c.Key == "" || c.Name == "" || c.Path == "" || c.Openable == (c.Why != "") {
			t.Errorf("%+v", c)
		}
	}
}
