package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// plan writes a reading period of a class down and gives the answer.
func (o *office) plan(change ...string) (status int, body, to string) {
	o.t.Helper()
	pairs := []string{"token", o.token("/desk/activities/new?kind=reading")}
	fields := map[string]string{"kind": "reading", "day": "2026-11-26", "status": "planned", "class": "2A", "from": "8:20", "to": "8:55", "room": "yes", "back": "room"}
	for i := 0; i+1 < len(change); i += 2 {
		fields[change[i]] = change[i+1]
	}
	for k, v := range fields {
		pairs = append(pairs, k, v)
	}
	return o.post("/desk/activities", pairs...)
}

func TestRoomWeek(t *testing.T) {
	o, _, class := handoutOffice(t)
	o.Copy("10000000", "Bản đồ Việt Nam mẫu", kiosk.Map, "")
	const week = "/desk/room?week=2026-11-26"
	teacher := ""
	o.view(func(v kiosk.View) error {
		m, err := v.MemberByCard("20000909", o.Today())
		teacher = string(m.Ref)
		return err
	})
	status, body, to := o.plan("teacher", teacher, "text", "Đọc truyện cổ")
	if status != 303 || to != week {
		t.Fatal(status, to, troubles(body))
	}
	o.reserve(class, "title", o.titleID("10000000"), "on", "2026-11-27", "period", "3")
	_, body = o.get(week)
	order(t, body, "thứ Hai 23/11", "thứ Ba 24/11", "hôm nay", "thứ Năm 26/11", "08:20 - 08:55", "2A", "Cô Mẫu Hoa", "Đọc truyện cổ", "thứ Sáu 27/11", "tiết 3", "Bản đồ Việt Nam mẫu")
	for _, want := range []string{`href="/desk/room?week=2026-11-16"`, `href="/desk/room?week=2026-11-30"`, "phòng có 30 ghế", "Đã làm 0, dự định 1", "còn 1", "day=2026-11-27&amp;back=room"} {
		if !strings.Contains(body, want) {
			t.Errorf("the week lacks %q", want)
		}
	}
	if strings.Contains(body, "ngồi thêm trên sàn") {
		t.Error("three pupils on thirty seats are too many")
	}
	if _, later := o.get("/desk/room?week=2026-12-03"); strings.Contains(later, "Đọc truyện cổ") || !strings.Contains(later, `href="/desk/room">Tuần này`) {
		t.Error("the week after")
	}

	// A second class at the time, and a day on which the library is shut.
	if status, body, _ := o.plan("class", "10A", "from", "8:50", "to", "9:25"); status != 422 || !strings.Contains(body, "Phòng thư viện đã có 2A từ 08:20 đến 08:55") {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.plan("day", "2026-11-29"); status != 422 || !strings.Contains(body, "Ngày 29/11/2026 thư viện nghỉ (Chủ nhật)") {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.plan("day", "2027-01-01"); status != 422 || !strings.Contains(body, "Ngày 01/01/2027 thư viện nghỉ (Tết Dương lịch)") {
		t.Error(status, troubles(body))
	}
	if _, body := o.get("/desk/room?week=2027-01-01"); !strings.Contains(body, "nghỉ: Tết Dương lịch") || strings.Contains(body, "day=2027-01-01&amp;back=room") {
		t.Error("a holiday looks like a day of service")
	}

	// More pupils than seats: said at once, and marked in the week.
	for value, want := range map[string]int{"0": 422, "x": 422, "501": 422, "-1": 422, "": 422, "1": 303} {
		if status, body, _ := o.post("/desk/room", "token", o.token(week), "week", "2026-11-23", "seats", value); status != want {
			t.Errorf("%q seats: %d %s", value, status, troubles(body))
		}
	}
	if status, body, to = o.plan("day", "2026-11-27"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if _, body := o.get(to); !strings.Contains(body, "Có 3 em mà phòng chỉ 1 ghế: 2 em ngồi thêm") || !strings.Contains(body, "3 em, thiếu 2 ghế") {
		t.Error("too many pupils are not told", troubles(body))
	}
	// The year's two are planned: nothing is left.
	if _, body := o.get(week); strings.Contains(body, "class=2A") {
		t.Error("2A lacks periods that are planned")
	}

	// The day comes to be a holiday, and another day passes without a word.
	var year kiosk.ID
	o.update(func(tx kiosk.Tx) error {
		rules, err := tx.Rules(o.Today())
		if err != nil {
			return err
		}
		year = rules.Year.ID
		c := rules.Calendar
		c.Closures = append(c.Closures, kiosk.Closure{From: kiosk.MustDay("2026-11-27"), To: kiosk.MustDay("2026-11-27"), Name: "Hội thao mẫu"})
		return tx.PutCalendar(year, c)
	})
	if _, body := o.get(week); !strings.Contains(body, "nghỉ: Hội thao mẫu") || !strings.Contains(body, "Thư viện nghỉ ngày này: chuyển sang ngày khác") {
		t.Error("a period on a day that became a holiday is not marked")
	}
	if status, body, _ := o.plan("day", "2026-11-19", "status", "planned"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if _, body := o.get("/desk/room?week=2026-11-19"); !strings.Contains(body, "Đã qua, chưa ghi kết quả") {
		t.Error("a period that is over and not written down is not marked")
	}

	// Who may only read is led to no page that is not theirs.
	if _, body := o.get(week); !strings.Contains(body, `href="/desk/lessons/`) {
		t.Error("the week does not lead to what is kept for a lesson")
	}
	_, once := o.hire("quanly", kiosk.Management)
	if status, body := o.settle("quanly", once).get(week); status != 200 || !strings.Contains(body, "Bản đồ Việt Nam mẫu") || strings.Contains(body, `href="/desk/lessons/`) {
		t.Error("the management's week:", status)
	}

	// As a list, on paper and in a sheet.
	if _, body := o.get(week + "&as=print"); !strings.Contains(body, "Từ 23/11/2026 đến 29/11/2026") || !strings.Contains(body, "Đọc truyện cổ") || !strings.Contains(body, "Bản đồ Việt Nam mẫu") {
		t.Error("the list on paper")
	}
	if status, sheet := o.get(week + "&as=xlsx"); status != 200 || !strings.HasPrefix(sheet, "PK") {
		t.Error("the sheet", status)
	}
	for _, odd := range []string{"", "x", "2026-02-31", "9999-12-31", strings.Repeat("9", 10000), "<b>"} {
		if status, body := o.get("/desk/room?week=" + odd); status != 200 || strings.Contains(body, "<b>\"") {
			t.Errorf("week %.12q: %d", odd, status)
		}
	}
}

func TestRoomLooks(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, _, class := handoutOffice(t)
	o.Copy("10000000", "Bản đồ Việt Nam mẫu", kiosk.Map, "")
	o.Patron(kiosk.Pupil, "20000057", "Võ Mẫu Yến", "10A", 5)
	o.plan("text", "Đọc truyện cổ")
	o.plan("class", "10A", "from", "14:00", "to", "14:35", "people", "34")
	o.plan("class", "10A", "day", "2026-11-23", "text", "Kể chuyện theo tranh")
	o.plan("day", "2026-11-24", "status", "done", "from", "7:30", "to", "8:05", "kind", "class_visit", "people", "28")
	o.reserve(class, "title", o.titleID("10000000"), "on", "2026-11-27", "period", "3")
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("room", "/desk/room?week=2026-11-24", "Chuẩn bị cho tiết học")
	p.Paper("room")
	p.Click(`a[href*="day=2026-11-27"][href*="back=room"]`)
	look("room-plan", "", "Trong phòng thư viện")
	p.Click(".grid-form .row a.button.plain")
	p.WaitText("Danh sách trong tuần")
	p.Click(`a[rel=next]`)
	p.WaitText("Từ 30/11/2026")
	p.Click(`a[rel=prev]`)
	p.WaitText("Từ 23/11/2026")
}
