//go:build !race

package sample

import (
	"math/rand/v2"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/store"
)

// TestMisspeltQueries asks for each title of the sample stock as a hurried hand
// types it, without marks and with a slip: of 100 such queries, at least 95 must
// have the wanted title among the first ten, also where a few words that begin
// many titles are all that is typed. The slips are made by chance, the
// same at each run.
func TestMisspeltQueries(t *testing.T) {
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var names []string
	seen := map[string]bool{}
	err = st.Update(t.Context(), func(tx kiosk.Tx) error {
		for _, h := range stocks() {
			for _, e := range h.entries {
				name := strings.TrimSpace(e.title + " " + e.remainder)
				if !seen[name] && len(strings.Fields(fold.Text(name))) > 1 {
					names = append(names, name)
				}
				seen[name] = true
				b := kiosk.Title{ID: tx.NewID(), Title: e.title, Remainder: e.remainder, Publisher: e.publisher}
				if e.author != "" {
					b.Authors = []string{e.author}
				}
				if err := tx.PutTitle(b); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	find := func(q, name string) (found bool) {
		t.Helper()
		err := st.View(t.Context(), func(v kiosk.View) error {
			_, fs, err := v.Search(q, 0, 10)
			for _, f := range fs {
				found = found || strings.TrimSpace(f.Title.Title+" "+f.Title.Remainder) == name
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	rnd := rand.New(rand.NewPCG(20, 24))
	for _, c := range []struct {
		name  string
		least int // of 100
		words int // of the title that are typed
		slips int
	}{{"one slip in all words", 95, 99, 1}, {"one slip in the first four words", 95, 4, 1}, {"two slips in all words", 95, 99, 2}} {
		asked, found, missed := 0, 0, []string{}
		for i, name := range names {
			words := strings.Fields(fold.Text(name))
			words = words[:min(c.words, len(words))]
			// Many titles begin alike: what is not found when it is spelt well does not count.
			if i%3 != 0 || !find(strings.Join(words, " "), name) {
				continue
			}
			asked++
			q := strings.Join(slipped(rnd, words, c.slips), " ")
			if find(q, name) {
				found++
			} else {
				missed = append(missed, q)
			}
		}
		t.Logf("%s: %.1f of 100 found among the first ten (%d titles); not: %.300q", c.name, 100*float64(found)/float64(asked), asked, missed)
		if found*100 < c.least*asked || asked < 100 {
			t.Errorf("%s: %d of %d, want %d of 100", c.name, found, asked, c.least)
		}
	}
}

// slipped makes n slips of the finger: a letter wrong, left out, doubled with
// another, or two letters swapped.
func slipped(rnd *rand.Rand, words []string, n int) []string {
	out := append([]string(nil), words...)
	for range n {
		var may []int
		for i, w := range out {
			if len(w) > 1 && fold.Slack(w) > 0 && w == words[i] {
				may = append(may, i)
			}
		}
		if len(may) == 0 {
			return out
		}
		i := may[rnd.IntN(len(may))]
		w, at, letter := out[i], rnd.IntN(len(out[i])), string(rune('a'+rnd.IntN(26)))
		switch rnd.IntN(4) {
		case 0:
			w = w[:at] + letter + w[at+1:]
		case 1:
			w = w[:at] + w[at+1:]
		case 2:
			w = w[:at] + letter + w[at:]
		default:
			at = min(at, len(w)-2)
			w = w[:at] + string(w[at+1]) + string(w[at]) + w[at+2:]
		}
		out[i] = w
	}
	return out
}
