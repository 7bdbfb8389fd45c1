package devices

import (
	"errors"
	"fmt"
	"slices"
)

// HID usages, page in the high half (USB HID Usage Tables; HID Point of Sale
// Usage Tables 1.02).
const (
	pageKeys uint32 = 0x07
	pagePOS  uint32 = 0x8c

	usageMouse     uint32 = 0x0001_0002
	usageKeyboard  uint32 = 0x0001_0006
	usageKeypad    uint32 = 0x0001_0007
	usageByteCount uint32 = 0x0001_003b
	usageLeftCtrl  uint32 = 0x0007_00e0
	usageAIM1      uint32 = 0x008c_00fb
	usageData      uint32 = 0x008c_00fe
	usageContinued uint32 = 0x008c_00ff
)

// Limits for descriptors, which come from the device and may be nonsense.
const (
	maxDescriptor = 4096     // bytes; what the kernel keeps
	maxReportBits = 8 * 4096 // in one report
	maxUsages     = 1024     // in one field
)

var errDescriptor = errors.New("bad report descriptor")

// descriptor is what a report descriptor says about a device's input reports.
type descriptor struct {
	applications []uint32 // usages of the top-level collections
	inputs       []inputField
	numbered     bool // each report starts with its id
}

// inputField is a run of equal values in one report.
type inputField struct {
	report     byte
	usages     []uint32 // variable: one each (the last repeats); array: by value
	variable   bool     // else an array of the usages that are on
	constant   bool     // padding
	logicalMin int32
	bit        int // of the first value, from the start of the report, its id included
	size       int // bits of one value
	count      int
}

// parseDescriptor reads a report descriptor as the device sends it. Output and
// feature reports are skipped.
func parseDescriptor(raw []byte) (descriptor, error) {
	if len(raw) > maxDescriptor {
		return descriptor{}, fmt.Errorf("%w: %d bytes", errDescriptor, len(raw))
	}
	p := descriptorParser{bits: map[byte]int{}}
	for len(raw) > 0 {
		if raw[0] == 0xfe { // a long item; none is defined
			if len(raw) < 3 || len(raw) < 3+int(raw[1]) {
				return descriptor{}, fmt.Errorf("%w: cut off", errDescriptor)
			}
			raw = raw[3+int(raw[1]):]
			continue
		}
		size := int(raw[0] & 3)
		if size == 3 {
			size = 4
		}
		if len(raw) < 1+size {
			return descriptor{}, fmt.Errorf("%w: cut off", errDescriptor)
		}
		if err := p.item(raw[0]&0xfc, raw[1:1+size]); err != nil {
			return descriptor{}, err
		}
		raw = raw[1+size:]
	}
	if p.d.numbered {
		for i := range p.d.inputs {
			p.d.inputs[i].bit += 8
		}
	}
	return p.d, nil
}

type descriptorGlobals struct {
	page       uint32
	logicalMin int32
	size       uint32
	count      uint32
	report     byte
}

type descriptorParser struct {
	d      descriptor
	g      descriptorGlobals
	stack  []descriptorGlobals
	usages []uint32
	lowest uint32 // Usage Minimum, waiting for its Maximum
	depth  int
	bits   map[byte]int // used so far, by report
}

func (p *descriptorParser) item(tag byte, data []byte) error {
	var u uint32
	for i, b := range data {
		u |= uint32(b) << (8 * i)
	}
	switch tag {
	case 0x04:
		p.g.page = u
	case 0x14:
		p.g.logicalMin = signed(u, len(data))
	case 0x74:
		p.g.size = u
	case 0x84:
		if u == 0 || u > 0xff {
			return fmt.Errorf("%w: report id %d", errDescriptor, u)
		}
		p.g.report = byte(u)
		p.d.numbered = true
	case 0x94:
		p.g.count = u
	case 0xa4: // Push
		if len(p.stack) == 16 {
			return fmt.Errorf("%w: pushed too often", errDescriptor)
		}
		p.stack = append(p.stack, p.g)
	case 0xb4: // Pop
		if len(p.stack) == 0 {
			return fmt.Errorf("%w: popped too often", errDescriptor)
		}
		p.g, p.stack = p.stack[len(p.stack)-1], p.stack[:len(p.stack)-1]
	case 0x08: // Usage
		return p.addUsages(p.usage(u, len(data)), p.usage(u, len(data)))
	case 0x18: // Usage Minimum
		p.lowest = p.usage(u, len(data))
	case 0x28: // Usage Maximum
		return p.addUsages(p.lowest, p.usage(u, len(data)))
	case 0xa0: // Collection
		if p.depth == 0 && u == 1 && len(p.usages) > 0 {
			p.d.applications = append(p.d.applications, p.usages[0])
		}
		p.depth++
		p.usages = nil
	case 0xc0: // End Collection
		if p.depth == 0 {
			return fmt.Errorf("%w: collection ended twice", errDescriptor)
		}
		p.depth--
		p.usages = nil
	case 0x80: // Input
		return p.input(u)
	case 0x90, 0xb0: // Output, Feature
		p.usages = nil
	}
	return nil
}

// usage puts the page before a usage that does not bring its own.
func (p *descriptorParser) usage(u uint32, size int) uint32 {
	if size == 4 {
		return u
	}
	return p.g.page<<16 | u
}

func (p *descriptorParser) addUsages(from, to uint32) error {
	if to < from || to-from >= maxUsages || len(p.usages)+int(to-from) >= maxUsages {
		return fmt.Errorf("%w: too many usages", errDescriptor)
	}
	for u := from; ; u++ {
		p.usages = append(p.usages, u)
		if u == to {
			return nil
		}
	}
}

func (p *descriptorParser) input(flags uint32) error {
	used := p.bits[p.g.report]
	if p.g.size > maxReportBits || p.g.count > maxReportBits || used+int(p.g.size)*int(p.g.count) > maxReportBits {
		return fmt.Errorf("%w: report %d too long", errDescriptor, p.g.report)
	}
	p.d.inputs = append(p.d.inputs, inputField{
		report:     p.g.report,
		usages:     p.usages,
		constant:   flags&1 != 0,
		variable:   flags&2 != 0,
		logicalMin: p.g.logicalMin,
		bit:        used,
		size:       int(p.g.size),
		count:      int(p.g.count),
	})
	p.bits[p.g.report] = used + int(p.g.size)*int(p.g.count)
	p.usages = nil
	return nil
}

func signed(u uint32, size int) int32 {
	switch size {
	case 1:
		return int32(int8(u))
	case 2:
		return int32(int16(u))
	}
	return int32(u)
}

// find gives the first variable value with a usage: its field and its first bit.
func (d descriptor) find(usage uint32) (f inputField, bit int, ok bool) {
	for _, f := range d.inputs {
		if !f.variable || f.count == 0 {
			continue
		}
		if i := slices.Index(f.usages, usage); i >= 0 && i < f.count {
			return f, f.bit + i*f.size, true
		}
	}
	return inputField{}, 0, false
}

func (d descriptor) hasApplication(match func(usage uint32) bool) bool {
	return slices.ContainsFunc(d.applications, match)
}
