package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
	"muontra/web/password"
)

// From an empty folder to a child's first loan, by the README's way.
func TestFromListsToTheFirstLoan(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	pupils, books := testdata(t, "imports", "danh-sach-hoc-sinh.xlsx"), testdata(t, "imports", "danh-sach-sach.xlsx")
	for _, x := range []struct{ what, file string }{{"patrons", pupils}, {"titles", books}} {
		dry := runCLI(t, "", "import", x.what, x.file, "--data", data, "--dry-run")
		if dry.code != exitDone || strings.HasPrefix(dry.lastLine(), "0 added") {
			t.Fatalf("dry run: %+v", dry)
		}
		first := runCLI(t, "", "import", x.what, x.file, "--data", data)
		if first.code != exitDone || first.lastLine() != dry.lastLine() {
			t.Fatalf("import: %+v, dry run said %s", first, dry.lastLine())
		}
		again := runCLI(t, "", "import", x.what, x.file, "--data", data)
		if again.code != exitDone || !strings.HasPrefix(again.lastLine(), "0 added, 0 updated") {
			t.Fatalf("the same file twice: %+v", again)
		}
	}
	card, book := firstOf(t, data, "patrons", "card_number", ""), firstOf(t, data, "copies", "barcode", ",TN.")

	d := startDaemon(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	out := runCLI(t, "", "scan", "--url", d.url, card, book, "%FINISH", "4711")
	got := []string{}
	for l := range strings.Lines(out.stdout) {
		got = append(got, strings.Split(l, "\t")[1])
	}
	if out.code != exitDone || strings.Join(got, " ") != "session_opened checked_out session_ended refused" {
		t.Errorf("%+v", out)
	}
	// Data commands work beside the running daemon.
	if c := runCLI(t, "", "check", "--data", data); c.code != exitDone || c.stdout != "ok\n" {
		t.Errorf("check: %+v", c)
	}
	loans := filepath.Join(t.TempDir(), "loans.csv")
	if c := runCLI(t, "", "export", "loans", "--data", data, "--out", loans); c.code != exitDone {
		t.Errorf("export: %+v", c)
	}
	if b, err := os.ReadFile(loans); err != nil || !strings.HasPrefix(string(b), "\ufeff") || strings.Count(string(b), "\n") != 2 || !strings.Contains(string(b), book) {
		t.Errorf("exported loans: %v %q", err, b)
	}
	second := runCLI(t, "", "serve", "--data", data, "--listen", "127.0.0.1:0", "--lang", "en")
	if second.code != exitFailed || !strings.Contains(second.stderr, "another muontra is running") {
		t.Errorf("a second daemon on the folder: %+v", second)
	}
	if code := d.stop(); code != exitDone {
		t.Errorf("the daemon ended with %d", code)
	}
	info, err := os.Stat(data)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data folder: %v %v", info.Mode(), err)
	}
}

// firstOf is a column of the first row of an export that contains the text.
func firstOf(t *testing.T, data, what, column, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), what+".csv")
	if c := runCLI(t, "", "export", what, "--data", data, "--keys", "--out", file); c.code != exitDone {
		t.Fatalf("export: %+v", c)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimPrefix(string(b), "\ufeff"), "\n")
	for i, h := range strings.Split(strings.TrimSpace(rows[0]), ",") {
		if h != column {
			continue
		}
		for _, row := range rows[1:] {
			if strings.Contains(row, text) {
				return strings.Split(strings.TrimSpace(row), ",")[i]
			}
		}
	}
	t.Fatalf("no %s in %s with %q", column, rows[0], text)
	return ""
}

func TestWrongUse(t *testing.T) {
	data := t.TempDir()
	notABook := filepath.Join(t.TempDir(), "x.xlsx")
	if err := os.WriteFile(notABook, []byte("this is no workbook"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		args string
		code int
		says string
	}{
		{"dance", exitUsage, "dance"},
		{"serve --nothing", exitUsage, "-nothing"},
		{"serve extra", exitUsage, "extra"},
		{"serve --listen http://0.0.0.0:0 --data " + data, exitFailed, "--insecure-lan"},
		{"serve --tls-cert x.pem --data " + data, exitUsage, "--tls-key"},
		{"serve --listen https://127.0.0.1:0 --tls-cert " + notABook + " --tls-key " + notABook + " --data " + data, exitFailed, "--tls-cert"},
		{"serve --station Bad_Name --data " + data, exitUsage, "Bad_Name"},
		{"serve --station practice --listen 127.0.0.1:0 --data " + data, exitFailed, "practice"},
		{"serve --hid nonsense --data " + data, exitUsage, "nonsense"},
		{"serve --serial COM1@fast --data " + data, exitUsage, "fast"},
		{"scan", exitUsage, "scan"},
		{"scan --url nonsense X", exitUsage, "nonsense"},
		{"scan --url http://127.0.0.1:1 X", exitFailed, "127.0.0.1:1"},
		{"import", exitUsage, "import"},
		{"import people x.csv", exitUsage, "people"},
		{"import patrons /no/such/file.xlsx --data " + data, exitFailed, "/no/such/file.xlsx"},
		{"import patrons " + notABook + " --data " + data, exitFailed, "x.xlsx"},
		{"import patrons " + notABook + " --rejects " + notABook + " --data " + data, exitUsage, "--rejects"},
		{"import patrons " + notABook + " --rejects x.pdf --data " + data, exitUsage, "x.pdf"},
		{"import patrons " + notABook + " --rejects /no/such/x.csv --data " + data, exitUsage, "/no/such/x.csv"},
		{"export patrons --data " + data, exitUsage, "--out"},
		{"export people --out x.csv", exitUsage, "people"},
		{"user add", exitUsage, "user add"},
		{"user add minh --role king --password-stdin", exitUsage, "king"},
		{"user add minh --data " + data, exitUsage, "--password-stdin"},
		{"labels copies --data " + data + " --out x.doc", exitUsage, "x.doc"},
		{"labels copies --data " + data + " --stock nothing --out x.pdf", exitUsage, "nothing"},
		{"labels copies --data " + data + " --accession TK.00001..TK.00002 --out " + filepath.Join(data, "x.pdf"), exitFailed, ""},
		{"check --data " + filepath.Join(data, "none"), exitFailed, "none"},
		{"devices --watch --url http://127.0.0.1:1", exitFailed, "127.0.0.1:1"},
	} {
		for _, lang := range []string{"vi", "en"} {
			c := runCLI(t, "longenough\n", append(strings.Fields(x.args), "--lang", lang)...)
			if c.code != x.code || !strings.HasPrefix(lastLine(c.stderr), "muontra: ") || !strings.Contains(c.stderr, x.says) {
				t.Errorf("muontra %s (%s): exit %d, want %d; %s", x.args, lang, c.code, x.code, c.stderr)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(data, "x.pdf")); err == nil {
		t.Error("a selection that matches nothing wrote a file")
	}
}

func lastLine(s string) string {
	l := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return l[len(l)-1]
}

func TestUserAdd(t *testing.T) {
	data := t.TempDir()
	add := func(name, pw string) cli {
		return runCLI(t, pw+"\n", "user", "add", name, "--role", "librarian", "--password-stdin", "--data", data)
	}
	if c := add("Thuthu", "mat-khau-dai"); c.code != exitDone {
		t.Fatalf("%+v", c)
	}
	if c := add("thuthu", "mat-khau-khac"); c.code != exitFailed {
		t.Errorf("a name twice: %+v", c)
	}
	if c := add("ngan", "ngan"); c.code != exitFailed {
		t.Errorf("a short password: %+v", c)
	}
	if c := add("chung", "Mật khẩu 123"); c.code != exitFailed || !strings.Contains(c.stderr, "đoán ra") {
		t.Errorf("a common password: %+v", c)
	}
}

// A forgotten password: the command line gives another, once.
func TestUserReset(t *testing.T) {
	data := t.TempDir()
	if c := runCLI(t, "mat-khau-dai\n", "user", "add", "thuthu", "--role", "librarian", "--password-stdin", "--data", data); c.code != exitDone {
		t.Fatalf("%+v", c)
	}
	if c := runCLI(t, "", "user", "reset", "nobody", "--data", data); c.code != exitFailed {
		t.Errorf("nobody: %+v", c)
	}
	c := runCLI(t, "", "user", "reset", "Thuthu", "--data", data)
	m := regexp.MustCompile(`: ([a-z0-9]{5}-[a-z0-9]{5})\n$`).FindStringSubmatch(c.stdout)
	if c.code != exitDone || m == nil {
		t.Fatalf("%+v", c)
	}
	st, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	err = st.View(t.Context(), func(v kiosk.View) error {
		a, err := v.AccountByName("thuthu")
		if !a.MustChange || !password.Verify(a.PasswordHash, m[1]) || password.Verify(a.PasswordHash, "mat-khau-dai") {
			t.Errorf("account %+v", a)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVersionAndHelp(t *testing.T) {
	if c := runCLI(t, "", "version"); c.code != exitDone || !strings.HasPrefix(c.stdout, "muontra ") {
		t.Errorf("%+v", c)
	}
	for _, lang := range []string{"vi", "en"} {
		c := runCLI(t, "", "help", "--lang", lang)
		for _, cmd := range commands {
			if !strings.Contains(c.stdout, "muontra "+cmd.name) {
				t.Errorf("help (%s) does not name %s", lang, cmd.name)
			}
		}
	}
}

// Every sentence has both languages and the same facts in the same order.
func TestSentences(t *testing.T) {
	verbs := func(s string) string {
		var v []string
		for i := 0; i+1 < len(s); i++ {
			if s[i] == '%' {
				v = append(v, s[i:i+2])
				i++
			}
		}
		return strings.Join(v, " ")
	}
	for key, w := range sentences {
		if w.vi == "" || w.en == "" || verbs(w.vi) != verbs(w.en) {
			t.Errorf("%s: %q and %q do not carry the same facts", key, w.vi, w.en)
		}
	}
	src, err := exec.Command("grep", "-ohE", `(sentence|wrong)\("[a-z_]+"`, "-r", "--include=*.go", ".").Output()
	if err != nil {
		t.Skipf("no grep: %v", err)
	}
	for l := range strings.Lines(string(src)) {
		_, key, _ := strings.Cut(strings.TrimSpace(l), `("`)
		key = strings.TrimSuffix(key, `"`)
		if _, ok := sentences[key]; !ok && key != "help_" {
			t.Errorf("no sentence %q", key)
		}
	}
}

func TestDevicesLists(t *testing.T) {
	if c := runCLI(t, "", "devices"); c.code != exitDone {
		t.Errorf("%+v", c)
	}
}

func TestDemoLends(t *testing.T) {
	if slow {
		t.Skip("the whole sample school takes minutes under the race detector; its parts are tested in package sample")
	}
	data := filepath.Join(t.TempDir(), "data")
	d := startDaemon(t, "demo", "--data", data, "--listen", "127.0.0.1:0")
	get := func(what string) string {
		for {
			for l := range strings.Lines(d.out.String()) {
				if f := strings.Split(strings.TrimSpace(l), "\t"); f[0] == what {
					return f[1]
				}
			}
			<-d.out.grew
		}
	}
	get("on-loan-copy") // the last line
	if r := d.scan("desk", get("card")); r.Outcome != kiosk.SessionOpened {
		t.Errorf("%+v", r)
	}
	if r := d.scan("desk", get("copy")); r.Outcome != kiosk.CheckedOut {
		t.Errorf("%+v", r)
	}
	if r := d.scan("desk", get("on-site-copy")); r.Reason != kiosk.ReasonOnSiteOnly {
		t.Errorf("%+v", r)
	}
	if r := d.scan("desk", get("overdue-card")); r.Outcome != kiosk.SessionOpened {
		t.Errorf("%+v", r)
	}
	if r := d.scan("desk", get("copy")); r.Reason != kiosk.ReasonOnLoanToOther {
		t.Errorf("%+v", r)
	}
	if r := d.scan("desk", get("blocked-card")); r.Reason != kiosk.ReasonCardBlocked {
		t.Errorf("%+v", r)
	}
	d.stop()
	withFolder(t, data, func(st *store.Store) { sumsAgree(t, st, time.Now()) })
}

// A card bears the photo that lies in the data folder under its number, and a
// link out of the folder is not followed.
func TestPhotosOnCards(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	withFolder(t, data, func(st *store.Store) {
		w := kiosktest.NewWorld(t, st, "2026-11-24 09:00:00")
		w.Patron(kiosk.Pupil, "20000014", "Mẫu Văn An", "3A", 3)
	})
	size := func() int64 {
		out := filepath.Join(t.TempDir(), "cards.pdf")
		if c := runCLI(t, "", "labels", "cards", "--data", data, "--out", out); c.code != exitDone {
			t.Fatalf("%+v", c)
		}
		info, err := os.Stat(out)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	without := size()
	if err := os.Mkdir(filepath.Join(data, "photos"), 0o700); err != nil {
		t.Fatal(err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, 300, 400))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i * 7)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(data, "photos", "20000014.png")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if with := size(); with <= without {
		t.Errorf("%d bytes with a photo, %d without", with, without)
	}
	outside := filepath.Join(t.TempDir(), "outside.png")
	if err := os.Rename(file, outside); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, file); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if c := runCLI(t, "", "labels", "cards", "--data", data, "--out", filepath.Join(t.TempDir(), "x.pdf")); c.code == exitDone {
		t.Error("a link out of the photos' folder was followed")
	}
}
