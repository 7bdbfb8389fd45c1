package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/web/webtest"
)

// A list over HTTP: its page, the same rows in a workbook and on paper, in the
// same order and of the same filter.
func TestWaitingList(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open()
	o.line(page, "=Truyện mẫu <b>hai</b>", "2")
	o.line(page, "Ăn gì bây giờ", "1")
	o.post(page+"/tick", "token", o.token(page), "step", "register")
	o.line(page, "An toàn giao thông", "1")

	titles := func(path string) (got []string) {
		t.Helper()
		res, err := o.client.Get(o.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Disposition"), `attachment; filename="sach-dang-cho-xu-ly-2026-11-24.xlsx"`) {
			t.Fatalf("%s: %d %v", path, res.StatusCode, res.Header)
		}
		f, err := excelize.OpenReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := f.GetRows(f.GetSheetList()[0])
		if err != nil {
			t.Fatal(err)
		}
		if rows[0][0] != "Số ĐKCB" || rows[1][6] != "20/11/2026" {
			t.Errorf("%q", rows[:2])
		}
		for _, r := range rows[1:] {
			got = append(got, r[2])
		}
		return got
	}
	for path, want := range map[string]string{
		"?as=xlsx&sort=title":                     "An toàn giao thông|Ăn gì bây giờ|'=Truyện mẫu <b>hai</b>|'=Truyện mẫu <b>hai</b>",
		"?as=xlsx&sort=title&dir=down&step=stamp": "'=Truyện mẫu <b>hai</b>|'=Truyện mẫu <b>hai</b>|Ăn gì bây giờ",
	} {
		if got := strings.Join(titles("/desk/receipts/waiting"+path), "|"); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	_, body := o.get("/desk/receipts/waiting?step=stamp&sort=title")
	for _, want := range []string{"Có 3 dòng", `href="/desk/receipts/waiting?as=xlsx&amp;sort=title&amp;step=stamp"`, "=Truyện mẫu &lt;b&gt;hai&lt;/b&gt;", `aria-sort="ascending"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "An toàn giao thông") {
		t.Error("the filter let through what it should not")
	}
	_, body = o.get("/desk/receipts/waiting?step=stamp&sort=title&as=print")
	for _, want := range []string{"Trường Tiểu học Mẫu", "Ngày 24 tháng 11 năm 2026", "Người phụ trách thư viện", "Có 3 dòng", "chờ đóng dấu", `href="/desk/receipts/waiting?sort=title&amp;step=stamp"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s on paper", want)
		}
	}
	res, err := o.client.Get(o.URL + "/desk/receipts/waiting?step=shelve")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); !strings.Contains(string(b), "Không có dòng nào") {
		t.Error("an empty list says nothing")
	}
}

// The list in a browser: sorted by a click, a card a row on a phone.
func TestListPage(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := newOffice(t)
	page := o.open()
	o.line(page, "Những câu chuyện mẫu rất dài kể trước giờ đi ngủ dành cho học sinh tiểu học, tập mười hai, in lần thứ ba có sửa chữa", "30")
	o.line(page, "Ăn gì bây giờ", "80")
	o.post(page+"/tick", "token", o.token(page), "step", "register")
	o.line(page, "An toàn giao thông", "3")
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/receipts/waiting")
	p.WaitText("Dòng 1 đến 100 trong 113 dòng")
	p.Click(`.list thead a[href*="sort=title"]`)
	p.Wait(`document.querySelector('[aria-sort="ascending"]') && document.querySelector("tbody td.text").innerText.includes("An toàn")`)
	for _, size := range deskSizes {
		p.Resize(size.Size)
		if wide := p.TooWide(); wide > 0 {
			t.Errorf("%s: %d too wide", size.name, wide)
		}
		p.Axe("list" + size.name)
		p.Picture("list" + size.name)
	}
	p.Resize(deskSizes[0].Size)
	p.Go(o.URL + "/desk/receipts/waiting?as=print")
	p.WaitText("Người phụ trách thư viện")
	p.Axe("list-paper")
	p.Picture("list-paper")
}
