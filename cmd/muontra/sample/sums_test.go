//go:build !race

package sample

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/store"
)

// faults are the sums of a sheet that do not agree, by part and column.
func faultsOf(t *testing.T, b built, name string) map[string]register.Fault {
	t.Helper()
	all := map[string]register.Fault{}
	b.view(t, func(v kiosk.View) error {
		src, parts := openSheet(t, v, b.now, name, register.Ask{})
		for _, p := range parts {
			faults, err := src.Faults(&p)
			if err != nil {
				return err
			}
			for _, f := range faults {
				key := f.Part + "/" + f.Column
				if f.Line != "" {
					key = f.Part + "/" + f.Line
				}
				all[key] = f
			}
		}
		return nil
	})
	return all
}

// Every part that has a sum has a second way of counting it; in the sample school they
// agree; and when somebody changes one row in the file behind the program's back, the
// sheet that stands on it says which sum is wrong.
func TestACorruptRowIsSeenOnItsSheet(t *testing.T) {
	dir := t.TempDir()
	var st *store.Store
	b := buildOn(t, func(now func() time.Time) kiosk.Ledger {
		var err error
		if st, err = store.Open(t.Context(), dir, store.Options{Now: now}); err != nil {
			t.Fatal(err)
		}
		return st
	}, "2026-11-20", small)
	defer st.Close()
	addPapers(t, b)

	b.view(t, func(v kiosk.View) error {
		for _, sh := range register.Sheets() {
			_, parts := openSheet(t, v, b.now, sh.Name, register.Ask{})
			for _, p := range parts {
				sums, told := false, p.Proof != nil || p.ProofOf != nil
				for _, c := range p.Columns {
					sums = sums || c.Sum
				}
				if sums && !told && !p.Optional {
					t.Errorf("%s %q has sums that nothing proves", sh.Name, p.Key)
				}
			}
		}
		return nil
	})
	for _, sh := range register.Sheets() {
		if faults := faultsOf(t, b, sh.Name); len(faults) > 0 {
			t.Errorf("%s: %v", sh.Name, faults)
		}
	}
	if t.Failed() {
		return
	}

	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "muontra.db")+"?_pragma=busy_timeout(20000)&_pragma=foreign_keys(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run := func(q string) {
		t.Helper()
		r, err := db.Exec(q)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if n, err := r.RowsAffected(); err != nil || n != 1 {
			t.Fatalf("%s: %d rows, %v", q, n, err)
		}
	}
	for _, c := range []struct {
		sheet, fault string
		spoil, mend  string
	}{
		{"class-corners", "use/readings", `UPDATE reading SET record = json_set(record, '$.count', json_extract(record, '$.count') + 1) WHERE id = (SELECT min(id) FROM reading)`, `UPDATE reading SET record = json_set(record, '$.count', json_extract(record, '$.count') - 1) WHERE id = (SELECT min(id) FROM reading)`},
		{"class-corners", "own/copies", `UPDATE own_books SET record = json_set(record, '$.quantity', 10)`, `UPDATE own_books SET record = json_set(record, '$.quantity', 9)`},
		{"class-corners", "handover/copies", `UPDATE deposit_copy SET record = json_set(record, '$.end', 'undone') WHERE id = (SELECT max(id) FROM deposit_copy WHERE ended = '')`, `UPDATE deposit_copy SET record = json_set(record, '$.end', '') WHERE id = (SELECT max(id) FROM deposit_copy WHERE ended = 'undone')`},
		{"rotations", "/copies_moved", `UPDATE rotation SET record = json_set(record, '$.moves[0].out', json_extract(record, '$.moves[0].out') + 1)`, `UPDATE rotation SET record = json_set(record, '$.moves[0].out', json_extract(record, '$.moves[0].out') - 1)`},
		{"introductions", "/people", `UPDATE activity SET record = json_set(record, '$.people', 3000) WHERE kind = 'introduction'`, `UPDATE activity SET record = json_set(record, '$.people', 300) WHERE kind = 'introduction'`},
		{"serials", "/copies", `UPDATE issue SET count = 2 WHERE id = (SELECT min(id) FROM issue WHERE status = 'received' AND count = 1)`, `UPDATE issue SET count = 1 WHERE count = 2`},
		{"textbook-survey", "round1/full", `UPDATE survey SET record = json_set(record, '$.full', json_extract(record, '$.full') + 1) WHERE id = (SELECT min(id) FROM survey)`, `UPDATE survey SET record = json_set(record, '$.full', json_extract(record, '$.full') - 1) WHERE id = (SELECT min(id) FROM survey)`},
		{"textbook-survey", "needs/own", `UPDATE survey SET record = json_set(record, '$.lines[0].own', json_extract(record, '$.lines[0].own') - 1) WHERE id = (SELECT min(id) FROM survey)`, `UPDATE survey SET record = json_set(record, '$.lines[0].own', json_extract(record, '$.lines[0].own') + 1) WHERE id = (SELECT min(id) FROM survey)`},
		{"donors", "gifts/copies", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"donors", "classes/copies", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"donors", "gifts/copies", `UPDATE activity SET record = json_set(record, '$.taken', 6) WHERE kind = 'gift' AND json_extract(record, '$.taken') = 5`, `UPDATE activity SET record = json_set(record, '$.taken', 5) WHERE kind = 'gift' AND json_extract(record, '$.taken') = 6`},
		{"donors", "classes/copies", `UPDATE activity SET record = json_remove(record, '$.receipt') WHERE json_extract(record, '$.receipt') <> ''`, `UPDATE activity SET record = json_set(record, '$.receipt', (SELECT receipt_id FROM receipt_line)) WHERE kind = 'gift' AND json_extract(record, '$.taken') = 2`},
		{"general-register", "in/copies", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"sector-figures", "/gifts", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"year", "figures/gifts", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"general-register", "remains/copies", `UPDATE copy_state SET status = 'withdrawn' WHERE copy_id = (SELECT min(copy_id) FROM copy_state WHERE status = 'available')`, ``},
	} {
		run(c.spoil)
		faults := faultsOf(t, b, c.sheet)
		if _, told := faults[c.fault]; !told {
			t.Errorf("%s does not tell of %s after %q: %v", c.sheet, c.fault, c.spoil, faults)
		}
		if c.mend == "" {
			continue
		}
		run(c.mend)
		if faults := faultsOf(t, b, c.sheet); len(faults) > 0 {
			t.Errorf("%s after it was mended: %v", c.sheet, faults)
		}
	}
}
