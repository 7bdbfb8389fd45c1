package web_test

import (
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// The pages for people who read: each opens, says what it should, and axe finds
// nothing.
func TestPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	p.CalmMotion()
	p.Resize(webtest.Size{W: 1280, H: 800})
	look := func(name, path, want string) {
		t.Helper()
		p.Go(s.URL + path)
		p.WaitText(want)
		p.Axe(name)
		p.Picture("page-" + name)
	}
	look("home", "/", "Máy mượn trả sách")
	look("catalogue", "/catalogue", "Còn 1 trên 2 cuốn")
	look("catalogue-none", "/catalogue?q=khong+co", "Chưa tìm thấy")
	look("error", "/kiosk/nowhere", "Không có máy mượn trả tên này")
	look("home-en", "/?lang=en", "Borrow and return")
	look("home-vi", "/?lang=vi", "Máy mượn trả sách")
	// Pupils practise without a sign-in, beside a frame that is a kiosk.
	p.Go(s.URL + "/desk/practice")
	p.WaitText("Thẻ mẫu")
	p.Wait(`document.body.dataset.ready === "yes"`)
	p.Click("[data-code='20000016']")
	until(t, func() bool { return len(s.practice.Codes()) == 1 })
	p.WaitText("Máy trả lời")
	p.Wait(`document.querySelector("iframe").contentDocument.body.dataset.ready === "yes"`)
	p.Axe("practice")
	p.Picture("page-practice")
	if got := s.desk.Codes(); len(got) > 0 {
		t.Errorf("practising reached the real station: %q", got)
	}

	look("signin", "/desk", "Đăng nhập")
	p.Type("#name", "librarian")
	p.Type("#password", "not the right one")
	p.Click("button[type=submit]")
	p.WaitText("chưa đúng")
	p.Axe("signin-wrong")
	p.Picture("page-signin-wrong")
	p.Type("#password", webtest.Password)
	p.Click("main button[type=submit]")

	// Back where it was going.
	p.WaitText("Mọi việc đang ổn")
	look("desk-quiet", "/desk", "Mọi việc đang ổn")
	p.WaitText("Đã nối")
	at := time.Now()
	s.events <- kiosk.Event{Seq: 2, Type: kiosk.EventHelp, Station: "desk", PatronRef: "p", OccurredAt: at}
	s.events <- kiosk.Event{Seq: 3, Type: kiosk.EventRefused, Station: "desk", PatronRef: "p", CopyID: "c", OccurredAt: at,
		Payload: kiosk.Payload{Reason: kiosk.ReasonLimitReached, Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonLimitReached, Facts: kiosk.Facts{"have": 2.0, "limit": 2.0}}}}}
	s.events <- kiosk.Event{Seq: 4, Type: kiosk.EventRefused, Station: "desk", OccurredAt: at, Payload: kiosk.Payload{Reason: kiosk.ReasonUnknownBarcode, Code: "<b>99</b>"}}
	p.WaitText("<b>99</b>")
	p.Axe("desk")
	p.Picture("page-desk")
	p.Click("#news .item button")
	p.WaitText("Cần cho tiết học")
	p.Axe("desk-allow")
	p.Picture("page-desk-allow")
	p.Click("#cancel")

	s.ledger.NoAccounts()
	p.Click(".bar form button")
	p.Wait(`location.pathname === "/"`)
	look("signin-none", "/desk/sign-in", "muontra user add")
	p.Resize(webtest.Size{W: 390, H: 780})
	look("catalogue-phone", "/catalogue", "Còn 1 trên 2 cuốn")
}
