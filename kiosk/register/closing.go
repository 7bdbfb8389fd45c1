package register

import (
	"encoding/json"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// What was closed of a part comes first, as it was. Behind it stands what is new;
// and where the ledger says something else of a closed line now, a line that takes
// the old one back, in red and with its numbers below zero, and the line as it is. So
// the sums of all lines are right, and no closed page is printed differently.

// lines are those of a part: with the closed ones before it, as they were.
func (s *Source) lines(part *Part, take func(l Line, closed bool) error) error {
	fn := func(l Line, closed bool) error {
		if s.read++; s.Read != nil && s.read%100 == 0 {
			s.Read(s.read)
		}
		return take(l, closed)
	}
	old, err := s.closedLines(part)
	if err != nil {
		return err
	}
	if len(old) == 0 {
		return part.Lines(func(l Line) error { return fn(l, false) })
	}
	live := map[string]Line{}
	if err := part.Lines(func(l Line) error { live[l.Key] = l; return nil }); err != nil {
		return err
	}
	current := map[string]int{} // the closed line that stands for a key
	for i, l := range old {
		if l.Mark == Back {
			delete(current, l.Key)
		} else {
			current[l.Key] = i
		}
	}
	for i, l := range old {
		if at, ok := current[l.Key]; ok && at == i {
			if now, there := live[l.Key]; there { // what old pages get written in later
				for j, c := range part.Columns {
					if c.Later && j < len(now.Cells) {
						l.Cells[j] = now.Cells[j]
					}
				}
			}
		}
		old[i] = l
		if err := fn(l, true); err != nil {
			return err
		}
	}
	var head any // of a block whose first line is closed: it stands above the next one that is not
	takeBack := func(i int) error {
		if old[i].Mark == Struck { // it counted for nothing
			return nil
		}
		l := s.back(part, old[i], i+1)
		l.Head, head = head, nil
		return fn(l, false)
	}
	err = part.Lines(func(l Line) error {
		if l.Head != nil {
			head = l.Head
		}
		if l.Aside {
			return fn(l, false)
		}
		i, known := current[l.Key]
		if known && same(part, old[i], l) {
			return nil
		}
		if known {
			if err := takeBack(i); err != nil {
				return err
			}
			l.Corrects = i + 1
		}
		l.Head, head = head, nil
		return fn(l, false)
	})
	if err != nil {
		return err
	}
	head = nil
	var gone []int
	for key, i := range current {
		if _, there := live[key]; !there {
			gone = append(gone, i)
		}
	}
	slices.Sort(gone)
	for _, i := range gone {
		if err := takeBack(i); err != nil {
			return err
		}
	}
	return nil
}

// back is the line that takes a closed one back.
func (s *Source) back(part *Part, l Line, number int) Line {
	cells := slices.Clone(l.Cells)
	for i, c := range part.Columns {
		switch {
		case i >= len(cells):
		case c.Later && !c.Sum:
			cells[i] = nil
		case c.Sum:
			cells[i] = -whole(cells[i])
		}
	}
	return Line{Key: l.Key, Day: s.Today, Cells: cells, Mark: Back, Corrects: number}
}

// same reports whether a closed line says what the ledger says now, but for the
// columns that are filled in later.
func same(part *Part, old, now Line) bool {
	if old.Mark != now.Mark {
		return false
	}
	a, b := slices.Clone(old.Cells), slices.Clone(now.Cells)
	for i, c := range part.Columns {
		if c.Later && i < len(a) && i < len(b) {
			a[i], b[i] = nil, nil
		}
	}
	x, err := encodeCells(a)
	y, err2 := encodeCells(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// closedLines are the lines of a part that were closed.
func (s *Source) closedLines(part *Part) ([]Line, error) {
	if !part.Closes || s.sheet == "" {
		return nil, nil
	}
	all, err := s.View.Closings(s.sheet)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, c := range all {
		if c.Part != part.Key {
			continue
		}
		for _, x := range c.Lines {
			l := Line{Key: x.Key, Mark: Mark(x.Mark), Corrects: x.Fixes, Day: c.Day}
			if l.Cells, err = decodeCells(x.Cells); err != nil {
				return nil, fmt.Errorf("closed line %s of %s: %w", x.Key, s.sheet, err)
			}
			if len(x.Head) > 0 {
				head, err := decodeCells(x.Head)
				if err != nil || len(head) != 1 {
					return nil, fmt.Errorf("heading of closed line %s of %s: %w", x.Key, s.sheet, err)
				}
				l.Head = head[0]
			}
			if len(l.Cells) > 0 {
				if d, is := l.Cells[0].(kiosk.Day); is {
					l.Day = d
				}
			}
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// Closing is what would be closed of a part now: all its lines that are open.
func (s *Source) Closing(part *Part) (kiosk.RegisterClosing, error) {
	c := kiosk.RegisterClosing{Register: s.sheet, Part: part.Key, Day: s.Today}
	if !part.Closes {
		return c, kiosk.ErrNothingToClose
	}
	err := s.lines(part, func(l Line, closed bool) error {
		switch {
		case closed:
			c.Before++
			return nil
		case l.Aside:
			return nil
		}
		x := kiosk.ClosedLine{Key: l.Key, Mark: string(l.Mark), Fixes: l.Corrects}
		var err error
		if x.Cells, err = encodeCells(l.Cells); err != nil {
			return err
		}
		if l.Head != nil {
			if x.Head, err = encodeCells([]any{l.Head}); err != nil {
				return err
			}
		}
		c.Lines = append(c.Lines, x)
		return nil
	})
	return c, err
}

// closedCell is a cell that is no text and no number.
type closedCell struct {
	Day   *kiosk.Day `json:"day,omitempty"`
	Word  string     `json:"word,omitempty"`
	Facts []any      `json:"facts,omitempty"`
	Words []any      `json:"words,omitempty"`
}

func encodeCells(cells []any) (json.RawMessage, error) {
	out := make([]any, len(cells))
	for i, c := range cells {
		x, err := encodeCell(c)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return json.Marshal(out)
}

func encodeCell(c any) (any, error) {
	switch c := c.(type) {
	case nil, string, int, int64, float64:
		return c, nil
	case kiosk.Day:
		return closedCell{Day: &c}, nil
	case SubKind:
		return string(c), nil
	case Word:
		return closedCell{Word: c.Key, Facts: c.Facts}, nil
	case Words:
		var all []any
		for _, w := range c {
			if w == nil || w == "" {
				continue
			}
			x, err := encodeCell(w)
			if err != nil {
				return nil, err
			}
			all = append(all, x)
		}
		if all == nil {
			return nil, nil // nothing said is an empty cell
		}
		return closedCell{Words: all}, nil
	}
	return nil, fmt.Errorf("a cell of %T cannot be closed", c)
}

func decodeCells(text json.RawMessage) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	cells := make([]any, len(raw))
	for i, r := range raw {
		var err error
		if cells[i], err = decodeCell(r); err != nil {
			return nil, err
		}
	}
	return cells, nil
}

func decodeCell(text json.RawMessage) (any, error) {
	var x struct {
		Day   *kiosk.Day        `json:"day"`
		Word  string            `json:"word"`
		Facts []json.RawMessage `json:"facts"`
		Words []json.RawMessage `json:"words"`
	}
	switch text[0] {
	case 'n':
		return nil, nil
	case '"':
		var s string
		err := json.Unmarshal(text, &s)
		return s, err
	case '{':
	default:
		var n int64
		err := json.Unmarshal(text, &n)
		return n, err
	}
	if err := json.Unmarshal(text, &x); err != nil {
		return nil, err
	}
	switch {
	case x.Day != nil:
		return *x.Day, nil
	case x.Word != "":
		w := Word{Key: x.Word}
		for _, f := range x.Facts {
			v, err := decodeCell(f)
			if err != nil {
				return nil, err
			}
			w.Facts = append(w.Facts, v)
		}
		return w, nil
	}
	var ws Words
	for _, f := range x.Words {
		v, err := decodeCell(f)
		if err != nil {
			return nil, err
		}
		ws = append(ws, v)
	}
	return ws, nil
}
