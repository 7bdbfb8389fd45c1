package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// another is a second browser at the same office.
func (o *office) another() *office {
	b := *o
	b.client = &http.Client{Jar: newJar(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &b
}

func (o *office) signIn(name, pw string) int {
	o.t.Helper()
	status, _, _ := o.post("/desk/sign-in", "name", name, "password", pw)
	return status
}

var oneTimePassword = regexp.MustCompile(`một lần[^:]*: ([a-z0-9]{5}-[a-z0-9]{5})`)

// hire makes an account and returns its id and one-time password.
func (o *office) hire(name string, role kiosk.Role, more ...string) (id, once string) {
	o.t.Helper()
	pairs := append([]string{"token", o.token("/desk/accounts/new"), "name", name, "role", string(role)}, more...)
	status, body, to := o.post("/desk/accounts", pairs...)
	if status != 303 {
		o.t.Fatalf("account %s: %d %s", name, status, troubles(body))
	}
	_, body = o.get(to)
	m := oneTimePassword.FindStringSubmatch(body)
	if m == nil {
		o.t.Fatalf("no one-time password for %s", name)
	}
	if _, again := o.get(to); oneTimePassword.MatchString(again) {
		o.t.Error("the one-time password is shown twice")
	}
	return strings.TrimPrefix(to, "/desk/accounts/"), m[1]
}

// settle signs in with the one-time password and changes it to the tests'.
func (o *office) settle(name, once string) *office {
	o.t.Helper()
	b := o.another()
	if status := b.signIn(name, once); status != 303 {
		o.t.Fatalf("%s signs in: %d", name, status)
	}
	if status, body, _ := b.post("/desk/password", "token", b.token("/desk/password"), "old", once, "password", webtest.Password, "again", webtest.Password); status != 303 {
		o.t.Fatalf("%s changes the password: %d %s", name, status, troubles(body))
	}
	return b
}

func (o *office) do(id, what string) (status int, said string) {
	o.t.Helper()
	page := "/desk/accounts/" + id
	status, _, to := o.post(page+"/do", "token", o.token(page), "do", what)
	_, body := o.get(to)
	return status, body
}

func TestAccountIsMadeAndChangedByItsHolder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, once := o.hire("Co-Hai", kiosk.Management)
	b := o.another()
	if b.signIn("co-hai", "wrong password") != 401 {
		t.Error("a wrong password")
	}
	b.signIn("co-hai", once)
	// Nothing but the own password before that is changed.
	for _, path := range []string{"/desk", "/desk/practice"} {
		if status, _ := b.get(path); status != 303 && status != 403 {
			t.Errorf("%s before the password is changed: %d", path, status)
		}
	}
	if status, _, _ := b.post("/desk/sign-out-everywhere", "token", "x"); status != 403 {
		t.Errorf("an act before the password is changed: %d", status)
	}
	for name, c := range map[string]struct{ old, pw, again, want string }{
		"short":     {once, "ngan", "ngan", "ít nhất 8"},
		"common":    {once, "Mật khẩu 123", "Mật khẩu 123", "đoán ra"},
		"different": {once, "con meo ngu trua", "con meo ngu", "chưa giống"},
		"the same":  {once, once, once, "phải khác"},
		"wrong old": {"not the old one", "con meo ngu trua", "con meo ngu trua", "chưa đúng"},
	} {
		status, body, _ := b.post("/desk/password", "token", b.token("/desk/password"), "old", c.old, "password", c.pw, "again", c.again)
		if status != 422 || !strings.Contains(troubles(body), c.want) {
			t.Errorf("%s: %d %q", name, status, troubles(body))
		}
		if strings.Contains(body, c.pw) {
			t.Errorf("%s: the password stands in the page", name)
		}
	}
	c := o.settle("co-hai", once)
	if status, _ := c.get("/desk"); status != 200 {
		t.Error("not at the desk after the password is changed")
	}
	if status, _ := b.get("/desk"); status != 303 {
		t.Error("the other browser is still signed in after the password was changed")
	}
	if o.another().signIn("co-hai", once) != 401 {
		t.Error("the one-time password opens twice")
	}
	// The same name again, in another case.
	status, body, _ := o.post("/desk/accounts", "token", o.token("/desk/accounts/new"), "name", "CO-HAI", "role", "helper")
	if status != 422 || !strings.Contains(troubles(body), "đã có người dùng") {
		t.Errorf("a name twice: %d %q", status, troubles(body))
	}
	for _, bad := range [][2]string{{"", "helper"}, {strings.Repeat("x", 65), "helper"}, {"new", "boss"}} {
		if status, _, _ := o.post("/desk/accounts", "token", o.token("/desk/accounts/new"), "name", bad[0], "role", bad[1]); status != 422 {
			t.Errorf("%q: %d", bad, status)
		}
	}
}

func TestLastLibrarianStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var me string
	o.view(func(v kiosk.View) error {
		a, err := v.AccountByName("librarian")
		me = string(a.ID)
		return err
	})
	if _, said := o.do(me, "disabled"); !strings.Contains(said, "thủ thư cuối cùng") {
		t.Error("the last librarian is disabled, or no word of why not")
	}
	page := "/desk/accounts/" + me
	if status, body, _ := o.post(page, "token", o.token(page), "seen", o.stamp(page), "role", "helper"); status != 422 || !strings.Contains(troubles(body), "thủ thư cuối cùng") {
		t.Errorf("the last librarian becomes a helper: %d", status)
	}
	second, once := o.hire("co-hai", kiosk.Librarian)
	b := o.settle("co-hai", once)
	// Of two, one may go; the other then stays.
	if _, said := b.do(me, "disabled"); !strings.Contains(said, "Đã khoá") {
		t.Error("one of two librarians cannot be disabled")
	}
	if status, _ := o.get("/desk"); status != 303 {
		t.Error("a disabled account is still signed in")
	}
	if o.another().signIn("librarian", webtest.Password) != 401 {
		t.Error("a disabled account signs in")
	}
	if _, said := b.do(second, "disabled"); !strings.Contains(said, "thủ thư cuối cùng") {
		t.Error("the last of two is disabled")
	}
	if _, said := b.do(me, "enabled"); !strings.Contains(said, "Đã mở lại") {
		t.Error("not enabled")
	}
	if o.signIn("librarian", webtest.Password) != 303 {
		t.Error("an enabled account does not sign in")
	}
	// Who did it, and to whom.
	o.view(func(v kiosk.View) error {
		list, err := v.AccountEvents(kiosk.ID(me), 10)
		if len(list) != 2 || list[0].Payload.Change != kiosk.AccountEnabled || list[1].Payload.Change != kiosk.AccountDisabled || list[1].StaffRef != kiosk.ID(second) {
			t.Errorf("history %+v", list)
		}
		return err
	})
	o.Replayed()
}

func TestRoleChangeEndsSignIns(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, once := o.hire("co-hai", kiosk.Librarian)
	b := o.settle("co-hai", once)
	if status, _ := b.get("/desk/accounts"); status != 200 {
		t.Fatal("no librarian")
	}
	page := "/desk/accounts/" + id
	o.post(page, "token", o.token(page), "seen", o.stamp(page), "role", "helper")
	if status, _ := b.get("/desk/accounts"); status != 303 {
		t.Errorf("still signed in with the old role: %d", status)
	}
	b.signIn("co-hai", webtest.Password)
	if status, _ := b.get("/desk/accounts"); status != 403 {
		t.Errorf("a helper reads the accounts: %d", status)
	}
	// Everywhere at once, by oneself.
	c := o.another()
	c.signIn("co-hai", webtest.Password)
	if status, _, to := c.post("/desk/sign-out-everywhere", "token", c.token("/desk/password")); status != 303 || to != "/desk/sign-in" {
		t.Errorf("sign out everywhere: %d %s", status, to)
	}
	for _, x := range []*office{b, c} {
		if status, _ := x.get("/desk"); status != 303 {
			t.Error("a browser is still signed in")
		}
	}
	// A reset password.
	_, said := o.do(id, "reset")
	m := oneTimePassword.FindStringSubmatch(said)
	if m == nil || o.another().signIn("co-hai", webtest.Password) != 401 || o.another().signIn("co-hai", m[1]) != 303 {
		t.Error("the reset")
	}
}

func TestPINOpensAtAnEnrolledBrowserOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, once := o.hire("em-giup", kiosk.Helper)
	o.settle("em-giup", once)
	page := "/desk/accounts/" + id
	for _, bad := range []string{"", "12345", "123456", "777777", "58392a", strings.Repeat("583920", 3)} {
		status, body, _ := o.post(page+"/pin", "token", o.token(page), "pin", bad)
		if status != 422 || !strings.Contains(troubles(body), "6 đến 12 chữ số") {
			t.Errorf("PIN %q: %d", bad, status)
		}
	}
	if status, _, _ := o.post(page+"/pin", "token", o.token(page), "pin", "583920"); status != 303 {
		t.Fatalf("PIN: %d", status)
	}
	b := o.another()
	if b.signIn("em-giup", "583920") != 401 {
		t.Error("a PIN opens at a browser that nobody enrolled")
	}
	// The librarian enrols the kiosk's browser, and signs out there.
	b.signIn("librarian", webtest.Password)
	if status, _, _ := b.post("/desk/browsers", "token", b.token("/desk/accounts"), "browser", "Máy mẫu ở quầy"); status != 303 {
		t.Fatalf("enrol: %d", status)
	}
	b.post("/desk/sign-out")
	if b.signIn("em-giup", "583921") != 401 || b.signIn("em-giup", "583920") != 303 {
		t.Error("the PIN at the enrolled browser")
	}
	b.post("/desk/sign-out")
	if b.signIn("em-giup", webtest.Password) != 303 {
		t.Error("the password at the enrolled browser")
	}
	// A librarian's account takes no PIN, whatever is stored.
	o.view(func(v kiosk.View) error {
		a, err := v.AccountByName("em-giup")
		if a.PINHash == "" {
			t.Error("no PIN kept")
		}
		return err
	})
	o.post(page, "token", o.token(page), "seen", o.stamp(page), "role", "management")
	b.post("/desk/sign-out")
	if b.signIn("em-giup", "583920") != 401 {
		t.Error("a PIN opens an account whose role takes none")
	}
	o.post(page, "token", o.token(page), "seen", o.stamp(page), "role", "helper")
	o.post(page+"/pin", "token", o.token(page), "pin", "583920")
	// The browser is turned away again.
	_, body := o.get("/desk/accounts")
	remove := regexp.MustCompile(`/desk/browsers/[^"]+/remove`).FindString(body)
	if status, _, _ := o.post(remove, "token", o.token("/desk/accounts")); status != 303 {
		t.Fatalf("remove: %d", status)
	}
	if b.signIn("em-giup", "583920") != 401 {
		t.Error("a PIN opens at a browser that was turned away")
	}
}

// Who is signed in is known to another program on the same ledger, as after a
// power cut; wrong passwords are not forgotten by it either.
func TestSignInsAndGuessesOutliveARestart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.another()
	for range 5 {
		b.signIn("librarian", "wrong password")
	}
	n := o.restarted()
	if status, _ := n.get("/desk"); status != 200 {
		t.Errorf("signed out by a restart: %d", status)
	}
	stranger := n.another()
	if got := stranger.signIn("librarian", webtest.Password); got != 429 {
		t.Errorf("the guesses are forgotten by a restart: %d", got)
	}
	// The wait grows, and a right password ends it.
	waits := []time.Duration{12 * time.Second, 24 * time.Second, 48 * time.Second}
	for _, w := range waits {
		o.Advance(w - time.Second)
		if got := stranger.signIn("librarian", "wrong password"); got != 429 {
			t.Errorf("before %v are over: %d", w, got)
		}
		o.Advance(2 * time.Second)
		if got := stranger.signIn("librarian", "wrong password"); got != 401 {
			t.Errorf("after %v: %d", w, got)
		}
	}
	o.Advance(16 * time.Minute)
	if got := stranger.signIn("librarian", webtest.Password); got != 303 {
		t.Errorf("after the longest wait: %d", got)
	}
	if got := stranger.signIn("librarian", "wrong password"); got != 401 {
		t.Errorf("the first wrong one after a right one: %d", got)
	}
	// One alarm at the fifth, with the account and without what was typed.
	var alarms []kiosk.Event
	for _, e := range o.Events() {
		if e.Payload.Change == kiosk.AccountGuessed {
			alarms = append(alarms, e)
		}
	}
	if len(alarms) != 1 || alarms[0].Payload.Times != 5 || !alarms[0].Calls() {
		t.Errorf("alarms %+v", alarms)
	}
}

// A guesser elsewhere cannot lock the librarian out of her own PC.
func TestGuesserElsewhereLocksNobodyOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	from := func(address, pw string) int {
		r := httptest.NewRequest("POST", "http://localhost/desk/sign-in", strings.NewReader(url.Values{"name": {"librarian"}, "password": {pw}}.Encode()))
		r.Header.Set("Content-Type", formType)
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		o.web.Handler().ServeHTTP(w, r)
		return w.Code
	}
	for range 5 {
		from("192.0.2.7:1", "wrong password")
	}
	if got := from("192.0.2.8:1", webtest.Password); got != 429 {
		t.Errorf("from another address on the network: %d", got)
	}
	if got := from("127.0.0.1:1", webtest.Password); got != 303 {
		t.Errorf("at the machine itself: %d", got)
	}
}

// An account that is not there, and one that is disabled, answer as a wrong
// password does.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, once := o.hire("disabled", kiosk.Helper)
	o.do(id, "disabled")
	answer := func(name, pw string) string {
		status, body, _ := o.another().post("/desk/sign-in", "name", name, "password", pw)
		return fmt.Sprint(status) + strings.ReplaceAll(body, name, "")
	}
	want := answer("librarian", "wrong password")
	if answer("nobody-at-all", "wrong password") != want || answer("disabled", once) != want {
		t.Error("the answer tells them apart")
	}
}

func TestTokensAreNotInTheLedger(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u, _ := url.Parse(o.URL)
	token := o.client.Jar.Cookies(u)[0].Value
	o.view(func(v kiosk.View) error {
		all, err := v.SignIns()
		if len(all) != 1 || strings.Contains(all[0].Hash, token) || len(all[0].Hash) != 64 {
			t.Errorf("sign-ins %+v", all)
		}
		return err
	})
}

func TestCollaboratorSeesOwnClassesOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3B", 3)
	o.Copy("30000013", "Truyện mẫu một", kiosk.Children, "")
	o.Copy("30000021", "Truyện mẫu hai", kiosk.Children, "")
	o.Lent("20000016", "30000013", "2026-11-20")
	o.Lent("20000024", "30000021", "2026-12-01")
	class := map[string]string{}
	o.view(func(v kiosk.View) error {
		r, err := v.Rules(o.Today())
		if err != nil {
			return err
		}
		list, err := v.Classes(r.Year.ID)
		for _, c := range list {
			class[c.Name] = string(c.ID)
		}
		return err
	})
	id, once := o.hire("co-2a", kiosk.Collaborator, "class", class["2A"])
	b := o.settle("co-2a", once)
	status, body := b.get("/desk/my-classes")
	if status != 200 || !strings.Contains(body, class["2A"]) || strings.Contains(body, class["3B"]) || !strings.Contains(body, "1 cuốn quá hạn") {
		t.Errorf("my classes: %d", status)
	}
	if status, body = b.get("/desk/my-classes/" + class["2A"]); status != 200 || !strings.Contains(body, "Nguyễn Mẫu An") || !strings.Contains(body, "Truyện mẫu một") {
		t.Errorf("the own class: %d", status)
	}
	if strings.Contains(body, "Bình") || strings.Contains(body, "Truyện mẫu hai") {
		t.Error("the own class shows another's pupil")
	}
	// By address, without the page, with another class's id, and as a file.
	for _, path := range []string{"/desk/my-classes/" + class["3B"], "/desk/my-classes/" + class["3B"] + "?as=xlsx", "/desk/my-classes/nope", "/desk/my-classes/" + class["2A"] + "x"} {
		if status, body := b.get(path); status != 403 || strings.Contains(body, "Bình") {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _, to := b.follow("/desk"); status != 200 || to != "/desk/my-classes" {
		t.Errorf("the desk's first page leads a collaborator to %s: %d", to, status)
	}
	for _, path := range []string{"/desk/accounts", "/desk/receipts", "/api/v1/stations/desk"} {
		if status, _ := b.get(path); status != 403 && !strings.HasPrefix(path, "/api") {
			t.Errorf("%s: %d", path, status)
		}
	}
	// A class that is taken away is gone at once.
	page := "/desk/accounts/" + id
	o.post(page, "token", o.token(page), "seen", o.stamp(page), "role", "collaborator", "class", class["3B"])
	if status, _ := b.get("/desk/my-classes/" + class["2A"]); status != 403 {
		t.Errorf("a class that was taken away: %d", status)
	}
	if status, _ := b.get("/desk/my-classes/" + class["3B"]); status != 200 {
		t.Errorf("the class that was given: %d", status)
	}
	// A class that is none is not taken.
	o.post(page, "token", o.token(page), "seen", o.stamp(page), "role", "collaborator", "class", "nope")
	o.view(func(v kiosk.View) error {
		a, err := v.Account(kiosk.ID(id))
		if len(a.Classes) != 0 {
			t.Errorf("classes %v", a.Classes)
		}
		return err
	})
}

func TestAccountsPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.Patron(kiosk.Teacher, "20000099", "Giáo Viên Mẫu Hoà", "", 0)
	o.Patron(kiosk.Teacher, "20000107", "Cô Mẫu Trùng", "", 0)
	o.Patron(kiosk.Teacher, "20000115", "Cô Mẫu Trùng", "", 0)
	id, _ := o.hire("co-hoa", kiosk.Collaborator, "person", "giáo viên mẫu hoà")
	o.view(func(v kiosk.View) error {
		a, err := v.Account(kiosk.ID(id))
		if a.PatronID != p.ID {
			t.Errorf("person %q", a.PatronID)
		}
		return err
	})
	for who, want := range map[string]string{"Không Có Ai": "Không tìm thấy", "Cô Mẫu Trùng": "Gõ số thẻ"} {
		status, body, _ := o.post("/desk/accounts", "token", o.token("/desk/accounts/new"), "name", "x", "role", "helper", "person", who)
		if status != 422 || !strings.Contains(troubles(body), want) {
			t.Errorf("%s: %d %q", who, status, troubles(body))
		}
	}
	if _, once := o.hire("co-trung", kiosk.Helper, "person", "20000115"); once == "" {
		t.Error("by card number")
	}
}
