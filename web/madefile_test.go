package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/web"
)

// A file that was made for a reader lies in the data folder for a while: those of the
// newest few tasks, none when the program has ended, and none of a program that died.
func TestMadeFilesDoNotStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, left := range []string{"muontra-made-1.tmp", "excelize-2"} {
		if err := os.WriteFile(filepath.Join(dir, left), []byte("Mẫu Thị An"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "muontra.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	lying := func() (all []string) {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name() != "muontra.db" {
				all = append(all, e.Name())
			}
		}
		return all
	}
	// What was sent without a task is removed when its answer has gone out, which may be
	// a moment after it was read here.
	most := func(n int) {
		t.Helper()
		end := time.Now().Add(2 * time.Minute)
		for len(lying()) > n && time.Now().Before(end) {
			time.Sleep(10 * time.Millisecond)
		}
		if left := lying(); len(left) > n {
			t.Errorf("there are %q, want %d at most", left, n)
		}
	}
	o := newOffice(t, func(c *web.Config) { c.Scratch = dir })
	if left := lying(); len(left) > 0 {
		t.Errorf("of a program that died there is %q", left)
	}
	for i := range 6 {
		as := []string{"pdf", "xlsx"}[i%2]
		_, _, at := o.follow("/desk/registers/journal?behind=yes&as=" + as)
		at = strings.TrimSuffix(at, "/file")
		status, end := 0, time.Now().Add(2*time.Minute)
		for ; status != http.StatusOK && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			status, _, _ = o.follow(at + "/file")
		}
		if status != http.StatusOK {
			t.Fatalf("file %d of %s: %d", i+1, at, status)
		}
		if status, body := o.get("/desk/registers/journal?as=" + as); status != http.StatusOK || len(body) < 1000 {
			t.Errorf("%s without a task: %d, %d bytes", as, status, len(body))
		}
		if n := len(lying()); n == 0 {
			t.Errorf("after %d files none lies there", i+1)
		}
		most(4) // three that were kept, and the new one
	}
	o.web.Close()
	most(0)
}

// A file that the disk does not take is told on the task's page, with what to do.
func TestAFileThatTheDiskDoesNotTake(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *web.Config) { c.Scratch = filepath.Join(c.Scratch, "gone") })
	_, body, at := o.follow("/desk/registers/journal?as=pdf&behind=yes")
	const says = "Chưa ghi được tệp: ổ đĩa có thể đã đầy."
	for end := time.Now().Add(2 * time.Minute); !strings.Contains(body, says) && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		_, body, _ = o.follow(at)
	}
	if !strings.Contains(body, says) {
		t.Errorf("%s says nothing of it: %s", at, body)
	}
}
