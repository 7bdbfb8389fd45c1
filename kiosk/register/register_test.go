package register_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	. "muontra/kiosk/register"
)

func world(t *testing.T) *kiosktest.World {
	t.Helper()
	c := kiosktest.NewClock()
	w := kiosktest.NewWorldBy(t, kiosktest.NewMemory(c.Now), c)
	w.Set("2026-11-24 09:25:00")
	return w
}

func open(t *testing.T, w *kiosktest.World, s *Sheet, a Ask, fn func(*Source)) error {
	t.Helper()
	return w.Ledger.View(context.Background(), func(v kiosk.View) error {
		src, err := Open(v, s, a, w.Now())
		if err == nil && fn != nil {
			fn(src)
		}
		return err
	})
}

// A time that makes no sense is told as what it is.
func TestTimesAskedFor(t *testing.T) {
	w := world(t)
	w.Patron(kiosk.Pupil, "20000001", "Mẫu An", "2A", 2)
	d := kiosk.MustDay
	for _, c := range []struct {
		sheet      string
		ask        Ask
		want       Trouble
		from, last string
	}{
		{"journal", Ask{}, "", "2026-06-01", "2026-11-24"},
		{"journal", Ask{From: d("2026-09-05"), To: d("2026-10-04")}, "", "2026-09-05", "2026-10-04"},
		{"journal", Ask{From: d("2026-11-24"), To: d("2027-03-01")}, "", "2026-11-24", "2026-11-24"},
		{"journal", Ask{To: d("2026-05-31")}, "", "2025-06-01", "2026-05-31"},
		{"journal", Ask{From: d("2026-10-04"), To: d("2026-09-05")}, Backwards, "", ""},
		{"journal", Ask{From: d("2026-05-31"), To: d("2026-06-01")}, TwoYears, "", ""},
		{"journal", Ask{From: d("2024-09-05")}, "", "2024-09-05", "2025-05-31"},
		{"journal", Ask{From: d("2026-11-25")}, InFuture, "", ""},
		{"journal", Ask{To: d("2027-01-01")}, InFuture, "", ""},
		{"general-register", Ask{}, "", "", ""},
		{"general-register", Ask{From: d("2026-09-01")}, "", "2026-09-01", "2026-11-24"},
		{"general-register", Ask{From: d("2025-09-01"), To: d("2026-09-01")}, TwoYears, "", ""},
		{"catalogue", Ask{From: d("2026-09-01")}, NoTime, "", ""},
		{"loans-pupils", Ask{Class: "2A"}, "", "2026-06-01", "2026-11-24"},
		{"loans-pupils", Ask{Class: "9Z"}, UnknownClass, "", ""},
		{"journal", Ask{Class: "2A"}, NoClass, "", ""},
		{"journal", Ask{Of: "1/BB"}, NotOfPapers, "", ""},
		{"stocktake-minutes", Ask{}, "", "", ""},
		{"stocktake-minutes", Ask{Of: "1/BB"}, NoPaper, "", ""},
		{"stocktake-minutes", Ask{From: d("2026-09-01")}, NoTime, "", ""},
		{"pack", Ask{Sheets: []string{"year"}}, "", "2026-06-01", "2026-11-24"},
		{"pack", Ask{Sheets: []string{"year", "loans-pupils"}}, NotPacked, "", ""},
		{"pack", Ask{From: d("2026-05-31"), To: d("2026-06-01")}, TwoYears, "", ""},
		{"textbook-survey", Ask{From: d("2026-11-25")}, InFuture, "", ""},
	} {
		var from, to kiosk.Day
		err := open(t, w, Find(c.sheet), c.ask, func(s *Source) { from, to = s.From, s.To })
		var asked *AskError
		errors.As(err, &asked)
		if asked != nil && asked.Trouble != c.want || asked == nil && (err != nil || c.want != "") {
			t.Errorf("%s %+v: %v, want %s", c.sheet, c.ask, err, c.want)
		}
		if c.want == "" && (from.String() != c.from || to.String() != c.last) {
			t.Errorf("%s %+v: %s to %s, want %s to %s", c.sheet, c.ask, from, to, c.from, c.last)
		}
	}
}

// Lines are numbered through, so many to a page; each page carries its sums on; what
// is struck or aside is not added.
func TestPagesCarryTheirSums(t *testing.T) {
	sheet := &Sheet{Name: "x"}
	part := Part{Columns: []Column{{Key: "n", Kind: Number, Sum: true}}, Lines: func(yield func(Line) error) error {
		for i := 1; i <= 60; i++ {
			l := Line{Key: fmt.Sprint(i), Day: kiosk.MustDay("2026-01-01").Add(i), Cells: []any{i}}
			switch i {
			case 3:
				l.Mark = Struck
			case 30:
				l.Aside = true
			case 40:
				l.Head = "a block"
			}
			if err := yield(l); err != nil {
				return err
			}
		}
		return nil
	}}
	sheet.Parts = func(*Source) ([]Part, error) { return []Part{part}, nil }
	w := world(t)
	var pages []Page
	show := func(a Ask) {
		t.Helper()
		pages = nil
		if err := open(t, w, sheet, a, func(s *Source) {
			if err := s.Pages(sheet, &part, func(p Page) error { pages = append(pages, p); return nil }); err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	show(Ask{})
	if len(pages) != 3 {
		t.Fatalf("%d pages", len(pages))
	}
	var carried int64
	number := 0
	for i, p := range pages {
		if p.Number != i+1 || p.Before["n"] != carried || p.First != (i == 0) || p.Last != (i == 2) {
			t.Errorf("page %d: %+v", i+1, p)
		}
		var here int64
		for _, l := range p.Lines {
			switch {
			case l.Head != nil || l.Aside:
				if l.Number != 0 {
					t.Errorf("a line that is none has number %d", l.Number)
				}
			default:
				number++
				if l.Number != number {
					t.Errorf("line %d has number %d", number, l.Number)
				}
				if l.Mark != Struck {
					here += int64(l.Cells[0].(int))
				}
			}
		}
		carried += here
		if p.Here["n"] != here || p.After["n"] != carried {
			t.Errorf("page %d: %d here, %d on; want %d, %d", p.Number, p.Here["n"], p.After["n"], here, carried)
		}
	}
	if carried != 60*61/2-3-30 || number != 59 {
		t.Errorf("%d in all, %d lines", carried, number)
	}
	// A time asked for shows its pages as they are in the book.
	show(Ask{From: kiosk.MustDay("2026-02-20"), To: kiosk.MustDay("2026-02-21")})
	if len(pages) != 1 || pages[0].Number != 2 || pages[0].Before["n"] != 26*27/2-3 {
		t.Errorf("%d pages, %+v", len(pages), pages)
	}
}

// Sums that do not agree with their second count are told.
func TestFaults(t *testing.T) {
	w := world(t)
	part := Part{Key: "p", Columns: []Column{{Key: "a", Sum: true}, {Key: "b", Sum: true}, {Key: "c", Sum: true}},
		Lines: func(yield func(Line) error) error { return yield(Line{Cells: []any{1, 2, 3}}) },
		Proof: func() (map[string]int64, error) { return map[string]int64{"a": 1, "b": 5}, nil }}
	if err := open(t, w, &Sheet{}, Ask{}, func(s *Source) {
		faults, err := s.Faults(&part)
		if err != nil || len(faults) != 1 || faults[0] != (Fault{Part: "p", Column: "b", Says: 2, Counted: 5}) {
			t.Errorf("%v %v", faults, err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// Whether a loan register was kept is found without its lines, and is what its lines say:
// from the first loan that counts, of those it is of.
func TestLoanRegistersAreKeptAsTheirLinesSay(t *testing.T) {
	w := world(t)
	kept := func(whole bool) map[string]kiosk.RecordKept {
		t.Helper()
		of := map[string]kiosk.RecordKept{}
		if err := w.Ledger.View(t.Context(), func(v kiosk.View) error {
			rules, err := v.Rules(w.Today())
			if err != nil {
				return err
			}
			all, err := Records(v, rules.Year, w.Today(), rules, whole)
			for _, r := range all {
				of[r.Record] = r
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return of
	}
	w.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	w.Patron(kiosk.Teacher, "20000040", "Phạm Mẫu Hoà", "", 0)
	for i, k := range []kiosk.Kind{kiosk.Children, kiosk.Reference, kiosk.Map} {
		w.Copy(fmt.Sprintf("3000001%d", i), "Sách mẫu", k, "")
	}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"nothing was lent", func() {}},
		{"a pupil's book", func() { w.Lent("20000016", "30000010", "2026-11-20") }},
		{"a teacher's map", func() { w.Lent("20000040", "30000012", "2026-11-27") }},
		{"a teacher's book", func() { w.Lent("20000040", "30000011", "2026-11-26") }},
	} {
		step.do()
		quick, whole := kept(false), kept(true)
		for _, name := range []string{"loans-pupils", "loans-teachers", "equipment-loans", "journal"} {
			if q, a := quick[name], whole[name]; q.Since != a.Since || (q.Lines > 0) != (a.Lines > 0) {
				t.Errorf("%s: %s is kept since %s, its lines say since %s", step.name, name, q.Since, a.Since)
			}
		}
	}
	if quick := kept(false); quick["loans-teachers"].Lines == 0 || quick["equipment-loans"].Lines == 0 {
		t.Error("what was lent is in no register")
	}
}
