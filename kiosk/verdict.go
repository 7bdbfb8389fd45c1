package kiosk

import "slices"

// Says is one of the three answers to an attempt.
type Says int

// The answers: no; ask the librarian; yes, perhaps with notes.
const (
	No Says = iota
	Ask
	Yes
)

// Verdict is the outcome of a decision: every refusal of the attempt gathered,
// in order of precedence, and the notes of a yes.
type Verdict struct {
	Refusals []Refusal
	Notes    []Note
}

// Says is No when some refusal cannot be overridden, Ask when all can, Yes
// without refusals.
func (v Verdict) Says() Says {
	if len(v.Refusals) == 0 {
		return Yes
	}
	for _, r := range v.Refusals {
		if !r.Reason.Askable() {
			return No
		}
	}
	return Ask
}

// Reason is the refusal of highest precedence, "" for a yes.
func (v Verdict) Reason() Reason {
	if len(v.Refusals) == 0 {
		return ""
	}
	return v.Refusals[0].Reason
}

func (v *Verdict) refuse(r Reason, f Facts) {
	v.Refusals = append(v.Refusals, Refusal{r, f})
	slices.SortStableFunc(v.Refusals, func(a, b Refusal) int {
		return slices.Index(Reasons, a.Reason) - slices.Index(Reasons, b.Reason)
	})
}

func (v *Verdict) note(c NoteCode, f Facts) { v.Notes = append(v.Notes, Note{c, f}) }
