package web_test

import (
	"fmt"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// The librarian's May in the browser: what is out is called back, the stock is
// counted by four pages at once, the minutes are closed, what is torn is withdrawn,
// and the targets have both.
func TestLibrariansMay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := mayOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Lent("20000016", "30000011", "2026-12-20")
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/recall/new")
	p.Type("#name", "Thu sách mẫu")
	webtest.Eval[string](p, `document.querySelector("[name=due]").value = "2026-12-10"`)
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("Thu sách mẫu")
	if due := dueOf(o, "30000011"); due != "2026-12-10" {
		t.Errorf("the book is due on %s", due)
	}
	p.Go(o.URL + "/desk/stocktake/new")
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("Đã quét 0 trên 12")
	id := webtest.Eval[string](p, `location.pathname.split("/").pop()`)
	// Four pages of one browser, each with its own line of scans.
	p.Go(o.URL + "/desk/count?stocktake=" + id)
	p.Wait(`document.body.dataset.ready === "yes"`)
	got := webtest.Eval[string](p, fmt.Sprintf(`(async () => {
  const frames = [];
  for (let d = 0; d < 4; d++) {
    const f = document.createElement("iframe");
    f.src = "/desk/count?stocktake=%s";
    document.body.append(f);
    await new Promise((done) => f.addEventListener("load", done, { once: true }));
    while (f.contentDocument.body.dataset.ready !== "yes") await new Promise((r) => setTimeout(r, 20));
    frames.push(f);
  }
  for (let n = 0; n < 2; n++) for (let d = 0; d < 4; d++) {
    const form = frames[d].contentDocument.querySelector("form[data-count]");
    form.elements.code.value = "3000000" + (d * 2 + n);
    form.requestSubmit();
  }
  const done = () => frames.every((f) => f.contentDocument.querySelectorAll("#count-before li").length + f.contentDocument.querySelectorAll("#count-answer .answer").length >= 2);
  for (let i = 0; i < 1000 && !done(); i++) await new Promise((r) => setTimeout(r, 20));
  return done() ? "counted" : "still waiting";
})()`, id))
	if got != "counted" {
		t.Fatal(got)
	}
	p.Go(o.URL + "/desk/stocktake/" + id)
	p.WaitText("Đã quét 8 trên 12")
	p.Picture("may-walk-stocktake")
	p.Go(o.URL + "/desk/stocktake/" + id + "/close")
	webtest.Eval[string](p, `document.querySelector("[name=name1]").value = "Bà Mẫu"`)
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("BIÊN BẢN KIỂM KÊ")
	p.WaitText("Thiếu 3 bản, trị giá 75.000 đ (bằng chữ: Bảy mươi lăm nghìn đồng)")
	p.Go(o.URL + "/desk/withdrawals/new")
	p.Type("#numbers", "TN.00001 TN.00010")
	p.Click("main form button[type=submit]:not(details button)")
	p.WaitText("Chờ duyệt")
	webtest.Eval[string](p, `document.querySelector("#approver").value = "Bà Mẫu"`)
	p.Click(`form[action$="/approval"] button[type=submit]`)
	p.WaitText("Bà Mẫu duyệt ngày 24/11/2026")
	p.Click(`a[href$="/close"]`)
	p.WaitText("ra khỏi kho")
	webtest.Eval[string](p, `document.querySelector("[name=name1]").value = "Bà Mẫu"`)
	p.Click("[name=sure]")
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("BIÊN BẢN THANH LÝ SÁCH")
	p.WaitText("Tổng số tiền: 50.000 đ (bằng chữ: Năm mươi nghìn đồng)")
	p.Picture("may-walk-withdrawal")
	p.Go(o.URL + "/desk/targets")
	text := p.Text()
	if strings.Contains(text, "Còn phải kiểm kê") || strings.Contains(text, "Còn 1 lần thanh lý") {
		t.Error("the targets do not know of the papers")
	}
	o.Replayed()
}

func dueOf(o *office, barcode string) (due string) {
	o.t.Helper()
	_, day := o.Borrower(barcode)
	return day.String()
}
