package labels

import (
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
)

func TestCallNumber(t *testing.T) {
	for _, c := range []struct {
		set   Settings
		title kiosk.Title
		want  string
	}{
		{Settings{}, kiosk.Title{Title: "Dế Mèn phiêu lưu ký", Authors: []string{"Tô Hoài"}, ClassNumber: "895.9223"}, "895.9223|TOH D"},
		{Settings{Mark: ByTitle}, kiosk.Title{Title: "Dế Mèn", Authors: []string{"Tô Hoài"}, ClassNumber: "895.9223"}, "895.9223|DEM"},
		{Settings{Mark: NoMark}, kiosk.Title{Title: "Dế Mèn", ClassNumber: "53 (075)"}, "53(075)"},
		{Settings{}, kiosk.Title{Title: "Đất nước", ClassNumber: ""}, "DAT"},
		{Settings{}, kiosk.Title{Title: "1001 đêm"}, "100"},
		{Settings{}, kiosk.Title{Title: "Ý", Authors: []string{"שלום"}}, "Y"},
		{Settings{}, kiosk.Title{Authors: []string{"Tô Hoài"}}, "TOH"},
		{Settings{}, kiosk.Title{}, ""},
		{Settings{}, kiosk.Title{Title: "x", ClassNumber: "8", CallNumber: "TN 895.92 T450H"}, "TN|895.92|T450H"},
	} {
		if got := strings.Join(callNumber(c.set, kiosk.Item{Title: c.title}), "|"); got != c.want {
			t.Errorf("%+v: %s, want %s", c.title, got, c.want)
		}
	}
}

func TestBreakNumber(t *testing.T) {
	fits := func(n int) func(string) bool { return func(s string) bool { return len([]rune(s)) <= n } }
	for _, c := range []struct {
		scheme Scheme
		part   string
		n      int
		want   []string
	}{
		{DDC, "895.9223", 8, []string{"895.9223"}},
		{DDC, "895.92234", 6, []string{"895", ".92234"}},
		{DDC, "895.922334", 5, []string{"895", ".9223", "34"}},
		{Nineteen, "53(075)", 6, []string{"53", "(075)"}},
		{DDC, "53(075)", 6, []string{"53", "(075)"}},
		{Nineteen, "ĐV13(075.3)", 7, []string{"ĐV13", "(075.3)"}},
		{DDC, "ABCDEFGH", 3, []string{"ABC", "DEF", "GH"}},
		{DDC, "ế", 0, []string{"ế"}},
		{DDC, ".5", 1, []string{".", "5"}},
	} {
		if got := breakNumber(c.scheme, c.part, fits(c.n)); !slices.Equal(got, c.want) {
			t.Errorf("%s to %d: %q, want %q", c.part, c.n, got, c.want)
		}
	}
}

func TestLevels(t *testing.T) {
	var s Settings
	for _, text := range []string{"green", "GREEN", "L", "xanh lá", "Xanh la"} {
		if l, _, ok := s.level(text); !ok || l.Code != "green" {
			t.Errorf("%s: %+v", text, l)
		}
	}
	if l, _, ok := s.level("A7"); !ok || l.Letter != "A7" {
		t.Errorf("a level that is not in the list: %+v", l)
	}
	if _, _, ok := s.level("  "); ok {
		t.Error("no level is a level")
	}
	if err := (Settings{Levels: DefaultLevels()}).Check(); err != nil {
		t.Error(err)
	}
	set, err := ParseSettings([]byte(`{"school":"Trường A","mark":"title","signs":{"story":"TR"},"levels":[{"code":"1","letter":"1","name":"Bậc 1","color":"#00FF00"}]}`))
	if err != nil || set.sign(kiosk.Copy{SubKind: "story"}) != "TR" || set.sign(kiosk.Copy{Kind: kiosk.Children}) != "TN" {
		t.Errorf("%+v %v", set, err)
	}
	if _, err := ParseSettings([]byte("{")); err == nil {
		t.Error("bad JSON")
	}
	if _, err := ParseSettings(nil); err != nil {
		t.Error(err)
	}
}
