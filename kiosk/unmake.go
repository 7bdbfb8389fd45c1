package kiosk

// UnmakeTx takes out rows of the catalogue that were made by mistake, while
// nothing in the ledger refers to them: else ErrConflict. What stood in them is
// kept by the events that made and unmade them. One that is not there is ErrNotFound.
type UnmakeTx interface {
	DropTitle(id ID) error
	// DropSet also gives the set's barcode free.
	DropSet(id ID) error
	DropTextbookLine(id ID) error
}
