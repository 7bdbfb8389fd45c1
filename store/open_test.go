package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// rawDB opens a store's file as somebody with an SQL shell would.
func rawDB(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, dbName), Options{}.withDefaults()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t testing.TB, db *sql.DB, q string, args ...any) {
	t.Helper()
	if _, err := db.Exec(q, args...); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func TestOpenAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dữ liệu 100% #1?")
	s := open(t, dir)
	p, err := kiosktest.School(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(kiosk.View) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("view of a closed store: %v", err)
	}
	if st, err := os.Stat(filepath.Join(dir, dbName+"-wal")); err == nil && st.Size() > 0 {
		t.Errorf("the log holds %d bytes after a clean close", st.Size())
	}
	s = open(t, dir)
	if err := s.View(t.Context(), func(v kiosk.View) error {
		m, err := v.MemberByCard(p.One.Card, kiosktest.Today)
		if m.Patron != p.One.Patron {
			t.Errorf("patron %+v", m)
		}
		st, err2 := v.Stations()
		if len(st) != 1 {
			t.Errorf("seeded again: %+v", st)
		}
		return errors.Join(err, err2)
	}); err != nil {
		t.Fatal(err)
	}
	clean(t, s)
}

func TestFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("file modes are not Windows's way")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if err := s.CopyTo(t.Context(), filepath.Join(dir, copies, "c.db")); err != nil {
		t.Fatal(err)
	}
	l, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Unlock()
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		st, err := d.Info()
		if err == nil && st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, st.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	write := func(content string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, dbName), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	made := func(change func(t *testing.T, dir string)) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := open(t, dir).Close(); err != nil {
				t.Fatal(err)
			}
			change(t, dir)
		}
	}
	for _, c := range []struct {
		name  string
		setUp func(t *testing.T, dir string)
		want  error
		says  string
	}{
		{"text", write(strings.Repeat("this is no database\n", 300)), ErrForeign, "backups/"},
		{"another program's database", func(t *testing.T, dir string) {
			mustExec(t, rawDB(t, dir), "CREATE TABLE notes (x)")
		}, ErrForeign, "another data folder"},
		{"another application's id", func(t *testing.T, dir string) {
			db := rawDB(t, dir)
			mustExec(t, db, "PRAGMA application_id=7")
			mustExec(t, db, "PRAGMA user_version=1")
		}, ErrForeign, "not a muontra database"},
		{"emptied", made(func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, dbName), 0); err != nil {
				t.Fatal(err)
			}
		}), ErrLost, "muontra.site"},
		{"deleted", made(func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, dbName)); err != nil {
				t.Fatal(err)
			}
		}), ErrLost, "backups/"},
		{"cut", made(func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, dbName), 8192); err != nil {
				t.Fatal(err)
			}
		}), ErrDamaged, "restore"},
		{"header overwritten", made(func(t *testing.T, dir string) {
			f, err := os.OpenFile(filepath.Join(dir, dbName), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt([]byte("garbage garbage!"), 0); err != nil {
				t.Fatal(err)
			}
		}), ErrForeign, "backups/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.setUp(t, dir)
			before, _ := os.ReadFile(filepath.Join(dir, dbName))
			s, err := Open(t.Context(), dir, Options{})
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("opened with %v, want %v", err, c.want)
			}
			if after, _ := os.ReadFile(filepath.Join(dir, dbName)); string(after) != string(before) {
				t.Error("the refused file was changed")
			}
		})
	}
}

func TestZeroBytesWithoutAMark(t *testing.T) {
	// A first start that was cut short leaves this; nothing was ever in it.
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, dbName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	clean(t, open(t, dir))
}

func TestNewerIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	mustExec(t, rawDB(t, dir), "PRAGMA user_version=99")
	_, err := Open(t.Context(), dir, Options{})
	var newer *NewerError
	if !errors.As(err, &newer) || newer.Have != 99 || !strings.Contains(err.Error(), "install the newer program") {
		t.Errorf("opened with %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, copies, "*")); len(files) != 0 {
		t.Errorf("made %v", files)
	}
}

// steps are the program's migrations with more of them after.
func steps(t *testing.T, more ...string) []migration {
	t.Helper()
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range more {
		all = append(all, migration{len(all) + 1, "test.sql", script})
	}
	return all
}

func TestMigrateCopiesFirst(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := kiosktest.School(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, dbName)
	opt := Options{}.withDefaults()
	if err := migrateTo(t.Context(), file, opt, steps(t, "CREATE TABLE later (x TEXT) STRICT", "CREATE TABLE latest (x TEXT) STRICT")); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := rawDB(t, dir).QueryRow("PRAGMA user_version").Scan(&n); err != nil || n != len(steps(t))+2 {
		t.Errorf("schema %d, %v", n, err)
	}
	made, _ := filepath.Glob(filepath.Join(dir, copies, "before-schema-*.db"))
	if len(made) != 1 {
		t.Fatalf("copies %v", made)
	}
	// The copy is the old database, whole.
	old := t.TempDir()
	if err := os.Rename(made[0], filepath.Join(old, dbName)); err != nil {
		t.Fatal(err)
	}
	clean(t, open(t, old))
}

func TestMigrationThatFailsChangesNothing(t *testing.T) {
	for name, script := range map[string]string{
		"wrong words": "CREATE TABLE later (x TEXT) STRICT; CREATE TABEL oops (x)",
		"orphans":     "CREATE TABLE child (x TEXT REFERENCES site (id)) STRICT; INSERT INTO child VALUES ('nobody')",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := open(t, dir).Close(); err != nil {
				t.Fatal(err)
			}
			err := migrateTo(t.Context(), filepath.Join(dir, dbName), Options{}.withDefaults(), steps(t, script))
			if err == nil || !strings.Contains(err.Error(), "test.sql") {
				t.Errorf("migrated: %v", err)
			}
			clean(t, open(t, dir)) // the old program opens it as before
		})
	}
}

func TestMigrationsAreNumbered(t *testing.T) {
	if _, err := migrations(fstest.MapFS{"migrations/0001_a.sql": {}, "migrations/0003_b.sql": {}}); err == nil {
		t.Error("a gap was not noticed")
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	a, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("second lock: %v", err)
	}
	open(t, dir) // data commands do not need it
	if err := a.Unlock(); err != nil {
		t.Fatal(err)
	}
	b, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Unlock(); err != nil {
		t.Fatal(err)
	}
}
