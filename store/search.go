package store

import (
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// This file and search_near.go are those that another database would need anew:
// MATCH and the tables title_search, title_words, title_marked and
// title_vocabulary are SQLite's.
//
// No query ranks all that it hits: each tier is read in the order of its index
// and at most kiosk.MostHits of it, and what is ranked in Go are those.

const pageMax = 100 // titles that one call returns

var searchTables = []string{"title_search", "title_words", "title_marked"}

// index writes the text that a title is found by. One that was merged into
// another is found no more.
func (t *tx) index(nr int64, b kiosk.Title) error {
	t.s.words.puts.Add(1)
	for _, table := range searchTables {
		if err := t.exec("search", `DELETE FROM `+table+` WHERE rowid = $1`, nr); err != nil {
			return err
		}
	}
	if b.MergedInto != "" {
		return nil
	}
	x := searchText(b)
	if err := t.exec("search", `INSERT INTO title_search (rowid, title, other) VALUES ($1, $2, $3)`, nr, x.title, x.other); err != nil {
		return err
	}
	if err := t.exec("search", `INSERT INTO title_words (rowid, title) VALUES ($1, $2)`, nr, x.words); err != nil {
		return err
	}
	return t.exec("search", `INSERT INTO title_marked (rowid, title) VALUES ($1, $2)`, nr, x.marked)
}

// searched is what a title is found by: its own words folded and as they are
// written, and the other words of its record.
type searched struct{ title, other, words, marked string }

func searchText(b kiosk.Title) searched {
	rest := slices.Concat(b.Authors, b.Subjects, []string{b.Publisher, b.ISBN, b.ClassNumber, b.CallNumber})
	if b.Series != "" {
		rest = append(rest, b.Series)
	}
	title := fold.Text(b.Title + " " + b.Remainder)
	return searched{title: title, other: fold.Text(strings.Join(rest, " ")), words: title, marked: b.Title + " " + b.Remainder}
}

func (v *view) Search(query string, offset, limit int) (int, []kiosk.Found, error) {
	limit, offset = min(max(limit, 0), pageMax), max(offset, 0)
	site, err := v.siteID()
	if err != nil {
		return 0, nil, err
	}
	var total int
	var page []int64
	if strings.TrimSpace(query) == "" {
		if err := v.one("search", `SELECT count(*) FROM title WHERE site_id = $1 AND merged_into IS NULL`, []any{site}, &total); err != nil {
			return 0, nil, err
		}
		page, err = rows(v, "search", `SELECT nr FROM title WHERE site_id = $1 AND merged_into IS NULL ORDER BY nr DESC LIMIT $2 OFFSET $3`, []any{site, limit, offset}, scanNr)
	} else {
		var all []int64
		all, _, err = v.hits(site, query)
		total = len(all)
		page = all[min(offset, total):min(offset+limit, total)]
	}
	if err != nil {
		return 0, nil, err
	}
	found, err := v.foundTitles(page)
	return total, found, err
}

func scanNr(row scanner) (nr int64, err error) {
	err = row.Scan(&nr)
	return nr, err
}

// hitList gathers titles, each once, best first.
type hitList struct {
	nrs  []int64
	seen map[int64]bool
}

func (h *hitList) add(nrs ...int64) {
	for _, nr := range nrs {
		if !h.seen[nr] && len(h.nrs) < kiosk.MostHits {
			h.seen[nr] = true
			h.nrs = append(h.nrs, nr)
		}
	}
}

// hits are the titles of a query, best first, and how many at the end are only
// like what was asked.
func (v *view) hits(site, query string) ([]int64, int, error) {
	h := hitList{seen: map[int64]bool{}}
	if err := v.codeHits(&h, site, strings.TrimSpace(query)); err != nil {
		return nil, 0, err
	}
	folded := fold.Text(query)
	if folded == "" {
		return h.nrs, 0, nil
	}
	if err := v.wordHits(&h, site, folded, fold.Marked(query)); err != nil {
		return nil, 0, err
	}
	if len(h.nrs) > 0 {
		return h.nrs, 0, nil
	}
	near, err := v.near(site, folded)
	return near, len(near), err
}

// wordHits adds the titles that have the folded words, and first, where the query
// has marks, those with the marks as they were typed.
func (v *view) wordHits(h *hitList, site, folded, marked string) error {
	begins, err := v.titled(site, folded, marked != folded)
	if err != nil {
		return err
	}
	tiers := []tier{{"title_words", match(folded)}, {"title_search", match(folded)}}
	if marked != folded {
		// First those with the marks as they were typed.
		plain := fold.Plain(marked)
		for _, b := range begins {
			if strings.HasPrefix(fold.Plain(fold.Marked(b.title)), plain) {
				h.add(b.nr)
			}
		}
		if err := v.tiers(h, tier{"title_marked", matchMarked(marked)}); err != nil {
			return err
		}
	}
	for _, b := range begins {
		h.add(b.nr)
	}
	return v.tiers(h, tiers...)
}

// codeHits are the titles whose ISBN, or a copy's accession number or barcode,
// the query is.
func (v *view) codeHits(h *hitList, site, code string) error {
	number, _, _ := numberOf(code)
	queries := []struct{ query, arg string }{
		{`SELECT t.nr FROM copy c JOIN title t ON t.id = c.title_id WHERE c.site_id = $1 AND c.accession = $2`, number},
		{`SELECT t.nr FROM copy c JOIN title t ON t.id = c.title_id WHERE c.site_id = $1 AND c.barcode = $2`, code},
	}
	if isbn, ok := kiosk.ISBNOf(code); ok {
		for _, form := range isbnForms(isbn) {
			queries = append(queries, struct{ query, arg string }{`SELECT nr FROM title WHERE site_id = $1 AND isbn = $2 AND isbn <> '' AND merged_into IS NULL ORDER BY nr`, form})
		}
	}
	for _, q := range queries {
		nrs, err := rows(v, "search", q.query, []any{site, q.arg}, scanNr)
		if err != nil {
			return err
		}
		h.add(nrs...)
	}
	return nil
}

// isbnForms are an ISBN as ten digits and as thirteen: old books bear the one,
// their records may have the other.
func isbnForms(isbn string) []string {
	forms := []string{isbn}
	switch {
	case len(isbn) == 10:
		sum, body := 0, "978"+isbn[:9]
		for i, c := range body {
			sum += int(c-'0') * (1 + i%2*2)
		}
		forms = append(forms, body+string(rune('0'+(10-sum%10)%10)))
	case strings.HasPrefix(isbn, "978"):
		sum, body := 0, isbn[3:12]
		for i, c := range body {
			sum += int(c-'0') * (10 - i)
		}
		check := "0123456789X"[(11-sum%11)%11]
		forms = append(forms, body+string(rune(check)))
	}
	return forms
}

// lastOfAll ends every beginning: folded text is letters, digits and blanks.
const lastOfAll = "\U0010FFFF"

// numbers reads the numbers of titles that a statement gives as one text with
// commas: a thousand rows, one by one, cost more than what finds them.
func (v *view) numbers(query string, args ...any) ([]int64, error) {
	list, err := rows(v, "search", query, args, func(row scanner) (list sql.NullString, err error) {
		err = row.Scan(&list)
		return list, err
	})
	if err != nil || len(list) == 0 || list[0].String == "" {
		return nil, err
	}
	nrs := make([]int64, 0, strings.Count(list[0].String, ",")+1)
	for text := range strings.SplitSeq(list[0].String, ",") {
		nr, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fault("search", err)
		}
		nrs = append(nrs, nr)
	}
	return nrs, nil
}

// titleNr is a title as it is written.
type titleNr struct {
	nr    int64
	title string
}

// titled are the titles that the folded query is, and those that it begins; with
// their text only when it is asked for.
func (v *view) titled(site, folded string, text bool) ([]titleNr, error) {
	if !text {
		nrs, err := v.numbers(`SELECT string_agg(nr, ',' ORDER BY folded, nr) FROM (SELECT nr, folded FROM title
			WHERE site_id = $1 AND folded >= $2 AND folded < $3 AND merged_into IS NULL ORDER BY folded, nr LIMIT $4)`, site, folded, folded+lastOfAll, kiosk.MostHits)
		all := make([]titleNr, len(nrs))
		for i, nr := range nrs {
			all[i].nr = nr
		}
		return all, err
	}
	scan := func(row scanner) (x titleNr, err error) {
		err = row.Scan(&x.nr, &x.title)
		return x, err
	}
	same, err := rows(v, "search", `SELECT nr, title FROM title WHERE site_id = $1 AND folded = $2 AND merged_into IS NULL ORDER BY nr LIMIT $3`, []any{site, folded, kiosk.MostHits}, scan)
	if err != nil {
		return nil, err
	}
	begin, err := rows(v, "search", `SELECT nr, title FROM title WHERE site_id = $1 AND folded > $2 AND folded < $3 AND merged_into IS NULL ORDER BY folded, nr LIMIT $4`,
		[]any{site, folded, folded + lastOfAll, kiosk.MostHits}, scan)
	return append(same, begin...), err
}

// tier is one table of words and what must match in it.
type tier struct{ table, match string }

func (v *view) tiers(h *hitList, ts ...tier) error {
	for _, t := range ts {
		if len(h.nrs) >= kiosk.MostHits {
			return nil
		}
		nrs, err := v.numbers(`SELECT group_concat(rowid) FROM (SELECT rowid FROM `+t.table+` WHERE `+t.table+` MATCH $1 ORDER BY rowid LIMIT $2)`, t.match, kiosk.MostHits)
		if err != nil {
			return err
		}
		slices.Sort(nrs) // an aggregate promises no order
		h.add(nrs...)
	}
	return nil
}

// fewWords are the words of a query: nobody types more, and a pasted page need
// not be searched.
func fewWords(text string) []string {
	words := strings.Fields(text)
	return words[:min(len(words), 16)]
}

// match writes folded words in the language of MATCH: each as a quoted string,
// so that none of them is an operator, the last as a beginning.
func match(folded string) string {
	words := fewWords(folded)
	for i, w := range words {
		words[i] = quoted(w)
	}
	return strings.Join(words, " ") + "*"
}

// matchMarked is match for words with their marks, each in all its spellings.
func matchMarked(marked string) string {
	words := fewWords(marked)
	star := ""
	for i, w := range words {
		if i == len(words)-1 {
			star = "*"
		}
		forms := fold.Spellings(w)
		for j, f := range forms {
			forms[j] = quoted(f) + star
		}
		words[i] = "(" + strings.Join(forms, " OR ") + ")"
	}
	return strings.Join(words, " AND ")
}

func quoted(w string) string { return `"` + strings.ReplaceAll(w, `"`, `""`) + `"` }

// foundTitles are titles as the catalogue shows them, in the order of nrs.
// Withdrawn copies are not in the catalogue any more.
func (v *view) foundTitles(nrs []int64) ([]kiosk.Found, error) {
	if len(nrs) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(nrs)
	if err != nil {
		return nil, err
	}
	found, err := rows(v, "titles", `SELECT `+titleCols+` FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value ORDER BY j.key`, []any{string(list)},
		func(row scanner) (f kiosk.Found, err error) {
			f.Title, err = scanTitle(row)
			return f, err
		})
	if err != nil {
		return nil, err
	}
	at := make(map[kiosk.ID]int, len(found))
	for i, f := range found {
		at[f.Title.ID] = i
	}
	// The titles' own columns would be read once more for each copy.
	copies, err := rows(v, "copies of titles", `SELECT `+copyCols+`, coalesce(p.name, ''), l.due_on, CASE WHEN l.id IS NULL AND h.id IS NULL AND s.status = 'available' THEN 1 ELSE 0 END
		FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value CROSS JOIN copy c ON c.title_id = t.id LEFT JOIN copy_state s ON s.copy_id = c.id
		LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place)`+byAccession+`LEFT JOIN loan l ON l.copy_id = c.id AND l.ended = ''
		LEFT JOIN hold h ON h.copy_id = c.id AND h.status = 'ready'
		WHERE coalesce(s.status, '') <> 'withdrawn'`+accOrder, []any{string(list)},
		func(row scanner) (c kiosk.FoundCopy, err error) {
			err = row.Scan(append(copyTo(&c.Item.Copy), &c.Item.PlaceName, dayCol{&c.DueOn}, &c.Available)...)
			return c, err
		})
	for _, c := range copies {
		f := &found[at[c.Item.TitleID]]
		c.Item.Title = f.Title
		f.Copies = append(f.Copies, c)
	}
	return found, err
}
