package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web/webtest"
)

// cornersOf gives an office the corners of 2A and 2B, with label codes, and books
// on the shelf.
func cornersOf(t testing.TB) (o *office, place map[string]kiosk.ID) {
	t.Helper()
	o = newOffice(t)
	place = map[string]kiosk.ID{}
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2B", 2)
	o.Patron(kiosk.Teacher, "20000032", "Lê Mẫu Hoa", "", 0)
	for n := range 5 {
		o.Copy(fmt.Sprintf("3000001%d", n), fmt.Sprintf("Truyện mẫu %d", n), kiosk.Children, "")
	}
	err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		for n, name := range []string{"2A", "2B"} {
			p := kiosk.Place{ID: tx.NewID(), Code: "G" + name, Name: "Góc lớp " + name, Kind: kiosk.ClassCorner, Barcode: fmt.Sprint("800000", n)}
			place[name] = p.ID
			if err := tx.PutPlace(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, place
}

// choiceOf is the value of what a page offers under a text.
func (o *office) choiceOf(path, text string) string {
	o.t.Helper()
	_, body := o.get(path)
	before, _, ok := strings.Cut(body, ">"+text+"</option>")
	if !ok {
		o.t.Fatalf("%s does not offer %s", path, text)
	}
	_, value, _ := cutLast(before, `value="`)
	value, _, _ = strings.Cut(value, `"`)
	return value
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// TestBoxPages is the librarian's way without a browser: a corner is made, its
// box filled, handed over, confirmed, counted, sent on, and the books come back.
func TestBoxPages(t *testing.T) {
	o, place := cornersOf(t)
	for name, id := range place {
		status, body, to := o.post("/desk/corners/new", "token", "n"+name, "place", string(id), "class", o.choiceOf("/desk/corners/new", name), "keeper", "", "weekday", "2")
		if status != 303 || to != "/desk/corners/"+string(id) {
			t.Fatalf("a corner for %s: %d %s", name, status, body)
		}
	}
	at := "/desk/corners/" + string(place["2A"])
	n := 0
	send := func(to string, pairs ...string) (int, string) {
		t.Helper()
		n++
		o.Advance(time.Second)
		status, body, next := o.post(to, append([]string{"token", fmt.Sprint("t", n)}, pairs...)...)
		if status == 303 {
			_, body = o.get(next)
		}
		return status, body
	}
	says := func(want string, to string, pairs ...string) {
		t.Helper()
		if _, body := send(to, pairs...); !strings.Contains(body, want) {
			t.Errorf("%s %v does not say %q: %.3000s", to, pairs, want, body)
		}
	}
	if _, _, to := o.post("/desk/counter", "token", "c1", "code", "8000000"); o.config.Counter != nil && to != at {
		t.Errorf("the box's code at the counter leads to %s", to)
	}
	says("Chưa có hộp nào đang xếp", at+"/scan", "code", "30000010")
	says("Đã mở hộp", at+"/scan", "code", "8000000")
	says("Trong hộp chưa có sách", at+"/scan", "code", "8000000")
	says("Trong hộp có 1 cuốn", at+"/scan", "code", "30000010")
	says("Trong hộp có 2 cuốn", at+"/scan", "code", "30000011")
	says("đã ở trong hộp rồi", at+"/scan", "code", "30000011")
	says("không phải sách của thư viện", at+"/scan", "code", "9786042000000")
	says("Đã xếp xong hộp", at+"/scan", "code", "8000000")
	says("Người giữ đã nhận hộp", at+"/scan", "code", "8000000")
	if _, body := send(at+"/scan", "code", "8000001"); !strings.Contains(body, "Góc lớp 2B") {
		t.Error("another corner's code does not lead there")
	}
	var box kiosk.Deposit
	look := func() {
		t.Helper()
		if err := o.Ledger.View(t.Context(), func(v kiosk.View) error { all, err := v.Deposits(place["2A"]); box = all[0]; return err }); err != nil {
			t.Fatal(err)
		}
	}
	look()
	o.shows(at+"/sheet?deposit="+string(box.ID), "Biên bản bàn giao sách góc lớp", "Truyện mẫu 0", "Người nhận (giáo viên chủ nhiệm)")
	o.shows(at, `href="/desk/copies/`)
	_, once := o.hire("quanly", kiosk.Management)
	if status, body := o.settle("quanly", once).get(at); status != 200 || !strings.Contains(body, "Truyện mẫu 0") || strings.Contains(body, `href="/desk/copies/`) {
		t.Error("the management is led to copies' pages, which are not theirs:", status)
	}
	says("Bắt đầu kiểm", at+"/do", "what", "count", "deposit", string(box.ID))
	says("không thuộc hộp này", at+"/scan", "code", "30000012")
	says("Có: Truyện mẫu 0", at+"/scan", "code", "30000010")
	var find kiosk.Find
	if err := o.Ledger.View(t.Context(), func(v kiosk.View) error { all, err := v.OpenFinds(); find = all[0]; return err }); err != nil {
		t.Fatal(err)
	}
	says("Đã ghi.", at+"/do", "what", "taken", "find", string(find.ID))
	o.shows(at, "Sách trong hộp: 3", "Không thấy trong hộp: 1", "Truyện mẫu 1")
	says("Đã ghi lượt đọc", at+"/do", "what", "read", "count", "25", "readers", "20")
	if _, body := o.get(at + "/board"); !strings.Contains(body, "<b>25</b>") || strings.Contains(body, "Mẫu An") {
		t.Errorf("the class board: %.1500s", body)
	}
	says("Đã ghi sách lớp góp", at+"/do", "what", "own", "text", "Truyện tranh <b>", "quantity", "12")
	o.shows(at, "Truyện tranh &lt;b&gt;")

	status, _, page := o.post("/desk/rotations/new", "token", "r1", "name", "Đợt 1", "corner", string(place["2A"]), "corner", string(place["2B"]))
	if status != 303 {
		t.Fatalf("a rotation: %d", status)
	}
	if status, body := send("/desk/rotations/new", "name", "Đợt 1 nữa", "corner", string(place["2A"]), "corner", string(place["2B"])); status != 422 || !strings.Contains(body, "Đợt “Đợt 1” đang chuyển") {
		t.Errorf("begun twice: %d %.2000s", status, body)
	}
	says("không phải của góc nào", page, "code", "30000010")
	says("Còn 1 hộp", page, "code", "8000000")
	says("đã chuyển trong đợt này rồi", page, "code", "G2A")
	says("Còn 0 hộp", page, "code", "8000001")
	o.shows("/desk/rotations", "Đợt 1", "G2B")
	o.shows(page+"?as=print", "Phiếu luân chuyển sách", "Bên nhận ký")
	o.shows("/desk/corners/register", "G2A")
	o.shows("/desk/corners/books", "Truyện mẫu 0")
	o.shows("/desk/corners/"+string(place["2B"]), "Chờ người giữ nhận", "Hộp G2A")
	says("Đã về thư viện: Truyện mẫu 0", "/desk/corners/back", "code", "30000010", "condition", "worn")
	says("Đã về thư viện: Truyện mẫu 2", "/desk/corners/back", "code", "30000012")
	says("Hộp này đã về đủ", "/desk/corners/back", "code", "30000011")
	o.shows("/desk/corners/wear", "Truyện mẫu 0", "Luân chuyển")
	for _, p := range []string{"/desk/corners/register?as=xlsx", "/desk/rotations?as=xlsx"} {
		if status, body := o.get(p); status != 200 || !strings.HasPrefix(body, "PK") {
			t.Errorf("%s: %d", p, status)
		}
	}
	says("Đã đóng góc", at+"/do", "what", "close")
	says("Góc này đã đóng", at+"/do", "what", "begin")
}

// The pages of corners, as the librarian sees them: at both widths nothing
// sticks out, and axe finds nothing.
func TestBoxPagesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, place := cornersOf(t)
	desk := &circulation.Desk{Ledger: o.Ledger, Now: o.Now}
	staff := kiosk.Attempt{Station: kiosk.DefaultStation, Staff: "x"}
	for _, id := range place {
		if _, err := desk.SetCorner(t.Context(), staff, id, func(c kiosk.Corner) (kiosk.Corner, error) { return c, nil }); err != nil {
			t.Fatal(err)
		}
	}
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	look := func(name, path, want string) {
		t.Helper()
		if path != "" {
			p.Go(o.URL + path)
		}
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", name, size.name, wide)
			}
			p.Axe(name + size.name)
			p.Picture("corner-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	scan := func(code string) {
		t.Helper()
		p.Type("#code", code)
		p.Click(".scan-box button[type=submit]")
	}
	at := "/desk/corners/" + string(place["2A"])
	look("list", "/desk/corners", "Thêm góc")
	look("terms", "/desk/corners/terms", "Số ngày")
	look("begin", at, "Quét mã của hộp để bắt đầu")
	scan("8000000")
	p.WaitText("Đã mở hộp")
	for n := range 3 {
		scan(fmt.Sprintf("3000001%d", n))
		p.WaitText(fmt.Sprintf("Trong hộp có %d cuốn", n+1))
	}
	look("filled", "", "Xếp xong, bàn giao")
	look("pick", at+"/pick?grade=0&count=5", "cuốn đang ở thư viện")
	p.Go(o.URL + at)
	scan("8000000")
	p.WaitText("Đã xếp xong hộp")
	p.Click(`button[value="count"]`)
	p.WaitText("Bắt đầu kiểm")
	scan("30000013")
	look("count", "", "Cuốn không thuộc hộp này: 1")
	p.Click(`button[value="confirm"]`)
	p.WaitText("Người giữ đã nhận hộp")
	p.Go(o.URL + "/desk/rotations/new")
	p.Type("#name", "Luân chuyển mẫu")
	p.Click(`input[value="` + string(place["2B"]) + `"]`)
	look("rotation-new", "", "Chuyển vòng tròn")
	p.Click(`main form button[type=submit]`)
	p.WaitText("Đã soạn: 2 hộp")
	scan("8000000")
	look("rotation", "", "Còn 1 hộp")
	look("rotations", "/desk/rotations", "Luân chuyển mẫu")
	look("register", "/desk/corners/register", "G2A")
	look("back", "/desk/corners/back", "Còn ở các góc")
	look("board", "/desk/corners/"+string(place["2B"])+"/board", "lượt đọc tháng này")
}
