package web_test

import (
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

var tagsOut = regexp.MustCompile(`<[^>]*>`)

// A class's form is filled by its own teacher, who sees no other's; the register adds
// the classes up, and what does not add up comes back with the field named.
func TestTextbookSurvey(t *testing.T) {
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3B", 3)
	o.Copy("30000013", "Toán mẫu 2", kiosk.Textbook, "GK.00001")
	class, book := map[string]string{}, ""
	o.view(func(v kiosk.View) error {
		rules, err := v.Rules(o.Today())
		if err != nil {
			return err
		}
		list, err := v.Classes(rules.Year.ID)
		for _, c := range list {
			class[c.Name] = string(c.ID)
		}
		if err != nil {
			return err
		}
		return v.EachTitle(func(t kiosk.Title) error { book = string(t.ID); return nil })
	})
	_, once := o.hire("co-2a", kiosk.Collaborator, "class", class["2A"])
	b := o.settle("co-2a", once)
	status, body := b.get("/desk/surveys")
	if status != 200 || !strings.Contains(body, class["2A"]) || strings.Contains(body, class["3B"]) {
		t.Errorf("the teacher's list: %d", status)
	}
	if status, _ := b.get("/desk/surveys/" + class["3B"] + "/1"); status != 404 {
		t.Errorf("another's form: %d", status)
	}
	if status, _ := b.get("/desk/surveys/" + class["2A"] + "/3"); status != 404 {
		t.Errorf("a third round: %d", status)
	}
	page := "/desk/surveys/" + class["2A"] + "/1?add=" + book
	_, body = b.get(page)
	if !strings.Contains(body, "Toán mẫu 2") || !strings.Contains(body, `value="1"`) {
		t.Error("the form has no book or no number of pupils")
	}
	form := func(pairs ...string) []string {
		return append([]string{"token", b.token(page), "seen", valueOf(body, "seen"), "day", o.Today().String(), "book", book}, pairs...)
	}
	if status, body, _ := b.post("/desk/surveys/"+class["2A"]+"/1", form("pupils", "30", "full", "28", "own_"+book, "20", "lent_"+book, "4")...); status != 422 || !strings.Contains(body, "Điền từ 0 đến 24") {
		t.Error(status, troubles(body))
	}
	if status, body, _ := b.post("/desk/surveys/"+class["2A"]+"/1", form("pupils", "30", "full", "24", "notebooks", "30", "tools", "29", "own_"+book, "20", "lent_"+book, "4")...); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if status, _, _ := b.post("/desk/surveys/"+class["3B"]+"/1", form("pupils", "30")...); status != 404 {
		t.Errorf("another's class was answered for: %d", status)
	}
	if _, body := o.get("/desk/surveys?round=1"); !strings.Contains(body, "24/30 em đủ") || !strings.Contains(body, "Thiếu 6 cuốn") {
		t.Error("the librarian's list", troubles(body))
	}
	_, body = o.get("/desk/registers/textbook-survey?part=needs")
	// 30 wanted, 20 own, 4 borrowed, 6 lacking; one in stock and on the shelf; 5 to buy.
	if !strings.Contains(strings.Join(strings.Fields(tagsOut.ReplaceAllString(body, " ")), " "), "Toán mẫu 2 30 20 4 6 1 1 5") {
		t.Error(tagsOut.ReplaceAllString(body, " "))
	}
	// Who saw an older answer is told what stands there now.
	if status, body, _ := b.post("/desk/surveys/"+class["2A"]+"/1", form("pupils", "31", "full", "20", "own_"+book, "20", "lent_"+book, "4")...); status != 409 && status != 422 {
		t.Error(status, troubles(body))
	}
}

// The form and the list at both widths.
func TestSurveyPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Copy("30000013", "Toán mẫu 2", kiosk.Textbook, "GK.00001")
	class, book := "", ""
	o.view(func(v kiosk.View) error {
		rules, err := v.Rules(o.Today())
		if err != nil {
			return err
		}
		list, err := v.Classes(rules.Year.ID)
		class = string(list[0].ID)
		if err != nil {
			return err
		}
		return v.EachTitle(func(t kiosk.Title) error { book = string(t.ID); return nil })
	})
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/surveys")
	for _, path := range []string{"/desk/surveys", "/desk/surveys/" + class + "/1?add=" + book} {
		p.Go(o.URL + path)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", path, size.name, wide)
			}
			p.Axe(path + size.name)
			p.Picture("survey-" + map[bool]string{true: "list", false: "form"}[path == "/desk/surveys"] + size.name)
		}
	}
}
