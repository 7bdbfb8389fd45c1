package web_test

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
)

// The catalogue without a search is a list like any other: by each column, narrowed,
// by pages, on paper and in a workbook, all of it as it is narrowed.
func TestTitlesAreAList(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Copy("30000013", "Đất rừng mẫu", kiosk.Children, "")
	o.Copy("30000021", "An mẫu", kiosk.Reference, "")
	o.Copy("30000039", "Ân nhân mẫu", kiosk.Children, "")
	o.update(func(tx kiosk.Tx) error {
		for n := range 120 {
			if err := tx.PutTitle(kiosk.Title{ID: tx.NewID(), Title: fmt.Sprintf("Truyện mẫu số %d", n+1), Grade: 1 + n%2, Authors: []string{fmt.Sprintf("Tác giả %03d", 500-n)}, ClassNumber: "895"}); err != nil {
				return err
			}
		}
		return nil
	})
	row := regexp.MustCompile(`<span class="main"><b>([^<]*)</b>`)
	rows := func(query string) (names []string) {
		t.Helper()
		status, body := o.get("/desk/titles" + query)
		if status != http.StatusOK {
			t.Fatalf("%s: %d", query, status)
		}
		body = body[strings.Index(body, `<ul class="rows">`):]
		for _, m := range row.FindAllStringSubmatch(body[:strings.Index(body, "</ul>")], -1) {
			names = append(names, html.UnescapeString(m[1]))
		}
		return names
	}
	if all := rows(""); len(all) != 100 || all[0] != "Truyện mẫu số 120" {
		t.Errorf("the newest first: %d, %v", len(all), all)
	}
	by := rows("?sort=title")
	if len(by) != 100 || !slices.Equal(by[:5], []string{"An mẫu", "Ân nhân mẫu", "Đất rừng mẫu", "Truyện mẫu số 1", "Truyện mẫu số 2"}) {
		t.Errorf("by title: %d, %v", len(by), by)
	}
	if by := rows("?sort=title&page=2"); len(by) != 23 || by[22] != "Truyện mẫu số 120" {
		t.Errorf("the second page: %d, %v", len(by), by)
	}
	if by := rows("?sort=author"); by[0] != "Truyện mẫu số 120" {
		t.Errorf("by author: %v", by)
	}
	if by := rows("?sort=copies&dir=down"); !slices.Contains(by[:3], "An mẫu") || !slices.Contains(by[:3], "Đất rừng mẫu") {
		t.Errorf("by copies: %v", by)
	}
	if by := rows("?sort=number"); by[0] != "Truyện mẫu số 120" || slices.Contains(by, "An mẫu") {
		t.Errorf("by class number: %v", by)
	}
	if by := rows("?q=mau+so&sort=title&dir=down&grade=2"); len(by) != 60 || by[0] != "Truyện mẫu số 120" {
		t.Errorf("narrowed: %d, %v", len(by), by)
	}
	if by := rows("?kind=reference"); len(by) != 1 {
		t.Errorf("of one kind: %v", by)
	}

	_, body := o.get("/desk/titles?sort=title&grade=2")
	link := func(as string) string {
		m := regexp.MustCompile(`href="(/desk/titles\?[^"]*as=` + as + `[^"]*)"`).FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("no way to %s", as)
		}
		return html.UnescapeString(m[1])
	}
	status, sheet := o.get(link("xlsx"))
	book, err := excelize.OpenReader(bytes.NewReader([]byte(sheet)))
	if status != http.StatusOK || err != nil {
		t.Fatal(status, err)
	}
	lines, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(lines) != 61 || lines[1][0] != "Truyện mẫu số 2" || lines[60][0] != "Truyện mẫu số 120" || lines[1][5] != "895" || lines[0][5] != "Ký hiệu phân loại" {
		t.Errorf("%d lines, %v, %v", len(lines), lines[:2], err)
	}
	status, paper := o.get(link("print"))
	if status != http.StatusOK || strings.Count(paper, "Truyện mẫu số") != 60 || !strings.Contains(paper, `class="paper-filter">Lớp 2<`) {
		t.Errorf("on paper: %d, %d lines", status, strings.Count(paper, "Truyện mẫu số"))
	}
}
