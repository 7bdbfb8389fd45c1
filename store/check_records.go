package store

import (
	"encoding/json"
	"fmt"

	"muontra/kiosk"
)

// records compares the stocktakes, withdrawals, activities, surveys and proposals with what the
// events leave. One that is kept whole is compared as it is written.
func (c *checker) records(want kiosk.RecordProjection) error {
	takes := map[string][]string{}
	for id, s := range want.Stocktakes {
		takes[string(id)] = []string{stamp(s.Opened), stamp(s.Closed), whole(s)}
	}
	if err := c.compare("stocktake_differs", takes, []string{"opened", "closed", "record"}, `SELECT id, opened, closed, record FROM stocktake ORDER BY id`); err != nil {
		return err
	}
	lines := map[string][]string{}
	for k, l := range want.Lines {
		lines[string(k.Stocktake+" "+k.Copy)] = []string{fmt.Sprint(bit(l.Expected)), string(l.Place), fmt.Sprint(bit(l.Lost)), stamp(l.Seen), string(l.SeenAt), fmt.Sprint(bit(l.Away)), string(l.By),
			string(l.Condition), fmt.Sprint(bit(l.Found)), fmt.Sprint(bit(l.Surplus)), string(l.Final), string(l.Before)}
	}
	if err := c.compare("stocktake_line_differs", lines, []string{"expected", "place", "lost", "seen", "seen_at", "away", "by", "condition", "found", "surplus", "final", "before"},
		`SELECT stocktake_id || ' ' || copy_id, CAST(expected AS TEXT), coalesce(place_id, ''), CAST(lost AS TEXT), seen, coalesce(seen_at, ''), CAST(away AS TEXT), by, condition,
		CAST(found AS TEXT), CAST(surplus AS TEXT), final, before FROM stocktake_line ORDER BY stocktake_id, copy_id`); err != nil {
		return err
	}
	strays := map[string][]string{}
	for k, s := range want.Strays {
		strays[string(k.Stocktake)+" "+k.Code] = []string{stamp(s.At), string(s.SeenAt), fmt.Sprint(s.Times)}
	}
	if err := c.compare("stray_differs", strays, []string{"at", "seen_at", "times"},
		`SELECT stocktake_id || ' ' || code, at, coalesce(seen_at, ''), CAST(times AS TEXT) FROM stocktake_stray ORDER BY stocktake_id, code`); err != nil {
		return err
	}
	withdrawals := map[string][]string{}
	for id, w := range want.Withdrawals {
		withdrawals[string(id)] = []string{stamp(w.At), stamp(w.Closed), whole(w)}
	}
	if err := c.compare("withdrawal_differs", withdrawals, []string{"at", "closed", "record"}, `SELECT id, at, closed, record FROM withdrawal ORDER BY id`); err != nil {
		return err
	}
	stations := map[string][]string{}
	for name, s := range want.Stations {
		stations[name] = []string{string(s.Stocktake), string(s.Place), string(s.By), stamp(s.Since)}
	}
	if err := c.compare("counting_station_differs", stations, []string{"stocktake", "place", "by", "since"},
		`SELECT station, coalesce(stocktake_id, ''), coalesce(place_id, ''), by, since FROM stocktake_station ORDER BY station`); err != nil {
		return err
	}
	quantities := map[string][]string{}
	for k, q := range want.Quantities {
		quantities[string(k.Stocktake+" "+k.Line)] = []string{whole(q)}
	}
	if err := c.compare("stocktake_quantity_differs", quantities, []string{"record"}, `SELECT stocktake_id || ' ' || line_id, record FROM stocktake_quantity ORDER BY stocktake_id, line_id`); err != nil {
		return err
	}
	activities := map[string][]string{}
	for id, a := range want.Activities {
		activities[string(id)] = []string{string(a.Kind), a.Day.String(), fmt.Sprint(int(a.From)), fmt.Sprint(bit(a.Removed)), whole(a)}
	}
	if err := c.compare("activity_differs", activities, []string{"kind", "day", "starts", "removed", "record"},
		`SELECT id, kind, day, CAST(starts AS TEXT), CAST(removed AS TEXT), record FROM activity ORDER BY id`); err != nil {
		return err
	}
	surveys := map[string][]string{}
	for id, s := range want.Surveys {
		surveys[string(id)] = []string{string(s.Class), fmt.Sprint(s.Round), whole(s)}
	}
	if err := c.compare("survey_differs", surveys, []string{"class", "round", "record"}, `SELECT id, class_id, CAST(round AS TEXT), record FROM survey ORDER BY id`); err != nil {
		return err
	}
	proposals := map[string][]string{}
	for id, p := range want.Proposals {
		proposals[string(id)] = []string{p.Day.String(), fmt.Sprint(bit(p.Removed)), whole(p)}
	}
	if err := c.compare("proposal_differs", proposals, []string{"day", "removed", "record"}, `SELECT id, day, CAST(removed AS TEXT), record FROM proposal ORDER BY id`); err != nil {
		return err
	}
	lots, books := map[string][]string{}, map[string][]string{}
	for id, l := range want.Interloans {
		lots[string(id)] = []string{string(l.Place), l.Received.String(), fmt.Sprint(bit(l.Removed)), whole(l)}
	}
	if err := c.compare("interloan_differs", lots, []string{"place", "received", "removed", "record"},
		`SELECT id, coalesce(place_id, ''), received, CAST(removed AS TEXT), record FROM interloan ORDER BY id`); err != nil {
		return err
	}
	for id, b := range want.InterloanBooks {
		books[string(id)] = []string{string(b.Lot), fmt.Sprint(b.Nr), b.Code, fmt.Sprint(b.Quantity), fmt.Sprint(b.GivenBack()), fmt.Sprint(bit(b.Removed)), whole(b)}
	}
	return c.compare("interloan_book_differs", books, []string{"lot", "nr", "code", "quantity", "gone", "removed", "record"},
		`SELECT id, lot_id, CAST(nr AS TEXT), code, CAST(quantity AS TEXT), CAST(gone AS TEXT), CAST(removed AS TEXT), record FROM interloan_book ORDER BY id`)
}

// whole is a record as it is kept.
func whole(record any) string {
	b, err := json.Marshal(record)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	return string(b)
}
