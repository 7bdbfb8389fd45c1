package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web/webtest"
)

// ids are a patron's and a title's by their codes.
func (o *office) patronID(card string) (id string) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		m, err := v.MemberByCard(card, o.Today())
		id = string(m.ID)
		return err
	})
	return id
}

func (o *office) titleID(barcode string) (id string) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode(barcode)
		id = string(i.TitleID)
		return err
	})
	return id
}

func (o *office) holdOf(card string) (h kiosk.Hold) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		m, err := v.MemberByCard(card, o.Today())
		if err != nil {
			return err
		}
		hs, err := v.OpenHoldsOf(m.Ref)
		if len(hs) > 0 {
			h = hs[0]
		}
		return err
	})
	return h
}

// comesBack is a scan of a copy at the station.
func (o *office) comesBack(desk *circulation.Desk, barcode string) {
	o.t.Helper()
	var i kiosk.Item
	o.view(func(v kiosk.View) (err error) {
		i, err = v.ItemByBarcode(barcode)
		return err
	})
	if _, err := desk.Return(o.t.Context(), kiosk.Attempt{Station: "desk"}, "", i.ID); err != nil {
		o.t.Fatal(err)
	}
}

func TestHoldPages(t *testing.T) {
	o := lendingOffice(t)
	title := o.titleID("10000000")
	if _, body := o.get("/desk/titles/" + title); !strings.Contains(body, "/desk/holds/new?title="+title) {
		t.Error("no way from the title")
	}
	if _, body := o.get("/desk/holds/new?title=" + title + "&q=dat"); !strings.Contains(body, "Lê Mẫu Đạt") {
		t.Error("nobody found without marks")
	}
	if _, body := o.get("/desk/holds/new?title=" + title + "&q=20000032"); !strings.Contains(body, "Lê Mẫu Đạt") {
		t.Error("nobody found by the card")
	}
	if _, body := o.get("/desk/holds/new?patron=" + o.patronID("20000032") + "&q=cho+nho"); !strings.Contains(body, "Chú chó nhỏ") {
		t.Error("no title found")
	}
	for path, want := range map[string]int{"/desk/holds/new": 404, "/desk/holds/new?title=x": 404, "/desk/holds/new?patron=x": 404} {
		if status, _ := o.get(path); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
	place := func(card string) string {
		token := o.token("/desk/holds/new?title=" + title + "&q=" + card)
		for range 2 { // sent twice it is one hold
			if status, _, _ := o.post("/desk/holds", "token", token, "title", title, "patron", o.patronID(card), "from_title", title); status != 303 {
				t.Error(status)
			}
		}
		_, body := o.get("/desk/holds")
		return body
	}
	if body := place("20000032"); !strings.Contains(body, "đứng thứ 1") || !strings.Contains(body, "0 cuốn để riêng, 1 lượt đang chờ") {
		t.Error(troubles(body))
	}
	if _, body := o.get("/desk/holds"); strings.Contains(body, "để riêng cho Lê") || !strings.Contains(body, "hẹn cho Lê Mẫu Đạt") {
		t.Error("a book is said to be set aside for who only waits")
	}
	place("20000016") // has it
	if _, body := o.get("/desk/holds/new?title=" + title); !strings.Contains(body, "đang giữ một cuốn") {
		t.Error("why not is not told", troubles(body))
	}
	if body := place("20000024"); !strings.Contains(body, "đứng thứ 2") {
		t.Error(troubles(body))
	}
	for by, names := range map[string][2]string{"name": {"Trần Mẫu An", "Lê Mẫu Đạt"}, "nth": {"Lê Mẫu Đạt", "Trần Mẫu An"}} {
		_, body := o.get("/desk/holds?sort=" + by)
		order(t, body[strings.Index(body, `class="rows"`):], names[0], names[1])
		if !strings.Contains(body, "sort="+by+"&amp;dir=down") && !strings.Contains(body, "dir=down&amp;sort="+by) {
			t.Errorf("no way to turn the order of %s", by)
		}
	}
	// The book comes back from the list: kept, and the catalogue says so without a name.
	o.post("/desk/loans", "token", o.token("/desk/loans"), "what", "return", "pick", o.loanID("10000000"))
	_, body := o.get("/desk/holds")
	if !strings.Contains(body, "Đang để riêng cuốn TN.00001") || !strings.Contains(body, "giữ đến 27/11/2026") {
		t.Error(body)
	}
	if _, body := o.get("/desk/titles/" + title); !strings.Contains(body, "Để riêng cho người hẹn") {
		t.Error("the title does not say it")
	}
	if _, body := o.get("/catalogue?q=vang+trang&format=json"); strings.Contains(body, "Đạt") || !strings.Contains(body, "Có người hẹn trước") && !strings.Contains(body, `"reserved"`) {
		t.Error("the catalogue", body)
	}
	first := o.holdOf("20000032")
	if status, _, _ := o.post("/desk/holds/"+string(first.ID), "token", o.token("/desk/holds"), "what", "cancel"); status != 303 {
		t.Error(status)
	}
	if h := o.holdOf("20000024"); h.Status != kiosk.HoldReady {
		t.Errorf("the next: %+v", h)
	}
	if body := o.undo("/desk/holds"); !strings.Contains(body, "hoàn tác") || o.holdOf("20000032").Status != kiosk.HoldReady || o.holdOf("20000024").Status != kiosk.HoldWaiting {
		t.Error("cancel is not undone")
	}
	for code, why := range map[string]string{"": "Không có cuốn nào", "10000005": "không để riêng được", "<b>": "Không có cuốn nào", "10000000": "đang để riêng cho người khác"} {
		o.post("/desk/holds/"+string(o.holdOf("20000024").ID), "token", o.token("/desk/holds"), "what", "aside", "code", code)
		if _, body := o.get("/desk/holds"); !strings.Contains(body, "said-bar bad") || !strings.Contains(body, why) {
			t.Errorf("%q: %v", code, troubles(body))
		}
	}
	// The terms, by two librarians.
	stale := o.filled("/desk/holds", "/desk/holds/terms")
	v := o.filled("/desk/holds", "/desk/holds/terms")
	if status, body, _ := o.send("/desk/holds/terms", v, "days", "5"); status != 303 {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.send("/desk/holds/terms", stale, "days", "9"); status == 303 || !strings.Contains(body, "Đang lưu: 5") {
		t.Error(status, troubles(body))
	}
	for _, bad := range []string{"-1", "x", "99999999999999999999", "0", "<b>"} {
		v := o.filled("/desk/holds", "/desk/holds/terms")
		if status, body, _ := o.send("/desk/holds/terms", v, "days", bad); status != http.StatusUnprocessableEntity || len(troubles(body)) == 0 {
			t.Errorf("days %q: %d %v", bad, status, troubles(body))
		}
	}
	if status, body := o.get("/desk/holds?as=xlsx"); status != 200 || !strings.HasPrefix(body, "PK") {
		t.Error("no workbook")
	}
}

func TestRecallPages(t *testing.T) {
	o := lendingOffice(t)
	start := func(pairs ...string) (int, string, string) {
		return o.post("/desk/recall", append([]string{"token", o.token("/desk/recall/new")}, pairs...)...)
	}
	for _, bad := range [][]string{
		{"name", "", "due", "26/11/2026"}, {"name", "x", "due", ""}, {"name", "x", "due", "1/1/2020"}, {"name", "x", "due", "31/5/2027"}, {"name", strings.Repeat("ă", 200), "due", "26/11/2026"},
		{"name", "x", "due", "26/11/2026", "kind", "weapon"}, {"name", "x", "due", "26/11/2026", "class", "9Z"}, {"name", "x", "due", "<b>"},
	} {
		if status, body, _ := start(bad...); status != 422 || len(troubles(body)) == 0 {
			t.Errorf("%.60v: %d", bad, status)
		}
	}
	status, body, to := start("name", "Thu <b>sách</b>", "due", "26/11/2026", "category", "pupil")
	if status != 303 {
		t.Fatal(status, troubles(body))
	}
	_, body = o.get(to)
	if !strings.Contains(body, "Đã lập đợt thu 5 cuốn; 2 cuốn được dời hạn") || strings.Contains(body, "<b>sách</b>") {
		t.Error(troubles(body))
	}
	order(t, body[strings.Index(body, "recall-groups"):], "<b>2A</b> 0 trên 4", "<b>10A</b> 0 trên 1")
	// A copy scanned back counts at once.
	desk := &circulation.Desk{Ledger: o.Ledger, Now: o.Now}
	o.comesBack(desk, "10000003")
	if _, body := o.get(to + "/counts"); !strings.Contains(body, "<b>10A</b> 1 trên 1") || strings.Contains(body, "<html") {
		t.Error(body)
	}
	if _, body := o.get(to + "?who=class:2A&as=print"); !strings.Contains(body, "Lớp 2A") || strings.Contains(body, "Đạt") {
		t.Error("on paper")
	}
	token := o.token(to)
	o.post(to, "token", token, "what", "close")
	o.post(to, "token", token, "what", "undo")
	if _, body := o.get(to); !strings.Contains(body, "đã hoàn tác") || strings.Contains(body, `value="close"`) {
		t.Error("not undone")
	}
	if _, body := o.get("/desk/loans?until=26/11/2026"); strings.Count(body, `name="pick"`) != 4 {
		t.Error("the due date is not back")
	}
	if status, _ := o.get("/desk/recall/nothing"); status != 404 {
		t.Error(status)
	}
}

func TestCompensationPages(t *testing.T) {
	o := lendingOffice(t)
	path := "/desk/loans/" + o.loanID("10000000")
	for _, bad := range [][]string{{"kind", "paid", "amount", "-5"}, {"kind", "paid", "amount", "x"}, {"kind", "paid", "amount", ""}, {"kind", "open", "amount", "5"}, {"kind", "bribe"}, {"kind", "open", "day", "31/2/2026"}, {"kind", "open", "day", "25/11/2026"}, {"kind", "open", "note", strings.Repeat("ă", 600)}} {
		if status, body, _ := o.post(path, append([]string{"token", o.token(path), "cause", "lost"}, bad...)...); status != 422 || len(troubles(body)) == 0 {
			t.Errorf("%.60v: %d", bad, status)
		}
	}
	if status, body, _ := o.post(path, "token", o.token(path), "cause", "lost", "kind", "paid", "amount", "35.000", "note", "mẹ em <b>đưa</b>"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	_, body := o.get("/desk/compensation")
	if !strings.Contains(body, "35.000 đ") || strings.Contains(body, "<b>đưa</b>") || !strings.Contains(body, "Đã ghi là mất") {
		t.Error(body)
	}
	one := regexp.MustCompile(`/desk/compensation/[0-9a-f-]{36}`).FindString(body)
	stale := o.filled(one, one)
	// Found before the copy is: the next step is where it leads.
	if status, body, to := o.send(one, o.filled(one, one), "kind", "given_back", "amount", ""); status != 303 || !strings.HasPrefix(to, "/desk/copies/") {
		t.Error(status, to, troubles(body))
	} else if _, body := o.get(to); !strings.Contains(body, "bấm Đã tìm thấy") {
		t.Errorf("the next step is not told: %.900s", body)
	} else {
		o.undo(to)
	}
	if status, body, _ := o.send(one, o.filled(one, one), "kind", "same_book", "amount", ""); status != 303 {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.send(one, stale, "amount", "40000"); status != 422 || !strings.Contains(body, "Đền cuốn khác") {
		t.Error(status, troubles(body))
	}
	o.undo("/desk/compensation")
	if _, body := o.get("/desk/compensation"); !strings.Contains(body, "35.000 đ") {
		t.Error("not undone")
	}
	// Found again: it is told.
	o.CopyStatus("10000000", kiosk.CopyAvailable)
	if _, body := o.get("/desk/compensation"); !strings.Contains(body, "đã tìm thấy") {
		t.Error("found is not told")
	}
	for _, p := range []string{"/catalogue?q=vang+trang", "/kiosk/desk"} {
		if _, body := o.get(p); strings.Contains(body, "35.000") {
			t.Errorf("%s shows what was given", p)
		}
	}
}

func TestLendingWalk(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := lendingOffice(t)
	title := o.titleID("10000000")
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/holds")
	look := func(name, want string) {
		t.Helper()
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", name, size.name, wide)
			}
			p.Axe(name + size.name)
			p.Picture("lending-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	look("holds-none", "Chưa ai hẹn mượn")
	p.Go(o.URL + "/desk/holds/new?title=" + title)
	p.Type("#hold-q", "an")
	p.Click(".scan-box button")
	look("hold-new", "Trần Mẫu An")
	p.Click(".row-box button")
	p.WaitText("đứng thứ 1")
	p.Go(o.URL + "/desk/loans/" + o.loanID("10000001"))
	look("loan", "Đền thế nào")
	p.Type("#note", "Sách mẫu ướt mưa")
	p.Click(".grid-form button[type=submit]")
	look("compensation", "Đã ghi là mất")
	p.Go(o.URL + "/desk/recall/new")
	look("recall-new", "Thu của ai")
	p.Click(".grid-form button[type=submit]")
	look("recall-bad", "Ô này cần điền")
	p.Type("#name", "Thu sách học kỳ I")
	p.Type("#due", "26/11/2026")
	p.Click(".grid-form button[type=submit]")
	look("recall", "Đã lập đợt thu")
	// Taking back while the page is open: the figures follow by themselves.
	desk := &circulation.Desk{Ledger: o.Ledger, Now: o.Now}
	o.comesBack(desk, "10000000")
	p.WaitText("1 trên 3")
	p.Picture("lending-recall-live")
	p.Go(o.URL + "/desk/recall")
	look("recalls", "Thu sách học kỳ I")
	p.Go(o.URL + "/desk/holds")
	look("holds", "Đang để riêng cuốn")
}
