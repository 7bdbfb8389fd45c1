package web_test

import (
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// letsIn is whether the setting says that other machines may connect.
func (o *office) letsIn() (on bool) {
	o.t.Helper()
	o.view(func(v kiosk.View) (err error) {
		on, err = kiosk.LanOf(v)
		return err
	})
	return on
}

func TestOtherMachinesAreLetIn(t *testing.T) {
	o := newOffice(t)
	const page = "/desk/machines"
	o.shows(page, "Bây giờ chỉ máy này vào được", "Cho máy khác trong trường vào")
	o.post(page+"/lan", "token", o.token(page), "on", "yes")
	o.shows(page, "Đã cho phép, còn chờ mở lại muontra", "Đóng muontra")
	if !o.letsIn() {
		t.Error("it is said and not kept")
	}
	o.undo(page)
	if o.letsIn() {
		t.Error("the undo did nothing")
	}
	o.post(page, "token", o.token(page), "station", "desk")
	_, body := o.get(page)
	m := regexp.MustCompile(`<p class="pair-code">([0-9]{3}) ([0-9]{3})</p>`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no code")
	}
	code := m[1] + m[2]
	if status, _ := o.get(page + "/qr.png?code=" + code); status != 200 {
		t.Errorf("the picture: %d", status)
	}
	if status, _ := o.get(page + "/qr.png?code=000000"); status != 404 && code != "000000" {
		t.Errorf("a picture of no code: %d", status)
	}
	if _, body := o.get("/pair?code=" + code); !strings.Contains(body, `value="`+code+`"`) || !strings.Contains(body, "Mã đã có sẵn") {
		t.Error("the code is not in the form")
	}
	if _, body := o.get(`/pair?code="><b>x`); strings.Contains(body, "<b>x") {
		t.Error("markup in the form")
	}
}

func TestMachinesLook(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := newOffice(t)
	const page = "/desk/machines"
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("machines-alone", page, "Cho máy khác trong trường vào")
	o.post(page+"/lan", "token", o.token(page), "on", "yes")
	o.post(page, "token", o.token(page), "station", "desk")
	look("machines-code", page, "Quét thử một thẻ")
	look("machines-pair", "/pair?code=123456", "Mã đã có sẵn")
}
