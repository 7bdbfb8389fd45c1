package register

import (
	"cmp"
	"slices"

	"muontra/kiosk"
)

// sector is the sheet of figures that the education sector's database asks for: one
// figure a line, with what it counts.
var sector = &Sheet{
	Name: "sector-figures", Report: true, Period: Year, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{{Key: "figure", Kind: Text, Width: 110}, {Key: "count", Kind: Number, Width: 34, Zero: true}}, Lines: s.sectorLines, ProofOf: s.proveSector}}, nil
	},
}

func (s *Source) sectorLines(yield func(Line) error) error {
	st, err := s.Stock()
	if err != nil {
		return err
	}
	a, err := s.Activity(s.From, s.To)
	if err != nil {
		return err
	}
	members, err := s.Members(s.To)
	if err != nil {
		return err
	}
	pupils, teachers := 0, 0
	for _, m := range members {
		switch {
		case m.Status == kiosk.PatronLeft:
		case m.Category == kiosk.Pupil && m.Class != "":
			pupils++
		case m.Category == kiosk.Teacher:
			teachers++
		}
	}
	c := s.remaining(st, s.To)
	titles := map[kiosk.ID]bool{}
	for _, x := range st.items {
		if booked(x.Kind) && x.Gone.IsZero() {
			titles[x.TitleID] = true
		}
	}
	for _, l := range st.lines {
		if l.Quantity > 0 {
			titles[l.TitleID] = true
		}
	}
	grown, _ := a.all.readersOf()
	home := 0
	for id := range a.all.borrower {
		if isPupil(a.all.readers[id]) {
			home++
		}
	}
	come, gift, gone, err := s.newcomers()
	if err != nil {
		return err
	}
	for _, r := range []struct {
		key string
		n   any
	}{
		{"pupils", pupils}, {"teachers", teachers}, {"classes", len(a.classes)},
		{"titles", len(titles)}, {"copies", c.Copies}, {"textbooks", c.Textbook}, {"professional", c.Professional}, {"reference", c.Reference}, {"children", c.Children}, {"serials", c.Serials}, {"value", c.Money},
		{"new_copies", come}, {"gifts", gift}, {"lost", gone},
		{"pupils_came", len(a.all.readers) - grown}, {"grown_came", grown}, {"pupils_borrowed", home}, {"loans", a.all.Loans}, {"onsite", a.all.onsite},
	} {
		if err := yield(Line{Key: r.key, Cells: []any{W("reg.figure." + r.key), r.n}}); err != nil {
			return err
		}
	}
	return nil
}

// migration is the check of what was taken over: what the old papers declare beside
// what is counted, the difference, and what explains it; then the same by sub-kind,
// where the papers' own parts show which of two totals is right.
var migration = &Sheet{
	Name: "migration-check", Report: true, Wide: true, Single: true, Period: NoPeriod, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{
			{Key: "kinds", NoNumbers: true, Lines: s.declaredLines, Proof: s.proveSubKinds, ProofOf: s.proveKindTitles, Columns: []Column{
				{Key: "kind", Kind: Text, Width: 36}, {Key: "titles_declared", Kind: Code, Width: 20}, {Key: "titles_counted", Kind: Number, Width: 20}, {Key: "titles_difference", Kind: Code, Width: 20},
				{Key: "copies_declared", Kind: Code, Width: 20}, {Key: "copies_counted", Kind: Number, Width: 20, Sum: true}, {Key: "copies_difference", Kind: Code, Width: 20}, {Key: "explained", Kind: Text, Width: 60},
			}},
			{Key: "sub_kinds", NoNumbers: true, Lines: s.subKindLines, Proof: s.proveSubKinds, ProofOf: s.proveSubKindTitles, Columns: []Column{
				{Key: "kind", Kind: Text, Width: 34}, {Key: "sub_kind", Kind: Text, Width: 40}, {Key: "titles_declared", Kind: Code, Width: 20}, {Key: "titles_counted", Kind: Number, Width: 20}, {Key: "copies_declared", Kind: Code, Width: 20}, {Key: "copies_counted", Kind: Number, Width: 20, Sum: true}, {Key: "no_price", Kind: Number, Width: 20, Sum: true}, {Key: "money", Kind: Money, Width: 30, Sum: true},
			}},
		}, nil
	},
}

// held are the titles and copies of a kind, or of a sub-kind, that are in stock.
type held struct {
	titles           map[kiosk.ID]bool
	copies, unpriced int
	without          int // copies without a sub-kind
	money            int64
}

func (h *held) add(title kiosk.ID, n int, price int64) {
	if h.titles == nil {
		h.titles = map[kiosk.ID]bool{}
	}
	h.titles[title] = true
	h.copies += n
	h.money += int64(n) * price
	if price == 0 {
		h.unpriced += n
	}
}

func (s *Source) heldBy() (map[kiosk.Kind]*held, map[[2]string]*held, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, nil, err
	}
	kinds, subs := map[kiosk.Kind]*held{}, map[[2]string]*held{}
	add := func(k kiosk.Kind, sub string, title kiosk.ID, n int, price int64) {
		if kinds[k] == nil {
			kinds[k] = &held{}
		}
		id := [2]string{string(k), sub}
		if subs[id] == nil {
			subs[id] = &held{}
		}
		kinds[k].add(title, n, price)
		subs[id].add(title, n, price)
		if sub == "" {
			kinds[k].without += n
		}
	}
	for _, x := range st.items {
		if x.Gone.IsZero() {
			add(x.Kind, x.SubKind, x.TitleID, 1, x.Price)
		}
	}
	for _, l := range st.lines {
		if l.Quantity > 0 {
			add(kiosk.Textbook, "", l.TitleID, l.Quantity, l.Price)
		}
	}
	return kinds, subs, nil
}

func (s *Source) declaredLines(yield func(Line) error) error {
	d, err := kiosk.DeclaredOf(s.View)
	if err != nil {
		return err
	}
	kinds, _, err := s.heldBy()
	if err != nil {
		return err
	}
	for _, k := range kiosk.Kinds {
		h := kinds[k]
		if h == nil {
			h = &held{}
		}
		said := d.Of(k)
		why := Words{}
		titles, copies := d.Added(k)
		switch {
		case copies >= 0 && copies != said.Copies && copies == h.copies:
			why = append(why, W("reg.parts_are_right", "n", copies)) // of two totals on one paper the counted stock bears out this one
		case copies >= 0 && said.Copies >= 0 && copies != said.Copies:
			why = append(why, W("reg.parts_differ", "n", copies))
		case said.Copies >= 0 && said.Copies != h.copies:
			why = append(why, W("reg.declared_differs", "n", abs(said.Copies-h.copies)))
		}
		if titles >= 0 && titles != said.Titles {
			why = append(why, W("reg.title_parts", "n", titles))
		}
		if h.without > 0 && said.Titles >= 0 {
			why = append(why, W("reg.without_sub_kind", "n", h.without))
		}
		why = append(why, said.Note)
		l := Line{Key: string(k), Cells: []any{W("kind." + string(k)), declared(said.Titles), len(h.titles), difference(said.Titles, len(h.titles)), declared(said.Copies), h.copies, difference(said.Copies, h.copies), why}}
		if said.Copies >= 0 && said.Copies != h.copies || said.Titles >= 0 && said.Titles != len(h.titles) {
			l.Mark = Back // in red: the papers are not right, or something was not taken over
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

func abs(n int) int { return max(n, -n) }

func declared(n int) any {
	if n < 0 {
		return W("reg.not_declared")
	}
	return int64(n)
}

// difference is what was counted less what was declared, with its sign.
func difference(said, counted int) any {
	switch d := counted - said; {
	case said < 0:
		return nil
	case d > 0:
		return W("reg.more", "n", d)
	case d < 0:
		return W("reg.fewer", "n", -d)
	}
	return W("reg.same")
}

func (s *Source) subKindLines(yield func(Line) error) error {
	_, subs, err := s.heldBy()
	if err != nil {
		return err
	}
	d, err := kiosk.DeclaredOf(s.View)
	if err != nil {
		return err
	}
	for _, l := range d { // a part of which nothing is here is the one to look at
		if id := [2]string{string(l.Kind), l.SubKind}; l.SubKind != "" && subs[id] == nil {
			subs[id] = &held{}
		}
	}
	var all [][2]string
	for k := range subs {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(slices.Index(kiosk.Kinds, kiosk.Kind(a[0])), slices.Index(kiosk.Kinds, kiosk.Kind(b[0]))), cmp.Compare(a[1], b[1]))
	})
	for _, k := range all {
		h := subs[k]
		var sub any = W("reg.no_sub_kind")
		if k[1] != "" {
			sub = SubKind(k[1])
		}
		l := Line{Key: k[0] + " " + k[1], Cells: []any{W("kind." + k[0]), sub, nil, len(h.titles), nil, h.copies, h.unpriced, h.money}}
		if said := d.Part(kiosk.Kind(k[0]), k[1]); k[1] != "" {
			l.Cells[2], l.Cells[4] = declared(said.Titles), declared(said.Copies)
			if said.Copies >= 0 && said.Copies != h.copies || said.Titles >= 0 && said.Titles != len(h.titles) {
				l.Mark = Back
			}
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

// SubKind is a cell with a sub-kind: words where it is one that the program knows,
// the school's own text otherwise.
type SubKind string

func (s *Source) proveSubKinds() (map[string]int64, error) {
	p := map[string]int64{"copies_counted": 0, "money": 0, "no_price": 0}
	err := s.View.EachItem(func(i kiosk.Item) error {
		if i.State.Status != kiosk.CopyWithdrawn {
			p["copies_counted"]++
			p["money"] += i.Price
			if i.Price == 0 {
				p["no_price"]++
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	lines, err := s.View.TextbookLines()
	for _, l := range lines {
		p["copies_counted"] += int64(l.Quantity)
		if l.Price == 0 {
			p["no_price"] += int64(l.Quantity)
		}
		p["money"] += int64(l.Quantity) * l.Price
	}
	return p, err
}

// proveKindTitles and proveSubKindTitles count the titles that have a copy in stock.
func (s *Source) proveKindTitles() (map[string]int64, error) {
	of, err := s.titlesBy(func(i kiosk.Item) string { return string(i.Kind) })
	for _, k := range kiosk.Kinds {
		of[string(k)] += 0
	}
	return of, err
}

func (s *Source) proveSubKindTitles() (map[string]int64, error) {
	of, err := s.titlesBy(func(i kiosk.Item) string { return string(i.Kind) + " " + i.SubKind })
	if err != nil {
		return nil, err
	}
	declared, err := kiosk.DeclaredOf(s.View)
	for _, l := range declared { // of which nothing may be here
		of[string(l.Kind)+" "+l.SubKind] += 0
	}
	return of, err
}
