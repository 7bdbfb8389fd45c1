package kiosktest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// nearShown is how many titles that are only like the query are shown.
const nearShown = 10

// Search ranks as the store does: the title that the query is a code of, then,
// with marks and without, titled so, beginning so, with the words in the title,
// with the words anywhere, and where that is little, with words like them.
func (v *view) Search(query string, offset, limit int) (int, []kiosk.Found, error) {
	all, _ := v.hits(query)
	return len(all), v.foundTitles(all, offset, limit), nil
}

func (v *view) foundTitles(all []kiosk.Title, offset, limit int) (found []kiosk.Found) {
	offset = max(offset, 0)
	for _, t := range all[min(offset, len(all)):min(offset+min(max(limit, 0), 100), len(all))] {
		found = append(found, kiosk.Found{Title: t, Copies: v.foundCopies(t.ID)})
	}
	return found
}

// hits are the titles of a query, and how many at the end are only like it.
func (v *view) hits(query string) ([]kiosk.Title, int) {
	all := v.living()
	if strings.TrimSpace(query) == "" {
		slices.Reverse(all)
		return all, 0
	}
	tiers := make([][]kiosk.Title, none)
	var near []kiosk.Title
	far := map[kiosk.ID]int{}
	for _, t := range all {
		if n := v.tier(t, query); n < none {
			tiers[n] = append(tiers[n], t)
		} else if d, ok := likeness(t, fold.Text(query)); ok {
			near, far[t.ID] = append(near, t), d
		}
	}
	all = slices.Concat(tiers...)
	if len(all) > 0 {
		return all, 0
	}
	slices.SortStableFunc(near, func(a, b kiosk.Title) int { return cmp.Compare(far[a.ID], far[b.ID]) })
	var named []kiosk.Title
	words := strings.Fields(fold.Text(query))
	for _, run := range kiosk.TitlesWithin(words) {
		named = append(named, titled(v.living(), func(title string) bool { return title == run })...)
	}
	heads := kiosk.Beginnings(words)
	for i := 0; i < len(heads) && len(near)+len(named) == 0; i++ {
		named = titled(v.living(), func(title string) bool { return strings.HasPrefix(title, heads[i]+" ") })
	}
	named = named[:min(len(named), kiosk.MostNamed)]
	near = append(named, slices.DeleteFunc(near, func(t kiosk.Title) bool {
		return slices.ContainsFunc(named, func(n kiosk.Title) bool { return n.ID == t.ID })
	})...)
	near = near[:min(len(near), nearShown)]
	return near, len(near)
}

// titled are those of the titles whose folded title is so.
func titled(all []kiosk.Title, so func(title string) bool) (out []kiosk.Title) {
	for _, t := range all {
		if so(fold.Text(t.Title)) {
			out = append(out, t)
		}
	}
	return out
}

// The tiers of a search.
const (
	isCode = iota
	markedSo
	markedBegin
	markedWords
	titledSo
	beginsSo
	titleWords
	anyWords
	none
)

func (v *view) tier(t kiosk.Title, query string) int {
	code := strings.TrimSpace(query)
	if isbn, ok := kiosk.ISBNOf(code); ok && isbn == t.ISBN {
		return isCode
	}
	number, _, _ := numberOf(code)
	for _, c := range v.d.copies.rows {
		if c.TitleID == t.ID && (c.Barcode == code || c.Accession != "" && c.Accession == number) {
			return isCode
		}
	}
	text := fold.Text
	if v.m.dropped[folds] {
		text = strings.ToLower
	}
	q, title := text(query), text(t.Title)
	marked := fold.Plain(fold.Marked(query))
	has := marked != q && !v.m.dropped[marksFirst]
	written := fold.Plain(fold.Marked(t.Title + " " + t.Remainder))
	switch {
	case q == "":
		return none
	case has && title == q && strings.HasPrefix(written, marked):
		return markedSo
	case has && strings.HasPrefix(title, q) && strings.HasPrefix(written, marked):
		return markedBegin
	case has && hasWords(written, marked):
		return markedWords
	case title == q:
		return titledSo
	case strings.HasPrefix(title, q):
		return beginsSo
	case hasWords(text(t.Title+" "+t.Remainder), q):
		return titleWords
	case hasWords(text(recordText(t)), q):
		return anyWords
	}
	return none
}

func recordText(t kiosk.Title) string {
	return strings.Join(slices.Concat([]string{t.Title, t.Remainder}, t.Authors, t.Subjects, []string{t.Publisher, t.ISBN, t.ClassNumber, t.CallNumber, t.Series}), " ")
}

// likeness is how many slips of the finger lie between the query and words of
// the title; false when a word of the query is like none of them.
func likeness(t kiosk.Title, q string) (far int, ok bool) {
	words := strings.Fields(fold.Text(recordText(t)))
	for _, w := range strings.Fields(q) {
		best := fold.Slack(w) + 1
		for _, x := range words {
			best = min(best, fold.Distance(w, x, fold.Slack(w)))
		}
		if best > fold.Slack(w) {
			return 0, false
		}
		far += best
	}
	return far, q != ""
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

// browsed narrows and counts one title after the other.
func (v *view) browsed(q kiosk.TitleQuery, freshSince kiosk.Day) (kiosk.Hits, []kiosk.Title) {
	all, near := v.hits(q.Text)
	exact := len(all) - near
	// fits reports for each facet whether the title is what was asked for.
	fits := func(t kiosk.Title, q kiosk.TitleQuery) bool {
		kinds, newest := v.kindsOf(t.ID)
		return (q.Kind == "" || slices.Contains(kinds, q.Kind)) && (q.Level == "" || t.Level == q.Level) && (q.Grade == 0 || t.Grade == q.Grade) &&
			(q.Subject == "" || slices.Contains(t.Subjects, q.Subject)) && (q.Since.IsZero() || !newest.Before(q.Since) && !newest.IsZero())
	}
	var h kiosk.Hits
	var shown []kiosk.Title
	kinds, levels, grades, subjects := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for i, t := range all {
		if fits(t, q) {
			shown = append(shown, t)
			if i >= exact {
				h.Near++
			}
		}
		any := q
		if any.Kind = ""; fits(t, any) {
			ks, _ := v.kindsOf(t.ID)
			for _, k := range ks {
				kinds[string(k)]++
			}
		}
		any = q
		if any.Level = ""; t.Level != "" && fits(t, any) {
			levels[t.Level]++
		}
		any = q
		if any.Grade = 0; t.Grade != 0 && fits(t, any) {
			grades[strconv.Itoa(t.Grade)]++
		}
		any = q
		if any.Subject = ""; fits(t, any) {
			for _, s := range t.Subjects {
				subjects[s]++
			}
		}
		any = q
		if any.Since = freshSince; !freshSince.IsZero() && fits(t, any) {
			h.Fresh++
		}
	}
	h.Total = len(shown)
	h.Kinds, h.Levels, h.Grades, h.Subjects = mostFirst(kinds), mostFirst(levels), mostFirst(grades), mostFirst(subjects)
	h.Subjects = h.Subjects[:min(len(h.Subjects), kiosk.MostSubjects)]
	return h, shown
}

// Browse narrows and counts one title after the other.
func (v *view) Browse(q kiosk.TitleQuery, freshSince kiosk.Day, offset, limit int) (kiosk.Hits, error) {
	h, shown := v.browsed(q, freshSince)
	h.Found = v.foundTitles(shown, offset, limit)
	return h, nil
}

// A title's number is where it stands among all.
func (v *view) FindTitles(q kiosk.TitleQuery, freshSince kiosk.Day) (set kiosk.TitleSet, err error) {
	all := v.d.titles.all()
	h, shown := v.browsed(q, freshSince)
	set.Hits = h
	for _, t := range shown {
		set.Numbers = append(set.Numbers, int64(slices.IndexFunc(all, func(x kiosk.Title) bool { return x.ID == t.ID })))
	}
	return set, nil
}

func (v *view) EachFound(numbers []int64, p kiosk.Page, fn func(kiosk.Found) error) error {
	all := v.d.titles.all()
	var found []kiosk.Found
	for _, n := range numbers {
		if n >= 0 && n < int64(len(all)) {
			found = append(found, kiosk.Found{Title: all[n], Copies: v.foundCopies(all[n].ID)})
		}
	}
	newest := func(f kiosk.Found) (day string) {
		for _, c := range f.Copies {
			if !c.Item.Received.IsZero() {
				day = max(day, c.Item.Received.String())
			}
		}
		return day
	}
	author := func(f kiosk.Found) string { return strings.Join(f.Title.Authors[:min(1, len(f.Title.Authors))], "") }
	return stretch(v, found, p, map[string]func(kiosk.Found) orderKey{
		kiosk.ByTitle: func(f kiosk.Found) orderKey {
			return orderKey{text: fold.Order(f.Title.Title) + "\x00" + fold.Order(f.Title.Remainder)}
		},
		kiosk.ByAuthor: func(f kiosk.Found) orderKey { return orderKey{none: author(f) == "", text: fold.Order(author(f))} },
		kiosk.ByClassNumber: func(f kiosk.Found) orderKey {
			return orderKey{none: f.Title.ClassNumber == "", text: f.Title.ClassNumber}
		},
		kiosk.ByCopies:   func(f kiosk.Found) orderKey { return orderKey{n: int64(len(f.Copies))} },
		kiosk.ByReceived: func(f kiosk.Found) orderKey { return orderKey{none: newest(f) == "", text: newest(f)} },
	}, fn)
}

func (v *view) kindsOf(title kiosk.ID) (kinds []kiosk.Kind, newest kiosk.Day) {
	for _, c := range v.d.copies.all() {
		if c.TitleID != title {
			continue
		}
		if c.Received.String() > newest.String() {
			newest = c.Received
		}
		if v.item(c).State.Status != kiosk.CopyWithdrawn && !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	return kinds, newest
}

func mostFirst(counts map[string]int) (all []kiosk.FacetCount) {
	for v, n := range counts {
		all = append(all, kiosk.FacetCount{Value: v, N: n})
	}
	slices.SortFunc(all, func(a, b kiosk.FacetCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value)) })
	return all
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
