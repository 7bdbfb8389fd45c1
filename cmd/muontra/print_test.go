//go:build linux

package main

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png" // the renderer's pictures
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/devices/printer/printertest"
	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// vietnamese are titles whose marks show whether a printer has the letters.
var vietnamese = []string{"Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Đỗ quyên ẫm ờ ữ ỹ", "Ngõ nhỏ, phố nhỏ", "Kính vạn hoa"}

// labelled is a data folder with n copies that have Vietnamese titles.
func labelled(t *testing.T, n int) (data string, codes []string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	withFolder(t, data, func(st *store.Store) {
		w := kiosktest.NewWorld(t, st, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
		for i := range n {
			c := kiosk.CopySeries.Make(i + 1)
			w.Copy(c, vietnamese[i%len(vietnamese)], kiosk.Children, "")
			codes = append(codes, c)
		}
	})
	return data, codes
}

// tool is a program of another maker, or the test is skipped.
func tool(t *testing.T, name, debian string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("there is no %s here; on Debian: apt-get install %s", name, debian)
	}
	return p
}

func output(t *testing.T, path string, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stderr = &errs
	b, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", path, err, errs.String())
	}
	return string(b)
}

// A sheet of 65 through a real print system: what came out of it is read by
// programs that are not ours.
func TestSheetThroughIPP(t *testing.T) {
	t.Parallel()
	pdftoppm, pdftotext := tool(t, "pdftoppm", "poppler-utils"), tool(t, "pdftotext", "poppler-utils")
	zbarimg := tool(t, "zbarimg", "zbar-tools")
	kept := t.TempDir()
	target := printertest.IPPEverywhere(t, "-d", kept, "-k", "-f", "application/pdf")
	data, codes := labelled(t, 65)
	if c := runCLI(t, "", "printers", "add", "may-in", "--target", target, "--language", "pdf", "--stock", "a4-65", "--data", data); c.code != exitDone {
		t.Fatalf("%+v", c)
	}
	if c := runCLI(t, "", "labels", "copies", "--printer", "may-in", "--stock", "a4-65", "--data", data, "--wait", "1m"); c.code != exitDone {
		t.Fatalf("%+v", c)
	}
	sheets, err := filepath.Glob(filepath.Join(kept, "*.pdf"))
	if err != nil || len(sheets) != 1 {
		t.Fatalf("the printer has %v %v", sheets, err)
	}
	for _, dpi := range []string{"300", "600"} {
		picture := filepath.Join(t.TempDir(), "sheet")
		output(t, pdftoppm, "-r", dpi, "-gray", "-png", sheets[0], picture)
		pages, _ := filepath.Glob(picture + "*.png")
		if len(pages) != 1 {
			t.Fatalf("%d pages", len(pages))
		}
		read := strings.Fields(output(t, zbarimg, "-q", "--raw", pages[0]))
		slices.Sort(read)
		if !slices.Equal(read, codes) {
			t.Errorf("at %s dpi zbarimg reads %d of %d", dpi, len(read), len(codes))
		}
	}
	text := output(t, pdftotext, "-layout", sheets[0], "-")
	for _, want := range vietnamese[:2] {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %q", want)
		}
	}
	withFolder(t, data, func(st *store.Store) {
		err := st.View(t.Context(), func(v kiosk.View) error {
			return v.EachItem(func(i kiosk.Item) error {
				if !i.Labelled {
					t.Errorf("%s is not marked as labelled", i.Barcode)
				}
				return nil
			})
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A roll of ZPL to a label printer's port, drawn by a renderer that is not
// ours: every barcode is read, and every letter and mark is that of our own picture.
func TestRollOfZPL(t *testing.T) {
	zbarimg := tool(t, "zbarimg", "zbar-tools")
	node := tool(t, "node", "nodejs")
	render, err := filepath.Abs("../../.ci/zpl-render.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(render), "node_modules", "zpl-renderer-js")); err != nil {
		t.Skip("there is no zpl-renderer-js: npm ci --prefix .ci")
	}
	port := newRawPrinter(t, swallow)
	data, codes := labelled(t, 20)
	if c := runCLI(t, "", "printers", "add", "nhan", "--target", port.target(), "--language", "zpl", "--dpi", "203", "--stock", "35x22", "--data", data); c.code != exitDone {
		t.Fatalf("%+v", c)
	}
	if c := runCLI(t, "", "labels", "copies", "--printer", "nhan", "--stock", "35x22", "--data", data, "--wait", "1m"); c.code != exitDone {
		t.Fatalf("%+v", c)
	}
	docs := port.documents()
	if len(docs) != 1 || labelsOf(docs[0]) != len(codes) {
		t.Fatalf("%d documents arrived", len(docs))
	}
	roll, theirs, ours := filepath.Join(t.TempDir(), "roll.zpl"), filepath.Join(t.TempDir(), "theirs"), filepath.Join(t.TempDir(), "ours")
	if err := os.WriteFile(roll, []byte(docs[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	output(t, node, render, roll, theirs, "35", "22", "8")
	if c := runCLI(t, "", "labels", "copies", "--stock", "35x22", "--dpi", "203", "--data", data, "--out", ours+"/"); c.code != exitDone {
		t.Fatalf("%+v", c)
	}
	mine, _ := filepath.Glob(filepath.Join(ours, "*.png"))
	slices.Sort(mine)
	var read []string
	for i := range codes {
		file := filepath.Join(theirs, fmt.Sprintf("%04d.png", i+1))
		read = append(read, strings.Fields(output(t, zbarimg, "-q", "--raw", file))...)
		if n := differing(t, file, mine[i]); n > 0 {
			t.Errorf("label %d: %d dots are not those of the picture of the same label", i+1, n)
		}
	}
	slices.Sort(read)
	if !slices.Equal(read, codes) {
		t.Errorf("zbarimg reads %d of %d", len(read), len(codes))
	}
	// The comparison can fail: two labels that differ in their letters.
	if differing(t, filepath.Join(theirs, "0001.png"), mine[1]) == 0 {
		t.Error("two different labels look alike to this test")
	}
}

// differing counts the dots of either picture that have no dot beside them in
// the other: letters that are smoothed for a screen differ from a printer's by
// their edges, a mark that is missing differs by its middle.
func differing(t *testing.T, a, b string) int {
	t.Helper()
	x, y := dotsOf(t, a), dotsOf(t, b)
	if len(x) != len(y) || len(x[0]) != len(y[0]) {
		t.Fatalf("%dx%d and %dx%d dots", len(x[0]), len(x), len(y[0]), len(y))
	}
	return lonely(x, y) + lonely(y, x)
}

// dotsOf reads a picture's black dots.
func dotsOf(t *testing.T, name string) [][]bool {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	dots := make([][]bool, img.Bounds().Dy())
	for j := range dots {
		dots[j] = make([]bool, img.Bounds().Dx())
		for i := range dots[j] {
			grey, _, _, _ := img.At(i, j).RGBA()
			dots[j][i] = grey < 0x8000
		}
	}
	return dots
}

func lonely(a, b [][]bool) (n int) {
	for j := range a {
		for i := range a[j] {
			if a[j][i] && !near(b, i, j) {
				n++
			}
		}
	}
	return n
}

func near(dots [][]bool, x, y int) bool {
	for j := max(y-1, 0); j <= min(y+1, len(dots)-1); j++ {
		for i := max(x-1, 0); i <= min(x+1, len(dots[j])-1); i++ {
			if dots[j][i] {
				return true
			}
		}
	}
	return false
}
