package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// stored are the wishes as the ledger has them, the newest first.
func (o *office) stored() (all []kiosk.Wish) {
	o.t.Helper()
	err := o.Ledger.View(o.t.Context(), func(v kiosk.View) (err error) {
		all, err = v.Wishes()
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

// TestWishes walks a wish from the catalogue's empty answer to the librarian's
// list and her decision, which she takes back.
func TestWishes(t *testing.T) {
	o := newOffice(t)
	stranger := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	visit := func(path string) string {
		t.Helper()
		res, err := stranger.Get(o.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := o.read(res)
		return body
	}
	ask := func(token, wish, class string) (int, string, string) {
		t.Helper()
		res, err := stranger.PostForm(o.URL+"/catalogue/wishes", url.Values{"token": {token}, "wish": {wish}, "class": {class}})
		if err != nil {
			t.Fatal(err)
		}
		return o.read(res)
	}
	page := visit("/catalogue?q=truyen+rong+mau")
	m := tokenIn.FindStringSubmatch(page)
	if m == nil || !strings.Contains(page, `value="truyen rong mau"`) {
		t.Fatalf("nothing found, and no form for a wish: %.2000s", page)
	}
	if strings.Contains(visit("/catalogue"), "/catalogue/wishes") {
		t.Error("the form stands where nothing was looked for")
	}
	for range 2 { // a double click
		code, _, to := ask(m[1], "Truyện rồng mẫu", "3A")
		if code != http.StatusSeeOther || !strings.Contains(visit(to), "Thư viện đã ghi lại") {
			t.Errorf("sent: %d to %s", code, to)
		}
	}
	ask("another", "truyen  RONG mau", "") // the same book, by another child
	if got := o.stored(); len(got) != 1 || got[0].Times != 2 || got[0].Text != "Truyện rồng mẫu" || got[0].Class != "3A" || got[0].From != kiosk.WishAtCatalogue {
		t.Fatalf("stored %+v", got)
	}
	if code, body, _ := ask("long", strings.Repeat("ă", 121), "3A"); code != http.StatusUnprocessableEntity || !strings.Contains(body, strings.Repeat("ă", 121)) {
		t.Errorf("too long: %d, or what was typed is lost", code)
	}
	if code, body, _ := ask("none", " ", ""); code != http.StatusUnprocessableEntity || !strings.Contains(body, `class="wrong"`) {
		t.Errorf("nothing said: %d %.500s", code, body)
	}
	ask("fifth", `<b>"Sách"</b>`, "")
	code, body, _ := ask("sixth", "Sách mẫu sau năm lần", "")
	if code != http.StatusUnprocessableEntity || !strings.Contains(body, "Sách mẫu sau năm lần") || len(o.stored()) != 2 {
		t.Errorf("the sixth in a row: %d, %d stored", code, len(o.stored()))
	}

	list, body := o.get("/desk/wishes")
	if list != 200 || !strings.Contains(body, "&lt;b&gt;") || !strings.Contains(body, "Truyện rồng mẫu") {
		t.Fatalf("the list: %d %.800s", list, body)
	}
	o.view(func(v kiosk.View) error { // whatever zone the store or the PC is in
		loc, err := kiosk.LocationOf(v)
		if want := o.stored()[0].At.In(loc).Format("15:04 02/01/2006"); err == nil && !strings.Contains(body, want) {
			t.Errorf("the list does not tell the school's time %s", want)
		}
		return err
	})
	id := o.stored()[1].ID
	path := "/desk/wishes/" + string(id)
	seen := o.stamp(path)
	answer := func(token, status, note string) (int, string, string) {
		t.Helper()
		res, err := o.client.PostForm(o.URL+path, url.Values{"token": {token}, "seen": {seen}, "status": {status}, "note": {note}})
		if err != nil {
			t.Fatal(err)
		}
		return o.read(res)
	}
	if code, _, _ := answer("a", "perhaps", ""); code != http.StatusUnprocessableEntity {
		t.Errorf("no such status: %d", code)
	}
	if code, _, to := answer("b", "ordered", "Về tháng sau"); code != http.StatusSeeOther || to != "/desk/wishes" {
		t.Errorf("ordered: %d to %s", code, to)
	}
	if got := o.stored()[1]; got.Status != kiosk.WishOrdered || got.Note != "Về tháng sau" || got.DoneBy == "" || got.DoneAt.IsZero() {
		t.Errorf("stored %+v", got)
	}
	if code, body, _ := answer("c", "no", ""); code != http.StatusUnprocessableEntity || !strings.Contains(body, `class="other"`) {
		t.Errorf("a form from before: %d", code)
	}
	_, body = o.get("/desk/wishes")
	undo, once := regexp.MustCompile(`name="undo" value="([^"]*)"`).FindStringSubmatch(body), tokenIn.FindStringSubmatch(body)
	if undo == nil {
		t.Fatal("no way back")
	}
	res, err := o.client.PostForm(o.URL+"/desk/undo", url.Values{"token": {once[1]}, "undo": {undo[1]}, "page": {"/desk/wishes"}})
	if err != nil {
		t.Fatal(err)
	}
	o.read(res)
	if got := o.stored()[1]; got.Status != kiosk.Wished || got.Note != "" {
		t.Errorf("taken back: %+v", got)
	}
}

// TestWishPages looks at the pages of wishes.
func TestWishPages(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o := newOffice(t)
	for _, size := range []webtest.Size{{W: 1366, H: 768}, {W: 390, H: 844}} {
		p.Resize(size)
		p.Go(o.URL + "/catalogue?q=sach+mau+chua+co")
		p.WaitText("Xin thư viện")
		p.Axe("wish-form")
		p.Picture("wish-form-" + map[bool]string{true: "phone", false: "desk"}[size.W < 500])
	}
	p.Type("#class", "3A")
	p.Click(".wish-form button")
	p.WaitText("Thư viện đã ghi lại")
	p.Axe("wished")
	p.Picture("wish-thanks")
	p.Go(o.URL + "/desk/sign-in?next=/desk/wishes")
	p.Type("#name", "librarian")
	p.Type("#password", webtest.Password)
	p.Click("main button[type=submit]")
	p.WaitText("sach mau chua co")
	for _, size := range []webtest.Size{{W: 390, H: 844}, {W: 1366, H: 768}} {
		name := map[bool]string{true: "-phone", false: "-desk"}[size.W < 500]
		p.Resize(size)
		p.Go(o.URL + "/desk/wishes")
		p.WaitText("sach mau chua co")
		p.Axe("wishes")
		p.Picture("wishes" + name)
		p.Go(o.URL + "/desk/wishes/" + string(o.stored()[0].ID))
		p.WaitText("Ghi chú")
		p.Axe("wish")
		p.Picture("wish" + name)
	}
	p.Click("input[value=ordered]")
	p.Type("#note", "Về tháng sau")
	p.Click("main .grid-form button[type=submit]")
	p.WaitText("Hoàn tác")
	p.Axe("wish-answered")
	p.Picture("wish-answered")
}
