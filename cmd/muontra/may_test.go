//go:build linux

package main

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/password"
	"muontra/web/webtest"
)

// openMay is the library in the middle of May: two shelves of books with
// labels, two books still out, a scanner on a cable at the kiosk, and the
// librarian's account.
func openMay(t *testing.T) (*aYear, *cable) {
	t.Helper()
	y := &aYear{t: t, page: webtest.Open(t), lent: map[string]string{}, long: os.Getenv("MUONTRA_LONG") != ""}
	c := kiosktest.NewClock()
	c.Set(time.Date(2027, 5, 12, 8, 0, 0, 0, time.FixedZone("+7", 7*60*60)))
	wire := newCable(t)
	cfg, problem := (&env{stderr: os.Stderr, lang: "vi", now: c.Now}).config(serveFlags{serials: many{wire.port}, stations: many{"cua"}})
	if problem != nil {
		t.Fatal(problem)
	}
	cfg.listen, cfg.poll, cfg.now = []string{"127.0.0.1:0"}, 100*time.Millisecond, c.Now
	y.p = startProgram(t, cfg)
	y.w = kiosktest.NewWorldBy(t, y.p.store, c)
	y.base = y.p.URLs()[0]
	y.page.CalmMotion()
	y.page.Resize(webtest.Size{W: 1366, H: 768})
	hash, err := password.Hash(webtest.Password)
	if err != nil {
		t.Fatal(err)
	}
	var staff kiosk.Attempt
	err = y.p.store.Update(t.Context(), func(tx kiosk.Tx) error {
		a := kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, PasswordHash: hash, CreatedAt: c.Now()}
		staff = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: a.ID}
		return tx.PutAccount(a)
	})
	if err != nil {
		t.Fatal(err)
	}
	y.w.Patron(kiosk.Pupil, "HS001", "Mẫu Văn An", "3A", 3)
	y.w.Patron(kiosk.Pupil, "HS002", "Mẫu Thị Bình", "5A", 5)
	var shelves []kiosk.Place
	for n := range 2 {
		pl, err := y.p.desk.AddPlace(t.Context(), staff, kiosk.Place{Code: fmt.Sprintf("M%d", n+1), Name: fmt.Sprintf("Kệ mẫu %d", n+1), Kind: kiosk.Shelf})
		if err != nil {
			t.Fatal(err)
		}
		pl.Barcode = fmt.Sprintf("KE-%d", n+1)
		if err := y.p.store.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutPlace(pl) }); err != nil {
			t.Fatal(err)
		}
		shelves = append(shelves, pl)
	}
	for n := 1; n <= 16; n++ {
		i := y.w.Copy(fmt.Sprintf("S%03d", n), fmt.Sprintf("Truyện mẫu số %d", n), kiosk.Children, "")
		i.Price = 25_000
		err := y.p.store.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutCopy(i.Copy) })
		if err != nil {
			t.Fatal(err)
		}
		change := kiosk.CopyChange{Place: shelves[(n-1)/8].ID}
		if n == 3 {
			change.Status = kiosk.CopyLost // years ago
		}
		if _, err := y.p.desk.Change(t.Context(), staff, i.ID, change); err != nil {
			t.Fatal(err)
		}
	}
	y.w.Lent("HS001", "S015", "2027-05-19")
	y.w.Lent("HS002", "S016", "2027-05-19")
	return y, wire
}

// The librarian's May in the real program: what is out is called back; the stock
// is counted by four devices at once, a scanner at the kiosk, the desk's own, a
// phone's camera and a memory scanner's file, while the other kiosk takes back; the
// minutes are closed, what is torn is withdrawn, the year's report is read, and
// the year is closed.
func TestLibrariansMayOnFourDevices(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	y, wire := openMay(t)
	p := y.page
	y.open("/desk/recall/new")
	typeOver(p, "#name", "Thu sách cuối năm")
	typeOver(p, "#due", "18/05/2027")
	p.Click("form.grid-form button[type=submit]")
	p.WaitText("Đã lập đợt thu 2 cuốn")
	y.look("may-recall")

	y.w.Set("2027-05-31 08:00:00")
	y.open("/desk/stocktake/new")
	y.look("may-stocktake-new")
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("Đã quét 0 trên 15")
	take := webtest.Eval[string](p, `location.pathname`)
	count := "/desk/count?stocktake=" + filepath.Base(take)

	// The kiosk is told from the desk; its scanner is the program's own.
	kioskPage := webtest.Open(t)
	kioskPage.CalmMotion()
	kioskPage.Resize(webtest.Size{W: 1366, H: 768})
	kioskPage.Go(y.base + "/kiosk/desk")
	kioskPage.Wait(`document.body.dataset.ready === "yes"`)
	connected(t, y.p, true)
	webtest.Eval[bool](p, `(document.querySelector("#station").closest("details").open = true)`)
	y.look("may-stocktake-stations")
	webtest.Eval[bool](p, `(document.querySelector("#station").value = "desk", true)`)
	p.Click(`form[action$="/stations"] button[type=submit]`)
	p.WaitText("desk đang kiểm kê")
	y.look("may-stocktake-counting")
	kioskPage.WaitText("Quét nhãn kệ trước nhé")
	kioskPage.Picture("may-kiosk-counting")
	kioskPage.Axe("the kiosk counts")
	for _, s := range []struct{ code, says string }{
		{"KE-1", "Quét từng cuốn ở đây"},
		{"S001", "Truyện mẫu số 1"},
		{"S009", "Nhầm chỗ! Cất về: Kệ mẫu 2"},
		{"S003", "Tìm thấy rồi!"},
		{"S015", "Đang ghi là cho mượn"},
		{"LA-99", "Không có cuốn nào mang mã này"},
		{"HS001", "Đây là thẻ bạn đọc"},
		{"S002", "Đúng rồi"},
	} {
		wire.scan(s.code)
		kioskPage.WaitText(s.says)
		kioskPage.Picture("may-kiosk-" + s.code)
		y.w.Advance(2 * time.Second)
	}
	kioskPage.WaitText("Đã thấy 4 trên 15 cuốn") // S003 was lost: it is not one of the 15

	// The other kiosk takes back meanwhile: what it took back is not missing.
	said := webtest.Eval[string](p, `(async () => {
  const res = await fetch("/api/v1/stations/cua/scans", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({code: "S016"})});
  return (await res.json()).outcome;
})()`)
	if said != "returned" {
		t.Errorf("a book at the other kiosk: %s", said)
	}

	// The desk's scanner types into the page.
	y.open(count)
	p.Wait(`document.body.dataset.ready === "yes"`)
	for _, s := range []struct{ code, says string }{{"KE-1", "Đang đếm ở: Kệ mẫu 1"}, {"S004", "Truyện mẫu số 4"}, {"S010", "Nhầm chỗ! Cất về: Kệ mẫu 2"}} {
		p.Type("#code", s.code+"\r")
		p.WaitText(s.says)
	}
	y.look("may-count-desk")

	// A phone takes a picture of a label.
	picture := filepath.Join(t.TempDir(), "nhan.png")
	f, err := os.Create(picture)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, labelPhoto(t, 1280, 720, 5, "S005")); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p.Resize(webtest.Size{W: 390, H: 844})
	p.ChooseFile("#picture", picture)
	p.WaitText("Truyện mẫu số 5")
	p.Picture("may-count-phone")
	p.Resize(webtest.Size{W: 1366, H: 768})

	// The memory scanner's file; first that of another library.
	file := func(name, text string) {
		t.Helper()
		at := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		y.open(take)
		webtest.Eval[bool](p, `(document.querySelector("#file").closest("details").open = true)`)
		p.ChooseFile("#file", at)
		p.Click(`form[action$="/file"] button[type=submit]`)
	}
	file("khac.txt", "LIB-1\nLIB-2\nLIB-3\nS006\n")
	p.WaitText("có lẽ của thư viện khác: chỉ 1 trên 4 mã")
	y.look("may-file-foreign")
	file("nho.txt", "KE-1\r\nS006,31/05/2027,08:10\r\nS007;1\r\nKE-2\r\nS011\r\nS012\r\n")
	p.WaitText("Đã đọc 6 mã")
	y.look("may-stocktake")
	p.WaitText("Đã quét 11 trên 15")

	y.open(take + "/close")
	y.look("may-close")
	webtest.Eval[bool](p, `(document.querySelector("[name=name1]").value = "Bà Mẫu", true)`)
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("BIÊN BẢN KIỂM KÊ")
	p.WaitText("Thiếu 3 bản, trị giá 75.000 đ (bằng chữ: Bảy mươi lăm nghìn đồng)") // S008, S013 and S014
	y.look("may-minutes")
	kioskPage.Wait(`document.body.dataset.counting === "no"`)

	// What is torn and what was missing is withdrawn.
	y.open("/desk/withdrawals/new")
	y.look("may-weeding")
	p.Type("#numbers", "S001 S008")
	p.Click("main form button[type=submit]:not(details button)")
	p.WaitText("Chờ duyệt")
	webtest.Eval[bool](p, `(document.querySelector("#approver").value = "Bà Mẫu", true)`)
	p.Click(`form[action$="/approval"] button[type=submit]`)
	p.WaitText("Bà Mẫu duyệt ngày 31/05/2027")
	y.look("may-withdrawal")
	p.Click(`a[href$="/close"]`)
	p.WaitText("ra khỏi kho")
	webtest.Eval[bool](p, `(document.querySelector("[name=name1]").value = "Bà Mẫu", true)`)
	p.Click("[name=sure]")
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("BIÊN BẢN THANH LÝ SÁCH")
	p.WaitText("Tổng số tiền: 50.000 đ (bằng chữ: Năm mươi nghìn đồng)")
	y.look("may-withdrawn")

	y.open("/desk/targets")
	if text := p.Text(); strings.Contains(text, "Còn phải kiểm kê") || strings.Contains(text, "Còn 1 lần thanh lý") {
		t.Error("the targets do not know of the papers")
	}
	y.look("may-targets")
	y.open("/desk/reports/year")
	y.look("may-year-report")

	// Everything comes back, and the year is closed.
	kioskPage.Go(y.base + "/kiosk/desk")
	kioskPage.Wait(`document.body.dataset.ready === "yes"`)
	y.w.Advance(2 * time.Second)
	wire.scan("S015")
	kioskPage.WaitText("Truyện mẫu số 15")
	if out := y.openLoans(); len(out) != 0 {
		t.Errorf("%d books are out", len(out))
	}
	y.open("/desk/recall")
	p.Click(`main a[href^="/desk/recall/0"]`)
	p.Wait(`document.querySelector("#recall-counts")`)
	if back, all := y.recalled(); back != 2 || all != 2 {
		t.Errorf("%d of %d are back", back, all)
	}
	y.open("/desk/year")
	p.WaitText("Xem thử: sẽ thành như thế này")
	y.look("may-year")
	p.Click(`form[action$="/begin"] button`)
	p.WaitText("Đã lập năm học")
	y.look("may-year-closed")
	y.w.Replayed()
	sumsAgree(t, y.p.store, y.w.Now())
	faults, err := y.p.store.Check(t.Context())
	if err != nil || len(faults) != 0 {
		t.Errorf("check: %v %v", faults, err)
	}
}
