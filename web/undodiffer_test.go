package web_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"muontra/kiosk/kiosktest"
)

func (w *undoWalk) rows() map[string]map[string]string {
	all := w.o.config.Ledger.(*kiosktest.Memory).Rows()
	if a, has := w.o.config.Photos.(*album); has {
		all["photos"] = map[string]string{}
		for card, jpeg := range a.of {
			all["photos"][card] = fmt.Sprintf("%x", sha256.Sum256(jpeg))
		}
	}
	if d, has := w.o.config.Scanners.(*scannerTable); has {
		all["scanners"] = d.rows()
	}
	return all
}

// differ says where two states of a ledger are not the same. What came into being
// and was ended again is as if it had not been; times at which something was written
// and what is counted of writing are no part of how things are.
func differ(before, after map[string]map[string]string) (all []string) {
	for _, table := range slices.Sorted(maps.Keys(after)) {
		was, is := before[table], after[table]
		for _, key := range slices.Sorted(maps.Keys(is)) {
			old, had := was[key]
			switch {
			case had && bareRow(old) == bareRow(is[key]), !had && ended(is[key]):
			case had:
				all = append(all, table+": "+changedIn(old, is[key]))
			default:
				all = append(all, fmt.Sprintf("%s: %.700s is new", table, is[key]))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(was)) {
			if _, has := is[key]; !has {
				all = append(all, fmt.Sprintf("%s: %.500s is gone", table, was[key]))
			}
		}
	}
	return all
}

// changedIn are the parts of a row that are not what they were.
func changedIn(old, now string) string {
	var a, b map[string]any
	if json.Unmarshal([]byte(old), &a) != nil || json.Unmarshal([]byte(now), &b) != nil {
		return fmt.Sprintf("%.300s became %.300s", old, now)
	}
	var all []string
	for _, k := range slices.Sorted(maps.Keys(b)) {
		if was, is := fmt.Sprint(a[k]), fmt.Sprint(b[k]); was != is {
			all = append(all, fmt.Sprintf("%s %.200s became %.200s", k, was, is))
		}
	}
	return strings.Join(all, ", ")
}

// bareRow is a row without the times at which it was written.
func bareRow(row string) string {
	var m map[string]any
	if json.Unmarshal([]byte(row), &m) != nil {
		return row
	}
	for _, k := range []string{"changed_at", "updated_at", "ChangedAt", "UpdatedAt"} {
		delete(m, k)
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// ended reports whether a row that is new is one that counts no more.
func ended(row string) bool {
	var m map[string]any
	if json.Unmarshal([]byte(row), &m) != nil {
		return row == `""`
	}
	for k, v := range m {
		s, _ := v.(string)
		switch strings.ToLower(k) {
		case "removed", "withdrawn", "closed", "dropped", "disabled", "undone", "ended", "given_back", "givenback":
			if v == true || s != "" && !strings.HasPrefix(s, "0001-") {
				return true
			}
		case "end", "status":
			if slices.Contains([]string{"undone", "cancelled", "expired", "dropped", "withdrawn"}, s) {
				return true
			}
		case "quantity": // of a line of a receipt
			if v == 0.0 {
				return true
			}
		}
	}
	return false
}
