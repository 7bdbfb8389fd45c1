package kiosk

import (
	"slices"
	"testing"
	"time"
)

// facts are a school of four pupils, two teachers and two classes by the middle of
// November.
func facts() TargetFacts {
	year := YearOf(MustDay("2026-11-24"))
	at := func(s string) time.Time { return MustDay(s).At(9, 0, time.UTC) }
	return TargetFacts{
		Year: year, Today: MustDay("2026-11-24"), Location: time.UTC, Calendar: DefaultCalendar(year),
		Pupils: []ID{"a", "b", "c", "d"}, Teachers: []ID{"t", "u"},
		Classes: []Class{{Name: "1A"}, {Name: "2A"}}, TeacherOf: map[ID]ID{"rt": "t", "old": "t", "ru": "u"},
		Deeds: map[ID]FirstDeeds{
			"a": {Visited: at("2026-09-07"), Read: at("2026-09-07"), Borrowed: at("2026-09-08")},
			"b": {Visited: at("2026-10-07"), Read: at("2026-10-12")},
			"c": {Visited: at("2026-11-02")},
			"t": {Visited: at("2026-09-07"), Read: at("2026-09-07"), Borrowed: at("2026-09-07")},
			"x": {Visited: at("2026-09-07"), Read: at("2026-09-07"), Borrowed: at("2026-09-07")}, // came after the census
		},
		Reference: []Day{{}, MustDay("2026-10-01"), MustDay("2026-10-02")}, Copies: 40,
	}
}

func measured(t *testing.T, f TargetFacts, k TargetKey) Standing {
	t.Helper()
	for _, x := range Targets {
		if x.Key == k {
			return f.Measure(x)
		}
	}
	t.Fatal("no target", k)
	return Standing{}
}

// Visitors, readers and home borrowers are three figures (I9).
func TestTargetsOfPeople(t *testing.T) {
	f := facts()
	for k, want := range map[TargetKey]struct {
		have, of, need int
		now            float64
	}{
		"visitors_pupils":    {3, 4, 1, 75},
		"readers_pupils":     {2, 4, 2, 50},
		"borrowers_pupils":   {1, 4, 3, 25}, // 80 % of four are four
		"visitors_teachers":  {1, 2, 1, 50},
		"reference_plan":     {3, 4, 21, 0.75},
		"reference_standard": {3, 4, 13, 0.75},
	} {
		s := measured(t, f, k)
		if s.Have != want.have || s.Of != want.of || s.Need != want.need || s.Now != want.now {
			t.Errorf("%s: %d of %d, %v, %d more", k, s.Have, s.Of, s.Now, s.Need)
		}
	}
	s := measured(t, f, "visitors_pupils")
	if first, last := s.Points[0], s.Points[len(s.Points)-1]; first.Now != 0 || last.Now != 75 || last.Day != f.Today {
		t.Errorf("the way over the year: %v ... %v", first, last)
	}
	for i := 1; i < len(s.Points); i++ {
		if s.Points[i].Now < s.Points[i-1].Now {
			t.Error("a cumulative figure falls")
		}
	}
	f.Pupils = nil
	if s := measured(t, f, "visitors_pupils"); s.Met() || s.Now != 0 {
		t.Error("a share of nobody is reached")
	}
}

func TestTargetsOfActivities(t *testing.T) {
	f := facts()
	add := func(kind ActivityKind, day string, change func(*Activity)) {
		a := Activity{Kind: kind, Day: MustDay(day), Status: ActivityDone}
		if change != nil {
			change(&a)
		}
		f.Activities = append(f.Activities, a)
	}
	class := func(c string) func(*Activity) { return func(a *Activity) { a.Class = c } }
	for _, d := range []string{"2026-09-08", "2026-10-06", "2026-11-03"} { // three in one semester count as two
		add(ReadingPeriod, d, class("1A"))
	}
	add(ReadingPeriod, "2026-11-04", class("2A"))
	add(ReadingPeriod, "2026-11-05", class("9Z")) // no class of the year
	add(ReadingPeriod, "2026-11-06", func(a *Activity) { a.Class, a.Status = "2A", ActivityPlanned })
	add(ReadingPeriod, "2026-11-09", func(a *Activity) { a.Class, a.Removed = "2A", true })
	for _, ref := range []ID{"rt", "old"} { // one person under two references
		add(LibraryLesson, "2026-10-06", func(a *Activity) { a.Teacher = ref })
	}
	add(Introduction, "2026-09-14", func(a *Activity) { a.Titles = []Annotated{{Title: "x"}, {Title: "y"}} })
	add(Introduction, "2026-09-21", nil)
	add(Gift, "2026-10-20", func(a *Activity) { a.Taken = 30 })
	add(Electronic, "2026-10-20", func(a *Activity) { a.Taken = 1 })
	add(Happening, "2026-11-20", nil)
	f.Stocktakes = []Day{MustDay("2026-11-20")}
	for k, want := range map[TargetKey][2]int{
		"reading_periods": {3, 8}, "library_lessons": {1, 4}, "introductions": {3, 0}, "introduction_months": {1, 0}, "donations": {30, 0}, "electronic": {1, 40}, "events": {1, 0}, "stocktakes": {1, 0}, "withdrawals": {0, 0},
	} {
		s := measured(t, f, k)
		if s.Have != want[0] || want[1] > 0 && s.Of != want[1] {
			t.Errorf("%s: %d of %d, want %v", k, s.Have, s.Of, want)
		}
	}
	if s := measured(t, f, "stocktakes"); !s.Met() || s.Need != 0 {
		t.Error("one stocktake is enough")
	}
	if s := measured(t, f, "donations"); s.Need != 537 {
		t.Errorf("%d more gifts", s.Need)
	}
	if a, b := f.PeriodsOf("1A"); a != 3 || b != 0 {
		t.Error(a, b)
	}
	if s := measured(t, f, "introduction_months"); s.Of != 4 { // August with its open days, September, October, November
		t.Errorf("%d months of service", s.Of)
	}
}

func TestCensusDay(t *testing.T) {
	y := YearOf(MustDay("2026-11-24"))
	for _, c := range []struct{ set, today, want string }{
		{"", "2026-11-24", "2026-09-30"}, {"", "2026-08-20", "2026-08-20"}, {"2026-10-15", "2026-11-24", "2026-10-15"},
		{"2026-12-15", "2026-11-24", "2026-09-30"}, {"2025-10-15", "2026-11-24", "2026-09-30"},
	} {
		var s TargetSettings
		if c.set != "" {
			s.Census = MustDay(c.set)
		}
		if got := s.CensusOf(y, MustDay(c.today)); got != MustDay(c.want) {
			t.Errorf("%v: %s", c, got)
		}
	}
}

// A shelf that was counted is no stocktake of the library; all shelves are, be it in
// several.
func TestWholeStocktakes(t *testing.T) {
	year := SchoolYear{Start: MustDay("2026-09-05"), End: MustDay("2027-05-31")}
	take := func(day string, places ...ID) Stocktake {
		return Stocktake{Places: places, Minutes: &StockMinutes{Day: MustDay(day)}}
	}
	homes := map[ID]bool{"a": true, "b": true}
	for name, c := range map[string]struct {
		all  []Stocktake
		want []Day
	}{
		"none":                  {nil, nil},
		"still open":            {[]Stocktake{{}}, nil},
		"of the year before":    {[]Stocktake{take("2026-05-31")}, nil},
		"the whole library":     {[]Stocktake{take("2027-05-31")}, []Day{MustDay("2027-05-31")}},
		"one shelf":             {[]Stocktake{take("2027-05-20", "a")}, nil},
		"one shelf twice":       {[]Stocktake{take("2027-05-20", "a"), take("2027-05-21", "a")}, nil},
		"shelf by shelf":        {[]Stocktake{take("2027-05-21", "b"), take("2027-05-20", "a", "c")}, []Day{MustDay("2027-05-21")}},
		"a shelf and the whole": {[]Stocktake{take("2027-05-20", "a"), take("2027-05-31")}, []Day{MustDay("2027-05-31")}},
	} {
		if got := wholeStocktakes(c.all, year, homes); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
