package ink

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func bookOf(t *testing.T, pages int) []byte {
	t.Helper()
	var out bytes.Buffer
	b := NewBook(&out, "Sổ mẫu", "vi", time.Date(2026, 11, 26, 7, 0, 0, 0, time.UTC))
	for i := range pages {
		b.Page(210, 297-float64(i%2)*87)
		b.Rect(20, 30, 60, 0.2, Black)
		b.Rect(20, 31, 60, 5, Color{R: 180})
		b.Text(20, 40, Font{Regular, 8}, fmt.Sprintf("Trang thứ %d (một \\ hai)", i+1), Black)
		// U+010D and U+0D28 in UTF-16 hold a carriage return, which has to be escaped.
		b.Text(20, 50, Font{Bold, 8.5}, "Đậm č: Ổ, ữ, ợ", Color{R: 180})
		b.Text(20, 60, Font{Regular, 8}, "", Black)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What a book's file holds is read back by other programs: its pages in their order and
// sizes, and every letter, those that are special in a PDF too.
func TestBookIsReadBack(t *testing.T) {
	pdf := bookOf(t, 70)
	if !bytes.Equal(pdf, bookOf(t, 70)) {
		t.Error("the same drawing gave other bytes")
	}
	file := filepath.Join(t.TempDir(), "book.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		t.Helper()
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: the book is not read back", name)
		}
		out, err := exec.Command(name, args...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		return string(out)
	}
	pages := strings.Split(run("pdftotext", "-layout", file, "-"), "\f")
	if len(pages) != 71 { // one is behind the last form feed
		t.Fatalf("%d pages", len(pages)-1)
	}
	for i, p := range pages[:70] {
		if want := fmt.Sprintf("Trang thứ %d (một \\ hai)", i+1); !strings.Contains(p, want) || !strings.Contains(p, "Đậm č: Ổ, ữ, ợ") {
			t.Errorf("page %d is %q, want %q in it", i+1, p, want)
		}
	}
	info := run("pdfinfo", "-f", "1", "-l", "2", file)
	for _, want := range []string{"Sổ mẫu", "Page    1 size:  595.28 x 841.89 pts (A4)", "Page    2 size:  595.28 x 595.28 pts"} {
		if !strings.Contains(info, want) {
			t.Errorf("%q is not in %s", want, info)
		}
	}
	if fonts := run("pdffonts", file); strings.Count(fonts, "yes yes yes") != 2 && strings.Count(fonts, "CID TrueType") != 2 {
		t.Errorf("not two fonts, once each: %s", fonts)
	}
	if !bytes.Contains(pdf, []byte("/PrintScaling /None")) {
		t.Error("a viewer may scale it")
	}
	run("qpdf", "--check", file)
}

// A page adds itself to the file and no font.
func TestBookHasItsFontsOnce(t *testing.T) {
	few, many := len(bookOf(t, 10)), len(bookOf(t, 210))
	if each := (many - few) / 200; each > 700 {
		t.Errorf("a page adds %d bytes", each)
	}
}

type fullDisk struct{ room int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.room -= len(b); d.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// A disk that fills is told at the next page, so that nobody draws the rest of them,
// and at the end.
func TestBookTellsOfAFullDisk(t *testing.T) {
	b := NewBook(&fullDisk{200_000}, "", "vi", time.Unix(0, 0))
	n := 0
	for ; b.Err() == nil && n < 100_000; n++ {
		b.Page(210, 297)
		for i := range 50 {
			b.Rect(float64(i), float64(n), 1, 1, Black)
		}
	}
	if n == 100_000 || !errors.Is(b.Err(), errFull) || !errors.Is(b.Close(), errFull) {
		t.Errorf("after %d pages %v, at the end %v", n, b.Err(), b.Close())
	}
}

// A file of the library that is not built as it was is refused and not written wrongly.
func TestALibrarysFileThatIsOther(t *testing.T) {
	for _, pdf := range []string{"", "%PDF-1.3\nxref\n0 1\nstartxref\n9\n", "\nstartxref\n-4\n", "xref\n0 9999\ntrailer\n\nstartxref\n0\n%%EOF",
		"1 0 obj\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000003 00000 n \ntrailer\n<<\n/Size 2\n/Root 1 0 R\n/Info 1 0 R\n>>\nstartxref\n15\n%%EOF"} {
		if _, err := takeApart([]byte(pdf)); err == nil {
			t.Errorf("%q was taken apart", pdf)
		}
	}
}
