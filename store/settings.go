package store

import (
	"errors"
	"fmt"

	"muontra/kiosk"
)

// settings are what every decision needs and hardly anybody changes. A session
// remembers them as long as PRAGMA data_version says that no other connection,
// of this process or another, has changed the file.
type settings struct {
	site  *kiosk.Site
	rules *kiosk.Rules
	on    kiosk.Day // the day of rules
	year  *dayYear
	recent
}

// dayYear is a day's school year; "" where none is stored.
type dayYear struct {
	on kiosk.Day
	id kiosk.ID
}

// forget drops what is remembered and has it compared with the file again.
func (s *session) forget() { s.seen, s.at = settings{}, 0 }

// remembered are the session's settings, forgotten if the file has changed.
// Within a transaction nothing can change any more, so it asks once.
func (v *view) remembered() (*settings, error) {
	if v.checked {
		return &v.s.seen, nil
	}
	var now int64
	if err := v.one("data version", "PRAGMA data_version", nil, &now); err != nil {
		return nil, err
	}
	if now != v.s.at {
		v.s.seen, v.s.at = settings{}, now
	}
	v.checked = true
	return &v.s.seen, nil
}

// forget drops what is remembered, because this transaction changes it. What
// is remembered until the end of the transaction is dropped with it, since it
// may be rolled back.
func (t *tx) forget() {
	t.s.seen = settings{}
	t.touched = true
}

func (v *view) Site() (kiosk.Site, error) {
	mem, err := v.remembered()
	if err != nil {
		return kiosk.Site{}, err
	}
	if mem.site != nil {
		return *mem.site, nil
	}
	var s kiosk.Site
	err = v.one("site", `SELECT s.id, s.epoch, s.name, s.zone FROM meta m JOIN site s ON s.id = m.site_id WHERE m.one = 1`, nil,
		&s.ID, &s.Epoch, &s.Name, &s.Zone)
	if err != nil {
		return kiosk.Site{}, err
	}
	mem.site = &s
	return s, nil
}

// siteID is the key that every row carries. Once committed it is never another
// ([tx.PutSite]), so what reads remembers it for good.
func (v *view) siteID() (string, error) {
	if v.s.site != "" {
		return v.s.site, nil
	}
	s, err := v.Site()
	if v.s.begin != beginWrite {
		v.s.site = string(s.ID)
	}
	return string(s.ID), err
}

// PutSite changes the site; a ledger keeps one, so another ID is ErrConflict.
func (t *tx) PutSite(s kiosk.Site) error {
	return t.whole("site", func() error {
		if _, err := s.Location(); err != nil {
			return err
		}
		old, err := t.Site()
		switch {
		case err == nil && old.ID != s.ID:
			return fmt.Errorf("site %s beside %s: %w", s.ID, old.ID, kiosk.ErrConflict)
		case err != nil && !errors.Is(err, kiosk.ErrNotFound):
			return err
		}
		t.forget()
		if err := t.exec("site", `INSERT INTO site (id, epoch, name, zone) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, name = excluded.name, zone = excluded.zone`,
			s.ID, s.Epoch, s.Name, s.Zone); err != nil {
			return err
		}
		return t.exec("site", `INSERT INTO meta (one, site_id) VALUES (1, $1) ON CONFLICT (one) DO NOTHING`, s.ID)
	})
}

// Rules gives the settings of a day. The lists in it are shared: read them.
func (v *view) Rules(on kiosk.Day) (kiosk.Rules, error) {
	mem, err := v.remembered()
	if err != nil {
		return kiosk.Rules{}, err
	}
	if mem.rules != nil && mem.on == on {
		return *mem.rules, nil
	}
	r, err := v.rules(on)
	if err != nil {
		return kiosk.Rules{}, fmt.Errorf("rules of %s: %w", on, err)
	}
	mem.rules, mem.on = &r, on
	return r, nil
}

func (v *view) rules(on kiosk.Day) (r kiosk.Rules, err error) {
	if r.Site, err = v.Site(); err != nil {
		return r, err
	}
	if r.Location, err = r.Site.Location(); err != nil {
		return r, err
	}
	if r.Year, err = v.yearOf(on); err != nil {
		return r, err
	}
	if r.Calendar, err = v.calendar(r.Year); err != nil {
		return r, err
	}
	if r.Timetable, err = v.timetable(); err != nil {
		return r, err
	}
	r.Policies, err = v.policies()
	return r, err
}

const yearCols = `SELECT id, name, start_day, semester2, recall, end_day FROM school_year WHERE site_id = $1`

func scanYear(row scanner) (y kiosk.SchoolYear, err error) {
	err = row.Scan(&y.ID, &y.Name, dayCol{&y.Start}, dayCol{&y.Semester2}, dayCol{&y.Recall}, dayCol{&y.End})
	return y, err
}

// yearOf is the stored year that contains the day; where two do, the one that
// began last; where none does, the usual dates, without an ID.
func (v *view) yearOf(on kiosk.Day) (kiosk.SchoolYear, error) {
	site, err := v.siteID()
	if err != nil {
		return kiosk.SchoolYear{}, err
	}
	ys, err := rows(v, "school year", yearCols+` AND start_day <= $2 AND end_day >= $2 ORDER BY start_day DESC, id DESC LIMIT 1`,
		[]any{site, on.String()}, scanYear)
	if err != nil {
		return kiosk.SchoolYear{}, err
	}
	if len(ys) == 0 {
		return kiosk.YearOf(on), nil
	}
	return ys[0], nil
}

// yearIDOf is the ID of the day's school year, "" where none is stored.
func (v *view) yearIDOf(on kiosk.Day) (kiosk.ID, error) {
	mem, err := v.remembered()
	if err != nil {
		return "", err
	}
	if mem.rules != nil && mem.on == on {
		return mem.rules.Year.ID, nil
	}
	if mem.year != nil && mem.year.on == on {
		return mem.year.id, nil
	}
	y, err := v.yearOf(on)
	if err != nil {
		return "", err
	}
	mem.year = &dayYear{on, y.ID}
	return y.ID, nil
}

// Years lists the stored years, the first first.
func (v *view) Years() ([]kiosk.SchoolYear, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "school years", yearCols+` ORDER BY start_day, id`, []any{site}, scanYear)
}

func (t *tx) PutYear(y kiosk.SchoolYear) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	t.forget()
	return t.exec("school year "+y.Name, `INSERT INTO school_year (id, site_id, name, start_day, semester2, recall, end_day)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET
		name = excluded.name, start_day = excluded.start_day, semester2 = excluded.semester2, recall = excluded.recall, end_day = excluded.end_day`,
		y.ID, site, y.Name, y.Start.String(), y.Semester2.String(), y.Recall.String(), y.End.String())
}

func (v *view) policies() (kiosk.Policies, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "policies", `SELECT category, kind, sub_kind, copies, term, days, renewals, on_site_only, not_for_loan, entitled_only
		FROM policy WHERE site_id = $1 ORDER BY position`, []any{site}, func(row scanner) (l kiosk.PolicyLine, err error) {
		err = row.Scan(&l.Category, &l.Kind, &l.SubKind, &l.Limit, &l.Term, &l.Days, &l.Renewals, &l.OnSiteOnly, &l.NotForLoan, &l.EntitledOnly)
		return l, err
	})
}

// PutPolicies replaces all lines; it refuses what Policies.Check does.
func (t *tx) PutPolicies(p kiosk.Policies) error {
	return t.whole("policies", func() error {
		if err := p.Check(); err != nil {
			return err
		}
		site, err := t.siteID()
		if err != nil {
			return err
		}
		t.forget()
		if err := t.exec("policies", `DELETE FROM policy WHERE site_id = $1`, site); err != nil {
			return err
		}
		for i, l := range p {
			if err := t.exec("policy line", `INSERT INTO policy
			(site_id, position, category, kind, sub_kind, copies, term, days, renewals, on_site_only, not_for_loan, entitled_only)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
				site, i, l.Category, l.Kind, l.SubKind, l.Limit, l.Term, l.Days, l.Renewals, bit(l.OnSiteOnly), bit(l.NotForLoan), bit(l.EntitledOnly)); err != nil {
				return err
			}
		}
		return nil
	})
}
