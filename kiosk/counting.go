package kiosk

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// EventStockStation says that a station counts the stock from now on, at another
// place, or lends and takes back again.
const EventStockStation EventType = "stocktake_station"

// CountingStation is a station whose scans are sightings of a stocktake. Its
// scanner is read by the program, so that it counts without a page and goes on
// after a restart.
type CountingStation struct {
	Station   string    `json:"station"`
	Stocktake ID        `json:"s,omitempty"`     // "" for one that lends and takes back
	Place     ID        `json:"place,omitempty"` // that is being counted, "" when none was named
	By        ID        `json:"by"`              // the account that stands behind it
	Since     time.Time `json:"since"`
}

// CountingNow is what a counting station shows of the stocktake.
type CountingNow struct {
	Stocktake ID     `json:"-"`
	By        ID     `json:"-"`
	Name      string `json:"name"`  // of the stocktake
	Place     string `json:"place"` // being counted, "" when none was named
	Seen      int    `json:"seen"`
	Expected  int    `json:"expected"`
}

// CountingView reads which stations count.
type CountingView interface {
	// CountingStations lists those that count, by name.
	CountingStations() ([]CountingStation, error)
}

// SortCounting puts them in the order of their names.
func SortCounting(all []CountingStation) {
	slices.SortFunc(all, func(a, b CountingStation) int { return cmp.Compare(a.Station, b.Station) })
}

// ErrNotCounting says that the station does not count, or not any more.
var ErrNotCounting = errors.New("the station does not count the stock")
