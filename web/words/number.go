package words

import "strings"

var (
	digits = [...]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}
	scales = [...]string{"", "nghìn", "triệu"}
)

const billion = 1_000_000_000

// InWords is a whole number in Vietnamese words, as minutes want it beside the
// figures: 1,205,000 is "một triệu hai trăm linh năm nghìn". Groups of three are
// read in full after the first (1,005: "một nghìn không trăm linh năm"), empty
// ones are not said; one is "mốt" and four "tư" after twenty and more, five is
// "lăm" after any ten.
func InWords(n int64) string {
	if n == 0 {
		return digits[0]
	}
	// Unsigned: the least int64 has no positive twin.
	if n < 0 {
		return "âm " + strings.Join(numberWords(-uint64(n), false), " ")
	}
	return strings.Join(numberWords(uint64(n), false), " ")
}

// DongInWords is a sum of money in words, as it ends a paper: a capital letter,
// and the currency.
func DongInWords(n int64) string {
	return sentenceCase(InWords(n)) + " đồng"
}

func sentenceCase(s string) string {
	for i := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
	}
	return strings.ToUpper(s)
}

// numberWords reads n > 0; full reads the first group with its hundreds too,
// because something stands before it.
func numberWords(n uint64, full bool) (all []string) {
	if n >= billion {
		all = append(numberWords(n/billion, full), "tỷ")
		n, full = n%billion, true
		if n == 0 {
			return all
		}
	}
	groups := [...]uint64{n % 1000, n / 1000 % 1000, n / 1_000_000}
	for i := len(groups) - 1; i >= 0; i-- {
		g := groups[i]
		if g == 0 {
			continue
		}
		all = append(all, groupWords(g, full)...)
		if scales[i] != "" {
			all = append(all, scales[i])
		}
		full = true
	}
	return all
}

// groupWords reads 1 to 999.
func groupWords(g uint64, full bool) (all []string) {
	hundreds, tens, ones := g/100, g/10%10, g%10
	if hundreds > 0 || full {
		all = append(all, digits[hundreds], "trăm")
	}
	switch {
	case tens == 1:
		all = append(all, "mười")
	case tens > 1:
		all = append(all, digits[tens], "mươi")
	case ones > 0 && len(all) > 0:
		all = append(all, "linh")
	}
	switch {
	case ones == 0:
	case ones == 1 && tens > 1:
		all = append(all, "mốt")
	case ones == 4 && tens > 1:
		all = append(all, "tư")
	case ones == 5 && tens > 0:
		all = append(all, "lăm")
	default:
		all = append(all, digits[ones])
	}
	return all
}
