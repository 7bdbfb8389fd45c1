package circulation

import (
	"context"
	"fmt"
	"strings"

	"muontra/kiosk"
)

// MissPieces notes that pieces of a copy are not there: it counts as damaged,
// and line, which says so in the school's words, is added to its note. Like any
// change of a copy it is taken back by [Desk.TakeBack]. A copy that is of no
// pieces, or whose note has no room for the line, is a *kiosk.FieldError.
func (d *Desk) MissPieces(ctx context.Context, a kiosk.Attempt, id kiosk.ID, line string) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		i, err := x.Item(id)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		x.about(nil, &i)
		after, state := i.Copy, i.State
		after.Note = strings.TrimSpace(i.Note + "\n" + line)
		var f form
		if !i.Counted() {
			f.wrong("pieces", kiosk.FieldUnexpected, nil)
		}
		f.text("note", &after.Note, kiosk.MaxNoteText)
		if err := f.failed(); err != nil {
			return err
		}
		x.event.Type = kiosk.EventCopyChanged
		x.event.Payload.Comment = line
		x.answer.Result.Outcome = kiosk.Shown
		if state.Condition = kiosk.ConditionDamaged; state != i.State {
			x.changeCopy(i.State, state)
		}
		e := kiosk.Edited{Copies: []kiosk.CopyEdit{{Before: bare(i.Copy), After: bare(after)}}}
		x.event.Payload.Edited = &e
		return x.writeEdit(e, "")
	})
}
