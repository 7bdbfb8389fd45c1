package web_test

import (
	"context"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web"
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
	formOf   = regexp.MustCompile(`(?s)<form method="post" action="(/desk[^"]*)"[^>]*>.*?</form>`)
	askIn    = regexp.MustCompile(`(?s)<form\b[^>]*\bmethod="get"[^>]*>.*?</form>`)
	actionIn = regexp.MustCompile(`\baction="([^"]*)"`)
	fieldIn  = regexp.MustCompile(`<(?:input|textarea)[^>]*\bname="([^"]+)"[^>]*>`)
	linkIn   = regexp.MustCompile(`href="(/desk[^"#]*)"`)
	idIn     = regexp.MustCompile(`/[0-9a-f]{8}-[0-9a-f-]{20,}|/[A-Z0-9]{26}`)
)

// What nobody should type, and some do.
var badTexts = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'; DROP TABLE loan; --`, `{{template "head"}}`, "a\x00b", "\xff\xfe",
	strings.Repeat("ế", 10_000), "-1", "x", strings.Repeat("9", 40), "1e9", "0x10", "-0", "٣", "32/13/2026", "0000-00-00",
}

// badWalk types what nobody should into every field of every form that it meets:
// the answer is no fault of the program, nothing of it is markup in a page, and what
// is not taken is answered by a sentence that is the field's own (besideFields),
// in the form as it was typed. Each field is given one of the texts in turn, more of
// them with MUONTRA_LONG.
type badWalk struct {
	o             *office
	sent          map[string]bool // of each form, the fields that were tried
	reached       map[string]bool // the routes of the forms
	seen          map[string]bool
	posts         *http.ServeMux
	tried, beside int
}

func newBadWalk(o *office) *badWalk {
	b := &badWalk{o: o, sent: map[string]bool{}, reached: map[string]bool{}, seen: map[string]bool{}, posts: http.NewServeMux()}
	for _, r := range o.web.Routes() {
		if path, is := strings.CutPrefix(r, "POST "); is {
			b.posts.Handle(path, http.NotFoundHandler())
		}
	}
	return b
}

// along opens the pages and those that they lead to, one of each kind.
func (b *badWalk) along(todo ...string) {
	for len(todo) > 0 {
		path := html.UnescapeString(todo[0])
		todo = todo[1:]
		bare, query, _ := strings.Cut(path, "?")
		shape := idIn.ReplaceAllString(bare, "/{id}")
		q, _ := url.ParseQuery(query)
		if kind := q.Get("kind"); kind != "" && strings.HasSuffix(shape, "/activities/new") {
			shape += "?kind=" + kind // a form of its own
		}
		if b.seen[shape] || q.Get("as") != "" || strings.Contains(shape, "/practice") || strings.Contains(shape, "sign-out") {
			continue
		}
		b.seen[shape] = true
		for _, m := range linkIn.FindAllStringSubmatch(b.page(path), -1) {
			todo = append(todo, m[1])
		}
	}
}

// page tries the forms of one page, and gives what it was.
func (b *badWalk) page(path string) (body string) {
	status, body := b.o.get(path)
	if status != http.StatusOK {
		return ""
	}
	for _, m := range formOf.FindAllStringSubmatch(body, -1) {
		b.form(path, m[0], m[1])
	}
	for _, text := range askIn.FindAllString(body, -1) {
		action := path
		if m := actionIn.FindStringSubmatch(text); m != nil {
			action = html.UnescapeString(m[1])
		}
		b.ask(text, action)
	}
	return body
}

func (b *badWalk) form(path, text, sentTo string) {
	action := html.UnescapeString(sentTo)
	_, route := b.posts.Handler(httptest.NewRequest("POST", "http://localhost"+action, nil))
	b.reached[route] = true
	// These are buttons that end the walk, which is signed out or does not know a password any more.
	if slices.Contains([]string{"/desk/sign-out", "/desk/undo", "/desk/accounts/{id}/do"}, route) {
		return
	}
	kind := route
	if strings.HasPrefix(route, "/desk/activities") {
		kind += " " + valueOf(text, "kind")
	}
	for _, in := range fieldIn.FindAllStringSubmatch(text, -1) {
		name := in[1]
		field := kind + " " + idIn.ReplaceAllString("/"+name, "/{id}")
		if name == "token" || name == "seen" || b.sent[field] || strings.Contains(in[0], `type="file"`) {
			continue
		}
		for _, bad := range b.texts(field) {
			// As the page is now: what the tries before have changed would only be stale.
			_, now := b.o.get(path)
			i := slices.IndexFunc(formOf.FindAllStringSubmatch(now, -1), func(x []string) bool {
				return x[1] == sentTo && strings.Contains(x[0], `name="`+name+`"`)
			})
			if i < 0 { // what the try before made is no more to be changed here
				continue
			}
			v := unescaped(valuesOf(formOf.FindAllString(now, -1)[i]))
			v.Set("token", fmt.Sprint("bad-", b.tried))
			v.Set(name, bad)
			b.tried++
			status, answer, to := b.o.send(action, v)
			b.judge(route, fmt.Sprintf("%s = %.30q", field, bad), !strings.Contains(in[0], `type="hidden"`), status, answer, to)
		}
	}
}

// texts are what is typed into a field.
func (b *badWalk) texts(field string) []string {
	b.sent[field] = true
	n := len(b.sent)
	texts := []string{badTexts[0]}
	if n%2 == 0 {
		texts[0] = badTexts[1+n/2%(len(badTexts)-1)]
	}
	if os.Getenv("MUONTRA_LONG") != "" {
		for k := range 2 {
			texts = append(texts, badTexts[1+(n+5*k+3)%(len(badTexts)-1)])
		}
	}
	return texts
}

func unescaped(v url.Values) url.Values {
	for name, list := range v {
		for i := range list {
			v[name][i] = html.UnescapeString(list[i])
		}
	}
	return v
}

// judge looks the answer to a form over; typed says that a person could have typed it.
func (b *badWalk) judge(route, what string, typed bool, status int, answer, to string) {
	t := b.o.t
	t.Helper()
	if status >= 500 {
		t.Errorf("%s: %d", what, status)
	}
	if status == http.StatusUnprocessableEntity && troubles(answer) == "" {
		t.Errorf("%s is refused without a word", what)
	}
	if typed && status == http.StatusUnprocessableEntity {
		n, why := besideFields(answer)
		if why != "" {
			t.Errorf("%s: %s: %s", what, why, troubles(answer))
		}
		if n > 0 {
			b.beside++
		}
		if n == 0 && ofTheWhole[route] == "" {
			t.Errorf("%s: no sentence beside a field: %s", what, troubles(answer))
		}
	}
	if status == http.StatusSeeOther && strings.HasPrefix(to, "/desk") {
		_, answer = b.o.get(to)
		if typed && strings.Contains(answer, `class="said-bar bad"`) {
			t.Errorf("%s: refused in the bar of the page %s, and what was typed is gone: %s", what, to, troubles(answer))
		}
	}
	b.clean(what, answer)
}

func (b *badWalk) clean(what, answer string) {
	b.o.t.Helper()
	if strings.Contains(answer, "<script>alert") || strings.Contains(answer, "<img src=x") {
		b.o.t.Errorf("%s stands in the page as it is", what)
	}
}

// ask types into a form that only asks: a search, the filter of a list.
func (b *badWalk) ask(text, action string) {
	for _, in := range fieldIn.FindAllStringSubmatch(text, -1) {
		field := "GET " + idIn.ReplaceAllString(action, "/{id}") + " " + in[1]
		if b.sent[field] {
			continue
		}
		for _, bad := range b.texts(field) {
			v := unescaped(valuesOf(text))
			v.Set(in[1], bad)
			b.tried++
			path, query, _ := strings.Cut(action, "?")
			if query != "" {
				query += "&"
			}
			status, answer := b.o.get(path + "?" + query + v.Encode())
			if status >= 500 {
				b.o.t.Errorf("%s = %.30q: %d", field, bad, status)
			}
			if status == http.StatusUnprocessableEntity && troubles(answer) == "" {
				b.o.t.Errorf("%s = %.30q is refused without a word", field, bad)
			}
			b.clean(fmt.Sprintf("%s = %.30q", field, bad), answer)
		}
	}
}

// Forms are found by following links in an office that has something of everything.
func TestAnyTextInAnyField(t *testing.T) {
	t.Parallel()
	o, paths := fullOffice(t)
	b := newBadWalk(o)
	paths = append(paths, "/desk/start?school", "/desk", "/desk/titles", "/desk/copies", "/desk/classes", "/desk/receipts")
	for _, path := range o.web.DeskPages() {
		if !strings.Contains(path, "{") {
			paths = append(paths, path)
		}
	}
	b.along(paths...)
	for _, r := range o.web.Routes() {
		path, is := strings.CutPrefix(r, "POST ")
		_, not := unwalked[path]
		if is && strings.HasPrefix(path, "/desk/") && !b.reached[path] && !not {
			t.Errorf("no form of %s was reached: let fullOffice hold something of it, or say in unwalked why not", path)
		}
		if is && b.reached[path] && not {
			t.Errorf("%s is walked, and unwalked says that it is not", path)
		}
	}
	if len(b.reached) < 110 {
		t.Errorf("forms of only %d routes were reached", len(b.reached))
	}
	if b.beside < 150 {
		t.Errorf("only %d of %d forms were answered by a sentence beside a field", b.beside, b.tried)
	}
	t.Logf("%d fields of %d routes, %d forms sent, %d answered beside a field, %d pages", len(b.sent), len(b.reached), b.tried, b.beside, len(b.seen))
	o.Replayed()
}

// The pages that such an office has no more, or not yet.
func TestAnyTextBeforeAndBeside(t *testing.T) {
	t.Parallel()
	walk := func(o *office, path, route string, fields int) {
		t.Helper()
		b := newBadWalk(o)
		b.page(path)
		if !b.reached[route] || len(b.sent) < fields {
			t.Errorf("%s: %d fields of %v", path, len(b.sent), slices.Collect(maps.Keys(b.reached)))
		}
	}
	walk(emptyOffice(t), "/desk/set-up", "/desk/set-up", 3)
	out := newOffice(t)
	if status, _, _ := out.post("/desk/sign-out"); status != http.StatusSeeOther {
		t.Fatal("not signed out")
	}
	walk(out, "/desk/sign-in", "/desk/sign-in", 2)
	walk(newOffice(t, func(c *web.Config) { c.Scanners = noScanners{} }), "/desk/scanners", "/desk/scanners/stations", 1)

	printed := newOffice(t, printing(t, &paperless{}))
	delivery := printed.stocked("Truyện mẫu", "3")
	printed.printer("Máy in mẫu")
	_, body := printed.get("/desk/labels?what=receipt&receipt=" + strings.TrimPrefix(delivery, "/desk/receipts/"))
	order, printer := orderIn(body), printed.choiceOf("/desk/labels?what=receipt&receipt="+strings.TrimPrefix(delivery, "/desk/receipts/"), "Máy in mẫu")
	if status, body, _ := printed.post("/desk/labels/print", "token", "job", "order", order, "printer", printer); status != http.StatusSeeOther {
		t.Fatalf("print: %d %s", status, troubles(body))
	}
	until(t, func() bool { _, body := printed.get("/desk/printers"); return strings.Contains(body, `name="from"`) })
	walk(printed, "/desk/printers", "/desk/jobs/{job}", 4)
}

// The word of the live desk is typed into a form that the page's script makes, with the
// browser's own bounds. What comes otherwise is refused with a sentence.
func TestLiveWords(t *testing.T) {
	t.Parallel()
	o, _ := fullOffice(t)
	for i, code := range []string{"20000016", "30000039"} { // who has a book overdue, and a book
		if status, body, _ := o.post("/desk/counter", "token", fmt.Sprint("live-", i), "code", code); status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", code, status, troubles(body))
		}
	}
	var last kiosk.Event
	o.view(func(v kiosk.View) error {
		seq, err := v.LastSeq()
		if err == nil {
			last, err = v.Event(seq)
		}
		return err
	})
	if last.Type != kiosk.EventRefused || last.CopyID == "" {
		t.Fatalf("%+v", last)
	}
	b := newBadWalk(o)
	for i, bad := range append(badTexts, "", "   ") {
		for _, do := range []string{"damage", "allow"} {
			what := fmt.Sprintf("%s %.30q", do, bad)
			status, _, to := o.post(fmt.Sprintf("/desk/live/%d/%s", last.Seq, do), "token", fmt.Sprint("word-", do, i), "comment", bad)
			if status != http.StatusSeeOther || to != "/desk" {
				t.Errorf("%s: %d %s", what, status, to)
			}
			_, answer := o.get(to)
			b.clean(what, answer)
			empty, long := strings.TrimSpace(bad) == "", len(bad) > 400
			if told := strings.Contains(answer, "said-bar bad"); (empty || long) && !told {
				t.Errorf("%s is not told", what)
			}
		}
	}
	o.Replayed()
}

// noScanners is a machine without a scanner.
type noScanners struct{ web.Scanners }

func (noScanners) Chosen(context.Context) ([]web.Scanner, error)      { return nil, nil }
func (noScanners) Offers(context.Context) ([]web.ScannerOffer, error) { return nil, nil }
func (noScanners) Scans(int64) []web.ScannerScan                      { return nil }
func (noScanners) AddStation(context.Context, string) (func(context.Context) error, error) {
	return nil, nil
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
	"/desk/sign-in":                   "which of the two is wrong is not told",
	"/desk/stocktake":                 "another stocktake counts those places: whatever is typed",
	"/desk/stocktake/{id}/close":      "nothing was scanned yet: whatever is typed",
	"/desk/patrons/{id}/status":       "its button says which status; without one nothing is asked for",
	"/desk/teams":                     "the person is in the team on those days already: person and days together",
	"/desk/printers/{id}/calibration": "what was measured pushes the labels off the sheet: the measures together",
}

// unwalked are the routes of the desk that take a form which no page of fullOffice
// shows, and why: those without anything to type, and those that are walked elsewhere.
var unwalked = map[string]string{
	// Walked by TestAnyTextBeforeAndBeside.
	"/desk/sign-in":           "the office is signed in",
	"/desk/set-up":            "there is an account already",
	"/desk/scanners/stations": "no scanners in this office",
	"/desk/jobs/{job}":        "nothing was printed",
	// The page's script makes these forms; their one word is bounded by the browser, and by TestLiveWords.
	"/desk/live/{seq}/allow":  "a kiosk's live refusal",
	"/desk/live/{seq}/damage": "a kiosk's live return",
	// Buttons.
	"/desk/live/{seq}/answer":                "of a call",
	"/desk/live/{seq}/lend-on":               "of a refusal",
	"/desk/holds":                            "beside the names that were found",
	"/desk/browsers/{id}/remove":             "",
	"/desk/undo":                             "offered after an act",
	"/desk/patrons/{id}/notes/{note}/remove": "",
	"/desk/stocktake/{id}/reopen":            "of one that is closed",
	"/desk/stocktake/{id}/stations/stop":     "of a station that counts",
	"/desk/count/back":                       "",
	"/desk/plan":                             "of an empty plan",
	"/desk/year/list/drop":                   "of a list that was read",
	"/desk/year/list/decide":                 "of a list that was read",
	"/desk/year/undo":                        "of a year that was begun",
	"/desk/titles/{id}/take-back":            "",
	"/desk/copies/{id}/take-back":            "",
	"/desk/sets/{id}/take-back":              "",
	"/desk/copies/{id}/do":                   "",
	"/desk/scanners/do":                      "and a choice of stations",
	"/desk/scanners/listen":                  "",
	"/desk/scanners/choose":                  "",
	"/desk/machines/{id}/remove":             "",
	"/desk/phones/{id}/remove":               "",
	"/desk/lists/plans/{id}/apply":           "of a list that was read",
	"/desk/lists/plans/{id}/undo":            "of a list that was read",
	// A file or JSON, never typed.
	"/desk/classes/{id}/photos": "files: photo tests",
	"/desk/patrons/{id}/photo":  "a file: photo tests",
	"/desk/stocktake/{id}/file": "a file: stocktake_test.go",
	"/desk/count/picture":       "a file, by the page's script",
	"/desk/scanners/typed":      "by the page's script",
	"/desk/clock":               "a button",
}
