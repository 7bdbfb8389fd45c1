package exchange

import (
	"fmt"
	"strings"
	"time"

	"muontra/kiosk"
)

// Action is what becomes of a row.
type Action int

// The actions.
const (
	Same Action = iota
	Add
	Change
	Wrong
)

// Item is one row with what becomes of it.
type Item struct {
	Sheet   string // "" for a .csv
	Row     int    // as the sheet shows it
	What    string // the name or the title, to recognise the row by
	Action  Action
	Problem *Problem // with Wrong
	Header  string   // the file's own spelling of the problem's column
}

// Counts are the rows by what becomes of them.
type Counts struct {
	Added, Updated, Unchanged, Rejected int
}

// Total is the number of rows.
func (c Counts) Total() int { return c.Added + c.Updated + c.Unchanged + c.Rejected }

// String is the last line of an import.
func (c Counts) String() string {
	return fmt.Sprintf("%d added, %d updated, %d unchanged, %d rejected", c.Added, c.Updated, c.Unchanged, c.Rejected)
}

// Options are the settings of an import.
type Options struct {
	Now     time.Time // when it happens; its day in the school's zone is today
	Year    string    // the school year whose classes the file names, "2026-2027"; "" is that of today
	Account kiosk.ID  // who imports, "" on the command line
	Station string    // for the events; "" is none
	// Level turns the reading level that a list of books names into the code of the
	// school's list; nil keeps the list's own text.
	Level func(string) string
	// Same says of rows, by their index in the table, who they are about; "" is
	// somebody new. See [Doubt].
	Same map[int]kiosk.ID
}

// Plan is what an import would do: nothing has been written.
type Plan struct {
	Subject Subject
	Items   []Item            // a row each, in the order of the file
	Year    string            // the school year of the classes, with [Patrons]
	Doubts  []Doubt           // with [Patrons]: rows that may be about somebody known
	Found   map[kiosk.ID]bool // with [Patrons]: who of those known is in the list

	table   *Table
	options Options
	steps   []step // what the do part writes, in its order
	wrote   kiosk.Imported
}

// Wrote is what the plan has written, once it is applied: what its undo needs.
func (p *Plan) Wrote() kiosk.Imported { return p.wrote }

// Counts counts the rows.
func (p *Plan) Counts() Counts {
	var c Counts
	for _, it := range p.Items {
		switch it.Action {
		case Add:
			c.Added++
		case Change:
			c.Updated++
		case Same:
			c.Unchanged++
		case Wrong:
			c.Rejected++
		}
	}
	return c
}

// Table is what the plan was made of.
func (p *Plan) Table() *Table { return p.table }

// A step writes what one accepted row needs.
type step interface {
	write(w *writer) error
}

// NewPlan decides what becomes of each row. It only reads. Its errors are a
// [*FileError] for a school year that is none, and those of the view.
func NewPlan(v kiosk.View, t *Table, o Options) (*Plan, error) {
	p := &Plan{Subject: t.Subject, table: t, options: o, Items: make([]Item, len(t.Rows))}
	for i, r := range t.Rows {
		p.Items[i] = Item{Sheet: r.Sheet.Name, Row: r.Number}
	}
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", t.Subject, err)
	}
	d := decider{view: v, plan: p, table: t, zone: loc, today: kiosk.DayOf(o.Now, loc)}
	switch t.Subject {
	case Patrons:
		err = d.patrons()
	case Titles, Copies:
		err = d.books()
	case Loans:
		err = d.loans()
	default:
		err = fmt.Errorf("unknown subject %q", t.Subject)
	}
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", t.Subject, err)
	}
	return p, nil
}

// decider holds what all decisions of one plan share.
type decider struct {
	view  kiosk.View
	plan  *Plan
	table *Table
	zone  *time.Location
	today kiosk.Day
}

func (d *decider) reject(i int, p *Problem) {
	it := &d.plan.Items[i]
	it.Action, it.Problem = Wrong, p
	it.Header = d.table.Rows[i].header(p.Column)
	if it.Header == "" && p.Column != "" {
		it.Header = p.Column.Title(d.table.Subject, Vietnamese)
	}
}

func (d *decider) accept(i int, a Action, s step) {
	d.plan.Items[i].Action = a
	if s != nil && a != Same {
		d.plan.steps = append(d.plan.steps, s)
	}
}

// barcodeInUse asks for a card's, copy's, set's or place's barcode. Outside a
// transaction, sets cannot be asked for: there the answer may be a no that
// becomes a yes when the plan is applied.
func (d *decider) barcodeInUse(code string) (bool, error) {
	if tx, ok := d.view.(kiosk.Tx); ok {
		return tx.BarcodeInUse(code)
	}
	if _, err := d.view.ItemByBarcode(code); err == nil {
		return true, nil
	} else if !notFound(err) {
		return false, err
	}
	if _, err := d.view.MemberByCard(code, d.today); err == nil {
		return true, nil
	} else if !notFound(err) {
		return false, err
	}
	places, err := d.view.Places()
	if err != nil {
		return false, err
	}
	for _, p := range places {
		if p.Barcode == code {
			return true, nil
		}
	}
	return false, nil
}

// checkBarcode is what a row's own barcode must be before it is looked up.
func checkBarcode(c Column, code string) (string, *Problem) {
	norm, err := kiosk.NormalizeCode(code)
	if err != nil || strings.ContainsAny(norm, "<>") {
		return "", wrong(c, BadCode, "value", code)
	}
	if _, ok := kiosk.CommandOf(norm); ok {
		return "", wrong(c, CommandCode, "value", code)
	}
	return norm, nil
}

// schoolYear finds or drafts the year that the options name.
func (d *decider) schoolYear() (kiosk.SchoolYear, bool, error) {
	years, err := d.view.Years()
	if err != nil {
		return kiosk.SchoolYear{}, false, err
	}
	want := strings.TrimSpace(d.plan.options.Year)
	if want == "" {
		for _, y := range years {
			if y.Contains(d.today) {
				return y, true, nil
			}
		}
		return kiosk.YearOf(d.today), false, nil
	}
	var from, to int
	if n, err := fmt.Sscanf(strings.ReplaceAll(want, " ", ""), "%4d-%4d", &from, &to); err != nil || n != 2 || to != from+1 || from < 2000 || from > 2100 {
		return kiosk.SchoolYear{}, false, fileError(FileBadYear, "value", want)
	}
	y := kiosk.YearOf(kiosk.Day{Year: from, Month: time.September, Day: 5})
	for _, stored := range years {
		if stored.Name == y.Name {
			return stored, true, nil
		}
	}
	return y, false, nil
}

// rowText names an earlier row in a reason.
func (d *decider) rowText(i int) string {
	r := d.table.Rows[i]
	if len(d.table.Sheets) > 1 {
		return fmt.Sprintf("%s/%d", r.Sheet.Name, r.Number)
	}
	return fmt.Sprint(r.Number)
}
