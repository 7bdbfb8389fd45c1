package store

import (
	"muontra/kiosk"
	"muontra/kiosk/fold"
)

func (t *tx) putSurveys(site string, all []kiosk.Survey) error {
	for _, s := range all {
		if err := t.putRecord("survey", string(s.ID), s, `INSERT INTO survey (id, site_id, class_id, round, record) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET class_id = excluded.class_id, round = excluded.round, record = excluded.record`, s.ID, site, s.Class, s.Round); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putProposals(site string, all []kiosk.Proposal) error {
	for _, p := range all {
		if err := t.putRecord("proposal", string(p.ID), p, `INSERT INTO proposal (id, site_id, day, removed, record) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET day = excluded.day, removed = excluded.removed, record = excluded.record`, p.ID, site, p.Day.String(), bit(p.Removed)); err != nil {
			return err
		}
	}
	return nil
}

func (v *view) Survey(class kiosk.ID, round int) (kiosk.Survey, error) {
	s, err := first(rows(v, "survey", `SELECT record FROM survey WHERE class_id = $1 AND round = $2`, []any{class, round}, scanRecord[kiosk.Survey]))
	return s, found("survey of class "+string(class), err)
}

func (v *view) Surveys(year kiosk.ID) ([]kiosk.Survey, error) {
	return rows(v, "surveys", `SELECT s.record FROM survey s JOIN class c ON c.id = s.class_id WHERE c.year_id = $1 AND json_extract(s.record, '$.removed') IS NULL
		ORDER BY s.round, s.class_id`, []any{year}, scanRecord[kiosk.Survey])
}

func (v *view) Proposal(id kiosk.ID) (kiosk.Proposal, error) {
	p, err := first(rows(v, "proposal", `SELECT record FROM proposal WHERE id = $1`, []any{id}, scanRecord[kiosk.Proposal]))
	return p, found("proposal "+string(id), err)
}

func (v *view) Proposals() ([]kiosk.Proposal, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "proposals", `SELECT record FROM proposal WHERE site_id = $1 AND removed = 0 ORDER BY day DESC, id DESC`, []any{site}, scanRecord[kiosk.Proposal])
}

func (v *view) UnmetSearches() ([]kiosk.UnmetSearch, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "searches that found nothing", `SELECT text, times, last FROM unmet_search WHERE site_id = $1 ORDER BY times DESC, folded`, []any{site}, func(row scanner) (u kiosk.UnmetSearch, err error) {
		err = row.Scan(&u.Text, &u.Times, dayCol{&u.Last})
		return u, err
	})
}

func (t *tx) AddUnmetSearch(text string, times int, on kiosk.Day) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("search that found nothing", `INSERT INTO unmet_search (site_id, folded, text, times, last) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (site_id, folded) DO UPDATE SET text = excluded.text, times = times + excluded.times, last = excluded.last`, site, fold.Text(text), text, times, on.String())
}

func (t *tx) DropUnmetSearches(before kiosk.Day) error {
	return t.exec("old searches", `DELETE FROM unmet_search WHERE last < $1`, before.String())
}
