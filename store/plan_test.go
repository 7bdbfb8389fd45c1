package store

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// The past of one patron, copy or title is found by an index of its own: by the
// log's order the newest few of them would be looked for in all of it.
func TestPastUsesIndexes(t *testing.T) {
	s, p := school(t)
	err := s.Update(t.Context(), func(tx kiosk.Tx) error {
		_, err := tx.ChangesOf(p.One.ID, 5)
		_, err2 := tx.EventsOfCopy(p.Story.ID, 5)
		_, err3 := tx.EventsOfTitle(p.Story.TitleID, 5)
		return errors.Join(err, err2, err3)
	})
	if err != nil {
		t.Fatal(err)
	}
	ses := <-s.writer
	defer func() { s.writer <- ses }()
	for part, index := range map[string]string{"'patron_changed'": "event_of_patron", "copy_id = $2": "event_copy", "edited.title') =": "event_title ", "edited.other') =": "event_title_other"} {
		found := false
		for q := range ses.stmts {
			if !strings.Contains(q, part) || !strings.Contains(q, "FROM event ") {
				continue
			}
			rs, err := ses.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q, make([]any, 3)...)
			if err != nil {
				t.Fatal(err)
			}
			for rs.Next() {
				var id, parent, unused int
				var detail string
				if err := rs.Scan(&id, &parent, &unused, &detail); err != nil {
					t.Fatal(err)
				}
				found = found || strings.Contains(detail+" ", "INDEX "+strings.TrimSpace(index)+" ")
			}
			rs.Close()
		}
		if !found {
			t.Errorf("%s is not found by %s", part, index)
		}
	}
}

// TestHotPathUsesIndexes asks SQLite how it runs every statement of a checkout
// and a return: none may read a whole table, or a scan would cost more with
// each loan that was ever made. The settings are read once and remembered, and
// a school has few of them.
func TestHotPathUsesIndexes(t *testing.T) {
	s, p := school(t)
	err := s.Update(t.Context(), func(tx kiosk.Tx) error {
		l, err := checkout(tx, p.One.Card, p.Story.Barcode, "c", kiosktest.Start)
		if err != nil {
			return err
		}
		if _, err := tx.Answer("desk", "c"); err != nil {
			return err
		}
		if _, err := tx.LastRecorded(); err != nil {
			return err
		}
		return giveBack(tx, l, kiosktest.Start)
	})
	if err != nil {
		t.Fatal(err)
	}
	settings := []string{"school_year", "policy", "closure", "recess", "calendar", "timetable"}
	ses := <-s.writer
	defer func() { s.writer <- ses }()
	looked := 0
	for q := range ses.stmts {
		if strings.HasPrefix(q, "PRAGMA") || strings.HasPrefix(q, "SAVEPOINT") || strings.HasPrefix(q, "RELEASE") || q == "COMMIT" {
			continue
		}
		if slices.ContainsFunc(settings, func(table string) bool { return strings.Contains(q, "FROM "+table+" ") }) {
			continue
		}
		n := 0 // parameters, numbered without gaps
		for strings.Contains(q, "$"+strconv.Itoa(n+1)) {
			n++
		}
		rs, err := ses.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q, make([]any, n)...)
		if err != nil {
			t.Errorf("%s: %v", q, err)
			continue
		}
		for rs.Next() {
			var id, parent, unused int
			var detail string
			if err := rs.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			// meta is one row; a virtual table's index "0:=" is its row number; what a
			// subquery gives is read through, and how it is found stands in its own line.
			if strings.HasPrefix(detail, "SCAN") && !strings.HasPrefix(detail, "SCAN (subquery") && !strings.Contains(detail, "CONSTANT ROW") && !strings.Contains(detail, "INDEX 0:=") && !strings.Contains(q, "FROM meta") {
				t.Errorf("%s\n\treads all: %s", q, detail)
			}
		}
		if err := rs.Err(); err != nil {
			t.Error(err)
		}
		rs.Close()
		looked++
	}
	if looked < 15 {
		t.Errorf("only %d statements were looked at", looked)
	}
}
