package web_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web"
)

// Two people have the same form open: the second is not written over the first,
// but is shown what is kept now, loses nothing of what was typed, and may then
// save it all the same.
func TestNoFormIsWrittenOverAnother(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *web.Config) { c.People = &circulation.Desk{Ledger: c.Ledger, Now: c.Now} })
	an := o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
	corner := kiosk.ID("")
	o.update(func(tx kiosk.Tx) error {
		corner = tx.NewID()
		return tx.PutPlace(kiosk.Place{ID: corner, Code: "G2A", Name: "Góc lớp 2A", Kind: kiosk.ClassCorner})
	})
	if status, _, _ := o.post("/desk/corners/new", "token", "corner", "place", string(corner)); status != http.StatusSeeOther {
		t.Fatalf("corner: %d", status)
	}
	if status, _, _ := o.post("/desk/activities", "token", "activity", "kind", "campaign", "day", "2026-11-24", "status", "planned", "text", "Góp sách mẫu", "goal", "10"); status != http.StatusSeeOther {
		t.Fatalf("activity: %d", status)
	}
	account, _ := o.hire("co-hai", kiosk.Collaborator)
	var activity, class string
	o.view(func(v kiosk.View) error {
		all, err := v.Activities(o.Today(), o.Today())
		activity = string(all[0].ID)
		return err
	})
	class = regexp.MustCompile(`/desk/year/class/([^"]+)`).FindStringSubmatch(o.shows("/desk/year"))[1]
	for _, c := range []struct {
		page, action, field string
		one, two            string
		kept                string // how the page says what one wrote
	}{
		{"/desk/activities/" + activity, "", "text", "Góp sách một", "Góp sách hai", "Góp sách một"},
		{"/desk/targets/goals", "/desk/targets", "min_borrowers_pupils", "81", "82", "81"},
		{"/desk/targets/assessment", "", "note_area", "Đo lần một", "Đo lần hai", "Đo lần một"},
		{"/desk/targets/old-scheme", "", "note_1", "ghi một", "ghi hai", "ghi một"},
		{"/desk/withdrawals/new", "/desk/withdrawals/rules", "lost_times", "3", "4", "3"},
		{"/desk/corners/" + string(corner) + "/edit", "", "from", "2026-12-01", "2026-12-02", "01/12/2026"},
		{"/desk/corners/terms", "", "days.class_corner", "11", "12", "11"},
		{"/desk/accounts/" + account, "", "role", "helper", "management", "Học sinh giúp việc"},
		{"/desk/year", "", "extra", "1A", "1B", "1A"},
		{"/desk/year/class/" + class, "", "class-" + string(an.ID), "2 Sao", "2 Trăng", "2 Sao"},
	} {
		action := c.action
		if action == "" {
			action = c.page
		}
		first, second := o.filled(c.page, action), o.filled(c.page, action)
		if status, body, _ := o.send(action, first, c.field, c.one); status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", c.page, status, troubles(body))
			continue
		}
		status, body, _ := o.send(action, second, c.field, c.two)
		body = html.UnescapeString(body)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "có người khác đã đổi") || !strings.Contains(body, "Đang lưu: "+c.kept) {
			t.Errorf("%s, a stale form: %d %s", c.page, status, troubles(body))
			continue
		}
		if c.field != "role" && !strings.Contains(body, c.two) {
			t.Errorf("%s: what was typed is lost", c.page)
		}
		second.Set("seen", valueOf(body, "seen"))
		second.Set("token", valueOf(body, "token"))
		if status, body, _ := o.send(action, second, c.field, c.two); status != http.StatusSeeOther {
			t.Errorf("%s, sent again: %d %s", c.page, status, troubles(body))
		}
		if again := o.filled(c.page, action); again.Get(c.field) != c.two {
			t.Errorf("%s: %q is kept", c.page, again.Get(c.field))
		}
	}
	o.Replayed()
}

// What a page goes by is put back by the undo of its change.
func TestPageSettingsAreTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, c := range []struct{ page, action, said, field, value string }{
		{"/desk/targets/goals", "/desk/targets", "/desk/targets", "min_borrowers_pupils", "81"},
		{"/desk/targets/assessment", "/desk/targets/assessment", "/desk/targets/assessment", "note_area", "Đo lần một"},
		{"/desk/targets/old-scheme", "/desk/targets/old-scheme", "/desk/targets/old-scheme", "note_1", "ghi một"},
		{"/desk/withdrawals/new", "/desk/withdrawals/rules", "/desk/withdrawals/new", "lost_times", "3"},
	} {
		was := o.filled(c.page, c.action).Get(c.field)
		if status, body, _ := o.send(c.action, o.filled(c.page, c.action), c.field, c.value); status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", c.page, status, troubles(body))
		}
		if got := o.filled(c.page, c.action).Get(c.field); got != c.value {
			t.Errorf("%s: %q is kept", c.page, got)
		}
		o.undo(c.said)
		if got := o.filled(c.page, c.action).Get(c.field); got != was {
			t.Errorf("%s: %q after the undo, it was %q", c.page, got, was)
		}
	}
	o.Replayed()
}
