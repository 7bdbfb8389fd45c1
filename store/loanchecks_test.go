package store

import (
	"regexp"
	"strings"
	"testing"
)

// SQLite puts a list of more than two values after IN, in a CHECK or in an index's
// condition, into a table of its own each time that a row is written. A loan had seven
// words in such lists, which with those of the event was a tenth of each checkout
// (migration 0032): its row compares one by one, and no later migration may bring a
// list back. What an act writes is held so few for the same reason that [recent] is there.
func TestLoanChecksNoLists(t *testing.T) {
	list := regexp.MustCompile(`(?i)\bIN\s*\(([^()]*)\)`)
	long := func(sql string) (found string) {
		for _, m := range list.FindAllStringSubmatch(sql, -1) {
			if strings.Count(m[1], ",") >= 2 || strings.Contains(strings.ToUpper(m[1]), "SELECT") {
				return m[0]
			}
		}
		return ""
	}
	for sql, want := range map[string]bool{
		`CHECK (type IN ('home', 'semester', 'year'))`:        true,
		"CHECK (type in (\n 'home',\n 'semester',\n 'year'))": true,
		`CHECK (type IN ('home', 'semester'))`:                false,
		`CHECK (type = 'home' OR type = 'semester')`:          false,
	} {
		if got := long(sql) != ""; got != want {
			t.Errorf("%s: %v", sql, got)
		}
	}
	s, _ := school(t)
	seen := 0
	rows, err := s.readDB.QueryContext(t.Context(), `SELECT type, name, sql FROM sqlite_schema WHERE tbl_name IN ('loan', 'answer') AND sql <> ''`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, name, sql string
		if err := rows.Scan(&kind, &name, &sql); err != nil {
			t.Fatal(err)
		}
		seen++
		if l := long(sql); l != "" {
			t.Errorf("%s %s has %s", kind, name, l)
		}
	}
	if rows.Err() != nil || seen < 6 {
		t.Errorf("%d tables and indexes, %v", seen, rows.Err())
	}
}
