package kiosk

import "time"

// PairedStation is another machine that may act as one station: a browser that
// shows its page, or the program in the station's role.
type PairedStation struct {
	ID       ID
	Station  string // the station's name
	Program  bool   // the program, not a browser
	Hash     string // SHA-256 of its token in hex: the token itself is kept nowhere
	PairedAt time.Time
	PairedBy ID        // the account that asked for the code
	SeenAt   time.Time // some minutes coarse
	Removed  bool      // its token is worth nothing any more
}

// PairedView reads the paired stations.
type PairedView interface {
	PairedStations() ([]PairedStation, error) // in the order in which they were paired, the removed too
}

// PairedTx writes them.
type PairedTx interface {
	PutPairedStation(p PairedStation) error // another one's hash is ErrConflict
}
