package web_test

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var (
	listBody = regexp.MustCompile(`(?s)<table class="lines list".*?</table>`)
	listRow  = regexp.MustCompile(`<tr role="row"`)
	ownList  = regexp.MustCompile(`(?s)as=print".*?<ul class="rows">(.*?)</ul>`) // shown in a way of its own
	listHref = regexp.MustCompile(`href="(\?[^"]*|/[^"]*\?[^"]*)"`)
)

// Tables that look like lists on what is itself paper: there is nothing more to
// print of them.
var papersOfRows = []string{"/desk/clearance/sheets", "/desk/serials/letter", "/desk/corners/{id}/sheet"}

// Every list of the desk, found by following its links, can be put into another
// order, printed, and taken away as a workbook, with as many lines as it shows.
func TestEveryListSortsPrintsAndIsExported(t *testing.T) {
	t.Parallel()
	o, todo := fullOffice(t)
	for _, path := range o.web.DeskPages() {
		if !strings.Contains(path, "{") {
			todo = append(todo, path)
		}
	}
	seen, lists, columns := map[string]bool{}, 0, 0
	owns := []string{}
	for len(todo) > 0 {
		path := html.UnescapeString(todo[0])
		todo = todo[1:]
		bare, query, _ := strings.Cut(path, "?")
		q, err := url.ParseQuery(query)
		shape := idIn.ReplaceAllString(bare, "/{id}")
		if err != nil || seen[shape] || q.Get("as") != "" || strings.Contains(shape, "sign-out") {
			continue
		}
		seen[shape] = true
		status, body := o.get(path)
		if status >= http.StatusInternalServerError {
			t.Errorf("%s: %d", path, status)
		}
		if status != http.StatusOK {
			continue
		}
		for _, m := range linkIn.FindAllStringSubmatch(body, -1) {
			todo = append(todo, m[1])
		}
		table, own := listBody.FindString(body), ownList.FindStringSubmatch(body)
		if table == "" && own == nil || slices.Contains(papersOfRows, shape) {
			continue
		}
		lists++
		shown, ordered := len(listRow.FindAllString(table, -1))-1, "aria-sort="
		if table == "" {
			owns = append(owns, shape)
			shown, ordered = strings.Count(own[1], "<li"), `aria-current="true"`
		}
		paper, sheet, sorts := "", "", 0
		for _, m := range listHref.FindAllStringSubmatch(body, -1) {
			href := html.UnescapeString(m[1])
			if strings.HasPrefix(href, "?") {
				href = bare + href
			}
			to, query, _ := strings.Cut(href, "?")
			q, _ := url.ParseQuery(query)
			switch {
			case to != bare:
			case q.Get("as") == "print":
				paper = href
			case q.Get("as") == "xlsx":
				sheet = href
			case q.Get("sort") != "":
				sorts++
				if status, sorted := o.get(href); status != http.StatusOK || !strings.Contains(sorted, ordered) {
					t.Errorf("%s: %d, in no order", href, status)
				} else if n := len(listRow.FindAllString(listBody.FindString(sorted), -1)) - 1; table != "" && n != shown {
					t.Errorf("%s: %d lines, %d before it was put in order", href, n, shown)
				}
			}
		}
		columns += sorts
		if paper == "" || sheet == "" || sorts == 0 && (table != "" || shown > 1) {
			t.Errorf("%s: print %q, workbook %q, %d orders", shape, paper, sheet, sorts)
			continue
		}
		if status, printed := o.get(paper); status != http.StatusOK || len(listRow.FindAllString(printed, -1))-1 < shown {
			t.Errorf("%s: %d, fewer lines on paper than the %d of the page", paper, status, shown)
		}
		status, file := o.get(sheet)
		book, err := excelize.OpenReader(bytes.NewReader([]byte(file)))
		if status != http.StatusOK || err != nil {
			t.Errorf("%s: %d, %v", sheet, status, err)
			continue
		}
		rows, err := book.GetRows(book.GetSheetName(0))
		if err != nil || len(rows) < shown+1 {
			t.Errorf("%s: %d rows for %d lines, %v", sheet, len(rows), shown, err)
		}
	}
	slices.Sort(owns)
	t.Logf("in a way of their own: %v", owns)
	t.Logf("%d lists with %d columns to go by, of %d pages", lists, columns, len(seen))
	if lists < 20 {
		t.Errorf("only %d lists were met", lists)
	}
}
