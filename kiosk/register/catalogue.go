package register

import (
	"cmp"
	"slices"

	"muontra/kiosk"
)

// The catalogues (sổ danh mục): a title a line, with what is there of it.
var (
	catalogue = catalogueSheet("catalogue", []kiosk.Kind{kiosk.Textbook, kiosk.Professional, kiosk.Reference, kiosk.Children, kiosk.SerialIssue})
	things    = catalogueSheet("catalogue-equipment", []kiosk.Kind{kiosk.Equipment, kiosk.Picture, kiosk.Map, kiosk.Disc})
)

func catalogueSheet(name string, kinds []kiosk.Kind) *Sheet {
	s := &Sheet{Name: name, Signs: []string{"librarian", "head"}, Period: NoPeriod}
	title := "author_title"
	if name != "catalogue" {
		title = "thing"
	}
	cols := []Column{
		{Key: title, Kind: Text, Width: 70}, {Key: "publisher", Kind: Text, Width: 28}, {Key: "pub_year", Kind: Code, Width: 12}, {Key: "class_number", Kind: Code, Width: 18},
		{Key: "copies", Kind: Number, Width: 14, Sum: true}, {Key: "price", Kind: Money, Width: 20}, {Key: "money", Kind: Money, Width: 26, Sum: true},
	}
	s.Parts = func(src *Source) ([]Part, error) {
		return []Part{{Columns: cols,
			Lines: func(yield func(Line) error) error { return src.catalogueLines(kinds, yield) },
			Proof: func() (map[string]int64, error) { return src.proveCatalogue(kinds) }}}, nil
	}
	return s
}

type catalogueRow struct {
	kind  kiosk.Kind
	title kiosk.Title
	price int64
	n     int
}

func (s *Source) catalogueLines(kinds []kiosk.Kind, yield func(Line) error) error {
	st, err := s.Stock()
	if err != nil {
		return err
	}
	type key struct {
		kind  kiosk.Kind
		title kiosk.ID
		price int64
	}
	of := map[key]*catalogueRow{}
	var all []*catalogueRow
	add := func(k kiosk.Kind, t kiosk.Title, price int64, n int) {
		if n == 0 || !slices.Contains(kinds, k) {
			return
		}
		id := key{k, t.ID, price}
		if of[id] == nil {
			of[id] = &catalogueRow{k, t, price, 0}
			all = append(all, of[id])
		}
		of[id].n += n
	}
	for _, x := range st.items {
		if x.Gone.IsZero() {
			add(x.Kind, x.Title, x.Price, 1)
		}
	}
	for _, l := range st.lines {
		add(kiosk.Textbook, st.titles[l.TitleID], l.Price, l.Quantity)
	}
	order := map[kiosk.ID]string{}
	for _, r := range all {
		order[r.title.ID] = orderOf(r.title)
	}
	slices.SortFunc(all, func(a, b *catalogueRow) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(order[a.title.ID], order[b.title.ID]), cmp.Compare(a.title.ID, b.title.ID), cmp.Compare(a.price, b.price))
	})
	var kind kiosk.Kind
	for _, r := range all {
		l := Line{Key: string(r.kind) + " " + string(r.title.ID), Cells: []any{authorTitle(r.title), r.title.Publisher, yearOf(r.title.Year), r.title.ClassNumber, r.n, r.price, int64(r.n) * r.price}}
		if r.kind != kind {
			l.Head, kind = W("kind."+string(r.kind)), r.kind
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

// proveCatalogue counts what the general register's way leaves: what came less what
// went, copy by copy.
func (s *Source) proveCatalogue(kinds []kiosk.Kind) (map[string]int64, error) {
	p := map[string]int64{"copies": 0, "money": 0}
	err := s.View.EachItem(func(i kiosk.Item) error {
		if slices.Contains(kinds, i.Kind) && i.State.Status != kiosk.CopyWithdrawn {
			p["copies"]++
			p["money"] += i.Price
		}
		return nil
	})
	if err != nil || !slices.Contains(kinds, kiosk.Textbook) {
		return p, err
	}
	lines, err := s.View.TextbookLines()
	for _, l := range lines {
		p["copies"] += int64(l.Quantity)
		p["money"] += int64(l.Quantity) * l.Price
	}
	return p, err
}
