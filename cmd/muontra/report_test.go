package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// The command writes every register and report beside the running daemon, and says
// in words what it cannot make.
func TestReportCommand(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	st, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := kiosktest.NewWorld(t, st, time.Now().UTC().Add(-time.Hour).Format(time.DateTime))
	w.Patron("pupil", "20000001", "Mẫu Thị An", "2A", 2)
	w.Copy("30000001", "Truyện mẫu", "children", "")
	w.Copy("30000002", "=SUM(A1)", "reference", "")
	w.Lent("20000001", "30000001", w.Today().Add(7).String())
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	startDaemon(t, "serve", "--data", data, "--listen", "127.0.0.1:0")

	list := runCLI(t, "", "report", "list")
	names := map[string]bool{}
	for l := range strings.Lines(list.stdout) {
		name, title, ok := strings.Cut(strings.TrimSpace(l), "\t")
		if !ok || title == "" || strings.HasPrefix(title, "reg.") {
			t.Errorf("the list has %q", l)
		}
		names[name] = true
		pdf, xlsx := filepath.Join(dir, name+".pdf"), filepath.Join(dir, name+".xlsx")
		for _, file := range []string{pdf, xlsx} {
			if c := runCLI(t, "", "report", name, "--data", data, "--out", file); c.code != exitDone || c.stderr != "" {
				t.Errorf("%s: %+v", file, c)
			}
		}
		if b, err := os.ReadFile(pdf); err != nil || !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(b), []byte("%%EOF")) {
			t.Errorf("%s: %v", pdf, err)
		}
		if f, err := excelize.OpenFile(xlsx); err != nil {
			t.Errorf("%s: %v", xlsx, err)
		} else {
			f.Close()
		}
	}
	for _, n := range []string{"general-register", "accession-register", "textbook-register", "loans-pupils", "loans-teachers", "equipment-loans", "journal", "catalogue", "donors", "textbook-survey", "stocktake-minutes", "withdrawal-minutes", "targets", "self-assessment", "purchase-proposal", "bibliography", "pack"} {
		if !names[n] {
			t.Errorf("no %s in the list", n)
		}
	}
	if list.code != exitDone {
		t.Errorf("%+v", list)
	}
	f, err := excelize.OpenFile(filepath.Join(dir, "accession-register.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil || len(rows) < 2 || rows[1][2] != "'=SUM(A1)" && rows[1][2] != "=SUM(A1)" {
		t.Errorf("%v %q", err, rows)
	}
	if formula, _ := f.GetCellFormula(f.GetSheetList()[0], "C2"); formula != "" {
		t.Errorf("a title became the formula %q", formula)
	}
	out := filepath.Join(dir, "not.pdf")
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"nothing", "--out", out}, exitUsage},
		{[]string{"--out", out}, exitUsage},
		{[]string{"journal"}, exitUsage},
		{[]string{"journal", "--out", filepath.Join(dir, "not.doc")}, exitUsage},
		{[]string{"journal", "--from", "5/9", "--out", out}, exitUsage},
		{[]string{"journal", "--from", "2024-10-01", "--to", "2024-09-01", "--out", out}, exitUsage},
		{[]string{"journal", "--from", "2024-05-01", "--to", "2024-07-01", "--out", out}, exitUsage},
		{[]string{"journal", "--from", "2999-01-01", "--out", out}, exitUsage},
		{[]string{"loans-pupils", "--class", "9Z", "--out", out}, exitUsage},
		{[]string{"stocktake-minutes", "--of", "9/BB", "--out", out}, exitUsage},
		{[]string{"journal", "--of", "9/BB", "--out", out}, exitUsage},
		{[]string{"pack", "--sheets", "loans-pupils", "--out", out}, exitUsage},
		{[]string{"pack", "--from", "2024-10-01", "--to", "2024-09-01", "--out", out}, exitUsage},
		{[]string{"journal", "--out", filepath.Join(dir, "no", "such", "folder.pdf")}, exitFailed},
	} {
		for _, lang := range []string{"vi", "en"} {
			got := runCLI(t, "", append([]string{"report", "--data", data, "--lang", lang}, c.args...)...)
			if got.code != c.code || !strings.HasPrefix(got.stderr, "muontra: ") || strings.Contains(got.stderr, "reg.") || strings.Contains(got.stderr, "no such file or directory") || strings.Count(got.stderr, ":") < 2 {
				t.Errorf("%v: %+v, want exit %d and what to do", c.args, got, c.code)
			}
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written all the same")
	}
	if c := runCLI(t, "", "check", "--data", data); c.code != exitDone {
		t.Errorf("check: %+v", c)
	}
	if tool, err := exec.LookPath("pdftotext"); err != nil {
		t.Log("pdftotext is not here: the PDF's text is not read back")
	} else if text, err := exec.Command(tool, "-layout", filepath.Join(dir, "loans-pupils.pdf"), "-").Output(); err != nil || !strings.Contains(string(text), "Mẫu Thị An") || !strings.Contains(string(text), "Sổ mượn - trả của học sinh") {
		t.Errorf("%v: %s", err, text)
	}
}
