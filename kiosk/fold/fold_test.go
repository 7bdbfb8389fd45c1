package fold

import "testing"

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"Dế Mèn phiêu lưu ký":       "de men phieu luu ky",
		"De\u0302\u0301 Me\u0300n":  "de men",
		"  Đất   rừng, phương Nam ": "dat rung phuong nam",
		"ĐƯỜNG":                     "duong",
		"TK.00123":                  "tk 00123",
		"":                          "",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}
