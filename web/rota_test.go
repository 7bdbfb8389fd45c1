package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// turns are the rota's turns of the year, by day.
func (o *office) turns() (all []kiosk.Activity) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		acts, err := v.Activities(kiosk.MustDay("2026-06-01"), kiosk.MustDay("2027-05-31"))
		for _, a := range acts {
			if a.IsTurn() {
				all = append(all, a)
			}
		}
		return err
	})
	return all
}

// The rota of introductions is made with one press, taken back, changed as a whole,
// and what was held comes from the register of introductions.
func TestRota(t *testing.T) {
	o := lendingOffice(t)
	const page = "/desk/rota"
	if _, body := o.get(page); !strings.Contains(body, "Xếp lịch") || !strings.Contains(body, "Chưa có lớp") {
		t.Fatal("an empty rota", troubles(body))
	}
	form := o.filled(page, page+"?year="+yearOfPage(t, o, page))
	path := page + "?year=" + yearOfPage(t, o, page)
	for _, bad := range [][]string{{"to", "2026-09-01"}, {"from", "2026-01-01", "to", "2026-12-01"}, {"to", "2028-01-01"}, {"from", "mai"}} {
		if status, body, _ := o.send(path, form, bad...); status != 422 || len(o.turns()) > 0 || !strings.Contains(body, "-wrong") {
			t.Errorf("%v: %d %s", bad, status, troubles(body))
		}
	}
	if status, body, _ := o.send(path, form, "to", "2026-12-31"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	made := o.turns()
	if len(made) < 5 || made[0].Day.Before(o.Today()) || made[0].Status != kiosk.ActivityPlanned || made[0].Channel != kiosk.ChannelFlag || made[0].Text == "" {
		t.Fatalf("%+v", made)
	}
	for i, a := range made[1:] {
		if a.Class == made[i].Class || a.Day.Sub(made[i].Day) < 5 {
			t.Errorf("%s %s after %s %s", a.Day, a.Class, made[i].Day, made[i].Class)
		}
	}
	if status, _, _ := o.send(path, form, "to", "2026-12-31"); status != 303 || len(o.turns()) != len(made) {
		t.Error("sent twice:", status, len(o.turns()))
	}
	if body := o.undo(page); strings.Contains(body, made[0].Text) || len(o.turns()) != 0 {
		t.Error("it is not taken back")
	}
	if status, body, _ := o.send(path, o.filled(page, path), "order", "grade"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	made = o.turns()
	if last := made[len(made)-1]; last.Day.Before(kiosk.MustDay("2027-04-01")) {
		t.Errorf("the rota ends on %s", last.Day)
	}

	// The whole table: another class, another theme, a week that is free again.
	edit := strings.Replace(path, page, page+"/edit", 1)
	whole := o.filled(edit, edit)
	other := made[1].Class
	field := func(what string, a kiosk.Activity) string {
		return what + "-" + a.Day.Add(-(int(a.Day.Weekday())+6)%7).String()
	}
	change := []string{field("class", made[0]), other, field("text", made[1]), "Chuyện mẫu", field("class", made[2]), ""}
	if status, body, _ := o.send(edit, whole, change...); status != 303 {
		t.Fatal(status, troubles(body))
	}
	now := o.turns()
	if len(now) != len(made)-1 || now[0].Class != other || now[1].Text != "Chuyện mẫu" || now[0].ID != made[0].ID {
		t.Errorf("%+v", now[:3])
	}
	if status, body, _ := o.send(edit, whole, "token", "stale", field("class", made[0]), made[0].Class); status != 422 || !strings.Contains(body, "Chuyện mẫu") {
		t.Error("a form that is old:", status, troubles(body))
	}
	o.undo(page)
	if now := o.turns(); len(now) != len(made) || now[0].Class != made[0].Class || now[1].Text != made[1].Text {
		t.Errorf("taken back: %+v", now[:3])
	}

	// The week's page has it; done, it is in the register.
	if _, body := o.get("/desk/room?week=" + made[0].Day.String()); !strings.Contains(body, made[0].Text) || !strings.Contains(body, made[0].Class) {
		t.Error("the week does not show it")
	}
	act := "/desk/activities/" + string(made[0].ID)
	if status, body, to := o.send(act, o.filled(act+"?back=rota", act), "day", o.Today().String(), "status", "done", "people", "300"); status != 303 || to != page {
		t.Fatal(status, to, troubles(body))
	}
	if _, body := o.get("/desk/registers/introductions"); !strings.Contains(body, made[0].Text) {
		t.Error("what was held is not in the register")
	}
	if _, body := o.get(page); !strings.Contains(body, "Tuần này") {
		t.Error("the page does not say who has this week")
	}
	if _, body := o.get(edit); strings.Contains(body, `"class-2026-11-23"`) {
		t.Error("a week that was held can be changed")
	}
}

// yearOfPage is the id of the year that a page's form is of.
func yearOfPage(t *testing.T, o *office, page string) string {
	t.Helper()
	_, body := o.get(page)
	_, rest, ok := strings.Cut(body, page+"?year=")
	if !ok {
		_, rest, ok = strings.Cut(body, "edit?year=")
	}
	if !ok {
		t.Fatal("no year", troubles(body))
	}
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func TestRotaLooks(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := lendingOffice(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	looks := o.looker(p)
	looks("rota-empty", "/desk/rota", "Chưa có lớp")
	p.Go(o.URL + "/desk/rota")
	p.WaitText("Xếp lịch")
	p.Click("main form button[type=submit]")
	p.WaitText("Đã xếp lịch")
	looks("rota", "/desk/rota", "Sửa cả bảng")
	looks("rota-edit", "/desk/rota/edit", "Tuần")
}
