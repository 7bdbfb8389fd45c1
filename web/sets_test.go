package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
)

// setOf fills an office with a set of one of two textbooks, and a quantity line
// of 30 of another title.
func setOf(t testing.TB) (o *office, set kiosk.BookSet, line kiosk.TextbookLine) {
	o = newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Copy("30000013", "Toán 2", kiosk.Textbook, "")
	o.Copy("30000021", "Tiếng Việt 2", kiosk.Textbook, "")
	set = o.BookSet("BO201", "Bộ sách lớp 2", "30000013")
	err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		title := kiosk.Title{ID: tx.NewID(), Title: "Đạo đức 2", Grade: 2}
		if err := tx.PutTitle(title); err != nil {
			return err
		}
		line = kiosk.TextbookLine{ID: tx.NewID(), TitleID: title.ID, Year: 2024, From: 1, To: 30, Quantity: 30, Price: 12000}
		return tx.PutTextbookLine(line)
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, set, line
}

// members are the barcodes of a set's books.
func (o *office) members(id kiosk.ID) (codes []string) {
	o.t.Helper()
	err := o.Ledger.View(o.t.Context(), func(v kiosk.View) error {
		items, err := v.ItemsOfSet(id)
		for _, i := range items {
			codes = append(codes, i.Barcode)
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return codes
}

func TestSetPages(t *testing.T) {
	o, set, _ := setOf(t)
	at := "/desk/sets/" + string(set.ID)
	if status, body := o.get("/desk/sets"); status != 200 || !strings.Contains(body, "Bộ sách lớp 2") || !strings.Contains(body, "Đủ, đang ở thư viện") {
		t.Errorf("the list: %d %.900s", status, body)
	}
	if status, _, to := o.post(at+"/add", "token", "t1", "code", "30000021"); status != 303 || to != at {
		t.Fatalf("adding a book: %d to %s", status, to)
	}
	if got := o.members(set.ID); len(got) != 2 {
		t.Errorf("members %v", got)
	}
	_, body := o.get(at)
	if !strings.Contains(body, "Đã thêm “Tiếng Việt 2” vào bộ.") {
		t.Errorf("nothing is said: %.1500s", body)
	}
	other := o.BookSet("BO202", "Bộ khác")
	for code, want := range map[string]string{
		"30000021": "đang ở trong bộ “Bộ sách lớp 2”", "999": "Thư viện không có cuốn nào mang mã này", "": "", "<b>": "", strings.Repeat("9", 10000): "", "20000016": "Thư viện không có cuốn nào mang mã này",
	} {
		status, body, _ := o.post("/desk/sets/"+string(other.ID)+"/add", "token", "t2"+code[:min(len(code), 9)], "code", code)
		if status != 422 || !strings.Contains(body, want) || !strings.Contains(body, "Bộ khác") {
			t.Errorf("adding %.20q: %d, no %q", code, status, want)
		}
	}
	if status, body, _ := o.post(at+"/add", "token", "t3", "code", "30000013"); status != 422 || !strings.Contains(body, "đã ở trong bộ rồi") {
		t.Errorf("a member again: %d", status)
	}
	// Out of the set, and back by the banner's undo.
	var copyID string
	_, body = o.get(at)
	if i := strings.Index(body, `name="copy" value="`); i > 0 {
		copyID, _, _ = strings.Cut(body[i+len(`name="copy" value="`):], `"`)
	}
	if status, _, _ := o.post(at+"/remove", "token", "t4", "copy", copyID); status != 303 || len(o.members(set.ID)) != 1 {
		t.Errorf("removing %s: %d, members %v", copyID, status, o.members(set.ID))
	}
	o.undo(at)
	if got := o.members(set.ID); len(got) != 2 {
		t.Errorf("undo leaves %v", got)
	}
	// Who has it.
	o.Lent("20000016", "30000013", "2026-12-01")
	if _, body := o.get("/desk/sets?state=partly"); !strings.Contains(body, "Nguyễn Mẫu An") {
		t.Errorf("the list does not say who has it: %.900s", body)
	}
}

func TestSetForm(t *testing.T) {
	o, set, line := setOf(t)
	const to = "/desk/sets/new"
	status, _, made := o.post(to, "token", "n1", "name", "Bộ mới", "grade", "2", "programme", "2018", "barcode", "", "count", "1")
	if status != 303 || !strings.HasPrefix(made, "/desk/sets/") {
		t.Fatalf("a new set: %d %s", status, made)
	}
	for name, pairs := range map[string][]string{
		"no name":               {"name", "", "grade", "2", "programme", "2018", "count", "1"},
		"a long name":           {"name", strings.Repeat("ơ", 10000), "grade", "2", "programme", "2018", "count", "1"},
		"a grade below nothing": {"name", "Bộ", "grade", "-1", "programme", "2018", "count", "1"},
		"a grade in words":      {"name", "Bộ", "grade", "hai", "programme", "2018", "count", "1"},
		"too many digits":       {"name", "Bộ", "grade", "99999999999999999999", "programme", "2018", "count", "1"},
		"another programme":     {"name", "Bộ", "grade", "2", "programme", "1981", "count", "1"},
		"a card's barcode":      {"name", "Bộ", "grade", "2", "programme", "2018", "barcode", "20000016", "count", "1"},
		"several of nothing":    {"name", "Bộ", "grade", "2", "programme", "2018", "count", "3"},
		"no sets":               {"name", "Bộ", "grade", "2", "programme", "2018", "count", "0", "line", string(line.ID)},
		"more than there are":   {"name", "Bộ", "grade", "2", "programme", "2018", "count", "31", "line", string(line.ID)},
	} {
		status, body, _ := o.post(to, append([]string{"token", "x" + name}, pairs...)...)
		if status != 422 || !strings.Contains(body, `class="wrong"`) && !strings.Contains(body, `class="trouble"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	// Seven sets of a line: seven books with barcodes leave it, and each set has one.
	if status, _, to := o.post(to, "token", "n2", "name", "Bộ <i>lớp 2</i>", "grade", "2", "programme", "2018", "count", "7", "line", string(line.ID)); status != 303 || to != "/desk/sets" {
		t.Fatalf("sets of lines: %d %s", status, to)
	}
	err := o.Ledger.View(t.Context(), func(v kiosk.View) error {
		l, err := v.TextbookLine(line.ID)
		if l.Quantity != 23 {
			t.Errorf("%d left in the line, want 23", l.Quantity)
		}
		sets, err2 := v.Sets()
		if len(sets) != 9 {
			t.Errorf("%d sets, want 9", len(sets))
		}
		if err != nil {
			return err
		}
		return err2
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, body := o.get("/desk/sets"); !strings.Contains(body, "Bộ &lt;i&gt;lớp 2&lt;/i&gt; (7/7)") {
		t.Error("the seventh set is not in the list")
	}
	o.Replayed()
	// Two people edit one set.
	edit := "/desk/sets/" + string(set.ID) + "/edit"
	seen := o.stamp(edit)
	if status, _, _ := o.post(edit, "token", "e1", "seen", seen, "name", "Tên của người kia", "grade", "2", "programme", "2018", "barcode", "BO201"); status != 303 {
		t.Fatalf("edit: %d", status)
	}
	status, body, _ := o.post(edit, "token", "e2", "seen", seen, "name", "Tên của tôi", "grade", "2", "programme", "2018", "barcode", "BO201")
	if status != 422 || !strings.Contains(body, "Tên của người kia") || !strings.Contains(body, "Tên của tôi") {
		t.Errorf("a stale form: %d %.2000s", status, body)
	}
	// The set's label.
	if status, body := o.get("/desk/labels?what=codes&codes=BO201"); status != 200 || strings.Contains(body, "BO201 không") {
		t.Errorf("the label of a set: %d", status)
	}
}

// Two volumes are told apart wherever a loan is: the patron's page, the kiosk
// and the slip.
func TestVolumesAreToldApart(t *testing.T) {
	o := peopleOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	for n, code := range []string{"30000013", "30000021"} {
		c := o.Copy(code, "Toán 2", kiosk.Children, "")
		err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
			title, err := tx.Title(c.TitleID)
			if err != nil {
				return err
			}
			title.Remainder = []string{"tập 1", "tập 2"}[n]
			return tx.PutTitle(title)
		})
		if err != nil {
			t.Fatal(err)
		}
		o.Lent("20000016", code, "2026-01-02")
	}
	hers, _ := o.patron("20000016")
	for _, page := range []string{hers, "/desk/loans", "/desk/overdue"} {
		_, body := o.get(page)
		o.sees(body, "Toán 2 : tập 1", "Toán 2 : tập 2")
	}
	err := o.Ledger.View(t.Context(), func(v kiosk.View) error {
		i, err := v.ItemByBarcode("30000021")
		if got := i.View(); err == nil && got.Title != "Toán 2 : tập 2" {
			t.Errorf("the kiosk names %q", got.Title)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
