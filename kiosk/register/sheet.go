package register

import (
	"muontra/kiosk"
)

// Sheet is a register or a report as it is declared.
type Sheet struct {
	Name string // "general-register", as people ask for it; its words are "reg.NAME"
	// Report is a sheet of figures that flows; else it is a book of numbered
	// pages with so many lines each.
	Report bool
	Wide   bool // landscape
	// Period is how a time is asked for.
	Period Period
	Class  bool // it can be of one class
	Names  bool // it names pupils or teachers
	// Signs are who signs at the end: words "reg.sign.KEY".
	Signs []string
	Parts func(*Source) ([]Part, error)
	Plots func(*Source) ([]Plot, error) // of a report; nil for none

	// First is the day of the first line that counts of the time, zero for none, found
	// without its lines; nil when they have to be read.
	First func(*Source) (kiosk.Day, error)

	// Which lists the papers that the sheet is of, the newest first; nil for a sheet
	// that is one.
	Which func(kiosk.View) ([]Choice, error)
	// Before and After are the prose around the tables of a report; nil for none.
	Before, After func(*Source) ([]Paragraph, error)
	// Signers are who signs in place of Signs, and the day that is written above them.
	Signers  func(*Source) ([]Signer, kiosk.Day, error)
	Single   bool // the parts of a report stand one below the other
	Pack     bool // it is other sheets in one file
	Official bool // headed with the nation's name and motto, as minutes are
}

// Period is what time a sheet is of when nobody says another.
type Period string

// The periods.
const (
	AllTime  Period = ""     // the whole book
	OneDay   Period = "day"  // today
	OneWeek  Period = "week" // Monday to Sunday
	OneMonth Period = "month"
	Semester Period = "semester"
	Year     Period = "year" // the school year
	NoPeriod Period = "now"  // as things stand; a time cannot be asked for
)

// Part is a part of a sheet with its own columns, numbered by itself.
type Part struct {
	Key     string // words "reg.NAME.KEY"; "" for the only part
	Columns []Column
	Lines   func(yield func(Line) error) error
	// Proof counts the sums of the columns another way than by the lines; nil for
	// none. A column that it does not name is not compared.
	Proof func() (map[string]int64, error)
	// ProofOf counts single lines another way: of a part whose lines are figures that
	// nobody adds up. By a line's key it is compared with the first column of numbers
	// that is not summed, by "LINE COLUMN" with the others.
	ProofOf func() (map[string]int64, error)
	// Closes is a part whose pages are closed when they are printed and signed.
	Closes bool
	// NoNumbers is a part whose lines have no running number of their own.
	NoNumbers bool
	// Optional is a part that is left out when it has no lines.
	Optional bool
}

// Kind is what a column holds.
type Kind string

// The kinds of columns.
const (
	Text   Kind = "text"
	Code   Kind = "code" // numbers of copies, classes: a text that is not broken
	Day    Kind = "day"
	Number Kind = "number"
	Money  Kind = "money" // in đồng; 0 is not known and left empty
)

// Column is a column.
type Column struct {
	Key   string // words "reg.col.KEY"
	Label string // said in place of the words: a year, a class
	Group string // words "reg.group.GROUP": stands above neighbours of one group
	Kind  Kind
	Width float64 // its part of the paper's width, in mm of a sheet that is full
	Sum   bool    // summed on each page and carried on
	Zero  bool    // a nought is written, where an empty cell would read as not known
	Later bool    // filled in on old pages too, by hand in the old books: a stocktake, a date of withdrawal
}

// Line is a line: a cell for each column. A cell is nil, a string, an int, an
// int64, a kiosk.Day, a [Word], or [Words] one after the other.
type Line struct {
	Key   string // of what it tells, the same for ever; see closing.go
	Day   kiosk.Day
	Cells []any
	Head  any  // a heading across the page before the line, which has no number; nil for none
	Mark  Mark // how it is shown
	Aside bool // no line of its own: a sum among the lines, the state of a past day. It is not numbered and not added
	// Corrects is the number of the closed line that this one takes back or
	// replaces, 0 for none.
	Corrects int
}

// Mark is how a line is shown.
type Mark string

// The marks.
const (
	Plain  Mark = ""
	Struck Mark = "struck" // taken back: it is there, and counts for nothing
	Back   Mark = "back"   // takes a closed line back: its numbers are below zero
	Bold   Mark = "bold"
)

// Word is a cell whose text is a key of words, with its facts.
type Word struct {
	Key   string
	Facts []any // names and values in turn
}

// W is a Word.
func W(key string, facts ...any) Word { return Word{key, facts} }

// Words are texts one after the other in a cell, with a semicolon between: a
// string or a Word each. Empty ones are left out.
type Words []any

// Sums are the sums of the columns that are summed, by the column's key.
type Sums map[string]int64

func (s Sums) clone() Sums {
	c := Sums{}
	for k, v := range s {
		c[k] = v
	}
	return c
}

// add adds a line.
func (s Sums) add(cols []Column, l Line) {
	if l.Mark == Struck || l.Aside {
		return
	}
	for i, c := range cols {
		if c.Sum && i < len(l.Cells) {
			s[c.Key] += whole(l.Cells[i])
		}
	}
}

func whole(c any) int64 {
	switch c := c.(type) {
	case int:
		return int64(c)
	case int64:
		return c
	}
	return 0
}

// Fault is a sum that does not agree with its second count.
type Fault struct {
	Part, Column string
	Line         string // the key of the one line that does not; "" for the sum of all
	Name         any    // with Line: what stands first in it
	Says         int64  // the lines
	Counted      int64  // the other way
}

// Sheets lists all of them, in the order in which they are offered.
func Sheets() []*Sheet { return sheets }

// Find is the sheet of a name, nil when there is none.
func Find(name string) *Sheet {
	for _, s := range sheets {
		if s.Name == name {
			return s
		}
	}
	return nil
}
