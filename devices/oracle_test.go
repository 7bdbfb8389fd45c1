package devices

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// oracleReports is how many reports, or chunks of a serial line, each decoder is
// given.
const oracleReports = 100_000

// oracle holds a decoder against what was put in: every code that arrived whole
// comes out, as it was, in order; every code that did not is counted as lost, and
// nothing else comes out.
//
// Only damage that can be seen is done. A key report or a middle report of a
// HID-POS message that never arrives leaves no trace in these protocols.
type oracle struct {
	t       *testing.T
	r       *rand.Rand
	d       decoder
	got     []reading
	want    []string
	reports int
	lost    int // codes that were damaged
	told    int // what the decoder says of them
}

func newOracle(t *testing.T, d decoder) *oracle {
	return &oracle{t: t, r: rand.New(rand.NewPCG(20261125, 4)), d: d}
}

func (o *oracle) feed(b []byte) {
	o.reports++
	o.got = o.d.feed(b, o.got)
	o.told += o.d.takeLost()
}

func (o *oracle) silence(d time.Duration) {
	o.got = o.d.idle(d, o.got)
	o.told += o.d.takeLost()
}

func (o *oracle) unplug() {
	o.d.drop()
	o.told += o.d.takeLost()
}

// expect is called after each code.
func (o *oracle) expect(whole bool, aim, text string) {
	o.t.Helper()
	if whole {
		o.want = append(o.want, fmt.Sprintf("%s %q", aim, text))
	} else {
		o.lost++
	}
	if len(o.got) != len(o.want) || len(o.got) > 0 && show(o.got[len(o.got)-1]) != o.want[len(o.want)-1] {
		from := max(0, min(len(o.got), len(o.want))-2)
		o.t.Fatalf("after %d reports: read ... %q, want ... %q", o.reports, showAll(o.got[from:]), o.want[from:])
	}
}

func (o *oracle) done(decoder string) {
	if !slices.Equal(showAll(o.got), o.want) {
		o.t.Error("the codes differ")
	}
	if o.told != o.lost {
		o.t.Errorf("%d codes were damaged, the decoder counts %d", o.lost, o.told)
	}
	o.t.Logf("%s: %d reports, %d codes read as they were, %d damaged and counted, none wrong", decoder, o.reports, len(o.got), o.lost)
}

// text is a code, of characters that a US keyboard has.
func (o *oracle) text(most int) string {
	const letters = "0123456789012345678901234567890123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz.-/_:%+$ "
	b := make([]byte, 1+o.r.IntN(most))
	for i := range b {
		b[i] = letters[o.r.IntN(len(letters))]
	}
	if s := strings.TrimSpace(string(b)); s != "" {
		return s
	}
	return "0"
}

func (o *oracle) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(o.r.Uint32())
	}
	return b
}

func (o *oracle) aim() string {
	return []string{"", "]C0", "]E0", "]Q1", "]d2", "]A0"}[o.r.IntN(6)]
}

func TestSerialAgainstAnOracle(t *testing.T) {
	o := newOracle(t, newFramer(DefaultGap))
	chunks := func(s string) {
		for len(s) > 0 {
			n := min(len(s), 1+o.r.IntN(12))
			o.feed([]byte(s[:n]))
			o.silence(time.Duration(o.r.IntN(50)) * time.Millisecond) // a slow line is no end
			s = s[n:]
		}
	}
	for o.reports < oracleReports {
		aim, text := o.aim(), o.text(40)
		switch o.r.IntN(8) {
		case 0: // the cable is pulled
			chunks(aim + text)
			o.unplug()
			o.expect(false, "", "")
		case 1: // another frame begins before this one has ended
			chunks("\x02" + aim + text)
			next := o.text(40)
			chunks("\x02" + next + "\x03")
			o.lost++
			o.expect(true, "", next)
		case 2: // noise without end, and then the end
			noise := o.bytes(MaxScan + 1 + o.r.IntN(2000))
			for i, c := range noise {
				if c < 0x20 {
					noise[i] = 'x'
				}
			}
			for len(noise) > 0 {
				n := min(len(noise), 512)
				o.feed(noise[:n])
				noise = noise[n:]
			}
			chunks("\r\n")
			o.expect(false, "", "")
		case 3: // no suffix
			chunks(aim + text)
			o.silence(time.Second)
			o.expect(true, aim, text)
		default:
			before := []string{"", "\x02", "\r", "\n\n", "\x00", "\x1b"}[o.r.IntN(6)]
			after := []string{"\r", "\n", "\r\n", "\t", "\x03", "\x03\r\n", "\x1d\r"}[o.r.IntN(7)]
			chunks(before + aim + text + after)
			o.expect(true, aim, text)
		}
	}
	o.done("serial")
}

func TestKeyboardAgainstAnOracle(t *testing.T) {
	o := newOracle(t, newKeyboard([]keyLayout{bootLayout}, DefaultGap))
	up := make([]byte, 8)
	// noise is what means nothing: too many keys, keys without text, the same
	// report once more, a report cut off before its keys.
	last := up
	send := func(r []byte) {
		for o.r.IntN(4) == 0 {
			switch o.r.IntN(4) {
			case 0:
				o.feed([]byte{0, 0, 1, 1, 1, 1, 1, 1})
			case 1:
				o.feed(last)
			case 2:
				o.feed(o.bytes(2)[:o.r.IntN(3)])
			case 3:
				o.feed(append(slices.Clone(last[:7]), byte(0x3a+o.r.IntN(12)))) // F1 to F12 beside it
				o.feed(last)
			}
		}
		o.feed(r)
		last = r
		o.silence(time.Duration(o.r.IntN(20)) * time.Millisecond)
	}
	types := func(text string) {
		alt := o.r.IntN(6) == 0
		pad := o.r.IntN(4) == 0
		for _, c := range []byte(text) {
			switch {
			case alt:
				for _, d := range []byte(fmt.Sprintf("%03d", c)) {
					send([]byte{0x04, 0, oraclePad(d), 0, 0, 0, 0, 0})
					send([]byte{0x04, 0, 0, 0, 0, 0, 0, 0})
				}
				send(up)
			case pad && '0' <= c && c <= '9':
				send([]byte{0, 0, oraclePad(c), 0, 0, 0, 0, 0})
				send(up)
			default:
				shift, usage := oracleKey(c)
				send([]byte{shift, 0, usage, 0, 0, 0, 0, 0})
				send(up)
			}
		}
	}
	for o.reports < oracleReports {
		text := o.text(24)
		types(text)
		switch o.r.IntN(8) {
		case 0: // pulled out before its end, with a key down or not
			if o.r.IntN(2) == 0 {
				o.feed([]byte{0, 0, 0x04, 0, 0, 0, 0, 0})
				o.feed(up)
			}
			o.unplug()
			o.expect(false, "", "")
			o.d.(*keyboard).down, last = nil, up // opened anew
		case 1: // no suffix
			o.silence(time.Second)
			o.expect(true, "", text)
		default:
			end := [][]byte{{0, 0, 0x28}, {0, 0, 0x58}, {1, 0, 0x0d}, {0x10, 0, 0x10}, {0, 0, 0x2b}}[o.r.IntN(5)]
			send(append(end, 0, 0, 0, 0, 0))
			send(up)
			o.expect(true, "", text)
		}
	}
	o.done("keyboard")
}

// oracleKey is the key of a character on a US keyboard, from the USB tables.
func oracleKey(c byte) (shift, usage byte) {
	switch {
	case 'a' <= c && c <= 'z':
		return 0, c - 'a' + 0x04
	case 'A' <= c && c <= 'Z':
		return 0x02, c - 'A' + 0x04
	case '1' <= c && c <= '9':
		return 0, c - '1' + 0x1e
	}
	key, ok := map[byte][2]byte{
		'0': {0, 0x27}, ' ': {0, 0x2c}, '-': {0, 0x2d}, '_': {0x20, 0x2d}, '.': {0, 0x37}, '/': {0, 0x38},
		':': {0x02, 0x33}, '%': {0x20, 0x22}, '+': {0x02, 0x2e}, '$': {0x20, 0x21},
	}[c]
	if !ok {
		panic("no key for " + string(c))
	}
	return key[0], key[1]
}

func oraclePad(digit byte) byte {
	if digit == '0' {
		return 0x62
	}
	return digit - '1' + 0x59
}

func TestHIDPOSAgainstAnOracle(t *testing.T) {
	dN, err := parseDescriptor(posDescriptorNewland)
	if err != nil {
		t.Fatal(err)
	}
	newland, ok := posLayoutOf(dN)
	if !ok {
		t.Fatal("Newland's descriptor has no layout")
	}
	for _, c := range []struct {
		name   string
		layout *posLayout
		aim    bool
	}{
		{"HID-POS, Honeywell, described", &posHoneywell, true},
		{"HID-POS, Honeywell, guessed", nil, true},
		{"HID-POS, Newland, described", &newland, false},
		{"HID-POS, Newland, guessed", nil, false},
	} {
		o := newOracle(t, newPOS(c.layout))
		data := 2 // where the text begins
		if c.aim {
			data = 5
		}
		report := func(aim, text string, more bool) []byte {
			b := make([]byte, 64)
			b[0], b[1] = 2, byte(len(text))
			copy(b[2:data], aim)
			copy(b[data:], text)
			if more {
				b[63] = 1
			}
			return b
		}
		// send sends a report, with what means nothing around it.
		send := func(b []byte) {
			for o.r.IntN(3) == 0 {
				status := o.bytes(64)
				status[0] = byte(3 + o.r.IntN(250))
				o.feed(status)
			}
			o.feed(b)
			o.silence(time.Duration(o.r.IntN(20)) * time.Millisecond)
		}
		for o.reports < oracleReports {
			aim, text := "", "88"+o.text(50)
			if c.aim {
				aim = []string{"]C0", "]E0", "]Q1"}[o.r.IntN(3)]
			}
			for range o.r.IntN(4) { // most in one report, some in up to four
				text += strings.Repeat("/", o.r.IntN(2)*50) + o.text(20)
			}
			for len(text)%56 < 3 { // else cutting off may leave a report that is none
				text += "8"
			}
			var parts [][]byte
			for rest := text; ; rest = rest[56:] {
				if len(rest) <= 56 {
					parts = append(parts, report(aim, rest, false))
					break
				}
				parts = append(parts, report(aim, rest[:56], true))
			}
			damaged := parts[o.r.IntN(len(parts))]
			switch o.r.IntN(8) {
			case 0: // a length that no report can hold
				damaged[1] = byte(57 + o.r.IntN(199))
				for _, p := range parts {
					send(p)
				}
				o.silence(posPause)
				o.expect(false, "", "")
			case 1: // one report cut off within its data
				for _, p := range parts {
					if &p[0] == &damaged[0] {
						p = p[:4+o.r.IntN(int(p[1])+data-4)]
					}
					send(p)
				}
				o.silence(posPause)
				o.expect(false, "", "")
			case 2: // pulled out before the last report
				send(report(aim, strings.Repeat("7", 56), true))
				for _, p := range parts[:len(parts)-1] {
					send(p)
				}
				o.unplug()
				o.expect(false, "", "")
			case 3: // the rest never comes
				send(report(aim, strings.Repeat("7", 56), true))
				o.silence(posHalfLife)
				o.expect(false, "", "")
			default:
				for _, p := range parts {
					send(p)
				}
				o.expect(true, aim, text)
			}
		}
		o.done(c.name)
	}
}
