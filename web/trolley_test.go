package web_test

import (
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// shelfOf is the place where a copy stands.
func (o *office) shelfOf(barcode string) (name string) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode(barcode)
		name = i.PlaceName
		return err
	})
	return name
}

// goneBack takes a loan back from the list of loans.
func (o *office) goneBack(barcode string) {
	o.t.Helper()
	if status, _, _ := o.post("/desk/loans", "token", o.token("/desk/loans"), "what", "return", "pick", o.loanID(barcode)); status != 303 {
		o.t.Fatalf("return of %s: %d", barcode, status)
	}
}

func TestTrolleyPages(t *testing.T) {
	o := lendingOffice(t)
	const at, places = "/desk/shelve/trolley", "/desk/settings/places"
	if _, body := o.get(at); !strings.Contains(body, "Chưa chọn nơi để sách vừa trả") {
		t.Error("it is not said that there is none")
	}
	home := o.shelfOf("10000000")
	o.post(places+"/trolley", "token", o.token(places), "place", "new")
	if _, body := o.get(places); !strings.Contains(body, "Từ bây giờ sách trả được để ở đó") || !strings.Contains(body, "Xe trả sách") || strings.Contains(body, "thêm chỗ mới") {
		t.Error("the setting: ", troubles(body))
	}
	o.undo(places)
	o.goneBack("10000003")
	if got := o.shelfOf("10000003"); got == "Xe trả sách" {
		t.Error("the undo of the setting did not hold")
	}
	_, body := o.get(places)
	place := regexp.MustCompile(`<option value="([^"]+)"[^>]*>[^<]*Xe trả sách`).FindStringSubmatch(body)
	if place == nil {
		t.Fatal("the place cannot be chosen again")
	}
	o.post(places+"/trolley", "token", o.token(places), "place", place[1])
	o.post(places+"/trolley", "token", o.token(places), "place", "<b>")
	if _, body := o.get(places); !strings.Contains(body, "said-bar bad") {
		t.Error("a place that is none is taken")
	}

	// Where returned books are put stays a place of the library.
	edit := places + "/" + place[1]
	for field, value := range map[string]string{"kind": "class_corner", "closed": "yes"} {
		if status, body, _ := o.send(edit, o.filled(edit, edit), field, value); status != 422 || !strings.Contains(body, "Sách vừa trả đang được để ở chỗ này") {
			t.Errorf("%s of the trolley: %d %s", field, status, troubles(body))
		}
	}
	if status, body, _ := o.send(edit, o.filled(edit, edit), "name", "Xe trả sách"); status != 303 {
		t.Errorf("its name: %d %s", status, troubles(body))
	}

	o.goneBack("10000000")
	o.goneBack("10000001")
	if got := o.shelfOf("10000000"); got != "Xe trả sách" {
		t.Fatalf("it stands at %s", got)
	}
	if _, body := o.get("/catalogue?q=vang+trang"); !strings.Contains(body, "Xe trả sách") {
		t.Error("the catalogue does not say where it is")
	}
	o.shows(at, "2 cuốn vừa trả", "Dế mèn mẫu", "Cả 2 cuốn đã lên kệ")
	o.shows("/desk", "2 cuốn vừa trả chờ lên kệ")
	o.shows("/desk/shelve", "2 cuốn vừa trả chờ lên kệ")
	if status, _ := o.get(at + "?as=xlsx"); status != 200 {
		t.Errorf("the sheet: %d", status)
	}
	o.post("/desk/shelve", "token", o.token("/desk/shelve"), "code", "10000000")
	o.shows("/desk/shelve", "đã lấy khỏi nơi chờ", "Chú chó nhỏ", "1 cuốn vừa trả")
	if got := o.shelfOf("10000000"); got != home {
		t.Errorf("shelved at %s, want %s", got, home)
	}
	o.undo("/desk/shelve")
	if got := o.shelfOf("10000000"); got != "Xe trả sách" {
		t.Errorf("after the undo it stands at %s", got)
	}
	o.post(at, "token", o.token(at), "what", "ticked")
	o.shows(at, "Chưa tích cuốn nào")
	_, body = o.get(at)
	args := []string{"token", o.token(at), "what", "all"}
	for _, m := range regexp.MustCompile(`name="all" value="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		args = append(args, "all", m[1])
	}
	o.post(at, args...)
	o.shows(at, "Đã ghi: 2 cuốn đã lên kệ", "Không có cuốn nào chờ lên kệ")
	o.undo(at)
	o.shows(at, "2 cuốn vừa trả")
}

func TestTrolleyPagesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := lendingOffice(t)
	const places = "/desk/settings/places"
	o.post(places+"/trolley", "token", o.token(places), "place", "new")
	o.goneBack("10000000")
	o.goneBack("10000001")
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("trolley-setting", places, "Nơi để sách vừa trả")
	look("trolley", "/desk/shelve/trolley", "Cả 2 cuốn đã lên kệ")
	p.Go(o.URL + "/desk/shelve")
	p.Type("#code", "10000000")
	p.Click("main .scan-box button")
	look("trolley-shelved", "", "đã lấy khỏi nơi chờ")
	look("trolley-desk", "/desk", "1 cuốn vừa trả chờ lên kệ")
}
