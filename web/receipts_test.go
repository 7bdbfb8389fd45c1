package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
	"muontra/web"
	"muontra/web/webtest"
)

// The real acts must fit.
var (
	_ web.Acquisitions = (*circulation.Desk)(nil)
	_ web.Settings     = (*circulation.Desk)(nil)
	_ web.Cataloguing  = (*circulation.Desk)(nil)
)

// office is a server over a real ledger and the real acts, with a librarian
// signed in.
type office struct {
	*httptest.Server
	*kiosktest.World
	t      testing.TB
	client *http.Client
	web    *web.Server
	config web.Config
}

func newOffice(t testing.TB, change ...func(*web.Config)) *office {
	t.Helper()
	o := newOfficeOf(t, true, change...)
	if status, _, _ := o.post("/desk/sign-in", "name", "librarian", "password", webtest.Password); status != 303 {
		t.Fatalf("sign-in: %d", status)
	}
	return o
}

// newOfficeOf is an office that is set up, with a librarian's account, or not.
func newOfficeOf(t testing.TB, setUp bool, change ...func(*web.Config)) *office {
	t.Helper()
	l := kiosktest.NewMemory(nil)
	o := &office{World: kiosktest.NewWorld(t, l, "2026-11-24 09:25:00"), t: t}
	err := l.Update(t.Context(), func(tx kiosk.Tx) error {
		site, err := tx.Site()
		if err != nil {
			return err
		}
		if !setUp {
			return nil
		}
		site.Name = "Trường Tiểu học Mẫu"
		if err := tx.PutSite(site); err != nil {
			return err
		}
		return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: "librarian", Role: kiosk.Librarian, PasswordHash: webtest.PasswordHash, CreatedAt: o.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	st := webtest.NewStation("desk", nil)
	desk := &circulation.Desk{Ledger: l, Now: o.Now}
	c := web.Config{
		Ledger: l, Now: o.Now, Acquisitions: desk, Cataloguing: desk, Wishes: desk, Settings: desk, Accounts: desk, Lending: desk, Corners: desk, Stocktaking: desk, Withdrawing: desk, Yearly: desk,
		Station: func(n string) (web.Station, bool) { return st, n == "desk" },
		Events:  func(int64) (<-chan kiosk.Event, func()) { return make(chan kiosk.Event), func() {} },
		Scratch: t.TempDir(),
	}
	for _, f := range change {
		f(&c)
	}
	o.config = c
	o.web = web.New(c)
	o.Server = httptest.NewServer(o.web.Handler())
	t.Cleanup(o.Server.Close)
	o.client = &http.Client{Jar: newJar(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return o
}

// follow goes where a page leads, and says where that is.
func (o *office) follow(path string) (status int, body, to string) {
	o.t.Helper()
	c := *o.client
	c.CheckRedirect = nil
	res, err := c.Get(o.URL + path)
	if err != nil {
		o.t.Fatal(err)
	}
	status, body, _ = o.read(res)
	return status, body, res.Request.URL.Path
}

func (o *office) get(path string) (int, string) {
	o.t.Helper()
	res, err := o.client.Get(o.URL + path)
	if err != nil {
		o.t.Fatal(err)
	}
	status, body, _ := o.read(res)
	return status, body
}

func (o *office) read(res *http.Response) (int, string, string) {
	o.t.Helper()
	defer res.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, res.Body); err != nil {
		o.t.Fatal(err)
	}
	return res.StatusCode, b.String(), res.Header.Get("Location")
}

// post sends fields and values.
func (o *office) post(path string, pairs ...string) (status int, body, to string) {
	o.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	res, err := o.client.PostForm(o.URL+path, v)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.read(res)
}

var tokenIn = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is a fresh one of a page.
func (o *office) token(path string) string {
	o.t.Helper()
	status, body := o.get(path)
	m := tokenIn.FindStringSubmatch(body)
	if m == nil {
		o.t.Fatalf("%s: %d, no form", path, status)
	}
	return m[1]
}

// open makes a receipt and returns its page.
func (o *office) open(pairs ...string) string {
	o.t.Helper()
	// The first value of a field counts.
	all := append(append([]string{"token", o.token("/desk/receipts/new")}, pairs...), "source", "purchase", "date", "2026-11-20", "supplier", "Nhà sách mẫu")
	status, body, to := o.post("/desk/receipts", all...)
	if status != 303 {
		o.t.Fatalf("open: %d %s", status, body)
	}
	return to
}

// shelf is the id of a place.
func (o *office) shelf() string {
	o.t.Helper()
	var id string
	o.view(func(v kiosk.View) error {
		list, err := v.Places()
		id = string(list[0].ID)
		return err
	})
	return id
}

func (o *office) view(fn func(kiosk.View) error) {
	o.t.Helper()
	if err := o.Ledger.View(context.Background(), fn); err != nil {
		o.t.Fatal(err)
	}
}

// line adds n copies of a new title.
func (o *office) line(page, title, n string) {
	o.t.Helper()
	status, body, _ := o.post(page+"/add", "token", o.token(page+"/add?new=yes&q=x"), "title.title", title, "title.class_number", "895", "title.language", "vi",
		"quantity", n, "price", "25.000", "kind", "children", "home_place", o.shelf())
	if status != 303 {
		o.t.Fatalf("line %s: %d %s", title, status, troubles(body))
	}
}

var marked = regexp.MustCompile(`(?s)(?:class="wrong"[^>]*>|role="alert">.*?<span>|said-bar bad.*?<p>)([^<]*)<`)

// troubles are the sentences of a page that say what is wrong.
func troubles(body string) string {
	var all []string
	for _, m := range marked.FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, " | ")
}

// Sixty books on three lines: in, registered, undone, registered again; nothing
// happens twice.
func TestReceiptFromOpenToShelf(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open("voucher", "HD-01")
	if _, body := o.get(page); !strings.Contains(body, "Phiếu nhập số 1") || !strings.Contains(body, "Nhà sách mẫu") {
		t.Fatal(body)
	}
	o.line(page, "Truyện mẫu một", "30")
	o.line(page, "Truyện mẫu hai", "20")
	o.line(page, "Truyện mẫu ba", "10")

	// The bulk button, sent twice with the same token as a double click does.
	token := o.token(page)
	for range 2 {
		if status, _, to := o.post(page+"/tick", "token", token, "step", "register"); status != 303 || to != page {
			t.Fatalf("register: %d %s", status, to)
		}
	}
	_, body := o.get(page)
	for _, want := range []string{"Đã vào sổ 60 cuốn", "TN.00001", "TN.00060", "1.500.000 đ", "Hoàn tác"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	undo := regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(body)
	if undo == nil {
		t.Fatal("no undo")
	}
	o.post("/desk/undo", "token", o.token(page), "undo", undo[1])
	// The second of two clicks changes nothing and stays on its page.
	if status, _, to := o.post("/desk/undo", "token", "again", "undo", undo[1], "page", page); status != 303 || to != page {
		t.Errorf("undone twice: %d %s", status, to)
	}
	if _, _, to := o.post("/desk/undo", "token", "foreign", "undo", undo[1], "page", "//evil.example"); to != "/desk" {
		t.Errorf("undo goes to %s", to)
	}
	if _, body = o.get(page); !strings.Contains(body, "Đã hoàn tác") || !strings.Contains(body, "Vào sổ cả 60 cuốn") {
		t.Errorf("undone: %s", troubles(body))
	}
	if _, body = o.get("/desk/receipts"); !strings.Contains(body, "60 cuốn đang chờ xử lý, lâu nhất 4 ngày") {
		t.Error("the list does not say what waits")
	}
	o.post(page+"/tick", "token", o.token(page), "step", "register")
	// One line's copies are stamped, then the label of one is scanned.
	var line, code string
	o.view(func(v kiosk.View) error {
		id := kiosk.ID(strings.TrimPrefix(page, "/desk/receipts/"))
		items, err := v.ProcessingOf(id)
		line, code = string(items[0].LineID), items[0].Item.Barcode
		return err
	})
	o.post(page+"/tick", "token", o.token(page), "step", "stamp", "line", line)
	if _, body = o.get(page); !strings.Contains(body, "30 cuốn có dấu") {
		t.Error("one line's step is not said")
	}
	o.post("/desk/shelve", "token", o.token("/desk/shelve"), "code", code)
	if _, body = o.get("/desk/shelve"); !strings.Contains(body, "TN.00001") || !strings.Contains(body, "K1") {
		t.Error("the shelf's answer is missing")
	}
	o.post("/desk/shelve", "token", o.token("/desk/shelve"), "code", "<b>9999")
	if _, body = o.get("/desk/shelve"); !strings.Contains(body, "Không có cuốn nào mang mã") || strings.Contains(body, "<b>9999") {
		t.Error("an unknown code is not told, or not escaped")
	}
	if _, body = o.get(page + "/sheet"); !strings.Contains(body, "BIÊN BẢN GIAO NHẬN") || !strings.Contains(body, "TN.00031") {
		t.Error("the hand-over sheet")
	}
	o.Replayed()
}

// Every bad value of a receipt or a line: refused beside its field, with all
// that was typed still there, and nothing written.
func TestBadReceiptsAndLines(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open()
	shelf := o.shelf()
	good := map[string]string{"title.title": "Truyện mẫu", "quantity": "3", "price": "0", "kind": "children", "home_place": shelf, "title.language": "vi"}
	for _, c := range []struct{ name, field, value, want string }{
		{"negative", "quantity", "-1", "Điền từ 1 đến 500"},
		{"letters", "quantity", "mười", "Chỉ viết chữ số"},
		{"none", "quantity", "", "Điền từ 1 đến 500"},
		{"half", "quantity", "1.5", "Chỉ viết chữ số"},
		{"too many", "quantity", "501", "Điền từ 1 đến 500"},
		{"beyond any number", "quantity", strings.Repeat("9", 40), "Chỉ viết chữ số"},
		{"price", "price", "-5", "Điền từ 0"},
		{"kind", "kind", "spaceship", "Chọn một mục"},
		{"place", "home_place", "nowhere", "Chọn một mục"},
		{"no place", "home_place", "", "cần điền"},
		{"no title", "title.title", "  ", "cần điền"},
		{"10,000 letters", "title.title", strings.Repeat("ạ", 10000), "nhiều nhất 500 chữ"},
		{"ISBN", "title.isbn", "9780306406158", "chưa đọc được"},
		{"year", "title.year", "soon", "Chỉ viết chữ số"},
		{"grade", "title.grade", "77", "Điền từ 0 đến 12"},
		{"an unknown title", "title", "no-such-title", ""},
	} {
		pairs := []string{"token", o.token(page + "/add?new=yes&q=x")}
		for k, v := range good {
			if k == c.field {
				v = c.value
			}
			pairs = append(pairs, k, v)
		}
		if _, in := good[c.field]; !in {
			pairs = append(pairs, c.field, c.value)
		}
		status, body, _ := o.post(page+"/add", pairs...)
		if c.want == "" {
			if status != 404 {
				t.Errorf("%s: %d", c.name, status)
			}
			continue
		}
		if status != 422 || !strings.Contains(troubles(body), c.want) {
			t.Errorf("%s: %d %q", c.name, status, troubles(body))
		}
		if v := strings.TrimSpace(c.value); v != "" && c.field != "kind" && c.field != "home_place" && !strings.Contains(body, v) {
			t.Errorf("%s: what was typed is lost", c.name)
		}
	}
	for _, c := range []struct{ name, field, value, want string }{
		{"source", "source", "theft", "Chọn một mục"},
		{"no donor", "source", "donation", "cần điền"},
		{"future", "date", "2027-01-01", "chưa tới"},
		{"no date", "date", "", "cần điền"},
		{"date", "date", "yesterday", "Viết ngày như"},
		{"old", "date", "1066-10-14", "Điền từ 1900"},
		{"long voucher", "voucher", strings.Repeat("x", 201), "nhiều nhất 200"},
	} {
		v := map[string]string{"token": o.token("/desk/receipts/new"), "source": "purchase", "date": "2026-11-20"}
		v[c.field] = c.value
		var pairs []string
		for k, v := range v {
			pairs = append(pairs, k, v)
		}
		status, body, _ := o.post("/desk/receipts", pairs...)
		if status != 422 || !strings.Contains(troubles(body), c.want) {
			t.Errorf("%s: %d %q", c.name, status, troubles(body))
		}
	}
	o.view(func(v kiosk.View) error {
		lines, err := v.ReceiptLines(kiosk.ID(strings.TrimPrefix(page, "/desk/receipts/")))
		if len(lines) != 0 {
			t.Errorf("%d lines were written", len(lines))
		}
		all, _ := v.Receipts(false)
		if len(all) != 1 {
			t.Errorf("%d receipts, want the one that is good", len(all))
		}
		return err
	})
}

// A title with markup is a title; an unknown receipt is no fault of ours; a
// form without a token, or with one that was used for something else, does
// nothing; a closed receipt says so.
func TestFormsThatAreStaleOrForeign(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open()
	o.line(page, "<script>alert(1)</script> & Cô", "1")
	if _, body := o.get(page); strings.Contains(body, "<script>alert") || !strings.Contains(body, "&lt;script&gt;") {
		t.Error("markup of a title is not escaped")
	}
	for _, path := range []string{"/desk/receipts/none", "/desk/receipts/none/add?q=x", "/desk/receipts/none/edit", "/desk/receipts/none/sheet", page + "/lines/none"} {
		if status, _ := o.get(path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _, _ := o.post(page+"/tick", "step", "register"); status != 400 {
		t.Errorf("without a token: %d", status)
	}
	if status, _, _ := o.post(page+"/tick", "token", "x", "step", "bake"); status != 400 {
		t.Errorf("an unknown step: %d", status)
	}
	token := o.token("/desk/receipts/new")
	o.post("/desk/receipts", "token", token, "source", "purchase", "date", "2026-11-20")
	status, body, _ := o.post("/desk/receipts", "token", token, "source", "purchase", "date", "2026-11-21", "note", "another")
	if status != 422 || !strings.Contains(troubles(body), "đã gửi một lần rồi") || !strings.Contains(body, "another") {
		t.Errorf("a used token with other values: %d %q", status, troubles(body))
	}
	// A line's form that was open while its copies were registered.
	var line string
	o.view(func(v kiosk.View) error {
		lines, err := v.ReceiptLines(kiosk.ID(strings.TrimPrefix(page, "/desk/receipts/")))
		line = page + "/lines/" + string(lines[0].ID)
		return err
	})
	token = o.token(line)
	o.post(page+"/tick", "token", o.token(page), "step", "register")
	status, body, _ = o.post(line, "token", token, "quantity", "7", "price", "1000", "kind", "children", "home_place", o.shelf())
	if status != 422 || !strings.Contains(troubles(body), "Đã vào sổ 1 trên 1 cuốn") || !strings.Contains(body, `value="7"`) {
		t.Errorf("a registered line: %d %q", status, troubles(body))
	}
	o.post(line+"/remove", "token", token+"x")
	if _, body = o.get(page); !strings.Contains(troubles(body), "Đã vào sổ 1 trên 1 cuốn") {
		t.Errorf("removing a registered line: %q", troubles(body))
	}
	o.post(page+"/close", "token", o.token(page))
	status, body, _ = o.post(page+"/add", "token", "kept-open-in-another-tab", "title.title", "Muộn", "quantity", "1", "kind", "children", "home_place", o.shelf())
	if status != 422 || !strings.Contains(troubles(body), "đã khoá") || !strings.Contains(body, "Muộn") {
		t.Errorf("a closed receipt: %d %q", status, troubles(body))
	}
	o.view(func(v kiosk.View) error {
		all, err := v.Receipts(false)
		if len(all) != 2 {
			t.Errorf("%d receipts, want 2", len(all))
		}
		return err
	})
}

// A sign-in that ends while a long form is typed loses nothing of it.
func TestFormOutlivesItsSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	token := o.token("/desk/receipts/new")
	o.Advance(13 * time.Hour)
	status, body, _ := o.post("/desk/receipts", "token", token, "source", "purchase", "date", "2026-11-20", "note", "một <ghi chú> dài")
	if status != 401 || !strings.Contains(body, `action="/desk/receipts"`) || !strings.Contains(body, `name="note" value="một &lt;ghi chú&gt; dài"`) || !strings.Contains(body, "Gửi lại") {
		t.Fatalf("%d %s", status, body)
	}
	o.post("/desk/sign-in", "name", "librarian", "password", webtest.Password)
	if status, _, to := o.post("/desk/receipts", "token", token, "source", "purchase", "date", "2026-11-20", "note", "một <ghi chú> dài"); status != 303 {
		t.Errorf("sent again: %d %s", status, to)
	}
}
