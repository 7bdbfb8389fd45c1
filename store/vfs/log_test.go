package vfs

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// What was flushed is sure, what was not is kept or lost by sectors, and nothing
// else can come out.
func TestCuts(t *testing.T) {
	page := func(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }
	log := Log{
		{Kind: Write, File: "a", Size: 0, Data: page('1', 1024)},
		{Kind: Flush, File: "a"},
		{Kind: Mark, Size: 1},
		{Kind: Write, File: "a", Size: 512, Data: page('2', 1024)},
		{Kind: Write, File: "b", Size: 0, Data: page('x', 100)},
		{Kind: Flush, File: "a"},
		{Kind: Mark, Size: 2},
		{Kind: Truncate, File: "a", Size: 512},
		{Kind: Delete, File: "b"},
	}
	type state struct {
		a, b     string
		promised int64
	}
	short := func(b []byte) (s string) { // a letter for each sector or what is left of one
		for len(b) > 0 {
			n := min(sector, len(b))
			if bytes.Count(b[:n], b[:1]) != n {
				return s + "?"
			}
			s += string(b[0])
			b = b[n:]
		}
		return s
	}
	seen := map[int]map[state]bool{}
	err := log.Cuts(Files{"old": page('o', 3)}, 40, rand.New(rand.NewPCG(1, 1)), func(c Cut) error {
		if string(c.Files["old"]) != "ooo" {
			t.Errorf("after %d: the file that nobody touched is %q", c.After, c.Files["old"])
		}
		if seen[c.After] == nil {
			seen[c.After] = map[state]bool{}
		}
		seen[c.After][state{short(c.Files["a"]), short(c.Files["b"]), c.Promised}] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	set := func(ss ...state) map[state]bool {
		m := map[state]bool{}
		for _, s := range ss {
			m[s] = true
		}
		return m
	}
	for after, want := range map[int]map[state]bool{
		1: set(state{"", "", 0}, state{"1", "", 0}, state{"11", "", 0}, state{"\x001", "", 0}),
		2: set(state{"11", "", 1}),
		4: set(state{"11", "", 1}, state{"12", "", 1}, state{"112", "", 1}, state{"122", "", 1}),
		6: set(state{"122", "", 2}, state{"122", "x", 2}),
		8: set(state{"122", "", 2}, state{"122", "x", 2}, state{"1", "", 2}, state{"1", "x", 2}),
		9: set(state{"122", "", 2}, state{"1", "", 2}),
	} {
		for s := range want {
			if !seen[after][s] {
				t.Errorf("after %d: %+v is possible and never came out", after, s)
			}
		}
		for s := range seen[after] {
			if !want[s] {
				t.Errorf("after %d: %+v came out and is not possible", after, s)
			}
		}
	}
}
