package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
)

// A copy's history says why the machine refused it.
func TestCopyPastSaysWhyItWasRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
	m := o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	for _, code := range []string{"30000021", "30000039", "30000047", "30000054"} {
		o.Copy(code, "Sách mẫu "+code, kiosk.Children, "")
		if code != "30000054" {
			o.Lent("20000016", code, "2026-11-10")
		}
	}
	desk := &circulation.Desk{Ledger: o.config.Ledger, Now: o.Now}
	var i kiosk.Item
	o.view(func(v kiosk.View) (err error) {
		i, err = v.ItemByBarcode("30000013")
		return err
	})
	ans, err := desk.Checkout(t.Context(), kiosk.Attempt{Station: kiosk.DefaultStation, Code: "30000013"}, m.Ref, i.ID)
	if err != nil || ans.Result.Outcome != kiosk.Refused || len(ans.Result.Refusals) < 2 {
		t.Fatalf("%+v %v", ans.Result, err)
	}
	_, body := o.get("/desk/copies/" + string(i.ID))
	o.sees(body, "Máy không cho mượn", "Mình trả sách cũ trước", "Có 3 cuốn đã đến hạn trả")
}

// The page of a copy that has left offers nothing that changes it: it leads to the
// minutes by which it left.
func TestWithdrawnCopyPage(t *testing.T) {
	t.Parallel()
	o, _ := fullOffice(t)
	var i kiosk.Item
	o.view(func(v kiosk.View) (err error) {
		i, err = v.ItemByBarcode("30000062")
		return err
	})
	page := "/desk/copies/" + string(i.ID)
	if _, body := o.get(page); !strings.Contains(body, page+"/edit") {
		t.Fatal("a copy of the stock cannot be edited")
	}
	list := ""
	o.view(func(v kiosk.View) error {
		all, err := v.Withdrawals()
		for _, w := range all {
			if w.Name == "Thanh lý đã duyệt" {
				list = "/desk/withdrawals/" + string(w.ID)
			}
		}
		return err
	})
	v := o.filled(list+"/close", list+"/close")
	if status, body, _ := o.send(list+"/close", v, "number", "1/BB-TL", "sure", "yes", "name1", "Bà Mẫu"); status != 303 {
		t.Fatalf("close: %d %s", status, troubles(body))
	}
	_, body := o.get(page)
	o.sees(body, "Đã thanh lý", "Theo biên bản thanh lý", list, "1/BB-TL")
	for _, no := range []string{page + "/edit", page + "/barcode", "/desk/labels?what=codes", page + "/do"} {
		if strings.Contains(body, no) {
			t.Errorf("a copy that has left offers %s", no)
		}
	}
	// A page that was opened before is told why it comes too late.
	if status, body, _ := o.post(page+"/edit", "token", "late", "condition", "good"); status != 422 || !strings.Contains(body, "đã thanh lý") {
		t.Errorf("edited: %d %s", status, troubles(body))
	}
}
