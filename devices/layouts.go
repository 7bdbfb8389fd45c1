package devices

import "slices"

// Layout is the country's keyboard that a keyboard scanner believes it is. A
// scanner that was set to another than the computer's types other characters:
// the key, not the character, goes over the cable.
type Layout string

// The layouts that can be learned. Scanners leave the factory with the US one.
const (
	US     Layout = ""
	French Layout = "fr" // AZERTY
	German Layout = "de" // QWERTZ
)

var layouts = []Layout{US, French, German}

// layoutTable gives the characters of the keys on one layout: plain, shifted
// and with AltGr; a zero is a key that makes none of ASCII.
type layoutTable struct {
	keys  [256][2]byte
	altGr [256]byte
}

// layoutKeys has no entry for the US keyboard, which is keyTable itself. Keypad,
// Enter, Tab and blank are the same everywhere.
//
// Sources: the layouts 0000040C and 00000407 of Windows, whose characters
// outside ASCII are left as zero.
var layoutKeys = map[Layout]*layoutTable{
	French: makeLayout(map[byte][2]byte{
		0x04: {'q', 'Q'}, 0x14: {'a', 'A'}, 0x1a: {'z', 'Z'}, 0x1d: {'w', 'W'}, 0x33: {'m', 'M'}, 0x10: {',', '?'},
		0x1e: {'&', '1'}, 0x1f: {0, '2'}, 0x20: {'"', '3'}, 0x21: {'\'', '4'}, 0x22: {'(', '5'},
		0x23: {'-', '6'}, 0x24: {0, '7'}, 0x25: {'_', '8'}, 0x26: {0, '9'}, 0x27: {0, '0'},
		0x2d: {')', 0}, 0x2e: {'=', '+'}, 0x2f: {0, 0}, 0x30: {'$', 0}, 0x31: {'*', 0}, 0x32: {'*', 0},
		0x34: {0, '%'}, 0x35: {0, 0}, 0x36: {';', '.'}, 0x37: {':', '/'}, 0x38: {'!', 0}, 0x64: {'<', '>'},
	}, map[byte]byte{
		0x1f: '~', 0x20: '#', 0x21: '{', 0x22: '[', 0x23: '|', 0x24: '`', 0x25: '\\', 0x26: '^', 0x27: '@', 0x2d: ']', 0x2e: '}',
	}),
	German: makeLayout(map[byte][2]byte{
		0x1c: {'z', 'Z'}, 0x1d: {'y', 'Y'},
		0x1f: {'2', '"'}, 0x20: {'3', 0}, 0x23: {'6', '&'}, 0x24: {'7', '/'}, 0x25: {'8', '('}, 0x26: {'9', ')'}, 0x27: {'0', '='},
		0x2d: {0, '?'}, 0x2e: {0, '`'}, 0x2f: {0, 0}, 0x30: {'+', '*'}, 0x31: {'#', '\''}, 0x32: {'#', '\''}, 0x33: {0, 0},
		0x34: {0, 0}, 0x35: {'^', 0}, 0x36: {',', ';'}, 0x37: {'.', ':'}, 0x38: {'-', '_'}, 0x64: {'<', '>'},
	}, map[byte]byte{
		0x14: '@', 0x24: '{', 0x25: '[', 0x26: ']', 0x27: '}', 0x2d: '\\', 0x30: '~', 0x64: '|',
	}),
}

func makeLayout(keys map[byte][2]byte, altGr map[byte]byte) *layoutTable {
	t := &layoutTable{keys: keyTable}
	for usage, pair := range keys {
		t.keys[usage] = pair
	}
	for usage, c := range altGr {
		t.altGr[usage] = c
	}
	return t
}

// known says whether a layout can be decoded.
func (l Layout) known() bool { return slices.Contains(layouts, l) }

// asUS is what a US keyboard's table makes of a text that a scanner of this
// layout types, as far as the text's characters are on its keys.
func (l Layout) asUS(text string) (string, bool) { return l.through(text, false) }

// meant is asUS the other way: what a scanner of this layout has typed where a
// US table read the text.
func (l Layout) meant(text string) (string, bool) { return l.through(text, true) }

func (l Layout) through(text string, back bool) (string, bool) {
	t := layoutKeys[l]
	if t == nil {
		return text, true
	}
	out := make([]byte, 0, len(text))
	for i := range len(text) {
		c, ok := byte(0), false
		for usage := 0x04; usage < 0x39 && !ok; usage++ {
			if usage == 0x32 {
				continue // a second key of the same character
			}
			for shift := range 2 {
				from, to := t.keys[usage][shift], keyTable[usage][shift]
				if back {
					from, to = to, from
				}
				if from == text[i] && to != 0 {
					c, ok = to, true
					break
				}
			}
		}
		if !ok {
			return "", false
		}
		out = append(out, c)
	}
	return string(out), true
}
