package register

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
)

// stocktakeColumns is how many years of stocktakes a page has room for.
const stocktakeColumns = 4

// accession is the accession register (sổ đăng ký cá biệt): a copy a line, a book
// for each kind, with the stocktakes of the last years.
var accession = &Sheet{
	Name: "accession-register", Wide: true, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		st, err := s.Stock()
		if err != nil {
			return nil, err
		}
		var parts []Part
		for _, k := range []kiosk.Kind{kiosk.Reference, kiosk.Children, kiosk.Professional} {
			has := func(x *stockItem) bool { return x.Kind == k && (x.Accession != "" || !x.Never && x.Receipt == "") }
			if len(parts) > 0 && !slices.ContainsFunc(st.items, has) {
				continue
			}
			years := s.stocktakeYears()
			cols := []Column{
				{Key: "date", Kind: Day, Width: 20}, {Key: "accession", Kind: Code, Width: 20}, {Key: "author_title", Kind: Text, Width: 74},
				{Key: "pub_place", Group: "published", Kind: Text, Width: 26}, {Key: "pub_year", Group: "published", Kind: Code, Width: 11},
				{Key: "price", Kind: Money, Width: 19, Sum: true}, {Key: "class_number", Kind: Code, Width: 18}, {Key: "entry", Kind: Number, Width: 13},
			}
			for _, y := range years {
				cols = append(cols, Column{Key: "stocktake " + y.Name, Label: strings.TrimPrefix(strconv.Itoa(y.End.Year), "20"), Group: "stocktake", Kind: Code, Width: 8, Later: true})
			}
			cols = append(cols, Column{Key: "withdrawn", Kind: Text, Width: 25, Later: true}, Column{Key: "note", Kind: Text, Width: 25, Later: true})
			parts = append(parts, Part{Key: string(k), Closes: true, NoNumbers: true, Columns: cols,
				Lines: func(yield func(Line) error) error { return s.accessions(st, k, years, yield) },
				Proof: func() (map[string]int64, error) { return s.proveAccessions(k) }})
		}
		return parts, nil
	},
}

// stocktakeYears are the school years whose stocktakes have a column, the oldest first.
func (s *Source) stocktakeYears() []kiosk.SchoolYear {
	var ys []kiosk.SchoolYear
	for i := stocktakeColumns - 1; i >= 0; i-- {
		ys = append(ys, kiosk.YearOf(kiosk.Day{Year: s.Today.Year - i, Month: s.Today.Month, Day: 1}))
	}
	return ys
}

func (s *Source) accessions(st *stock, k kiosk.Kind, years []kiosk.SchoolYear, yield func(Line) error) error {
	for _, x := range st.items {
		if x.Kind != k || x.Accession == "" && (x.Never || x.Receipt != "") {
			continue
		}
		l := Line{Key: string(x.ID), Day: x.Came, Cells: []any{
			x.Came, x.Accession, authorTitle(x.Title), x.Title.PubPlace, yearOf(x.Title.Year), x.Price, x.Title.ClassNumber, nil,
		}}
		if x.Entry > 0 {
			l.Cells[len(l.Cells)-1] = x.Entry
		}
		for _, y := range years {
			l.Cells = append(l.Cells, st.mark(y, x.ID))
		}
		var out any
		note := Words{x.Note}
		switch {
		case x.Never:
			l.Mark = Struck
			note = append(note, W("reg.never"))
		case !x.Gone.IsZero():
			out = Words{x.Gone, minutesOf(x.Minutes), x.Why}
		case x.State.Status == kiosk.CopyLost:
			note = append(note, W("reg.lost"))
		}
		l.Cells = append(l.Cells, out, note)
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

// proveAccessions adds up the prices of the kind's copies, those that are there
// and those that went, without the register's lines.
func (s *Source) proveAccessions(k kiosk.Kind) (map[string]int64, error) {
	arrived, err := s.View.Arrivals()
	if err != nil {
		return nil, err
	}
	waits := map[kiosk.ID]bool{}
	for _, a := range arrived {
		waits[a.CopyID] = a.Registered.IsZero()
	}
	if err := s.alsoUnmade(waits); err != nil {
		return nil, err
	}
	var money int64
	err = s.View.EachItem(func(i kiosk.Item) error {
		if i.Kind == k && (i.Accession != "" || !waits[i.ID]) && !(waits[i.ID] && i.State.Status == kiosk.CopyWithdrawn) {
			money += i.Price
		}
		return nil
	})
	return map[string]int64{"price": money}, err
}

// authorTitle is a title as the registers write it: "Tô Hoài. Dế Mèn phiêu lưu ký".
func authorTitle(t kiosk.Title) string {
	title := t.Title
	if t.Remainder != "" {
		title += " : " + t.Remainder
	}
	if len(t.Authors) == 0 {
		return title
	}
	authors := strings.Join(t.Authors[:min(len(t.Authors), 2)], ", ")
	if len(t.Authors) > 2 {
		authors += "..."
	}
	return authors + ". " + title
}

func yearOf(n int) any {
	if n == 0 {
		return nil
	}
	return strconv.Itoa(n)
}

// textbooks is the textbook register: a block a title, a line for what came of one
// edition with its range of numbers.
var textbooks = &Sheet{
	Name: "textbook-register", Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		years := s.stocktakeYears()
		cols := []Column{
			{Key: "date", Kind: Day, Width: 22}, {Key: "pub_year", Kind: Code, Width: 18}, {Key: "from", Group: "numbers", Kind: Code, Width: 18}, {Key: "to", Group: "numbers", Kind: Code, Width: 18},
			{Key: "copies", Kind: Number, Width: 16, Sum: true}, {Key: "price", Kind: Money, Width: 20}, {Key: "money", Kind: Money, Width: 26, Sum: true}, {Key: "entry", Kind: Number, Width: 14},
		}
		for _, y := range years {
			cols = append(cols, Column{Key: "stocktake " + y.Name, Label: strings.TrimPrefix(strconv.Itoa(y.End.Year), "20"), Group: "stocktake", Kind: Code, Width: 9, Later: true})
		}
		cols = append(cols, Column{Key: "remains", Kind: Number, Width: 14, Sum: true, Later: true})
		return []Part{{Closes: true, NoNumbers: true, Columns: cols,
			Lines: func(yield func(Line) error) error { return s.textbookLines(len(years), yield) },
			Proof: s.proveTextbooks}}, nil
	},
}

// textbookRun is a run of numbers of a title: a quantity, or copies with numbers of
// their own that came together.
type textbookRun struct {
	key      string
	title    kiosk.Title
	day      kiosk.Day
	year     int
	from, to string
	n, here  int
	price    int64
	entry    int
}

func (s *Source) textbookRuns() ([]textbookRun, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, err
	}
	var all []textbookRun
	for _, l := range st.lines {
		if l.Quantity == 0 && l.From == 0 {
			continue
		}
		all = append(all, textbookRun{"line " + string(l.ID), st.titles[l.TitleID], l.Received, l.Year, strconv.Itoa(l.From), strconv.Itoa(l.To), l.Quantity, l.Quantity, l.Price, 0})
	}
	type together struct {
		title, receipt kiosk.ID
		came           kiosk.Day
		price          int64
	}
	var last *stockItem
	run := 0                     // of last
	bare := map[together]int{}   // those without a number are one line, wherever they stand
	for _, x := range st.items { // in the order of their numbers
		if x.Kind != kiosk.Textbook || x.Never {
			continue
		}
		is := together{x.TitleID, x.Receipt, x.Came, x.Price}
		at, grouped := bare[is]
		switch {
		case x.Accession != "":
			at, grouped = run, last != nil && is == together{last.TitleID, last.Receipt, last.Came, last.Price}
			last = x
		case !grouped:
			bare[is] = len(all)
		}
		if !grouped {
			at = len(all)
			all = append(all, textbookRun{"copy " + string(x.ID), x.Title, x.Came, x.Title.Year, x.Accession, x.Accession, 0, 0, x.Price, x.Entry})
		}
		if last == x {
			run = at
		}
		r := &all[at]
		r.n, r.to = r.n+1, x.Accession
		if x.Gone.IsZero() {
			r.here++
		}
	}
	keys := orders{}
	slices.SortStableFunc(all, func(a, b textbookRun) int {
		return cmp.Or(cmp.Compare(a.title.Grade, b.title.Grade), keys.compare(a.title, b.title), cmp.Compare(a.title.ID, b.title.ID), cmp.Compare(a.year, b.year))
	})
	return all, nil
}

func (s *Source) textbookLines(years int, yield func(Line) error) error {
	all, err := s.textbookRuns()
	if err != nil {
		return err
	}
	var of kiosk.ID
	for _, r := range all {
		l := Line{Key: r.key, Day: r.day, Cells: []any{r.day, yearOf(r.year), r.from, r.to, r.n, r.price, int64(r.n) * r.price, nil}}
		if r.entry > 0 {
			l.Cells[7] = r.entry
		}
		for range years {
			l.Cells = append(l.Cells, nil)
		}
		l.Cells = append(l.Cells, r.here)
		if r.title.ID != of {
			l.Head = Words{authorTitle(r.title), r.title.ClassNumber}
			of = r.title.ID
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

// proveTextbooks counts the quantities and the copies without the runs.
func (s *Source) proveTextbooks() (map[string]int64, error) {
	lines, err := s.View.TextbookLines()
	if err != nil {
		return nil, err
	}
	arrived, err := s.View.Arrivals()
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"copies": 0, "money": 0, "remains": 0}
	for _, l := range lines {
		p["copies"] += int64(l.Quantity)
		p["remains"] += int64(l.Quantity)
		p["money"] += int64(l.Quantity) * l.Price
	}
	waits := map[kiosk.ID]bool{}
	for _, a := range arrived {
		waits[a.CopyID] = a.Registered.IsZero()
	}
	if err := s.alsoUnmade(waits); err != nil {
		return nil, err
	}
	err = s.View.EachItem(func(i kiosk.Item) error {
		gone := i.State.Status == kiosk.CopyWithdrawn
		if i.Kind != kiosk.Textbook || gone && waits[i.ID] {
			return nil
		}
		p["copies"]++
		p["money"] += i.Price
		if !gone {
			p["remains"]++
		}
		return nil
	})
	return p, err
}
