package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web"
)

// restarted is the same office after a power cut: another server on the same
// ledger, and the same browser.
func (o *office) restarted() *office {
	o.t.Helper()
	b := *o
	b.web = web.New(b.config)
	// The address stays, so that the browser's cookies are sent again.
	o.Server.Config.Handler = b.web.Handler()
	return &b
}

// emptyOffice is an office in which nobody has an account yet.
func emptyOffice(t testing.TB) *office {
	t.Helper()
	return newOfficeOf(t, false)
}

func TestFirstStart(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	for _, path := range []string{"/desk", "/desk/sign-in", "/desk/start"} {
		status, _, to := o.follow(path)
		if status != 200 || to != "/desk/set-up" {
			t.Errorf("%s leads to %s: %d", path, to, status)
		}
	}
	form := func(name, pw, again string) (int, string, string) {
		return o.post("/desk/set-up", "name", name, "password", pw, "again", again)
	}
	for _, bad := range [][3]string{{"", "mot hai ba bon", "mot hai ba bon"}, {"co-lan", "ngan", "ngan"}, {"co-lan", "mot hai ba bon", "mot hai ba nam"}, {"co-lan", "12345678", "12345678"}, {"con meo mau", "con meo mau", "con meo mau"}} {
		status, body, _ := form(bad[0], bad[1], bad[2])
		if status != 422 || troubles(body) == "" {
			t.Errorf("%q: %d", bad, status)
		}
	}
	if status, _, to := form("Co-Lan", "mot hai ba bon nam", "mot hai ba bon nam"); status != 303 || to != "/desk/start" {
		t.Fatalf("set-up: %d %s", status, to)
	}
	if status, _, _ := form("second", "mot hai ba bon nam", "mot hai ba bon nam"); status != 409 {
		t.Errorf("a second set-up: %d", status)
	}
	// The power goes; it goes on where it was left.
	o = o.restarted()
	status, body := o.get("/desk/start")
	if status != 200 || !strings.Contains(body, `value="2026-06-01"`) || !strings.Contains(body, `value="2026-2027"`) || !strings.Contains(body, `value="2027-05-20"`) {
		t.Fatalf("the school's page: %d", status)
	}
	good := map[string]string{"school": "Trường Tiểu học Mẫu", "superior": "ỦY BAN NHÂN DÂN PHƯỜNG MẪU", "year": "2026-2027", "start": "2026-06-01", "semester2": "2027-01-18", "recall": "2027-05-20", "end": "2027-05-31"}
	send := func(field, value string) (int, string) {
		pairs := []string{"token", o.token("/desk/start?school")}
		for k, v := range good {
			if k == field {
				v = value
			}
			pairs = append(pairs, k, v)
		}
		status, body, _ := o.post("/desk/start", pairs...)
		return status, body
	}
	for _, bad := range [][2]string{{"school", ""}, {"year", "abc"}, {"year", "2026"}, {"school", strings.Repeat("ạ", 10000)}, {"superior", strings.Repeat("x", 121)}, {"start", "soon"}, {"start", ""}, {"semester2", "2026-05-31"}, {"recall", "2027-01-18"}, {"end", "2029-05-31"}, {"start", "2026-12-01"}} {
		status, body := send(bad[0], bad[1])
		if status != 422 || troubles(body) == "" {
			t.Errorf("%s %.20q: %d %q", bad[0], bad[1], status, troubles(body))
		}
		if bad[0] == "start" && !strings.Contains(body, "Trường Tiểu học Mẫu") {
			t.Error("what was typed is lost")
		}
	}
	if status, body := send("", ""); status != 303 {
		t.Fatalf("the school: %d %s", status, troubles(body))
	}
	o.view(func(v kiosk.View) error {
		site, err := v.Site()
		school, err2 := kiosk.SchoolOf(v)
		r, err3 := v.Rules(o.Today())
		if site.Name != good["school"] || school.Superior != good["superior"] || r.Year.ID == "" || r.Year.Semester2.String() != "2027-01-18" || err != nil || err2 != nil || err3 != nil {
			t.Errorf("%+v %+v %+v", site, school, r.Year)
		}
		return nil
	})
	_, body = o.get("/desk/start")
	for _, want := range []string{"Nhập danh sách học sinh", "Nhập sách", "Chọn máy quét", "muontra user reset co-lan"} {
		if !strings.Contains(body, want) {
			t.Errorf("the doors lack %q", want)
		}
	}
	// A door whose thing is there says so.
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	if _, body = o.get("/desk/start"); !strings.Contains(body, "Đã có 1 bạn đọc") {
		t.Error("the pupils are not counted")
	}
	// Sent again it changes the same year.
	good["recall"] = "2027-05-19"
	send("", "")
	o.view(func(v kiosk.View) error {
		ys, err := v.Years()
		if len(ys) != 1 || ys[0].Recall.String() != "2027-05-19" {
			t.Errorf("years %+v", ys)
		}
		return err
	})
	// It is taken back, but not over days that were changed on another page since.
	recall := func() (day string) {
		o.view(func(v kiosk.View) error {
			r, err := v.Rules(o.Today())
			day = r.Year.Recall.String()
			return err
		})
		return day
	}
	o.undo("/desk/start")
	if got := recall(); got != "2027-05-20" {
		t.Errorf("after the undo things are called back on %s", got)
	}
	send("", "")
	o.update(func(tx kiosk.Tx) error {
		r, err := tx.Rules(o.Today())
		if err != nil {
			return err
		}
		r.Year.Semester2 = r.Year.Semester2.Add(1)
		return tx.PutYear(r.Year)
	})
	if body := o.undo("/desk/start"); !strings.Contains(body, "said-bar bad") || recall() != "2027-05-19" {
		t.Errorf("days that were changed since are overwritten: %s", recall())
	}
}

// A stranger on the network sees no set-up and can do none.
func TestFirstStartIsNotAStrangers(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	for _, method := range []string{"GET", "POST"} {
		r := httptest.NewRequest(method, "http://localhost/desk/set-up", strings.NewReader("name=evil&password=mot+hai+ba+bon&again=mot+hai+ba+bon"))
		r.Header.Set("Content-Type", formType)
		r.Header.Set("X-Forwarded-For", "127.0.0.1")
		r.RemoteAddr = "192.0.2.9:4444"
		w := httptest.NewRecorder()
		o.web.Handler().ServeHTTP(w, r)
		if w.Code != 403 {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
	o.view(func(v kiosk.View) error {
		all, err := v.Accounts()
		if len(all) != 0 {
			t.Errorf("accounts %+v", all)
		}
		return err
	})
}
