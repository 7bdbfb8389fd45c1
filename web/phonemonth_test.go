package web_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// A month away from the network on the real page: each day the phone has locked
// itself and is opened by the PIN, a book is lent or given back by touches; then
// everything goes out once, in its order, each act on its own day.
func TestAMonthOfflineOnAPhone(t *testing.T) {
	t.Parallel()
	if os.Getenv("MUONTRA_LONG") == "" {
		t.Skip("takes a browser half a minute; MUONTRA_LONG=1 runs it")
	}
	c := newClassroom(t)
	p := webtest.Open(t)
	c.inHand(p)
	p.Wait(`document.body.dataset.offline === "yes"`)
	webtest.Eval[any](p, `window.shift = 0; { const real = Date.now.bind(Date); Date.now = () => real() + window.shift; } 0`)
	p.Cut(true)
	const days = 30
	first := c.Today()
	children := []kiosk.Patron{c.an, c.binh, c.chi}
	want := map[kiosk.Day]kiosk.EventType{}
	for d := 1; d <= days; d++ {
		c.Advance(24 * time.Hour)
		webtest.Eval[any](p, `window.shift += 86400000; 0`)
		p.Tap("#class") // any touch: it was left alone since yesterday
		p.Wait(`document.body.dataset.view === "lock"`)
		p.Type("#pin", teacherPIN)
		p.Tap(".pin button[type=submit]")
		p.Wait(`document.body.dataset.view === "corner"`)
		book := c.books[(d-1)/2%len(c.books)]
		if d%2 == 1 {
			p.Tap(`#tabs button:nth-child(1)`)
			p.Tap(c.name(children[d%3]))
			p.Tap(c.book(book))
			want[first.Add(d)] = kiosk.EventCheckedOut
		} else {
			p.Tap(`#tabs button:nth-child(2)`)
			p.Tap(c.book(book))
			want[first.Add(d)] = kiosk.EventReturned
		}
		p.Wait(fmt.Sprintf(`document.body.dataset.waiting === "%d"`, d))
	}
	p.Picture("corner-month")
	p.Cut(false)
	webtest.Eval[any](p, `dispatchEvent(new Event("online")); 0`)
	p.Wait(`document.body.dataset.view === "signin"`)              // the sign-in of a month ago is over
	p.Wait(`document.getElementById("card").value === "20000016"`) // it knows the card
	p.Type("#pin", teacherPIN)
	p.Tap(".pin button[type=submit]")
	sent(p)
	p.Wait(`document.body.dataset.view === "corner"`)
	got := map[kiosk.Day]kiosk.EventType{}
	n := 0
	for _, e := range c.Events() {
		if ch := e.Payload.Corner; ch != nil && ch.Source == kiosk.FromPhone {
			n++
			if day := kiosk.DayOf(e.OccurredAt, c.location()); want[day] == e.Type {
				got[day] = e.Type
			} else {
				t.Errorf("%s on %s, want %q", e.Type, day, want[day])
			}
		}
	}
	if n != days || len(got) != days {
		t.Errorf("%d events on %d days, want one on each of %d", n, len(got), days)
	}
	c.Replayed()
}

func (c *classroom) location() (loc *time.Location) {
	c.t.Helper()
	c.view(func(v kiosk.View) error {
		site, err := v.Site()
		if err == nil {
			loc, err = site.Location()
		}
		return err
	})
	return loc
}
