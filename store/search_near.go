package store

import (
	"cmp"
	"encoding/json"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// vocabulary is every folded word of the records. It is not changed once it is
// read.
type vocabulary struct {
	words []vocabularyWord
	known map[string]bool
}

// vocabularyWord is a word, in how many records it is, and which letters it
// has: words of too many different letters are not compared.
type vocabularyWord struct {
	word    string
	docs    int
	letters uint64
}

func lettersOf(w string) (set uint64) {
	for i := range len(w) {
		set |= 1 << (w[i] & 63)
	}
	return set
}

// wordList keeps the vocabulary in memory: a school's has some thousands of
// words. It is read anew after this process put a title, and at the latest
// after vocabularyAge, for the sake of others.
type wordList struct {
	puts   atomic.Int64 // titles put by this process
	mu     sync.Mutex
	last   *vocabulary
	at     time.Time
	ofPuts int64
}

const vocabularyAge = time.Minute

// vocabulary reads the words, if they may have changed.
func (v *view) vocabulary() (*vocabulary, error) {
	l := v.s.words
	puts := l.puts.Load()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != nil && l.ofPuts == puts && time.Since(l.at) < vocabularyAge {
		return l.last, nil
	}
	words, err := rows(v, "vocabulary", `SELECT term, doc FROM title_vocabulary`, nil, func(row scanner) (w vocabularyWord, err error) {
		err = row.Scan(&w.word, &w.docs)
		w.letters = lettersOf(w.word)
		return w, err
	})
	if err != nil {
		return nil, err
	}
	o := &vocabulary{words: words, known: make(map[string]bool, len(words))}
	for _, w := range words {
		o.known[w.word] = true
	}
	l.last, l.at, l.ofPuts = o, time.Now(), puts
	return o, nil
}

const (
	mostLike     = 40  // words that one word of a query may stand for
	mostNear     = 400 // titles whose likeness is compared
	nearShown    = 10
	mostDocs     = 100_000 // of a group of like words beyond the nearest: records that have them
	mostRead     = 400_000 // records that the looks for a wrong word may read
	mostReadings = 3       // ways to take the slips out of a query
	leastToDrop  = 3       // words of a query of which one may be wrong altogether
	mostToDrop   = 8
)

// likeWord is a word that may have been meant, and how far it is away.
type likeWord struct {
	word string
	d    int
	docs int
}

// like are the words that w may stand for, the nearest first. The last word of
// a query may be the beginning of one.
func (o *vocabulary) like(w string, last bool) []likeWord {
	slack := fold.Slack(w)
	letters := lettersOf(w)
	var all []likeWord
	for _, x := range o.words {
		if d := len(x.word) - len(w); d < -slack || d > slack && !last {
			continue
		}
		if bits.OnesCount64(letters&^x.letters) > slack {
			continue
		}
		to := x.word
		if last && len(to) > len(w) && len(w) > 2 {
			// The beginning that is as long as what was typed.
			if d := fold.Distance(w, to[:len(w)], slack); d <= slack && fold.Distance(w, to, slack) > slack {
				all = append(all, likeWord{to, d, x.docs})
				continue
			}
		}
		if d := fold.Distance(w, to, slack); d <= slack {
			all = append(all, likeWord{to, d, x.docs})
		}
	}
	slices.SortFunc(all, func(a, b likeWord) int {
		return cmp.Or(cmp.Compare(a.d, b.d), cmp.Compare(b.docs, a.docs), strings.Compare(a.word, b.word))
	})
	all = all[:min(len(all), mostLike)]
	// In a school's catalogue that is all; in a greater one the common words
	// would be read for whole seconds.
	docs := 0
	for i, l := range all {
		if docs += l.docs; docs > mostDocs && i > 0 {
			return all[:i]
		}
	}
	return all
}

// near are the titles that a folded query may mean, the most alike first: those
// that it names among other words, and those whose words are like its words, of
// which each may have a slip of the finger, two may be written as one, and of
// several one may be another altogether.
func (v *view) near(site, folded string) ([]int64, error) {
	named, err := v.within(site, fewWords(folded))
	if err != nil {
		return nil, err
	}
	o, err := v.vocabulary()
	if err != nil {
		return nil, err
	}
	words := o.apart(fewWords(folded))
	groups := make([][]likeWord, len(words))
	for i, w := range words {
		groups[i] = o.like(w, i == len(words)-1)
	}
	var all []nearTitle
	seen := map[int64]bool{}
	docs, total := make([]int, len(groups)), 0
	for i, g := range groups {
		for _, l := range g {
			docs[i] += l.docs
		}
		total += docs[i]
	}
	look := func(leave int) error {
		var and []string
		for i, g := range groups {
			if i == leave {
				continue
			}
			if len(g) == 0 {
				return nil
			}
			or := make([]string, len(g))
			for j, l := range g {
				or[j] = quoted(l.word)
			}
			and = append(and, "("+strings.Join(or, " OR ")+")")
		}
		if len(and) == 0 {
			return nil
		}
		found, err := rows(v, "search", `SELECT rowid, title, other FROM title_search WHERE title_search MATCH $1 ORDER BY rowid LIMIT $2`,
			[]any{strings.Join(and, " AND "), mostNear}, func(row scanner) (n nearTitle, err error) {
				err = row.Scan(&n.nr, &n.title, &n.other)
				return n, err
			})
		for _, n := range found {
			if !seen[n.nr] {
				seen[n.nr] = true
				n.compare(words, groups)
				all = append(all, n)
			}
		}
		return err
	}
	if err := look(-1); err != nil {
		return nil, err
	}
	if len(all) == 0 && len(named) == 0 {
		if named, err = v.begun(site, fewWords(folded)); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 && len(words) >= leastToDrop && len(words) <= mostToDrop {
		// First without the most common word: that reads least.
		leave := make([]int, len(words))
		for i := range leave {
			leave[i] = i
		}
		slices.SortStableFunc(leave, func(a, b int) int { return docs[b] - docs[a] })
		read := 0
		for _, i := range leave {
			if fold.Slack(words[i]) == 0 && len(words[i]) > 1 {
				continue // a number is meant as it stands
			}
			if read += total - docs[i]; read > mostRead {
				break
			}
			if err := look(i); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(all, func(a, b nearTitle) int { return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.nr, b.nr)) })
	h := hitList{seen: map[int64]bool{}}
	h.add(named...)
	if err := v.meant(&h, site, all); err != nil {
		return nil, err
	}
	for _, n := range all {
		h.add(n.nr)
	}
	return h.nrs[:min(len(h.nrs), nearShown)], nil
}

// within are the titles that stand in a query as they are, beside other words.
func (v *view) within(site string, words []string) ([]int64, error) {
	runs, err := json.Marshal(kiosk.TitlesWithin(words))
	if err != nil {
		return nil, err
	}
	return rows(v, "search", `SELECT t.nr FROM json_each($2) j CROSS JOIN title t ON t.site_id = $1 AND t.folded = j.value
		WHERE t.merged_into IS NULL ORDER BY j.key, t.nr LIMIT $3`, []any{site, string(runs), kiosk.MostNamed}, scanNr)
}

// begun are the titles that begin as the query does before its own words.
func (v *view) begun(site string, words []string) ([]int64, error) {
	for _, head := range kiosk.Beginnings(words) {
		nrs, err := rows(v, "search", `SELECT nr FROM title WHERE site_id = $1 AND folded >= $2 AND folded < $3 AND merged_into IS NULL ORDER BY folded, nr LIMIT $4`,
			[]any{site, head + " ", head + " " + lastOfAll, kiosk.MostNamed}, scanNr)
		if err != nil || len(nrs) > 0 {
			return nrs, err
		}
	}
	return nil, nil
}

// meant adds what the query would have found without its slips: many titles
// begin alike, and of those the order in which they are found when the words are
// spelt well is the one that the reader expects. Where the slips may have been
// made in several words equally well, the first of each are shown in turn.
func (v *view) meant(h *hitList, site string, all []nearTitle) error {
	type reading struct {
		query  string
		slips  int
		titles int
		hits   []int64
	}
	var readings []*reading
	by := map[string]*reading{}
	for _, n := range all {
		r := by[n.meant]
		if r == nil {
			r = &reading{query: n.meant, slips: n.slips}
			by[n.meant] = r
			readings = append(readings, r)
		}
		r.titles++
	}
	slices.SortStableFunc(readings, func(a, b *reading) int {
		return cmp.Or(cmp.Compare(a.slips, b.slips), cmp.Compare(b.titles, a.titles))
	})
	readings = readings[:min(len(readings), mostReadings)]
	for i, r := range readings {
		if r.slips > readings[0].slips {
			readings = readings[:i]
			break
		}
		one := hitList{seen: map[int64]bool{}}
		if err := v.wordHits(&one, site, r.query, r.query); err != nil {
			return err
		}
		r.hits = one.nrs
	}
	for i := range nearShown {
		for _, r := range readings {
			if i < len(r.hits) {
				h.add(r.hits[i])
			}
		}
	}
	return nil
}

// apart takes words that are none, but are two words written as one, apart.
func (o *vocabulary) apart(words []string) []string {
	var out []string
	for _, w := range words {
		cut := 0
		if !o.known[w] && fold.Slack(w) > 0 {
			for i := 2; i < len(w)-1 && cut == 0; i++ {
				if o.known[w[:i]] && o.known[w[i:]] {
					cut = i
				}
			}
		}
		// A long word that one slip makes whole is meant as that.
		if cut > 0 && slices.ContainsFunc(o.words, func(x vocabularyWord) bool { return fold.Distance(w, x.word, 1) == 1 }) {
			cut = 0
		}
		if cut == 0 {
			out = append(out, w)
		} else {
			out = append(out, w[:cut], w[cut:])
		}
	}
	return out
}

// nearTitle is a title that may have been meant.
type nearTitle struct {
	nr           int64
	title, other string
	far          int
	slips        int    // of far, what lies in the words alone
	meant        string // the query, as this title's words make it
}

// compare measures how far the title is from the query: a slip is worse than a
// word outside the title, and that is worse than a word that was not asked for.
func (n *nearTitle) compare(words []string, groups [][]likeWord) {
	const slip, missing, elsewhere, later = 10, 35, 3, 2
	in, other := map[string]bool{}, map[string]bool{}
	for w := range strings.FieldsSeq(n.title) {
		in[w] = true
	}
	for w := range strings.FieldsSeq(n.other) {
		other[w] = true
	}
	var meant []string
	for i := range words {
		best, word := missing, ""
		for _, l := range groups[i] {
			far := l.d * slip
			switch {
			case in[l.word]:
			case other[l.word]:
				far += elsewhere
			default:
				continue
			}
			if far < best {
				best, word = far, l.word
			}
		}
		if word != "" {
			meant = append(meant, word)
		}
		n.far += best
	}
	n.slips, n.meant = n.far, strings.Join(meant, " ")
	// A title that begins so before one that says so further on; and one of many
	// words is found by any of them.
	first, _, _ := strings.Cut(n.title, " ")
	if !slices.ContainsFunc(groups[0], func(l likeWord) bool { return l.word == first }) {
		n.far += later * len(words)
	}
	n.far += max(0, len(in)-len(words))
}
