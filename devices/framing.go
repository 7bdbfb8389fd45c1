package devices

import (
	"bytes"
	"time"
)

// MaxScan is the longest scan in bytes. The longest barcodes, QR and PDF417,
// hold under 3 KiB of text; more than this without an end is noise.
const MaxScan = 4096

// DefaultGap is how long a line without a terminator must be silent for its
// scan to be over.
const DefaultGap = 100 * time.Millisecond

// suffixPatience is how many gaps a scanner is given that ended its last scan
// with a terminator. Silence then more likely means a stalled or pulled cable,
// which the system reports only some 300 ms later; ending the scan at once
// would hand on half a code, and half of TK.00123 is TK.001.
const suffixPatience = 5

const (
	stx = 0x02
	etx = 0x03
)

// reading is a Scan that does not know yet which device it came from.
type reading struct {
	text, aim string
	raw       []byte
}

// framer cuts a stream of bytes into readings.
//
// Only a read that came back empty counts as silence, never the time between two
// reads that brought bytes: if the reader was kept waiting by a busy machine,
// the bytes were lying in the kernel meanwhile and belong together.
type framer struct {
	gap      time.Duration
	buf      []byte        // since the last end
	over     bool          // past MaxScan: skipping to the next end
	suffixed bool          // the last scan had a terminator
	silent   time.Duration // since the last byte
	lost     int
}

func newFramer(gap time.Duration) *framer { return &framer{gap: gap} }

func (f *framer) feed(b []byte, out []reading) []reading {
	f.silent = 0
	for _, c := range b {
		switch c {
		case '\r', '\n', '\t', etx:
			out = f.end(true, c, out)
		case stx:
			// A frame starts, so what stands before it never ended.
			f.drop()
			f.put(c)
		default:
			f.put(c)
		}
	}
	return out
}

func (f *framer) put(c byte) {
	switch {
	case f.over:
	case len(f.buf) == MaxScan:
		f.over = true
		f.lost++
		f.buf = f.buf[:0]
	default:
		f.buf = append(f.buf, c)
	}
}

// end closes the scan that is open, if there is one. CR LF needs no care: the
// LF ends an empty scan, which is none.
func (f *framer) end(terminated bool, terminator byte, out []reading) []reading {
	if f.over {
		f.over = false
		return out
	}
	if len(f.buf) == 0 {
		return out
	}
	if terminated {
		f.buf = append(f.buf, terminator)
	}
	f.suffixed = terminated
	if r, ok := interpret(f.buf); ok {
		out = append(out, r)
	} else {
		f.lost++ // nothing but control characters: a line at the wrong speed
	}
	f.buf = f.buf[:0]
	return out
}

func (f *framer) idle(silence time.Duration, out []reading) []reading {
	if len(f.buf) == 0 && !f.over {
		return out
	}
	f.silent += silence
	if f.silent < f.silenceNeeded() {
		return out
	}
	return f.end(false, 0, out)
}

func (f *framer) silenceNeeded() time.Duration {
	if f.suffixed {
		return suffixPatience * f.gap
	}
	return f.gap
}

func (f *framer) patience() time.Duration {
	if len(f.buf) == 0 && !f.over {
		return idleRead
	}
	return min(idleRead, max(f.silenceNeeded()-f.silent, 10*time.Millisecond))
}

// drop throws the open scan away.
func (f *framer) drop() {
	if len(trimControl(f.buf)) > 0 {
		f.lost++
	}
	f.buf = f.buf[:0]
	f.over = false
}

func (f *framer) takeLost() int {
	n := f.lost
	f.lost = 0
	return n
}

// interpret makes a reading of the bytes of one scan. It reports false where
// nothing is left but control characters.
func interpret(raw []byte) (reading, bool) {
	text := trimControl(raw)
	aim := ""
	if len(text) > 3 && text[0] == ']' && isLetter(text[1]) && '0' <= text[2] && text[2] <= '9' {
		aim = string(text[:3])
		text = trimControl(text[3:]) // GS1 codes start with a GS
	}
	if len(text) == 0 {
		return reading{}, false
	}
	return reading{text: string(text), aim: aim, raw: bytes.Clone(raw)}, true
}

func trimControl(b []byte) []byte {
	for len(b) > 0 && isControl(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isControl(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isControl(c byte) bool { return c < 0x20 || c == 0x7f }

func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' }
