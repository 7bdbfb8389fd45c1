package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// reserve sends the form of a lesson of the class 2A; the answer's path is the
// reservation's page.
func (o *office) reserve(to string, change ...string) (status int, body, at string) {
	o.t.Helper()
	fields := map[string]string{"title": "", "line": "", "grade": "", "count": "1", "class": to, "teacher": "patron:" + o.patronID("20000909"), "on": "2026-11-25", "period": "3", "note": ""}
	for i := 0; i+1 < len(change); i += 2 {
		fields[change[i]] = change[i+1]
	}
	pairs := []string{"token", o.token("/desk/lessons/new?grade=2")}
	for k, v := range fields {
		pairs = append(pairs, k, v)
	}
	return o.post("/desk/lessons/new", pairs...)
}

func TestLessonPages(t *testing.T) {
	o, line, to := handoutOffice(t)
	o.Copy("10000000", "Bản đồ Việt Nam mẫu", kiosk.Map, "")
	title := o.titleID("10000000")
	if _, body := o.get("/desk/titles/" + title); !strings.Contains(body, "/desk/lessons/new?title="+title) {
		t.Error("no way from the title")
	}
	if _, body := o.get("/desk/lessons/new?q=ban+do"); !strings.Contains(body, "/desk/lessons/new?title="+title) || !strings.Contains(body, "Bộ sách lớp") || !strings.Contains(body, "Đạo đức 2 (30)") {
		t.Error("what can be reserved is not offered")
	}
	for name, change := range map[string][]string{
		"none": {"count", "0"}, "a letter": {"count", "x"}, "a day that is over": {"on", "2026-11-23"}, "no day": {"on", ""}, "no class": {"class", ""}, "a class that is none": {"class", "class:x"},
		"nobody": {"teacher", "patron:x"}, "a period too many": {"period", "11"}, "a note without end": {"note", strings.Repeat("ơ", 10000)},
	} {
		if status, body, _ := o.reserve(to, append([]string{"title", title}, change...)...); status != 422 || !strings.Contains(body, `class="wrong"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, body, _ := o.reserve(to, "title", title, "count", "2"); status != 422 || !strings.Contains(body, "Cần 2, ngày ấy chỉ còn 1") || !strings.Contains(body, `name="anyway"`) {
		t.Errorf("too few is not told: %d %s", status, troubles(body))
	}
	status, body, at := o.reserve(to, "title", title)
	if status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if _, body := o.get("/desk"); !strings.Contains(body, "Tiết học sắp tới") || !strings.Contains(body, at) {
		t.Error("today does not show tomorrow's lesson")
	}
	if status, body, _ := o.reserve(to, "title", title); status != 422 || !strings.Contains(body, "1 lớp khác đã giữ") {
		t.Errorf("a second class is not told: %d", status)
	}
	do := func(at string, pairs ...string) (int, string) {
		t.Helper()
		status, body, to := o.post(at, append([]string{"token", o.token(at)}, pairs...)...)
		if status == 303 {
			_, body = o.get(to)
		}
		return status, body
	}
	for code, want := range map[string]string{"": "Chưa quét cuốn nào", "999": "mang mã 999", "30000013": "không phải thứ đã giữ", "<b>": "", strings.Repeat("9", 10000): ""} {
		if status, body := do(at, "what", "give", "codes", code); status != 422 || !strings.Contains(body, want) {
			t.Errorf("scanned %.9q: %d", code, status)
		}
	}
	if status, body := do(at, "what", "give", "codes", "10000000\r\n"); status != 303 || !strings.Contains(body, "Đã giao.") {
		t.Errorf("%d %s", status, troubles(body))
	}
	if who, _ := o.Borrower("10000000"); who != "20000909" {
		t.Errorf("lent to %q", who)
	}
	o.undo(at)
	if who, _ := o.Borrower("10000000"); who != "" {
		t.Error("undo leaves it lent")
	}
	do(at, "what", "give", "codes", "10000000")
	if status, body := do(at, "what", "end", "codes", ""); status != 303 || !strings.Contains(body, "Đã nhận lại đủ") {
		t.Errorf("%d %s", status, troubles(body))
	}
	if status, body := do(at, "what", "give", "codes", "10000000"); status != 422 && status != 404 || strings.Contains(body, "Đã giao.") {
		t.Errorf("given after it ended: %d", status)
	}
	// Books by the number, and a set by its one label.
	_, _, pieces := o.reserve(to, "line", string(line.ID), "count", "20")
	if status, _ := do(pieces, "what", "give", "pieces", "20"); status != 303 || o.counts(line.ID) != "20 0 10" {
		t.Error(status, o.counts(line.ID))
	}
	if status, _ := do(pieces, "what", "end"); status != 303 || o.counts(line.ID) != "0 0 30" {
		t.Error(status, o.counts(line.ID))
	}
	_, _, pieces = o.reserve(to, "line", string(line.ID), "count", "20")
	if status, body := do(pieces, "what", "give", "pieces", "5"); status != 303 || !strings.Contains(body, "Đã giao 5 trên 20.") {
		t.Errorf("a part is not told: %d %s", status, troubles(body))
	}
	do(pieces, "what", "end")
	grade := "0"
	o.view(func(v kiosk.View) error {
		sets, err := v.Sets()
		if len(sets) > 0 && sets[0].Grade > 0 {
			grade = string(rune('0' + sets[0].Grade))
		}
		return err
	})
	_, _, set := o.reserve(to, "grade", grade)
	if status, body := do(set, "what", "give", "codes", "BO201"); status != 303 || !strings.Contains(body, "30000013") {
		t.Error(status, troubles(body))
	}
	if status, body := do(set, "what", "end", "codes", "30000013"); status != 303 || !strings.Contains(body, "Đã nhận lại") {
		t.Error(status, troubles(body))
	}
	_, _, last := o.reserve(to, "title", title, "on", "2026-11-30")
	if status, body := do(last, "what", "cancel"); status != 303 || !strings.Contains(body, "Đã bỏ") {
		t.Error(status)
	}
	for _, as := range []string{"", "?as=print", "?as=xlsx"} {
		if status, _ := o.get("/desk/lessons" + as); status != 200 {
			t.Error(as, status)
		}
	}
	if status, _ := o.get("/desk/lessons/nope"); status != 404 {
		t.Error(status)
	}
}

func TestLessonPagesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, _, to := handoutOffice(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	o.Copy("10000000", "Bản đồ Việt Nam mẫu", kiosk.Map, "")
	title := o.titleID("10000000")
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("lesson-what", "/desk/lessons/new?q=ban+do", "Hoặc bộ sách")
	look("lesson-new", "/desk/lessons/new?title="+title, "Cô, thầy phụ trách")
	_, _, at := o.reserve(to, "title", title)
	look("lesson-today", "/desk", "Tiết học sắp tới")
	look("lesson", at, "Quét từng cuốn")
	p.Type("#codes", "10000000")
	p.Click("main .grid-form button[value=give]")
	look("lesson-out", "", "Đã giao.")
	p.Click("main .grid-form button[value=end]")
	look("lesson-back", "", "Đã nhận lại đủ.")
	look("lessons", "/desk/lessons", "Đã nhận lại")
}
