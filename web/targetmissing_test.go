package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// Each target that asks for persons, classes or months says who they are: teachers by
// name, pupils only as a number of their class.
func TestWhoIsMissing(t *testing.T) {
	o := lendingOffice(t)
	o.Patron(kiosk.Teacher, "20000057", "Đỗ Mẫu Yên", "", 0)
	o.Patron(kiosk.Pupil, "20000099", "Vũ Mẫu Giang", "2A", 2)
	o.post("/desk/targets", "token", o.token("/desk/targets/goals"), "census", o.Today().String())
	_, body := o.get("/desk/targets")
	if !strings.Contains(body, `href="/desk/targets/who/borrowers_teachers?year=`) || strings.Contains(body, `/desk/targets/who/donations`) {
		t.Error("the targets do not lead to who is missing", troubles(body))
	}
	for target, want := range map[string][2]string{ // what is there, what is not
		"borrowers_teachers": {"Đỗ Mẫu Yên", "Phạm Mẫu Hoa"},
		"borrowers_pupils":   {"1 trên 3 em", "Vũ Mẫu Giang"},
		"teacher_sets":       {"chưa rõ dạy lớp nào", "Nguyễn"},
		"corner_boxes":       {"chưa nhận thùng sách nào", "Nguyễn"},
		"meetings":           {"Tháng 11/2026", "Nguyễn"},
		"records":            {"Sổ luân chuyển", "Sổ mượn - trả của học sinh"},
		"theme_cases":        {"Giáo dục pháp luật", "Nguyễn"},
		"library_lessons":    {"1 tiết, học kỳ 1", "Nguyễn"},
	} {
		status, body := o.get("/desk/targets/who/" + target)
		if status != 200 || !strings.Contains(body, want[0]) || strings.Contains(body, want[1]) {
			t.Errorf("%s: %d, %v", target, status, want)
		}
	}
	for _, target := range []string{"donations", "nothing"} {
		if status, _ := o.get("/desk/targets/who/" + target); status != 404 {
			t.Errorf("%s: %d", target, status)
		}
	}
}

// The records that have to be kept: those that something stands in, and those that were
// put on file; noted by one press, taken back by another.
func TestRecordsPage(t *testing.T) {
	o := lendingOffice(t)
	const page = "/desk/targets/records"
	_, body := o.get(page)
	before := strings.Count(body, `class="free">Có<`)
	if before < 3 || !strings.Contains(body, `class="out">Chưa có<`) || !strings.Contains(body, "5 dòng, mới nhất") {
		t.Fatal("the records", before, troubles(body))
	}
	file := func(what string) {
		t.Helper()
		if status, body, _ := o.post(page, "token", o.token(page), "record", "rotations", "what", what); status != 303 {
			t.Fatal(status, troubles(body))
		}
		_, body = o.get(page)
	}
	file("file")
	if strings.Count(body, `class="free">Có<`) != before+1 || !strings.Contains(body, "đã in và lưu ngày 24/11/2026") {
		t.Error("not on file", troubles(body))
	}
	file("unfile")
	if strings.Count(body, `class="free">Có<`) != before || strings.Contains(body, "đã in và lưu ngày 24/11/2026") {
		t.Error("still on file", troubles(body))
	}
	if status, _, _ := o.post(page, "token", o.token(page), "record", "passwords", "what", "file"); status != 404 {
		t.Error(status)
	}
}

func TestTargetListsInBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := lendingOffice(t)
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/targets/records")
	for _, page := range []struct{ path, name string }{{"/desk/targets/records", "records"}, {"/desk/targets/who/teacher_sets", "who"}, {"/desk/targets", "targets"}} {
		for _, size := range deskSizes {
			p.Resize(size.Size)
			p.Go(o.URL + page.path)
			p.Wait(`document.readyState === "complete"`)
			p.Axe(page.name)
			if wide := webtest.Eval[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%s%s is %d too wide", page.path, size.name, wide)
			}
			p.Picture("target-" + page.name + size.name)
		}
	}
}
