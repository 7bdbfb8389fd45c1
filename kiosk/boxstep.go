package kiosk

import "slices"

// BoxStep names what the scan of a corner's own code does next.
type BoxStep string

// The steps.
const (
	StepBegin   BoxStep = "begin"   // no box stands there: one is begun
	StepFill    BoxStep = "fill"    // a box is being filled: it goes on, or is handed over
	StepConfirm BoxStep = "confirm" // the keeper takes it over
	StepFound   BoxStep = "found"   // the box was lost
	StepCount   BoxStep = "count"   // its books are being counted
	StepLook    BoxStep = "look"    // it stands in the corner
)

// NextBoxStep is the step of a corner with these boxes, and the box that it is
// about; ended ones are passed over. The box is the zero one with begin and look.
func NextBoxStep(boxes []Deposit) (BoxStep, Deposit) {
	first := func(is func(Deposit) bool) (Deposit, bool) {
		n := slices.IndexFunc(boxes, is)
		if n < 0 {
			return Deposit{}, false
		}
		return boxes[n], true
	}
	stands := false
	for _, b := range boxes {
		stands = stands || b.Ended.IsZero()
	}
	if !stands {
		return StepBegin, Deposit{}
	}
	if b, ok := first(func(b Deposit) bool { return b.State() == DepositOpen }); ok {
		return StepFill, b
	}
	for _, b := range boxes {
		switch {
		case !b.Ended.IsZero():
		case b.State() == DepositHanded && b.Counted.IsZero():
			return StepConfirm, b
		case b.State() == DepositLost:
			return StepFound, b
		case !b.Counted.IsZero():
			return StepCount, b
		}
	}
	return StepLook, Deposit{}
}

// BoxHand is somebody who scans a corner's box away from the desk's pages.
type BoxHand struct {
	Account Account // a zero one for who has none
	Keeper  bool    // is the corner's keeper, with or without an account
}

// MayHandOver reports whether the hand may fill the corner's box and take it
// over: the librarian's may any, a collaborator's that of the own class, the
// keeper's the own. Nothing of it cannot be taken back at the desk.
func (h BoxHand) MayHandOver(c Corner) bool {
	switch {
	case h.Keeper:
		return true
	case h.Account.ID == "" || h.Account.Disabled:
		return false
	case h.Account.Role == Librarian:
		return true
	}
	return h.Account.Role == Collaborator && h.Account.Own(c.Class)
}

// Filling is a box that is being filled at a station.
type Filling struct {
	Deposit ID
	Count   int // books in it
}
