package web_test

import (
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web"
	"muontra/web/webtest"
)

// A clock that fell back to 1970 is told on the desk with both times, and the
// librarian's word that it is right ends that.
func TestWrongClockIsToldOnTheDesk(t *testing.T) {
	t.Parallel()
	var clock func() time.Time
	o := newOffice(t, func(c *web.Config) {
		real := c.Now
		clock = real
		c.Now = func() time.Time { return clock() }
		c.Clocks = &circulation.Desk{Ledger: c.Ledger, Now: c.Now}
	})
	now := o.Now()
	if err := o.config.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		return tx.Append(&kiosk.Event{Type: kiosk.EventHelp, Station: kiosk.DefaultStation, OccurredAt: now, RecordedAt: now, ClockOK: true})
	}); err != nil {
		t.Fatal(err)
	}
	if _, body := o.get("/desk"); strings.Contains(body, `action="/desk/clock"`) {
		t.Error("a right clock is called wrong")
	}
	for _, wrong := range []time.Time{now.Add(-2 * time.Hour), now.AddDate(1, 0, 0)} {
		clock = func() time.Time { return wrong }
		// The sign-in may have run out by that clock.
		o.post("/desk/sign-in", "name", "librarian", "password", webtest.Password)
		_, body := o.get("/desk")
		if !strings.Contains(body, `action="/desk/clock"`) || !strings.Contains(body, wrong.In(time.FixedZone("", 7*3600)).Format("15:04 02/01/2006")) {
			t.Errorf("nothing is told of %v", wrong)
		}
	}
	if status, _, to := o.post("/desk/clock", "token", "a"); status != 303 || to != "/desk" {
		t.Errorf("its word: %d %s", status, to)
	}
	if _, body := o.get("/desk"); strings.Contains(body, `action="/desk/clock"`) || !strings.Contains(body, "Đã ghi nhận") {
		t.Error("the word is not taken")
	}
}
