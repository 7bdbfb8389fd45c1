package store

import (
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// titleCols reads a title t with its authors and subjects in one row.
const titleCols = `t.id, t.title, t.remainder,
	(SELECT string_agg(a.name, '` + listSep + `' ORDER BY a.position) FROM title_author a WHERE a.title_id = t.id),
	t.publisher, t.pub_place, t.year, t.isbn, t.class_number,
	(SELECT string_agg(s.name, '` + listSep + `' ORDER BY s.position) FROM title_subject s WHERE s.title_id = t.id),
	t.grade, t.level, t.language, t.pages, t.price, t.call_number`

func titleTo(t *kiosk.Title) []any {
	return []any{&t.ID, &t.Title, &t.Remainder, listCol{&t.Authors}, &t.Publisher, &t.PubPlace, &t.Year, &t.ISBN, &t.ClassNumber,
		listCol{&t.Subjects}, &t.Grade, &t.Level, &t.Language, &t.Pages, &t.Price, &t.CallNumber}
}

func scanTitle(row scanner) (t kiosk.Title, err error) {
	err = row.Scan(titleTo(&t)...)
	return t, err
}

func (v *view) Title(id kiosk.ID) (t kiosk.Title, err error) {
	err = v.one("title "+string(id), `SELECT `+titleCols+` FROM title t WHERE t.id = $1`, []any{id}, titleTo(&t)...)
	return t, err
}

// TitlesByISBN lists them in the order they were first put. No title has the
// empty ISBN.
func (v *view) TitlesByISBN(isbn string) ([]kiosk.Title, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "isbn "+isbn, `SELECT `+titleCols+` FROM title t WHERE t.site_id = $1 AND t.isbn = $2 AND t.isbn <> '' ORDER BY t.nr`, []any{site, isbn}, scanTitle)
}

// EachTitle goes in the order they were first put.
func (v *view) EachTitle(fn func(kiosk.Title) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	return each(v, "titles", `SELECT `+titleCols+` FROM title t WHERE t.site_id = $1 ORDER BY t.nr`, []any{site}, scanTitle, fn)
}

func (t *tx) PutTitle(b kiosk.Title) error {
	return t.whole("title "+string(b.ID), func() error {
		site, err := t.siteID()
		if err != nil {
			return err
		}
		what := "title " + string(b.ID)
		var nr int64
		err = t.one(what, `INSERT INTO title (id, site_id, title, folded, remainder, publisher, pub_place, year, isbn, class_number, grade, level, language, pages, price, call_number)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (id) DO UPDATE SET
		title = excluded.title, folded = excluded.folded, remainder = excluded.remainder, publisher = excluded.publisher, pub_place = excluded.pub_place,
		year = excluded.year, isbn = excluded.isbn, class_number = excluded.class_number, grade = excluded.grade, level = excluded.level,
		language = excluded.language, pages = excluded.pages, price = excluded.price, call_number = excluded.call_number RETURNING nr`,
			[]any{b.ID, site, b.Title, fold.Text(b.Title), b.Remainder, b.Publisher, b.PubPlace, b.Year, b.ISBN, b.ClassNumber, b.Grade, b.Level, b.Language, b.Pages, b.Price, b.CallNumber}, &nr)
		if err != nil {
			return err
		}
		if err := t.putNames("title_author", b.ID, site, b.Authors); err != nil {
			return err
		}
		if err := t.putNames("title_subject", b.ID, site, b.Subjects); err != nil {
			return err
		}
		return t.index(nr, b)
	})
}

// putNames replaces a title's authors or subjects. table is one of ours.
func (t *tx) putNames(table string, title kiosk.ID, site string, names []string) error {
	if err := t.exec(table, `DELETE FROM `+table+` WHERE title_id = $1`, title); err != nil {
		return err
	}
	for i, name := range names {
		name = strings.ReplaceAll(name, listSep, " ")
		if err := t.exec(table, `INSERT INTO `+table+` (title_id, position, site_id, name) VALUES ($1, $2, $3, $4)`, title, i, site, name); err != nil {
			return err
		}
	}
	return nil
}
