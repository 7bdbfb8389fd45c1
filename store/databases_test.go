package store

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/databases anew for the present schema")

const databases = "../testdata/databases"

// TestWriteDatabase keeps a database of the present schema, made by the store
// itself. Run it with -update in the commit that releases a schema; older files
// stay as they are.
func TestWriteDatabase(t *testing.T) {
	steps, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(databases, fmt.Sprintf("schema-%04d.db", len(steps)))
	if !*update {
		if _, err := os.Stat(file); err != nil {
			t.Errorf("no database of the present schema is kept: run this test with -update: %v", err)
		}
		return
	}
	s, _ := lived(t)
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := s.CopyTo(t.Context(), file); err != nil {
		t.Fatal(err)
	}
}

// TestEveryReleasedSchemaOpens opens a copy of each database that was kept,
// which migrates it, and checks it.
func TestEveryReleasedSchemaOpens(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(databases, "*.db"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no databases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			dir := t.TempDir()
			copyFile(t, file, filepath.Join(dir, dbName))
			s := open(t, dir)
			clean(t, s)
			var loans, copies, receipts int
			db := rawDB(t, dir)
			if err := db.QueryRow("SELECT (SELECT count(*) FROM loan), (SELECT count(*) FROM copy), (SELECT count(*) FROM receipt)").Scan(&loans, &copies, &receipts); err != nil {
				t.Fatal(err)
			}
			if loans == 0 || copies == 0 || receipts == 0 && filepath.Base(file) >= "schema-0002.db" {
				t.Errorf("%d loans of %d copies, %d receipts: nothing came through", loans, copies, receipts)
			}
		})
	}
}
