package store

import (
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// lacking is the condition of each lack on a copy c, its state s and title t.
var lacking = map[kiosk.Lack]string{
	kiosk.LackPrice:   `c.price = 0`,
	kiosk.LackPlace:   `c.home_place IS NULL`,
	kiosk.LackLabel:   `c.labelled = 0`,
	kiosk.LackLevel:   `t.level = ''`,
	kiosk.LackClass:   `t.class_number = ''`,
	kiosk.LackAuthors: `NOT EXISTS (SELECT 1 FROM title_author a WHERE a.title_id = t.id)`,
}

func ofTitle(l kiosk.Lack) bool {
	return l == kiosk.LackLevel || l == kiosk.LackClass || l == kiosk.LackAuthors
}

func (v *view) Completeness() (kiosk.Completeness, error) {
	c := kiosk.Completeness{Missing: map[kiosk.Lack]int{}}
	site, err := v.siteID()
	if err != nil {
		return c, err
	}
	copies, titles := `SELECT count(*)`, `SELECT count(*)`
	var copyLacks, titleLacks []kiosk.Lack
	for _, l := range kiosk.Lacks {
		sum := `, coalesce(sum(` + lacking[l] + `), 0)`
		if ofTitle(l) {
			titles, titleLacks = titles+sum, append(titleLacks, l)
		} else {
			copies, copyLacks = copies+sum, append(copyLacks, l)
		}
	}
	read := func(query string, n *int, lacks []kiosk.Lack) error {
		ns := make([]int, len(lacks))
		to := []any{n}
		for i := range ns {
			to = append(to, &ns[i])
		}
		if err := v.one("completeness", query, []any{site}, to...); err != nil {
			return err
		}
		for i, l := range lacks {
			c.Missing[l] = ns[i]
		}
		return nil
	}
	if err := read(copies+` FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id WHERE c.site_id = $1 AND coalesce(s.status, '') <> 'withdrawn'`, &c.Copies, copyLacks); err != nil {
		return c, err
	}
	err = read(titles+` FROM title t WHERE t.site_id = $1 AND t.merged_into IS NULL`, &c.Titles, titleLacks)
	return c, err
}

func (v *view) Alike(t kiosk.Title) ([]kiosk.Title, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	var all []kiosk.Title
	add := func(ts []kiosk.Title) {
		for _, x := range ts {
			if x.ID != t.ID && !slices.ContainsFunc(all, func(y kiosk.Title) bool { return x.ID == y.ID }) {
				all = append(all, x)
			}
		}
	}
	if isbn, ok := kiosk.ISBNOf(t.ISBN); ok {
		for _, form := range isbnForms(isbn) {
			ts, err := v.TitlesByISBN(form)
			if err != nil {
				return nil, err
			}
			add(ts)
		}
	}
	if folded := fold.Text(t.Title); folded != "" {
		ts, err := rows(v, "titles alike", `SELECT `+titleCols+` FROM title t WHERE t.site_id = $1 AND t.folded = $2 AND t.merged_into IS NULL ORDER BY t.nr LIMIT 50`, []any{site, folded}, scanTitle)
		if err != nil {
			return nil, err
		}
		add(slices.DeleteFunc(ts, func(x kiosk.Title) bool { return fold.Text(x.Remainder) != fold.Text(t.Remainder) }))
	}
	return all, nil
}

func (v *view) Duplicates(limit int) ([][]kiosk.Title, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	candidates, err := rows(v, "duplicates", `SELECT `+titleCols+` FROM title t WHERE t.site_id = $1 AND t.merged_into IS NULL AND (
		t.isbn <> '' AND t.isbn IN (SELECT isbn FROM title WHERE site_id = $1 AND isbn <> '' AND merged_into IS NULL GROUP BY isbn HAVING count(*) > 1)
		OR replace(t.folded, 'y', 'i') IN (SELECT replace(folded, 'y', 'i') FROM title WHERE site_id = $1 AND merged_into IS NULL GROUP BY 1 HAVING count(*) > 1)) ORDER BY t.nr`, []any{site}, scanTitle)
	if err != nil {
		return nil, err
	}
	return kiosk.GroupDuplicates(candidates, fold.Text, limit), nil
}

func (v *view) ReceiptLinesOf(title kiosk.ID) ([]kiosk.ReceiptLine, error) {
	return rows(v, "receipt lines of a title", lineCols+`WHERE title_id = $1 ORDER BY nr`, []any{title}, scanLine)
}

func (v *view) EventsOfCopy(copyID kiosk.ID, limit int) ([]kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "events of a copy", eventCols+` AND copy_id = $2 AND copy_id <> '' ORDER BY seq DESC LIMIT $3`, []any{site, copyID, limit}, scanEvent)
}

func (v *view) EventsOfTitle(title kiosk.ID, limit int) ([]kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	changed, err := rows(v, "events of a title", eventCols+` AND type IN ('title_changed', 'titles_merged') AND json_extract(payload, '$.edited.title') = $2 ORDER BY seq DESC LIMIT $3`,
		[]any{site, title, limit}, scanEvent)
	if err != nil {
		return nil, err
	}
	merged, err := rows(v, "events of a title", eventCols+` AND type = 'titles_merged' AND json_extract(payload, '$.edited.other') = $2 ORDER BY seq DESC LIMIT $3`,
		[]any{site, title, limit}, scanEvent)
	all := append(changed, merged...)
	slices.SortFunc(all, func(a, b kiosk.Event) int { return int(b.Seq - a.Seq) })
	return all[:min(len(all), limit)], err
}
