package devices

import (
	"runtime"
	"strings"
	"testing"
)

func TestParseSerial(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("ports are written in capitals there")
	}
	for _, c := range []struct {
		in, port, station, key string
		baud                   int
	}{
		{"/dev/ttyACM0", "/dev/ttyACM0", "", "serial:/dev/ttyACM0", 9600},
		{"/dev/ttyUSB0@115200", "/dev/ttyUSB0", "", "serial:/dev/ttyUSB0", 115200},
		{"/dev/ttyUSB0=lop-2", "/dev/ttyUSB0", "lop-2", "serial:/dev/ttyUSB0", 9600},
		{"COM3@9600=desk", "COM3", "desk", "serial:COM3", 9600},
		{"/dev/serial/by-id/usb-X@1=2-if00@9600=desk", "/dev/serial/by-id/usb-X@1=2-if00", "desk", "serial:/dev/serial/by-id/usb-X@1=2-if00", 9600},
		{"/tmp/a=b@c/port", "/tmp/a=b@c/port", "", "serial:/tmp/a=b@c/port", 9600},
	} {
		s, err := ParseSerial(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if s.Kind != Serial || s.Port != c.port || s.Station != c.station || s.Baud != c.baud || string(s.Key()) != c.key {
			t.Errorf("%s: %+v, key %s", c.in, s, s.Key())
		}
		if again, err := ParseSerial(s.String()); err != nil || again != s {
			t.Errorf("%s: read back from %q: %+v, %v", c.in, s, again, err)
		}
	}
	wrongSpecs(t, ParseSerial, map[string]string{
		"":                      "device is missing",
		"@9600":                 "device is missing",
		"=desk":                 "device is missing",
		"/dev/ttyUSB0@fast":     "no speed",
		"/dev/ttyUSB0@":         "no speed",
		"/dev/ttyUSB0@12345":    "115200",
		"/dev/ttyUSB0@-9600":    "baud",
		"/dev/ttyUSB0=":         "station",
		"/dev/ttyUSB0=Thư viện": "station",
		"/dev/ttyUSB0=desk@300": "station",
		"/dev/tty\x00=desk":     "control",
	})
}

func TestParseHID(t *testing.T) {
	for _, c := range []struct{ in, serial, station, key string }{
		{"0c2e:0b61", "", "", "usb:0c2e:0b61"},
		{"0C2E:0B61=desk", "", "desk", "usb:0c2e:0b61"},
		{"0x05e0:0x1300", "", "", "usb:05e0:1300"},
		{"1eab:0010:AB12=desk", "AB12", "desk", "usb:1eab:0010:AB12"},
		{"1eab:0010:A:B=1=desk", "A:B=1", "desk", "usb:1eab:0010:A:B=1"},
	} {
		s, err := ParseHID(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if s.Kind != HID || s.SerialNo != c.serial || s.Station != c.station || string(s.Key()) != c.key {
			t.Errorf("%s: %+v, key %s", c.in, s, s.Key())
		}
		if again, err := ParseHID(s.String()); err != nil || again != s {
			t.Errorf("%s: read back from %q: %+v, %v", c.in, s, again, err)
		}
	}
	wrongSpecs(t, ParseHID, map[string]string{
		"":            "product id is missing",
		"0c2e":        "product id is missing",
		"c2e:0b61":    "vendor id",
		"0c2e:xyzw":   "product id",
		"0c2e:+b61":   "product id",
		"0000:0000":   "no device",
		"0c2e:0b61:":  "serial number is empty",
		"0c2e:0b61=":  "station",
		"0c2e:0b61=A": "station",
	})
}

func wrongSpecs(t *testing.T, parse func(string) (Spec, error), wrong map[string]string) {
	t.Helper()
	for in, want := range wrong {
		if s, err := parse(in); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "want ") {
			t.Errorf("%q: %+v, %v; want an error with %q and the form", in, s, err, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	scans := make(chan Scan, 1)
	one := Spec{Kind: Serial, Port: "/dev/ttyACM0"}
	for name, cfg := range map[string]Config{
		"no channel":     {Specs: []Spec{one}},
		"chosen twice":   {Specs: []Spec{one, one}, Scans: scans},
		"no port":        {Specs: []Spec{{Kind: Serial}}, Scans: scans},
		"no ids":         {Specs: []Spec{{Kind: HID}}, Scans: scans},
		"simulated":      {Specs: []Spec{{Kind: Simulated}}, Scans: scans},
		"strange speed":  {Specs: []Spec{{Kind: Serial, Port: "x", Baud: 7}}, Scans: scans},
		"strange target": {Specs: []Spec{{Kind: Serial, Port: "x", Station: "Bàn 1"}}, Scans: scans},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
