package store

import (
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// titleCols reads a title t with its authors and subjects in one row. The names
// come in the order of their key: an ORDER BY within string_agg would have SQLite
// make, fill and drop a table of its own for each of the three.
const titleCols = `t.id, t.title, t.remainder,
	(SELECT string_agg(name, '` + listSep + `') FROM (SELECT a.name FROM title_author a WHERE a.title_id = t.id ORDER BY a.position)),
	(SELECT string_agg(role, '` + listSep + `') FROM (SELECT a.role FROM title_author a WHERE a.title_id = t.id ORDER BY a.position)),
	t.publisher, t.pub_place, t.year, t.edition, t.series, t.isbn, t.class_number, t.class_scheme,
	(SELECT string_agg(name, '` + listSep + `') FROM (SELECT s.name FROM title_subject s WHERE s.title_id = t.id ORDER BY s.position)),
	t.grade, t.level, t.language, t.pages, t.size, t.price, t.call_number, t.link, t.summary, coalesce(t.merged_into, '')`

func titleTo(t *kiosk.Title) []any {
	return []any{&t.ID, &t.Title, &t.Remainder, listCol{&t.Authors}, relatorsCol{&t.Relators}, &t.Publisher, &t.PubPlace, &t.Year, &t.Edition, &t.Series,
		&t.ISBN, &t.ClassNumber, &t.ClassScheme, listCol{&t.Subjects}, &t.Grade, &t.Level, &t.Language, &t.Pages, &t.Size, &t.Price, &t.CallNumber,
		&t.Link, &t.Summary, &t.MergedInto}
}

func scanTitle(row scanner) (t kiosk.Title, err error) {
	err = row.Scan(titleTo(&t)...)
	return t, err
}

// titlesRead are the titles of a long list, each read once: of many copies and
// loans the same few titles would be read again for each.
type titlesRead struct {
	v  *view
	of map[kiosk.ID]kiosk.Title
}

func (v *view) titlesRead() *titlesRead { return &titlesRead{v, map[kiosk.ID]kiosk.Title{}} }

// put gives a copy its title.
func (r *titlesRead) put(i *kiosk.Item) error {
	t, ok := r.of[i.TitleID]
	if !ok {
		var err error
		if t, err = r.v.Title(i.TitleID); err != nil {
			return err
		}
		r.of[i.TitleID] = t
	}
	i.Title = t
	return nil
}

func (v *view) Title(id kiosk.ID) (t kiosk.Title, err error) {
	err = v.one("title "+string(id), `SELECT `+titleCols+` FROM title t WHERE t.id = $1`, []any{id}, titleTo(&t)...)
	return t, err
}

// TitlesByISBN lists them in the order they were first put. No title has the
// empty ISBN; one that was merged into another is in no list.
func (v *view) TitlesByISBN(isbn string) ([]kiosk.Title, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "isbn "+isbn, `SELECT `+titleCols+` FROM title t WHERE t.site_id = $1 AND t.isbn = $2 AND t.isbn <> '' AND t.merged_into IS NULL ORDER BY t.nr`, []any{site, isbn}, scanTitle)
}

// EachTitle goes in the order they were first put.
func (v *view) EachTitle(fn func(kiosk.Title) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	return each(v, "titles", `SELECT `+titleCols+` FROM title t WHERE t.site_id = $1 AND t.merged_into IS NULL ORDER BY t.nr`, []any{site}, scanTitle, fn)
}

func (t *tx) PutTitle(b kiosk.Title) error {
	return t.whole("title "+string(b.ID), func() error {
		site, err := t.siteID()
		if err != nil {
			return err
		}
		what := "title " + string(b.ID)
		var nr int64
		err = t.one(what, `INSERT INTO title (id, site_id, title, folded, remainder, publisher, pub_place, year, isbn, class_number, grade, level, language, pages, price, call_number,
			edition, series, class_scheme, size, link, summary, merged_into)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23) ON CONFLICT (id) DO UPDATE SET
		title = excluded.title, folded = excluded.folded, remainder = excluded.remainder, publisher = excluded.publisher, pub_place = excluded.pub_place,
		year = excluded.year, isbn = excluded.isbn, class_number = excluded.class_number, grade = excluded.grade, level = excluded.level,
		language = excluded.language, pages = excluded.pages, price = excluded.price, call_number = excluded.call_number, edition = excluded.edition,
		series = excluded.series, class_scheme = excluded.class_scheme, size = excluded.size, link = excluded.link, summary = excluded.summary,
		merged_into = excluded.merged_into RETURNING nr`,
			[]any{b.ID, site, b.Title, fold.Text(b.Title), b.Remainder, b.Publisher, b.PubPlace, b.Year, b.ISBN, b.ClassNumber, b.Grade, b.Level, b.Language, b.Pages, b.Price, b.CallNumber,
				b.Edition, b.Series, b.ClassScheme, b.Size, b.Link, b.Summary, orNull(b.MergedInto)}, &nr)
		if err != nil {
			return err
		}
		if err := t.putNames("title_author", b.ID, site, b.Authors, b.TidyRelators()); err != nil {
			return err
		}
		if err := t.putNames("title_subject", b.ID, site, b.Subjects, nil); err != nil {
			return err
		}
		return t.index(nr, b)
	})
}

// putNames replaces a title's authors, with what they did, or its subjects.
// table is one of ours.
func (t *tx) putNames(table string, title kiosk.ID, site string, names []string, relators []kiosk.Relator) error {
	if err := t.exec(table, `DELETE FROM `+table+` WHERE title_id = $1`, title); err != nil {
		return err
	}
	for i, name := range names {
		name = strings.ReplaceAll(name, listSep, " ")
		if err := t.exec(table, `INSERT INTO `+table+` (title_id, position, site_id, name) VALUES ($1, $2, $3, $4)`, title, i, site, name); err != nil {
			return err
		}
	}
	for i, r := range relators {
		if r == kiosk.Author {
			continue
		}
		if err := t.exec(table, `UPDATE title_author SET role = $1 WHERE title_id = $2 AND position = $3`, r, title, i); err != nil {
			return err
		}
	}
	return nil
}
