package kiosk

import (
	"encoding/json"
	"slices"
)

// EventShelved is a copy that was put from the trolley onto its shelf.
const EventShelved EventType = "shelved"

// TrolleySetting is the key under which Trolley is kept, PartTrolley its part
// of the settings.
const (
	TrolleySetting             = "trolley"
	PartTrolley    SettingPart = "trolley"
)

// Trolley is where books lie that readers have brought back, until somebody
// puts them on their shelves (seed R105): a trolley, a box, a table. Without a
// Place there is none, and a returned copy counts as standing on its shelf at
// once.
type Trolley struct {
	Place  ID   `json:"place,omitempty"`
	Former []ID `json:"former,omitempty"` // what it was before: what still lies there is to be shelved too
}

// TrolleyKinds are the places that may be the trolley. A corner is none: what
// stands there belongs there.
var TrolleyKinds = []PlaceKind{Library, Shelf}

// ErrIsTrolley says that the place at which returned books lie cannot be closed
// or made a corner: another is to be chosen first.
var ErrIsTrolley = staticError("returned books are put there")

// Allows reports whether the trolley lets a place be as it is: where returned
// books are put is open and no corner.
func (t Trolley) Allows(p Place) bool {
	return p.ID != t.Place || !p.Closed && slices.Contains(TrolleyKinds, p.Kind)
}

// TrolleyOf is the trolley as it is set.
func TrolleyOf(v View) (t Trolley, err error) {
	text, err := v.Setting(TrolleySetting)
	if err != nil || text == "" {
		return t, err
	}
	return t, json.Unmarshal([]byte(text), &t)
}

// Moved is the trolley at another place, or with "" none.
func (t Trolley) Moved(to ID) Trolley {
	n := Trolley{Place: to}
	for _, p := range t.Places() {
		if p != to {
			n.Former = append(n.Former, p)
		}
	}
	return n
}

// Places are all places where copies may lie that are to be shelved.
func (t Trolley) Places() []ID {
	if t.Place == "" {
		return t.Former
	}
	return append([]ID{t.Place}, t.Former...)
}

// Has reports whether a copy lies on the trolley. A copy whose home is that
// place stands where it belongs.
func (t Trolley) Has(i Item) bool {
	return i.State.Place != i.HomePlace && slices.Contains(t.Places(), i.State.Place)
}

// Takes reports whether a copy that comes back is put on the trolley: one that
// stood on its shelf. Where a person has put it elsewhere, as into a corner's
// box or a display, it goes back there.
func (t Trolley) Takes(i Item) bool {
	return t.Place != "" && t.Place != i.HomePlace && (i.State.Place == "" || i.State.Place == i.HomePlace || t.Has(i))
}

// Home is where a copy stands when nobody has put it elsewhere: its shelf, also
// while it lies on the trolley.
func (t Trolley) Home(i Item) ID {
	if i.State.Place == "" || t.Has(i) {
		return i.HomePlace
	}
	return i.State.Place
}
