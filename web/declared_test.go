package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
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
	// The paper's own parts, added up here, say which of its totals is right.
	_, shown = o.get(form)
	o.post(form, "token", o.token(form), "seen", valueOf(shown, "seen"), "copies_reference", "5", "copies_reference_story", "1", "copies_reference_subject", "1", "copies_reference_law", "0")
	_, body = o.get(where)
	if !strings.Contains(body, "các phần ghi trên giấy cộng lại được 2 bản, khớp số đếm được: tổng trên giấy cộng sai") {
		t.Error("the parts are not added up")
	}
	if _, body := o.get(form); !strings.Contains(body, `name="copies_reference_story" value="1"`) && !strings.Contains(body, `value="1"`) {
		t.Error("the parts are not kept")
	}
	_, shown = o.get(form)
	if status, body, _ := o.post(form, "token", o.token(form), "seen", valueOf(shown, "seen"), "titles_reference", "nhiều"); status != 422 || !strings.Contains(body, `value="nhiều"`) {
		t.Errorf("a total that is no number: %d", status)
	}
}

func TestDeclaredInBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := newOffice(t)
	o.Copy("10000001", "Truyện mẫu", kiosk.Reference, "story")
	const form = "/desk/registers/declared"
	_, shown := o.get(form)
	o.post(form, "token", o.token(form), "seen", valueOf(shown, "seen"), "copies_reference", "5", "copies_reference_story", "1")
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, form)
	for _, path := range []string{form, "/desk/reports/migration-check"} {
		for _, size := range deskSizes {
			p.Resize(size.Size)
			p.Go(o.URL + path)
			p.Wait(`document.readyState === "complete"`)
			if path == form {
				p.Click("details summary")
			}
			p.Axe(path)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", path, size.name, wide)
			}
			p.Picture("declared-" + strings.TrimPrefix(strings.ReplaceAll(path, "/", "-"), "-desk-") + size.name)
		}
	}
}
