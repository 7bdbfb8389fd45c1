package register

import (
	"errors"
	"slices"
	"strings"

	"muontra/kiosk"
)

// boxed is what was handed over in a box.
type boxed struct {
	n          int
	numbers    string // of its copies, by number
	conditions Words  // in which they were, counted
}

func (s *Source) boxOf(copies []kiosk.DepositCopy) (x boxed, err error) {
	var numbers []string
	in := map[kiosk.Condition]int{}
	for _, c := range copies {
		if c.End == kiosk.BoxUndone { // taken out again before the hand-over
			continue
		}
		item, err := s.View.Item(c.Copy)
		if err != nil {
			return x, err
		}
		number := item.Accession
		if number == "" {
			number = item.Barcode
		}
		numbers = append(numbers, number)
		in[c.Condition]++
		x.n++
	}
	slices.SortFunc(numbers, kiosk.CompareNumbers)
	x.numbers = strings.Join(numbers, ", ")
	for _, c := range kiosk.Conditions {
		if in[c] > 0 {
			x.conditions = append(x.conditions, W("reg.work", "what", W("copy.condition."+string(c)), "n", in[c]))
		}
	}
	return x, nil
}

// accountName is who is behind an account: the school's librarian, or the name that is
// signed in with; "" for an account that nobody knows any more.
func (s *Source) accountName(id kiosk.ID) (string, error) {
	a, err := s.View.Account(id)
	switch {
	case errors.Is(err, kiosk.ErrNotFound):
		return "", nil
	case err == nil && a.Role == kiosk.Librarian && s.School.Librarian != "":
		return s.School.Librarian, nil
	}
	return a.Name, err
}

// ownThere is how many books of the class's own stood in a corner in the week that
// begins on a day.
func ownThere(all []kiosk.OwnBooks, place kiosk.ID, monday kiosk.Day) (n int) {
	for _, b := range all {
		if b.Place == place && !b.Since.After(monday.Add(6)) && (b.GivenBack.IsZero() || b.GivenBack.After(monday)) {
			n += b.Quantity
		}
	}
	return n
}

// cameIn is how many books a move brought into its corner.
func (s *Source) cameIn(m kiosk.Move) (n int, err error) {
	if m.Done.IsZero() || m.Deposit == "" {
		return 0, nil
	}
	copies, err := s.View.DepositCopies(m.Deposit)
	for _, c := range copies {
		if !c.Since.After(m.Done) {
			n++
		}
	}
	return n, err
}
