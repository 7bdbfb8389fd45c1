package store

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// BenchmarkSearch asks a catalogue of made-up Vietnamese titles each class of
// query, and beside it the bare FTS query for the same words in the same run:
//
//	go test ./store -run '^$' -bench Search -benchtime 1x
//
// The catalogue of a million titles is built when MUONTRA_LONG is set. Reported
// are p50 and p99 in µs of the whole Search (its twenty titles with their copies, as the
// page shows them), of Browse (with facets), and of the bare query, and the median
// of how many times as long as the bare query, asked right after it, each took:
// that holds on a busy machine too, where p99 is the neighbours'.
func BenchmarkSearch(b *testing.B) {
	sizes := []int{5_000}
	if os.Getenv("MUONTRA_LONG") != "" {
		sizes = append(sizes, 1_000_000)
	}
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchSearch(b, n) })
	}
}

var syllables = strings.Fields("an ba bà bé bình bong bông ca cá cái cao cây chim chó chú chuột cô con cổ cười dài dế dòng dũng đá đàn đất đẹp đi đồng đông đường em gà giấc gió giỏi hà hai hải hạnh hè hiền hoa hoà học hồng hương khoa kể khỉ kì ký lá làm lan lí lịch lớp lưu mai mặt mây mèn mèo mẹ minh mơ mùa nam năm nắng ngày nghìn ngôi ngựa người nhà nhỏ nhớ núi nước ong phiêu phố phương quả quê rùa rừng sao sách sáng sóng sông tập tay thần thành thế thiếu thơ thời thư tiên tiếng tình toán tóc tôi trái trăng trẻ trời trường truyện từ tuổi văn vàng vật về việt vịt vui vườn xanh xa xuân ý yêu")

func benchSearch(b *testing.B, n int) {
	s := open(b, b.TempDir())
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	word := func() string { // some far more often than others
		return syllables[int(float64(len(syllables))*rnd.Float64()*rnd.Float64())]
	}
	rare := func() string { // names and places, of which there are many
		return string([]byte{"bcdghklmnpqrstvx"[rnd.IntN(16)], "aeiouy"[rnd.IntN(6)], "cmnpt"[rnd.IntN(5)]}) + fmt.Sprintf("%c%c", 'a'+rnd.IntN(26), 'a'+rnd.IntN(26))
	}
	var titles []string
	made := func(id kiosk.ID) kiosk.Title {
		words := []string{}
		for range 3 + rnd.IntN(4) {
			words = append(words, word())
		}
		if rnd.IntN(3) == 0 {
			words = append(words, rare())
		}
		t := kiosk.Title{ID: id, Title: strings.Join(words, " "), Authors: []string{"Nguyễn " + word() + " " + word()}, Publisher: "Giáo dục Việt Nam", Level: []string{"", "green", "red"}[rnd.IntN(3)], Grade: rnd.IntN(6)}
		titles = append(titles, t.Title)
		return t
	}
	begun := time.Now()
	for len(titles) < n {
		err := s.Update(b.Context(), func(tx kiosk.Tx) error {
			if n > 100_000 {
				var batch []kiosk.Title
				for range min(50_000, n-len(titles)) {
					batch = append(batch, made(tx.NewID()))
				}
				return bulkTitles(tx, batch)
			}
			for range min(20_000, n-len(titles)) {
				t := made(tx.NewID())
				if err := tx.PutTitle(t); err != nil {
					return err
				}
				c := kiosk.Copy{ID: tx.NewID(), TitleID: t.ID, Kind: kiosk.Children}
				var err error
				if c.Barcode, err = tx.NextBarcode(kiosk.CopySeries); err != nil {
					return err
				}
				if err := tx.PutCopy(c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d titles built in %v", n, time.Since(begun).Round(time.Second))
	some := func(k int) string {
		w := strings.Fields(titles[rnd.IntN(len(titles))])
		at := rnd.IntN(max(1, len(w)-k+1))
		return strings.Join(w[at:min(len(w), at+k)], " ")
	}
	slip := func(q string) string {
		r := []byte(fold.Text(q))
		at := rnd.IntN(len(r))
		if r[at] == ' ' {
			at = max(0, at-1)
		}
		r[at] = byte('a' + rnd.IntN(26))
		return string(r)
	}
	for _, c := range []struct {
		name  string
		query func() string
	}{
		{"one common word", func() string { return syllables[rnd.IntN(10)] }},
		{"two words", func() string { return fold.Text(some(2)) }},
		{"two words with marks", func() string { return some(2) }},
		{"three words", func() string { return fold.Text(some(3)) }},
		{"word and two letters", func() string { q := fold.Text(some(2)); return q[:min(len(q), strings.LastIndexByte(q, ' ')+3)] }},
		{"one letter", func() string { return string(rune('a' + rnd.IntN(26))) }},
		{"author and title", func() string { return "nguyen " + fold.Text(some(1)) }},
		{"publisher", func() string { return "giao duc viet nam" }},
		{"a slip in two words", func() string { return slip(some(2)) }},
		{"a slip in the title", func() string { return slip(some(6)) }},
		{"nothing", func() string { return "zzqx wwkj" }},
	} {
		b.Run(c.name, func(b *testing.B) {
			count := 300
			if n > 100_000 {
				count = 100
			}
			var whole, facets, bare []time.Duration
			var times, facetTimes []float64 // the bare query's time
			for b.Loop() {
				for range count {
					q := c.query()
					clock := func(to *[]time.Duration, fn func(kiosk.View) error) {
						begun := time.Now()
						if err := s.View(b.Context(), fn); err != nil {
							b.Fatal(err)
						}
						*to = append(*to, time.Since(begun))
					}
					clock(&whole, func(v kiosk.View) error { _, _, err := v.Search(q, 0, 20); return err })
					clock(&facets, func(v kiosk.View) error {
						_, err := v.Browse(kiosk.TitleQuery{Text: q}, kiosk.Day{}, 0, 20)
						return err
					})
					clock(&bare, func(x kiosk.View) error {
						_, err := rows(x.(*view), "bare", `SELECT rowid FROM title_search WHERE title_search MATCH $1 ORDER BY rowid LIMIT 20`, []any{match(fold.Text(q))}, scanNr)
						return err
					})
					last := len(bare) - 1
					times = append(times, float64(whole[last])/float64(bare[last]))
					facetTimes = append(facetTimes, float64(facets[last])/float64(bare[last]))
				}
			}
			slices.Sort(times)
			slices.Sort(facetTimes)
			b.ReportMetric(times[len(times)/2], "search/bare")
			b.ReportMetric(facetTimes[len(facetTimes)/2], "facets/bare")
			for _, m := range []struct {
				name string
				all  []time.Duration
			}{{"search", whole}, {"facets", facets}, {"bare-fts", bare}} {
				slices.Sort(m.all)
				b.ReportMetric(float64(m.all[len(m.all)/2].Microseconds()), "p50-"+m.name+"-µs")
				b.ReportMetric(float64(m.all[len(m.all)*99/100].Microseconds()), "p99-"+m.name+"-µs")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// bulkTitles puts titles with a copy each, as PutTitle and PutCopy do, but by a
// few statements: a million by those are half an hour.
func bulkTitles(x kiosk.Tx, titles []kiosk.Title) error {
	t := x.(*tx)
	site, err := t.siteID()
	if err != nil {
		return err
	}
	var first int64
	if err := t.one("title", `SELECT coalesce(max(nr), 0) + 1 FROM title`, nil, &first); err != nil {
		return err
	}
	type line struct {
		ID, Copy                                 kiosk.ID
		Barcode, Title, Author, Publisher, Level string
		Search, Other, Words, Marked             string
		Nr                                       int64
		Grade                                    int
	}
	lines := make([]line, len(titles))
	for i, b := range titles {
		text := searchText(b)
		nr := first + int64(i)
		lines[i] = line{ID: b.ID, Copy: t.NewID(), Barcode: fmt.Sprintf("M%d", nr), Title: b.Title, Author: b.Authors[0], Publisher: b.Publisher, Level: b.Level, Grade: b.Grade,
			Search: text.title, Other: text.other, Words: text.words, Marked: text.marked, Nr: nr}
	}
	list, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	for _, q := range []string{
		`INSERT INTO title (nr, id, site_id, title, folded, remainder, publisher, pub_place, year, isbn, class_number, grade, level, language, pages, price, call_number)
			SELECT value->>'Nr', value->>'ID', $2, value->>'Title', value->>'Search', '', value->>'Publisher', '', 0, '', '', value->>'Grade', value->>'Level', 'vi', 0, 0, '' FROM json_each($1)`,
		`INSERT INTO title_author (title_id, position, site_id, name) SELECT value->>'ID', 0, $2, value->>'Author' FROM json_each($1)`,
		`INSERT INTO barcode (site_id, code, owner) SELECT $2, value->>'Barcode', value->>'Copy' FROM json_each($1)`,
		`INSERT INTO copy (id, site_id, title_id, barcode, kind, sub_kind, price, source, received, labelled)
			SELECT value->>'Copy', $2, value->>'ID', value->>'Barcode', 'children', '', 0, '', '', 0 FROM json_each($1)`,
		`INSERT INTO title_search (rowid, title, other) SELECT value->>'Nr', value->>'Search', value->>'Other' FROM json_each($1) WHERE $2 <> ''`,
		`INSERT INTO title_words (rowid, title) SELECT value->>'Nr', value->>'Words' FROM json_each($1) WHERE $2 <> ''`,
		`INSERT INTO title_marked (rowid, title) SELECT value->>'Nr', value->>'Marked' FROM json_each($1) WHERE $2 <> ''`,
	} {
		if err := t.exec("titles", q, string(list), site); err != nil {
			return err
		}
	}
	t.s.words.puts.Add(1)
	return nil
}
