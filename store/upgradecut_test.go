package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"muontra/store/vfs"
)

// An upgrade that is cut anywhere is taken up again at the next start, and
// nothing of the old database is gone (F28).
func TestUpgradeCut(t *testing.T) {
	old, err := os.ReadFile(filepath.Join(databases, "schema-0001.db"))
	must(t, err)
	disk, err := vfs.New()
	must(t, err)
	dir := t.TempDir()
	must(t, lay(dir, vfs.Files{dbName: old}))
	loans, events := counted(t, dir)
	disk.Record()
	s, err := Open(t.Context(), dir, Options{VFS: disk.Name()})
	must(t, err)
	must(t, s.Close())
	log := disk.Stop()
	step := 1 + len(log)/12
	if underRace {
		step = 1 + len(log)/3
	}
	if long() {
		step = 1 + len(log)/120
	}
	n, tried, half := 0, 0, 0
	must(t, log.Cuts(vfs.Files{dbName: old}, 1, rand.New(rand.NewPCG(3, 4)), func(c vfs.Cut) error {
		if n++; n%step != 0 {
			return nil
		}
		tried++
		dir := t.TempDir()
		// A copy that was being made when the power went is no database yet.
		files := vfs.Files{}
		for _, name := range []string{dbName, dbName + "-wal", dbName + "-journal"} {
			if content, ok := c.Files[name]; ok {
				files[name] = content
			}
		}
		must(t, lay(dir, files))
		if have := schemaAt(t, dir); have > 1 && have < lastSchema(t) {
			half++
		}
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Errorf("cut after operation %d, unflushed %s: %v", c.After, c.Kind, err)
			return nil
		}
		clean(t, s)
		must(t, s.Close())
		if l, e := counted(t, dir); l != loans || e != events {
			t.Errorf("cut after operation %d, unflushed %s: %d loans and %d events, there were %d and %d", c.After, c.Kind, l, e, loans, events)
		}
		return nil
	}))
	t.Logf("%d of %d cuts tried, %d of them between two steps", tried, n, half)
	if tried < 2 {
		t.Errorf("only %d cuts tried", tried)
	}
}

// counted is how many loans and events the folder's database has.
func counted(t *testing.T, dir string) (loans, events int) {
	t.Helper()
	must(t, rawDB(t, dir).QueryRow("SELECT (SELECT count(*) FROM loan), (SELECT count(*) FROM event)").Scan(&loans, &events))
	return loans, events
}

func schemaAt(t *testing.T, dir string) (n int) {
	t.Helper()
	must(t, rawDB(t, dir).QueryRow("PRAGMA user_version").Scan(&n))
	return n
}

func lastSchema(t *testing.T) int {
	t.Helper()
	steps, err := migrations(migrationFiles)
	must(t, err)
	return len(steps)
}
