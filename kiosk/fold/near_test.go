package fold

import (
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b    string
		most, d int
	}{
		{"men", "men", 2, 0}, {"men", "mem", 2, 1}, {"men", "mne", 2, 1}, {"phieu", "phiu", 2, 1}, {"phieu", "phiieu", 2, 1},
		{"luu", "ky", 2, 3}, {"", "ab", 2, 2}, {"a", "abcd", 2, 3}, {"thien", "nhein", 2, 2}, {"abcdef", "ghijkl", 2, 3},
	} {
		if d := Distance(c.a, c.b, c.most); d != c.d {
			t.Errorf("%s to %s: %d, want %d", c.a, c.b, d, c.d)
		}
		if d := Distance(c.b, c.a, c.most); d != c.d {
			t.Errorf("%s to %s: %d, want %d", c.b, c.a, d, c.d)
		}
	}
	if Slack("a") != 0 || Slack("2019") != 0 || Slack("ky") != 1 || Slack("nghieng") != 2 {
		t.Error("slack")
	}
}

func TestSpellings(t *testing.T) {
	for _, pair := range [][2]string{{"hòa", "hoà"}, {"thúy", "thuý"}, {"khỏe", "khoẻ"}, {"họa", "hoạ"}} {
		for _, w := range pair {
			for _, form := range []string{w, norm.NFD.String(w)} {
				if all := Spellings(form); len(all) != 2 || !slices.Contains(all, pair[0]) || !slices.Contains(all, pair[1]) {
					t.Errorf("%s: %q, want %q", w, all, pair)
				}
			}
		}
		if Plain(pair[0]) != Plain(pair[1]) {
			t.Errorf("%s and %s differ", pair[0], pair[1])
		}
	}
	if all := Spellings("đường"); len(all) != 1 {
		t.Errorf("%q", all)
	}
	if got := Marked("  Đất   rừng, PHƯƠNG Nam "); got != "đất rừng phương nam" {
		t.Errorf("%q", got)
	}
}
