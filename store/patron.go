package store

import (
	"fmt"

	"muontra/kiosk"
)

const patronCols = `p.id, r.ref, p.category, p.name, p.birth_date, p.sex, p.sector_code, p.entitled, p.status, p.left_on, p.created_at`

func patronTo(p *kiosk.Patron) []any {
	return []any{&p.ID, &p.Ref, &p.Category, &p.Name, dayCol{&p.BirthDate}, &p.Sex, &p.SectorCode, &p.Entitled, &p.Status, dayCol{&p.LeftOn}, instantCol{&p.CreatedAt}}
}

func (v *view) Patron(id kiosk.ID) (p kiosk.Patron, err error) {
	err = v.one("patron "+string(id), `SELECT `+patronCols+` FROM patron p JOIN patron_ref r ON r.patron_id = p.id AND r.until = '' WHERE p.id = $1`, []any{id}, patronTo(&p)...)
	return p, err
}

// The member's class is that of the enrolment which counts on the day: in the
// school year of the day, the last that has begun, or else the last.
const (
	memberCols = `SELECT ` + patronCols + `,
		coalesce(c.id, ''), coalesce(c.patron_id, ''), coalesce(c.barcode, ''), coalesce(c.status, ''), c.issued_at, coalesce(k.name, ''), coalesce(k.grade, 0)
		FROM patron_ref r JOIN patron p ON p.id = r.patron_id `
	newestCard = `LEFT JOIN card c ON c.id = (SELECT x.id FROM card x WHERE x.patron_id = p.id AND x.status = 'active' ORDER BY x.issued_at DESC, x.id DESC LIMIT 1) `
	itsClass   = `LEFT JOIN class k ON k.id = (SELECT e.class_id FROM enrolment e WHERE e.patron_id = p.id AND e.year_id = $2 AND e.withdrawn = 0
		ORDER BY CASE WHEN e.since <= $3 THEN 0 ELSE 1 END, e.since DESC, e.id DESC LIMIT 1) `
)

func scanMember(row scanner) (m kiosk.Member, err error) {
	err = row.Scan(append(patronTo(&m.Patron),
		&m.Card.ID, &m.Card.PatronID, &m.Card.Barcode, &m.Card.Status, instantCol{&m.Card.IssuedAt}, &m.Class, &m.Grade)...)
	return m, err
}

// memberArgs are $1 to $3: the site, the year of the day, the day. Of the rules it
// reads no more than it needs: each scan looks for a member, and each commit has
// the readers forget.
func (v *view) memberArgs(on kiosk.Day) ([]any, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	year, err := v.yearIDOf(on)
	return []any{site, year, on.String()}, err
}

func (v *view) MemberByCard(barcode string, on kiosk.Day) (kiosk.Member, error) {
	args, err := v.memberArgs(on)
	if err != nil {
		return kiosk.Member{}, err
	}
	m, err := first(rows(v, "card", memberCols+`JOIN card c ON c.patron_id = p.id `+itsClass+`WHERE c.site_id = $1 AND c.barcode = $4 AND r.until = ''`, append(args, barcode), scanMember))
	return m, found("card "+barcode, err)
}

// MemberByRef takes a reference of past years too; the member has the one in use.
func (v *view) MemberByRef(ref kiosk.ID, on kiosk.Day) (kiosk.Member, error) {
	r, err := v.recent()
	if err != nil {
		return kiosk.Member{}, err
	}
	if r == nil {
		return v.memberByRef(ref, on)
	}
	return recall(&r.members, memberOn{ref, on}, func() (kiosk.Member, error) { return v.memberByRef(ref, on) })
}

func (v *view) memberByRef(ref kiosk.ID, on kiosk.Day) (kiosk.Member, error) {
	args, err := v.memberArgs(on)
	if err != nil {
		return kiosk.Member{}, err
	}
	m, err := first(rows(v, "patron", memberCols+newestCard+itsClass+`WHERE r.site_id = $1 AND r.until = '' AND r.patron_id = (SELECT o.patron_id FROM patron_ref o WHERE o.ref = $4)`, append(args, ref), scanMember))
	return m, found("patron ref "+string(ref), err)
}

// EachMember goes by grade, class and name, those outside classes last; names
// as in a Vietnamese class list, the given name first.
func (v *view) EachMember(on kiosk.Day, fn func(kiosk.Member) error) error {
	args, err := v.memberArgs(on)
	if err != nil {
		return err
	}
	return each(v, "patrons", memberCols+newestCard+itsClass+`WHERE r.site_id = $1 AND r.until = ''
		ORDER BY CASE WHEN k.id IS NULL THEN 1 ELSE 0 END, k.grade, k.name, p.sort_name, p.id`, args, scanMember, fn)
}

// PutPatron also writes the patron's reference, which can never become
// another's: ErrConflict.
func (t *tx) PutPatron(p kiosk.Patron) error {
	return t.whole("patron "+string(p.ID), func() error {
		what := "patron " + string(p.ID)
		if p.Ref == "" {
			return fmt.Errorf("%s: no reference for events", what)
		}
		site, err := t.siteID()
		if err != nil {
			return err
		}
		if err := t.exec(what, `INSERT INTO patron (id, site_id, category, name, sort_name, birth_date, sex, sector_code, entitled, status, left_on, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET
		category = excluded.category, name = excluded.name, sort_name = excluded.sort_name, birth_date = excluded.birth_date, sex = excluded.sex,
		sector_code = excluded.sector_code, entitled = excluded.entitled, status = excluded.status, left_on = excluded.left_on, created_at = excluded.created_at`,
			p.ID, site, p.Category, p.Name, sortName(p), p.BirthDate.String(), p.Sex, p.SectorCode, bit(p.Entitled), p.Status, p.LeftOn.String(), stamp(p.CreatedAt)); err != nil {
			return err
		}
		if err := t.exec(what+": reference", `INSERT INTO patron_ref (ref, site_id, patron_id, since, until) VALUES ($1, $2, $3, '', '') ON CONFLICT (ref) DO NOTHING`, p.Ref, site, p.ID); err != nil {
			return err
		}
		var owner string
		if err := t.one(what, `SELECT coalesce(patron_id, '') FROM patron_ref WHERE ref = $1`, []any{p.Ref}, &owner); err != nil {
			return err
		}
		if owner != string(p.ID) {
			return fmt.Errorf("%s: its reference is another's: %w", what, kiosk.ErrConflict)
		}
		return nil
	})
}

// PutCard refuses a card without a barcode.
func (t *tx) PutCard(c kiosk.Card) error {
	what := "card " + string(c.ID)
	return t.withBarcode(what, "card", c.ID, c.Barcode, func(site string) error {
		return t.exec(what, `INSERT INTO card (id, site_id, patron_id, barcode, status, issued_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET patron_id = excluded.patron_id, barcode = excluded.barcode, status = excluded.status, issued_at = excluded.issued_at`,
			c.ID, site, c.PatronID, orNull(c.Barcode), c.Status, stamp(c.IssuedAt))
	})
}

// Classes lists a year's classes by grade and name.
func (v *view) Classes(year kiosk.ID) ([]kiosk.Class, error) {
	return rows(v, "classes", `SELECT id, year_id, name, grade FROM class WHERE year_id = $1 ORDER BY grade, name`, []any{year},
		func(row scanner) (c kiosk.Class, err error) {
			err = row.Scan(&c.ID, &c.YearID, &c.Name, &c.Grade)
			return c, err
		})
}

// PutClass refuses a second class of a name in a year: ErrConflict.
func (t *tx) PutClass(c kiosk.Class) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("class "+c.Name, `INSERT INTO class (id, site_id, year_id, name, grade) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, grade = excluded.grade`, c.ID, site, c.YearID, c.Name, c.Grade)
}

// PutEnrolment refuses a class that is not of the enrolment's year: ErrNotFound.
func (t *tx) PutEnrolment(e kiosk.Enrolment) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("enrolment "+string(e.ID), `INSERT INTO enrolment (id, site_id, patron_id, class_id, year_id, since, withdrawn) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET patron_id = excluded.patron_id, class_id = excluded.class_id, year_id = excluded.year_id, since = excluded.since, withdrawn = excluded.withdrawn`,
		e.ID, site, e.PatronID, e.ClassID, e.YearID, e.Since.String(), bit(e.Withdrawn))
}
