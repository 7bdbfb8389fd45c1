package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muontra/store/backup"
)

// A copy made beside the running daemon, the daemon's refusal of a restore, and
// the restore by the recovery sheet on another PC.
func TestBackupAndRestoreCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "school")
	stick := t.TempDir()
	d := startDaemon(t, "serve", "--data", dir, "--listen", "127.0.0.1:0")
	out := filepath.Join(stick, "a.db.age")
	if c := runCLI(t, "", "backup", "--data", dir, "--out", out); c.code != exitDone || !strings.Contains(c.stdout, out) {
		t.Fatalf("backup: %+v", c)
	}
	for _, x := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"backup", "--data", dir}, exitUsage, "--out"},
		{[]string{"backup", "--data", dir, "--out", out}, exitFailed, "đã có"},
		{[]string{"backup", "--data", dir, "--out", filepath.Join(stick, "none", "a.db")}, exitFailed, "không sao lưu được"},
		{[]string{"backup", "--data", t.TempDir(), "--out", filepath.Join(stick, "b.db")}, exitFailed, "không có dữ liệu"},
		{[]string{"restore", "--data", dir, out}, exitFailed, "muontra stop"},
		{[]string{"restore", "--data", dir}, exitUsage, "đúng một"},
		{[]string{"restore", "--data", t.TempDir(), out}, exitFailed, "--key"},
		{[]string{"restore", "--data", t.TempDir(), filepath.Join(stick, "none.db")}, exitFailed, "không có tệp"},
	} {
		if c := runCLI(t, "", x.args...); c.code != x.code || !strings.Contains(c.stderr, x.says) {
			t.Errorf("%v: %+v", x.args, c)
		}
	}
	d.stop()
	sheet := filepath.Join(stick, "sheet.txt")
	b, err := os.ReadFile(filepath.Join(dir, backup.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sheet, b, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other")
	if c := runCLI(t, "", "restore", "--data", other, "--key", sheet, out); c.code != exitDone {
		t.Fatalf("restore: %+v", c)
	}
	if c := runCLI(t, "", "restore", "--data", dir, out); c.code != exitDone || !strings.Contains(c.stdout, "muontra-before-restore-") {
		t.Fatalf("restore over a school: %+v", c)
	}
	for _, x := range []string{dir, other} {
		if c := runCLI(t, "", "check", "--data", x); c.code != exitDone {
			t.Errorf("check: %+v", c)
		}
	}
}
