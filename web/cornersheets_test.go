package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// Paper of a week that is over: counts typed in, codes scanned, dated back and
// marked as from paper; what cannot be entered stays to be mended; sent twice it
// is done once.
func TestPaperOfACorner(t *testing.T) {
	t.Parallel()
	c := newClassroom(t) // a Tuesday
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	p := c.phone("Máy cô Mẫu")
	p.cornerSignIn("20000016", teacherPIN)
	page := "/corner/paper/" + string(c.corner)
	monday := c.Today().Add(-8) // of last week

	status, sheet := p.get(page + "/sheet")
	if status != 200 || !strings.Contains(sheet, "W.2026-11-23.G2A") || strings.Count(sheet, "week-code") != 4 || !strings.Contains(sheet, "Truyện mẫu số 6") || strings.Contains(sheet, "Dũng") {
		t.Errorf("the sheet: %d", status)
	}

	token := p.token(page)
	for range 2 {
		if status, body, to := p.post(page+"/counts", "token", token, "week", monday.String(), "count", "57", "readers", "23"); status != 303 || to != page {
			t.Fatalf("counts: %d %s", status, troubles(body))
		}
	}
	c.view(func(v kiosk.View) error {
		all, err := v.Readings(c.corner, monday, monday.Add(6))
		if len(all) != 1 || all[0].Count != 57 || all[0].Readers != 23 || all[0].Source != kiosk.FromSheet || all[0].Day != monday.Add(4) {
			t.Errorf("readings %+v", all)
		}
		return err
	})
	for name, bad := range map[string][]string{
		"no number":      {"week", monday.String(), "count", "many"},
		"none":           {"week", monday.String(), "count", "0"},
		"more than read": {"week", monday.String(), "count", "5", "readers", "6"},
		"next week":      {"week", c.Today().Add(6).String(), "count", "5"},
		"no Monday":      {"week", c.Today().String(), "count", "5"},
	} {
		if status, _, _ := p.post(page+"/counts", append([]string{"token", p.token(page)}, bad...)...); status != 422 {
			t.Errorf("%s: %d", name, status)
		}
	}

	codes := strings.Join([]string{
		"W." + monday.String() + ".G2A", c.card(c.an), "30000200", c.card(c.binh), "30000201", "99990009", "30000202",
		"W." + monday.String() + ".G3B", c.card(c.an), "30000200",
	}, "\r\n")
	token = p.token(page)
	for range 2 {
		status, body, _ := p.post(page, "token", token, "day", c.Today().String(), "codes", codes)
		if status != 422 || !strings.Contains(body, "3 lượt mượn, 1 lượt trả") || !strings.Contains(body, "99990009: ") || !strings.Contains(body, "giấy của góc khác") {
			t.Fatalf("scanned: %d %s", status, troubles(body))
		}
		if left := between(body, `name="codes"`, "</textarea>"); !strings.Contains(left, c.card(c.binh)+"\n99990009") || strings.Contains(left, "30000201") {
			t.Errorf("left to be mended: %s", left)
		}
	}
	c.view(func(v kiosk.View) error {
		l, err := v.OpenLoan(c.books[1].ID)
		site, _ := v.Site()
		loc, _ := site.Location()
		if kiosk.DayOf(l.CheckedOutAt, loc) != monday || l.Corner != c.corner {
			t.Errorf("the loan of paper: %+v", l)
		}
		return err
	})
	if c.holder(c.books[0]) != "" || c.counted(c.books[0]) != 1 || c.holder(c.books[2]) != c.card(c.binh) || c.counted(c.books[2]) != 1 {
		t.Errorf("books: %q %d %q %d", c.holder(c.books[0]), c.counted(c.books[0]), c.holder(c.books[2]), c.counted(c.books[2]))
	}
	sheets := 0
	for _, e := range c.Events() {
		if ch := e.Payload.Corner; ch != nil && ch.Source == kiosk.FromSheet {
			sheets++
		}
	}
	if sheets != 5 {
		t.Errorf("%d events are marked as from paper, want 5", sheets)
	}
	// Another's corner is not there.
	for _, path := range []string{"", "/sheet"} {
		if status, _ := p.get("/corner/paper/" + string(c.otherCorner) + path); status != 404 {
			t.Errorf("another's paper %s: %d", path, status)
		}
	}
	for _, path := range []string{"", "/counts"} {
		if status, _, _ := p.post("/corner/paper/"+string(c.otherCorner)+path, "token", "x", "day", c.Today().String(), "codes", "30000300", "week", monday.String(), "count", "5"); status != 404 {
			t.Errorf("another's paper is filled in: %d", status)
		}
	}
	c.Replayed()
}

func (c *classroom) card(p kiosk.Patron) (code string) {
	c.view(func(v kiosk.View) error {
		m, err := v.MemberByRef(p.Ref, c.Today())
		code = m.Card.Barcode
		return err
	})
	return code
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestLookAtTheCornersPaper(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t)
	for n := range 12 {
		c.Patron(kiosk.Pupil, fmt.Sprintf("200020%02d", n), fmt.Sprintf("Nguyễn Mẫu %c", 'Đ'+rune(n)), "2A", 2)
	}
	c.Advance(time.Minute)
	p := webtest.Open(t)
	p.Go(c.URL + "/desk/sign-in")
	p.Type("#name", "librarian")
	p.Type("#password", webtest.Password)
	p.Click("main button[type=submit]")
	p.Wait(`location.pathname === "/desk"`)
	for name, size := range map[string]webtest.Size{"pc": {W: 1366, H: 768}, "phone": webtest.Phone} {
		p.Resize(size)
		for what, path := range map[string]string{"list": "", "entry": "/" + string(c.corner), "sheet": "/" + string(c.corner) + "/sheet", "machines": "/../../desk/machines"} {
			p.Go(c.URL + "/corner/paper" + path)
			p.Wait(`document.readyState === "complete"`)
			p.Axe(what + " " + name)
			if w := p.TooWide(); w > 0 {
				t.Errorf("%s %s is too wide by %d", what, name, w)
			}
			p.Picture("corner-paper-" + what + "-" + name)
			if what == "sheet" {
				p.Paper("corner-paper-sheet-" + name)
			}
		}
	}
}

// What was typed from paper is taken back from the page that answers: all loans and
// returns of it, or the count of a week. What came after stays and is told.
func TestPaperIsTakenBack(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	o := c.office
	w := undoWalkIn(t, o)
	page := "/corner/paper/" + string(c.corner)
	enter := func(path string, pairs ...string) {
		t.Helper()
		o.Advance(time.Minute)
		if status, body, to := o.post(page+path, append([]string{"token", o.token(page)}, pairs...)...); status != 303 || to != page {
			t.Fatalf("%s: %d %s", path, status, troubles(body))
		}
	}
	undo := func() string {
		t.Helper()
		o.Advance(time.Minute)
		o.send("/desk/undo", o.filled(page, "/desk/undo"))
		_, body := o.get(page)
		return saidIn(body)
	}
	back := func(before map[string]map[string]string) {
		t.Helper()
		for _, left := range differ(before, w.rows()) {
			if !strings.HasPrefix(left, "copies: ") { // that a label was read is proven
				t.Error("not as it was: " + left)
			}
		}
	}
	before := w.rows()
	// A book that came back in the same week, and is lent on.
	enter("", "day", o.Today().String(), "codes", strings.Join([]string{c.card(c.an), "30000200", "30000201", "30000200", c.card(c.binh), "30000200"}, "\n"))
	if c.holder(c.books[0]) != c.card(c.binh) || c.holder(c.books[1]) != c.card(c.an) {
		t.Fatal("not lent")
	}
	if said := undo(); !strings.HasPrefix(said, "Đã hoàn tác.") {
		t.Error(said)
	}
	if c.holder(c.books[0]) != "" || c.holder(c.books[1]) != "" {
		t.Error("still on loan")
	}
	back(before)

	enter("", "day", o.Today().String(), "codes", c.card(c.an)+"\n30000202\n30000203")
	o.Advance(time.Minute)
	if _, err := c.desk.ReturnInCorner(t.Context(), c.staff, kiosk.FromDesk, c.corner, c.books[2].ID); err != nil {
		t.Fatal(err)
	}
	if said := undo(); !strings.Contains(said, "đã hoàn tác 1 cuốn; 1 cuốn có thay đổi khác sau đó") {
		t.Error(said)
	}
	if c.holder(c.books[3]) != "" {
		t.Error("still on loan")
	}

	before = w.rows()
	enter("/counts", "week", mondayBefore(o.Today()).String(), "count", "57", "readers", "23")
	if said := undo(); !strings.HasPrefix(said, "Đã hoàn tác.") {
		t.Error(said)
	}
	back(before)
}

func mondayBefore(d kiosk.Day) kiosk.Day {
	for d.Weekday() != time.Monday {
		d = d.Add(-1)
	}
	return d
}
