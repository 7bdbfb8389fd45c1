package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"muontra/web"
)

// The running program keeps copies by itself, and what it says on the page is
// what lies in the folders.
func TestProgramKeepsCopies(t *testing.T) {
	dir, stick := t.TempDir(), t.TempDir()
	p := startProgram(t, programConfig{data: dir})
	b := backups{p.keeper}
	for deadline := time.Now().Add(patience); b.State().Rehearsed.IsZero() || p.selfChecked().Quick.IsZero(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no copy of its own: %+v", b.State())
		}
	}
	if s := b.State(); s.Local.IsZero() || s.LocalTrouble+s.RehearsalTrouble != "" || s.HasKey {
		t.Errorf("the first copy: %+v", s)
	}
	if s, err := b.Secret(); s != "" || err != nil {
		t.Errorf("a secret before a key: %v", err)
	}
	for folder, code := range map[string]string{filepath.Join(stick, "none"): "missing", dir: "inside"} {
		var wrong *web.FolderError
		if err := b.Choose(t.Context(), folder); !errors.As(err, &wrong) || wrong.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	if err := b.Choose(t.Context(), stick); err != nil {
		t.Fatal(err)
	}
	steps := 0
	if err := b.Now(t.Context(), func(done, total int) { steps = total - done }); err != nil || steps != 0 {
		t.Fatalf("now: %v, %d steps left", err, steps)
	}
	s := b.State()
	if s.Outside.IsZero() || s.OutsideTrouble != "" || !s.HasKey || s.Printed || filepath.Ext(s.RehearsedFile) != ".age" {
		t.Errorf("outside: %+v", s)
	}
	if all, _ := filepath.Glob(filepath.Join(stick, "muontra-*.db.age")); len(all) != 1 || filepath.Base(all[0]) != s.RehearsedFile {
		t.Errorf("on the stick: %v", all)
	}
	if info, err := os.Stat(filepath.Join(dir, "backup.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("what it remembers: %v %v", info, err)
	}
	if q := p.selfChecked(); q.Faults != 0 || q.Trouble != "" || q.Restarts != 0 {
		t.Errorf("the self-check: %+v", q)
	}
}
