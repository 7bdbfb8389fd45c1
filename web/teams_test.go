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

// The two teams of the decision: somebody joins, is not in it twice, leaves on a
// day; a mistake is taken back; the list and the minutes print under the
// school's head; who was forgotten is in no team.
func TestTeams(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deputy := o.Patron(kiosk.Teacher, "30001", "Mẫu Thị Phó", "", 0)
	monitor := o.Patron(kiosk.Pupil, "20000016", "Mẫu Văn <b>Trưởng</b>", "5A", 5)
	o.shows("/desk/teams", "Tổ nghiệp vụ thư viện", "Tổ chưa có ai")
	o.shows("/desk/teams/new?team=collaborators&q=pho", "Mẫu Thị Phó")
	o.shows("/desk/teams/new?team=collaborators&q=20000016", "5A")
	o.shows("/desk/teams/new?team=collaborators&q=zzz", "Không thấy ai")
	join := func(who kiosk.ID, pairs ...string) (int, string) {
		t.Helper()
		path := "/desk/teams/new?team=collaborators&patron=" + string(who)
		status, body, _ := o.send("/desk/teams", o.filled(path, "/desk/teams"), append([]string{"role", "Tổ phó", "task", "Theo dõi tủ sách"}, pairs...)...)
		return status, body
	}
	for _, bad := range []struct{ field, value, want string }{
		{"role", "", "cần điền"}, {"role", strings.Repeat("x", 10_000), "Dài quá"}, {"task", strings.Repeat("x", 10_000), "Dài quá"},
		{"from", "32/13/2026", "Viết ngày"}, {"from", "", "cần điền"}, {"to", "2020-01-01", ""},
	} {
		if status, body := join(deputy.ID, bad.field, bad.value); status != http.StatusUnprocessableEntity || troubles(body) == "" || !strings.Contains(troubles(body), bad.want) {
			t.Errorf("%s %.20q: %d %s", bad.field, bad.value, status, troubles(body))
		}
	}
	form := o.filled("/desk/teams/new?patron="+string(deputy.ID), "/desk/teams")
	if status, _, _ := o.send("/desk/teams", form, "patron", "nobody", "role", "Tổ phó"); status != http.StatusBadRequest {
		t.Errorf("somebody unknown: %d", status)
	}
	for _, who := range []kiosk.ID{deputy.ID, monitor.ID} {
		if status, body := join(who); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, troubles(body))
		}
	}
	if status, body := join(deputy.ID); status == http.StatusSeeOther || !strings.Contains(body, "đã ở trong tổ") {
		t.Errorf("twice in the team: %d %s", status, troubles(body))
	}
	const list = "/desk/teams?team=collaborators"
	o.shows(list, "Mẫu Thị Phó", "Giáo viên", "5A", "Tổ phó", "24/11/2026", "&lt;b&gt;Trưởng")
	if _, body := o.get("/desk/teams"); strings.Contains(body, "Mẫu Thị Phó") {
		t.Error("she is in the other team too")
	}
	o.shows(list+"&as=print", "Trường Tiểu học Mẫu", "Tổ cộng tác viên thư viện", "Mẫu Thị Phó", "(ký, đóng dấu)")
	o.shows("/desk/teams/minutes?team=collaborators", "BIÊN BẢN SINH HOẠT THÁNG 11/2026", "Mẫu Thị Phó", "cuốn cho mượn", "Kế hoạch tháng tới", "Số liệu trong tháng (đến hôm nay)", "Tháng 10", "2026-2027")
	october := o.shows("/desk/teams/minutes?team=collaborators&month=2026-10", "BIÊN BẢN SINH HOẠT THÁNG 10/2026", "Số liệu trong tháng</h2>")
	if strings.Contains(october, "Mẫu Thị Phó") || strings.Contains(october, "đang quá hạn") {
		t.Error("October's sheet tells of November")
	}
	for _, none := range []string{"2026-12", "2026-13", "x", "<b>", "9999-01", "-1"} {
		o.shows("/desk/teams/minutes?team=collaborators&month="+url.QueryEscape(none), "BIÊN BẢN SINH HOẠT THÁNG 11/2026")
	}

	// She leaves; two librarians write it down at once.
	_, body := o.get(list)
	page := regexp.MustCompile(`href="(/desk/teams/[^"]+)">Mẫu Thị Phó`).FindStringSubmatch(body)[1]
	mine, theirs := o.filled(page, page), o.filled(page, page)
	if status, body, _ := o.send(page, mine, "to", "25/11/2026", "role", "Thành viên"); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if status, body, _ := o.send(page, theirs, "role", "Tổ trưởng"); status == http.StatusSeeOther || !strings.Contains(body, "Đang lưu: Thành viên") {
		t.Errorf("stale: %d %s", status, troubles(body))
	}
	o.shows(list, "Mẫu Thị Phó") // until tomorrow
	if status, body := join(deputy.ID, "from", "2026-12-01"); status != http.StatusSeeOther {
		t.Errorf("in again later: %d %s", status, troubles(body))
	}
	// Removed by mistake, and back.
	o.post(page, "token", o.token(page), "what", "remove")
	if status, _ := o.get(page); status != http.StatusNotFound {
		t.Errorf("removed: %d", status)
	}
	o.undo("/desk/teams")
	o.shows(page, "Mẫu Thị Phó")

	o.update(func(tx kiosk.Tx) error { return tx.ErasePatron(monitor.ID) })
	if _, body := o.get(list); strings.Contains(body, "Trưởng</") || !strings.Contains(body, "Mẫu Thị Phó") {
		t.Error("who was forgotten is in the team")
	}
}

// The pages of the teams on a PC's and a phone's screen.
func TestTeamPages(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	o := newOffice(t)
	p := webtest.Open(t)
	who := o.Patron(kiosk.Teacher, "30001", "Mẫu Thị Phó", "", 0)
	path := "/desk/teams/new?team=collaborators&patron=" + string(who.ID)
	o.send("/desk/teams", o.filled(path, "/desk/teams"), "role", "Tổ phó", "task", "Theo dõi tủ sách các lớp khối 4 và 5, báo cáo mỗi tháng")
	p.CalmMotion()
	signInAt(p, o.URL, "/desk")
	look := o.looker(p)
	look("teams", "/desk/teams?team=collaborators", "Mẫu Thị Phó")
	look("team-find", "/desk/teams/new?team=collaborators&q=phó", "Mẫu Thị Phó")
	look("team-form", path, "Chức vụ")
	look("team-minutes-past", "/desk/teams/minutes?team=collaborators&month=2026-10", "THÁNG 10/2026")
	look("team-minutes", "/desk/teams/minutes?team=collaborators", "BIÊN BẢN")
	look("team-print", "/desk/teams?team=collaborators&as=print", "Người phụ trách thư viện")
}
