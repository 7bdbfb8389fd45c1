package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What is typed wrongly, line by line, and where each is tested:
//
//	two librarians editing one title         TestEditTitlePages; other forms: TestStaleForm, TestStaleDelivery, TestStaleLine, TestLabelSettings, TestTeams
//	a stale form                             the same, and TestHoldPages, TestCompensationPages, TestSetForm, TestSerialForm
//	a session that ended while typing        TestEveryFormIsKeptWhenTheSignInHasEnded
//	a merge of a title with itself           TestMergePages
//	a promotion run twice                    TestYearIsPreparedAndChecked, circulation's promotions
//	a barcode moved to another copy          TestCopyPages
//	every text field, every number           TestAnyTextInAnyField, and the tests of each page for the sentence beside the field

var (
	formOf  = regexp.MustCompile(`(?s)<form method="post" action="(/desk[^"]*)"[^>]*>.*?</form>`)
	fieldIn = regexp.MustCompile(`<(?:input|textarea)[^>]*\bname="([^"]+)"[^>]*>`)
	linkIn  = regexp.MustCompile(`href="(/desk[^"#]*)"`)
	idIn    = regexp.MustCompile(`/[0-9a-f]{8}-[0-9a-f-]{20,}|/[A-Z0-9]{26}`)
)

// What nobody should type, and some do.
var badTexts = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'; DROP TABLE loan; --`, `{{template "head"}}`, "a\x00b", "\xff\xfe",
	strings.Repeat("ế", 10_000), "-1", "x", strings.Repeat("9", 40), "1e9", "0x10", "-0", "٣", "32/13/2026", "0000-00-00",
}

// Whatever is typed into whichever field of whichever form that the desk shows,
// the answer is no fault of the program, nothing of it is markup in a page, and
// what is not taken is answered by a sentence. Forms are found by following
// links, one of each kind, in an office that has something of everything; what
// is not reached and not named in unwalked is told in the log. Each field is given one of the
// texts in turn; more of them with MUONTRA_LONG. Each sentence about a field is that
// field's own in the page (besideFields).
func TestAnyTextInAnyField(t *testing.T) {
	t.Parallel()
	o, paths := fullOffice(t)
	sent := map[string]bool{}    // of each form, the fields that were tried
	reached := map[string]bool{} // the routes of the forms
	seen := map[string]bool{}
	posts := http.NewServeMux()
	for _, r := range o.web.Routes() {
		if path, is := strings.CutPrefix(r, "POST "); is {
			posts.Handle(path, http.NotFoundHandler())
		}
	}
	todo := append(paths, "/desk", "/desk/titles", "/desk/copies", "/desk/classes", "/desk/receipts")
	for _, path := range o.web.DeskPages() {
		if !strings.Contains(path, "{") {
			todo = append(todo, path)
		}
	}
	tried, beside := 0, 0
	for len(todo) > 0 {
		path := html.UnescapeString(todo[0])
		todo = todo[1:]
		bare, query, _ := strings.Cut(path, "?")
		shape := idIn.ReplaceAllString(bare, "/{id}")
		q, _ := url.ParseQuery(query)
		if kind := q.Get("kind"); kind != "" && strings.HasSuffix(shape, "/activities/new") {
			shape += "?kind=" + kind // a form of its own
		}
		if seen[shape] || q.Get("as") != "" || strings.Contains(shape, "/practice") || strings.Contains(shape, "sign-out") {
			continue
		}
		seen[shape] = true
		status, body := o.get(path)
		if status != http.StatusOK {
			continue
		}
		for _, m := range linkIn.FindAllStringSubmatch(body, -1) {
			todo = append(todo, m[1])
		}
		for _, m := range formOf.FindAllStringSubmatch(body, -1) {
			action := html.UnescapeString(m[1])
			_, route := posts.Handler(httptest.NewRequest("POST", "http://localhost"+action, nil))
			reached[route] = true
			// These end the walk: the sign-in, and a password that is not known any more.
			if slices.Contains([]string{"/desk/sign-out", "/desk/password", "/desk/undo", "/desk/accounts/{id}/do"}, route) {
				continue
			}
			kind := route
			if strings.HasPrefix(route, "/desk/activities") {
				kind += " " + valueOf(m[0], "kind")
			}
			for _, in := range fieldIn.FindAllStringSubmatch(m[0], -1) {
				name := in[1]
				field := kind + " " + idIn.ReplaceAllString("/"+name, "/{id}")
				if name == "token" || name == "seen" || sent[field] || strings.Contains(in[0], `type="file"`) {
					continue
				}
				sent[field] = true
				n := len(sent)
				texts := []string{badTexts[0]}
				if n%2 == 0 {
					texts[0] = badTexts[1+n/2%(len(badTexts)-1)]
				}
				if os.Getenv("MUONTRA_LONG") != "" {
					for k := range 2 {
						texts = append(texts, badTexts[1+(n+5*k+3)%(len(badTexts)-1)])
					}
				}
				for _, bad := range texts {
					// As the page is now: what the tries before have changed would only be stale.
					_, now := o.get(path)
					i := slices.IndexFunc(formOf.FindAllStringSubmatch(now, -1), func(x []string) bool {
						return x[1] == m[1] && strings.Contains(x[0], `name="`+name+`"`)
					})
					if i < 0 { // what the try before made is no more to be changed here
						continue
					}
					v := valuesOf(formOf.FindAllString(now, -1)[i])
					for name, list := range v {
						for i := range list {
							v[name][i] = html.UnescapeString(list[i])
						}
					}
					v.Set("token", fmt.Sprint("bad-", tried))
					v.Set(name, bad)
					tried++
					status, answer, to := o.send(action, v)
					if status >= 500 {
						t.Errorf("%s = %.30q: %d", field, bad, status)
					}
					if status == http.StatusUnprocessableEntity && troubles(answer) == "" {
						t.Errorf("%s = %.30q is refused without a word", field, bad)
					}
					if typed := !strings.Contains(in[0], `type="hidden"`); typed && status == http.StatusUnprocessableEntity {
						n, why := besideFields(answer)
						if why != "" {
							t.Errorf("%s = %.30q: %s: %s", field, bad, why, troubles(answer))
						}
						if n > 0 {
							beside++
						}
						if n == 0 && ofTheWhole[route] == "" {
							t.Errorf("%s = %.30q: no sentence beside a field: %s", field, bad, troubles(answer))
						}
					}
					if status == http.StatusSeeOther && strings.HasPrefix(to, "/desk") {
						_, answer = o.get(to)
						if typed := !strings.Contains(in[0], `type="hidden"`); typed && strings.Contains(answer, `class="said-bar bad"`) {
							if strings.Contains(answer, "ô có chữ đỏ") {
								t.Errorf("%s = %.30q: the bar speaks of marked fields that are not there: %s", field, bad, troubles(answer))
							}
							t.Errorf("%s = %.30q: refused in the bar of the page %s, and what was typed is gone: %s", field, bad, to, troubles(answer))
						}
					}
					if strings.Contains(answer, "<script>alert") || strings.Contains(answer, "<img src=x") {
						t.Errorf("%s = %.30q stands in the page as it is", field, bad)
					}
				}
			}
		}
	}
	for _, r := range o.web.Routes() {
		path, is := strings.CutPrefix(r, "POST ")
		if is && strings.HasPrefix(path, "/desk/") && !reached[path] && unwalked[path] == "" {
			t.Errorf("no form of %s was reached: let fullOffice hold something of it, or say in unwalked why not", path)
		}
	}
	if len(reached) < 110 {
		t.Errorf("forms of only %d routes were reached", len(reached))
	}
	if beside < 150 {
		t.Errorf("only %d of %d forms were answered by a sentence beside a field", beside, tried)
	}
	t.Logf("%d fields of %d routes, %d forms sent, %d answered beside a field, %d pages", len(sent), len(reached), tried, beside, len(seen))
	o.Replayed()
}

var (
	controlIn = regexp.MustCompile(`<(?:(?:input|textarea|select|fieldset)\b|(?:div|p)\b[^>]* role="group")[^>]*>`)
	wrongIn   = regexp.MustCompile(`<(?:p|span|b)[^>]*\bclass="(?:[^"]* )?wrong(?: [^"]*)?"[^>]*>`)
	idOf      = regexp.MustCompile(`\bid="([^"]+)"`)
	describes = regexp.MustCompile(`\baria-describedby="([^"]+)"`)
)

// besideFields says which sentences of a page do not stand beside a field: each
// is an element of its own, that a field which is marked as wrong, or the group of
// boxes, names as what describes it: whoever comes there by the keyboard is told.
func besideFields(body string) (n int, why string) {
	described := map[string]bool{}
	for _, tag := range controlIn.FindAllString(body, -1) {
		group := !strings.HasPrefix(tag, "<input") && !strings.HasPrefix(tag, "<textarea") && !strings.HasPrefix(tag, "<select")
		if m := describes.FindStringSubmatch(tag); m != nil && (group || strings.Contains(tag, `aria-invalid="true"`)) {
			for _, id := range strings.Fields(m[1]) {
				described[id] = true
			}
		}
	}
	for _, tag := range wrongIn.FindAllString(body, -1) {
		n++
		if m := idOf.FindStringSubmatch(tag); m == nil || !described[m[1]] {
			return n, tag + " is no field's own"
		}
	}
	return n, ""
}

// ofTheWhole are the forms whose refusals may be about all of what was typed, each
// with the reason.
var ofTheWhole = map[string]string{
	"/desk/stocktake":                 "another stocktake counts those places: whatever is typed",
	"/desk/stocktake/{id}/close":      "nothing was scanned yet: whatever is typed",
	"/desk/patrons/{id}/status":       "its button says which status; without one nothing is asked for",
	"/desk/teams":                     "the person is in the team on those days already: person and days together",
	"/desk/printers/{id}/calibration": "what was measured pushes the labels off the sheet: the measures together",
}

// unwalked are the routes of the desk that take a form which no page of
// fullOffice shows, and why.
var unwalked = map[string]string{
	"/desk/holds":                            "buttons beside the names that were found: TestHoldPages",
	"/desk/sign-in":                          "the office is signed in: TestSignIn and fuzz_test.go",
	"/desk/set-up":                           "there is an account already: setup_test.go",
	"/desk/start":                            "the school is set up: setup_test.go",
	"/desk/live/{seq}/answer":                "a kiosk's live help call: livedesk's tests",
	"/desk/live/{seq}/allow":                 "a kiosk's live refusal: livedesk's tests",
	"/desk/live/{seq}/lend-on":               "a kiosk's live refusal: livedesk's tests",
	"/desk/live/{seq}/damage":                "a kiosk's live return: livedesk's tests",
	"/desk/browsers/{id}/remove":             "a button",
	"/desk/undo":                             "a button, offered after an act",
	"/desk/patrons/{id}/notes/{note}/remove": "a button",
	"/desk/classes/{id}/photos":              "files; no photo folder here: photo tests",
	"/desk/patrons/{id}/photo":               "a file; no photo folder here: photo tests",
	"/desk/stocktake/{id}/file":              "a file: stocktake_test.go",
	"/desk/stocktake/{id}/reopen":            "a button of one that is closed",
	"/desk/stocktake/{id}/stations/stop":     "a button of a station that counts",
	"/desk/count/picture":                    "a file, by the page's script",
	"/desk/count/back":                       "a button",
	"/desk/plan":                             "a button of an empty plan",
	"/desk/year/list/drop":                   "a button of a list that was read",
	"/desk/year/list/decide":                 "a button of a list that was read",
	"/desk/year/undo":                        "a button of a year that was begun",
	"/desk/titles/{id}/take-back":            "a button",
	"/desk/copies/{id}/take-back":            "a button",
	"/desk/sets/{id}/take-back":              "a button",
	"/desk/copies/{id}/do":                   "buttons",
	"/desk/serials/round":                    "issues on their way: serials_test.go",
	"/desk/stocks/own/{name}/remove":         "a button",
	"/desk/jobs/{job}":                       "buttons of a print job",
	"/desk/scanners/do":                      "no scanners in this office: scanners' tests",
	"/desk/scanners/stations":                "no scanners in this office",
	"/desk/scanners/listen":                  "no scanners in this office",
	"/desk/scanners/typed":                   "JSON of the page's script",
	"/desk/scanners/choose":                  "no scanners in this office",
	"/desk/machines/{id}/remove":             "a button",
	"/desk/phones/{id}/remove":               "a button",
	"/desk/lists/plans/{id}/apply":           "a button of a list that was read",
	"/desk/backup/sheet/printed":             "no backups in this office",
	"/desk/clock":                            "JSON of the page's script",
}
