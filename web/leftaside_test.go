package web_test

import (
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web/webtest"
)

// asideOffice is an office in which Đạt and then Bình wait for a copy that has
// just come back, with the night's work to hand.
func asideOffice(t *testing.T) (o *office, night func(clock string)) {
	o = lendingOffice(t)
	o.Hold("20000032", "10000000")
	o.Hold("20000024", "10000000")
	o.goneBack("10000000")
	desk := &circulation.Desk{Ledger: o.Ledger, Now: o.Now}
	return o, func(clock string) {
		t.Helper()
		o.Set(clock)
		if _, err := desk.Retain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// A copy nobody came for is told on the day page, with where it goes or for whom
// it is now, until it is scanned.
func TestAsidePages(t *testing.T) {
	o, night := asideOffice(t)
	const title, where = "Sách để riêng, lượt hẹn đã hết", "/desk/shelve/trolley"
	if _, body := o.get("/desk"); strings.Contains(body, title) {
		t.Error("told while it waits for its reader")
	}
	scan := func() {
		t.Helper()
		if status, body, _ := o.post("/desk/shelve", "token", o.token("/desk/shelve"), "code", "10000000"); status != 303 {
			t.Fatal(status, troubles(body))
		}
	}
	scan()
	o.shows("/desk/shelve", "Để riêng cho", "Lê Mẫu Đạt, lớp 10A", "giữ đến 27/11/2026", "để riêng, không lên kệ")

	// Đạt does not come: it is An's now.
	night("2026-11-28 07:00:00")
	o.signIn("librarian", webtest.Password)
	o.shows("/desk", title, "Chú chó nhỏ và vầng trăng · TN.00001", "Nay để riêng cho Trần Mẫu An, lớp 2A, giữ đến ")
	o.shows(where, "Không có cuốn nào chờ lên kệ")
	o.shows("/desk/shelve", "1 cuốn để riêng mà lượt hẹn đã hết")
	scan()
	o.shows("/desk/shelve", "Trần Mẫu An, lớp 2A")
	if _, body := o.get("/desk"); strings.Contains(body, title) {
		t.Error("still told after the scan")
	}
	o.undo("/desk/shelve")
	o.shows("/desk", title)

	// An does not come either: back to the shelf.
	night("2026-12-05 07:00:00")
	o.signIn("librarian", webtest.Password)
	place := o.shelfOf("10000000")
	o.shows("/desk", title, "Không ai đến lấy. Trả lên kệ", place)
	o.shows(where, "trong đó 1 cuốn để riêng", "chỗ sách để riêng", "Chú chó nhỏ")
	scan()
	o.shows("/desk/shelve", "Để ở", place)
	for _, page := range []string{"/desk", where} {
		if _, body := o.get(page); strings.Contains(body, "Chú chó nhỏ") {
			t.Errorf("%s: still told after the scan", page)
		}
	}
	o.undo("/desk/shelve")
	_, body := o.get(where)
	args := []string{"token", o.token(where), "what", "all"}
	for _, m := range regexp.MustCompile(`name="all" value="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		args = append(args, "all", m[1])
	}
	o.post(where, args...)
	o.shows(where, "Đã ghi: 1 cuốn đã lên kệ", "Không có cuốn nào chờ lên kệ")
}

// Cancelled by hand, the page says at once what to do with the copy.
func TestCancelledHoldTellsTheCopy(t *testing.T) {
	o, _ := asideOffice(t)
	cancel := func(card string) {
		t.Helper()
		if status, _, _ := o.post("/desk/holds/"+string(o.holdOf(card).ID), "token", o.token("/desk/holds"), "what", "cancel"); status != 303 {
			t.Fatal(status)
		}
	}
	if h := o.holdOf("20000032"); h.Status != kiosk.HoldReady {
		t.Fatalf("%+v", h)
	}
	cancel("20000032")
	o.shows("/desk/holds", "Cuốn TN.00001 nay để riêng cho Trần Mẫu An, lớp 2A.")
	cancel("20000024")
	o.shows("/desk/holds", "Trả cuốn TN.00001 lên kệ: "+o.shelfOf("10000000"))
}

func TestAsidePagesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, night := asideOffice(t)
	o.Hold("20000032", "10000001")
	o.goneBack("10000001")
	night("2026-11-28 07:00:00")
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("aside-desk", "/desk", "Sách để riêng, lượt hẹn đã hết")
	look("aside-list", "/desk/shelve/trolley", "chỗ sách để riêng")
	p.Go(o.URL + "/desk/shelve")
	p.Type("#code", "10000000")
	p.Click("main .scan-box button")
	look("aside-scanned", "", "Để riêng cho")
}
