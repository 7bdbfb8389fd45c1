package printer

import (
	"errors"
	"strings"
	"testing"
)

const someFingerprint = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestParseTarget(t *testing.T) {
	for _, c := range []struct {
		text string
		want Target
		back string // what String gives
	}{
		{"tcp://192.168.1.50", Target{Scheme: "tcp", Host: "192.168.1.50:9100"}, "tcp://192.168.1.50:9100"},
		{" TCP://zebra.truong.lan:6101/ ", Target{Scheme: "tcp", Host: "zebra.truong.lan:6101"}, "tcp://zebra.truong.lan:6101"},
		{"tcp://[fe80::1]", Target{Scheme: "tcp", Host: "[fe80::1]:9100"}, "tcp://[fe80::1]:9100"},
		{"tcp://a?status=zpl&waiteof=no", Target{Scheme: "tcp", Host: "a:9100", ZPLStatus: true, NoWaitEOF: true}, "tcp://a:9100?status=zpl&waiteof=no"},
		{"tcp://a?waiteof=yes", Target{Scheme: "tcp", Host: "a:9100"}, "tcp://a:9100"},
		{"/dev/usb/lp0", Target{Scheme: "file", Path: "/dev/usb/lp0"}, "file:///dev/usb/lp0"},
		{"file:///dev/usb/../usb/lp0", Target{Scheme: "file", Path: "/dev/usb/lp0"}, "file:///dev/usb/lp0"},
		{"file:///dev/m%C3%A1y%20in", Target{Scheme: "file", Path: "/dev/máy in"}, "file:///dev/m%C3%A1y%20in"},
		{"ipp://192.168.1.60", Target{Scheme: "ipp", Host: "192.168.1.60:631", Path: "/ipp/print"}, "ipp://192.168.1.60:631/ipp/print"},
		{"ipp://localhost:8631/printers/Nhan", Target{Scheme: "ipp", Host: "localhost:8631", Path: "/printers/Nhan"}, "ipp://localhost:8631/printers/Nhan"},
		{"ipps://mayin/ipp/print?fingerprint=SHA256:" + strings.ToUpper(someFingerprint),
			Target{Scheme: "ipps", Host: "mayin:631", Path: "/ipp/print", Fingerprint: someFingerprint},
			"ipps://mayin:631/ipp/print?fingerprint=sha256:" + someFingerprint},
	} {
		got, err := parseTarget(c.text, "linux")
		if err != nil || got != c.want || got.String() != c.back {
			t.Errorf("%s: %+v, %v; String %q, want %q", c.text, got, err, got.String(), c.back)
			continue
		}
		if again, err := parseTarget(got.String(), "linux"); err != nil || again != got {
			t.Errorf("%s: read back as %+v, %v", c.text, again, err)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":                                   "empty",
		"192.168.1.50:9100":                  "does not begin with",
		"lp0":                                "does not begin with",
		"tcp://":                             "names no computer",
		"tcp://:9100":                        "names no computer",
		"tcp://a:0":                          "no port",
		"tcp://a:70000":                      "no port",
		"tcp://a:in":                         "invalid port",
		"tcp://a/queue":                      "has no path",
		"tcp://a?status=epl":                 "option status=epl is unknown",
		"tcp://a?fingerprint=sha256:00":      "unknown for tcp",
		"ipp://a?status=zpl":                 "unknown for ipp",
		"ipps://a?fingerprint=00":            "64 hexadecimal digits",
		"ipps://a?fingerprint=sha256:00":     "64 hexadecimal digits",
		"ipp://thuthu:matkhau@a/":            "not supported",
		"ipp://a/ipp#x":                      "after #",
		"http://a:631/":                      "ipp://",
		"socket://a":                         "tcp://",
		"usb://Zebra/ZD220":                  "/dev/usb/lp0",
		"smb://a/b":                          "CUPS",
		"ftp://a":                            "unknown kind",
		"file://dev/usb/lp0":                 "three slashes",
		"file:///dev/usb/lp0?x=y":            "no options",
		"/dev/..":                            "full path",
		"/dev/":                              "full path",
		"tcp://a\r\nb":                       "control character",
		"tcp://" + strings.Repeat("%00", 10): "",
		"ipp://[::%25\x81]":                  "no name of a computer",
		"tcp://a b":                          "",
	} {
		target, err := parseTarget(text, "linux")
		var e *Error
		if !errors.As(err, &e) || e.Code != BadTarget || e.Advice == "" || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %+v, %v; want %q in it", text, target, err, says)
		}
	}
}

func TestWindowsHasNoDeviceFiles(t *testing.T) {
	_, err := parseTarget("/dev/usb/lp0", "windows")
	if CodeOf(err) != NotSupported || !strings.Contains(err.Error(), "PDF") {
		t.Error(err)
	}
	if _, err := parseTarget("tcp://a", "windows"); err != nil {
		t.Error(err)
	}
}

func TestOpenKnowsEveryTarget(t *testing.T) {
	for _, text := range []string{"tcp://a", "file:///dev/usb/lp0", "ipp://a", "ipps://a"} {
		target, err := parseTarget(text, "linux")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(target, Options{}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Open(Target{}, Options{}); CodeOf(err) != BadTarget {
		t.Error(err)
	}
}

// What is read must be written so that it is read the same.
func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"tcp://a", "/dev/usb/lp0", "ipp://[::1%25eth0]:1/a b", "ipps://a?fingerprint=sha256:" + someFingerprint} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		target, err := parseTarget(text, "linux")
		if err != nil {
			return
		}
		again, err := parseTarget(target.String(), "linux")
		if err != nil || again != target {
			t.Errorf("%q: %+v written as %q, read as %+v, %v", text, target, target, again, err)
		}
		if _, err := Open(target, Options{}); err != nil {
			t.Error(err)
		}
	})
}
