package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// gameOffice is an office with a game of twelve pieces that a pupil has.
func gameOffice(t *testing.T) (o *office, page string) {
	o = newOffice(t, counters(t))
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	i := o.Copy("30000013", "Trò chơi mẫu ghép hình", kiosk.Children, "")
	page = "/desk/copies/" + string(i.ID)
	form := []string{"condition", "good", "home_place", string(i.HomePlace), "place", string(i.HomePlace), "pieces", "12"}
	if status, body, _ := o.post(page+"/edit", append(form, "token", o.token(page+"/edit"), "seen", o.stamp(page+"/edit"))...); status != 303 {
		t.Fatalf("pieces: %d %v", status, troubles(body))
	}
	o.Lent("20000016", "30000013", "2026-12-01")
	return o, page
}

func TestPiecesAtTheDesk(t *testing.T) {
	o, page := gameOffice(t)
	o.shows(page, "Số mảnh", "12")
	for _, bad := range []string{"-1", "mười hai", "99999999999999999999", "10000"} {
		if status, body, _ := o.post(page+"/edit", "token", o.token(page+"/edit"), "seen", o.stamp(page+"/edit"), "condition", "good", "pieces", bad); status != 422 && status != 400 || !strings.Contains(body, `value="`+bad+`"`) {
			t.Errorf("%q pieces: %d", bad, status)
		}
	}
	o.sees(o.counter("code", "30000013"), "Đủ 12 mảnh chưa?", "Thiếu mảnh")
	o.sees(o.counter("do", "pieces", "copy", "30000013"), "Đã ghi thiếu mảnh: Trò chơi mẫu ghép hình")
	o.shows(page, "24/11/2026: thiếu mảnh (đủ là 12)", "Hỏng, rách")
	o.shows("/desk/copies?condition=damaged", "Trò chơi mẫu ghép hình", "thiếu mảnh")
	if body := o.undo("/desk/counter"); !strings.Contains(body, "hoàn tác") {
		t.Error("no undo", troubles(body))
	}
	if _, body := o.get(page); strings.Contains(body, "thiếu mảnh (đủ là 12)</dd>") {
		t.Error("the undo left the note")
	}
	o.post(page+"/do", "token", o.token(page), "what", "pieces")
	o.shows(page, "Đã ghi thiếu mảnh", "thiếu mảnh (đủ là 12)")
}

func TestPiecesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, page := gameOffice(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("pieces-form", page+"/edit", "Số mảnh")
	p.Go(o.URL + "/desk/counter")
	p.Type("#code", "30000013")
	p.Click("main .scan-box button")
	look("pieces-counter", "", "Đủ 12 mảnh chưa?")
	p.Click(`button[value="pieces"]`)
	look("pieces-noted", "", "Đã ghi thiếu mảnh")
	look("pieces-copy", page, "thiếu mảnh (đủ là 12)")
}
