package store

import (
	"errors"
	"time"

	"muontra/kiosk"
)

// calendar is the stored one of the year, or the usual one when none is.
func (v *view) calendar(y kiosk.SchoolYear) (kiosk.Calendar, error) {
	if y.ID == "" {
		return kiosk.DefaultCalendar(y), nil
	}
	var week string
	err := v.one("calendar", `SELECT weekdays FROM calendar WHERE year_id = $1`, []any{y.ID}, &week)
	if errors.Is(err, kiosk.ErrNotFound) {
		return kiosk.DefaultCalendar(y), nil
	}
	var c kiosk.Calendar
	if err != nil {
		return c, err
	}
	for i := range c.Weekdays {
		c.Weekdays[i] = week[i] == '1' // seven of them, by the schema
	}
	c.Closures, err = rows(v, "closures", `SELECT from_day, to_day, name FROM closure WHERE year_id = $1 ORDER BY position`, []any{y.ID},
		func(row scanner) (x kiosk.Closure, err error) {
			err = row.Scan(dayCol{&x.From}, dayCol{&x.To}, &x.Name)
			return x, err
		})
	if err != nil {
		return c, err
	}
	c.Breaks, err = rows(v, "breaks", `SELECT from_minute, to_minute FROM recess WHERE year_id = $1 ORDER BY position`, []any{y.ID},
		func(row scanner) (x kiosk.Break, err error) {
			err = row.Scan(&x.From, &x.To)
			return x, err
		})
	return c, err
}

// PutCalendar replaces the year's calendar.
func (t *tx) PutCalendar(year kiosk.ID, c kiosk.Calendar) error {
	return t.whole("calendar", func() error {
		site, err := t.siteID()
		if err != nil {
			return err
		}
		t.forget()
		week := make([]byte, len(c.Weekdays))
		for i, open := range c.Weekdays {
			week[i] = '0' + byte(bit(open))
		}
		if err := t.exec("calendar", `INSERT INTO calendar (year_id, site_id, weekdays) VALUES ($1, $2, $3)
		ON CONFLICT (year_id) DO UPDATE SET weekdays = excluded.weekdays`, year, site, string(week)); err != nil {
			return err
		}
		if err := t.exec("closures", `DELETE FROM closure WHERE year_id = $1`, year); err != nil {
			return err
		}
		for i, x := range c.Closures {
			if err := t.exec("closure "+x.Name, `INSERT INTO closure (year_id, position, site_id, from_day, to_day, name) VALUES ($1, $2, $3, $4, $5, $6)`,
				year, i, site, x.From.String(), x.To.String(), x.Name); err != nil {
				return err
			}
		}
		if err := t.exec("breaks", `DELETE FROM recess WHERE year_id = $1`, year); err != nil {
			return err
		}
		for i, x := range c.Breaks {
			if err := t.exec("break", `INSERT INTO recess (year_id, position, site_id, from_minute, to_minute) VALUES ($1, $2, $3, $4, $5)`,
				year, i, site, int(x.From), int(x.To)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (v *view) timetable() (kiosk.Timetable, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "timetable", `SELECT weekday, afternoon, grades, teachers, note FROM timetable WHERE site_id = $1 ORDER BY position`, []any{site},
		func(row scanner) (s kiosk.Slot, err error) {
			var day int
			err = row.Scan(&day, &s.Afternoon, numbersCol{&s.Grades}, &s.Teachers, &s.Note)
			s.Weekday = time.Weekday(day)
			return s, err
		})
}

// PutTimetable replaces the timetable; two slots for one half of a day are
// ErrConflict.
func (t *tx) PutTimetable(tt kiosk.Timetable) error {
	return t.whole("timetable", func() error {
		site, err := t.siteID()
		if err != nil {
			return err
		}
		t.forget()
		if err := t.exec("timetable", `DELETE FROM timetable WHERE site_id = $1`, site); err != nil {
			return err
		}
		for i, s := range tt {
			if err := t.exec("timetable slot", `INSERT INTO timetable (site_id, position, weekday, afternoon, grades, teachers, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				site, i, int(s.Weekday), bit(s.Afternoon), numbers(s.Grades), bit(s.Teachers), s.Note); err != nil {
				return err
			}
		}
		return nil
	})
}
