package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// garden makes the green library: nobody's class, open on Tuesdays until the
// year's end, readings are counted only.
func (c *classroom) garden(days ...time.Weekday) kiosk.ID {
	c.t.Helper()
	p, err := c.desk.AddPlace(c.t.Context(), c.staff, kiosk.Place{Code: "TVX", Name: "Thư viện xanh mẫu", Kind: kiosk.Outdoor})
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.desk.SetCorner(c.t.Context(), c.staff, p.ID, func(x kiosk.Corner) (kiosk.Corner, error) {
		x.Days, x.Until, x.Honesty = days, c.Today().Add(60), true
		return x, nil
	}); err != nil {
		c.t.Fatal(err)
	}
	return p.ID
}

// Where a place has opening days, they stand wherever it is named: in the
// catalogue, on its page and board, on the day's first page, the poster, the
// paper and the phone. A corner without any says nothing in the catalogue.
func TestOpeningDaysAreShown(t *testing.T) {
	t.Parallel()
	c := newClassroom(t) // a Tuesday
	place := c.garden(time.Tuesday, time.Thursday)
	c.put("30000400", "Sách mẫu ngoài vườn", place)
	until := "mở thứ Ba, thứ Năm, đến 23/01/2027"
	for path, want := range map[string][]string{
		"/catalogue?q=v%C6%B0%E1%BB%9Dn":            {"Thư viện xanh mẫu", until},
		"/desk":                                     {"Góc hôm nay", until, "Hôm nay mở"},
		"/desk/corners/" + string(place):            {until, "Hôm nay mở"},
		"/desk/corners/" + string(place) + "/board": {"Góc " + until},
		"/desk/corners/" + string(c.corner):         {"mở mọi ngày học"},
		"/desk/posters/timetable":                   {"Thư viện xanh mẫu", until},
		"/corner/paper/" + string(place):            {"Góc " + until},
		"/":                                         {`href="/corner/"`, "Góc lớp của thầy cô"},
	} {
		if status, body := c.get(path); status != 200 {
			t.Errorf("%s: %d", path, status)
		} else {
			for _, w := range want {
				if !strings.Contains(body, w) {
					t.Errorf("%s does not say %q", path, w)
				}
			}
		}
	}
	if _, body := c.get("/catalogue?q=s%E1%BB%91+1"); strings.Contains(body, "mở mọi") {
		t.Error("the catalogue says of each class corner that it is open")
	}
	_, data := c.api("GET", "/api/v1/corner", nil)
	if !strings.Contains(fmt.Sprint(data["corners"]), until) {
		t.Errorf("the phone does not know: %v", data["corners"])
	}
	c.Advance(24 * time.Hour) // a Wednesday
	c.signIn("librarian", webtest.Password)
	if _, body := c.get("/desk"); !strings.Contains(body, "Hôm nay không mở") {
		t.Error("on a Wednesday the garden is open")
	}
}

// What is overdue in a corner stands on its keeper's list, on the phone and at
// the desk, and not on the library's, which counts it.
func TestOverdueInACornerIsItsKeepers(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	p := c.teacherPhone()
	other := c.Patron(kiosk.Pupil, "20000214", "Đỗ Mẫu Em", "3B", 3)
	c.lentInCorner(c.an, c.books[0])
	if _, err := c.desk.LendInCorner(t.Context(), c.staff, kiosk.FromPhone, c.otherCorner, other.Ref, c.foreign.ID); err != nil {
		t.Fatal(err)
	}
	c.Copy("30000500", "Truyện mẫu ở thư viện", kiosk.Children, "")
	c.Lent("20000123", "30000500", "2026-11-26")
	if _, body := p.get("/corner/late"); strings.Contains(body, "Truyện mẫu số 1") {
		t.Error("what is not due yet is on the list")
	}
	c.Advance(10 * 24 * time.Hour)
	p.cornerSignIn("20000016", teacherPIN)
	status, body := p.get("/corner/late")
	if status != 200 || !strings.Contains(body, "Nguyễn Mẫu An") || !strings.Contains(body, "Truyện mẫu số 1") || strings.Contains(body, "Truyện của lớp bên") || strings.Contains(body, "Truyện mẫu ở thư viện") {
		t.Errorf("the keeper's list: %d", status)
	}
	if status, body := p.get("/corner/late?as=print"); status != 200 || !strings.Contains(body, "Nguyễn Mẫu An") {
		t.Errorf("on paper: %d", status)
	}
	c.signIn("librarian", webtest.Password)
	_, body = c.get("/corner/late")
	if !strings.Contains(body, "Truyện của lớp bên") || !strings.Contains(body, "Đỗ Mẫu Em") {
		t.Error("the librarian's list has not all corners")
	}
	_, body = c.get("/desk/overdue")
	if strings.Contains(body, "Truyện mẫu số 1") || !strings.Contains(body, "Truyện mẫu ở thư viện") || !strings.Contains(body, "Ở các góc còn 2 cuốn quá hạn") {
		t.Error("the library's list does not count the corners' apart")
	}
	if _, body = c.get("/desk"); !strings.Contains(body, "Ở các góc còn 2 cuốn quá hạn") {
		t.Error("the first page does not count them")
	}
}

// What phones met, what they still hold, phones that nobody has heard of, and
// what a box's count found stand on the first page.
func TestNoticesOfCornersOnTheFirstPage(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	if _, body := c.get("/desk"); strings.Contains(body, "Góc cần xem") {
		t.Error("there is something to see to before anything happened")
	}
	p := c.teacherPhone()
	c.lentInCorner(c.chi, c.books[0])
	c.Advance(time.Minute)
	answers := c.send(p, c.did("a1", "lend", 0, "pupil", c.binh.ID, "copy", c.books[0].ID), c.did("a2", "lend", 0, "pupil", c.an.ID, "copy", c.books[1].ID))
	if answers[0]["rule"] != string(kiosk.RuleHandedOn) {
		t.Fatalf("%v", answers)
	}
	_, body := c.get("/desk")
	if !strings.Contains(body, "Góc cần xem") || !strings.Contains(body, "Truyện mẫu số 1 đang ghi cho bạn khác") || strings.Contains(body, "Truyện mẫu số 2") {
		t.Error("what the phone met is not told, or what was no trouble is")
	}
	if strings.Contains(between(body, `id="corners-wait"`, "</section>"), "Mẫu Bình") {
		t.Error("the notice names a child")
	}
	held := func(left int) {
		t.Helper()
		c.Advance(time.Minute)
		if status, answer := p.api("POST", "/api/v1/corner/acts", map[string]any{"sent_at": c.Now().UnixMilli(), "left": left, "acts": []any{c.did(fmt.Sprint("r", left), "read", 0, "count", 1)}}); status != 200 {
			t.Fatalf("%d %v", status, answer)
		}
	}
	held(2)
	if _, body := c.get("/desk"); !strings.Contains(body, "Máy này còn giữ 2 lượt") {
		t.Error("what the phone still holds is not told")
	}
	held(0)
	if _, body := c.get("/desk"); strings.Contains(body, "Máy này còn giữ") {
		t.Error("a phone that has sent all is told as holding some")
	}
	if status, _ := p.api("POST", "/api/v1/corner/acts", map[string]any{"sent_at": c.Now().UnixMilli(), "left": -1, "acts": []any{c.did("x", "read", 0, "count", 1)}}); status != 400 {
		t.Errorf("less than none: %d", status)
	}
	c.Advance(2 * 24 * time.Hour)
	c.signIn("librarian", webtest.Password)
	if _, body := c.get("/desk"); strings.Contains(body, "máy này chưa liên lạc") {
		t.Error("a phone is missed after two days")
	}
	c.Advance(6 * 24 * time.Hour)
	c.signIn("librarian", webtest.Password)
	if _, body := c.get("/desk"); !strings.Contains(body, "Từ 24/11/2026 máy này chưa liên lạc") {
		t.Error("a phone that nobody heard of for days is not told")
	}
}

// The day's page and what is new on the phone, at both sizes.
func TestLookAtCornersToday(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t)
	place := c.garden(time.Tuesday, time.Thursday)
	c.put("30000400", "Sách mẫu ngoài vườn", place)
	phone := c.teacherPhone()
	c.lentInCorner(c.chi, c.books[0])
	c.Advance(time.Minute)
	c.send(phone, c.did("a1", "lend", 0, "pupil", c.binh.ID, "copy", c.books[0].ID))
	c.Advance(9 * 24 * time.Hour)
	p := webtest.Open(t)
	p.Go(c.URL + "/desk/sign-in")
	p.Type("#name", "librarian")
	p.Type("#password", webtest.Password)
	p.Click("main button[type=submit]")
	p.Wait(`location.pathname === "/desk"`)
	pages := map[string]string{"today": "/desk", "late": "/corner/late", "overdue": "/desk/overdue", "board": "/desk/corners/" + string(place) + "/board", "garden": "/desk/corners/" + string(place), "help": "/corner/help", "home": "/", "catalogue": "/catalogue?q=v%C6%B0%E1%BB%9Dn", "poster": "/desk/posters/timetable"}
	for name, size := range map[string]webtest.Size{"pc": {W: 1366, H: 768}, "phone": webtest.Phone} {
		p.Resize(size)
		for what, path := range pages {
			p.Go(c.URL + path)
			p.Wait(`document.readyState === "complete"`)
			p.Axe(what + " " + name)
			if w := p.TooWide(); w > 0 {
				t.Errorf("%s %s is too wide by %d", what, name, w)
			}
			p.Picture("corners-" + what + "-" + name)
		}
	}
	if steps := webtest.Eval[[]string](p, `(fetch("/corner/sw.js").then((r) => r.text()).then((x) => window.worker = x), [])`); len(steps) != 0 {
		t.Error(steps)
	}
	p.Wait(`typeof worker === "string"`)
	if files := webtest.Eval[string](p, `worker.split("\n")[2]`); !slices.Contains(strings.Split(files, `"`), "/corner/help") {
		t.Errorf("the worker does not keep the help: %s", files)
	}
}
