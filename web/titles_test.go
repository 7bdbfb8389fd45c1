package web_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// shelfOf fills an office with two titles that are one, a third, and people.
func shelfOf(t testing.TB) (o *office, men, double, land kiosk.Item) {
	o = newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3B", 3)
	o.Patron(kiosk.Pupil, "20000032", "Lê An Mẫu", "2A", 2)
	men, double, land = o.Copy("30000013", "Dế Mèn phiêu lưu ký", kiosk.Children, kiosk.Story), o.Copy("30000021", "Dế mèn phiêu lưu ký", kiosk.Children, ""), o.Copy("30000039", "Đất rừng phương Nam", kiosk.Reference, "")
	err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		b := men.Title
		b.Authors, b.Relators, b.ISBN, b.Level, b.Grade, b.Subjects = []string{"Tô Hoài", "Người Vẽ Mẫu"}, []kiosk.Relator{"", kiosk.Illustrator}, "9786042088787", "green", 3, []string{"Loài vật"}
		b.Summary, b.Link = "Chú dế đi xa.", "https://example.edu.vn/de-men"
		return tx.PutTitle(b)
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Lent("20000016", "30000039", "2026-11-30")
	return o, men, double, land
}

var stampIn = regexp.MustCompile(`name="seen" value="([^"]*)"`)

func (o *office) stamp(path string) string {
	o.t.Helper()
	_, body := o.get(path)
	m := stampIn.FindStringSubmatch(body)
	if m == nil {
		o.t.Fatalf("%s has no stamp: %.600s", path, body)
	}
	return m[1]
}

func TestDeskSearch(t *testing.T) {
	o, men, _, _ := shelfOf(t)
	for q, want := range map[string][]string{
		"de men":       {"Dế Mèn phiêu lưu ký", "2 tên sách"},
		"de mem pheu":  {"Dế Mèn phiêu lưu ký"},
		"an":           {"Lê An Mẫu", "Nguyễn Mẫu An"},
		"an nguyen":    {"Nguyễn Mẫu An"},
		"bình":         {"Trần Mẫu Bình"},
		"2a":           {"Nguyễn Mẫu An", "Lê An Mẫu"},
		"khong co gi":  {"Không có tên sách nào"},
		`<b>"x"</b>`:   {"&lt;b&gt;"},
		"3b tran binh": {"Trần Mẫu Bình"},
	} {
		_, body := o.get("/desk/search?q=" + strings.ReplaceAll(strings.ReplaceAll(q, " ", "+"), `"`, "%22"))
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%q: no %q in %.1500s", q, w, body[strings.Index(body, "<main"):])
			}
		}
	}
	// By given name: An before Bình; An as the given name before An in the middle.
	_, body := o.get("/desk/search?q=an")
	if strings.Index(body, "Nguyễn Mẫu An") > strings.Index(body, "Lê An Mẫu") {
		t.Error("the given name does not come first")
	}
	for code, to := range map[string]string{men.Barcode: "/desk/copies/" + string(men.ID), strings.ToLower(men.Accession): "/desk/copies/", "20000016": "/desk/patrons/"} {
		res, err := o.client.Get(o.URL + "/desk/search?q=" + code)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, loc := o.read(res); !strings.HasPrefix(loc, to) {
			t.Errorf("%s leads to %q, want %q", code, loc, to)
		}
	}
}

// What the desk finds says where it stands, or when the first copy comes back.
func TestWhatIsFoundSaysWhereItStands(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	item := o.Copy("30000013", "Dế mẫu phiêu lưu", kiosk.Children, "")
	for _, path := range []string{"/desk/search?q=de+mau", "/desk/titles?q=de+mau"} {
		_, body := o.get(path)
		o.sees(html.UnescapeString(body), "Còn 1 trên 1 cuốn")
	}
	o.Lent("20000016", "30000013", "2026-11-30")
	// A loan in a copy's history is not told as a copy on the shelf.
	_, body := o.get("/desk/copies/" + string(item.ID))
	if got := visible(html.UnescapeString(body)); !strings.Contains(got, "Lượt mượn chuyển từ sổ cũ") || strings.Contains(got, "Có trên giá") {
		t.Errorf("the history of a copy that is out: %s", got)
	}
	for _, path := range []string{"/desk/search?q=de+mau", "/desk/titles?q=de+mau", "/desk/titles/" + string(item.TitleID)} {
		_, body := o.get(path)
		o.sees(html.UnescapeString(body), "về trước thứ Hai 30/11")
	}
}

// People are for those who answer for them.
func TestHelpersFindNoPeople(t *testing.T) {
	o, _, _, _ := shelfOf(t)
	err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		a, err := tx.AccountByName("librarian")
		if err != nil {
			return err
		}
		for _, r := range []kiosk.Role{kiosk.Helper, kiosk.Management, kiosk.Collaborator} {
			a.ID, a.Name, a.Role = tx.NewID(), string(r), r
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for role, sees := range map[kiosk.Role]bool{kiosk.Helper: false, kiosk.Management: true, kiosk.Collaborator: false} {
		o.client = &http.Client{Jar: newJar(), CheckRedirect: o.client.CheckRedirect}
		o.post("/desk/sign-in", "name", string(role), "password", webtest.Password)
		for _, q := range []string{"mau", "20000016", "2a"} {
			status, body := o.get("/desk/search?q=" + q)
			if status != 200 || strings.Contains(body, "Nguyễn Mẫu An") != sees {
				t.Errorf("%s asks %q: %d, sees people %v, want %v", role, q, status, !sees, sees)
			}
			// Nobody is led to a page that is not theirs.
			if strings.Contains(body, "/desk/patrons/") {
				t.Errorf("%s is led to somebody's page", role)
			}
		}
	}
	o.client = &http.Client{Jar: newJar(), CheckRedirect: o.client.CheckRedirect}
	o.post("/desk/sign-in", "name", string(kiosk.Collaborator), "password", webtest.Password)
	if status, _, to := o.follow("/desk"); status != 200 || to != "/desk/my-classes" {
		t.Errorf("a collaborator's desk: %d at %s", status, to)
	}
	// The public catalogue never names who has a book.
	o.client = &http.Client{Jar: newJar()}
	_, body := o.get("/catalogue?q=dat+rung")
	if !strings.Contains(body, "Đang cho mượn") || strings.Contains(body, "Nguyễn") || strings.Contains(body, "20000016") {
		t.Errorf("the public catalogue: %s", body)
	}
}

func TestCatalogueFacets(t *testing.T) {
	o, _, _, _ := shelfOf(t)
	_, body := o.get("/catalogue")
	for _, want := range []string{"Sách mới về", "Xanh lá", "Lớp 3", "Sách thiếu nhi", "Loài vật", "level=green"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
	_, body = o.get("/catalogue?level=green&kind=children&grade=3&subject=Lo%C3%A0i+v%E1%BA%ADt&new=1")
	if !strings.Contains(body, "Dế Mèn phiêu lưu ký") || strings.Contains(body, "Đất rừng") || !strings.Contains(body, "Tìm thấy 1 tên sách") {
		t.Errorf("narrowed: %.2000s", body)
	}
	for _, path := range []string{"/catalogue?level=%00&grade=-1&kind=x&page=-3", "/catalogue?grade=99999999999999999999", "/catalogue?q=" + strings.Repeat("a", 5000)} {
		if status, _ := o.get(path); status != 200 {
			t.Errorf("%.60s: %d", path, status)
		}
	}
}

func TestEditTitlePages(t *testing.T) {
	o, men, _, _ := shelfOf(t)
	edit := "/desk/titles/" + string(men.TitleID) + "/edit"
	seen := o.stamp(edit)
	fields := func(title string, more ...string) []string {
		return append([]string{"token", o.token(edit), "seen", seen, "title.title", title, "author", "Tô Hoài", "relator", "", "author", "Người Vẽ Mẫu", "relator", "ill", "title.isbn", "978-604-2-08878-7",
			"title.level", "green", "title.grade", "3", "title.subjects", "Loài vật; Phiêu lưu", "title.language", "vi", "title.call_number", "V23", "title.summary", "Chú dế đi xa.", "title.link", "https://example.edu.vn/de-men"}, more...)
	}
	status, _, to := o.post(edit, fields("Dế Mèn phiêu lưu ký (tái bản)")...)
	if status != 303 || to != "/desk/titles/"+string(men.TitleID) {
		t.Fatalf("edit: %d %s", status, to)
	}
	_, page := o.get(to)
	for _, want := range []string{"(tái bản)", "Loài vật; Phiêu lưu", "Người Vẽ Mẫu (Minh hoạ)", "Hoàn tác", "Đã đổi"} {
		if !strings.Contains(page, want) {
			t.Errorf("the title's page has no %q", want)
		}
	}
	// Another librarian who began before: nothing is saved, what was typed is
	// there, and what is stored stands below the field.
	status, body, _ := o.post(edit, fields("Tên của người thứ hai", "author", "", "relator", "")...) // with the form's line for one more
	if strings.Contains(body, "Đang lưu: Tô Hoài") {
		t.Error("the authors, who are the same, are said to differ")
	}
	if status != 422 || !strings.Contains(body, "Tên của người thứ hai") || !strings.Contains(body, "Đang lưu: Dế Mèn phiêu lưu ký (tái bản)") {
		t.Errorf("two at once: %d %.800s", status, body)
	}
	// Sent again from the page that says so, it is saved.
	seen = stampIn.FindStringSubmatch(body)[1]
	if status, _, _ := o.post(edit, fields("Tên của người thứ hai")...); status != 303 {
		t.Errorf("after looking: %d", status)
	}
	seen = o.stamp(edit)
	long := strings.Repeat("ế", 10_000)
	for field, bad := range map[string]string{
		"title.title": long, "title.remainder": long, "title.publisher": long, "title.pub_place": long, "title.edition": long, "title.series": long, "title.class_number": long,
		"title.size": long, "title.call_number": long, "title.summary": long, "title.year": "-1", "title.grade": "lớp 3", "title.pages": "99999999999999999999999",
		"title.price": "-5", "title.isbn": "123", "title.link": "javascript:alert(1)", "title.class_scheme": "x", "title.subjects": long,
	} {
		v := fields("Tên")
		for i := 0; i < len(v); i += 2 {
			if v[i] == field {
				v = append(v[:i], v[i+2:]...)
				break
			}
		}
		status, body, _ := o.post(edit, append(v, field, bad)...)
		at := strings.Index(body, `id="`+field+`-wrong"`)
		if status != 422 || at < 0 {
			t.Errorf("%s: %d, no sentence beside the field", field, status)
		}
		if !strings.Contains(body, bad[:min(len(bad), 300)]) && field != "title.class_scheme" {
			t.Errorf("%s: what was typed is gone", field)
		}
	}
}

func TestAddTitlePages(t *testing.T) {
	o, _, _, _ := shelfOf(t)
	_, body := o.get("/desk/titles/alike?title.title=d%E1%BA%BF+m%C3%A8n+phi%C3%AAu+l%C6%B0u+k%C3%BD&title.isbn=")
	if !strings.Contains(body, "đã có sách giống") || strings.Contains(body, "<html") {
		t.Errorf("while typing: %s", body)
	}
	token := o.token("/desk/titles/new")
	status, _, to := o.post("/desk/titles/new", "token", token, "title.title", `Sách <i>mới</i> "mẫu"`, "title.class_scheme", "ddc", "title.class_number", "895.9")
	if status != 303 {
		t.Fatalf("add: %d", status)
	}
	_, page := o.get(to)
	if !strings.Contains(page, "Sách &lt;i&gt;mới&lt;/i&gt;") || !strings.Contains(page, "895.9 SAC") || !strings.Contains(page, "Chưa có cuốn nào") {
		t.Errorf("new title: %.1500s", page)
	}
	// Sent twice: one title.
	if _, _, again := o.post("/desk/titles/new", "token", token, "title.title", `Sách <i>mới</i> "mẫu"`, "title.class_scheme", "ddc", "title.class_number", "895.9"); again != to {
		t.Errorf("twice: %s and %s", to, again)
	}
}

func TestMergePages(t *testing.T) {
	o, men, double, _ := shelfOf(t)
	_, body := o.get("/desk/titles/duplicates")
	path := "/desk/titles/" + string(men.TitleID) + "/merge"
	if !strings.Contains(body, path) {
		t.Errorf("duplicates: %.1500s", body)
	}
	if _, body := o.get(path + "?with=" + string(men.TitleID)); !strings.Contains(body, "cùng một tên sách") {
		t.Error("a merge with itself is not explained")
	}
	if status, body, _ := o.post(path, "token", "t1", "with", string(men.TitleID)); status != 422 || !strings.Contains(body, "cùng một tên sách") {
		t.Errorf("a merge with itself: %d", status)
	}
	at := path + "?with=" + string(double.TitleID)
	if status, body, _ := o.post(path, "token", "t2", "with", string(double.TitleID), "seen", "old"); status != 422 || !strings.Contains(body, "có người khác đã đổi") {
		t.Errorf("a stale merge: %d", status)
	}
	status, _, to := o.post(path, "token", o.token(at), "seen", o.stamp(at), "with", string(double.TitleID), "take.title.title", "gone")
	if status != 303 {
		t.Fatalf("merge: %d", status)
	}
	_, page := o.get(to)
	if !strings.Contains(page, "Các cuốn: 2") || !strings.Contains(page, "<h1>Dế mèn phiêu lưu ký") || !strings.Contains(page, "Tô Hoài") {
		t.Errorf("merged: %.2500s", page)
	}
	if _, old := o.get("/desk/titles/" + string(double.TitleID)); !strings.Contains(old, "đã được nhập vào") {
		t.Error("the old id is no pointer")
	}
	undo := regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(page)
	o.post("/desk/undo", "token", o.token(to), "undo", undo[1], "page", to)
	if _, page = o.get(to); !strings.Contains(page, "Các cuốn: 1") {
		t.Errorf("undone: %.1500s", page)
	}
}

func TestCopyPages(t *testing.T) {
	o, men, double, land := shelfOf(t)
	path := func(i kiosk.Item) string { return "/desk/copies/" + string(i.ID) }
	do := func(i kiosk.Item, what string) string {
		t.Helper()
		if status, _, _ := o.post(path(i)+"/do", "token", o.token(path(i)), "what", what); status != 303 {
			t.Errorf("%s: %d", what, status)
		}
		_, page := o.get(path(i))
		return page
	}
	if _, page := o.get(path(land)); !strings.Contains(page, "Nguyễn Mẫu An") || !strings.Contains(page, "hạn trả") {
		t.Errorf("a lent copy: %.1500s", page)
	}
	if page := do(land, "repair"); !strings.Contains(page, "Nhận trả trước đã") {
		t.Error("a lent copy went to repair")
	}
	if page := do(men, "repair"); !strings.Contains(page, "Đang sửa") {
		t.Error("not in repair")
	}
	if _, list := o.get("/desk/copies?status=in_repair"); !strings.Contains(list, men.Accession) || strings.Contains(list, land.Accession) {
		t.Error("the list of repairs")
	}
	do(men, "repaired")
	if page := do(men, "lost"); !strings.Contains(page, "Đã tìm thấy") {
		t.Error("a lost copy cannot be found")
	}
	do(men, "found")
	edit := path(men) + "/edit"
	status, _, _ := o.post(edit, "token", o.token(edit), "seen", o.stamp(edit), "condition", "worn", "price", "25.000", "note", "bìa rời")
	_, page := o.get(path(men))
	if status != 303 || !strings.Contains(page, "25.000") || !strings.Contains(page, "bìa rời") || !strings.Contains(page, "Cũ") {
		t.Errorf("edit: %d %.2500s", status, page)
	}
	for field, bad := range map[string]string{"price": "-1", "condition": "new", "home_place": "nowhere", "note": strings.Repeat("x", 10_000), "place": "nowhere"} {
		v := map[string]string{"condition": "worn", "price": "25000", "note": ""}
		v[field] = bad
		pairs := []string{"token", o.token(edit), "seen", o.stamp(edit)}
		for k, x := range v {
			pairs = append(pairs, k, x)
		}
		if status, body, _ := o.post(edit, pairs...); status != 422 || !strings.Contains(body, field+`-wrong`) {
			t.Errorf("%s: %d", field, status)
		}
	}
	// A barcode of another copy: asked first.
	move := path(men) + "/barcode"
	status, body, _ := o.post(move, "token", o.token(move), "barcode", double.Barcode, "how", "swap")
	if status != 422 || !strings.Contains(body, double.Accession) || !strings.Contains(body, "dán nhầm nhãn") {
		t.Errorf("without being asked: %d %.1500s", status, body)
	}
	if status, _, _ = o.post(move, "token", o.token(move), "barcode", double.Barcode, "of", double.Barcode, "how", "swap"); status != 303 {
		t.Errorf("swap: %d", status)
	}
	if _, page := o.get(path(double)); !strings.Contains(page, men.Barcode) {
		t.Error("the codes were not exchanged")
	}
	for code, say := range map[string]string{"20000016": "thẻ, biển hoặc lệnh", "": "barcode-wrong", "<x>": "barcode-wrong"} {
		if status, body, _ := o.post(move, "token", o.token(move), "barcode", code); status != 422 || !strings.Contains(body, say) {
			t.Errorf("barcode %q: %d, no %q", code, status, say)
		}
	}
	for _, p := range []string{"/desk/copies?lack=price", "/desk/copies?lack=nonsense&status=x", "/desk/copies?condition=worn&as=print"} {
		if status, _ := o.get(p); status != 200 {
			t.Errorf("%s: %d", p, status)
		}
	}
}

func TestTitlePagesInTheBrowser(t *testing.T) {
	t.Parallel()
	o, men, double, land := shelfOf(t)
	p := webtest.Open(t)
	signInAt(p, o.URL, "/desk/titles")
	look := func(name, path, want string) {
		t.Helper()
		p.Go(o.URL + path)
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide: %s", name, size.name, wide, webtest.Eval[string](p, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 4).map(e => e.outerHTML.slice(0, 90)).join(" | ")`))
			}
			p.Axe(name + size.name)
			p.Picture("titles-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	look("list", "/desk/titles", "Còn thiếu")
	look("find", "/desk/search?q=an", "Nguyễn Mẫu An")
	look("near", "/desk/titles?q=de+mem+pheu", "Gần giống")
	look("catalogue", "/catalogue", "Trình độ đọc")
	look("catalogue-narrow", "/catalogue?level=green", "Bỏ các lựa chọn")
	look("title", "/desk/titles/"+string(men.TitleID), "Tô Hoài")
	look("merge", "/desk/titles/"+string(men.TitleID)+"/merge?with="+string(double.TitleID), "Tên được giữ")
	look("merge-which", "/desk/titles/"+string(men.TitleID)+"/merge", "Tên sách nào trùng")
	look("duplicates", "/desk/titles/duplicates", "So sánh")
	look("copies", "/desk/copies?lack=label", "Số ĐKCB")
	look("copy", "/desk/copies/"+string(land.ID), "Nguyễn Mẫu An")
	look("copy-edit", "/desk/copies/"+string(men.ID)+"/edit", "Độ mới cũ")
	look("barcode", "/desk/copies/"+string(men.ID)+"/barcode", "Mã vạch mới")
	p.Type("#barcode", double.Barcode)
	p.Click("main form button[type=submit]")
	p.WaitText("dán nhầm nhãn")
	p.Axe("barcode-taken")
	p.Picture("titles-barcode-taken")
	look("edit", "/desk/titles/"+string(men.TitleID)+"/edit", "Tác giả và người tham gia")
	// A new title that is there already is named while it is typed.
	look("new", "/desk/titles/new", "Chép đúng như trang tên sách")
	p.Type("[name='title.title']", "dế mèn phiêu lưu ký")
	p.WaitText("đã có sách giống")
	p.Axe("new-alike")
	p.Picture("titles-new-alike")
	p.Type("[name='title.year']", "x")
	p.Click("main .grid-form button[type=submit]")
	p.WaitText("Xem lại")
	p.Axe("new-bad")
	p.Picture("titles-new-bad")
	// From the box in the bar, with a scanner's Enter.
	p.Go(o.URL + "/desk")
	p.Type("#everywhere", men.Barcode+"\n")
	p.WaitText("Độ mới cũ")
	look("title-en", "/desk/titles/"+string(men.TitleID)+"?lang=en", "Edit the title")
	p.Go(o.URL + "/desk?lang=vi")
}
