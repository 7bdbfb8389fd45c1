package web_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// subscribe fills the form of a subscription and sends it; the answer's path is
// the serial's page.
func (o *office) subscribe(change ...string) (status int, body, to string) {
	o.t.Helper()
	fields := map[string]string{
		"name": "Báo Nhi Đồng", "frequency": "weekly", "per_period": "1", "from": "2026-11-02", "to": "30/11/2026", "first": "40", "copies": "3", "price": "9.000", "supplier": "Bưu điện mẫu",
		"code": "9771234567003", "place": o.place("K1"), "route": "2A\nK2", "note": "",
	}
	for i := 0; i+1 < len(change); i += 2 {
		fields[change[i]] = change[i+1]
	}
	pairs := []string{"token", o.token("/desk/serials/new")}
	for k, v := range fields {
		pairs = append(pairs, k, v)
	}
	return o.post("/desk/serials/new", pairs...)
}

// place is the id of a place by its code.
func (o *office) place(code string) (id string) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		pp, err := v.Places()
		for _, p := range pp {
			if p.Code == code {
				id = string(p.ID)
			}
		}
		return err
	})
	return id
}

// picks are the boxes of a list, in its order.
func picks(body string) (ids []string) {
	for _, m := range regexp.MustCompile(`name="pick" value="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func TestSerialPages(t *testing.T) {
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	for name, change := range map[string][]string{
		"no name": {"name", ""}, "a code that is none": {"code", "12"}, "a frequency that is none": {"frequency", "<b>"}, "too many a week": {"per_period", "8"}, "a day that is none": {"from", "31/02/2026"},
		"backwards": {"to", "2026-11-01"}, "no copies": {"copies", "-1"}, "a price with letters": {"price", "9k"}, "a class that is none": {"route", "9Z"}, "lent from nowhere": {"lend", "yes", "place", ""},
		"ten thousand letters": {"supplier", strings.Repeat("ơ", 10000)}, "too far": {"to", "2036-01-01"},
	} {
		if status, body, _ := o.subscribe(change...); status != 422 || !strings.Contains(body, `class="wrong"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	status, body, at := o.subscribe()
	if status != 303 || !strings.HasPrefix(at, "/desk/serials/") {
		t.Fatalf("%d to %s: %s", status, at, troubles(body))
	}
	_, body = o.get(at)
	if !strings.Contains(body, "Máy chờ 5 số về") || !strings.Contains(body, "1 số mỗi tuần") || !strings.Contains(body, "2A → Kệ 2") || !strings.Contains(body, "1234-5679") {
		t.Errorf("the page: %.2500s", body)
	}
	ids := picks(body)
	if len(ids) != 5 {
		t.Fatalf("%d issues", len(ids))
	}
	// Three are late on the 24th; the scan of a cover without an add-on does not guess.
	if _, body := o.get("/desk/serials"); !strings.Contains(body, "Chưa về: 3") {
		t.Error("what is late is not told")
	}
	if status, _, to := o.post("/desk/serials/scan", "token", o.token("/desk/serials"), "code", "9771234567003"); status != 303 || to != at {
		t.Errorf("a scan that may mean several: %d to %s", status, to)
	}
	if _, body := o.get(at); !strings.Contains(body, "Chưa rõ là số nào") {
		t.Error("it is not asked which")
	}
	token := o.token("/desk/serials")
	for range 2 { // a scanner that sends twice
		if status, _, to := o.post("/desk/serials/scan", "token", token, "code", "977123456700341"); status != 303 || to != "/desk/serials" {
			t.Errorf("a scan: %d to %s", status, to)
		}
	}
	if _, body := o.get("/desk/serials"); !strings.Contains(body, "Đã nhận Báo Nhi Đồng số 41: 3 bản") || !strings.Contains(body, "Chưa về: 2") {
		t.Error("the scanned issue is not here")
	}
	o.undo("/desk/serials")
	if _, body := o.get("/desk/serials"); !strings.Contains(body, "Chưa về: 3") {
		t.Error("undo leaves the issue here")
	}
	o.post("/desk/serials/scan", "token", "again", "code", "977123456700341")
	for code, want := range map[string]string{"9779999999990": "", "": "", "20000016": "mang mã này", "<b>": "", strings.Repeat("9", 10000): ""} {
		body := o.besides("/desk/serials/scan", "code", want, "token", "odd"+code[:min(5, len(code))], "code", code)
		if code != "" && !strings.Contains(body, `value="`+html.EscapeString(code)+`"`) {
			t.Errorf("what was scanned, %.10q, is gone", code)
		}
		if strings.Contains(body, "/desk/serials/scan?") {
			t.Error("the links of the list lead nowhere")
		}
	}
	// Two at once with a copy less, then one asked for, by the page of what is late.
	act := func(path string, pairs ...string) string {
		t.Helper()
		if status, _, _ := o.post(path, append([]string{"token", o.token(path)}, pairs...)...); status != 303 {
			t.Errorf("%s %v: %d", path, pairs, status)
		}
		_, body := o.get(path)
		return body
	}
	if body := act(at, "what", "receive", "count", "2", "pick", ids[0], "pick", ids[3]); !strings.Contains(body, "Đã nhận 2 số") || !strings.Contains(body, "Về thiếu bản") {
		t.Error(troubles(body))
	}
	o.undo(at)
	o.besides(at, "pick", "Chưa đánh dấu số nào", "what", "receive")
	if body := o.besides(at, "count", "Chỉ viết chữ số", "what", "receive", "count", "hai", "pick", ids[0]); !strings.Contains(body, `value="`+ids[0]+`" checked`) || !strings.Contains(body, `value="hai"`) {
		t.Error("the tick or the number is gone")
	}
	if body := act("/desk/serials/late", "what", "claim", "note", "gọi điện", "pick", ids[0], "pick", ids[2]); !strings.Contains(body, "Đã ghi hỏi nơi phát hành 2 số") || !strings.Contains(body, "gọi điện") {
		t.Error(troubles(body))
	}
	if _, body := o.get("/desk/serials/letter"); !strings.Contains(body, "Kính gửi: Bưu điện mẫu") || !strings.Contains(body, "chưa nhận được 6 bản") {
		t.Errorf("the letter: %s", body)
	}
	// Round the class and the shelf: by a touch, by the cover. Each move is taken back
	// first, and what was taken back leads to the same place once more.
	for _, move := range []struct{ by, what, says string }{
		{"issue", ids[1], "đã chuyển tới 2A"}, {"code", "977123456700341", "đã chuyển tới Kệ 2"}, {"issue", ids[1], "đã về thư viện"},
	} {
		for n := range 2 {
			body := act("/desk/serials/round", move.by, move.what)
			if !strings.Contains(body, move.says) || strings.Contains(body, "Không có số báo nào") != (move.says == "đã về thư viện") {
				t.Errorf("%s, time %d: %s", move.says, n+1, troubles(body))
			}
			if n == 0 {
				o.undo("/desk/serials/round")
			}
		}
	}
	if body := act(at, "what", "bound", "pick", ids[1]); !strings.Contains(body, "Đã đóng tập") {
		t.Error(troubles(body))
	}
	if _, body := o.get("/desk/serials/register?from=2026-11-01&to=2026-11-30"); strings.Count(body, "Báo Nhi Đồng</a>") != 5 || !strings.Contains(body, "24/11/2026") {
		t.Error("the register")
	}
	for _, path := range []string{"/desk/serials", at, "/desk/serials/late", "/desk/serials/round", "/desk/serials/register"} {
		for _, as := range []string{"?as=print", "?as=xlsx"} {
			if status, _ := o.get(path + as); status != 200 {
				t.Errorf("%s%s: %d", path, as, status)
			}
		}
	}
	// The plan is changed; a stale form is told so; the next year follows.
	seen := o.stamp(at + "/edit")
	edit := func(token, seen, copies string) int {
		status, _, _ := o.post(at+"/edit", "token", token, "seen", seen, "name", "Báo Nhi Đồng", "frequency", "weekly", "per_period", "1", "from", "2026-11-02", "to", "2026-11-30", "first", "40", "copies", copies,
			"price", "9000", "supplier", "Bưu điện mẫu", "code", "1234-5679", "place", o.place("K1"), "route", "2A\nKệ 2", "note", "")
		return status
	}
	if a, b := edit("e1", seen, "4"), edit("e2", seen, "5"); a != 303 || b != 422 {
		t.Errorf("edit %d, stale edit %d", a, b)
	}
	if _, body := o.get("/desk/serials/new?after=" + strings.TrimPrefix(at, "/desk/serials/")); !strings.Contains(body, `value="2026-12-01"`) || !strings.Contains(body, `value="45"`) || !strings.Contains(body, `value="4"`) {
		t.Error("the next subscription does not go on where this one ends")
	}
	if status, _ := o.get("/desk/serials/nope"); status != 404 {
		t.Error(status)
	}
}

// Issues that are lent have a label each, by which they go round too.
func TestSerialCopiesGoRoundByLabel(t *testing.T) {
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	_, _, at := o.subscribe("lend", "yes", "code", "")
	_, body := o.get(at)
	if !strings.Contains(body, "học sinh chỉ đọc báo tại chỗ") {
		t.Error("it is not told that the rules keep them in the library")
	}
	if status, _, _ := o.post(at, "token", o.token(at), "what", "receive", "pick", picks(body)[0]); status != 303 {
		t.Fatal(status)
	}
	status, _, _ := o.post("/desk/serials/round", "token", o.token("/desk/serials/round"), "code", "BC.00002")
	if _, body := o.get("/desk/serials/round"); status != 303 || !strings.Contains(body, "số 40 đã chuyển tới 2A") {
		t.Error(status, troubles(body))
	}
}

func TestSerialPagesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	o.subscribe("name", "Tạp chí Thế giới trong ta và những người bạn nhỏ", "code", "")
	_, _, at := o.subscribe()
	_, body := o.get(at)
	o.post(at, "token", o.token(at), "what", "receive", "pick", picks(body)[0])
	o.post(at, "token", o.token(at), "what", "receive", "count", "2", "pick", picks(body)[1])
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("serials", "/desk/serials", "Chưa về: 4")
	p.Type("#code", "977123456700342")
	p.Click("main .ask-box button[type=submit]")
	look("serials-received", "", "Đã nhận Báo Nhi Đồng số 42: 3 bản.")
	look("serial", at, "Đã hỏi nơi phát hành")
	look("serial-edit", at+"/edit", "Chuyển vòng qua các lớp")
	look("serials-late", "/desk/serials/late", "Về thiếu bản")
	look("serials-letter", "/desk/serials/letter", "Kính gửi")
	look("serials-round", "/desk/serials/round", "Chuyển tới 2A")
	look("serials-register", "/desk/serials/register", "Sổ báo, tạp chí")
}

// looker looks at pages at both widths: nothing sticks out, axe finds nothing,
// and a picture is kept.
func (o *office) looker(p *webtest.Page) func(name, path, want string) {
	return func(name, path, want string) {
		o.t.Helper()
		if path != "" {
			p.Go(o.URL + path)
		}
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				o.t.Errorf("%s%s is %d too wide", name, size.name, wide)
			}
			p.Axe(name + size.name)
			p.Picture("stock-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
}
