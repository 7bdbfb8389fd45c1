package devices

import (
	"context"
	"slices"
	"time"
)

// lookUSB matches the chosen HID scanners with what is plugged in.
func (s *Supervisor) lookUSB(ctx context.Context, slots []*slot, now time.Time) {
	slots = slices.DeleteFunc(slices.Clone(slots), func(sl *slot) bool { return sl.spec.Kind != HID })
	if len(slots) == 0 {
		return
	}
	if !s.cfg.usb.supported() {
		for _, sl := range slots {
			sl.trouble = openError{why: WhyNoHIDSupport}
		}
		return
	}
	if !s.cfg.usb.quiet() && !slices.ContainsFunc(slots, func(sl *slot) bool { return !s.hasReader(sl) }) {
		return // all are there: leave the bus to the scanners
	}
	found, err := s.cfg.usb.interfaces()
	if err != nil {
		for _, sl := range slots {
			sl.trouble = openError{why: WhyFailed, err: err}
		}
		return
	}
	s.stopVanished(found, now)
	// A device chosen by its serial number belongs to that choice, not to one
	// that takes every device of the kind.
	slices.SortStableFunc(slots, func(a, b *slot) int {
		return min(1, len(b.spec.SerialNo)) - min(1, len(a.spec.SerialNo))
	})
	for _, sl := range slots {
		var mine []usbInterface
		found = slices.DeleteFunc(found, func(u usbInterface) bool {
			match := sl.spec.matches(u)
			if match {
				mine = append(mine, u)
			}
			return match
		})
		s.lookDevice(ctx, sl, mine, now)
	}
}

func (s Spec) matches(u usbInterface) bool {
	return s.VendorID == u.vendor && s.ProductID == u.product && (s.SerialNo == "" || s.SerialNo == u.serialNo)
}

func (s *Supervisor) hasReader(sl *slot) bool {
	for _, r := range s.readers {
		if r.slot == sl {
			return true
		}
	}
	return false
}

// stopVanished ends readers of interfaces that are no longer on the bus, where
// the library does not notice.
func (s *Supervisor) stopVanished(found []usbInterface, now time.Time) {
	if !s.cfg.usb.quiet() {
		return
	}
	for path, r := range s.readers {
		if r.slot.spec.Kind == HID {
			r.listed(slices.ContainsFunc(found, func(u usbInterface) bool { return u.path == path }), now)
		}
	}
}

// lookDevice starts readers on the interfaces of one slot's devices.
func (s *Supervisor) lookDevice(ctx context.Context, sl *slot, mine []usbInterface, now time.Time) {
	seen := sl.seen
	sl.seen = map[string]time.Time{}
	for _, u := range mine {
		since, ok := seen[u.path]
		if !ok {
			since = now
		}
		sl.seen[u.path] = since
	}
	for path := range sl.retries {
		if _, there := sl.seen[path]; !there {
			delete(sl.retries, path)
		}
	}
	if len(mine) == 0 {
		sl.trouble = openError{why: WhyAbsent}
		return
	}
	chosen, why := scannerInterfaces(mine, s.cfg.usb.keyboards())
	if why != "" && !s.hasReader(sl) {
		sl.trouble = openError{why: why}
	}
	for _, u := range chosen {
		if _, busy := s.readers[u.path]; busy || now.Before(sl.retries[u.path].after) {
			continue
		}
		// The descriptor appears a moment after the device. One that has none after
		// a while will not get one: its driver died with an earlier run.
		if s.cfg.usb.quiet() && len(u.descriptor) == 0 && now.Sub(sl.seen[u.path]) < s.cfg.Poll*9/10 {
			s.early = true
			continue
		}
		s.start(ctx, sl, u.path, u.name(), func() (wire, decoder, error) {
			return openHID(s.cfg.usb, u, s.cfg.Gap, sl.spec.Learned)
		})
	}
}
