package kiosk

import "strings"

// WeekCode is what the QR code of a week on a corner's paper says: "W.", the
// Monday, and the code of the place where that can be in a code.
func WeekCode(monday Day, place string) string { return "W." + monday.String() + "." + place }

// WeekOf reads the code of a week: the Monday and the place's code, "" where the
// paper could not bear it; false for any other text.
func WeekOf(code string) (monday Day, place string, ok bool) {
	rest, ok := strings.CutPrefix(code, "W.")
	day, place, _ := strings.Cut(rest, ".")
	monday, err := ParseDay(day)
	return monday, place, ok && err == nil && len(day) == len("2006-01-02")
}

// PaperWeeks is how many weeks back a corner's paper may still be copied.
const PaperWeeks = 10

// PaperSheet is a week of a corner's paper that is copied at a station, and by
// whose hand.
type PaperSheet struct {
	Place  Place
	Monday Day
	Staff  ID // the account
}
