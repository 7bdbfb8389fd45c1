package kiosk

import (
	"fmt"
	"regexp"
	"sync"
	"time"
)

// ID is the key of a row that may ever leave the school: a UUIDv7 as text.
// Barcodes and accession numbers are attributes, never keys.
type ID string

// Site is the school whose stock and loans this ledger keeps. Every business
// row belongs to exactly one site.
type Site struct {
	ID    ID
	Epoch ID     // renewed by every restore, so that event numbers never mean two things
	Name  string // "" until the school is set up
	Zone  string // IANA name, such as Asia/Ho_Chi_Minh
}

// Location is the site's time zone. The program embeds the zone database, so
// an unknown name is a fault of the data.
func (s Site) Location() (*time.Location, error) {
	// Each act asks, and reading the zone anew costs as much as a query.
	if loc, ok := zones.Load(s.Zone); ok {
		return loc.(*time.Location), nil
	}
	loc, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, fmt.Errorf("site zone %q: %w", s.Zone, err)
	}
	zones.Store(s.Zone, loc)
	return loc, nil
}

// LocationOf is the zone of the school whose ledger it is.
func LocationOf(v interface{ Site() (Site, error) }) (*time.Location, error) {
	s, err := v.Site()
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return s.Location()
}

// zones are those that were asked for, by name: one, or a few in tests.
var zones sync.Map

// SchoolYear is an entity of its own: stock is closed on 31 May and loans are
// recalled before, neither of which the calendar year knows.
type SchoolYear struct {
	ID        ID
	Name      string // "2026-2027"
	Start     Day    // first day of service
	Semester2 Day    // first day of the second semester
	Recall    Day    // the last day a loan may be due
	End       Day    // the day the stock is closed, 31 May
}

// Contains reports whether d lies in the year.
func (y SchoolYear) Contains(d Day) bool { return !d.Before(y.Start) && !d.After(y.End) }

// SemesterEnd is the last day a semester's loan may be due when it is lent on d.
func (y SchoolYear) SemesterEnd(d Day) Day {
	if d.Before(y.Semester2) {
		return y.Semester2.Add(-1)
	}
	return y.Recall
}

// Semester is the first and the last day of the semester that d lies in.
func (y SchoolYear) Semester(d Day) (from, to Day) {
	if d.Before(y.Semester2) {
		return y.Start, y.Semester2.Add(-1)
	}
	return y.Semester2, y.End
}

// YearOf names the school year that contains d, and gives its usual dates: it
// runs from 1 June to 31 May, so that the summer belongs to the year that is
// being prepared; the second semester begins in mid January and books are
// recalled by 20 May. All are editable once the year is stored.
func YearOf(d Day) SchoolYear {
	y := d.Year
	if d.Month < time.June {
		y--
	}
	return SchoolYear{
		Name:      fmt.Sprintf("%d-%d", y, y+1),
		Start:     Day{y, time.June, 1},
		Semester2: Day{y + 1, time.January, 12},
		Recall:    Day{y + 1, time.May, 20},
		End:       Day{y + 1, time.May, 31},
	}
}

// DefaultStation is the station that always exists.
const DefaultStation = "desk"

// Station is a place with a screen where scans arrive. It is not the
// librarian's pages, which live under /desk.
type Station struct {
	ID   ID
	Name string // [a-z0-9-]{1,32}
}

var stationName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// CheckStationName reports why name cannot be a station's.
func CheckStationName(name string) error {
	if !stationName.MatchString(name) {
		return fmt.Errorf("station name %q: use 1 to 32 of a-z, 0-9 and -", name)
	}
	return nil
}

// StationDevice remembers which scanner belongs to which station, by an
// identity that survives re-plugging (vid:pid:serial, or a port), never by a
// path that changes.
type StationDevice struct {
	Key     string // as package devices names it
	Station string
	Setting string // how it is read, as the driver wrote it: "/dev/ttyACM0@9600?end=cr"
}
