package labels

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muontra/labels/symbol"
)

// tool finds a program that is not ours, to judge what we made.
func tool(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (package %s)", name, pkg)
	}
	return path
}

// slow skips what has no second goroutine and takes long under the race
// detector.
func slow(t *testing.T) {
	t.Helper()
	if raceEnabled {
		t.Skip("nothing runs at once here; the race detector is for the other tests")
	}
}

func run(t *testing.T, path string, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v %s", filepath.Base(path), args, err, errs.Bytes())
	}
	return string(out)
}

// zbar reads every barcode of the pages of a PDF. The names of the pictures
// are page numbers: a decoder that prints the name must not look right.
func zbar(t *testing.T, pdf []byte, dpi int) []string {
	t.Helper()
	ppm, zbarimg := tool(t, "pdftoppm", "poppler-utils"), tool(t, "zbarimg", "zbar-tools")
	dir := t.TempDir()
	file := filepath.Join(dir, "s.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, ppm, "-r", fmt.Sprint(dpi), "-gray", file, filepath.Join(dir, "p"))
	pages, err := filepath.Glob(filepath.Join(dir, "p*.pgm"))
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages", err)
	}
	args := append([]string{"--quiet", "--raw", "-Sdisable", "-Scode128.enable", "-Sqrcode.enable"}, pages...)
	return strings.Fields(run(t, zbarimg, args...))
}

func writePGM(t *testing.T, name string, img *image.Gray) {
	t.Helper()
	b := fmt.Appendf(nil, "P5 %d %d 255\n", img.Rect.Dx(), img.Rect.Dy())
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		i := img.PixOffset(img.Rect.Min.X, y)
		b = append(b, img.Pix[i:i+img.Rect.Dx()]...)
	}
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func readPGM(t *testing.T, name string) *image.Gray {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var w, h int
	if _, err := fmt.Sscanf(string(b[:min(40, len(b))]), "P5\n%d %d\n255\n", &w, &h); err != nil {
		t.Fatal(err)
	}
	return &image.Gray{Pix: b[len(b)-w*h:], Stride: w, Rect: image.Rect(0, 0, w, h)}
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	got = slices.Compact(got)
	want = slices.Clone(want)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		missing := 0
		for _, w := range want {
			if !slices.Contains(got, w) {
				missing++
			}
		}
		t.Errorf("%s: read %d different codes of %d, %d are missing", what, len(got), len(want), missing)
	}
}

func codesOf(n int) []string {
	var want []string
	for _, it := range manyItems(n) {
		want = append(want, it.Barcode)
	}
	return want
}

// A full sheet, rasterised as a laser printer does, is read by a decoder that
// is not ours: 65 of 65. MUONTRA_LONG=1 reads 1,000 labels instead.
func TestSheetIsReadByZbar(t *testing.T) {
	slow(t)
	for _, layout := range []Layout{CopyLabel, BothLabel} {
		j := job(t, layout, "a4-65", PDF)
		n := 65
		if os.Getenv("MUONTRA_LONG") != "" {
			n = 1000
		}
		j.Items = manyItems(n)
		pdf, rep := render(t, j)
		if rep.Verified != n {
			t.Errorf("%d verified", rep.Verified)
		}
		for _, dpi := range []int{300, 600} {
			if dpi == 600 && layout == BothLabel {
				continue // the same bars in a narrower place; 300 is the harder one
			}
			same(t, fmt.Sprintf("%s at %d dpi", layout, dpi), zbar(t, pdf, dpi), codesOf(n))
		}
	}
}

// A roll as ZPL, its dots as pictures, 1,000 labels only with MUONTRA_LONG=1.
func TestRollIsReadByZbar(t *testing.T) {
	slow(t)
	zbarimg := tool(t, "zbarimg", "zbar-tools")
	for _, dpi := range []int{203, 300} {
		j := job(t, CopyLabel, "35x22x3", ZPL)
		j.DPI = dpi
		n := 30
		if os.Getenv("MUONTRA_LONG") != "" {
			n = 1000
		}
		j.Items = manyItems(n)
		dir := t.TempDir()
		args := []string{"--quiet", "--raw", "-Sdisable", "-Scode128.enable"}
		for i, img := range dots(t, j) {
			file := filepath.Join(dir, fmt.Sprintf("r%04d.pgm", i))
			writePGM(t, file, img)
			args = append(args, file)
		}
		same(t, fmt.Sprintf("%d dpi", dpi), strings.Fields(run(t, zbarimg, args...)), codesOf(n))
	}
}

// The other layouts with barcodes.
func TestPagesAreReadByZbar(t *testing.T) {
	slow(t)
	class := pupils(35)
	for _, c := range []struct {
		layout Layout
		stock  string
		pupils int
		want   []string
	}{
		{ClassSheet, "a4", 35, nil},
		{PatronCard, "card-a4", 10, nil},
		{Commands, "a4", 0, []string{"90000019", "90000027", "90000035", "90000043", "90000050"}},
		{ShelfLabel, "a4-65", 0, []string{"40000010", "40000028"}},
		{PlaceLabel, "a4-8", 0, []string{"40000010", "40000028"}},
	} {
		j := job(t, c.layout, c.stock, PDF)
		j.Members = class[:c.pupils]
		for _, m := range j.Members {
			c.want = append(c.want, m.Card.Barcode)
		}
		pdf, _ := render(t, j)
		same(t, string(c.layout), zbar(t, pdf, 300), c.want)
	}
}

// QR symbols are read one by one, as they are held before a scanner: among
// ten equal ones on a page zbar takes the corners of one for those of another
// and misses a different few at each resolution.
func TestQRIsReadByZbar(t *testing.T) {
	slow(t)
	ppm, zbarimg := tool(t, "pdftoppm", "poppler-utils"), tool(t, "zbarimg", "zbar-tools")
	for _, c := range []struct {
		layout Layout
		stock  string
	}{{PatronCard, "card-a4"}, {BothLabel, "a4-65"}, {CopyLabel, "a4-65"}} {
		j := job(t, c.layout, c.stock, PDF)
		j.Symbol = symbol.QR
		r, err := record(j, symbol.Vector, 0)
		if err != nil {
			t.Fatal(err)
		}
		pdf, _ := render(t, j)
		dir := t.TempDir()
		file := filepath.Join(dir, "s.pdf")
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, ppm, "-r", "300", "-gray", "-singlefile", file, filepath.Join(dir, "p"))
		page := readPGM(t, filepath.Join(dir, "p.pgm"))
		args := []string{"--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"}
		var want []string
		for i, b := range r.symbols {
			k := 300 / 25.4
			part := page.SubImage(image.Rect(int(b.x*k), int(b.y*k), int((b.x+b.w)*k), int((b.y+b.h)*k))).(*image.Gray)
			name := filepath.Join(dir, fmt.Sprintf("q%d.pgm", i))
			writePGM(t, name, part)
			args, want = append(args, name), append(want, b.text)
		}
		same(t, string(c.layout)+" as QR", strings.Fields(run(t, zbarimg, args...)), want)
	}
}

// What stands on the labels comes out of the PDF as right Unicode.
func TestTextOfThePDF(t *testing.T) {
	pdftotext := tool(t, "pdftotext", "poppler-utils")
	text := func(j Job) string {
		pdf, _ := render(t, j)
		file := filepath.Join(t.TempDir(), "s.pdf")
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		return run(t, pdftotext, "-raw", file, "-")
	}
	got := text(job(t, CopyLabel, "a4-65", PDF))
	for _, want := range []string{"Trường Tiểu học Trưng Trắc", "Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Những tấm lòng cao cả và", "Ở lại với dòng sông", "Kể chuyện Bác Hồ", "TK.00123", "30001234"} {
		if !strings.Contains(got, want) {
			t.Errorf("the labels lack %q:\n%s", want, got)
		}
	}
	got = text(job(t, PatronCard, "card-a4", PDF))
	for _, want := range []string{"THẺ THƯ VIỆN", "Nguyễn Thị Ngọc Ánh", "Vũ Ngọc Quỳnh Như", "Lớp 3A", "Năm học 2026-2027"} {
		if !strings.Contains(got, want) {
			t.Errorf("the cards lack %q:\n%s", want, got)
		}
	}
	for _, secret := range []string{"SECTOR-CODE", "2017"} {
		if strings.Contains(got, secret) {
			t.Errorf("the cards show %q", secret)
		}
	}
	j := job(t, Commands, "a4", PDF)
	if got := text(j); !strings.Contains(got, "EM MUỐN LÀM GÌ?") || !strings.Contains(got, "Đọc tại chỗ") {
		t.Errorf("the command sheet:\n%s", got)
	}
	j.Lang = "en"
	if got := text(j); !strings.Contains(got, "Read here") {
		t.Errorf("the command sheet in English:\n%s", got)
	}
}

// Every symbol of a preview reads, where the layout put it, with the public
// reader.
func TestPreviewsAreRead(t *testing.T) {
	slow(t)
	for layout, stocks := range combos() {
		if layout == Calibration || layout == SpineLabel || layout == Colours {
			continue
		}
		for i, stockName := range stocks[:min(2, len(stocks))] {
			dpis := []int{203}
			if layout == CopyLabel && i == 0 {
				dpis = []int{300, 600}
			}
			for _, dpi := range dpis {
				j := job(t, layout, stockName, PNG)
				j.DPI = dpi
				img, rep := preview(t, j)
				g, _ := j.grid()
				r, err := record(j, g, 0)
				if err != nil {
					t.Fatal(err)
				}
				if rep.Verified != len(r.symbols) || len(r.symbols) == 0 {
					t.Errorf("%s: %d verified of %d", name(j), rep.Verified, len(r.symbols))
				}
				for _, b := range r.symbols {
					part := crop(img, g.Dots(b.x), g.Dots(b.y), g.Dots(b.x+b.w), g.Dots(b.y+b.h))
					if got, err := scan(part, symbol.Code128); err != nil || got != b.text {
						t.Errorf("%s at %d dpi: %s reads %q, %v", name(j), dpi, b.text, got, err)
					}
				}
			}
		}
	}
}

type closer struct{ bytes.Buffer }

func (*closer) Close() error { return nil }

func TestRenderEach(t *testing.T) {
	j := job(t, CopyLabel, "a4-65", "")
	j.Items[1].Barcode = "T/2 a:b"
	files := map[string]*closer{}
	rep, err := RenderEach(context.Background(), j, func(name string) (io.WriteCloser, error) {
		files[name] = new(closer)
		return files[name], nil
	})
	if err != nil || rep.Labels != 7 || rep.Verified != 7 || len(files) != 7 {
		t.Fatalf("%+v, %d files, %v", rep, len(files), err)
	}
	if files["0001-30001234.png"] == nil || files["0002-T_2_a_b.png"] == nil {
		t.Errorf("names: %v", files)
	}
}
