package web_test

import (
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// What readers wrote, looked for in vain and lost is offered; what gets a number is on
// the paper, with a sum that is said in words.
func TestPurchaseProposal(t *testing.T) {
	o := newOffice(t)
	o.Copy("30000013", "Truyện mẫu mất", kiosk.Children, "TN.00001")
	if status, body, _ := o.post("/catalogue/wishes", "token", "w1", "wish", "Khủng long mẫu"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	for range 3 {
		if status, _ := o.get("/catalogue?q=robot+xyzzy"); status != 200 {
			t.Fatal(status)
		}
	}
	o.get("/catalogue?q=ab") // too short to mean anything
	o.Advance(2 * time.Minute)
	_, body := o.get("/desk/proposals/new")
	order(t, body, "Khủng long mẫu", "Bạn đọc xin", "robot xyzzy", "Tìm không thấy")
	if !strings.Contains(body, "(3)") || strings.Contains(body, `value="ab"`) {
		t.Error("the searches in vain")
	}
	rows := valueOf(body, "rows")
	form := func(pairs ...string) []string {
		return append([]string{"token", o.token("/desk/proposals/new"), "rows", rows, "name", "Đề nghị mẫu", "day", o.Today().String(), "funding", "Ngân sách",
			"text_0", "Khủng long mẫu", "kind_0", "children", "why_0", "wish", "asked_0", "1", "text_1", "robot xyzzy", "kind_1", "reference", "why_1", "search", "asked_1", "3"}, pairs...)
	}
	if status, body, _ := o.post("/desk/proposals", form()...); status != 422 || !strings.Contains(body, "ít nhất một cuốn") {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.post("/desk/proposals", form("quantity_0", "x", "price_0", "12.000")...); status != 422 || !strings.Contains(body, "Chỉ viết chữ số") || !strings.Contains(body, `value="12.000"`) {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.post("/desk/proposals", form("quantity_0", "3", "price_0", "12.000", "quantity_1", "2")...); status != 303 {
		t.Fatal(status, troubles(body))
	}
	_, body = o.get("/desk/proposals")
	if !strings.Contains(body, "5 bản, 36.000") || !strings.Contains(body, "2 bản chưa rõ giá") {
		t.Error(troubles(body))
	}
	status, body := o.get("/desk/reports/purchase-proposal")
	if status != 200 || !strings.Contains(body, "Ba mươi sáu nghìn đồng") && !strings.Contains(body, "ba mươi sáu nghìn đồng") || !strings.Contains(body, "Ngân sách") || strings.Contains(body, "≠") {
		t.Error(status, tagsOut.ReplaceAllString(body, " "))
	}
	if status, body := o.get("/desk/reports/purchase-proposal?of=nope"); status != 422 || !strings.Contains(body, "Không có bản nào tên hay số «nope»") {
		t.Error(status)
	}
	if status, body := o.get("/desk/reports/purchase-proposal?of=Đề+nghị+mẫu&as=pdf"); status != 200 || !strings.HasPrefix(body, "%PDF-") {
		t.Error(status)
	}
	var id string
	o.view(func(v kiosk.View) error {
		all, err := v.Proposals()
		id = string(all[0].ID)
		return err
	})
	page := "/desk/proposals/" + id
	if _, body := o.get(page); !strings.Contains(body, "robot xyzzy") {
		t.Error("its form")
	}
	if status, _, _ := o.post(page, "token", o.token(page), "what", "remove"); status != 303 {
		t.Error(status)
	}
	if status, _ := o.get(page); status != 404 {
		t.Error("it is still there")
	}
}

// Its form and its paper at both widths.
func TestProposalPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := newOffice(t)
	o.post("/catalogue/wishes", "token", "w1", "wish", "Khủng long mẫu")
	o.post("/desk/proposals", "token", "p1", "rows", "1", "name", "Đề nghị mẫu", "day", o.Today().String(), "text_0", "Khủng long mẫu", "kind_0", "children", "why_0", "wish", "quantity_0", "3", "price_0", "12.000")
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/proposals")
	for path, name := range map[string]string{"/desk/proposals": "list", "/desk/proposals/new": "form", "/desk/reports/purchase-proposal": "paper", "/desk/reports/stocktake-minutes": "none", "/desk/reports/self-assessment": "assessment"} {
		p.Go(o.URL + path)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", path, size.name, wide)
			}
			p.Axe(path + size.name)
			p.Picture("proposal-" + name + size.name)
		}
	}
}
