package devices

import (
	"time"
)

const (
	// posReport is the id of the scanned-data report of every HID-POS scanner
	// whose manual was found. It is used where there is no descriptor.
	posReport = 2
	// posHalfLife is how long a message in several reports may wait for its rest.
	posHalfLife = time.Second
	// posPause is longer than a scanner needs between two reports of a message,
	// and shorter than a hand needs between two codes.
	posPause = 100 * time.Millisecond
)

// posLayout says where a scanned-data report has its parts, in bytes from its
// start, its id included.
type posLayout struct {
	numbered bool
	report   byte
	length   int
	aim      int // three bytes, ']' first; -1 for none
	data     int
	dataEnd  int
	more     int // bit that says that the next report goes on; -1 for none
}

// The two layouts in use, where the device does not describe its own. Both are
// 64 bytes with the bit for more in the last.
//
// Honeywell, Metrologic, Access-IS: id, length, AIM (3), data (56), code id (3), more.
// Newland, Unitech, ID-Tech: id, length, data (56), code id (5), more.
var (
	posHoneywell = posLayout{numbered: true, report: posReport, length: 1, aim: 2, data: 5, dataEnd: 61, more: 63 * 8}
	posNewland   = posLayout{numbered: true, report: posReport, length: 1, aim: -1, data: 2, dataEnd: 58, more: 63 * 8}
)

// posLayoutOf finds the scanned-data report in a descriptor.
func posLayoutOf(d descriptor) (posLayout, bool) {
	data, dataBit, ok := d.find(usageData)
	if !ok || data.size != 8 || dataBit%8 != 0 {
		return posLayout{}, false
	}
	_, lengthBit, ok := d.find(usageByteCount)
	if !ok || lengthBit%8 != 0 {
		return posLayout{}, false
	}
	l := posLayout{
		numbered: d.numbered, report: data.report,
		length: lengthBit / 8, aim: -1, data: dataBit / 8, dataEnd: (data.bit + data.size*data.count) / 8, more: -1,
	}
	if f, bit, ok := d.find(usageAIM1); ok && bit%8 == 0 && f.report == data.report && bit/8+3 <= l.data {
		l.aim = bit / 8
	}
	if f, bit, ok := d.find(usageContinued); ok && f.report == data.report {
		l.more = bit
	}
	return l, true
}

// posMessage is what one report carries.
type posMessage struct {
	aim  string
	data []byte
	more bool
}

// read takes a report apart. It reports false where the report contradicts
// itself: a length beyond its data, a report cut short.
func (l posLayout) read(report []byte) (m posMessage, ok bool) {
	if l.length >= len(report) || l.data > len(report) {
		return posMessage{}, false
	}
	end := l.data + int(report[l.length])
	if end > l.dataEnd || end > len(report) {
		return posMessage{}, false
	}
	m.data = report[l.data:end]
	if l.aim >= 0 && l.aim+3 <= len(report) && report[l.aim] == ']' {
		m.aim = string(report[l.aim : l.aim+3])
	}
	switch {
	case l.more < 0:
	case l.more/8 < len(report):
		m.more = report[l.more/8]>>(l.more%8)&1 == 1
	case end == l.dataEnd:
		return posMessage{}, false // full, and whether it goes on was cut off
	}
	return m, true
}

// goesOn says whether more of the message may follow a report that is no good.
func (l posLayout) goesOn(report []byte) bool {
	return l.more >= 0 && (l.more/8 >= len(report) || report[l.more/8]>>(l.more%8)&1 == 1)
}

// pos decodes the reports of a HID-POS scanner. Each message is one reading,
// whatever characters are in it.
type pos struct {
	layout *posLayout // nil: guess, report by report
	half   []byte
	aim    string
	open   bool
	broken bool // a report was unreadable: what follows at once may be the rest of its message
	silent time.Duration
	lost   int
}

func newPOS(layout *posLayout) *pos { return &pos{layout: layout} }

func (p *pos) feed(report []byte, out []reading) []reading {
	layout, ok := p.layoutFor(report)
	if !ok {
		return out
	}
	p.silent = 0
	m, ok := layout.read(report)
	if !ok {
		if !p.broken {
			p.lost++
		}
		p.reset()
		p.broken = layout.goesOn(report)
		return out
	}
	if p.broken {
		// The end of a code is no code.
		p.broken = m.more
		return out
	}
	if p.open && m.aim != p.aim {
		p.drop() // another code has begun: the rest of the first was lost
	}
	if len(p.half)+len(m.data) > MaxScan {
		p.lost++
		p.reset()
		p.broken = m.more
		return out
	}
	p.open, p.aim = true, m.aim
	p.half = append(p.half, m.data...)
	if m.more {
		return out
	}
	if r, ok := interpret(p.half); ok {
		if p.aim != "" {
			r.aim = p.aim
		}
		out = append(out, r)
	}
	p.reset()
	return out
}

// layoutFor says how to read this report, or that it is not for us: scanners
// send status reports too.
func (p *pos) layoutFor(report []byte) (posLayout, bool) {
	if p.layout == nil {
		if len(report) < 4 || report[0] != posReport {
			return posLayout{}, false
		}
		return guessPOS(report), true
	}
	l := *p.layout
	if l.numbered && (len(report) == 0 || report[0] != l.report) {
		return posLayout{}, false
	}
	if l == posHoneywell {
		l = unlessNewland(report)
	}
	return l, true
}

// guessPOS tells the layouts apart by where the AIM prefix stands.
func guessPOS(report []byte) posLayout {
	switch {
	case report[2] == ']':
		return unlessNewland(report)
	case report[3] == ']':
		// Seen in the field: all of it one byte later, the length perhaps not.
		late := posHoneywell
		late.aim, late.data, late.dataEnd = 3, 6, 62
		late.length = 2
		if !fits(report, late) {
			late.length = 1
		}
		if fits(report, late) {
			return late
		}
	}
	return posNewland
}

// unlessNewland is Honeywell's layout, unless only the other agrees with the
// report: there is firmware that describes the one and sends the other, and
// Newland's can be set to begin its data with the AIM prefix. A report that was
// cut short is no reason: what is left of one layout may agree with the other.
func unlessNewland(report []byte) posLayout {
	if len(report) > posNewland.more/8 && !fits(report, posHoneywell) && fits(report, posNewland) {
		return posNewland
	}
	return posHoneywell
}

// fits says whether the length agrees with the data: something at its end, and
// the padding after it.
func fits(report []byte, l posLayout) bool {
	if l.length >= len(report) {
		return false
	}
	n := int(report[l.length])
	end := l.data + n
	return n > 0 && end <= l.dataEnd && end <= len(report) &&
		report[end-1] != 0 && (end == l.dataEnd || end == len(report) || report[end] == 0)
}

func (p *pos) idle(silence time.Duration, out []reading) []reading {
	p.silent += silence
	if p.broken && p.silent >= posPause {
		p.broken = false
	}
	if p.open && p.silent >= posHalfLife {
		p.drop()
	}
	return out
}

func (p *pos) patience() time.Duration {
	if p.broken {
		return posPause
	}
	return idleRead
}

func (p *pos) drop() {
	if p.open {
		p.lost++
	}
	p.reset()
}

func (p *pos) reset() {
	p.half, p.aim, p.open, p.broken, p.silent = p.half[:0], "", false, false, 0
}

func (p *pos) takeLost() int {
	n := p.lost
	p.lost = 0
	return n
}
