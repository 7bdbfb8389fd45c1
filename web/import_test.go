package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/web/webtest"
)

// upload sends a list and follows to the page that it leads to.
func (o *office) upload(subject, name string, data []byte, pairs ...string) (status int, body, to string) {
	o.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("token", o.token("/desk/lists"))
	m.WriteField("subject", subject)
	for i := 0; i+1 < len(pairs); i += 2 {
		m.WriteField(pairs[i], pairs[i+1])
	}
	if name != "" {
		w, err := m.CreateFormFile("file", name)
		if err != nil {
			o.t.Fatal(err)
		}
		w.Write(data)
	}
	m.Close()
	res, err := o.client.Post(o.URL+"/desk/lists/read", m.FormDataContentType(), &b)
	if err != nil {
		o.t.Fatal(err)
	}
	status, body, to = o.read(res)
	if status != http.StatusSeeOther {
		return status, body, to
	}
	to = o.finished(to)
	status, body = o.get(to)
	return status, body, to
}

var leadsOn = regexp.MustCompile(`<a class="button" href="(/desk/lists/plans/[^"]+)"`)

// finished waits for a task and gives the page that it leads to.
func (o *office) finished(page string) string {
	o.t.Helper()
	if !strings.HasPrefix(page, "/desk/tasks/") {
		return page
	}
	until(o.t, func() bool {
		_, body := o.get(page + "?part=yes")
		return !strings.Contains(body, "<progress")
	})
	_, body := o.get(page)
	if m := leadsOn.FindStringSubmatch(body); m != nil {
		return m[1]
	}
	return page
}

const pupils = "Họ và tên,Ngày sinh,Lớp,Mã thẻ\nNguyễn Mẫu An,01/02/2019,2A,20000016\n=Trần Mẫu Bình,31/02/2019,2A,\nLê Mẫu Chi,5/6/2019,Chồi,20000016\n"

func TestImportOnItsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	status, body, to := o.upload("patrons", "lớp <b>2A.csv", []byte(pupils))
	if status != 200 || !strings.HasPrefix(to, "/desk/lists/plans/") {
		t.Fatalf("%d %s %s", status, to, body)
	}
	for _, want := range []string{"Chưa ghi gì cả", "thêm mới: 1", "chưa nhận được: 2", "Ghi vào: 1 dòng", "lớp &lt;b&gt;2A.csv", "Nguyễn Mẫu An"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in the plan", want)
		}
	}
	count := func() (n int) {
		o.view(func(v kiosk.View) error {
			return v.EachMember(o.Today(), func(kiosk.Member) error { n++; return nil })
		})
		return n
	}
	if n := count(); n != 0 {
		t.Errorf("a look has written %d patrons", n)
	}
	if _, body := o.get(to + "?only=wrong&sort=row"); strings.Contains(body, "Nguyễn Mẫu An") || !strings.Contains(body, "Có 2 dòng") {
		t.Error("the filter of rows that are not taken")
	}
	// The rows to mend come back as a workbook with the reasons.
	res, err := o.client.Get(o.URL + to + "/rejects")
	if err != nil {
		t.Fatal(err)
	}
	mend, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(mend))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil || len(rows) != 3 || rows[1][0] != "'=Trần Mẫu Bình" || rows[2][0] != "Lê Mẫu Chi" {
		t.Errorf("%q %v", rows, err)
	}
	f.Close()

	token := o.token(to)
	for range 2 { // a double click
		status, _, next := o.post(to+"/apply", "token", token)
		if status != 303 || o.finished(next) != to {
			t.Fatalf("apply: %d %s", status, next)
		}
	}
	if _, body = o.get(to); !strings.Contains(body, "Đã ghi: thêm 1, đổi 0. Chưa nhận 2.") || strings.Contains(body, "Ghi vào: ") {
		t.Error("what was written is not said, or can be written again")
	}
	if n := count(); n != 1 {
		t.Errorf("%d patrons", n)
	}
	// The same file again is the same.
	if _, body, _ = o.upload("patrons", "x.csv", []byte(pupils)); !strings.Contains(body, "như cũ: 1") || strings.Contains(body, "Ghi vào: ") {
		t.Error("the second time is not the same")
	}
	// Another member of the staff sees neither plan nor task.
	other := o.client
	o.update(func(tx kiosk.Tx) error {
		return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: "second", Role: kiosk.Librarian, PasswordHash: webtest.PasswordHash, CreatedAt: o.Now()})
	})
	o.client = &http.Client{Jar: newJar(), CheckRedirect: other.CheckRedirect}
	o.post("/desk/sign-in", "name", "second", "password", webtest.Password)
	for _, path := range []string{to, to + "/rejects", "/desk/tasks/nope"} {
		if status, _ := o.get(path); status != 404 {
			t.Errorf("%s for another: %d", path, status)
		}
	}
}

func TestBadLists(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 80 {
		w.Write(zeros)
	}
	z.Close()
	for _, c := range []struct {
		name, subject, file string
		data                []byte
		pairs               []string
		status              int
		want                string
	}{
		{"no file", "patrons", "", nil, nil, 422, "Ô này cần điền"},
		{"no subject", "planets", "a.csv", []byte(pupils), nil, 422, "Chọn một mục"},
		{"a year that is none", "patrons", "a.csv", []byte(pupils), []string{"year", "next"}, 422, "Viết năm học như"},
		{"years apart", "patrons", "a.csv", []byte(pupils), []string{"year", "2026-2030"}, 200, "class=\"trouble\""},
		{"a bomb", "patrons", "a.xlsx", bomb.Bytes(), nil, 200, "64 MB"},
		{"a picture", "patrons", "a.xlsx", []byte("\x89PNG\r\n\x1a\n0000"), nil, 200, "class=\"trouble\""},
		{"no header", "titles", "a.csv", []byte("a,b\n1,2\n"), nil, 200, "class=\"trouble\""},
		{"too large", "patrons", "a.csv", bytes.Repeat([]byte("a"), 34<<20), nil, 413, ""},
	} {
		status, body, _ := o.upload(c.subject, c.file, c.data, c.pairs...)
		if status != c.status || !strings.Contains(body, c.want) || strings.Contains(body, "{") && strings.Contains(body, "}") {
			t.Errorf("%s: %d %.600s", c.name, status, troubles(body))
		}
	}
}

// What is taken out is read back and changes nothing.
func TestExportOnItsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Copy("30000012", "Truyện mẫu", kiosk.Children, "")
	o.Lent("20000016", "30000012", "2026-12-01")
	for _, subject := range exchange.Subjects {
		status, _, page := o.post("/desk/lists/export", "token", "t"+string(subject), "subject", string(subject))
		if status != 303 {
			t.Fatalf("%s: %d", subject, status)
		}
		o.finished(page)
		if _, body := o.get(page); !strings.Contains(body, "Đã xuất 1 dòng") {
			t.Errorf("%s: %s", subject, body)
		}
		res, err := o.client.Get(o.URL + page + "/file")
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || !strings.HasSuffix(res.Header.Get("Content-Disposition"), `-2026-11-24.xlsx"`) {
			t.Fatalf("%s: %v %v", subject, res.Header, err)
		}
		if _, body, _ := o.upload(string(subject), "x.xlsx", data); !strings.Contains(body, "như cũ: 1") {
			t.Errorf("%s read back: %s", subject, troubles(body))
		}
	}
}

// The reading level is named as the school names it, and the titles go to other
// libraries and come from them by the page alone.
func TestTitlesGoOutAsMARCWithTheSchoolsLevels(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	list := "Tên sách,Trình độ đọc,Khổ sách,Số lượng\nTruyện mẫu một,Đỏ,21 cm,1\nTruyện mẫu hai,x,,1\nTruyện mẫu ba,Tím,,1\nTruyện mẫu bốn,xanh LÁ,,1\n"
	_, _, to := o.upload("titles", "sach.csv", []byte(list))
	_, _, page := o.post(to+"/apply", "token", o.token("/desk/lists"))
	o.finished(page)
	got := map[string]string{}
	o.view(func(v kiosk.View) error {
		return v.EachTitle(func(t kiosk.Title) error { got[t.Title] = t.Level + "|" + t.Size; return nil })
	})
	want := map[string]string{"Truyện mẫu một": "red|21 cm", "Truyện mẫu hai": "x|", "Truyện mẫu ba": "Tím|", "Truyện mẫu bốn": "green|"}
	for title, level := range want {
		if got[title] != level {
			t.Errorf("%s: %q, want %q", title, got[title], level)
		}
	}
	_, _, page = o.post("/desk/lists/export", "token", "t-marc", "subject", "titles", "as", "marc")
	o.finished(page)
	res, err := o.client.Get(o.URL + page + "/file")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !strings.HasSuffix(res.Header.Get("Content-Disposition"), `.mrc"`) {
		t.Fatalf("%v %v", res.Header, err)
	}
	if _, body, _ := o.upload("titles", "sach.mrc", data); !strings.Contains(body, "như cũ: 4") {
		t.Errorf("read back: %s", troubles(body))
	}
}

// A school's own lists in a browser: chosen, looked at, written.
func TestImportPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := newOffice(t)
	data, err := os.ReadFile("../testdata/imports/danh-sach-hoc-sinh.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/lists")
	_, _, to := o.upload("patrons", "danh-sach-hoc-sinh.xlsx", data)
	_, _, task := o.post("/desk/lists/export", "token", "x", "subject", "patrons")
	look := func(name, path, want string) {
		t.Helper()
		p.Go(o.URL + path)
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", name, size.name, wide)
			}
			p.Axe(name + size.name)
			p.Picture("lists-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	look("page", "/desk/lists", "Xem thử")
	// The plan is its reader's own, whichever browser she uses.
	look("plan", to, "Chưa ghi gì cả")
	p.Click(`main form[action$="/apply"] button`)
	p.WaitText("Đã ghi")
	look("written", to, "Đã ghi")
	look("task", task, "Đã xuất")
}
