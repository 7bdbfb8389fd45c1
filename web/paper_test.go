package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// What the settings say of the school stands on what is printed: a list, and
// the minutes of a delivery; and what they leave out leaves no gap.
func TestPapersHaveAHead(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open()
	o.line(page, "Truyện mẫu", "2")
	list, minutes := "/desk/receipts/waiting?as=print", page+"/sheet"
	for _, path := range []string{list, minutes} {
		o.shows(path, "Trường Tiểu học Mẫu", "Ngày 24 tháng 11 năm 2026", "Hiệu trưởng", "(ký, đóng dấu)")
		if _, body := o.get(path); strings.Contains(body, `class="superior"`) || strings.Contains(body, `class="signed"`) {
			t.Errorf("%s has names that nobody gave", path)
		}
	}
	v := o.filled("/desk/settings/school", "/desk/settings/school")
	if status, body, _ := o.send("/desk/settings/school", v, "superior", "Phòng Giáo dục <Mẫu>", "place", "Hà Nội", "librarian", "Mẫu Thị Sách", "management", "Mẫu Văn Trường", "title", "Phó Hiệu trưởng"); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, troubles(body))
	}
	for _, path := range []string{list, minutes} {
		o.shows(path, "Phòng Giáo dục &lt;Mẫu&gt;", "Hà Nội, ngày 24 tháng 11 năm 2026", "Mẫu Thị Sách", "Phó Hiệu trưởng", "Mẫu Văn Trường")
	}
}

// Two librarians correct one delivery: the second is shown what the first wrote.
func TestStaleDelivery(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open()
	first, second := o.filled(page+"/edit", page), o.filled(page+"/edit", page)
	if status, body, _ := o.send(page, first, "supplier", "Nhà sách Mẫu Một"); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, troubles(body))
	}
	status, body, _ := o.send(page, second, "supplier", "Nhà sách Mẫu Hai")
	if status == http.StatusSeeOther || !strings.Contains(body, "Đang lưu: Nhà sách Mẫu Một") || !strings.Contains(body, `value="Nhà sách Mẫu Hai"`) {
		t.Fatalf("a stale form: %d %s", status, troubles(body))
	}
	again := url.Values{}
	for name, list := range second {
		again[name] = list
	}
	again["supplier"] = []string{"Nhà sách Mẫu Hai"}
	again["seen"] = []string{valueOf(body, "seen")}
	again["token"] = []string{valueOf(body, "token")}
	if status, body, _ := o.send(page, again); status != http.StatusSeeOther {
		t.Errorf("sent again: %d %s", status, troubles(body))
	}
	o.shows(page, "Nhà sách Mẫu Hai")
}

// A line of a delivery is not written over either, nor by an undo.
func TestStaleLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open()
	o.line(page, "Truyện mẫu", "2")
	_, body := o.get(page)
	line := regexp.MustCompile(`href="(/desk/receipts/[^"]+/lines/[^"]+)"`).FindStringSubmatch(body)[1]
	first, second := o.filled(line, line), o.filled(line, line)
	if status, body, _ := o.send(line, first, "quantity", "3"); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, troubles(body))
	}
	undo := o.filled(page, "/desk/undo")
	status, body, _ := o.send(line, second, "quantity", "4")
	if status == http.StatusSeeOther || !strings.Contains(body, "Đang lưu: 3") {
		t.Fatalf("a stale form: %d %s", status, troubles(body))
	}
	second.Set("seen", valueOf(body, "seen"))
	second.Set("token", valueOf(body, "token"))
	if status, body, _ := o.send(line, second, "quantity", "4"); status != http.StatusSeeOther {
		t.Fatalf("sent again: %d %s", status, troubles(body))
	}
	o.send("/desk/undo", undo)
	o.shows(line, `name="quantity" type="text" value="4"`)
}

// valueOf is what a field of a page holds.
func valueOf(body, name string) string {
	_, rest, _ := strings.Cut(body, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}
