package store

import (
	"errors"
	"fmt"
	"strings"

	"muontra/kiosk"
)

// withBarcode does a Put of something that owns a barcode: it takes the code
// before, and gives back after it the one that the row had until now. A code
// of somebody else's, or of a command, is ErrConflict. table is one of ours,
// never a caller's.
func (t *tx) withBarcode(what, table string, id kiosk.ID, code string, put func(site string) error) error {
	return t.whole(what, func() error {
		site, err := t.siteID()
		if err != nil {
			return err
		}
		var old string
		err = t.one(what, `SELECT coalesce(barcode, '') FROM `+table+` WHERE id = $1`, []any{id}, &old)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return err
		}
		if code == old {
			return put(site)
		}
		if _, command := kiosk.CommandOf(code); command {
			return fmt.Errorf("%s: barcode %s is a command's: %w", what, code, kiosk.ErrConflict)
		}
		if code != "" {
			if err := t.exec(what+": barcode "+code, `INSERT INTO barcode (site_id, code, owner) VALUES ($1, $2, $3)`, site, code, id); err != nil {
				return err
			}
		}
		if err := put(site); err != nil {
			return err
		}
		if old == "" {
			return nil
		}
		return t.exec(what, `DELETE FROM barcode WHERE site_id = $1 AND code = $2`, site, old)
	})
}

// BarcodeInUse reports whether a code is somebody's, a command's included.
func (t *tx) BarcodeInUse(code string) (bool, error) {
	if _, command := kiosk.CommandOf(code); command {
		return true, nil
	}
	site, err := t.siteID()
	if err != nil {
		return false, err
	}
	var owner string
	err = t.one("barcode "+code, `SELECT owner FROM barcode WHERE site_id = $1 AND code = $2`, []any{site, code}, &owner)
	if errors.Is(err, kiosk.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// NextBarcode goes on from the last code handed out and skips those in use,
// such as an import brought along. One that was handed out is not handed out
// again, used or not.
func (t *tx) NextBarcode(s kiosk.Series) (string, error) {
	site, err := t.siteID()
	if err != nil {
		return "", err
	}
	n := 0
	err = t.one("series", `SELECT serial FROM series WHERE site_id = $1 AND series = $2`, []any{site, string(rune(s))}, &n)
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return "", err
	}
	for n++; n <= kiosk.MaxSerial; n++ {
		code := s.Make(n)
		used, err := t.BarcodeInUse(code)
		if err != nil {
			return "", err
		}
		if used {
			continue
		}
		return code, t.exec("series", `INSERT INTO series (site_id, series, serial) VALUES ($1, $2, $3)
			ON CONFLICT (site_id, series) DO UPDATE SET serial = excluded.serial`, site, string(rune(s)), n)
	}
	return "", fmt.Errorf("barcodes of series %c are used up", s)
}

// numberOf is the form under which an accession number is kept: canonical
// where it is a prefix with a number, as it is in capitals otherwise.
func numberOf(accession string) (number, prefix string, n int) {
	if a, ok := kiosk.AccessionOf(accession); ok {
		prefix, n, _ = kiosk.SplitAccession(a)
		return a, prefix, n
	}
	return strings.ToUpper(strings.TrimSpace(accession)), "", 0
}

// NextAccession hands out the next number of a prefix and writes it down at
// once, so that the next call, of anybody, gets the one after it. The caller
// puts a copy under it in the same transaction; Check names one without.
func (t *tx) NextAccession(prefix string) (string, error) {
	site, err := t.siteID()
	if err != nil {
		return "", err
	}
	first, canonical, _ := numberOf(kiosk.Accession(prefix, 1))
	if canonical != prefix {
		return "", fmt.Errorf("accession prefix %q: use 1 to 5 of A to Z", prefix)
	}
	n := 0
	if err := t.one("accession "+first, `SELECT coalesce(max(n), 0) FROM accession WHERE site_id = $1 AND prefix = $2`, []any{site, prefix}, &n); err != nil {
		return "", err
	}
	a := kiosk.Accession(prefix, n+1)
	return a, t.exec("accession "+a, `INSERT INTO accession (site_id, number, prefix, n, handed, copy_id) VALUES ($1, $2, $3, $4, 1, NULL)`, site, a, prefix, n+1)
}

// takeAccession writes down that the number is the copy's, for good. A number
// of another copy is ErrConflict.
func (t *tx) takeAccession(site string, copyID kiosk.ID, accession string) (number string, err error) {
	if accession == "" {
		return "", nil
	}
	number, prefix, n := numberOf(accession)
	var owner string
	err = t.one("accession "+number, `SELECT coalesce(copy_id, '') FROM accession WHERE site_id = $1 AND number = $2`, []any{site, number}, &owner)
	switch {
	case errors.Is(err, kiosk.ErrNotFound):
		return number, t.exec("accession "+number, `INSERT INTO accession (site_id, number, prefix, n, handed, copy_id) VALUES ($1, $2, $3, $4, 0, $5)`,
			site, number, prefix, n, copyID)
	case err != nil:
		return "", err
	case owner == "":
		return number, t.exec("accession "+number, `UPDATE accession SET copy_id = $1 WHERE site_id = $2 AND number = $3`, copyID, site, number)
	case owner != string(copyID):
		return "", fmt.Errorf("accession %s: %w", number, kiosk.ErrConflict)
	}
	return number, nil
}
