package store

// Fault is one thing that is wrong with a ledger.
type Fault struct {
	Code    string // English, stable
	Subject string // what it is about
	Text    string
}
