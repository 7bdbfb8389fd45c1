package web_test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

var (
	inputs  = regexp.MustCompile(`<(?:input|textarea)[^>]*\bname="([^"]+)"[^>]*>`)
	valueIn = regexp.MustCompile(`value="([^"]*)"`)
	selects = regexp.MustCompile(`(?s)<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>`)
	chosen  = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

// filled is the main form of a page as a browser would send it.
func (o *office) filled(path, action string) url.Values {
	o.t.Helper()
	status, body := o.get(path)
	m := regexp.MustCompile(`(?s)<form method="post" action="` + regexp.QuoteMeta(action) + `".*?</form>`).FindString(body)
	if m == "" {
		o.t.Fatalf("%s: %d, no form to %s", path, status, action)
	}
	return valuesOf(m)
}

// valuesOf are a form's values as a browser would send them, without buttons and
// texts of several lines.
func valuesOf(form string) url.Values {
	v := url.Values{}
	for _, in := range inputs.FindAllStringSubmatch(form, -1) {
		if (strings.Contains(in[0], `type="checkbox"`) || strings.Contains(in[0], `type="radio"`)) && !strings.Contains(in[0], " checked") {
			continue
		}
		value := ""
		if x := valueIn.FindStringSubmatch(in[0]); x != nil {
			value = x[1]
		}
		v.Add(in[1], value)
	}
	for _, sel := range selects.FindAllStringSubmatch(form, -1) {
		if x := chosen.FindStringSubmatch(sel[2]); x != nil {
			v.Add(sel[1], x[1])
		}
	}
	return v
}

// send posts the values with some changed.
func (o *office) send(path string, v url.Values, pairs ...string) (status int, body, to string) {
	o.t.Helper()
	v = maps.Clone(v)
	for i := 0; i+1 < len(pairs); i += 2 {
		v[pairs[i]] = []string{pairs[i+1]}
	}
	res, err := o.client.PostForm(o.URL+path, v)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.read(res)
}

// undo presses the undo button of a page.
func (o *office) undo(page string) string {
	o.t.Helper()
	v := o.filled(page, "/desk/undo")
	if status, body, _ := o.send("/desk/undo", v); status != 303 {
		o.t.Fatalf("undo: %d %s", status, body)
	}
	_, body := o.get(page)
	return body
}

func (o *office) rules() (r kiosk.Rules) {
	o.t.Helper()
	o.view(func(v kiosk.View) (err error) {
		r, err = v.Rules(o.Today())
		return err
	})
	return r
}

const pupilLine = "/desk/settings/policies/line?kind=&sub=&who=pupil"

func TestPoliciesOnTheirPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const page, line = "/desk/settings/policies", "/desk/settings/policies/line"
	_, body := o.get(page + "?who=pupil&kind=reference&sub=dictionary")
	for _, want := range []string{
		"Học sinh được mượn 2 cuốn sách trong 7 ngày, gia hạn 1 lần.", "Câu này được dùng",
		"Học sinh và sách tham khảo (sách tra cứu, từ điển): “Học sinh đọc sách tra cứu, từ điển tại thư viện, không mượn về.”",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
	// A specific line stands before a general one.
	if strings.Index(body, "Học sinh đọc sách tra cứu") > strings.Index(body, "Mọi bạn đọc không mượn thiết bị") || strings.Index(body, "Câu chung, dùng khi") < strings.Index(body, "Khách được mượn") {
		t.Error("the lines do not stand in the order in which they win")
	}
	f := o.filled(pupilLine, line)
	for name, bad := range map[string][][2]string{
		"limit":    {{"-1", "Điền từ 1 đến 1000"}, {"0", "Điền từ 1"}, {"x", "Chỉ viết chữ số"}, {"99999999999999999999", "Chỉ viết chữ số"}, {"", "Ô này cần điền"}},
		"days":     {{"-7", "Điền từ 1 đến 1000"}, {"1001", "Điền từ"}, {"bảy", "Chỉ viết chữ số"}},
		"renewals": {{"-1", "Điền từ 0 đến 100"}, {"101", "Điền từ 0"}},
		"term":     {{"century", "Chọn một mục"}},
		"does":     {{"", "Chọn một mục"}},
		"who":      {{"dog", "Chọn một mục"}, {"teacher", "Đã có một câu"}},
		"sub":      {{strings.Repeat("ă", 10_000), "Dài quá: nhiều nhất 40 chữ"}},
	} {
		for _, b := range bad {
			if status, body, _ := o.send(line, f, name, b[0]); status != 422 || !strings.Contains(troubles(body), b[1]) {
				t.Errorf("%s=%.10s: %d %q", name, b[0], status, troubles(body))
			}
		}
	}
	if status, body, to := o.send(line, f, "limit", "3"); status != 303 || to != page {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if got := o.rules().Policies.For(kiosk.Pupil, kiosk.Children, ""); got.Limit != 3 {
		t.Errorf("%+v", got)
	}
	// A form from before that change: both are shown, and asked about once.
	g := o.filled(pupilLine, line)
	g["seen"] = f["seen"]
	status, body, _ := o.send(line, g, "limit", "4")
	if status != 422 || !strings.Contains(body, "Đang lưu: 3") || !strings.Contains(troubles(body), "người khác đã đổi") {
		t.Errorf("a stale form: %d %q", status, troubles(body))
	}
	if _, body := o.get(page); !strings.Contains(body, "Từ giờ: Học sinh được mượn 3 cuốn") {
		t.Error("what was done is not said")
	}
	if body := o.undo(page); !strings.Contains(body, "Học sinh được mượn 2 cuốn sách trong 7 ngày") {
		t.Error("the undo did nothing")
	}

	// A new line, and its removal; the fallback stays.
	add := o.filled(line, line)
	if status, body, _ := o.send(line, add, "sub", "story", "limit", "5"); status != 303 {
		t.Fatalf("add: %d %s", status, troubles(body))
	}
	if got := o.rules().Policies.For(kiosk.Pupil, kiosk.Children, kiosk.Story); got.Limit != 5 {
		t.Errorf("%+v", got)
	}
	o.post(page+"/remove", "token", o.token(page), "was.who", "pupil", "was.kind", "children", "was.sub", "story")
	if got := o.rules().Policies.For(kiosk.Pupil, kiosk.Children, kiosk.Story); got.Limit != 2 {
		t.Errorf("removed: %+v", got)
	}
	n := len(o.rules().Policies)
	o.post(page+"/remove", "token", o.token(page), "was.who", "", "was.kind", "", "was.sub", "")
	if _, body := o.get(page); len(o.rules().Policies) != n || !strings.Contains(body, "Câu chung không bỏ được") {
		t.Error("the fallback line could be removed")
	}
	if status, _ := o.get(line + "?who=x&kind=y"); status != 404 {
		t.Errorf("a line that is not there: %d", status)
	}
	var parts []string
	for _, e := range o.Events() {
		if e.Type == kiosk.EventSettings && e.StaffRef != "" {
			parts = append(parts, string(e.Payload.Setting.Part))
		}
	}
	if want := []string{"policies", "policies", "policies", "policies"}; !slices.Equal(parts, want) {
		t.Errorf("events %v", parts)
	}
}

func TestCalendarOnItsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const page = "/desk/settings/calendar"
	f := o.filled(page, page)
	n := len(o.rules().Calendar.Closures)
	at := "closure." + string(rune('0'+n)) + "."
	for _, b := range [][3]string{
		{"recall", "2026-01-01", "sau ngày ở ô trước"}, {"recall", "31/2/2027", "Viết ngày như"}, {"start", "", "Ô này cần điền"}, {"end", "2030-05-31", "nhiều nhất 400 ngày"},
		{"open", "9", "ít nhất một ngày"}, {at + "name", "Nghỉ", "Ô này cần điền"}, {"closure.0.to", "2026-05-01", "sau ngày ở ô trước"},
		{"break.0.to", "8:00", "sau giờ bắt đầu"}, {"break.0.from", "25:00", "Viết giờ như"},
	} {
		if status, body, _ := o.send(page, f, b[0], b[1]); status != 422 || !strings.Contains(troubles(body), b[2]) {
			t.Errorf("%s=%s: %d %q", b[0], b[1], status, troubles(body))
		}
	}
	status, body, _ := o.send(page, f, at+"name", "Ngày hội đọc sách", at+"from", "24/11/2026", "recall", "14.5.2027", "break.0.from", "9h10")
	if status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	r := o.rules()
	if r.Calendar.Open(o.Today()) || r.Year.Recall != kiosk.MustDay("2027-05-14") || r.Calendar.Breaks[0].From != 550 || len(r.Calendar.Closures) != n+1 {
		t.Errorf("%+v", r)
	}
	if body := o.undo(page); !strings.Contains(body, "Đã hoàn tác") && !strings.Contains(body, "undo") {
		t.Error("no word of the undo")
	}
	if !o.rules().Calendar.Open(o.Today()) {
		t.Error("the undo did nothing")
	}
	if status, _ := o.get(page + "?year=nope"); status != 404 {
		t.Errorf("a year that is not there: %d", status)
	}
}

func TestTimetablePlacesAndSchoolOnTheirPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const week, places, school = "/desk/settings/timetable", "/desk/settings/places", "/desk/settings/school"
	f := o.filled(week, week)
	if status, body, _ := o.send(week, f, "1.am.grade", "5", "1.pm.note", "Họp tổ"); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if got := o.rules().Timetable; !slices.Equal(got[0].Grades, []int{5}) || got[1].Note != "Họp tổ" || len(got) != 10 {
		t.Errorf("%+v", got)
	}
	if status, body, _ := o.send(week, o.filled(week, week), "2.am.note", strings.Repeat("x", 10_000)); status != 422 || !strings.Contains(troubles(body), "nhiều nhất 120") {
		t.Errorf("%d %s", status, troubles(body))
	}
	o.post(week+"/usual", "token", o.token(week))
	if got := o.rules().Timetable; !slices.Equal(got[0].Grades, []int{2}) {
		t.Errorf("the usual week: %+v", got)
	}
	o.undo(week)
	if got := o.rules().Timetable; !slices.Equal(got[0].Grades, []int{5}) {
		t.Errorf("undone: %+v", got)
	}
	// An undo of what was changed again since says so.
	o.post(week+"/usual", "token", o.token(week))
	undo := o.filled(week, "/desk/undo")
	o.update(func(tx kiosk.Tx) error { return tx.PutTimetable(kiosk.DefaultTimetable()[:2]) })
	o.send("/desk/undo", undo)
	if _, body := o.get(week); !strings.Contains(body, "đã được đổi lần nữa") || len(o.rules().Timetable) != 2 {
		t.Error("an undo wrote over a later change")
	}

	add := o.filled(places+"/new", places)
	for _, b := range [][3]string{{"code", "", "cần điền"}, {"code", "K1", "đã có"}, {"code", strings.Repeat("K", 13), "nhiều nhất 12"}, {"kind", "cloud", "Chọn một mục"}, {"barcode", "<b>", "chưa đọc được"}} {
		if status, body, _ := o.send(places, add, "code", "G1A", "name", "Góc lớp 1A", b[0], b[1]); status != 422 || !strings.Contains(troubles(body), b[2]) {
			t.Errorf("%s=%s: %d %q", b[0], b[1], status, troubles(body))
		}
	}
	if status, body, _ := o.send(places, add, "code", "G1A", "name", "Góc lớp 1A", "kind", "class_corner", "barcode", "60000018"); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	_, body := o.get(places)
	edit := regexp.MustCompile(`href="(/desk/settings/places/[^"]+)">G1A<`).FindStringSubmatch(body)
	if edit == nil || !strings.Contains(body, "Góc lớp 1A") {
		t.Fatal("the new place is not in the list")
	}
	if status, body, _ := o.send(edit[1], o.filled(edit[1], edit[1]), "closed", "yes"); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if _, body := o.get(places); !strings.Contains(body, "không dùng nữa") {
		t.Error("a closed place does not say so")
	}

	if status, body, _ := o.send(school, o.filled(school, school), "name", ""); status != 422 || !strings.Contains(troubles(body), "cần điền") {
		t.Errorf("%d %s", status, troubles(body))
	}
	if status, body, _ := o.send(school, o.filled(school, school), "superior", "Phòng Mẫu", "librarian", "Thủ thư <b>Mẫu</b>"); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if _, body := o.get(school); !strings.Contains(body, "Thủ thư &lt;b&gt;Mẫu&lt;/b&gt;") || !strings.Contains(body, "Phòng Mẫu") {
		t.Error("the school's papers are not kept")
	}
}

func (o *office) update(fn func(kiosk.Tx) error) {
	o.t.Helper()
	if err := o.Ledger.Update(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

// The settings in a browser, at both sizes.
func TestSettingsPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := newOffice(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/settings/policies")
	look := func(name, want string) {
		t.Helper()
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide: %s", name, size.name, wide, webtest.Eval[string](p, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 4).map(e => e.outerHTML.slice(0, 90)).join(" | ")`))
			}
			p.Axe(name + size.name)
			p.Picture("settings-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	p.Click(".help summary")
	look("policies", "Câu chung")
	p.Go(o.URL + "/desk/settings/policies?who=pupil&kind=reference&sub=dictionary")
	look("policies-try", "Câu này được dùng")
	p.Go(o.URL + pupilLine)
	p.Type("#limit", "-3")
	p.Click("main .grid-form button[type=submit]")
	look("policy-bad", "Điền từ 1 đến 1000")
	p.Go(o.URL + pupilLine)
	p.Type("#limit", "3")
	p.Click("main .grid-form button[type=submit]")
	look("policies-saved", "Từ giờ")
	p.Click(".said-bar button")
	p.WaitText("Học sinh được mượn 2 cuốn sách trong 7 ngày")
	p.Go(o.URL + "/desk/settings/calendar")
	look("calendar", "Cả năm nhìn một lượt")
	p.Go(o.URL + "/desk/settings/calendar#months")
	p.Picture("settings-months")
	p.Go(o.URL + "/desk/settings/timetable")
	look("timetable", "Khối 1")
	p.Go(o.URL + "/desk/settings/places")
	look("places", "Kệ 1")
	p.Go(o.URL + "/desk/settings/places/new")
	look("place-new", "Chỗ mới")
	p.Go(o.URL + "/desk/settings/school")
	look("school", "Bộ sưu tập")
	p.Go(o.URL + "/desk/settings/policies?lang=en")
	look("policies-en", "Pupils may borrow")
}
