package kiosk

import (
	"encoding/json"
	"errors"
)

// EventRegisterClosed is the event of lines of a register that were printed, signed
// and closed. It carries them as they were: nothing that is changed later changes
// them, and a correction is a new line behind them.
const EventRegisterClosed EventType = "register_closed"

// RegisterClosing is what was closed of one part of a register at one time.
type RegisterClosing struct {
	Register string       `json:"register"`
	Part     string       `json:"part"`
	Before   int          `json:"before"` // how many lines of the part were closed before
	Day      Day          `json:"day"`
	Lines    []ClosedLine `json:"lines"`
}

// ClosedLine is one line; what its cells hold is package register's.
type ClosedLine struct {
	Key   string          `json:"key"`
	Cells json.RawMessage `json:"cells"`
	Head  json.RawMessage `json:"head,omitempty"`
	Mark  string          `json:"mark,omitempty"`
	Fixes int             `json:"fixes,omitempty"` // the number of the line that it takes back or replaces
}

// ErrNothingToClose says that every line of the part is closed.
var ErrNothingToClose = errors.New("no line is open")
