package kiosk

// PlaceKind is what kind of place copies stand in.
type PlaceKind string

// The place kinds.
const (
	Library     PlaceKind = "library"
	Shelf       PlaceKind = "shelf"
	ClassCorner PlaceKind = "class_corner"
	Hallway     PlaceKind = "hallway"
	Outdoor     PlaceKind = "outdoor"
	MobileCase  PlaceKind = "mobile_case"
	Elsewhere   PlaceKind = "elsewhere" // multi-purpose area, teachers' room, repair, another library
)

// Place is where copies stand. Moving a copy there is a transfer, not a loan.
type Place struct {
	ID      ID
	Code    string // "K1", "1A"; short, printed on labels; unique
	Name    string
	Kind    PlaceKind
	Barcode string
	Closed  bool
}
