package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/web/words"
)

type listRow struct {
	name, class string
	n           int
	price       int64
	due         kiosk.Day
	kind        string
}

var trialList = list[listRow]{
	Title: "waiting.title", Sort: "due", Down: true,
	Columns: []column[listRow]{
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(r listRow) any { return r.name }, Link: func(r listRow) string { return "/x/" + r.name }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(r listRow) any { return r.class }},
		{Key: "n", Word: "waiting.days", Kind: numberCell, Of: func(r listRow) any { return r.n }},
		{Key: "price", Word: "list.price", Kind: moneyCell, Of: func(r listRow) any { return r.price }},
		{Key: "due", Word: "list.due", Kind: dayCell, Of: func(r listRow) any { return r.due }},
		{Key: "kind", Word: "list.kind", Kind: textCell, Of: func(r listRow) any { return r.kind }, Say: func(r listRow) string { return "kind." + r.kind }, Fixed: true},
	},
	Pick: func(r listRow) (string, string) { return r.name, r.name },
}

var trialRows = []listRow{
	{"Trần Mẫu Bình", "10A", 2, 25000, kiosk.MustDay("2026-11-20"), "map"},
	{"Nguyễn Mẫu An", "2A", 10, 0, kiosk.Day{}, "picture"},
	{"Lê Mẫu Ân", "2B", -1, 9000, kiosk.MustDay("2026-12-01"), "disc"},
	{"Đỗ Mẫu Đạt", "", 2, 100000, kiosk.MustDay("2025-12-01"), "disc"},
}

func TestListOrder(t *testing.T) {
	for query, want := range map[string]string{
		"":                    "Ân Bình Đạt An", // no day comes last, whichever way
		"sort=due":            "Đạt Bình Ân An",
		"sort=due&dir=down":   "Ân Bình Đạt An",
		"sort=name":           "An Ân Bình Đạt",
		"sort=name&dir=down":  "Đạt Bình Ân An",
		"sort=class":          "An Ân Bình Đạt",
		"sort=n":              "Ân Bình Đạt An",
		"sort=n&dir=down":     "An Bình Đạt Ân", // equals keep their order
		"sort=price":          "Ân Bình Đạt An",
		"sort=kind":           "Ân Bình Đạt An", // fixed: as if nobody had asked
		"sort=name;drop&dir=": "Ân Bình Đạt An",
	} {
		q, err := url.ParseQuery(strings.ReplaceAll(query, ";", "%3B"))
		if err != nil {
			t.Fatal(err)
		}
		col, down := trialList.order(q)
		var got []string
		for _, r := range trialList.sorted(trialRows, col, down, func(k string) string { return k }) {
			got = append(got, r.name[strings.LastIndex(r.name, " ")+1:])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	if trialRows[0].name != "Trần Mẫu Bình" {
		t.Error("sorting moved the caller's rows")
	}
}

// viewOf is the list's view of rows at hand.
func viewOf(l list[listRow], at *url.URL, rows []listRow) *listView {
	v, err := l.view(words.VI, at, nil, l.short(rows, func(k string) string { return words.T(words.VI, k) }))
	if err != nil {
		panic(err) // nothing of it can fail
	}
	return v
}

func TestListView(t *testing.T) {
	at := func(q string) *url.URL { return &url.URL{Path: "/desk/x", RawQuery: q} }
	v := viewOf(trialList, at("class=2A&sort=name&lang=en"), trialRows)
	if v.Heads[0].Order != "ascending" || v.Heads[0].Href != "/desk/x?class=2A&dir=down&sort=name" || v.Heads[1].Href != "/desk/x?class=2A&sort=class" || v.Heads[5].Href != "" {
		t.Errorf("heads %+v", v.Heads)
	}
	if v.Sheet != "/desk/x?as=xlsx&class=2A&sort=name" || v.Paper != "/desk/x?as=print&class=2A&sort=name" || v.All != "" || v.Next != "" {
		t.Errorf("links %+v", v)
	}
	v = viewOf(trialList, at("sort=kind;"), trialRows) // by the due date, from the last
	first := v.Rows[1]
	if first.Pick != "Trần Mẫu Bình" || first.Cells[0].Href != "/x/Trần Mẫu Bình" || first.Cells[3].Text != "25.000 đ" || first.Cells[4].Text != "20/11/2026" || first.Cells[5].Text != words.T(words.VI, "kind.map") {
		t.Errorf("row %+v", first)
	}
	if last := v.Rows[3]; last.Cells[3].Text != "" || last.Cells[4].Text != "" {
		t.Errorf("what is not known is shown: %+v", last)
	}

	nameless := trialList
	nameless.Columns = []column[listRow]{{Key: "class", Word: "list.class", Kind: codeCell, Of: func(r listRow) any { return r.class }, Link: func(listRow) string { return "/x" }}}
	if c := viewOf(nameless, at(""), trialRows[3:]).Rows[0].Cells[0]; c.Text != words.T(words.VI, "list.open") {
		t.Errorf("a link without text: %+v", c)
	}

	many := make([]listRow, 250)
	for i := range many {
		many[i].name = fmt.Sprint(i)
	}
	for query, want := range map[string]string{
		"": "1 100  2", "page=2": "101 200 1 3", "page=3": "201 250 2 ", "page=99": "201 250 2 ", "page=-1": "1 100  2", "page=x": "1 100  2", "all=yes": "1 250  ",
	} {
		v := viewOf(trialList, at(query), many)
		page := func(s string) string { u, _ := url.Parse(s); return u.Query().Get("page") }
		if got := fmt.Sprint(v.From, " ", v.To, " ", page(v.Prev), " ", page(v.Next)); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
		if len(v.Rows) != v.To-v.From+1 || v.Rows[0].Cells[0].Text != fmt.Sprint(v.From-1) {
			t.Errorf("%q: %d rows from %s", query, len(v.Rows), v.Rows[0].Cells[0].Text)
		}
	}
}

// The sheet has the rows as they stand: order, words and types.
func TestListSheet(t *testing.T) {
	var b bytes.Buffer
	fault := errors.New("the ledger is gone")
	stops := func(at int) func(func(listRow) error) error {
		return func(fn func(listRow) error) error {
			for i, r := range trialRows {
				if i == at {
					return fault
				}
				if err := fn(r); err != nil {
					return err
				}
			}
			return nil
		}
	}
	if err := trialList.sheet(&b, words.VI, stops(-1)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil || len(rows) != 5 {
		t.Fatalf("%v, %v", rows, err)
	}
	if rows[0][0] != words.T(words.VI, "list.name") || rows[1][3] != "25000" || rows[2][3] != "" || rows[1][4] != "20/11/2026" || rows[1][5] != words.T(words.VI, "kind.map") {
		t.Errorf("%v", rows)
	}
	if err := trialList.sheet(&b, words.VI, stops(2)); err != fault {
		t.Errorf("rows that end in a fault: %v", err)
	}
}

func BenchmarkListOf10000(b *testing.B) {
	rows := make([]listRow, 10_000)
	for i := range rows {
		rows[i] = listRow{name: fmt.Sprintf("Nguyễn Mẫu %c%d", 'A'+i%26, i), class: "3A", n: i}
	}
	b.Run("sort and view a page", func(b *testing.B) {
		for b.Loop() {
			viewOf(trialList, &url.URL{Path: "/x", RawQuery: "sort=name"}, rows)
		}
	})
}
