package web_test

import (
	"fmt"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// handoutOffice is setOf's, with three pupils in class 2A and a teacher; to is
// how addresses name the class.
func handoutOffice(t testing.TB) (o *office, line kiosk.TextbookLine, to string) {
	t.Helper()
	o, _, line = setOf(t)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
	o.Patron(kiosk.Pupil, "20000032", "Lê Mẫu Đạt", "2A", 2)
	o.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
	o.view(func(v kiosk.View) error {
		years, err := v.Years()
		if err != nil {
			return err
		}
		for _, y := range years {
			cs, err := v.Classes(y.ID)
			if err != nil {
				return err
			}
			for _, c := range cs {
				if c.Name == "2A" {
					to = "class:" + string(c.ID)
				}
			}
		}
		return nil
	})
	return o, line, to
}

// counts are what of a line is handed out, lost and on the shelf.
func (o *office) counts(id kiosk.ID) (out string) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		l, err := v.TextbookLine(id)
		out = fmt.Sprint(l.HandedOut, l.Lost, l.Shelf())
		return err
	})
	return out
}

func TestHandoutPages(t *testing.T) {
	o, line, to := handoutOffice(t)
	page := "/desk/handouts/new?to=" + to
	_, body := o.get(page)
	if !strings.Contains(body, "Phát sách cho 2A") || !strings.Contains(body, "Lớp có 3 học sinh") || !strings.Contains(body, `name="line-`+string(line.ID)+`" value="3"`) {
		t.Fatalf("the form is not filled in: %.3000s", body)
	}
	field := "line-" + string(line.ID)
	send := func(token string, pairs ...string) (int, string) {
		fields := map[string]string{"to": to, "on": "2026-11-24", "due": "2026-12-18", "note": "học kỳ I", field: "20"}
		for i := 0; i+1 < len(pairs); i += 2 {
			fields[pairs[i]] = pairs[i+1]
		}
		all := []string{"token", token}
		for k, v := range fields {
			all = append(all, k, v)
		}
		status, body, _ := o.post("/desk/handouts/new", all...)
		return status, body
	}
	for name, change := range map[string][]string{
		"more than there are": {field, "31"}, "less than none": {field, "-1"}, "a letter": {field, "x"}, "too many digits": {field, "99999999999999999999"}, "none": {field, ""},
		"due before": {"due", "2026-11-01"}, "a day to come": {"on", "2026-11-25"}, "no day": {"due", ""}, "a note without end": {"note", strings.Repeat("ơ", 10000)},
	} {
		if status, body := send("bad "+name, change...); status != 422 || !strings.Contains(body, `class="wrong"`) || !strings.Contains(body, "2026-") {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, body := send("nobody", "to", "class:x"); status != 422 || !strings.Contains(body, "Chọn lớp hoặc người nhận") {
		t.Errorf("to a class that is none: %d", status)
	}
	if o.counts(line.ID) != "0 0 30" {
		t.Fatal(o.counts(line.ID))
	}
	for range 2 {
		if status, body := send("once"); status != 303 {
			t.Fatalf("%d %s", status, troubles(body))
		}
	}
	if o.counts(line.ID) != "20 0 10" {
		t.Error(o.counts(line.ID))
	}
	if _, body := o.get("/desk/handouts"); !strings.Contains(body, "Đã phát 20 cuốn cho 2A") || !strings.Contains(body, "2A: 20 cuốn") {
		t.Error("the list")
	}
	o.undo("/desk/handouts")
	if o.counts(line.ID) != "0 0 30" {
		t.Error("undo", o.counts(line.ID))
	}
	send("again")
	send("teacher", "to", "patron:"+o.patronID("20000909"), field, "2")
	var id string
	o.view(func(v kiosk.View) error {
		all, err := v.Handouts()
		for _, h := range all {
			if h.ClassID != "" {
				id = string(h.ID)
			}
		}
		return err
	})
	back := "/desk/handouts/back?to=" + to
	for name, pairs := range map[string][]string{"too many": {"whole-" + id, "19", "lost-" + id, "2"}, "a letter": {"whole-" + id, "x"}, "nothing": {"whole-" + id, ""}, "below": {"whole-" + id, "1", "damaged-" + id, "-1"}} {
		if status, body, _ := o.post("/desk/handouts/back", append([]string{"token", "b" + name, "to", to, "what", "some"}, pairs...)...); status != 422 || !strings.Contains(body, `class="wrong"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _, _ := o.post("/desk/handouts/back", "token", o.token(back), "to", to, "what", "some", "whole-"+id, "10", "damaged-"+id, "1", "lost-"+id, "2", "found-"+id, ""); status != 303 {
		t.Error(status)
	}
	if o.counts(line.ID) != "9 2 19" {
		t.Error(o.counts(line.ID))
	}
	if _, body := o.get("/desk/textbooks"); !strings.Contains(body, "Trên kệ") {
		t.Error("the textbooks do not tell the shelf")
	}
	// A pupil's loan and a set stand on the sheet of the class beside the books.
	o.Lent("20000024", "30000013", "2026-12-18")
	_, body = o.get("/desk/clearance")
	if !strings.Contains(body, "Còn giữ sách") {
		t.Error("the clearance")
	}
	_, body = o.get("/desk/clearance/sheets?class=" + strings.TrimPrefix(to, "class:"))
	for _, want := range []string{"Trần Mẫu Bình", "Bộ sách lớp 2", "Sách phát theo số lượng: 7 cuốn", "Đã trả đủ ngày", "Giáo viên chủ nhiệm"} {
		if !strings.Contains(body, want) {
			t.Errorf("the sheet has no %q", want)
		}
	}
	if status, _ := o.get("/desk/clearance/sheets?class=x"); status != 404 {
		t.Error(status)
	}
	// All of the class is back: nothing of it is on its sheet.
	if status, _, _ := o.post("/desk/handouts/back", "token", o.token(back), "to", to, "what", "all"); status != 303 || o.counts(line.ID) != "2 2 26" {
		t.Error(status, o.counts(line.ID))
	}
	if _, body := o.get("/desk/clearance/sheets"); strings.Contains(body, "theo số lượng") {
		t.Error("what is back stands on the sheet")
	}
	if status, _ := o.get("/desk/handouts/back?to=patron:x"); status != 404 {
		t.Error(status)
	}
	for _, path := range []string{"/desk/handouts", "/desk/clearance"} {
		for _, as := range []string{"?as=print", "?as=xlsx"} {
			if status, _ := o.get(path + as); status != 200 {
				t.Errorf("%s%s: %d", path, as, status)
			}
		}
	}
}

func TestHandoutPagesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, line, to := handoutOffice(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	o.Lent("20000024", "30000013", "2026-12-18")
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("handouts-none", "/desk/handouts", "0 cuốn đang phát")
	look("handouts-to", "/desk/handouts/new", "Chọn lớp hoặc người nhận")
	look("handouts-new", "/desk/handouts/new?to="+to, "Lớp có 3 học sinh")
	p.Click("main .grid-form button[type=submit]")
	look("handouts", "", "Đã phát 3 cuốn cho 2A.")
	look("handouts-back", "/desk/handouts/back?to="+to, "Về đủ, còn lành cả")
	look("clearance", "/desk/clearance", "Còn giữ sách")
	look("clearance-sheets", "/desk/clearance/sheets", "Giáo viên chủ nhiệm")
	if o.counts(line.ID) != "3 0 27" {
		t.Error(o.counts(line.ID))
	}
}
