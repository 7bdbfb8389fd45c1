package kiosk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestNextClass(t *testing.T) {
	for _, c := range []struct {
		name  string
		grade int
		want  string
	}{
		{"1A", 1, "2A"}, {"5A1", 5, "6A1"}, {"4A4", 4, "5A4"}, {"12.6", 12, "13.6"}, {"11.6", 11, "12.6"}, {"Lớp 3B", 3, "Lớp 4B"}, {"9A10", 9, "10A10"},
		{"A1", 1, "A2"}, {"Lá", 1, "Lá"}, {"1+2", 1, "2+3"}, {"Lớp ghép 3-4 Bản Mẫu", 3, "Lớp ghép 4-5 Bản Mẫu"}, {"1-3", 1, "2-3"}, {"2C 2026", 2, "3C 2026"},
		{"", 1, ""}, {"99999999999999999999A", 1, "99999999999999999999A"},
	} {
		if got := NextClass(c.name, c.grade); got != c.want {
			t.Errorf("%q of grade %d becomes %q, want %q", c.name, c.grade, got, c.want)
		}
	}
}

// in2026 is a year that ends, in2027 the one that begins.
var (
	in2026 = SchoolYear{ID: "y1", Name: "2026-2027", Start: MustDay("2026-06-01"), Semester2: MustDay("2027-01-12"), Recall: MustDay("2027-05-20"), End: MustDay("2027-05-31")}
	in2027 = YearOf(MustDay("2027-06-01"))
)

// schoolOf has n pupils in each class; a class is "name/grade".
func schoolOf(n int, classes ...string) PromotionFacts {
	f := PromotionFacts{From: in2026}
	for _, c := range classes {
		var k Class
		name, grade, _ := strings.Cut(c, "/")
		fmt.Sscan(grade, &k.Grade)
		k.ID, k.YearID, k.Name = ID("c-"+name), in2026.ID, name
		f.Classes = append(f.Classes, k)
		for i := range n {
			f.Pupils = append(f.Pupils, PromotionPupil{Patron: Patron{ID: ID(fmt.Sprintf("%s-%d", name, i)), Category: Pupil, Name: fmt.Sprintf("Học Sinh Mẫu %d", i), Status: PatronActive}, Class: k.ID})
		}
	}
	return f
}

// told is a plan in a line: each class with its number of pupils.
func told(p PromotionPlan) string {
	var all []string
	for _, c := range p.Classes {
		all = append(all, fmt.Sprintf("%s/%d:%d", c.Name, c.Grade, len(c.Pupils)))
	}
	s := strings.Join(all, " ") + fmt.Sprintf(" gone:%d", len(p.Leavers))
	for _, x := range p.Problems {
		s += fmt.Sprintf(" !%s(%s)", x.Trouble, x.Class)
	}
	return s
}

func TestPlanPromotion(t *testing.T) {
	order := func(change ...func(*PromotionOrder)) PromotionOrder {
		o := PromotionOrder{From: in2026.ID, Year: in2027, Fates: map[ID]PupilFate{}}
		for _, f := range change {
			f(&o)
		}
		return o
	}
	fate := func(id ID, f PupilFate) func(*PromotionOrder) { return func(o *PromotionOrder) { o.Fates[id] = f } }
	move := func(m ClassMove) func(*PromotionOrder) {
		return func(o *PromotionOrder) { o.Moves = append(o.Moves, m) }
	}
	nineteen := []string{"1A/1", "1B/1", "1C/1", "2A/2", "2B/2", "2C/2", "2D/2", "3A/3", "3B/3", "3C/3", "3D/3", "4A/4", "4B/4", "4C/4", "4D/4", "5A/5", "5B/5", "5C/5", "5D/5"}
	already := schoolOf(2, "1A/1")
	already.Existing = []Class{{ID: "n", Name: "2A", Grade: 2}}
	already.Pupils[0].Already = "2A"
	begun := schoolOf(2, "1A/1")
	begun.Begun = true
	other := schoolOf(1, "1A/1")
	other.Existing = []Class{{ID: "n", Name: "2A", Grade: 3}}
	early := func(today Day, begun bool) PromotionFacts {
		f := schoolOf(2, "1A/1")
		f.Today, f.FromBegun = today, begun
		return f
	}
	before := in2027
	before.Start = MustDay("2026-05-01")
	for _, c := range []struct {
		name  string
		facts PromotionFacts
		order PromotionOrder
		want  string
	}{
		{"nineteen classes", schoolOf(30, nineteen...), order(), "2A/2:30 2B/2:30 2C/2:30 3A/3:30 3B/3:30 3C/3:30 3D/3:30 4A/4:30 4B/4:30 4C/4:30 4D/4:30 5A/5:30 5B/5:30 5C/5:30 5D/5:30 gone:120"},
		{"a gap: no class of grade 2", schoolOf(2, "1A/1", "3A/3"), order(), "2A/2:2 4A/4:2 gone:0"},
		{"names with two numbers", schoolOf(1, "4A1/4", "5A1/5"), order(), "5A1/5:1 gone:1"},
		{"a school to grade 12", schoolOf(1, "5A1/5", "11.6/11", "12.6/12"), order(), "6A1/6:1 12.6/12:1 gone:1"},
		{"new classes of grade 1", schoolOf(1, "1A/1"), order(func(o *PromotionOrder) { o.Extra = []NewClass{{"1A", 1}, {"1B", 1}, {"", 1}} }), "1A/1:0 1B/1:0 2A/2:1 gone:0"},
		{"a merge", schoolOf(3, "1A/1", "1B/1"), order(move(ClassMove{From: "c-1B", To: "2a", Grade: 2})), "2A/2:6 gone:0"},
		{"a rename", schoolOf(3, "1A/1"), order(move(ClassMove{From: "c-1A", To: " 2 Sao Mai ", Grade: 2})), "2 Sao Mai/2:3 gone:0"},
		{"a split", schoolOf(3, "1A/1"), order(fate("1A-0", PupilFate{Class: "2E"}), fate("1A-1", PupilFate{Fate: FatePromote, Class: "2E"})), "2A/2:1 2E/2:2 gone:0"},
		{"one repeats, in the new class of the old name", schoolOf(2, "1A/1"), order(fate("1A-0", PupilFate{Fate: FateRepeat}), func(o *PromotionOrder) { o.Extra = []NewClass{{"1A", 1}} }), "1A/1:1 2A/2:1 gone:0"},
		{"one repeats where no class of the grade is planned", schoolOf(2, "1A/1"), order(fate("1A-0", PupilFate{Fate: FateRepeat})), "1A/1:1 2A/2:1 gone:0"},
		{"one of grade 5 repeats", schoolOf(2, "4A/4", "5A/5"), order(fate("5A-0", PupilFate{Fate: FateRepeat})), "5A/5:3 gone:1"},
		{"gone and moved away", schoolOf(3, "1A/1"), order(fate("1A-0", PupilFate{Fate: FateLeave}), fate("1A-1", PupilFate{Fate: FateTransfer})), "2A/2:1 gone:2"},
		{"in the new year already", already, order(), "2A/2:2 gone:0"},
		{"several grades in one class", schoolOf(2, "1+2/1"), order(fate("1+2-0", PupilFate{Class: "3A"})), "2+3/2:1 3A/2:1 gone:0 !multi_grade(1+2)"},
		{"run twice", begun, order(), " gone:0 !begun(2027-2028)"},
		{"begun an hour ago, and pressed again", early(in2026.Start.Add(80), true), order(), " gone:0 !early(2026-2027)"},
		{"begun last year, and nearly over", early(in2026.End.Add(-80), true), order(), "2A/2:2 gone:0"},
		{"the first year in the program", early(in2026.Start.Add(80), false), order(), "2A/2:2 gone:0"},
		{"nowhere to go", schoolOf(1, "1A/1"), order(move(ClassMove{From: "c-1A", To: "", Grade: 2})), " gone:0 !no_target(1A)"},
		{"two grades into one class", schoolOf(1, "1A/1", "2A/2"), order(move(ClassMove{From: "c-1A", To: "3A", Grade: 2})), "3A/2:2 gone:0 !grades_differ(3A)"},
		{"the class is there with another grade", other, order(), "2A/3:1 gone:0 !exists_differs(2A)"},
		{"a name too long", schoolOf(1, "1A/1"), order(move(ClassMove{From: "c-1A", To: strings.Repeat("a", 41), Grade: 2})), " gone:0 !bad_name(" + strings.Repeat("a", 40) + "…) !no_target(1A)"},
		{"no such grade", schoolOf(1, "1A/1"), order(move(ClassMove{From: "c-1A", To: "X", Grade: 13})), "X/13:1 gone:0 !bad_grade(X)"},
		{"dates before the year that ends", schoolOf(1, "1A/1"), order(func(o *PromotionOrder) { o.Year = before }), "2A/2:1 gone:0 !dates(2027-2028)"},
		{"nobody", schoolOf(0, "1A/1"), order(), " gone:0 !nothing()"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(PlanPromotion(c.facts, c.order)); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// Nobody is lost and nobody doubled, whatever the order.
func TestPromotionLosesNobody(t *testing.T) {
	f := schoolOf(7, "1A/1", "1B/1", "2A/2", "5A/5", "1+2/1")
	o := PromotionOrder{Year: in2027, Fates: map[ID]PupilFate{}}
	for i, p := range f.Pupils {
		o.Fates[p.Patron.ID] = PupilFate{Fate: append(Fates, "")[i%5], Class: []string{"", "2A", "Mới"}[i%3]}
	}
	plan := PlanPromotion(f, o)
	var seen []ID
	for _, c := range plan.Classes {
		for _, p := range c.Pupils {
			seen = append(seen, p.Patron.ID)
		}
	}
	for _, p := range plan.Leavers {
		seen = append(seen, p.Patron.ID)
	}
	slices.Sort(seen)
	if n := len(seen); n != len(f.Pupils) || len(slices.Compact(seen)) != n {
		t.Errorf("%d places for %d pupils", n, len(f.Pupils))
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2026-08-31", 6, "2027-02-28"}, {"2026-01-15", 1, "2026-02-15"}, {"2026-12-31", 2, "2027-02-28"}, {"2027-05-31", 12, "2028-05-31"}} {
		if got := MustDay(c.from).AddMonths(c.n); got != MustDay(c.want) {
			t.Errorf("%s and %d months is %s, want %s", c.from, c.n, got, c.want)
		}
	}
}
