package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
)

func TestTextbookPages(t *testing.T) {
	o, _, line := setOf(t)
	at := "/desk/textbooks/" + string(line.ID)
	now := func() (l kiosk.TextbookLine) {
		t.Helper()
		o.view(func(v kiosk.View) (err error) {
			l, err = v.TextbookLine(line.ID)
			return err
		})
		return l
	}
	if _, body := o.get("/desk/textbooks?grade=2"); !strings.Contains(body, "Đạo đức 2") || !strings.Contains(body, "Lớp 2 (30 cuốn)") {
		t.Errorf("the list: %.900s", body)
	}
	good := map[string]string{"year": "2024", "from": "1", "to": "30", "quantity": "28", "price": "12.000", "place": "", "received": ""}
	send := func(token, seen string, change ...string) (int, string, string) {
		pairs := []string{"token", token, "seen", seen, "title", string(line.TitleID)}
		for k, v := range good {
			for i := 0; i < len(change); i += 2 {
				if change[i] == k {
					v = change[i+1]
				}
			}
			pairs = append(pairs, k, v)
		}
		return o.post(at, pairs...)
	}
	for name, change := range map[string][]string{
		"no quantity": {"quantity", ""}, "below nothing": {"quantity", "-1"}, "a letter": {"quantity", "x"}, "too many digits": {"quantity", "99999999999999999999"},
		"more than the numbers": {"quantity", "31"}, "backwards": {"from", "9", "to", "3"}, "no number": {"from", ""}, "number nought": {"from", "0"},
		"a year of five digits": {"year", "20245"}, "a price below nothing": {"price", "-5"}, "a place that is none": {"place", "<b>"}, "a day that is none": {"received", "31/02/2026"}, "a day to come": {"received", "2031-01-01"},
	} {
		status, body, _ := send("bad "+name, o.stamp(at), change...)
		if status != 422 || !strings.Contains(body, `class="wrong"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	if now() != line {
		t.Errorf("a refused form changed the line: %+v", now())
	}
	seen := o.stamp(at)
	if status, body, _ := send("g1", seen); status != 303 {
		t.Fatalf("correct: %d %.900s", status, body)
	}
	if now().Quantity != 28 {
		t.Errorf("quantity %d, want 28", now().Quantity)
	}
	// Somebody else's correction came first.
	if status, body, _ := send("g2", seen, "quantity", "27"); status != 422 || !strings.Contains(body, "Đang lưu: 28") {
		t.Errorf("a stale form: %d", status)
	}
	o.undo("/desk/textbooks")
	if now() != line {
		t.Errorf("undo leaves %+v, want %+v", now(), line)
	}
	// A new line begins with its title.
	if _, body := o.get("/desk/textbooks/new?q=dao+duc"); !strings.Contains(body, "/desk/textbooks/new?title="+string(line.TitleID)) {
		t.Errorf("the title is not offered: %.900s", body)
	}
	if status, _, _ := o.post("/desk/textbooks/new", "token", "n1", "title", string(line.TitleID), "year", "2026", "from", "31", "to", "40", "quantity", "10", "price", "", "place", "", "received", "24/11/2026"); status != 303 {
		t.Errorf("a new line: %d", status)
	}
	if _, body := o.get("/desk/textbooks"); !strings.Contains(body, "Lớp 2 (40 cuốn)") {
		t.Error("the total does not count the new line")
	}
	// The last number follows from how many there are.
	if status, body, _ := send("g1b", o.stamp(at), "to", ""); status != 303 || now().To != 28 {
		t.Errorf("without a last number: %d, to %d %.900s", status, now().To, body)
	}
}
