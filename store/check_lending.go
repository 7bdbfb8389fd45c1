package store

import (
	"encoding/json"
	"fmt"

	"muontra/kiosk"
)

// lending compares holds, recalls and compensations with the events. Holds were
// placed, and recalls begun, before events told of them as a whole: such a row
// is left alone until something happens to it.
func (c *checker) lending(want kiosk.LendingRows) error {
	older := func(string) {}
	holds := map[string][]string{}
	for id, h := range want.Holds {
		holds[string(id)] = []string{string(h.TitleID), string(h.PatronRef), string(h.CopyID), stamp(h.PlacedAt), string(h.Status), h.Until.String()}
	}
	if err := c.compareTold("hold_differs", holds, []string{"title", "patron_ref", "copy", "placed_at", "status", "until"},
		`SELECT id, title_id, patron_ref, coalesce(copy_id, ''), placed_at, status, until FROM hold ORDER BY id`, older); err != nil {
		return err
	}
	recalls := map[string][]string{}
	for id, r := range want.Recalls {
		record, err := json.Marshal(r.Record)
		if err != nil {
			return fmt.Errorf("record of recall %s: %w", id, err)
		}
		recalls[string(id)] = []string{r.Name, r.Due.String(), stamp(r.At), string(r.By), stamp(r.Closed), stamp(r.Undone), string(record)}
	}
	if err := c.compareTold("recall_differs", recalls, []string{"name", "due", "at", "by", "closed", "undone", "record"},
		`SELECT id, name, due, at, by, closed, undone, record FROM recall ORDER BY id`, older); err != nil {
		return err
	}
	paid := map[string][]string{}
	for id, x := range want.Compensations {
		paid[string(id)] = []string{string(x.LoanID), string(x.CopyID), string(x.PatronRef), string(x.Cause), string(x.Kind), fmt.Sprint(x.Amount), x.Comment, x.Day.String(), string(x.By), stamp(x.At), fmt.Sprint(bit(x.Removed))}
	}
	return c.compare("compensation_differs", paid, []string{"loan", "copy", "patron_ref", "cause", "kind", "amount", "comment", "day", "by", "at", "removed"},
		`SELECT id, loan_id, copy_id, patron_ref, cause, kind, CAST(amount AS TEXT), comment, day, by, at, CAST(removed AS TEXT) FROM compensation ORDER BY id`)
}
