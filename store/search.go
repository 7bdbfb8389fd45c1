package store

import (
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// This file is the one that another database would need anew: MATCH and the
// table title_search are SQLite's.

const (
	pageMax = 100 // titles that one call returns
	// ranked bounds what a search looks at and counts: a common word ("toán")
	// is in thousands of titles, and nobody turns fifty pages.
	ranked = 1000
)

// index writes the folded text that a title is found by.
func (t *tx) index(nr int64, b kiosk.Title) error {
	if err := t.exec("search", `DELETE FROM title_search WHERE rowid = $1`, nr); err != nil {
		return err
	}
	title, other := searchText(b)
	return t.exec("search", `INSERT INTO title_search (rowid, title, other) VALUES ($1, $2, $3)`, nr, title, other)
}

// searchText is what a title is found by: its own words, and the others.
func searchText(b kiosk.Title) (title, other string) {
	rest := slices.Concat(b.Authors, b.Subjects, []string{b.Publisher, b.ISBN, b.ClassNumber, b.CallNumber})
	return fold.Text(b.Title + " " + b.Remainder), fold.Text(strings.Join(rest, " "))
}

// Search lists, in this order and each title once: those that the query is the
// ISBN, accession number or barcode of; those titled so; those whose title
// begins so; those with the words in the title; those with the words anywhere.
// The last word may be the beginning of one. It counts up to a thousand titles.
// An empty query lists the newest.
func (v *view) Search(query string, offset, limit int) (int, []kiosk.Found, error) {
	limit, offset = min(max(limit, 0), pageMax), max(offset, 0)
	site, err := v.siteID()
	if err != nil {
		return 0, nil, err
	}
	var total int
	var page []int64
	if strings.TrimSpace(query) == "" {
		if err := v.one("search", `SELECT count(*) FROM title WHERE site_id = $1`, []any{site}, &total); err != nil {
			return 0, nil, err
		}
		if page, err = rows(v, "search", `SELECT nr FROM title WHERE site_id = $1 ORDER BY nr DESC LIMIT $2 OFFSET $3`, []any{site, limit, offset}, scanNr); err != nil {
			return 0, nil, err
		}
	} else {
		all, err := v.hits(site, query)
		if err != nil {
			return 0, nil, err
		}
		total = len(all)
		page = all[min(offset, total):min(offset+limit, total)]
	}
	found := make([]kiosk.Found, 0, len(page))
	for _, nr := range page {
		f, err := v.foundTitle(nr)
		if err != nil {
			return 0, nil, err
		}
		found = append(found, f)
	}
	return total, found, nil
}

func scanNr(row scanner) (nr int64, err error) {
	err = row.Scan(&nr)
	return nr, err
}

// hits are the titles of a query, best first, at most ranked of them.
func (v *view) hits(site, query string) ([]int64, error) {
	var all []int64
	seen := map[int64]bool{}
	add := func(q string, args ...any) error {
		if len(all) >= ranked {
			return nil
		}
		nrs, err := rows(v, "search", q, args, scanNr)
		for _, nr := range nrs {
			if !seen[nr] && len(all) < ranked {
				seen[nr] = true
				all = append(all, nr)
			}
		}
		return err
	}
	code := strings.TrimSpace(query)
	if isbn, ok := kiosk.ISBNOf(code); ok {
		if err := add(`SELECT nr FROM title WHERE site_id = $1 AND isbn = $2 AND isbn <> '' ORDER BY nr`, site, isbn); err != nil {
			return nil, err
		}
	}
	number, _, _ := numberOf(code)
	if err := add(`SELECT t.nr FROM copy c JOIN title t ON t.id = c.title_id WHERE c.site_id = $1 AND c.accession = $2`, site, number); err != nil {
		return nil, err
	}
	if err := add(`SELECT t.nr FROM copy c JOIN title t ON t.id = c.title_id WHERE c.site_id = $1 AND c.barcode = $2`, site, code); err != nil {
		return nil, err
	}
	folded := fold.Text(query)
	if folded == "" {
		return all, nil
	}
	if err := add(`SELECT nr FROM title WHERE site_id = $1 AND folded = $2 ORDER BY nr LIMIT $3`, site, folded, ranked); err != nil {
		return nil, err
	}
	// Folded text is letters, digits and blanks, so U+10FFFF ends every beginning.
	if err := add(`SELECT nr FROM title WHERE site_id = $1 AND folded > $2 AND folded < $3 ORDER BY folded, nr LIMIT $4`, site, folded, folded+"\U0010FFFF", ranked); err != nil {
		return nil, err
	}
	m := match(folded)
	if err := add(`SELECT rowid FROM title_search WHERE title_search MATCH $1 ORDER BY rowid LIMIT $2`, "title : ("+m+")", ranked); err != nil {
		return nil, err
	}
	err := add(`SELECT rowid FROM title_search WHERE title_search MATCH $1 ORDER BY rowid LIMIT $2`, m, ranked)
	return all, err
}

// match writes folded words in the language of MATCH: each as a quoted string,
// so that none of them is an operator, the last as a beginning.
func match(folded string) string {
	words := strings.Fields(folded)
	if len(words) > 16 { // nobody types more; a pasted page need not be searched
		words = words[:16]
	}
	for i, w := range words {
		words[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
	}
	return strings.Join(words, " ") + "*"
}

// foundTitle is a title as the catalogue shows it. Withdrawn copies are not in
// the catalogue any more.
func (v *view) foundTitle(nr int64) (f kiosk.Found, err error) {
	if err = v.one("title", `SELECT `+titleCols+` FROM title t WHERE t.nr = $1`, []any{nr}, titleTo(&f.Title)...); err != nil {
		return f, err
	}
	f.Copies, err = rows(v, "copies of a title", `SELECT `+itemCols+`, l.due_on, CASE WHEN l.id IS NULL AND h.id IS NULL AND s.status = 'available' THEN 1 ELSE 0 END`+
		itemFrom+byAccession+`LEFT JOIN loan l ON l.copy_id = c.id AND l.ended = ''
		LEFT JOIN hold h ON h.copy_id = c.id AND h.status = 'ready'
		WHERE c.title_id = $1 AND coalesce(s.status, '') <> 'withdrawn'`+accOrder, []any{f.Title.ID},
		func(row scanner) (c kiosk.FoundCopy, err error) {
			err = row.Scan(append(itemTo(&c.Item), dayCol{&c.DueOn}, &c.Available)...)
			return c, err
		})
	return f, err
}
