package devices

import (
	"slices"
	"time"
	"unicode/utf8"
)

// Modifier bits of a keyboard report.
const (
	modCtrl  = 0x11
	modShift = 0x22
	modAlt   = 0x44
	modGUI   = 0x88
	modAltGr = 0x40
)

const (
	keyRollOver   = 0x01 // too many keys: the report says nothing
	keyLastError  = 0x03
	keyCapsLock   = 0x39
	keyKeypad1    = 0x59
	keyKeypad0    = 0x62
	maxAltDigits  = 7 // no character has a longer number
	windowsAltTop = 255
)

// keyTable gives the character of a usage on a US keyboard, plain and shifted.
// A zero is a key without text: function and arrow keys, which some scanners
// send around a code.
var keyTable = func() (t [256][2]byte) {
	row := func(first int, plain, shifted string) {
		for i := range len(plain) {
			t[first+i] = [2]byte{plain[i], shifted[i]}
		}
	}
	row(0x04, "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	row(0x1e, "1234567890", "!@#$%^&*()")
	row(0x28, "\r\x1b\x08\t ", "\r\x1b\x08\t ")
	row(0x2d, "-=[]\\#;'`,./", "_+{}|~:\"~<>?")
	row(0x54, "/*-+\r1234567890.", "/*-+\r1234567890.")
	row(0x64, "\\", "|")
	row(0x67, "=", "=")
	row(0x85, ",", ",")
	return t
}()

// keyLayout says where one keyboard report has its keys.
type keyLayout struct {
	numbered  bool
	report    byte
	modifiers int // byte; -1 for none
	array     int // first byte of the pressed usages; -1 for none
	count     int // of them
	arrayBase int // usage of the value 0
	bitmap    int // first bit of one bit a key; -1 for none
	bitmapKey int // usage of that bit
	bitmapLen int
}

// bootLayout is the report every keyboard can send, and nearly all scanners do.
var bootLayout = keyLayout{modifiers: 0, array: 2, count: 6, bitmap: -1}

// keyLayouts finds the keyboard reports in a descriptor.
func keyLayouts(d descriptor) []keyLayout {
	var all []keyLayout
	for _, f := range d.inputs {
		if f.constant || len(f.usages) == 0 || f.usages[0]>>16 != pageKeys {
			continue
		}
		i := slices.IndexFunc(all, func(l keyLayout) bool { return l.report == f.report })
		if i < 0 {
			i = len(all)
			all = append(all, keyLayout{numbered: d.numbered, report: f.report, modifiers: -1, array: -1, bitmap: -1})
		}
		l := &all[i]
		first := int(f.usages[0] & 0xffff)
		switch {
		case !f.variable && f.size == 8 && f.bit%8 == 0:
			l.array, l.count, l.arrayBase = f.bit/8, f.count, first-int(f.logicalMin)
		case f.variable && f.size == 1 && f.usages[0] == usageLeftCtrl && f.bit%8 == 0:
			l.modifiers = f.bit / 8
		case f.variable && f.size == 1:
			l.bitmap, l.bitmapKey, l.bitmapLen = f.bit, first, min(f.count, len(f.usages))
		}
	}
	return slices.DeleteFunc(all, func(l keyLayout) bool { return l.array < 0 && l.bitmap < 0 })
}

// read gives the modifiers and the pressed keys in the order of the report. It
// reports false for a report that is not of this layout or says nothing.
func (l keyLayout) read(report []byte, pressed []byte) (modifiers byte, keys []byte, ok bool) {
	if l.numbered && (len(report) == 0 || report[0] != l.report) {
		return 0, nil, false
	}
	if l.modifiers >= 0 {
		if l.modifiers >= len(report) {
			return 0, nil, false
		}
		modifiers = report[l.modifiers]
	}
	if l.array >= 0 {
		if l.array >= len(report) {
			return 0, nil, false
		}
		for _, v := range report[l.array:min(l.array+l.count, len(report))] {
			usage := int(v) + l.arrayBase
			switch {
			case usage <= 0 || usage > 0xff:
			case usage <= keyLastError:
				return 0, nil, false
			default:
				pressed = append(pressed, byte(usage))
			}
		}
	}
	if l.bitmap >= 0 {
		for i := range l.bitmapLen {
			bit, usage := l.bitmap+i, l.bitmapKey+i
			if bit/8 >= len(report) {
				break
			}
			if report[bit/8]>>(bit%8)&1 == 1 && usage > keyLastError && usage < 0xe0 {
				pressed = append(pressed, byte(usage))
			}
		}
	}
	return modifiers, pressed, true
}

// keyboard decodes the reports of a keyboard scanner into what it types, and
// cuts that into readings as a serial line is cut.
type keyboard struct {
	*framer
	layouts []keyLayout
	keys    *layoutTable // the country's keyboard it was set to; nil is the US one
	down    []byte       // keys of the report before
	caps    bool
	alt     []byte // digits typed on the keypad while Alt is held
	typed   []byte
	scratch []byte
}

func newKeyboard(layouts []keyLayout, gap time.Duration) *keyboard {
	return &keyboard{framer: newFramer(gap), layouts: layouts}
}

func (k *keyboard) feed(report []byte, out []reading) []reading {
	k.typed = k.typed[:0]
	for _, l := range k.layouts {
		if modifiers, keys, ok := l.read(report, k.scratch[:0]); ok {
			k.press(modifiers, keys)
			k.scratch, k.down = k.down, keys
			break
		}
	}
	k.silent = 0 // an Alt code takes many reports for one character
	if len(k.typed) == 0 {
		return out
	}
	return k.framer.feed(k.typed, out)
}

// press types each key that was not down before. A character twice in a row has
// an empty report between, so equal reports must not be skipped.
func (k *keyboard) press(modifiers byte, keys []byte) {
	if modifiers&modAlt == 0 {
		k.endAlt()
	}
	for i, key := range keys {
		if slices.Contains(k.down, key) || slices.Contains(keys[:i], key) {
			continue
		}
		k.typeKey(modifiers, key)
	}
}

func (k *keyboard) typeKey(modifiers, key byte) {
	if key == keyCapsLock {
		k.caps = !k.caps
		return
	}
	if modifiers&modAlt != 0 && keyKeypad1 <= key && key <= keyKeypad0 {
		if len(k.alt) <= maxAltDigits {
			k.alt = append(k.alt, keyTable[key][0])
		}
		return
	}
	plain, shifted := keyTable[key][0], keyTable[key][1]
	if plain == 0 {
		return
	}
	if k.keys != nil {
		plain, shifted = k.keys.keys[key][0], k.keys.keys[key][1]
		if c := k.keys.altGr[key]; c != 0 && modifiers&modAltGr != 0 {
			k.typed = append(k.typed, c)
			return
		}
	}
	letter := isLetter(plain)
	shift := modifiers&modShift != 0
	c := plain
	if letter && shift != k.caps || !letter && shift {
		c = shifted
	}
	switch {
	case c == 0:
		k.typed = utf8.AppendRune(k.typed, utf8.RuneError) // a letter outside ASCII
	case plain > 0 && plain < 0x20:
		k.typed = append(k.typed, c) // Enter and Tab end a scan whatever is held
	case modifiers&(modAlt|modGUI) != 0:
		// What this types depends on a layout that is not known. Better a scan
		// that is refused than one that reads as another code.
		k.typed = utf8.AppendRune(k.typed, utf8.RuneError)
	case modifiers&modCtrl != 0:
		k.typed = append(k.typed, control(plain))
	default:
		k.typed = append(k.typed, c)
	}
}

// control is the character of Ctrl and a key: scanners send GS as Ctrl+].
func control(plain byte) byte {
	switch plain {
	case '6':
		return 0x1e
	case '-':
		return 0x1f
	case '2', ' ':
		return 0
	}
	return plain & 0x1f
}

// endAlt types the character whose number was typed while Alt was held.
func (k *keyboard) endAlt() {
	if len(k.alt) == 0 {
		return
	}
	n := 0
	for _, d := range k.alt {
		n = n*10 + int(d-'0')
	}
	k.alt = k.alt[:0]
	switch {
	case n < utf8.RuneSelf:
		k.typed = append(k.typed, byte(n))
	case n <= windowsAltTop:
		k.typed = utf8.AppendRune(k.typed, rune(n))
	default:
		k.typed = utf8.AppendRune(k.typed, utf8.RuneError)
	}
}

func (k *keyboard) drop() {
	if len(k.alt) > 0 && len(k.buf) == 0 {
		k.lost++
	}
	k.alt = k.alt[:0]
	k.framer.drop()
}
