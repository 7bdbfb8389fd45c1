package kiosktest

import (
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// Search ranks as the store does: the title that the query is a code of, titled
// so, beginning so, with the words in the title, with the words anywhere.
func (v *view) Search(query string, offset, limit int) (int, []kiosk.Found, error) {
	all := v.d.titles.all()
	if strings.TrimSpace(query) == "" {
		slices.Reverse(all)
	} else {
		tiers := make([][]kiosk.Title, 5)
		for _, t := range all {
			if n := v.tier(t, query); n < len(tiers) {
				tiers[n] = append(tiers[n], t)
			}
		}
		all = slices.Concat(tiers...)
	}
	var found []kiosk.Found
	offset = max(offset, 0)
	for _, t := range all[min(offset, len(all)):min(offset+min(max(limit, 0), 100), len(all))] {
		found = append(found, kiosk.Found{Title: t, Copies: v.foundCopies(t.ID)})
	}
	return len(all), found, nil
}

func (v *view) tier(t kiosk.Title, query string) int {
	code := strings.TrimSpace(query)
	if isbn, ok := kiosk.ISBNOf(code); ok && isbn == t.ISBN {
		return 0
	}
	number, _, _ := numberOf(code)
	for _, c := range v.d.copies.rows {
		if c.TitleID == t.ID && (c.Barcode == code || c.Accession != "" && c.Accession == number) {
			return 0
		}
	}
	text := fold.Text
	if v.m.dropped[folds] {
		text = strings.ToLower
	}
	q, title := text(query), text(t.Title)
	switch {
	case q == "":
		return 5
	case title == q:
		return 1
	case strings.HasPrefix(title, q):
		return 2
	case hasWords(text(t.Title+" "+t.Remainder), q):
		return 3
	case hasWords(text(strings.Join(slices.Concat([]string{t.Title, t.Remainder}, t.Authors, t.Subjects, []string{t.Publisher, t.ISBN, t.ClassNumber, t.CallNumber}), " ")), q):
		return 4
	}
	return 5
}

// hasWords reports whether all words of q are among those of text, the last of
// them perhaps as a beginning.
func hasWords(text, q string) bool {
	words, want := strings.Fields(text), strings.Fields(q)
	for i, w := range want {
		if !slices.ContainsFunc(words, func(x string) bool { return x == w || i == len(want)-1 && strings.HasPrefix(x, w) }) {
			return false
		}
	}
	return true
}

func (v *view) foundCopies(title kiosk.ID) []kiosk.FoundCopy {
	var cs []kiosk.FoundCopy
	for _, i := range v.items(func(c kiosk.Copy) bool { return c.TitleID == title }) {
		_, registered := v.d.states[i.ID]
		if i.State.Status == kiosk.CopyWithdrawn {
			continue
		}
		l, out := v.d.loans.rows[v.d.openLoan[i.ID]]
		kept := slices.ContainsFunc(v.d.holds.all(), func(h kiosk.Hold) bool { return h.CopyID == i.ID && h.Status == kiosk.HoldReady })
		cs = append(cs, kiosk.FoundCopy{Item: i, Available: registered && !out && !kept && i.State.Status == kiosk.CopyAvailable, DueOn: l.DueOn})
	}
	return cs
}
