package register

import (
	"cmp"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
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

// donors lists who gave what (seed R84, R85), and what each class gave.
var donors = &Sheet{
	Name: "donors", Names: true, Period: AllTime, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{
			{Key: "gifts", Lines: s.gifts, Proof: s.proveGifts, Columns: []Column{
				{Key: "date", Kind: Day, Width: 24}, {Key: "donor", Kind: Text, Width: 56}, {Key: "class", Kind: Code, Width: 16},
				{Key: "copies", Kind: Number, Width: 16, Sum: true}, {Key: "money", Kind: Money, Width: 26, Sum: true}, {Key: "entry", Kind: Number, Width: 16}, {Key: "note", Kind: Text, Width: 34},
			}},
			{Key: "classes", Lines: s.giftsOfClasses, Proof: s.proveGiftsOfClasses, Columns: []Column{
				{Key: "class", Kind: Code, Width: 30}, {Key: "gifts", Kind: Number, Width: 24, Sum: true}, {Key: "copies", Kind: Number, Width: 24, Sum: true}, {Key: "money", Kind: Money, Width: 34, Sum: true},
			}},
		}, nil
	},
}

// given are the copies that came by a receipt and their value.
func (s *Source) given() (map[kiosk.ID][2]int64, *stock, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, nil, err
	}
	of := map[kiosk.ID][2]int64{}
	for _, x := range st.items {
		if x.Receipt != "" && !x.Never {
			g := of[x.Receipt]
			of[x.Receipt] = [2]int64{g[0] + 1, g[1] + x.Price}
		}
	}
	return of, st, nil
}

func (s *Source) eachGift(fn func(r kiosk.Receipt, copies, money int64) error) error {
	of, st, err := s.given()
	if err != nil {
		return err
	}
	var rs []kiosk.Receipt
	for _, r := range st.receipts {
		if r.Source == kiosk.Donation {
			rs = append(rs, r)
		}
	}
	slices.SortFunc(rs, func(a, b kiosk.Receipt) int { return cmp.Compare(a.Entry, b.Entry) })
	for _, r := range rs {
		if err := fn(r, of[r.ID][0], of[r.ID][1]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) gifts(yield func(Line) error) error {
	return s.eachGift(func(r kiosk.Receipt, n, money int64) error {
		return yield(Line{Key: string(r.ID), Day: r.Date, Cells: []any{r.Date, r.Supplier, r.DonorClass, n, money, r.Entry, Words{r.Funding, r.Note}}})
	})
}

func (s *Source) proveGifts() (map[string]int64, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"copies": 0}
	for id, r := range st.receipts {
		if r.Source != kiosk.Donation {
			continue
		}
		lines, err := s.View.ReceiptLines(id)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			p["copies"] += int64(l.Quantity)
		}
	}
	p["money"], err = s.proveGiftMoney(func(kiosk.Day) bool { return true })
	return p, err
}

// proveGiftsOfClasses counts the gifts of the time without the classes.
func (s *Source) proveGiftsOfClasses() (map[string]int64, error) {
	rs, err := s.View.Receipts(false)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"gifts": 0}
	for _, r := range rs {
		if r.Source == kiosk.Donation && s.In(r.Date) {
			p["gifts"]++
		}
	}
	if p["copies"], _, err = s.giftsAndGone(); err != nil {
		return nil, err
	}
	p["money"], err = s.proveGiftMoney(s.In)
	return p, err
}

func (s *Source) giftsOfClasses(yield func(Line) error) error {
	type sum struct{ gifts, copies, money int64 }
	of := map[string]sum{}
	err := s.eachGift(func(r kiosk.Receipt, n, money int64) error {
		if s.In(r.Date) {
			x := of[r.DonorClass]
			of[r.DonorClass] = sum{x.gifts + 1, x.copies + n, x.money + money}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var names []string
	for c := range of {
		names = append(names, c)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(fold.Order(a), fold.Order(b)) })
	for _, c := range names {
		var class any = c
		if c == "" {
			class = W("reg.no_class")
		}
		x := of[c]
		if err := yield(Line{Key: c, Day: s.To, Cells: []any{class, x.gifts, x.copies, x.money}}); err != nil {
			return err
		}
	}
	return nil
}
