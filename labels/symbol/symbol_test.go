package symbol

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"muontra/labels/say"
)

func TestRoundTrip(t *testing.T) {
	for _, text := range []string{"30001234", "0", "TK.00123", "TK.00123/2024", "%FINISH", "a-b_c", "HS 0012", "STN.001234",
		strings.Repeat("9", MaxPayload), strings.Repeat("aZ0.", MaxPayload/4)} {
		for _, kind := range []Kind{Code128, QR} {
			s, err := New(kind, text)
			if err != nil {
				t.Errorf("%s %q: %v", kind, text, err)
				continue
			}
			for _, dots := range []int{2, 3, 6} {
				grey, w, h := s.Paint(dots)
				if got, err := Read(kind, grey, w, h); err != nil || got != text {
					t.Errorf("%s %q at %d dots: read %q, %v", kind, text, dots, got, err)
				}
			}
		}
	}
}

// Texts whose QR at level M looks to the reader as if it had a fourth corner
// are drawn so that it is found, at every size that is printed.
func TestQRIsFoundAtEverySize(t *testing.T) {
	texts := []string{"30004"}
	for i := range 300 {
		texts = append(texts, fmt.Sprint(30000017+i*7919))
	}
	for _, text := range texts {
		s, err := New(QR, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, dots := range []int{4, 5, 6, 8, 12} {
			grey, w, h := s.Paint(dots)
			if got, err := Read(QR, grey, w, h); err != nil || got != text {
				t.Errorf("%s at %d dots: %q, %v", text, dots, got, err)
			}
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, c := range []struct{ text, code string }{
		{"", "payload_empty"},
		{"TK.òóô", "payload_char"}, // the encoder would drop these without a word
		{"Họ tên", "payload_char"},
		{"Ðñ", "payload_char"},
		{"\u00f1\u00f2\u00f3\u00f4", "payload_char"},
		{" 123", "payload_char"},
		{"123 ", "payload_char"},
		{"1  2", "payload_char"},
		{"a\nb", "payload_char"},
		{"a\x00", "payload_char"},
		{"\xff\xfe", "payload_char"},
		{"😀", "payload_char"},
		{"(075)", "payload_char"},
		{strings.Repeat("1", MaxPayload+1), "payload_long"},
		{strings.Repeat("ô", 5000), "payload_char"},
	} {
		for _, kind := range []Kind{Code128, QR} {
			_, err := New(kind, c.text)
			var f *say.Fault
			if !errors.As(err, &f) || f.Code != c.code {
				t.Errorf("%s %.20q: %v, want %s", kind, c.text, err, c.code)
			}
			if f != nil && len(f.Error()) > 500 {
				t.Errorf("%.20q: the error is %d bytes long", c.text, len(f.Error()))
			}
		}
	}
	var f *say.Fault
	if _, err := New("code39", "123"); !errors.As(err, &f) || f.Code != "symbol_kind" {
		t.Errorf("code39: %v", err)
	}
}

// The widths are those of ISO/IEC 15417 as three other encoders draw them:
// modules + 20 of quiet zone.
func TestWidths(t *testing.T) {
	printer, err := GridOf(203)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text    string
		modules int
		mm      float64
	}{
		{"00001234", 79, 24.75},
		{"0000123", 90, 27.5},
		{"TK00123", 101, 30.25},
		{"TK.00123", 112, 33},
		{"STN.001234", 123, 35.75},
		{"TK.00123/2024", 167, 46.75},
	} {
		s, err := New(Code128, c.text)
		if err != nil {
			t.Fatal(err)
		}
		if s.Cols != c.modules || math.Abs(printer.Least(s)-c.mm) > 1e-9 {
			t.Errorf("%s: %d modules, %.2f mm; want %d, %.2f", c.text, s.Cols, printer.Least(s), c.modules, c.mm)
		}
		if last := s.Bars[len(s.Bars)-1]; s.Bars[0].X != 0 || last.X+last.W != s.Cols {
			t.Errorf("%s: the symbol has a margin", c.text)
		}
	}
}

func TestModulesAreWholeDots(t *testing.T) {
	s, err := New(Code128, "30001234")
	if err != nil {
		t.Fatal(err)
	}
	for dpi, least := range map[int]float64{203: 0.25, 300: 0.254, 600: 0.254} {
		g, err := GridOf(dpi)
		if err != nil {
			t.Fatal(err)
		}
		for width := 20.0; width < 110; width += 0.7 {
			m, ok := g.Module(s, width, 1)
			dots := m * g.PerMM
			if math.Abs(dots-math.Round(dots)) > 1e-9 {
				t.Fatalf("%d dpi, %.1f mm: %f dots a module", dpi, width, dots)
			}
			if ok && m*float64(s.Width()) > width+1e-9 {
				t.Fatalf("%d dpi: %.2f mm do not fit %.1f", dpi, m*float64(s.Width()), width)
			}
			if m < least-1e-9 {
				t.Fatalf("%d dpi: a module of %.3f mm", dpi, m)
			}
		}
	}
	if _, err := GridOf(72); err == nil {
		t.Error("72 dpi is no printer")
	}
}

func TestReadFindsNothing(t *testing.T) {
	for _, kind := range []Kind{Code128, QR, "other"} {
		for _, size := range [][2]int{{1, 1}, {100, 1}, {50, 50}} {
			w, h := size[0], size[1]
			grey := make([]byte, w*h)
			for i := range grey {
				grey[i] = byte(i * 97)
			}
			if got, err := Read(kind, grey, w, h); err == nil {
				t.Errorf("%s reads %q in noise", kind, got)
			}
		}
	}
}

// Whatever is accepted reads back as itself; whatever is not is a fault.
func FuzzPayload(f *testing.F) {
	for _, s := range []string{"30001234", "TK.00123", "òóô", "", "a b", "\x00", "😀", "Đỗ", "a\u0301", "999999999a9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []Kind{Code128, QR} {
			s, err := New(kind, text)
			if err != nil {
				var fault *say.Fault
				if !errors.As(err, &fault) {
					t.Fatalf("%q: not a fault: %v", text, err)
				}
				if Check(text) == nil {
					t.Fatalf("%q is allowed and was not encoded: %v", text, err)
				}
				continue
			}
			grey, w, h := s.Paint(4)
			if got, err := Read(kind, grey, w, h); err != nil || got != text {
				t.Fatalf("%s %q reads %q, %v", kind, text, got, err)
			}
		}
	})
}
