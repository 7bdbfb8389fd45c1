package sample

import (
	"context"
	"maps"
	"testing"

	"muontra/kiosk"
)

// counted is a ledger that counts what cannot be read back through a View.
type counted struct {
	kiosk.Ledger
	textbooks int
	sets      map[[2]any]int // by grade and programme
}

type countedTx struct {
	kiosk.Tx
	c *counted
}

func (c *counted) Update(ctx context.Context, fn func(kiosk.Tx) error) error {
	return c.Ledger.Update(ctx, func(tx kiosk.Tx) error { return fn(countedTx{tx, c}) })
}

func (t countedTx) PutTextbookLine(l kiosk.TextbookLine) error {
	if l.To-l.From+1 == l.Quantity {
		t.c.textbooks += l.Quantity
	}
	return t.Tx.PutTextbookLine(l)
}

func (t countedTx) PutSet(s kiosk.BookSet) error {
	t.c.sets[[2]any{s.Grade, s.Programme}]++
	return t.Tx.PutSet(s)
}

// checkFigures: the school is the seed's in pupils, staff, holdings, textbooks
// and sets.
func checkFigures(t *testing.T, b built, c *counted) {
	t.Helper()
	categories, grades, classes := map[kiosk.Category]int{}, map[int]int{}, map[string]int{}
	names, cards, poor := map[string]bool{}, map[string]bool{}, 0
	type group struct {
		kind kiosk.Kind
		sub  string
	}
	copies, titles := map[group]int{}, map[group]map[kiosk.ID]bool{}
	numbers, barcodes := map[string]int{}, map[string]bool{}
	inSets, inLines, members := 0, 0, map[kiosk.ID]int{}
	b.view(t, func(v kiosk.View) error {
		err := v.EachMember(b.today, func(m kiosk.Member) error {
			categories[m.Category]++
			names[m.Name], cards[m.Card.Barcode] = true, true
			if m.Category == kiosk.Pupil {
				grades[m.Grade]++
				classes[m.Class]++
			}
			if m.Entitled {
				poor++
			}
			return nil
		})
		if err != nil {
			return err
		}
		lines, err := v.TextbookLines()
		if err != nil {
			return err
		}
		for _, l := range lines {
			inLines += l.Quantity
			if l.Quantity < 0 {
				t.Errorf("a line of %d books", l.Quantity)
			}
		}
		return v.EachItem(func(i kiosk.Item) error {
			if i.SetID != "" { // textbooks are counted with their lines
				inSets++
				members[i.SetID]++
				if i.Kind != kiosk.Textbook || i.Accession != "" || i.Title.Title == "" {
					t.Errorf("a book of a set: %+v", i)
				}
				return nil
			}
			g := group{i.Kind, i.SubKind}
			copies[g]++
			if titles[g] == nil {
				titles[g] = map[kiosk.ID]bool{}
			}
			titles[g][i.TitleID] = true
			prefix, n, ok := kiosk.SplitAccession(i.Accession)
			numbers[prefix]++
			if !ok || prefix != i.Kind.Prefix() || n != numbers[prefix] {
				t.Errorf("accession number %s after %d of %s", i.Accession, numbers[prefix]-1, prefix)
			}
			if _, ok := kiosk.CopySeries.Serial(i.Barcode); !ok || barcodes[i.Barcode] {
				t.Errorf("barcode %s", i.Barcode)
			}
			barcodes[i.Barcode] = true
			if i.Title.CallNumber == "" || i.Title.Title == "" || i.Price == 0 || i.PlaceName == "" {
				t.Errorf("copy %+v", i)
			}
			return nil
		})
	})

	if want := map[kiosk.Category]int{kiosk.Pupil: 567, kiosk.Manager: 2, kiosk.Staff: 3, kiosk.Teacher: 26}; !maps.Equal(categories, want) {
		t.Errorf("patrons %v, want %v", categories, want)
	}
	if want := map[int]int{1: 101, 2: 109, 3: 122, 4: 123, 5: 112}; !maps.Equal(grades, want) {
		t.Errorf("pupils %v, want %v", grades, want)
	}
	// One has reported the card lost and has none.
	if len(classes) != 19 || len(names) != 598 || len(cards) != 598 || !cards[""] || poor != entitled {
		t.Errorf("%d classes, %d names, %d cards, %d entitled", len(classes), len(names), len(cards), poor)
	}
	for c, n := range classes {
		if n < 27 || n > 35 {
			t.Errorf("%d pupils in %s", n, c)
		}
	}
	all := 0
	for g, want := range map[group][2]int{
		{kiosk.Reference, kiosk.Dictionary}:   {32, 76},
		{kiosk.Reference, kiosk.Subject}:      {380, 1176},
		{kiosk.Reference, kiosk.Law}:          {36, 84},
		{kiosk.Reference, kiosk.Ethics}:       {167, 435},
		{kiosk.Reference, kiosk.Story}:        {218, 1107},
		{kiosk.Reference, kiosk.HoChiMinh}:    {10, 33},
		{kiosk.Professional, kiosk.Guidance}:  {35, 38},
		{kiosk.Professional, kiosk.Pedagogy}:  {195, 376},
		{kiosk.Professional, kiosk.InService}: {13, 56},
		{kiosk.Professional, ""}:              {13, 13},
		{kiosk.Picture, ""}:                   {64, 320},
		{kiosk.Picture, "set"}:                {14, 14},
		{kiosk.Map, ""}:                       {10, 20},
		{kiosk.Disc, ""}:                      {29, 29},
		{kiosk.SerialIssue, "newspaper"}:      {4, 16},
		{kiosk.SerialIssue, "magazine"}:       {13, 39},
	} {
		if len(titles[g]) != want[0] || copies[g] != want[1] {
			t.Errorf("%s: %d titles and %d copies, want %v", g, len(titles[g]), copies[g], want)
		}
		all += want[1]
	}
	if inSets != setBooks || inSets+inLines != textbookCopies || len(members) != 51 {
		t.Errorf("%d textbooks in %d sets and %d in lines", inSets, len(members), inLines)
	}
	if all+setBooks != Copies || len(barcodes)+inSets != Copies {
		t.Errorf("%d copies of %d", len(barcodes), all)
	}
	if numbers["TK"] != 2911 || numbers["NV"] != 483 {
		t.Errorf("registers %v", numbers)
	}
	sets := map[[2]any]int{{1, "old"}: 2, {1, "2018"}: 7, {2, "2018"}: 8, {3, "old"}: 2, {3, "2018"}: 8, {4, "old"}: 2, {4, "2018"}: 10, {5, "2018"}: 12}
	if c.textbooks != 1919 || !maps.Equal(c.sets, sets) {
		t.Errorf("%d textbooks, sets %v", c.textbooks, c.sets)
	}
}
