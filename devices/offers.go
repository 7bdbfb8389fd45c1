package devices

import (
	"cmp"
	"path/filepath"
	"slices"
)

// Care says how carefully a device must be treated while a scanner is looked
// for among all that is plugged in.
type Care string

const (
	CareNone   Care = ""       // may be listened to without a question
	CareAsk    Care = "ask"    // opening it takes a keyboard away from the computer, or wakes a radio
	CareNever  Care = "never"  // cannot be a scanner that is read, or cannot be opened; Why says it
	CareChosen Care = "chosen" // it is a station's already, and open
)

// Offer is a candidate as it is offered to a person who looks for the scanner.
type Offer struct {
	Candidate
	Care Care
	Spec Spec // what to choose; Station is empty
}

// Offers makes of what [List] has found what can be chosen, one offer a device,
// the likeliest first: sure scanners, devices of scanner makers, serial ports,
// then keyboards that may be anybody's. Mice and printers are left out.
func Offers(found []Candidate, chosen []Spec) []Offer {
	at := map[Key]int{}
	var all []Offer
	for _, c := range found {
		if c.Kind != Serial && c.Kind != HID || c.RecognisedAs == string(roleMouse) {
			continue
		}
		o := Offer{Candidate: c, Care: careFor(c), Spec: specFor(c)}
		if slices.ContainsFunc(chosen, func(s Spec) bool { return s.has(c) }) {
			o.Care = CareChosen
		}
		i, seen := at[c.Key]
		switch {
		case !seen:
			at[c.Key] = len(all)
			all = append(all, o)
		case c.Likely > all[i].Likely:
			// One device with several interfaces: what is opened is the device,
			// its keyboard too.
			all[i], o = o, all[i]
			fallthrough
		default:
			if o.Care == CareAsk && all[i].Care == CareNone {
				all[i].Care = CareAsk
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Offer) int {
		return cmp.Or(cmp.Compare(b.Likely, a.Likely), cmp.Compare(strangeKeyboard(a), strangeKeyboard(b)), cmp.Compare(a.Key, b.Key))
	})
	return all
}

func strangeKeyboard(o Offer) int {
	if o.RecognisedAs == string(roleKeyboard) {
		return 1
	}
	return 0
}

// careFor: a keyboard is opened unasked only where its maker makes scanners and
// nothing else.
func careFor(c Candidate) Care {
	switch {
	case !c.Openable:
		return CareNever
	case c.Kind == Serial && c.RecognisedAs == radioPort:
		return CareAsk
	case c.Kind == Serial, c.RecognisedAs == string(rolePOS), makesScanners(c.VendorID):
		return CareNone
	}
	return CareAsk
}

func specFor(c Candidate) Spec {
	if c.Kind == Serial {
		s := Spec{Kind: Serial, Port: portOf(c), Baud: DefaultBaud}
		if c.Name != filepath.Base(c.Path) && fitName(c.Name) {
			s.Name = c.Name // a port alone has no name of its own
		}
		return s
	}
	return Spec{Kind: HID, VendorID: c.VendorID, ProductID: c.ProductID, SerialNo: c.SerialNo}
}

// portOf is the port's name that stays, which its key carries.
func portOf(c Candidate) string { return string(c.Key)[len("serial:"):] }

// has says whether a choice takes the candidate, by whatever name it was given.
func (s Spec) has(c Candidate) bool {
	switch {
	case s.Kind != c.Kind:
		return false
	case s.Key() == c.Key:
		return true
	case s.Kind == Serial:
		path, err := resolvePort(s.Port)
		return err == nil && path == c.Path
	}
	return s.VendorID == c.VendorID && s.ProductID == c.ProductID && (s.SerialNo == "" || s.SerialNo == c.SerialNo)
}
