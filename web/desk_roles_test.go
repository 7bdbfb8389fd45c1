package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// What leaves the daemon for a helper and the management holds nobody's name,
// book, class or code: tested on the frames, not on the page.
func TestDeskFramesByRole(t *testing.T) {
	at := time.Date(2026, 11, 26, 2, 31, 0, 0, time.UTC)
	for _, role := range []kiosk.Role{kiosk.Helper, kiosk.Management} {
		s := newSite(t)
		c := s.client()
		s.signIn(t, c, string(role), webtest.Password)
		h := http.Header{}
		r, _ := http.NewRequest("GET", s.URL, nil)
		for _, k := range c.Jar.Cookies(r.URL) {
			h.Add("Cookie", k.String())
		}
		conn := s.dial(t, "/ws/desk", h)
		// Movements and alarms are not for them at all.
		for i, typ := range []kiosk.EventType{kiosk.EventVisit, kiosk.EventCheckedOut, kiosk.EventReturned, kiosk.EventRenewed, kiosk.EventUsedOnSite, kiosk.EventUndone, kiosk.EventCopyChanged} {
			s.events <- kiosk.Event{Seq: int64(i + 1), Type: typ, Station: "desk", PatronRef: "p", CopyID: "c", OccurredAt: at}
		}
		s.events <- kiosk.Event{Seq: 9, Type: kiosk.EventAccount, OccurredAt: at, Payload: kiosk.Payload{Account: "account-0", Change: kiosk.AccountGuessed, Times: 5}}
		s.events <- kiosk.Event{Seq: 10, Type: kiosk.EventHelp, Station: "desk", PatronRef: "p", OccurredAt: at}
		s.events <- kiosk.Event{Seq: 11, Type: kiosk.EventRefused, Station: "desk", PatronRef: "p", CopyID: "c", StaffRef: "account-0", OccurredAt: at, Payload: kiosk.Payload{
			Reason: kiosk.ReasonOverdue, Code: "20000016", Comment: "em An", Refusals: []kiosk.Refusal{
				{Reason: kiosk.ReasonOverdue, Facts: kiosk.Facts{"have": 1.0, "due_on": "2026-11-20", "title": "Sách của An"}}, {Reason: kiosk.ReasonLimitReached, Facts: kiosk.Facts{"have": 2.0, "limit": 2.0}}}}}
		for _, kind := range []string{"help", "refused"} {
			_, got := frame(t, conn)
			if !strings.Contains(got, `"kind":"`+kind+`"`) {
				t.Fatalf("%s: the frame is %s, want %s", role, got, kind)
			}
			for _, bad := range []string{"An", "2A", "20000016", webtest.Dog.Barcode, webtest.Dog.Accession, webtest.Dog.Title, "Sách của", "2 trên 2", "librarian"} {
				if strings.Contains(got, bad) {
					t.Errorf("%s hears %q in %s", role, bad, got)
				}
			}
			if strings.Contains(got, `"may_override":true`) || strings.Contains(got, `"may_lend_on":true`) {
				t.Errorf("%s may act: %s", role, got)
			}
			if answer := strings.Contains(got, `"may_answer":true`); answer != (kind == "help" && role == kiosk.Helper) {
				t.Errorf("%s, %s: may answer %v", role, kind, answer)
			}
		}
	}
}
