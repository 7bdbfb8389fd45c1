package kiosk

import "encoding/json"

// RecordKept is one of the records that a school library has to keep (seed R73),
// with what shows that it was kept in a year.
type RecordKept struct {
	Record string // the name of the register or report
	Lines  int    // that stand in it, of the year where it is of a year; counted only where that was asked for
	Since  Day    // the first day of the year that it tells of; zero while it tells of none
	Last   Day    // and the last, with Lines
	Closed Day    // when lines of it were closed last in the year: printed and signed
	Fixed  int    // lines of it that are closed, of all years
	Filed  Day    // when it was printed and put on file, as the librarian has noted
}

// Kept reports whether it was: something stands in it, or it lies on file though
// nothing happened that would.
func (r RecordKept) Kept() bool { return !r.Day().IsZero() }

// Day is since when it counts as kept.
func (r RecordKept) Day() Day {
	if r.Since.IsZero() || !r.Filed.IsZero() && r.Filed.Before(r.Since) {
		return r.Filed
	}
	return r.Since
}

// FiledSetting is the key under which [RecordsFiled] is kept, as JSON.
const FiledSetting = "records_filed"

// RecordsFiled is when a record was printed and put on file, by the name of the
// school year and of the record.
type RecordsFiled map[string]map[string]Day

// RecordsFiledOf reads it.
func RecordsFiledOf(v View) (f RecordsFiled, err error) {
	text, err := v.Setting(FiledSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &f)
	}
	return f, err
}

// With is what is filed with one record more, or without it where the day is zero.
func (f RecordsFiled) With(year, record string, d Day) RecordsFiled {
	all := RecordsFiled{}
	for y, of := range f {
		all[y] = map[string]Day{}
		for r, day := range of {
			all[y][r] = day
		}
	}
	if all[year] == nil {
		all[year] = map[string]Day{}
	}
	if all[year][record] = d; d.IsZero() {
		delete(all[year], record)
	}
	return all
}
