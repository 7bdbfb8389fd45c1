package kiosk

import "time"

// WrongClock says why the PC's clock cannot be right, "" when it may be. An old
// PC's clock battery is empty: after a power cut it is 1970, or some year.
type WrongClock string

// The ways in which a clock is wrong.
const (
	ClockBehind WrongClock = "behind" // earlier than what was recorded already
	ClockBefore WrongClock = "before" // earlier than the program itself
	ClockAhead  WrongClock = "ahead"  // long after what was recorded last
)

const (
	// clockSlack is how far a clock may go back: it is set right now and then.
	clockSlack = 5 * time.Minute
	// clockAhead is longer than the longest summer.
	clockAhead = 200 * 24 * time.Hour
)

// firstYear is before the first muontra.
var firstYear = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

// ClockAt compares the clock with the newest instant that was recorded by a
// clock that was right; the zero time for none. While the clock is wrong nothing
// is decided by it: what is due is counted from that instant's day, nothing
// happens by itself at night, and events are marked. Their order is their
// numbers', as ever.
func ClockAt(now, last time.Time) WrongClock {
	switch {
	case now.Before(firstYear):
		return ClockBefore
	case last.IsZero():
		return ""
	case now.Before(last.Add(-clockSlack)):
		return ClockBehind
	case now.After(last.Add(clockAhead)):
		return ClockAhead
	}
	return ""
}
