package store

import (
	"fmt"

	"muontra/kiosk"
)

// copyCols reads a copy c with its state; itemCols with its title and present
// place too.
const (
	copyCols = `c.id, c.title_id, c.barcode, coalesce(c.accession, ''), c.kind, c.sub_kind, c.price, c.source, c.received,
		coalesce(c.home_place, ''), coalesce(c.set_id, ''), c.labelled, c.note, c.pieces,
		c.id, coalesce(s.status, 'in_processing'), coalesce(s.condition, 'good'), coalesce(s.place_id, CASE WHEN s.copy_id IS NULL THEN c.home_place END, ''),
		coalesce(s.on_site, 0), coalesce(s.loans, 0)`
	itemCols = copyCols + `, ` + titleCols + `, coalesce(p.name, '')`
	itemFrom = ` FROM copy c JOIN title t ON t.id = c.title_id LEFT JOIN copy_state s ON s.copy_id = c.id
		LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place) `
	// The registers' order: by prefix, then by number.
	byAccession = ` LEFT JOIN accession n ON n.site_id = c.site_id AND n.number = c.accession `
	accOrder    = ` ORDER BY coalesce(n.prefix, ''), coalesce(n.n, 0), c.accession, c.id`
)

func copyTo(c *kiosk.Copy) []any {
	s := &c.State
	return []any{&c.ID, &c.TitleID, &c.Barcode, &c.Accession, &c.Kind, &c.SubKind, &c.Price, &c.Source, dayCol{&c.Received},
		&c.HomePlace, &c.SetID, &c.Labelled, &c.Note, &c.Pieces, &s.CopyID, &s.Status, &s.Condition, &s.Place, &s.OnSite, &s.Loans}
}

func itemTo(i *kiosk.Item) []any {
	return append(append(copyTo(&i.Copy), titleTo(&i.Title)...), &i.PlaceName)
}

func scanItem(row scanner) (i kiosk.Item, err error) {
	err = row.Scan(itemTo(&i)...)
	return i, err
}

// Item finds a copy. One that no event has registered yet reads as in
// processing, so that it cannot be lent.
func (v *view) Item(id kiosk.ID) (i kiosk.Item, err error) {
	if r, err := v.recent(); r != nil || err != nil {
		if err != nil {
			return i, err
		}
		return v.recentItem(r, id)
	}
	err = v.one("copy "+string(id), `SELECT `+itemCols+itemFrom+`WHERE c.id = $1`, []any{id}, itemTo(&i)...)
	return i, err
}

func (v *view) ItemByBarcode(barcode string) (i kiosk.Item, err error) {
	site, err := v.siteID()
	if err != nil {
		return i, err
	}
	err = v.one("copy "+barcode, `SELECT `+itemCols+itemFrom+`WHERE c.site_id = $1 AND c.barcode = $2`, []any{site, barcode}, itemTo(&i)...)
	return i, err
}

// ItemByAccession understands the number as people write it: "tk 123" is
// TK.00123.
func (v *view) ItemByAccession(accession string) (i kiosk.Item, err error) {
	site, err := v.siteID()
	if err != nil {
		return i, err
	}
	number, _, _ := numberOf(accession)
	err = v.one("copy "+number, `SELECT `+itemCols+itemFrom+`WHERE c.site_id = $1 AND c.accession = $2`, []any{site, number}, itemTo(&i)...)
	return i, err
}

func (v *view) EachItem(fn func(kiosk.Item) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	titles := v.titlesRead()
	return each(v, "copies", `SELECT `+copyCols+`, coalesce(p.name, '') FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id
		LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place) `+byAccession+`WHERE c.site_id = $1`+accOrder, []any{site},
		func(row scanner) (i kiosk.Item, err error) {
			err = row.Scan(append(copyTo(&i.Copy), &i.PlaceName)...)
			return i, err
		},
		func(i kiosk.Item) error {
			if err := titles.put(&i); err != nil {
				return err
			}
			return fn(i)
		})
}

func (v *view) EachOfStock(fn func(kiosk.Copy) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	return each(v, "stock", `SELECT `+copyCols+` FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id WHERE c.site_id = $1 ORDER BY c.rowid`, []any{site},
		func(row scanner) (c kiosk.Copy, err error) {
			err = row.Scan(copyTo(&c)...)
			return c, err
		}, fn)
}

// ItemsOfTitle lists them by accession number.
func (v *view) ItemsOfTitle(title kiosk.ID) ([]kiosk.Item, error) {
	return rows(v, "copies of a title", `SELECT `+itemCols+itemFrom+byAccession+`WHERE c.title_id = $1`+accOrder, []any{title}, scanItem)
}

// PutCopy keeps the accession number in its canonical form. A number that
// another copy has or ever had is ErrConflict.
func (t *tx) PutCopy(c kiosk.Copy) error {
	what := "copy " + string(c.ID)
	if c.Barcode == "" {
		return fmt.Errorf("%s: no barcode", what)
	}
	return t.withBarcode(what, "copy", c.ID, c.Barcode, func(site string) error {
		number, err := t.takeAccession(site, c.ID, c.Accession)
		if err != nil {
			return err
		}
		return t.exec(what, `INSERT INTO copy (id, site_id, title_id, barcode, accession, kind, sub_kind, price, source, received, home_place, set_id, labelled, note, pieces)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (id) DO UPDATE SET
			title_id = excluded.title_id, barcode = excluded.barcode, accession = excluded.accession, kind = excluded.kind, sub_kind = excluded.sub_kind,
			price = excluded.price, source = excluded.source, received = excluded.received, home_place = excluded.home_place, set_id = excluded.set_id, labelled = excluded.labelled, note = excluded.note, pieces = excluded.pieces`,
			c.ID, site, c.TitleID, c.Barcode, orNull(number), c.Kind, c.SubKind, c.Price, c.Source, c.Received.String(), orNull(c.HomePlace), orNull(c.SetID), bit(c.Labelled), c.Note, c.Pieces)
	})
}

// putState writes the after-image that an event leaves of a copy. known is that
// the event names a state before it: then most often only the counts change,
// which are in no index and refer to nothing.
func (t *tx) putState(site string, s kiosk.CopyState, known bool) error {
	what := "state of copy " + string(s.CopyID)
	t.s.seen.stands(s)
	if known {
		n, err := t.note(what, `UPDATE copy_state SET on_site = $1, loans = $2 WHERE copy_id = $3 AND status = $4 AND condition = $5 AND place_id IS $6`,
			s.OnSite, s.Loans, s.CopyID, s.Status, s.Condition, orNull(s.Place))
		if err != nil || n == 1 {
			return err
		}
	}
	_, err := t.note(what, `INSERT INTO copy_state (copy_id, site_id, status, condition, place_id, on_site, loans)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (copy_id) DO UPDATE SET
		status = excluded.status, condition = excluded.condition, place_id = excluded.place_id, on_site = excluded.on_site, loans = excluded.loans`,
		s.CopyID, site, s.Status, s.Condition, orNull(s.Place), s.OnSite, s.Loans)
	return err
}
