package web_test

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/png"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web"
)

// undoWalk does acts and takes them back.
type undoWalk struct {
	t      testing.TB
	o      *office
	routes *http.ServeMux // of the POST routes
	n      int
}

func newUndoWalk(t testing.TB) *undoWalk { return undoWalkIn(t, undoOffice(t)) }

func undoWalkIn(t testing.TB, o *office) *undoWalk {
	w := &undoWalk{t: t, o: o, routes: http.NewServeMux()}
	for _, r := range o.web.Routes() {
		if path, is := strings.CutPrefix(r, "POST "); is {
			w.routes.Handle(path, http.NotFoundHandler())
		}
	}
	return w
}

// undoOffice is a full office with a second class and shelf to move to, photos and
// scanners.
func undoOffice(t testing.TB) *office {
	o, _ := fullOffice(t, func(c *web.Config) {
		scanners := newScannerTable()
		c.Photos, c.Scanners, c.Stations, c.TestCode = newAlbum(), scanners, scanners.names, "MT-TEST"
	})
	o.Patron(kiosk.Pupil, "20000032", "Phạm Mẫu Duy", "2B", 2)
	o.update(func(tx kiosk.Tx) error {
		return tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "KE9", Name: "Kệ mẫu 9", Kind: kiosk.Shelf})
	})
	return o
}

func (w *undoWalk) walk(route string, row undoRow) {
	for i, d := range row.deeds {
		what := route
		if len(row.deeds) > 1 {
			what = fmt.Sprintf("%s, deed %d %v", route, i+1, d.with)
		}
		if d.form == "" {
			d.form = route
		}
		if why := w.takenBack(d); why != "" {
			w.t.Errorf("%s: %s", what, why)
			if !row.apart { // what is left would only spoil the next
				w.o = undoOffice(w.t)
			}
		}
	}
}

// takenBack does one act and takes it back; the answer is what is wrong.
func (w *undoWalk) takenBack(d deed) string {
	for _, f := range d.first {
		if _, _, why := w.do(f); why != "" {
			return "before: " + why
		}
		w.o.Advance(time.Minute)
	}
	before := w.rows()
	at, body, why := w.do(d)
	if why != "" {
		return why
	}
	mid := w.rows()
	if len(differ(before, mid)) == 0 && d.form != "/desk/backup/folder" {
		return "the act changed nothing: " + troubles(body)
	}
	if d.by == "" {
		v, has := w.form(body, "/desk/undo", "")
		if !has {
			return "no undo on " + at + ", which says: " + saidIn(body)
		}
		status, _, to := w.o.send("/desk/undo", v)
		_, body = w.o.get(to)
		if status != http.StatusSeeOther || strings.Contains(body, "said-bar bad") {
			return fmt.Sprintf("the undo is refused: %d %s", status, saidIn(body))
		}
	} else {
		w.o.Advance(time.Minute)
		page, has := at, true
		if _, has = w.form(body, d.by, d.byAt); !has {
			page, has = w.linked(body, d.by, d.byAt)
		}
		if !has {
			return "neither " + at + " nor what it links to offers " + d.by
		}
		if _, _, why := w.do(deed{page: page, form: d.by, with: d.then, at: d.byAt}); why != "" {
			return "the way back: " + why
		}
	}
	left := slices.DeleteFunc(differ(before, w.rows()), func(s string) bool {
		return slices.ContainsFunc(d.stays, func(table string) bool { return strings.HasPrefix(s, table+": ") })
	})
	// What the school has never set is kept from the first undo on, as what it was
	// without: the second must leave exactly that.
	if !d.again && len(left) > 0 && !slices.ContainsFunc(left, func(s string) bool { return !strings.HasPrefix(s, "settings: ") || !strings.HasSuffix(s, " is new") }) {
		d.again, d.first = true, nil
		return w.takenBack(d)
	}
	if len(left) > 0 {
		return "not as it was: " + strings.Join(left, "; ")
	}
	return ""
}

// do sends a form and follows to the page that answers.
func (w *undoWalk) do(d deed) (at, body, why string) {
	page := w.named(d.page)
	steps := strings.Split(page, " > ")
	page = steps[0]
	for _, shape := range steps[1:] {
		_, body := w.o.get(page)
		query := ""
		if at := strings.Index(shape, "?"); at >= 0 { // added to the page that the link leads to
			shape, query = shape[:at], shape[at:]
		}
		next, found := w.link(body, shape)
		if query != "" {
			next, _, _ = strings.Cut(next, "?")
			next += query
		}
		if !found {
			return page, body, "no link to " + shape + " on " + page
		}
		page = next
	}
	status, body := w.o.get(page)
	if status != http.StatusOK {
		return page, body, fmt.Sprintf("%s: %d", page, status)
	}
	v, has := w.form(body, d.form, w.named(d.at))
	if !has {
		return page, body, "no form of " + d.form + " on " + page
	}
	action := v.Get(" action")
	v.Del(" action")
	w.n++
	v.Set("token", fmt.Sprint("undo-walk-", w.n))
	set := map[string]bool{}
	for i := 0; i+1 < len(d.with); i += 2 {
		name, value := w.named(d.with[i]), w.named(d.with[i+1])
		if begin, any := strings.CutSuffix(name, "*"); any { // the first field that begins so
			for _, field := range slices.Sorted(maps.Keys(v)) {
				if strings.HasPrefix(field, begin) {
					name = field
					break
				}
			}
		}
		if value == "*" { // the first that can be ticked
			if m := regexp.MustCompile(`name="` + name + `"[^>]*value="([^"]+)"`).FindStringSubmatch(body); m != nil {
				value = html.UnescapeString(m[1])
			}
		}
		if !set[name] {
			v.Del(name)
		}
		set[name] = true
		v.Add(name, value)
	}
	status, answer, to := w.send(action, v)
	if status != http.StatusSeeOther {
		return page, answer, fmt.Sprintf("%s: %d %s", action, status, troubles(answer))
	}
	for range 5 {
		path, _, _ := strings.Cut(to, "#")
		res, err := w.o.client.Get(w.o.URL + path)
		if err != nil {
			w.t.Fatal(err)
		}
		status, body, next := w.o.read(res)
		if status == http.StatusSeeOther {
			to = next
			continue
		}
		if status != http.StatusOK {
			return to, body, fmt.Sprintf("%s: %d", to, status)
		}
		if strings.Contains(body, "said-bar bad") {
			return to, body, "refused: " + saidIn(body)
		}
		return to, body, ""
	}
	return to, "", "led in circles"
}

// send posts a form as a browser does; one with files has them as "file:NAME", each a
// picture of its own.
func (w *undoWalk) send(action string, v url.Values) (status int, body, to string) {
	enctype := v.Get(" enctype")
	v.Del(" enctype")
	if enctype == "" {
		return w.o.send(action, v)
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for field, list := range v {
		for _, value := range list {
			name, file := strings.CutPrefix(value, "file:")
			if !file {
				m.WriteField(field, value)
				continue
			}
			part, err := m.CreateFormFile(field, name)
			if err != nil {
				w.t.Fatal(err)
			}
			if err := png.Encode(part, image.NewGray(image.Rect(0, 0, 30+w.n, 40))); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if err := m.Close(); err != nil {
		w.t.Fatal(err)
	}
	res, err := w.o.client.Post(w.o.URL+action, m.FormDataContentType(), &b)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.o.read(res)
}

var (
	anyForm   = regexp.MustCompile(`(?s)<form\b[^>]*>.*?</form>`)
	goesTo    = regexp.MustCompile(`\baction="([^"]*)"`)
	areasIn   = regexp.MustCompile(`(?s)<textarea[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>`)
	saidText  = regexp.MustCompile(`(?s)<[^>]*class="said-bar[^>]*>(.*?)</div>`)
	tagIn     = regexp.MustCompile(`<[^>]*>`)
	namedIn   = regexp.MustCompile(`\{([a-z]+):([^}]+)\}`)
	pathValue = regexp.MustCompile(`\{[a-z]+\}`)
)

// form is the form of a route on a page, as a browser would send it, with where it
// goes under " action".
func (w *undoWalk) form(body, route, at string) (url.Values, bool) {
	for _, f := range anyForm.FindAllString(body, -1) {
		m := goesTo.FindStringSubmatch(f)
		if m == nil || !strings.Contains(f[:strings.Index(f, ">")], `method="post"`) || !strings.Contains(f, at) {
			continue
		}
		action := html.UnescapeString(m[1])
		if _, pattern := w.routes.Handler(httptest.NewRequest("POST", "http://localhost"+action, nil)); pattern != route {
			continue
		}
		v := valuesOf(f)
		for _, a := range areasIn.FindAllStringSubmatch(f, -1) {
			v.Add(a[1], strings.TrimPrefix(a[2], "\n"))
		}
		for _, list := range v {
			for i := range list {
				list[i] = html.UnescapeString(list[i])
			}
		}
		v.Set(" action", action)
		if strings.Contains(f[:strings.Index(f, ">")], `enctype="multipart/form-data"`) {
			v.Set(" enctype", "multipart/form-data")
		}
		return v, true
	}
	return nil, false
}

// link is the first link of a shape on a page.
func (w *undoWalk) link(body, shape string) (string, bool) {
	want := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pathValue.ReplaceAllString(shape, "\x00")), "\x00", `[0-9a-zA-Z-]*[0-9][0-9a-zA-Z-]*`) + `(\?.*)?$`)
	for _, m := range linkIn.FindAllStringSubmatch(body, -1) {
		if href := html.UnescapeString(m[1]); want.MatchString(href) {
			return href, true
		}
	}
	return "", false
}

// linked is the page, of those that a page links to from its own part, which has a
// form of a route.
func (w *undoWalk) linked(body, route, at string) (string, bool) {
	_, own, _ := strings.Cut(body, "<main")
	seen := map[string]bool{}
	for _, m := range linkIn.FindAllStringSubmatch(own, -1) {
		href := html.UnescapeString(m[1])
		if seen[href] || len(seen) > 40 {
			continue
		}
		seen[href] = true
		if status, page := w.o.get(href); status == http.StatusOK {
			if _, has := w.form(page, route, at); has {
				return href, true
			}
		}
	}
	return "", false
}

func saidIn(body string) string {
	m := saidText.FindStringSubmatch(body)
	if m == nil {
		return "nothing"
	}
	return strings.Join(strings.Fields(html.UnescapeString(tagIn.ReplaceAllString(m[1], " "))), " ")
}

// named puts identifiers in: {copy:30000039}, {title:30000039}, {patron:20000016},
// {loan:30000013}, {place:G2A}, {class:2A}.
func (w *undoWalk) named(text string) string {
	return namedIn.ReplaceAllStringFunc(text, func(m string) string {
		x := namedIn.FindStringSubmatch(m)
		switch x[1] {
		case "copy":
			id := ""
			w.o.view(func(v kiosk.View) error {
				i, err := v.ItemByBarcode(x[2])
				id = string(i.ID)
				return err
			})
			return id
		case "title":
			return w.o.titleID(x[2])
		case "patron":
			return w.o.patronID(x[2])
		case "loan":
			return w.o.loanID(x[2])
		case "place":
			return w.o.place(x[2])
		case "withdrawal":
			id := ""
			w.o.view(func(v kiosk.View) error {
				all, err := v.Withdrawals()
				for _, l := range all {
					if l.Name == x[2] {
						id = string(l.ID)
					}
				}
				return err
			})
			return id
		case "account", "receipt":
			id := ""
			w.o.view(func(v kiosk.View) error {
				all, err := v.Accounts()
				for _, a := range all {
					if a.Name == x[2] {
						id = string(a.ID)
					}
				}
				if x[1] == "account" || err != nil {
					return err
				}
				receipts, err := v.Receipts(true)
				for _, r := range receipts {
					if r.Voucher == x[2] {
						id = string(r.ID)
					}
				}
				return err
			})
			return id
		case "class":
			return w.o.choiceOf("/desk/corners/new", x[2])
		}
		return m
	})
}
