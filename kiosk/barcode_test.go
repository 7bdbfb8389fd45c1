package kiosk

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormalizeCode(t *testing.T) {
	for in, want := range map[string]string{
		"20000016":               "20000016",
		"  20000016\r\n":         "20000016",
		"]C020000016":            "20000016",
		"]E08935244817634":       "8935244817634",
		"]C":                     "]C",
		"TK.00123":               "TK.00123",
		"%FINISH":                "%FINISH",
		"thẻ 12":                 "thẻ 12",
		strings.Repeat("9", 64):  strings.Repeat("9", 64),
		"<script>":               "<script>",
		"'; drop table loan; --": "'; drop table loan; --",
	} {
		if got, err := NormalizeCode(in); err != nil || got != want {
			t.Errorf("NormalizeCode(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "   ", "\r\n", "a\x00b", "a\x1bb", "\xff\xfe", strings.Repeat("9", 65), strings.Repeat("x", 4096), "a\u202eb", "a\nb"} {
		if got, err := NormalizeCode(in); !errors.Is(err, ErrMalformed) {
			t.Errorf("NormalizeCode(%.20q) = %q, %v; want ErrMalformed", in, got, err)
		}
	}
}

func FuzzNormalizeCode(f *testing.F) {
	for _, s := range []string{"20000016", "]C0X", "", "\x00", "đ", "]]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := NormalizeCode(s)
		if err != nil {
			return
		}
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > MaxCode {
			t.Errorf("NormalizeCode(%q) = %q", s, got)
		}
		_, _ = ISBNOf(got)
		if a, ok := AccessionOf(got); ok {
			if b, ok := AccessionOf(a); !ok || b != a {
				t.Errorf("AccessionOf(%q) = %q, which reads back as %q", got, a, b)
			}
		}
	})
}

func TestSeries(t *testing.T) {
	// Worked by hand after ISO/IEC 7812-1: 2000001 -> doubled from the right:
	// 1->2, 0, 0, 0, 0, 0, 2->4; sum 6, check 4.
	if got := PatronSeries.Make(1); got != "20000014" {
		t.Errorf("first patron code = %s", got)
	}
	for _, s := range []Series{PatronSeries, CopySeries, CommandSeries} {
		for _, n := range []int{1, 9, 10, 4711, MaxSerial} {
			code := s.Make(n)
			if got, ok := s.Serial(code); !ok || got != n || len(code) != 8 {
				t.Errorf("%c %d -> %s -> %d, %v", s, n, code, got, ok)
			}
			wrong := code[:7] + string('0'+(code[7]-'0'+1)%10)
			if _, ok := s.Serial(wrong); ok {
				t.Errorf("%s with a wrong check digit is accepted", wrong)
			}
		}
	}
}

// The printed command barcodes are part of the public face: a school's sheet
// on the wall must go on working.
func TestCommandCodes(t *testing.T) {
	want := map[string]Command{
		"90000019": Finish, "90000027": Undo, "90000035": RenewAll, "90000043": OnSite, "90000050": Help,
		"%FINISH": Finish, "%undo": Undo, "%RENEW": RenewAll, "%ONSITE": OnSite, "%HELP": Help,
	}
	for code, cmd := range want {
		if got, ok := CommandOf(code); !ok || got != cmd {
			t.Errorf("CommandOf(%s) = %q, %v; want %q", code, got, ok, cmd)
		}
	}
	if _, ok := CommandOf("%NOTHING"); ok {
		t.Error("an unknown command is accepted")
	}
}

func TestISBNOf(t *testing.T) {
	for in, want := range map[string]string{
		"9780306406158":     "", // wrong check digit
		"9780306406157":     "9780306406157",
		"978-0-306-40615-7": "9780306406157",
		"0306406152":        "0306406152",
		"080442957X":        "080442957X",
		"8935244817634":     "", // an EAN, not a book's
		"12345":             "",
	} {
		got, ok := ISBNOf(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("ISBNOf(%s) = %s, %v", in, got, ok)
		}
	}
}

func TestAccessionOf(t *testing.T) {
	for in, want := range map[string]string{
		"TK.00123": "TK.00123", "tk.00123": "TK.00123", "tk00123": "TK.00123", "TK 123": "TK.00123", "PM.002774": "PM.02774",
		"TK.123456": "TK.123456", "00123": "", "TK": "", "TK.": "", "TK.0": "", "TK.12A": "",
	} {
		got, ok := AccessionOf(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("AccessionOf(%s) = %s, %v; want %s", in, got, ok, want)
		}
	}
}
