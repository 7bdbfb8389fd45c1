package kiosktest

import (
	"sync"
	"time"

	"muontra/kiosk"
)

// Start is when the sample school's tests begin: Monday 23 November 2026,
// 09:25 in Vietnam, in the morning break, on the day of grade 2.
var Start = time.Date(2026, 11, 23, 2, 25, 0, 0, time.UTC)

// Today is the civil day of Start.
var Today = kiosk.MustDay("2026-11-23")

// Clock is a time that moves only when told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock shows Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock on, and returns what it shows then.
func (c *Clock) Add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Days moves the clock on by n days.
func (c *Clock) Days(n int) time.Time { return c.Add(time.Duration(n) * 24 * time.Hour) }
