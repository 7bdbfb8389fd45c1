package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
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
// the answer is no fault of the program, and nothing of it is markup in a page.
// Forms are found by following links, one of each kind. Each field is given the
// first text and two of the others in turn; all of them with MUONTRA_LONG.
func TestAnyTextInAnyField(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
	o.Lent("20000016", "30000013", "2026-11-27")
	o.line(o.open(), "Truyện mẫu hai", "2")

	sent := map[string]bool{} // of each form, the fields that were tried
	seen := map[string]bool{}
	todo := []string{"/desk", "/desk/titles", "/desk/copies", "/desk/classes", "/desk/receipts"}
	tried := 0
	for len(todo) > 0 {
		path := html.UnescapeString(todo[0])
		todo = todo[1:]
		bare, query, _ := strings.Cut(path, "?")
		shape := idIn.ReplaceAllString(bare, "/{id}")
		q, _ := url.ParseQuery(query)
		if seen[shape] || q.Get("as") != "" || strings.Contains(shape, "/practice") {
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
			kind := idIn.ReplaceAllString(action, "/{id}")
			// These end the walk: the sign-in, and a password that is not known any more.
			if slices.ContainsFunc([]string{"sign-out", "/password", "/undo", "/accounts"}, func(x string) bool { return strings.Contains(kind, x) }) {
				continue
			}
			for _, in := range fieldIn.FindAllStringSubmatch(m[0], -1) {
				name := in[1]
				if name == "token" || name == "seen" || sent[kind+" "+name] || strings.Contains(in[0], `type="file"`) {
					continue
				}
				sent[kind+" "+name] = true
				texts := badTexts
				if os.Getenv("MUONTRA_LONG") == "" {
					n := len(sent)
					texts = []string{badTexts[0], badTexts[1+n%(len(badTexts)-1)], badTexts[1+(n+7)%(len(badTexts)-1)]}
				}
				for _, bad := range texts {
					v := url.Values{}
					for _, other := range fieldIn.FindAllStringSubmatch(m[0], -1) {
						if x := valueIn.FindStringSubmatch(other[0]); x != nil && !strings.Contains(other[0], `type="radio"`) {
							v.Set(other[1], html.UnescapeString(x[1]))
						}
					}
					v.Set("token", fmt.Sprint("bad-", tried))
					v.Set(name, bad)
					tried++
					status, answer, to := o.send(action, v)
					if status >= 500 {
						t.Errorf("%s, %s = %.30q: %d", kind, name, bad, status)
					}
					if status == http.StatusSeeOther && strings.HasPrefix(to, "/desk") {
						_, answer = o.get(to)
					}
					if strings.Contains(answer, "<script>alert") || strings.Contains(answer, "<img src=x") {
						t.Errorf("%s, %s = %.30q stands in the page as it is", kind, name, bad)
					}
				}
			}
		}
	}
	if len(sent) < 40 {
		t.Errorf("only %d fields were tried, on %d pages", len(sent), len(seen))
	}
	t.Logf("%d fields, %d forms sent, %d pages", len(sent), tried, len(seen))
	o.Replayed()
}
