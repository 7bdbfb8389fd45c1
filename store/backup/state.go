package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// StateFile is where the keeper remembers, beside the database and not in it: a
// restore must not bring back another PC's folder.
const StateFile = "backup.json"

// Good is a copy that was made and read back.
type Good struct {
	File string    `json:"file"`
	At   time.Time `json:"at"`
	Seq  int64     `json:"seq"`
}

// Rehearsal is a restore that was tried on a copy.
type Rehearsal struct {
	At      time.Time `json:"at"`
	File    string    `json:"file"`
	Trouble Trouble   `json:"trouble"` // "" for a good one
}

// Trouble is why something was not done, as a code.
type Trouble string

// The troubles.
const (
	Absent   Trouble = "absent"    // the folder outside is not there: a stick that is not plugged in
	Full     Trouble = "full"      // no room
	ReadOnly Trouble = "read_only" // nothing may be written there
	Damaged  Trouble = "damaged"   // the database, or the copy, is not right
	Failed   Trouble = "failed"    // anything else
)

// State is what the keeper knows.
type State struct {
	Folder  string    `json:"folder"`  // outside this PC, "" for none
	Printed bool      `json:"printed"` // the recovery sheet was
	Local   Good      `json:"local"`
	Outside Good      `json:"outside"`
	Closed  string    `json:"closed"` // the last day that was closed with a copy, YYYY-MM-DD
	Last    Rehearsal `json:"rehearsal"`

	LocalTrouble   Trouble `json:"-"` // "" when the last one succeeded
	OutsideTrouble Trouble `json:"-"`
}

// kept is the part that is written down.
func (s State) kept() State {
	s.LocalTrouble, s.OutsideTrouble = "", ""
	return s
}

func readState(dir string) (s State, err error) {
	b, err := os.ReadFile(filepath.Join(dir, StateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(b, &s)
}

func (s State) write(dir string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	part := filepath.Join(dir, StateFile+".part")
	if err := writeFile(part, append(b, '\n')); err != nil {
		return err
	}
	return place(part, filepath.Join(dir, StateFile))
}
