package store

import "muontra/kiosk"

func (v *view) HouseFigures() (f kiosk.HouseFigures, err error) {
	f.At = map[kiosk.ID]int{}
	site, err := v.siteID()
	if err != nil {
		return f, err
	}
	if err := v.one("figures of patrons", `SELECT count(*) FROM patron_ref WHERE site_id = $1 AND until = '' AND patron_id IS NOT NULL`, []any{site}, &f.Patrons); err != nil {
		return f, err
	}
	type part struct {
		place            kiosk.ID
		all, here, fresh int
	}
	parts, err := rows(v, "figures of copies", `SELECT coalesce(s.place_id, CASE WHEN s.copy_id IS NULL THEN c.home_place END, '') AS place, count(*),
		total(coalesce(s.status, '') <> 'withdrawn'), total(c.labelled = 0 AND (c.accession IS NOT NULL OR coalesce(s.status, 'in_processing') <> 'in_processing') AND coalesce(s.status, '') NOT IN ('lost', 'withdrawn'))
		FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id WHERE c.site_id = $1 GROUP BY place`, []any{site},
		func(row scanner) (p part, err error) {
			var here, fresh float64
			err = row.Scan(&p.place, &p.all, &here, &fresh)
			p.here, p.fresh = int(here), int(fresh)
			return p, err
		})
	for _, p := range parts {
		f.Copies += p.all
		f.Unlabelled += p.fresh
		if p.place != "" && p.here > 0 {
			f.At[p.place] = p.here
		}
	}
	return f, err
}

func (v *view) OpenLoans() ([]kiosk.LoanItem, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "open loans", `SELECT `+loanCols+`, `+itemCols+` FROM loan l INDEXED BY loan_one_open CROSS JOIN copy c ON c.id = l.copy_id
		JOIN title t ON t.id = c.title_id LEFT JOIN copy_state s ON s.copy_id = c.id LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place)
		WHERE l.site_id = $1 AND l.ended = '' ORDER BY l.checked_out_at, l.id`, []any{site},
		func(row scanner) (l kiosk.LoanItem, err error) {
			err = row.Scan(append(loanTo(&l.Loan), itemTo(&l.Item)...)...)
			return l, err
		})
}
