//go:build linux

package usbtest

import (
	"os"
	"runtime"
	"testing"
)

// inside is set in the virtual machine and nowhere else: what runs there makes
// and unmakes USB devices.
const inside = "MUONTRA_USB_GUEST"

// scenarios are what is tried in the virtual machine, in this order.
var scenarios = []struct {
	name string
	run  func(*testing.T)
}{
	{"keyboards", keyboards},
	{"hidpos", hidPOS},
	{"serial", serialPorts},
	{"four_hundred", fourHundred},
	{"bad_devices", badDevices},
	{"cannot_be_opened", cannotBeOpened},
	{"pulled", pulled},
	{"daemon", daemon},
}

// TestUSB boots the virtual machine; in it, it runs the scenarios.
// -run TestUSB/NAME runs one of them.
func TestUSB(t *testing.T) {
	if os.Getenv(inside) == "" {
		boot(t)
		return
	}
	// The scanners and who reads them share one slow processor here: each shall get
	// it as soon as it is woken, as on a machine of their own.
	runtime.GOMAXPROCS(4)
	for _, s := range scenarios {
		t.Run(s.name, s.run)
	}
}
