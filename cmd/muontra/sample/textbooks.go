package sample

import (
	"context"
	"fmt"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
)

// The seed's textbooks: copies kept as quantities, and sets by grade for the
// old programme and that of 2018.
const textbookCopies = 1919

var textbookSets = []struct {
	grade     int
	programme string
	count     int
}{
	{1, "old", 2}, {1, "2018", 7},
	{2, "2018", 8},
	{3, "old", 2}, {3, "2018", 8},
	{4, "old", 2}, {4, "2018", 10},
	{5, "2018", 12},
}

// setBooks is how many of the textbooks stand in sets: a book of each of a
// grade's lines in each of its sets. They carry a barcode each.
const setBooks = 585

// fillSets takes the books of the sets out of their grade's lines, by the desk's
// own act. It comes after the other copies, which keep their barcodes by that.
func (b *builder) fillSets(ctx context.Context) error {
	ledger := &batch{tx: b.tx}
	at := b.last.stocked().At(8, 0, b.loc)
	desk := &circulation.Desk{Ledger: ledger, Now: func() time.Time { return at }}
	lines, err := b.tx.TextbookLines()
	if err != nil {
		return fmt.Errorf("textbook lines: %w", err)
	}
	of := map[int][]kiosk.ID{}
	for _, l := range lines {
		t, err := b.tx.Title(l.TitleID)
		if err != nil {
			return fmt.Errorf("title: %w", err)
		}
		of[t.Grade] = append(of[t.Grade], l.ID)
	}
	sets, err := b.tx.Sets()
	if err != nil {
		return fmt.Errorf("sets: %w", err)
	}
	for _, s := range sets {
		if _, err := desk.FillSet(ctx, kiosk.Attempt{Station: kiosk.DefaultStation, Staff: "sample"}, s.ID, of[s.Grade]); err != nil {
			return fmt.Errorf("set %q: %w", s.Name, err)
		}
	}
	return ledger.Err()
}

// textbooks stores a quantity line for each textbook of each grade, and the sets.
func (b *builder) textbooks() error {
	s := stock{kind: kiosk.Textbook, shelf: "K1"}
	entries := textbookTitles()
	for i, e := range entries {
		t, err := b.putTitle(e, s)
		if err != nil {
			return err
		}
		n := textbookCopies / len(entries)
		if i < textbookCopies%len(entries) {
			n++
		}
		line := kiosk.TextbookLine{
			ID: b.tx.NewID(), TitleID: t.ID, Year: t.Year, From: 1, To: n, Quantity: n, Price: t.Price,
			PlaceID: b.places["K1"], Received: kiosk.Day{Year: t.Year, Month: 8, Day: 15},
		}
		if err := b.tx.PutTextbookLine(line); err != nil {
			return fmt.Errorf("textbooks %q: %w", t.Title, err)
		}
	}
	for _, x := range textbookSets {
		words := "chương trình 2018"
		if x.programme == "old" {
			words = "chương trình cũ"
		}
		for n := range x.count {
			code, err := b.tx.NextBarcode(kiosk.CopySeries)
			if err != nil {
				return fmt.Errorf("set barcode: %w", err)
			}
			set := kiosk.BookSet{
				ID: b.tx.NewID(), Name: fmt.Sprintf("Bộ sách giáo khoa lớp %d, %s, số %d", x.grade, words, n+1),
				Grade: x.grade, Programme: x.programme, Barcode: code,
			}
			if err := b.tx.PutSet(set); err != nil {
				return fmt.Errorf("set %q: %w", set.Name, err)
			}
		}
	}
	return nil
}

// textbookTitles are the books of every course and grade, in two volumes where
// primary school has two.
func textbookTitles() []entry {
	var es []entry
	for g := 1; g <= 5; g++ {
		for _, c := range courses {
			if g < c.from || g > c.to {
				continue
			}
			e := entry{title: fmt.Sprintf("%s %d", c.name, g), publisher: samplePublisher, class: c.class, subject: c.name, grade: g}
			if c.name != "Toán" && c.name != "Tiếng Việt" {
				es = append(es, e)
				continue
			}
			for v := 1; v <= 2; v++ {
				e.remainder = fmt.Sprintf("tập %d", v)
				es = append(es, e)
			}
		}
	}
	return es
}
