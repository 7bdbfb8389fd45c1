package web_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web"
	"muontra/web/webtest"
)

// The real acts must fit.
var _ web.People = (*circulation.Desk)(nil)

// peopleOffice is an office with the acts on people.
func peopleOffice(t *testing.T) *office {
	return newOffice(t, func(c *web.Config) {
		c.People = &circulation.Desk{Ledger: c.Ledger, Now: c.Now}
	})
}

// patron is the page of a card's holder.
func (o *office) patron(card string) (page string, m kiosk.Member) {
	o.t.Helper()
	o.view(func(v kiosk.View) (err error) {
		m, err = v.MemberByCard(card, o.Today())
		return err
	})
	return "/desk/patrons/" + string(m.ID), m
}

// shows fails unless the page holds all texts.
func (o *office) shows(path string, texts ...string) string {
	o.t.Helper()
	status, body := o.get(path)
	if status != 200 {
		o.t.Fatalf("%s: %d", path, status)
	}
	for _, want := range texts {
		if !strings.Contains(body, want) {
			o.t.Errorf("%s: no %q; %s", path, want, troubles(body))
		}
	}
	return body
}

func TestClassListIsOneClassInVietnameseOrder(t *testing.T) {
	t.Parallel()
	o := peopleOffice(t)
	for card, name := range map[string]string{"A1": "Trần Mẫu Đạt", "A2": "Nguyễn Mẫu Bình", "A3": "Lê Mẫu Ân", "A4": "Bùi Mẫu An", "A5": "Đỗ Mẫu An"} {
		o.Patron(kiosk.Pupil, card, name, "3A", 3)
	}
	o.Patron(kiosk.Pupil, "B1", "Phạm Mẫu Chi", "3B", 3)
	o.Patron(kiosk.Teacher, "T1", "Cô Giáo Mẫu", "", 0)
	o.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
	o.Lent("A1", "30000013", "2026-11-01")
	body := o.shows("/desk/classes", "3A", "3B", "Thầy cô, nhân viên (1)")
	class := regexp.MustCompile(`/desk/classes/[0-9a-f]{8}-[0-9a-f-]+`).FindString(body)
	body = o.shows(class, "1 cuốn quá hạn")
	last := 0
	for _, name := range []string{"Bùi Mẫu An", "Đỗ Mẫu An", "Lê Mẫu Ân", "Nguyễn Mẫu Bình", "Trần Mẫu Đạt"} {
		at := strings.Index(body, "<b>"+name+"</b>")
		if at < last {
			t.Errorf("%s stands too early", name)
		}
		last = at
	}
	if strings.Contains(body, "Phạm Mẫu Chi") {
		t.Error("another class's pupil")
	}
	o.shows("/desk/classes/-", "Cô Giáo Mẫu")
	// Nobody is out of sight for want of a class.
	o.Patron(kiosk.Pupil, "N1", "Vũ Mẫu Không Lớp", "", 0)
	o.shows("/desk/classes", "1 học sinh chưa có lớp")
	o.shows("/desk/classes/none", "Vũ Mẫu Không Lớp")
	// Those chosen are printed, and no others.
	o.shows("/desk/labels?what=cards&class=3A&codes=A1&codes=A3", "In: 2 nhãn")
	if status, _ := o.get("/desk/classes/nope"); status != 404 {
		t.Errorf("no such class: %d", status)
	}
	if status, _ := o.get("/desk/classes?year=nope"); status != 404 {
		t.Errorf("no such year: %d", status)
	}
}

func TestPersonIsEditedAndUndone(t *testing.T) {
	t.Parallel()
	o := peopleOffice(t)
	o.Patron(kiosk.Pupil, "A1", "Trần Mẫu Đạt", "3A", 3)
	page, m := o.patron("A1")
	body := o.shows(page+"/edit", "Trần Mẫu Đạt")
	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(body)[1]
	send := func(name, birth string) (int, string) {
		status, body, _ := o.post(page, "token", o.token(page+"/edit"), "seen", seen, "name", name, "category", "pupil", "birth_date", birth, "sex", "m", "sector_code", "")
		return status, body
	}
	for _, bad := range []struct{ name, birth, want string }{
		{"", "2018-01-01", "Ô này cần điền"}, {strings.Repeat("ă", 10000), "", "Dài quá"}, {"Đạt", "31/2/2018", "Viết ngày như"}, {"Đạt", "2030-01-01", "chưa tới"}, {"-5", "", "chưa đọc được"},
	} {
		status, body := send(bad.name, bad.birth)
		if status != 422 || !strings.Contains(body, bad.want) {
			t.Errorf("%.20q, %q: %d %s", bad.name, bad.birth, status, troubles(body))
		}
	}
	if status, body := send("Trần Mẫu Đạt Hai", "2018-01-01"); status != 303 {
		t.Fatalf("edit: %d %s", status, troubles(body))
	}
	// The form of before comes back with what is stored, and changes nothing.
	status, body := send("Tên Từ Trang Cũ", "2018-01-01")
	if status != 422 || !strings.Contains(body, "có người khác đã đổi") || !strings.Contains(body, "Trần Mẫu Đạt Hai") {
		t.Errorf("a stale form: %d %s", status, troubles(body))
	}
	undo := regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(o.shows(page, "Đã sửa thông tin"))
	o.post("/desk/undo", "token", o.token(page), "undo", undo[1], "page", page)
	o.shows(page, "Trần Mẫu Đạt", "Đã hoàn tác")
	if _, got := o.patron("A1"); got.Name != m.Name || got.BirthDate != m.BirthDate {
		t.Errorf("undone: %+v", got.Patron)
	}

	// Blocked with a reason, and back with one button.
	if status, body, _ := o.post(page+"/status", "token", o.token(page), "status", "blocked", "reason", ""); status != 422 || !strings.Contains(body, "Ô này cần điền") {
		t.Errorf("no reason: %d", status)
	}
	o.post(page+"/status", "token", o.token(page), "status", "blocked", "reason", `Lý do <mẫu>`)
	body = o.shows(page, "Tạm khoá", "Lý do &lt;mẫu&gt;")
	undo = regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(body)
	o.post("/desk/undo", "token", o.token(page), "undo", undo[1], "page", page)
	if _, got := o.patron("A1"); got.Status != kiosk.PatronActive {
		t.Errorf("released: %s", got.Status)
	}
}

// What the library knows of one child is handed out, and erased when asked
// twice; whoever needs books is seen nowhere else.
func TestPrivacyOfOneChild(t *testing.T) {
	t.Parallel()
	o := peopleOffice(t)
	o.Patron(kiosk.Pupil, "A1", "Trần Mẫu Đạt", "3A", 3)
	o.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
	o.Lent("A1", "30000013", "2026-11-30")
	page, m := o.patron("A1")
	o.post(page+"/entitled", "token", o.token(page), "entitled", "yes")
	o.post(page+"/notes", "token", o.token(page), "note", "Ghi chú mẫu")
	if status, _, to := o.post(page+"/data", "token", o.token(page)); status != 303 || to != page+"/data" {
		t.Errorf("export: %d %s", status, to)
	}
	o.shows(page+"/data", "Trần Mẫu Đạt", "Truyện mẫu", "Ghi chú mẫu", "Được mượn bộ sách giáo khoa", "3A")
	o.shows(page, "xuất dữ liệu cho phụ huynh")
	_, body := o.get(page + "/data.json")
	var data struct {
		Name  string
		Loans []struct{ Title string }
		Notes []struct{ Text string }
	}
	if err := json.Unmarshal([]byte(body), &data); err != nil || data.Name != "Trần Mẫu Đạt" || len(data.Loans) != 1 || len(data.Notes) != 1 {
		t.Errorf("%v: %s", err, body)
	}
	// The flag of the needy is on the person's page and in the child's own data.
	list := o.shows("/desk/classes")
	class := regexp.MustCompile(`/desk/classes/[0-9a-f]{8}-[0-9a-f-]+`).FindString(list)
	for _, path := range []string{class, class + "?as=print", "/desk/classes"} {
		if _, body := o.get(path); strings.Contains(body, "bộ sách giáo khoa") || strings.Contains(body, "Ghi chú mẫu") {
			t.Errorf("%s tells more than it should", path)
		}
	}
	o.shows(page+"/forget", "Truyện mẫu", "Chưa xoá được")
	status, body, _ := o.post(page+"/forget", "token", "one", "name", m.Name, "sure", "yes")
	if status != 422 || !strings.Contains(body, "Truyện mẫu") {
		t.Errorf("with a book: %d %s", status, troubles(body))
	}
	var copyID string
	o.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode("30000013")
		copyID = string(i.ID)
		return err
	})
	o.post(page+"/loans/"+copyID, "token", o.token(page), "what", "return")
	o.shows(page, "Đã nhận lại sách", "Đã trả (1)")
	for _, bad := range [][]string{{"name", "Sai tên", "sure", "yes"}, {"name", m.Name}} {
		if status, _, _ := o.post(page+"/forget", append([]string{"token", o.token(page + "/forget")}, bad...)...); status != 422 {
			t.Errorf("%v: %d", bad, status)
		}
	}
	if status, body, to := o.post(page+"/forget", "token", o.token(page+"/forget"), "name", m.Name, "sure", "yes"); status != 303 || to != "/desk/classes" {
		t.Errorf("erased: %d %s", status, troubles(body))
	}
	if status, _ := o.get(page); status != 404 {
		t.Errorf("the page is there: %d", status)
	}
	if body := o.shows("/desk/classes", "Đã xoá mọi dữ liệu"); strings.Contains(body, "Trần Mẫu Đạt") {
		t.Error("the name is there")
	}
}

// sendFile sends a file with a token.
func (o *office) sendFile(path, field, name, content, token string) (int, string) {
	o.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("token", token); err != nil {
		o.t.Fatal(err)
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		o.t.Fatal(err)
	}
	part.Write([]byte(content))
	w.Close()
	req, err := http.NewRequest("POST", o.URL+path, &b)
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	res, err := o.client.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	status, body, _ := o.read(res)
	return status, body
}

// A year is prepared over days, with the new list and its doubts, begun once,
// and taken back.
func TestYearWithANewList(t *testing.T) {
	t.Parallel()
	o := peopleOffice(t)
	o.Patron(kiosk.Pupil, "A1", "Trần Mẫu Đạt", "1A", 1)
	o.Patron(kiosk.Pupil, "A2", "Nguyễn Mẫu Bình", "1A", 1)
	o.Patron(kiosk.Pupil, "A3", "Lê Mẫu Ân", "5A", 5)
	for card, birth := range map[string]string{"A1": "2020-01-02", "A2": "2020-03-04", "A3": "2016-05-06"} {
		_, m := o.patron(card)
		m.BirthDate = kiosk.MustDay(birth)
		if err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutPatron(m.Patron) }); err != nil {
			t.Fatal(err)
		}
	}
	o.Set("2027-06-10 09:00:00")
	o.post("/desk/sign-in", "name", "librarian", "password", webtest.Password)
	o.shows("/desk/year", "Lập năm học 2027-2028", "3 học sinh của năm học 2026-2027")

	if status, body := o.sendFile("/desk/year/list", "list", "x.csv", "", o.token("/desk/year")); status != 303 {
		t.Errorf("an empty file: %d %s", status, body)
	}
	o.shows("/desk/year", "Ô này cần điền")
	if status, body := o.sendFile("/desk/year/list", "list", "moi.csv", "Họ và tên,Ngày sinh,Lớp\n", o.token("/desk/year")); status != 303 {
		t.Errorf("a list of nobody: %d %s", status, body)
	}
	o.shows("/desk/year", "dòng tiêu đề")
	// Đạt is sure; Bình has another birthday; Mới is new.
	o.sendFile("/desk/year/list", "list", "moi.csv", "Họ và tên,Ngày sinh,Lớp\nTrần Mẫu Đạt,02/01/2020,2A\nNguyễn Mẫu Bình,05/03/2020,2A\nBé Mẫu Mới,01/01/2021,1A\n", o.token("/desk/year"))
	body := o.shows("/desk/year", "1 chỗ cần cô quyết", "05/03/2020", "04/03/2020", "Chưa lập được")
	if status, _, _ := o.post("/desk/year/begin", "token", "t1", "from", regexp.MustCompile(`x`).String()); status != 303 {
		t.Error("a page of before begins")
	}
	_, binh := o.patron("A2")
	row := regexp.MustCompile(`name="row" value="(\d+)"`).FindStringSubmatch(body)[1]
	o.post("/desk/year/list/decide", "token", o.token("/desk/year"), "row", row, "who", string(binh.ID))
	body = o.shows("/desk/year", "1 em mới", "2 em đã có")
	if strings.Contains(body, "chỗ cần cô quyết") {
		t.Fatal("the doubt stays")
	}
	from := regexp.MustCompile(`name="from" value="([^"]+)"`).FindStringSubmatch(body)[1]
	token := o.token("/desk/year")
	for range 2 { // a double click
		o.post("/desk/year/begin", "token", token, "from", from)
	}
	o.shows("/desk/year", "Đã lập năm học 2027-2028", "Hoàn tác được đến hết ngày 17/06/2027")
	// Again, from a page that was left open.
	o.post("/desk/year/begin", "token", "later", "from", from)
	o.shows("/desk/year", "đã lập rồi")
	for card, want := range map[string]string{"A1": "2A", "A2": "2A", "A3": ""} {
		if _, m := o.patron(card); m.Class != want {
			t.Errorf("%s is in %q, want %q", card, m.Class, want)
		}
	}
	if _, m := o.patron("A2"); m.BirthDate != kiosk.MustDay("2020-03-05") {
		t.Errorf("the list corrects the day of birth: %s", m.BirthDate)
	}
	o.shows("/desk/classes", "2027-2028", "1A", "2A")
	// The year before is there to be read.
	old := regexp.MustCompile(`/desk/classes\?year=[^"]+`).FindAllString(o.shows("/desk/classes"), -1)
	if len(old) != 2 {
		t.Fatalf("years: %v", old)
	}
	o.shows(old[1], "2026-2027", "chỉ để xem", "5A")

	promotion := regexp.MustCompile(`name="promotion" value="([^"]+)"`).FindStringSubmatch(o.shows("/desk/year"))[1]
	o.post("/desk/year/undo", "token", o.token("/desk/year"), "promotion", promotion)
	o.shows("/desk/year", "Đã hoàn tác", "Lập năm học 2027-2028")
	if _, m := o.patron("A3"); m.Status != kiosk.PatronActive {
		t.Errorf("the leaver is %s", m.Status)
	}
	o.post("/desk/year/undo", "token", "again", "promotion", promotion)
	o.shows("/desk/year", "Không hoàn tác được")
}

// The order is kept while it is made, and each field says what is wrong.
func TestYearIsPreparedAndChecked(t *testing.T) {
	t.Parallel()
	o := peopleOffice(t)
	o.Patron(kiosk.Pupil, "A1", "Trần Mẫu Đạt", "1A", 1)
	o.Patron(kiosk.Pupil, "A2", "Nguyễn Mẫu Bình", "1A", 1)
	o.Set("2027-06-10 09:00:00")
	o.post("/desk/sign-in", "name", "librarian", "password", webtest.Password)
	body := o.shows("/desk/year")
	class := regexp.MustCompile(`/desk/year/class/([^"]+)`).FindStringSubmatch(body)[1]
	send := func(pairs ...string) (int, string) {
		all := append(pairs, "token", o.token("/desk/year"), "seen", o.stamp("/desk/year"), "name", "2027-2028", "start", "2027-06-01", "semester2", "2028-01-12", "recall", "2028-05-20", "end", "2028-05-31", "to-"+class, "2A", "grade-"+class, "2", "extra", "1A, 1B")
		status, body, _ := o.post("/desk/year", all...)
		return status, body
	}
	for _, bad := range [][]string{{"start", ""}, {"end", "31/02/2028"}, {"grade-" + class, "-1"}, {"grade-" + class, "x"}, {"grade-" + class, "999999999999999999999"}, {"to-" + class, ""}, {"to-" + class, strings.Repeat("a", 10000)}, {"name", strings.Repeat("a", 21)}, {"extra", strings.Repeat("a", 10000)}} {
		if status, body := send(bad...); status != 422 || troubles(body) == "" {
			t.Errorf("%.40q: %d %s", bad, status, troubles(body))
		}
	}
	if status, body := send("start", "2028-02-01"); status != 303 {
		t.Errorf("dates: %d %s", status, troubles(body))
	}
	o.shows("/desk/year", "chưa đúng thứ tự", "Chưa lập được")
	if status, body := send(); status != 303 {
		t.Fatalf("right: %d %s", status, troubles(body))
	}
	o.shows("/desk/year", "1A, 1B", "1B", "Lập năm học 2027-2028")
	_, dat := o.patron("A1")
	_, binh := o.patron("A2")
	page := "/desk/year/class/" + class
	if status, _, _ := o.post(page, "token", o.token(page), "fate-"+string(dat.ID), "fly", "fate-"+string(binh.ID), "promote"); status != 422 {
		t.Errorf("a fate that is none: %d", status)
	}
	o.post(page, "token", o.token(page), "seen", o.stamp(page), "fate-"+string(dat.ID), "repeat", "fate-"+string(binh.ID), "promote", "class-"+string(binh.ID), "2 Sao")
	o.shows("/desk/year", "2 em khác lớp", "2 Sao")
	o.shows(page, "checked")
	if status, _ := o.get("/desk/year/class/nope"); status != 404 {
		t.Errorf("no such class: %d", status)
	}
}
