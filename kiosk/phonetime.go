package kiosk

import "time"

// PhoneClock is what is known of the clock of a phone that sends an act late.
// Its clock may be wrong by hours or years; what is trusted is how far it was
// from the server's when the two met.
type PhoneClock struct {
	At     time.Time // when the act was done, by the phone's clock
	Sent   time.Time // the phone's clock when it sent the act
	Server time.Time // the server's when that arrived
	// The last time the two had met before the act: both clocks. Zero when they
	// never had.
	MetServer, MetPhone time.Time
}

// clockSet is the difference between two measures of one clock from which on
// somebody has set it in between: no clock of a phone runs so far off by itself
// between two days of school.
const clockSet = 2 * time.Minute

// Time is when the act was done by the server's clock. sure is false when the
// phone's clock was set in between and no reading of it fits: then it is the
// last moment at which the act can have been done.
func (c PhoneClock) Time() (at time.Time, sure bool) {
	floor := c.MetServer
	if floor.After(c.Server) {
		floor = time.Time{}
	}
	fits := func(t time.Time) bool { return !t.After(c.Server) && !t.Before(floor) }
	now := c.At.Add(c.Server.Sub(c.Sent)) // by the clock as it is
	then := now                           // by the clock as it was when the act was done
	if !c.MetServer.IsZero() && !c.MetPhone.IsZero() {
		then = c.At.Add(c.MetServer.Sub(c.MetPhone))
	}
	// Both ways of reading have an error of as much as a message takes.
	near := func(t time.Time) time.Time {
		switch {
		case t.After(c.Server) && t.Before(c.Server.Add(clockSet)):
			return c.Server
		case t.Before(floor) && t.After(floor.Add(-clockSet)):
			return floor
		}
		return t
	}
	now, then = near(now), near(then)
	set := then.Sub(now).Abs() > clockSet
	switch {
	case fits(now) && !set:
		return now, true
	case fits(then) && !fits(now), fits(then) && set:
		// Set after the act; when both fit, nothing says that it was set before.
		return then, true
	case fits(now):
		return now, true
	}
	return c.Server, false
}
