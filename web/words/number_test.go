package words

import (
	"math"
	"strings"
	"testing"
)

func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int64]string{
		0:                 "không",
		1:                 "một",
		4:                 "bốn",
		5:                 "năm",
		10:                "mười",
		11:                "mười một",
		14:                "mười bốn",
		15:                "mười lăm",
		20:                "hai mươi",
		21:                "hai mươi mốt",
		24:                "hai mươi tư",
		25:                "hai mươi lăm",
		55:                "năm mươi lăm",
		91:                "chín mươi mốt",
		100:               "một trăm",
		101:               "một trăm linh một",
		104:               "một trăm linh bốn",
		105:               "một trăm linh năm",
		110:               "một trăm mười",
		115:               "một trăm mười lăm",
		121:               "một trăm hai mươi mốt",
		555:               "năm trăm năm mươi lăm",
		1_000:             "một nghìn",
		1_005:             "một nghìn không trăm linh năm",
		1_010:             "một nghìn không trăm mười",
		1_100:             "một nghìn một trăm",
		10_015:            "mười nghìn không trăm mười lăm",
		25_000:            "hai mươi lăm nghìn",
		105_000:           "một trăm linh năm nghìn",
		1_000_000:         "một triệu",
		1_000_001:         "một triệu không trăm linh một",
		1_205_000:         "một triệu hai trăm linh năm nghìn",
		1_005_000:         "một triệu không trăm linh năm nghìn",
		21_021_021:        "hai mươi mốt triệu không trăm hai mươi mốt nghìn không trăm hai mươi mốt",
		1_000_000_000:     "một tỷ",
		1_000_000_001:     "một tỷ không trăm linh một",
		2_005_000_000:     "hai tỷ không trăm linh năm triệu",
		1_000_000_000_000: "một nghìn tỷ",
		1_005_000_000_000: "một nghìn không trăm linh năm tỷ",
		-15:               "âm mười lăm",
	} {
		if got := InWords(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := DongInWords(1_205_000); got != "Một triệu hai trăm linh năm nghìn đồng" {
		t.Error(got)
	}
	if got := DongInWords(0); got != "Không đồng" {
		t.Error(got)
	}
	if got := InWords(math.MinInt64); !strings.HasPrefix(got, "âm chín tỷ hai trăm hai mươi ba triệu") {
		t.Error(got)
	}
}

// What is read is what was written: the words, read back by a rule of their own,
// give the number again.
func TestNumbersReadBack(t *testing.T) {
	values := map[string]int64{"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
	read := func(s string) int64 {
		var whole, part, group, digit int64
		for _, w := range strings.Fields(s) {
			switch w {
			case "trăm":
				group, digit = digit*100, 0
			case "mươi":
				group, digit = group+digit*10, 0
			case "mười":
				group += 10
			case "linh":
			case "nghìn", "triệu":
				scale := map[string]int64{"nghìn": 1000, "triệu": 1_000_000}[w]
				part, group, digit = part+(group+digit)*scale, 0, 0
			case "tỷ":
				whole, part, group, digit = (whole+part+group+digit)*billion, 0, 0, 0
			default:
				digit = values[w]
			}
		}
		return whole + part + group + digit
	}
	for _, n := range []int64{1, 999, 1_000, 999_999, 1_000_000, 123_456_789, 999_999_999_999} {
		for d := int64(-1000); d < 1000; d += 7 {
			if x := n + d; x >= 0 && read(InWords(x)) != x {
				t.Fatalf("%d: %q reads as %d", x, InWords(x), read(InWords(x)))
			}
		}
	}
}
