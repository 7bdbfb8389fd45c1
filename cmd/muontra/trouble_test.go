package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
	"muontra/web"
	"muontra/web/words"
)

// A database that cannot be served is told on the page, in words that say what to
// do, nothing is taken that would be lost, and the file stays as it was (F05 to
// F08).
func TestTroubleIsToldOnThePage(t *testing.T) {
	overwrite := func(t *testing.T, file, with string, at int64) {
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteAt([]byte(with), at); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, kind string
		harm       func(t *testing.T, file string)
	}{
		{"zero bytes", "lost", func(t *testing.T, file string) { mustDo(t, os.Truncate(file, 0)) }},
		{"deleted", "lost", func(t *testing.T, file string) { mustDo(t, os.Remove(file)) }},
		{"truncated", "damaged", func(t *testing.T, file string) { mustDo(t, os.Truncate(file, 8192)) }},
		{"header overwritten", "foreign", func(t *testing.T, file string) { overwrite(t, file, "garbage garbage!", 0) }},
		{"first page damaged behind its header", "damaged", func(t *testing.T, file string) { overwrite(t, file, strings.Repeat("\xff", 900), 100) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := t.TempDir()
			withFolder(t, data, func(st *store.Store) {
				w := kiosktest.NewWorld(t, st, "2026-11-25 09:00:00")
				w.Patron(kiosk.Pupil, "HS1", "Mẫu Văn An", "3A", 3)
				mustDo(t, st.CopyTo(t.Context(), filepath.Join(data, "backups", "muontra-20261125T020000Z.db")))
			})
			file := filepath.Join(data, store.FileName)
			c.harm(t, file)
			before, _ := os.ReadFile(file)
			d := startTroubled(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
			status, page := get(t, d.url+"/kiosk/desk")
			for _, want := range []string{words.T(words.VI, "trouble."+c.kind), words.T(words.VI, "trouble."+c.kind+".do"), data, "muontra-20261125T020000Z.db", "muontra restore"} {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			if status != http.StatusServiceUnavailable {
				t.Errorf("the page is %d", status)
			}
			if status, body := get(t, d.url+"/healthz"); status != http.StatusServiceUnavailable {
				t.Errorf("healthz %d %s", status, body)
			}
			var e struct {
				Error struct{ Code, Message string }
			}
			if status := d.post("/api/v1/stations/desk/scans", map[string]string{"code": "HS1"}, &e); status != http.StatusServiceUnavailable || e.Error.Code != "trouble" || e.Error.Message == "" {
				t.Errorf("a scan: %d %+v", status, e)
			}
			if status, body := get(t, d.url+"/catalogue"); status == http.StatusOK {
				t.Errorf("the catalogue of a damaged database: %s", body)
			}
			if code := d.stop(); code != exitFailed {
				t.Errorf("ended with %d", code)
			}
			if after, _ := os.ReadFile(file); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

// Every kind of trouble has its words in each language.
func TestTroubleHasWords(t *testing.T) {
	for _, kind := range web.TroubleKinds {
		for _, l := range words.Langs {
			for _, key := range []string{"trouble." + kind, "trouble." + kind + ".text", "trouble." + kind + ".do"} {
				if !words.Has(l, key) {
					t.Errorf("%s has no words for %s", l, key)
				}
			}
		}
	}
}

// Two daemons on one folder: the second refuses, in words, and the first goes on
// (F30).
func TestSecondDaemonRefuses(t *testing.T) {
	data := t.TempDir()
	d := startDaemon(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	c := runCLI(t, "", "serve", "--data", data, "--listen", "127.0.0.1:0")
	if c.code != exitFailed || !strings.Contains(c.stderr, "đang chạy") || c.stdout != "" {
		t.Errorf("the second: %+v", c)
	}
	if status, body := get(t, d.url+"/healthz"); status != http.StatusOK {
		t.Errorf("the first: %d %s", status, body)
	}
}

// startTroubled is startDaemon for one that is expected to end with exit 1.
func startTroubled(t *testing.T, args ...string) *daemon {
	t.Helper()
	d := launch(t, args...)
	t.Cleanup(func() { d.stop() })
	return d
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func mustDo(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
