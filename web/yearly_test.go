package web_test

import (
	"archive/zip"
	"bytes"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

func TestPlanAndActivities(t *testing.T) {
	o := lendingOffice(t)
	if _, body := o.get("/desk/plan"); !strings.Contains(body, "Lấy kế hoạch mẫu") {
		t.Error("an empty plan")
	}
	o.post("/desk/plan", "token", o.token("/desk/plan"))
	_, body := o.get("/desk/plan")
	if !strings.Contains(body, "Đã ghi 52 việc") || !strings.Contains(body, "Kiểm kê thư viện 31/5") || !strings.Contains(body, "Tháng 11 năm 2026") {
		t.Error(troubles(body))
	}
	order(t, body, "Tháng 8 năm 2026", "Tháng 12 năm 2026", "Tháng 5 năm 2027")
	if status, _, _ := o.post("/desk/plan", "token", "again"); status != 303 {
		t.Error(status)
	}
	if _, body := o.get("/desk/plan"); !strings.Contains(body, "đã có kế hoạch") {
		t.Error("a second plan", troubles(body))
	}
	// A line is done; its result stands there from the month's figures.
	var line string
	o.view(func(v kiosk.View) error {
		all, err := v.Activities(kiosk.MustDay("2026-11-01"), kiosk.MustDay("2026-11-01"))
		line = string(all[0].ID)
		return err
	})
	if _, body := o.get("/desk/activities/" + line); !strings.Contains(body, "6 lượt sách") || !strings.Contains(body, "4 bạn mượn về nhà") {
		t.Error("the month's figures", body)
	}
	o.planLineKeepsNoResult(line)
	// Two classes in the room.
	lesson := []string{"kind", "reading", "day", "2026-11-24", "status", "done", "class", "2A", "from", "8:20", "to", "8:55", "room", "yes", "people", "34"}
	if status, body, _ := o.post("/desk/activities", append([]string{"token", o.token("/desk/activities/new?kind=reading")}, lesson...)...); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if _, body := o.get("/desk/activities?kind=reading"); !strings.Contains(body, "8:20") && !strings.Contains(body, "08:20") || !strings.Contains(body, "đông hơn số ghế") {
		t.Error("the period", troubles(body))
	}
	if status, body, _ := o.post("/desk/activities", "token", "x", "kind", "class_visit", "day", "2026-11-24", "status", "planned", "class", "10A", "from", "8h30", "to", "9h00", "room", "yes"); status != 422 || !strings.Contains(body, "Phòng thư viện đã có 2A") {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.post("/desk/activities", "token", "y", "kind", "bibliography", "day", "2026-11-24", "status", "done", "text", "Thư mục mẫu", "titles", "XX.99999"); status != 422 || !strings.Contains(body, "XX.99999") {
		t.Error(status, troubles(body))
	}
	_, _, to := o.post("/desk/activities", "token", "z", "kind", "bibliography", "day", "2026-11-24", "status", "done", "text", "Thư mục mẫu", "titles", "TN.00001 | Truyện hay | Chú chó & vầng <trăng>\nDế mèn mẫu")
	if to != "/desk/activities?kind=bibliography" {
		t.Fatal(to)
	}
	var id string
	o.view(func(v kiosk.View) error {
		all, err := v.Activities(o.Today(), o.Today())
		for _, a := range all {
			if a.Kind == kiosk.Bibliography {
				id = string(a.ID)
			}
		}
		return err
	})
	_, body = o.get("/desk/activities/" + id + "/list")
	if !strings.Contains(body, "Truyện hay") || !strings.Contains(body, "Dế mèn mẫu") || strings.Contains(body, "<trăng>") {
		t.Error("the list", body)
	}
	_, body = o.get("/desk/activities/" + id + "/list?as=html")
	if !strings.Contains(body, "Thư mục mẫu") || strings.Contains(body, "librarian") || strings.Contains(body, "Nguyễn Mẫu") {
		t.Error("the page to keep tells of somebody")
	}
	_, body = o.get("/desk/activities/" + id + "/list?as=docx")
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(f)
	if !strings.Contains(string(text), "Chú chó &amp; vầng &lt;trăng&gt;") || !strings.Contains(string(text), "1. Truyện mẫu: Chú chó nhỏ") || strings.Contains(string(text), "librarian") {
		t.Error(string(text))
	}
	// A campaign with a gift of a class: sums, no names.
	o.post("/desk/activities", "token", "c", "kind", "campaign", "day", "2026-10-15", "until", "2026-11-30", "status", "planned", "text", "Góp một cuốn sách nhỏ", "goal", "567")
	var campaign string
	o.view(func(v kiosk.View) error {
		all, err := v.Activities(kiosk.MustDay("2026-10-15"), kiosk.MustDay("2026-10-15"))
		campaign = string(all[0].ID)
		return err
	})
	for _, g := range [][]string{{"g1", "2A", "12"}, {"g2", "2A", "3"}, {"g3", "10A", "5"}} {
		if status, body, _ := o.post("/desk/activities", "token", g[0], "kind", "gift", "day", "2026-11-24", "status", "done", "of", campaign, "class", g[1], "donor", "pupils", "taken", g[2]); status != 303 {
			t.Fatal(status, troubles(body))
		}
	}
	if _, body := o.get("/desk/activities?kind=campaign"); !strings.Contains(body, "trên 567 cuốn") || !strings.Contains(body, `<td class="number">15</td>`) {
		t.Error("the campaign's sums")
	}
	// Removed, and put back.
	o.post("/desk/activities/"+id, "token", o.token("/desk/activities/"+id), "kind", "bibliography", "what", "remove")
	if status, _ := o.get("/desk/activities/" + id); status != 404 {
		t.Error(status)
	}
}

// planLineKeepsNoResult saves a line of the plan while it is planned, and when it is
// done.
func (o *office) planLineKeepsNoResult(line string) {
	o.t.Helper()
	page := "/desk/activities/" + line
	send := func(change ...string) (int, string) {
		o.t.Helper()
		_, body := o.get(page)
		shown := regexp.MustCompile(`(?s)<textarea id="result"[^>]*>(.*?)</textarea>`).FindStringSubmatch(body)
		if shown == nil || shown[1] == "" {
			o.t.Fatal("no result is filled in beforehand")
		}
		status, answer, _ := o.send(page, o.filled(page, page), append([]string{"result", html.UnescapeString(shown[1])}, change...)...)
		return status, answer
	}
	stored := func() (a kiosk.Activity) {
		o.view(func(v kiosk.View) (err error) {
			a, err = v.Activity(kiosk.ID(line))
			return err
		})
		return a
	}
	if status, body := send("note", "Mời cả khối 2"); status != 303 {
		o.t.Fatal(status, troubles(body))
	}
	if a := stored(); a.Result != "" || a.Note != "Mời cả khối 2" || a.Status != kiosk.ActivityPlanned {
		o.t.Errorf("a planned line has a result: %+v", a)
	}
	if status, body := send("result", "Em nào cũng thích"); status != 422 || !strings.Contains(body, "chưa có kết quả") || !strings.Contains(body, "Em nào cũng thích") {
		o.t.Error("a result before it is done:", status, troubles(body))
	}
	if status, body := send("status", "done"); status != 303 {
		o.t.Fatal(status, troubles(body))
	}
	if a := stored(); !strings.Contains(a.Result, "6 lượt sách") {
		o.t.Errorf("a line that is done has no result: %+v", a)
	}
	if status, body := send("status", "planned"); status != 422 {
		o.t.Error("a result that somebody kept is thrown away:", status, troubles(body))
	}
}

func TestTargetPages(t *testing.T) {
	o := lendingOffice(t)
	_, body := o.get("/desk/targets")
	// Three pupils, all with a home loan that began in the year; one teacher too.
	for _, want := range []string{"Sĩ số chốt ngày 30/09/2026: ", "Cách tính như trên", "<polyline", "chỉ tiêu 90 đến 95%"} {
		if !strings.Contains(body, want) {
			t.Errorf("the targets lack %q", want)
		}
	}
	// The census is set to today, when the sample pupils are enrolled.
	form := []string{"token", o.token("/desk/targets/goals"), "seen", o.stamp("/desk/targets/goals"), "census", o.Today().String(), "min_borrowers_pupils", "85,5", "max_borrowers_pupils", ""}
	if status, body, _ := o.post("/desk/targets", form...); status != 303 {
		t.Fatal(status, troubles(body))
	}
	o.Patron(kiosk.Pupil, "20000099", "Đỗ Mẫu Yến", "2A", 2)
	_, body = o.get("/desk/targets")
	if !strings.Contains(body, "4 học sinh, 1 giáo viên") || !strings.Contains(body, "từ 85,5% trở lên") || !strings.Contains(body, "Cần thêm 1 em mượn về nhà") || strings.Contains(body, "Yến") {
		t.Error("the targets", troubles(body))
	}
	if status, body, _ := o.post("/desk/targets", "token", "t2", "min_donations", "50", "max_donations", "40"); status != 422 || !strings.Contains(body, "số nhỏ") && !strings.Contains(body, "từ nhỏ đến lớn") {
		t.Error(status, troubles(body))
	}
	var class string
	o.view(func(v kiosk.View) error {
		rules, err := v.Rules(o.Today())
		if err != nil {
			return err
		}
		all, err := v.Classes(rules.Year.ID)
		for _, c := range all {
			if c.Name == "2A" {
				class = string(c.ID)
			}
		}
		return err
	})
	if _, body := o.get("/desk/targets/missing/" + class); !strings.Contains(body, "Đỗ Mẫu Yến") || strings.Contains(body, "Nguyễn Mẫu Bình") {
		t.Error("who is missing", body)
	}
	// It is the homeroom teacher's: her class's page leads there, and it leads back.
	_, once := o.hire("co-2a", kiosk.Collaborator, "class", class)
	teacher := o.settle("co-2a", once)
	if _, body := teacher.get("/desk/my-classes/" + class); !strings.Contains(body, `href="/desk/targets/missing/`+class+`"`) {
		t.Error("the homeroom teacher's page does not lead to her pupils who are missing")
	}
	if status, body := teacher.get("/desk/targets/missing/" + class); status != 200 || !strings.Contains(body, "Đỗ Mẫu Yến") || !strings.Contains(body, `href="/desk/my-classes/`+class+`"`) {
		t.Error("the homeroom teacher does not see who is missing, or does not get back:", status)
	}
	if status, _ := o.get("/desk/targets/missing/x"); status != 404 {
		t.Error(status)
	}
	// Counted a second way, from the loans alone.
	borrowers := map[kiosk.ID]bool{}
	o.view(func(v kiosk.View) error {
		return v.EachLoan(false, func(l kiosk.Loan) error {
			m, err := v.MemberByRef(l.PatronRef, o.Today())
			if m.Category == kiosk.Pupil && l.End != kiosk.LoanUndone {
				borrowers[m.ID] = true
			}
			return err
		})
	})
	if len(borrowers) != 3 {
		t.Errorf("%d borrowers", len(borrowers))
	}
	if _, body := o.get("/desk/targets"); !strings.Contains(body, "75%") {
		t.Error("3 of 4 are 75%")
	}
	_, body = o.get("/desk/targets/assessment")
	if !strings.Contains(body, "Tiêu chuẩn 5") || !strings.Contains(body, "Chưa điền") || !strings.Contains(body, "chưa đạt mức độ 1") {
		t.Error("the assessment", troubles(body))
	}
	if status, _, _ := o.post("/desk/targets/assessment", "token", o.token("/desk/targets/assessment"), "seen", o.stamp("/desk/targets/assessment"), "value_area", "60", "least_area", "40", "note_area", "Đo ngày mẫu"); status != 303 {
		t.Error(status)
	}
	if _, body := o.get("/desk/targets/assessment"); !strings.Contains(body, `value="60"`) || !strings.Contains(body, "Đo ngày mẫu") {
		t.Error("what was filled in")
	}
}

func TestYearlyInBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := lendingOffice(t)
	o.post("/desk/plan", "token", o.token("/desk/plan"))
	o.post("/desk/activities", "token", "c", "kind", "campaign", "day", "2026-11-15", "status", "planned", "text", "Góp một cuốn sách nhỏ", "goal", "567")
	o.post("/desk/activities", "token", "l", "kind", "reading", "day", "2026-11-24", "status", "planned", "class", "2A", "text", "Kể chuyện mẫu")
	_, body := o.get("/desk/activities?kind=reading")
	known := regexp.MustCompile(`/desk/activities/[0-9a-f-]{36}`).FindString(body)
	if known == "" {
		t.Fatal("no lesson to open")
	}
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/targets")
	for _, page := range []struct{ path, name string }{
		{"/desk/targets", "targets"}, {"/desk/targets/goals", "goals"}, {"/desk/targets/assessment", "assessment"}, {"/desk/plan", "plan"}, {"/desk/activities?kind=campaign", "activities"}, {"/desk/activities/new?kind=reading", "activity"},
		{known, "activity-known"},
	} {
		for _, size := range deskSizes {
			p.Resize(size.Size)
			p.Go(o.URL + page.path)
			p.Wait(`document.readyState === "complete"`)
			p.Axe(page.name)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", page.path, size.name, wide)
			}
			p.Picture("year-" + page.name + size.name)
		}
	}
}

// Introductions are shared out among the classes: who is to introduce on which
// Monday stands in the list, and of what was done in the register's own column.
func TestIntroductionsByClass(t *testing.T) {
	o := lendingOffice(t)
	const form = "/desk/activities/new?kind=introduction"
	if _, body := o.get(form); !strings.Contains(body, `name="class"`) {
		t.Error("the form of an introduction does not ask for the class")
	}
	for _, a := range [][2]string{{"2026-11-30", "planned"}, {"2026-11-23", "done"}} {
		status, body, _ := o.post("/desk/activities", "token", o.token(form), "kind", "introduction", "day", a[0], "status", a[1], "class", "2A", "channel", "flag_ceremony", "text", "Chuyện dưới cờ mẫu "+a[1], "people", "34")
		if status != 303 {
			t.Fatal(status, troubles(body))
		}
	}
	cell := regexp.MustCompile(`<td[^>]*>(?:<span>)?2A(?:</span>)?</td>`)
	if _, body := o.get("/desk/activities?kind=introduction"); len(cell.FindAllString(body, -1)) != 2 || !strings.Contains(body, "30/11/2026") {
		t.Error("the list does not say which class introduces")
	}
	if _, body := o.get("/desk/registers/introductions"); len(cell.FindAllString(body, -1)) != 1 || !strings.Contains(body, "Chuyện dưới cờ mẫu done") {
		t.Error("the register's column for the class is empty")
	}
}
