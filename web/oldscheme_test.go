package web_test

import (
	"strings"
	"testing"
)

// The older scheme prints the school's own points; more than a standard gives is
// refused, and the title follows from the school's own thresholds.
func TestOldScheme(t *testing.T) {
	o := newOffice(t)
	page := "/desk/targets/old-scheme"
	if _, body := o.get("/desk/reports/old-scheme"); !strings.Contains(body, "Chưa đặt mức điểm") {
		t.Error("before anything is set")
	}
	if status, body, _ := o.post(page, "token", o.token(page), "most_1", "20", "points_1", "21"); status != 422 || !strings.Contains(body, "Điền từ 0 đến 20") {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.post(page, "token", o.token(page), "seen", o.stamp(page), "most_1", "20", "points_1", "18,5", "note_1", "đủ sách", "most_2", "20", "points_2", "15", "title_1", "30", "title_2", "35"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	_, body := o.get("/desk/reports/old-scheme")
	if !strings.Contains(body, "Tổng cộng 33,5 trên 40 điểm") || !strings.Contains(body, "Thư viện đạt chuẩn") || strings.Contains(body, "Thư viện tiên tiến") || !strings.Contains(body, "đủ sách") {
		t.Error(tagsOut.ReplaceAllString(body, " "))
	}
}
