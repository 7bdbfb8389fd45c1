package devices

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The scan files once more, with what the device says of itself where the first
// run had to guess.
func TestScanFilesWithDescriptor(t *testing.T) {
	for _, path := range scanFiles(t) {
		s := readScanFile(t, path)
		raw := map[string][]byte{"hidpos": posDescriptor, "keyboard": bootDescriptor}[s.kind]
		if raw == nil || strings.Contains(path, "hidpos-late") { // no descriptor of that layout is known
			continue
		}
		d := newHIDDecoder(usbInterface{descriptor: raw}, DefaultGap)
		var got []reading
		for _, step := range s.steps {
			if step.data != nil {
				got = d.feed(step.data, got)
			} else {
				got = d.idle(step.silence, got)
			}
		}
		if !slices.Equal(showAll(got), s.want) {
			t.Errorf("%s: read %q, want %q", path, showAll(got), s.want)
		}
	}
}

func TestEveryKey(t *testing.T) {
	const plain = "abcdefghijklmnopqrstuvwxyz1234567890 -=[]\\;'`,./"
	const shifted = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*() _+{}|:\"~<>?"
	read := func(text string) string {
		k := newKeyboard([]keyLayout{bootLayout}, DefaultGap)
		var got []reading
		for _, r := range typed(text + "\r") {
			got = k.feed(r, got)
		}
		if len(got) != 1 {
			t.Fatalf("%q: read %q", text, showAll(got))
		}
		return string(got[0].raw)
	}
	for _, text := range []string{plain, shifted} {
		if got := read(text); got != text+"\r" {
			t.Errorf("typed %q, read %q", text, got)
		}
	}
	for c := byte(0x21); c < 0x7f; c++ {
		if text := "x" + string(c) + string(c) + "x"; read(text) != text+"\r" {
			t.Errorf("%q", text)
		}
	}
}

// typed gives the reports of a US keyboard typing text.
func typed(text string) (reports [][]byte) {
	for i := range len(text) {
		found := false
		for usage, c := range keyTable[:0x54] {
			if c[0] == text[i] || c[1] == text[i] {
				r := make([]byte, 8)
				r[2] = byte(usage)
				if c[0] != text[i] {
					r[0] = 0x02
				}
				reports = append(reports, r, make([]byte, 8))
				found = true
				break
			}
		}
		if !found {
			panic("no key for " + string(text[i]))
		}
	}
	return reports
}

func TestBitmapKeyboard(t *testing.T) {
	d := newHIDDecoder(usbInterface{descriptor: bitmapDescriptor}, DefaultGap)
	var got []reading
	press := func(modifiers byte, usages ...int) {
		r := make([]byte, 14)
		r[0], r[1] = 3, modifiers
		for _, u := range usages {
			r[2+(u-4)/8] |= 1 << ((u - 4) % 8)
		}
		got = d.feed(r, got)
	}
	for _, u := range []int{0x20, 0x27, 0x27, 0x04} {
		press(0, u)
		press(0)
	}
	// The same device may use its other report.
	got = d.feed([]byte{1, 0, 0, 0x1e, 0, 0, 0, 0, 0}, got)
	got = d.feed([]byte{1, 0, 0, 0, 0, 0, 0, 0, 0}, got)
	got = d.feed([]byte{9, 0, 0, 0x1f, 0, 0, 0, 0, 0}, got) // neither
	press(0, 0x28)
	if want := []string{` "300a1"`}; !slices.Equal(showAll(got), want) {
		t.Errorf("read %q, want %q", showAll(got), want)
	}
}

func TestHalfReadIsDropped(t *testing.T) {
	k := newKeyboard([]keyLayout{bootLayout}, DefaultGap)
	for _, r := range typed("3000") {
		if got := k.feed(r, nil); len(got) > 0 {
			t.Fatal(showAll(got))
		}
	}
	k.drop()
	if k.takeLost() != 1 {
		t.Error("a half code typed is to be counted")
	}
	k.feed([]byte{4, 0, 0x5a, 0, 0, 0, 0, 0}, nil)
	k.drop()
	if k.takeLost() != 1 {
		t.Error("half a character in ALT mode is to be counted")
	}
	p := newPOS(nil)
	p.feed(posBytes("]C0", "3000", true), nil)
	p.drop()
	if p.takeLost() != 1 {
		t.Error("half a message is to be counted")
	}
	if got := p.feed(posBytes("]C0", "0016", false), nil); len(got) != 1 || got[0].text != "0016" {
		t.Errorf("after the drop: %q", showAll(got))
	}
}

func TestPOSIsBounded(t *testing.T) {
	p := newPOS(nil)
	data := strings.Repeat("7", 56)
	for range 2 * MaxScan / len(data) {
		if got := p.feed(posBytes("]Q1", data, true), nil); len(got) > 0 {
			t.Fatal("a message without end was handed on")
		}
		if len(p.half) > MaxScan {
			t.Fatalf("kept %d bytes", len(p.half))
		}
	}
	if p.takeLost() == 0 {
		t.Error("too long a message is to be counted")
	}
	if got := p.feed(posBytes("]Q1", "30000024", false), nil); len(got) > 0 {
		t.Errorf("the end of too long a message was read as a code: %q", showAll(got))
	}
	if got := p.feed(posBytes("]C0", "30000016", false), nil); len(got) != 1 || got[0].text != "30000016" {
		t.Errorf("the next scan: %q", showAll(got))
	}
}

// posBytes is a report in Honeywell's layout.
func posBytes(aim, data string, more bool) []byte {
	b := make([]byte, 64)
	b[0], b[1] = 2, byte(len(data))
	copy(b[2:5], aim)
	copy(b[5:61], data)
	if more {
		b[63] = 1
	}
	return b
}

// A report that was cut short must not be read in the layout it then agrees with,
// nor as a code that has ended.
func TestPOSCutShort(t *testing.T) {
	for _, text := range []string{strings.Repeat("9", 56), "30000016"} {
		whole := posBytes("]C0", text, false)
		for n := range whole {
			for _, layout := range []*posLayout{nil, &posHoneywell} {
				for _, r := range newPOS(layout).feed(whole[:n], nil) {
					if r.text != text || len(text) == 56 {
						t.Errorf("%d bytes of a report with %q: read %q", n, text, r.text)
					}
				}
			}
		}
	}
}

// Only the last report of a message carries its end: it is no code of its own.
func TestPOSBrokenInTheMiddle(t *testing.T) {
	p := newPOS(nil)
	full := strings.Repeat("7", 56)
	p.feed(posBytes("]Q1", full, true), nil)
	p.feed(posBytes("]Q1", full, true)[:20], nil)
	if got := p.feed(posBytes("]Q1", "30000016", false), nil); len(got) > 0 {
		t.Errorf("read %q", showAll(got))
	}
	if got := p.feed(posBytes("]C0", "30000024", false), nil); len(got) != 1 || got[0].text != "30000024" || p.takeLost() != 1 {
		t.Errorf("the next code: %q", showAll(got))
	}
	// Where the end never comes, a pause is one.
	p.feed(posBytes("]Q1", full, true)[:20], nil)
	p.idle(posPause, nil)
	if got := p.feed(posBytes("]C0", "30000024", false), nil); len(got) != 1 || p.takeLost() != 1 {
		t.Errorf("after a pause: %q", showAll(got))
	}
}

func TestScannerInterfaces(t *testing.T) {
	pos := usbInterface{path: "pos", descriptor: posDescriptor}
	kbd := usbInterface{path: "kbd", descriptor: bootDescriptor}
	mouse := usbInterface{path: "mouse", descriptor: mouseDescriptor}
	other := usbInterface{path: "other", descriptor: vendorDescriptor}
	dumb := usbInterface{path: "dumb"}
	for name, c := range map[string]struct {
		all       []usbInterface
		keyboards bool
		want, why string
	}{
		"composite":             {[]usbInterface{pos, kbd, other, mouse}, true, "pos kbd", ""},
		"composite on Windows":  {[]usbInterface{pos, kbd}, false, "pos", ""},
		"keyboard on Windows":   {[]usbInterface{kbd, other}, false, "", WhyKeyboardOnly},
		"says nothing":          {[]usbInterface{dumb, mouse}, true, "dumb", ""},
		"mouse chosen by error": {[]usbInterface{mouse}, true, "", WhyNoScanner},
	} {
		got, why := scannerInterfaces(c.all, c.keyboards)
		var paths []string
		for _, u := range got {
			paths = append(paths, u.path)
		}
		if strings.Join(paths, " ") != c.want || why != c.why {
			t.Errorf("%s: %v %q, want %q %q", name, paths, why, c.want, c.why)
		}
	}
}

func FuzzKeyboard(f *testing.F) {
	f.Add([]byte{0, 0, 0x1e, 0, 0, 0, 0, 0}, byte(8))
	f.Add([]byte{4, 0, 0x59, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, byte(8))
	f.Fuzz(func(t *testing.T, data []byte, size byte) {
		k := newKeyboard([]keyLayout{bootLayout}, DefaultGap)
		var got []reading
		for rest := data; len(rest) > 0; {
			n := min(len(rest), int(size)+1)
			got = k.feed(rest[:n], got)
			rest = rest[n:]
		}
		k.feed(make([]byte, 8), nil) // all keys up
		k.idle(time.Second, nil)
		k.caps = false
		got = nil
		for _, r := range typed("30000016\r") {
			got = k.feed(r, got)
		}
		if len(got) != 1 || got[0].text != "30000016" {
			t.Fatalf("out of step afterwards: %q", showAll(got))
		}
	})
}

func FuzzPOS(f *testing.F) {
	for _, path := range scanFiles(f) {
		if s := readScanFile(f, path); s.kind == "hidpos" {
			f.Add(s.steps[0].data, true)
			f.Add(s.steps[len(s.steps)-1].data, false)
		}
	}
	f.Fuzz(func(t *testing.T, report []byte, described bool) {
		p := newPOS(nil)
		if described {
			p = newPOS(&posHoneywell)
		}
		got := p.feed(report, nil)
		for _, r := range got {
			// Nothing may be read that the report does not hold in one piece.
			if r.text == "" || !strings.Contains(string(report), r.text) {
				t.Fatalf("read %q from %x", r.text, report)
			}
		}
		p.drop()
		if got := p.feed(posBytes("]C0", "30000016", false), nil); len(got) != 1 || got[0].text != "30000016" || got[0].aim != "]C0" {
			t.Fatalf("out of step afterwards: %q", showAll(got))
		}
	})
}

// FuzzPOSCut cuts a report off anywhere: its code comes out as it was, or not at
// all.
func FuzzPOSCut(f *testing.F) {
	f.Add("30000016", byte(20), false)
	f.Add(strings.Repeat("9", 56), byte(58), false) // agrees with the other layout
	f.Add(strings.Repeat("9", 56), byte(62), true)  // whole, but whether it goes on is cut off
	f.Fuzz(func(t *testing.T, text string, cut byte, described bool) {
		if len(text) == 0 || len(text) > 56 || strings.ContainsFunc(text, func(r rune) bool { return r < 0x21 || r > 0x7e }) || strings.Contains(text, "]") {
			return
		}
		p := newPOS(nil)
		if described {
			p = newPOS(&posHoneywell)
		}
		for _, r := range p.feed(posBytes("]C0", text, false)[:min(64, int(cut))], nil) {
			if r.text != text || r.aim != "]C0" {
				t.Fatalf("%q cut off after %d bytes was read as %q", text, cut, r.text)
			}
		}
	})
}
