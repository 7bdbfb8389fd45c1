package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// api sends JSON as the phone's page does, and reads the answer.
func (o *office) api(method, path string, body any) (int, map[string]any) {
	o.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(o.t.Context(), method, o.URL+path, strings.NewReader(string(b)))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := o.client.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err = io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(b, &answer); err != nil {
		o.t.Fatalf("%s: %v: %.200s", path, err, b)
	}
	return res.StatusCode, answer
}

const teacherPIN = "583920"

// teach makes a collaborator with a library card, the classes and a PIN.
func (o *office) teach(account, card, name string, classes ...kiosk.ID) kiosk.Patron {
	o.t.Helper()
	p := o.Patron(kiosk.Teacher, card, name, "", 0)
	pairs := []string{"person", name}
	for _, c := range classes {
		pairs = append(pairs, "class", string(c))
	}
	id, _ := o.hire(account, kiosk.Collaborator, pairs...)
	page := "/desk/accounts/" + id
	if status, body, _ := o.post(page+"/pin", "token", o.token(page), "pin", teacherPIN); status != 303 {
		o.t.Fatalf("PIN: %d %s", status, troubles(body))
	}
	return p
}

// phone is a phone that is enrolled by a code of the desk's page.
func (o *office) phone(name string) *office {
	o.t.Helper()
	if status, body, _ := o.post("/desk/phones", "token", o.token("/desk/machines"), "phone", name); status != 303 {
		o.t.Fatalf("a phone's code: %d %s", status, troubles(body))
	}
	_, body := o.get("/desk/machines")
	code := regexp.MustCompile(`/desk/phones/qr.png\?code=([0-9]{6})`).FindAllStringSubmatch(body, -1)
	if len(code) == 0 {
		o.t.Fatal("no code on the page")
	}
	p := o.another()
	if status, body, to := p.post("/corner/enrol", "code", code[0][1]); status != 303 || to != "/corner/" {
		o.t.Fatalf("enrol: %d %s", status, troubles(body))
	}
	return p
}

func (o *office) cornerSignIn(card, pin string) int {
	o.t.Helper()
	status, _ := o.api("POST", "/api/v1/corner/sign-in", map[string]string{"card": card, "pin": pin})
	return status
}

// signedIn reports whether a page for the collaborator opens.
func (o *office) signedIn() bool {
	status, _ := o.get("/desk/my-classes")
	return status == 200
}

func TestAPhoneIsEnrolledOnceAndRemoved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.teach("co-mau", "20000016", "Cô Mẫu Lan")
	status, body, _ := o.post("/desk/phones", "token", o.token("/desk/machines"), "phone", "")
	if status != 422 || !strings.Contains(body, `id="phone-wrong"`) {
		t.Errorf("a phone without a name: %d", status)
	}

	o.post("/desk/phones", "token", o.token("/desk/machines"), "phone", "Máy cô Mẫu")
	_, body = o.get("/desk/machines")
	code := regexp.MustCompile(`/desk/phones/qr.png\?code=([0-9]{6})`).FindStringSubmatch(body)[1]
	res, err := o.client.Get(o.URL + "/desk/phones/qr.png?code=" + code)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the QR picture: %d", res.StatusCode)
	}
	stranger := o.another()
	if stranger.cornerSignIn("20000016", teacherPIN) != 403 {
		t.Error("a phone that is not enrolled signs in")
	}
	// Looking at the link uses nothing up; a phone's code is no station's.
	if status, body := stranger.get("/corner/enrol?code=" + code); status != 200 || !strings.Contains(body, `value="`+code+`"`) {
		t.Errorf("the page behind the QR code: %d", status)
	}
	if status, _, _ := stranger.post("/pair", "code", code); status != 422 {
		t.Errorf("a phone's code pairs a station: %d", status)
	}
	p := o.another()
	if status, _, _ := p.post("/corner/enrol", "code", code[:3]+" "+code[3:]); status != 303 {
		t.Fatalf("enrol: %d", status)
	}
	if status, _, _ := stranger.post("/corner/enrol", "code", code); status != 422 {
		t.Errorf("the code is good twice: %d", status)
	}

	for _, bad := range [][2]string{{"20000016", "583921"}, {"20000016", ""}, {"nobody", teacherPIN}, {"99999999", teacherPIN}} {
		if status := p.cornerSignIn(bad[0], bad[1]); status != 401 {
			t.Errorf("sign-in as %v: %d", bad, status)
		}
	}
	if p.cornerSignIn("20000016", teacherPIN) != 200 || !p.signedIn() {
		t.Fatal("the teacher's card and PIN do not open")
	}
	if _, body := o.get("/desk/machines"); !strings.Contains(body, "co-mau") {
		t.Error("the desk does not say who uses the phone")
	}
	// The name in place of the card, for who has none yet.
	if p.cornerSignIn("Co-Mau", teacherPIN) != 200 {
		t.Error("the account's name does not open")
	}
	// A lost phone: removed on the desk, it is nobody's at once.
	_, body = o.get("/desk/machines")
	remove := regexp.MustCompile(`/desk/phones/[^"/]+/remove`).FindString(body)
	if status, _, _ := o.post(remove, "token", o.token("/desk/machines")); status != 303 {
		t.Fatalf("remove: %d", status)
	}
	if p.signedIn() || p.cornerSignIn("20000016", teacherPIN) != 403 {
		t.Error("a removed phone gets in")
	}
	o.Replayed()
}

func TestAPhoneIsOpenForEightHours(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.teach("co-mau", "20000016", "Cô Mẫu Lan")
	p := o.phone("Máy cô Mẫu")
	p.cornerSignIn("20000016", teacherPIN)
	o.Advance(7*time.Hour + 50*time.Minute)
	if !p.signedIn() {
		t.Error("signed out before eight hours")
	}
	o.Advance(8*time.Hour + time.Minute)
	if p.signedIn() {
		t.Error("signed in after eight hours without use")
	}
	if p.cornerSignIn("20000016", teacherPIN) != 200 || !p.signedIn() {
		t.Error("the PIN does not open it again")
	}
}

func TestOnAPhoneOnlyACollaboratorsPINOpens(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, _ := o.hire("em-giup", kiosk.Helper)
	page := "/desk/accounts/" + id
	o.post(page+"/pin", "token", o.token(page), "pin", teacherPIN)
	p := o.phone("Máy mẫu")
	if p.cornerSignIn("em-giup", teacherPIN) != 401 || p.cornerSignIn("librarian", webtest.Password) != 401 {
		t.Error("another role opens the corner")
	}
	// Six guesses, and then a wait, also with the right one.
	o.teach("co-mau", "20000016", "Cô Mẫu Lan")
	for range 5 {
		p.cornerSignIn("20000016", "111112")
	}
	if got := p.cornerSignIn("20000016", teacherPIN); got != 429 {
		t.Errorf("after five wrong PINs: %d", got)
	}
	o.Advance(time.Hour)
	if got := p.cornerSignIn("20000016", teacherPIN); got != 200 {
		t.Errorf("after an hour: %d", got)
	}
}

func TestTheKeepersCardHasNoPIN(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.teach("co-mau", "20000016", "Cô Mẫu Lan")
	_, body := o.get("/desk/accounts?q=" + url.QueryEscape("co-mau"))
	page := regexp.MustCompile(`/desk/accounts/[0-9a-f-]{36}`).FindString(body)
	status, body := o.get(page + "/card")
	if status != 200 || !strings.Contains(body, "20000016") || strings.Contains(body, teacherPIN) || strings.Count(body, "<rect") < 50 {
		t.Errorf("the card's page: %d", status)
	}
	none, _ := o.hire("co-hai", kiosk.Collaborator)
	if status, body := o.get("/desk/accounts/" + none + "/card"); status != 200 || !strings.Contains(body, "chưa gắn với người nào") {
		t.Errorf("an account of nobody: %d", status)
	}
}
