package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

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

func TestListView(t *testing.T) {
	at := func(q string) *url.URL { return &url.URL{Path: "/desk/x", RawQuery: q} }
	v := trialList.view(words.VI, at("class=2A&sort=name&lang=en"), trialRows, 0, false, false)
	if v.Heads[0].Order != "ascending" || v.Heads[0].Href != "/desk/x?class=2A&dir=down&sort=name" || v.Heads[1].Href != "/desk/x?class=2A&sort=class" || v.Heads[5].Href != "" {
		t.Errorf("heads %+v", v.Heads)
	}
	if v.Sheet != "/desk/x?as=xlsx&class=2A&sort=name" || v.Paper != "/desk/x?as=print&class=2A&sort=name" || v.All != "" || v.Next != "" {
		t.Errorf("links %+v", v)
	}
	first := v.Rows[0]
	if first.Pick != "Trần Mẫu Bình" || first.Cells[0].Href != "/x/Trần Mẫu Bình" || first.Cells[3].Text != "25.000 đ" || first.Cells[4].Text != "20/11/2026" || first.Cells[5].Text != words.T(words.VI, "kind.map") {
		t.Errorf("row %+v", first)
	}
	if v.Rows[1].Cells[3].Text != "" || v.Rows[1].Cells[4].Text != "" {
		t.Errorf("what is not known is shown: %+v", v.Rows[1])
	}

	nameless := trialList
	nameless.Columns = []column[listRow]{{Key: "class", Word: "list.class", Kind: codeCell, Of: func(r listRow) any { return r.class }, Link: func(listRow) string { return "/x" }}}
	if c := nameless.view(words.VI, at(""), trialRows[3:], -1, false, false).Rows[0].Cells[0]; c.Text != words.T(words.VI, "list.open") {
		t.Errorf("a link without text: %+v", c)
	}

	many := make([]listRow, 250)
	for i := range many {
		many[i].name = fmt.Sprint(i)
	}
	for query, want := range map[string]string{
		"": "1 100  2", "page=2": "101 200 1 3", "page=3": "201 250 2 ", "page=99": "201 250 2 ", "page=-1": "1 100  2", "page=x": "1 100  2", "all=yes": "1 250  ",
	} {
		v := trialList.view(words.VI, at(query), many, -1, false, false)
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
	cells := trialList.sheet(words.VI, trialRows)
	if cells[0][0] != words.T(words.VI, "list.name") || cells[1][3] != int64(25000) || cells[2][3] != nil || cells[1][4] != kiosk.MustDay("2026-11-20") || cells[1][5] != words.T(words.VI, "kind.map") {
		t.Errorf("%v", slices.Concat(cells[:3]...))
	}
}

func BenchmarkListOf10000(b *testing.B) {
	rows := make([]listRow, 10_000)
	for i := range rows {
		rows[i] = listRow{name: fmt.Sprintf("Nguyễn Mẫu %c%d", 'A'+i%26, i), class: "3A", n: i}
	}
	b.Run("sort and view a page", func(b *testing.B) {
		for b.Loop() {
			trialList.view(words.VI, &url.URL{Path: "/x"}, trialList.sorted(rows, 0, false, func(k string) string { return k }), 0, false, false)
		}
	})
}
