package web

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/words"
)

// Every page of the menu says what it is for, in steps with pictures that exist.
func TestEveryPageOfTheMenuHasHelp(t *testing.T) {
	s := wholeServer(t)
	icons, err := files.ReadFile("static/kiosk/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, n := range s.nav() {
		seen[n.key] = true
		pictures := helpPictures[n.key]
		if len(pictures) == 0 {
			t.Errorf("%s (%s) has no row in helpPictures", n.key, n.path)
			continue
		}
		for _, p := range pictures {
			if !strings.Contains(string(icons), `id="`+p+`"`) {
				t.Errorf("%s: no picture %q", n.key, p)
			}
		}
		for _, l := range words.Langs {
			if got := len(strings.Split(words.T(l, "help."+n.key), "\n")); !words.Has(l, "help."+n.key) || got != len(pictures) {
				t.Errorf("%s: help.%s has %d lines for %d pictures", l, n.key, got, len(pictures))
			}
		}
	}
	for key := range helpPictures {
		if !seen[key] {
			t.Errorf("help for %s, which is not in the menu", key)
		}
	}
}

// wholeServer has every area of the site.
func wholeServer(t testing.TB) *Server {
	t.Helper()
	s := testServer(t)
	s.Acquisitions = struct{ Acquisitions }{}
	s.Printing = struct{ Printing }{}
	s.Settings = struct{ Settings }{}
	s.Scanners = struct{ Scanners }{}
	s.People = struct{ People }{}
	s.Accounts = struct{ Accounts }{}
	s.Cataloguing = struct{ Cataloguing }{}
	s.Lending, s.Stocktaking, s.Withdrawing, s.Yearly = struct{ Lending }{}, struct{ Stocktaking }{}, struct{ Withdrawing }{}, struct{ Yearly }{}
	s.Backups = struct{ Backups }{}
	s.Counter = func(kiosk.ID) Counter { return nil }
	return s
}
