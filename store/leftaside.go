package store

import (
	"fmt"
	"strings"

	"muontra/kiosk"
)

// handling is kiosk.HandlingEvents as SQL lists them.
var handling = func() string {
	all := make([]string, len(kiosk.HandlingEvents))
	for i, t := range kiosk.HandlingEvents {
		all[i] = "'" + string(t) + "'"
	}
	return strings.Join(all, ", ")
}()

// LeftAside looks at the end of each hold that had a copy, and at holds that
// another copy than theirs fulfilled: the copy lies there still when nobody has
// had it in hand since. What was undone never happened.
func (v *view) LeftAside() ([]kiosk.LeftAside, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	undone := func(e string) string {
		return fmt.Sprintf(`EXISTS (SELECT 1 FROM event u WHERE u.copy_id = %[1]s.copy_id AND u.copy_id <> '' AND u.seq > %[1]s.seq AND u.type = 'undone' AND json_extract(u.payload, '$.reverses') = %[1]s.seq)`, e)
	}
	return rows(v, "copies left aside", `WITH ended AS (
			SELECT copy_id, seq, patron_ref, occurred_at FROM event WHERE site_id = $1 AND type IN ('hold_over', 'hold_cancelled') AND copy_id <> ''
			UNION
			SELECT e.copy_id, e.seq, h.patron_ref, e.occurred_at FROM hold h JOIN event e ON e.copy_id = h.copy_id AND e.copy_id <> ''
			WHERE h.site_id = $1 AND h.status = 'fulfilled' AND h.copy_id IS NOT NULL AND e.type IN ('returned', 'hold_ready', 'copy_changed') AND instr(e.payload, h.id) > 0
				AND NOT EXISTS (SELECT 1 FROM loan l WHERE l.copy_id = h.copy_id AND l.patron_ref = h.patron_ref AND l.checked_out_at >= h.placed_at AND l.ended <> 'undone'))
		SELECT e.copy_id, e.patron_ref, e.occurred_at FROM ended e
		WHERE NOT `+undone("e")+` AND NOT EXISTS (
			SELECT 1 FROM event l WHERE l.copy_id = e.copy_id AND l.copy_id <> '' AND l.seq > e.seq AND l.type IN (`+handling+`) AND NOT `+undone("l")+`)
		ORDER BY e.seq, e.patron_ref`, []any{site}, func(row scanner) (a kiosk.LeftAside, err error) {
		err = row.Scan(&a.CopyID, &a.Ref, instantCol{&a.Since})
		return a, err
	})
}
