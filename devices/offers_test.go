package devices

import "testing"

func TestOffers(t *testing.T) {
	hid := func(name string, vendor uint16, as role, likely int, open bool) Candidate {
		return Candidate{Key: usbKey(vendor, 1, ""), Kind: HID, Name: name, Path: name, VendorID: vendor, ProductID: 1, RecognisedAs: string(as), Likely: likely, Openable: open}
	}
	port := func(path string, vendor uint16, as string, likely int) Candidate {
		return Candidate{Key: Key("serial:" + path), Kind: Serial, Name: path, Path: path, VendorID: vendor, RecognisedAs: as, Likely: likely, Openable: true}
	}
	found := []Candidate{
		hid("a keyboard", 0x046d, roleKeyboard, 1, true),
		port("/dev/ttyUSB0", 0x1a86, "USB serial", 1),
		hid("the scanner's keys", 0x0c2e, roleKeyboard, 2, true),
		hid("the scanner", 0x0c2e, rolePOS, 3, true),
		hid("a mouse", 0x046e, roleMouse, 0, false),
		hid("a no-name with HID-POS", 0x28e9, rolePOS, 3, true),
		hid("its keyboard", 0x28e9, roleKeyboard, 1, true),
		hid("a keyboard of Windows", 0x05f9, roleKeyboard, 2, false),
		port("/dev/rfcomm0", 0, radioPort, 0),
		port("/dev/ttyS0", 0, "serial port", 0),
		{Key: "printer:/dev/usb/lp0", Kind: Printer, Path: "/dev/usb/lp0"},
	}
	got := Offers(found, []Spec{{Kind: Serial, Port: "/dev/ttyS0"}})
	want := []struct {
		name string
		care Care
	}{
		{"the scanner", CareNone},
		{"a no-name with HID-POS", CareAsk}, // opening it takes its keyboard too
		{"a keyboard of Windows", CareNever},
		{"/dev/ttyUSB0", CareNone},
		{"a keyboard", CareAsk},
		{"/dev/rfcomm0", CareAsk},
		{"/dev/ttyS0", CareChosen},
	}
	if len(got) != len(want) {
		t.Fatalf("%d offers: %+v", len(got), got)
	}
	for i, w := range want {
		if got[i].Name != w.name || got[i].Care != w.care {
			t.Errorf("%d: %s %q, want %s %q", i, got[i].Name, got[i].Care, w.name, w.care)
		}
	}
	if s := got[0].Spec; s.Kind != HID || s.VendorID != 0x0c2e || s.Key() != got[0].Key {
		t.Errorf("%+v", s)
	}
	if s := got[3].Spec; s.Key() != got[3].Key || s.Baud != DefaultBaud {
		t.Errorf("%+v", s)
	}
}
