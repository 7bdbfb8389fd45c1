package kiosk

import (
	"fmt"
	"time"
)

// DefaultZone is the zone of a school that has not said otherwise.
const DefaultZone = "Asia/Ho_Chi_Minh"

// Seed gives a new ledger what it needs to serve at once, before anybody has
// set anything up: a site with an epoch, the default station, the school year
// of today with its calendar, the default policies and timetable, a library
// place and its first shelves. Every ledger does it at its first opening.
func Seed(tx Tx, now time.Time) error {
	site := Site{ID: tx.NewID(), Epoch: tx.NewID(), Zone: DefaultZone}
	loc, err := site.Location()
	if err != nil {
		return err
	}
	year := YearOf(DayOf(now, loc))
	year.ID = tx.NewID()
	for _, put := range []func() error{
		func() error { return tx.PutSite(site) },
		func() error { return tx.PutStation(Station{ID: tx.NewID(), Name: DefaultStation}) },
		func() error { return tx.PutYear(year) },
		func() error { return tx.PutCalendar(year.ID, DefaultCalendar(year)) },
		func() error { return tx.PutPolicies(DefaultPolicies()) },
		func() error { return tx.PutTimetable(DefaultTimetable()) },
		func() error {
			return tx.PutPlace(Place{ID: tx.NewID(), Code: "TV", Name: "Thư viện", Kind: Library})
		},
	} {
		if err := put(); err != nil {
			return fmt.Errorf("first settings: %w", err)
		}
	}
	for n := 1; n <= 6; n++ {
		p := Place{ID: tx.NewID(), Code: fmt.Sprintf("K%d", n), Name: fmt.Sprintf("Kệ %d", n), Kind: Shelf}
		if err := tx.PutPlace(p); err != nil {
			return fmt.Errorf("first shelves: %w", err)
		}
	}
	return nil
}
