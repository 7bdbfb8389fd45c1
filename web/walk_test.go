package web_test

import (
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
	"muontra/web/webtest"
)

var hrefs = regexp.MustCompile(`(?:href|action)="(/[^"#]*)`)

// fewPages is how many pages the short walk opens; MUONTRA_LONG opens all.
const fewPages = 6

// Every page of the site that the librarian can reach, at a PC's and a phone's
// width: axe finds nothing and nothing sticks out. The pages are found by
// following the links from the menu on, so that a new one is walked by itself.
func TestWalkEveryPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := newOffice(t, printing(t, &paperless{}), func(c *web.Config) { c.People = c.Acquisitions.(web.People) })
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Copy("30000012", "Truyện mẫu", kiosk.Children, "")
	o.Lent("20000016", "30000012", "2026-12-01")
	receipt := o.open("voucher", "HD-01")
	o.line(receipt, "Truyện mẫu: Chú chó nhỏ và vầng trăng", "3")
	o.printer("Máy in mẫu")
	_, _, plan := o.upload("patrons", "a.csv", []byte(pupils))
	_, _, task := o.post("/desk/lists/export", "token", "walk", "subject", "titles")

	mux := http.NewServeMux()
	for _, p := range o.web.GETPatterns() {
		mux.Handle(p, http.NotFoundHandler())
	}
	patternOf := func(path string) string {
		_, p := mux.Handler(httptest.NewRequest("GET", "http://localhost"+path, nil))
		return p
	}
	pages := map[string]string{} // a page for each pattern
	todo := []string{"/", "/desk", "/catalogue?q=mau", "/desk/sign-in", plan, task, "/desk/settings/policies?who=pupil&kind=map&sub="}
	for len(todo) > 0 {
		path := html.UnescapeString(todo[0])
		todo = todo[1:]
		u, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		pattern := patternOf(u.Path)
		if pattern == "" || pages[pattern] != "" || strings.HasPrefix(pattern, "/static/") || strings.HasPrefix(pattern, "/ws/") || u.Query().Get("as") == "xlsx" {
			continue
		}
		res, err := o.client.Get(o.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		kind := res.Header.Get("Content-Type")
		status, body, _ := o.read(res)
		if status != 200 || !strings.HasPrefix(kind, "text/html") || !strings.Contains(body, "<main") {
			continue // a picture, a file, a part of a page, the form's path alone
		}
		pages[pattern] = path
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			todo = append(todo, m[1])
		}
	}
	if len(pages) < 20 {
		t.Fatalf("only %d pages are reached: %v", len(pages), pages)
	}
	for _, p := range o.web.GETPatterns() {
		if pages[p] == "" {
			t.Logf("no page of %s was walked", p)
		}
	}
	patterns := slices.Sorted(maps.Keys(pages))
	if os.Getenv("MUONTRA_LONG") == "" {
		// Others each time the site grows, the same for one site.
		step := max(1, len(patterns)/fewPages)
		var few []string
		for i := 0; i < len(patterns); i += step {
			few = append(few, patterns[i])
		}
		patterns = few
	}
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	for _, pattern := range patterns {
		if strings.HasPrefix(pattern, "/kiosk/") || pattern == "/desk/practice" {
			continue // screens with tests of their own: they end by themselves
		}
		p.Go(o.URL + pages[pattern])
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", pages[pattern], size.name, wide)
			}
			p.Axe(pages[pattern] + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
}
