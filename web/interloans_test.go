package web_test

import (
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// lot makes a lot of another library's books with a list, and is its page.
func (o *office) lot(lender string, books ...string) (page string) {
	o.t.Helper()
	status, body, page := o.post("/desk/interloans/new", "token", o.token("/desk/interloans/new"), "lender", lender, "received", o.Today().String(), "due", o.Today().Add(5).String())
	if status != 303 {
		o.t.Fatal(status, troubles(body))
	}
	if status, body, _ := o.post(page, "token", o.token(page), "what", "paste", "books", strings.Join(books, "\r\n")); status != 303 {
		o.t.Fatal(status, troubles(body))
	}
	return page
}

// Another library's books from the day they come to the day the last goes back:
// written, told on the first page, scanned and counted back, undone, on paper.
func TestBooksOfOtherLibraries(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Copy("30000012", "Sách của trường", kiosk.Children, "")
	o.shows("/desk/interloans", "Chưa nhận sách của thư viện nào")
	if status, body, _ := o.post("/desk/interloans/new", "token", o.token("/desk/interloans/new"), "lender", "", "received", "x", "due", ""); status != 422 || !strings.Contains(body, `id="lender-wrong"`) || !strings.Contains(body, `id="received-wrong"`) || !strings.Contains(body, `id="due-wrong"`) {
		t.Error(status, troubles(body))
	}
	page := o.lot("Thư viện huyện Mẫu", "Dế Mèn mẫu; TV.001", "", "Truyện mẫu\tTV.002\t1", "Báo mẫu; 4", "Tranh mẫu")
	o.shows("/desk", "Sách phải trả thư viện khác", "7 cuốn, hẹn trả")
	o.shows("/desk/interloans", "Thư viện huyện Mẫu", "Còn giữ 7")
	send := func(want int, pairs ...string) string {
		t.Helper()
		status, body, _ := o.post(page, append([]string{"token", o.token(page)}, pairs...)...)
		if status != want {
			t.Errorf("%v: %d %s", pairs, status, troubles(body))
		}
		_, shown := o.get(page)
		return body + shown
	}
	says := func(body string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("no %q: %s", w, troubles(body))
			}
		}
	}
	// Lines that cannot be, each told where it is.
	says(send(422, "what", "add", "title-0", "", "code-0", "TV.009"), `id="title-0-wrong"`, `value="TV.009"`)
	says(send(422, "what", "add", "title-0", "x", "code-0", "TV.001"), "Mã này đã có trong danh sách.")
	says(send(422, "what", "paste", "books", "Một mẫu\nHai mẫu; TV.010; nhiều"), "Dòng 2, số bản:", "Hai mẫu; TV.010; nhiều")
	says(send(422, "what", "paste", "books", " "), `id="books-wrong"`)
	// One with a code that a book of the school bears is written, and told.
	says(send(303, "what", "add", "title-0", "Trùng mã", "code-0", "30000012"), "Mã này trùng với sách của trường (Sách của trường)", "Đã ghi 1 cuốn.")
	// Scanned back; once more; of the school; of nobody; of another lot.
	says(send(303, "what", "scan", "scan", "tv.001"), "Đã trả: Dế Mèn mẫu. Còn giữ 7 cuốn.")
	says(send(422, "what", "scan", "scan", "TV.001"), "đã ghi trả ngày", `id="scan-wrong"`, `value="TV.001"`)
	says(send(422, "what", "scan", "scan", "99990009"), "không có trong danh sách này", `id="scan-wrong"`)
	o.lot("Trường mẫu B", "Sách mẫu B; B.1")
	says(send(422, "what", "scan", "scan", "B.1"), "là của Trường mẫu B")
	says(send(422, "what", "scan", "scan", ""), `id="scan-wrong"`)
	// By number: two whole, one damaged, one lost of the four.
	_, body := o.get(page)
	_, line, _ := strings.Cut(body, ">3. Báo mẫu<")
	line = between(line, `name="whole-`, `"`)
	says(send(422, "what", "some", "whole-"+line, "5", "damaged-"+line, "", "lost-"+line, ""), "Điền từ 0 đến 4")
	says(send(422, "what", "some"), `id="back-wrong"`)
	says(send(303, "what", "some", "whole-"+line, "2", "damaged-"+line, "1", "lost-"+line, "1"), "Đã trả 3 cuốn.", "trả 2, hỏng 1, mất 1")
	// It is undone, and done again.
	undo := valueOf(func() string { _, b := o.get(page); return b }(), "undo")
	if status, _, _ := o.post("/desk/undo", "token", "u1", "undo", undo, "page", page); status != 303 {
		t.Error(status)
	}
	o.shows(page, "Còn giữ 7 cuốn")
	send(303, "what", "some", "whole-"+line, "2", "damaged-"+line, "1", "lost-"+line, "1")
	// What was begun is not taken away.
	if status, _, _ := o.post(page+"/edit", "token", o.token(page+"/edit"), "what", "remove"); status != 303 {
		t.Error(status)
	}
	o.shows(page, "Đã trả một phần rồi")
	// The papers say both sides, the sum and the difference.
	id := strings.TrimPrefix(page, "/desk/interloans/")
	o.shows("/desk/reports/interloan-receipt?of="+id, "BIÊN BẢN GIAO NHẬN", "Bên cho mượn: Thư viện huyện Mẫu.", "Tổng cộng 8 cuốn", "TV.002", "Bên cho mượn")
	o.shows("/desk/reports/interloan-return?of="+id, "BIÊN BẢN TRẢ SÁCH", "Đã trả 4 trên 8 cuốn", "Trong đó 1 cuốn bị hỏng", "Mất 1 cuốn", "Còn giữ 3 cuốn")
	for _, name := range []string{"interloan-receipt", "interloan-return"} {
		if status, pdf := o.get("/desk/reports/" + name + "?of=" + id + "&as=pdf"); status != 200 || !strings.HasPrefix(pdf, "%PDF-") {
			t.Errorf("%s: %d", name, status)
		}
	}
	// The day passes; then all goes back, the lost one too, and is told no more.
	o.Advance(7 * 24 * time.Hour)
	if status := o.signIn("librarian", webtest.Password); status != 303 {
		t.Fatal(status)
	}
	o.shows("/desk", "đã đến hẹn trả")
	says(send(303, "what", "all"), "Đã trả 3 cuốn.")
	o.shows("/desk/reports/interloan-return?of="+id, "Đã trả 7 trên 8 cuốn")
	if _, body := o.get("/desk"); strings.Contains(body, "Thư viện huyện Mẫu") {
		t.Error("it is still told on the first page")
	}
	o.Replayed()
}

// Its pages at both widths.
func TestPagesOfOtherLibrariesBooks(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := newOffice(t)
	o.Copy("30000012", "Sách của trường", kiosk.Children, "")
	page := o.lot("Thư viện huyện Mẫu", "Dế Mèn phiêu lưu ký mẫu; TV.001", "Sách trùng mã mẫu; 30000012", "Báo mẫu; 4")
	o.post(page, "token", o.token(page), "what", "scan", "scan", "TV.001")
	id := strings.TrimPrefix(page, "/desk/interloans/")
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/interloans")
	for path, name := range map[string]string{"/desk/interloans": "list", "/desk/interloans/new": "form", page: "lot", "/desk/reports/interloan-return?of=" + id: "paper", "/desk": "today"} {
		p.Go(o.URL + path)
		p.Wait(`document.readyState === "complete"`)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := webtest.Eval[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%s%s is %d too wide", path, size.name, wide)
			}
			if path != "/desk" {
				p.Axe(name + size.name)
			}
			p.Picture("interloan-" + name + size.name)
		}
	}
	// A scan is typed and sent by the scanner's Enter, without a touch.
	p.Go(o.URL + page)
	p.Wait(`document.activeElement?.id === "scan"`)
	p.Type("#scan", "30000012\n")
	p.Wait(`document.querySelector(".said-bar")?.textContent.includes("Sách trùng mã mẫu")`)
}
