package web_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
	"muontra/web/words"
)

// lendingOffice is an office with readers of two classes and a teacher, and
// books with them.
func lendingOffice(t testing.TB) *office {
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu Bình", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000032", "Lê Mẫu Đạt", "10A", 5)
	o.Patron(kiosk.Teacher, "20000040", "Phạm Mẫu Hoa", "", 0)
	for i, name := range []string{"Truyện mẫu: Chú chó nhỏ và vầng trăng", "Dế mèn mẫu", "Sách mẫu <b>đậm</b> & \"ngoặc\"", "Truyện mẫu hay", "Cẩm nang mẫu cho thầy cô", "Toán mẫu"} {
		o.Copy(fmt.Sprintf("1000000%d", i), name, kiosk.Children, "")
	}
	o.Lent("20000016", "10000000", "2026-11-20")
	o.Lent("20000016", "10000001", "2026-11-23")
	o.Lent("20000024", "10000002", "2026-11-20")
	o.Lent("20000032", "10000003", "2026-11-27")
	o.Lent("20000040", "10000004", "2026-11-10")
	o.Lent("20000024", "10000005", "2026-11-27")
	return o
}

func (o *office) loanID(barcode string) (id string) {
	o.t.Helper()
	o.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode(barcode)
		if err != nil {
			return err
		}
		l, err := v.OpenLoan(i.ID)
		id = string(l.ID)
		return err
	})
	return id
}

// order fails unless the texts stand in the body in this order.
func order(t *testing.T, body string, texts ...string) {
	t.Helper()
	at := 0
	for _, x := range texts {
		i := strings.Index(body[at:], x)
		if i < 0 {
			t.Errorf("%q is not where it should be", x)
			return
		}
		at += i + len(x)
	}
}

// Loans of a wrong clock are told on the first page and confirmed in the list.
func TestDaysDueAreConfirmed(t *testing.T) {
	o := lendingOffice(t)
	if _, body := o.get("/desk"); strings.Contains(body, "unsure=yes") {
		t.Error("told of loans that are sure")
	}
	o.update(func(tx kiosk.Tx) error {
		i, err := tx.ItemByBarcode("10000003")
		if err != nil {
			return err
		}
		l, err := tx.OpenLoan(i.ID)
		if err != nil {
			return err
		}
		return tx.Append(&kiosk.Event{Type: kiosk.EventRenewed, CopyID: i.ID, PatronRef: l.PatronRef, Station: "desk", OccurredAt: o.Now(), RecordedAt: o.Now(), Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: []kiosk.Loan{l}}}})
	})
	if _, body := o.get("/desk"); !strings.Contains(body, "1 cuốn được cho mượn lúc đồng hồ máy tính sai") {
		t.Error("the first page does not tell")
	}
	const list = "/desk/loans?unsure=yes"
	_, body := o.get(list)
	if n := strings.Count(body, `name="pick"`); n != 1 || !strings.Contains(body, "Truyện mẫu hay") {
		t.Errorf("%d loans are listed", n)
	}
	id := o.loanID("10000003")
	status, body, _ := o.post("/desk/loans", "token", "a", "query", "unsure=yes", "what", "confirm", "pick", id, "due", "tomorrow")
	if status != 422 || strings.Count(body, `name="pick"`) != 1 || !strings.Contains(body, "Viết ngày như 24/11/2026.</p>") || !strings.Contains(body, `value="tomorrow"`) {
		t.Errorf("a day that is none is not told, or what was typed or the loan is gone: %d %s", status, troubles(body))
	}
	due := o.Today().Add(7)
	if status, body, _ := o.post("/desk/loans", "token", "b", "query", "unsure=yes", "what", "confirm", "pick", id, "due", words.Date(due)); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if _, body := o.get(list); strings.Contains(body, `name="pick"`) || !strings.Contains(body, "Đã xác nhận ngày hẹn của 1 cuốn") {
		t.Error("it still waits, or nothing was said")
	}
	o.view(func(v kiosk.View) error {
		l, err := v.Loan(kiosk.ID(id))
		if l.DueOn.After(due) || l.DueOn.Before(o.Today()) {
			t.Errorf("due %v, asked for %v", l.DueOn, due)
		}
		return err
	})
}

func TestOverdue(t *testing.T) {
	o := lendingOffice(t)
	_, body := o.get("/desk/overdue")
	main := body[strings.Index(body, "<tbody"):]
	order(t, main, "Trần Mẫu An", "Nguyễn Mẫu Bình", "Nguyễn Mẫu Bình", "Phạm Mẫu Hoa")
	if strings.Contains(main, "Đạt") || !strings.Contains(body, "4 cuốn của 3 bạn đọc") || strings.Contains(body, "<b>đậm</b>") {
		t.Error("wrong list", body)
	}
	for query, want := range map[string]int{"who=class:2A": 3, "who=grade:2": 3, "who=staff": 1, "who=class:nothing": 0, "kind=map": 0, "who=%3Cscript%3E": 4} {
		_, body := o.get("/desk/overdue?" + query)
		if n := strings.Count(body, `name="pick"`); n != want {
			t.Errorf("%s: %d rows, want %d", query, n, want)
		}
	}
	if status, body := o.get("/desk/overdue?as=xlsx"); status != 200 || !strings.HasPrefix(body, "PK") {
		t.Error("no workbook")
	}
	if _, body := o.get("/desk/overdue?who=class:2A&as=print"); !strings.Contains(body, "Lớp 2A") || strings.Contains(body, "Hoa") {
		t.Error("on paper")
	}
}

func TestSlips(t *testing.T) {
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not here")
	}
	o := lendingOffice(t)
	text := func(pairs ...string) string {
		status, body, _ := o.post("/desk/overdue/slips", pairs...)
		if status != 200 || !strings.HasPrefix(body, "%PDF") {
			t.Fatalf("%v: %d %.80s", pairs, status, body)
		}
		f := filepath.Join(t.TempDir(), "slips.pdf")
		if dir := os.Getenv("MUONTRA_SCREENSHOTS"); dir != "" {
			f = filepath.Join(dir, fmt.Sprintf("slips-%d.pdf", len(strings.Join(pairs, ""))))
		}
		if err := os.WriteFile(f, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(pdftotext, "-layout", f, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	all := text("to", "reader", "query", "")
	order(t, all, "An lớp 2A ơi", "<b>đậm</b>", "Bình lớp 2A ơi", "Dế mèn mẫu", "\f", "Kính gửi thầy/cô Phạm Mẫu Hoa")
	if n := strings.Count(all, "\f"); n != 2 {
		t.Errorf("%d pages for three slips", n)
	}
	for _, shame := range []string{"phạt", "vi phạm", "Toán mẫu"} { // the last is not late
		if strings.Contains(all, shame) {
			t.Errorf("a slip says %q", shame)
		}
	}
	parents := text("to", "parents", "query", "who=class:2A")
	if !strings.Contains(parents, "phụ huynh em Trần Mẫu An, lớp 2A") || strings.Contains(parents, "Hoa") {
		t.Error(parents)
	}
	one := text("to", "reader", "pick", o.loanID("10000004"), "pick", o.loanID("10000003"))
	if !strings.Contains(one, "Hoa") || strings.Contains(one, "Đạt") {
		t.Error(one)
	}
	body := o.besides("/desk/overdue/slips", "pick", "không có phiếu nào để in", "to", "parents", "query", "kind=children", "pick", "nothing")
	if !strings.Contains(body, `value="parents" checked`) || !strings.Contains(body, `<option value="children" selected`) {
		t.Error("the choice or the filter of the list is gone")
	}
}

func TestLoansInBulk(t *testing.T) {
	o := lendingOffice(t)
	if _, body := o.get("/desk/loans?until=27/11/2026"); strings.Count(body, `name="pick"`) != 6 {
		t.Error("until")
	}
	if _, body := o.get("/desk/loans?until=20/11/2026"); strings.Count(body, `name="pick"`) != 3 {
		t.Error("until")
	}
	if _, body := o.get("/desk/loans?until=32/11/2026"); !strings.Contains(body, "Viết ngày như 24/11/2026") {
		t.Error("a bad day is not told")
	}
	token := o.token("/desk/loans")
	o.besides("/desk/loans", "pick", "Chưa chọn cuốn nào", "token", token, "what", "renew")
	body := o.besides("/desk/loans", "due", "Viết ngày như", "what", "confirm", "due", "32/13/2026", "pick", o.loanID("10000003"))
	if strings.Count(body, "checked") != 1 || !strings.Contains(body, `value="`+o.loanID("10000003")+`" checked`) || !strings.Contains(body, `value="32/13/2026"`) {
		t.Error("the tick or the day is gone")
	}
	// Sent twice it is done once.
	for range 2 {
		if status, _, _ := o.post("/desk/loans", "token", token, "what", "renew_all", "query", ""); status != 303 {
			t.Error(status)
		}
	}
	_, body = o.get("/desk/loans")
	if !strings.Contains(body, "Đã gia hạn 2 cuốn. 4 cuốn để nguyên. đã quá hạn: ") {
		t.Error(body)
	}
	if body := o.undo("/desk/loans"); !strings.Contains(body, "hoàn tác") || !strings.Contains(body, "27/11/2026") {
		t.Error("not undone")
	}
	// Where nothing can be renewed the page says why and what to do, and has
	// nothing to take back.
	o.post("/desk/loans", "token", o.token("/desk/loans"), "what", "renew_all", "query", "until=20/11/2026")
	if _, body := o.get("/desk/loans"); !strings.Contains(body, "said-bar bad") || !strings.Contains(body, "Chưa gia hạn được cuốn nào (đã quá hạn: ") || !strings.Contains(body, "nhận sách về rồi cho mượn lại") || strings.Contains(body, "gia hạn 0 cuốn") || strings.Contains(body, `action="/desk/undo"`) {
		t.Error("that nothing was renewed is not told")
	}
	token = o.token("/desk/loans")
	o.post("/desk/loans", "token", token, "what", "return", "pick", o.loanID("10000004"), "query", "who=staff")
	if _, body := o.get("/desk/loans"); !strings.Contains(body, "Đã nhận lại 1 cuốn") || strings.Contains(body, "Hoa") {
		t.Error("not taken back")
	}
	if body := o.undo("/desk/loans"); !strings.Contains(body, "Hoa") {
		t.Error("the return is not undone")
	}
}

// A manager reads the lists and does nothing in them.
func TestManagementReadsLoans(t *testing.T) {
	o := lendingOffice(t)
	_, once := o.hire("quanly", kiosk.Management)
	m := o.settle("quanly", once)
	for _, path := range []string{"/desk/overdue", "/desk/loans"} {
		status, body := m.get(path)
		if status != 200 || strings.Contains(body, `name="pick"`) || strings.Contains(body, "/desk/patrons/") {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestLoanPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := lendingOffice(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/overdue")
	for _, l := range []struct{ name, path, want string }{
		{"overdue", "/desk/overdue", "4 cuốn của 3 bạn đọc"},
		{"overdue-class", "/desk/overdue?who=class:2A", "3 cuốn của 2 bạn đọc"},
		{"loans", "/desk/loans", "6 cuốn ở tay 4 bạn đọc"},
		{"loans-en", "/desk/loans?lang=en", "Renew the whole list"},
	} {
		p.Go(o.URL + l.path)
		p.WaitText(l.want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", l.name, size.name, wide)
			}
			p.Axe(l.name + size.name)
			p.Picture("lending-" + l.name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	p.Go(o.URL + "/desk/loans?lang=vi")
	p.Click(`input[name=pick]`)
	p.Click(`button[value=renew]`)
	p.WaitText("Chưa gia hạn được cuốn nào")
	p.Click(`button[value=renew_all]`)
	p.WaitText("Đã gia hạn 2 cuốn")
	p.Picture("lending-renewed")
	p.Click(`.said-bar button`)
	p.WaitText("hoàn tác")
}
