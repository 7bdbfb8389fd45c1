package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
)

// What old papers declare stands beside what is counted, the difference in red; the
// counted does not change, and typing is taken back by one press.
func TestDeclaredTotals(t *testing.T) {
	o := newOffice(t)
	o.Copy("10000001", "Truyện mẫu", kiosk.Reference, "story")
	o.Copy("10000002", "Toán mẫu", kiosk.Reference, "subject")
	o.Copy("10000003", "Sách thầy mẫu", kiosk.Professional, "")
	const form = "/desk/registers/declared"
	_, shown := o.get(form)
	status, _, where := o.post(form, "token", o.token(form), "seen", valueOf(shown, "seen"), "titles_reference", "2", "copies_reference", "5", "note_reference", "Cộng nhầm ở trang 3", "titles_professional", "1", "copies_professional", "1")
	if status != 303 || where != "/desk/reports/migration-check" {
		t.Fatalf("%d %s", status, where)
	}
	_, body := o.get(where)
	for _, want := range []string{"thiếu 3", "Cộng nhầm ở trang 3", `<tr class="back">`, "khớp"} {
		if !strings.Contains(body, want) {
			t.Errorf("the comparison is without %q", want)
		}
	}
	if strings.Count(body, `class="back"`) != 1 {
		t.Error("only the kind that differs is red")
	}
	if status, body, _ := o.post(form, "token", o.token(form), "seen", valueOf(shown, "seen"), "titles_reference", "nhiều"); status != 422 || !strings.Contains(body, `value="nhiều"`) {
		t.Errorf("a total that is no number: %d", status)
	}
}
