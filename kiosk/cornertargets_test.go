package kiosk

import "testing"

// The targets of surveys, corners and contests, each against numbers counted by
// hand from the facts.
func TestTargetsOfCorners(t *testing.T) {
	f := facts()
	f.Classes = []Class{{ID: "k1", Name: "1A"}, {ID: "k2", Name: "2A"}}
	day := MustDay
	f.Corners = CornerFacts{
		Surveys: []Survey{
			{Class: "k1", Round: 1, Day: day("2026-09-10"), Pupils: 2, Full: 0},
			{Class: "k1", Round: 2, Day: day("2026-11-10"), Pupils: 2, Full: 2}, // stands in place of the first
			{Class: "k2", Round: 1, Day: day("2026-09-10"), Pupils: 2, Full: 1},
			{Class: "k2", Round: 2, Day: day("2027-01-20"), Pupils: 2, Full: 2}, // not yet
		},
		Boxes: map[ID]Day{"k1": day("2026-09-08"), "gone": day("2026-09-08")},
		Readings: map[ID][]Day{
			"k1": {day("2026-09-08"), day("2026-09-30"), day("2026-10-05")}, // two months
			"k2": {day("2026-10-05")},
		},
		Rotated: []Day{day("2026-11-02")},
		Own:     []ClassOwnBooks{{"k1", day("2026-09-20"), 12}, {"k1", day("2026-10-20"), 3}},
	}
	for _, d := range []string{"2026-10-03", "2026-10-20", "2026-11-05"} { // two in one month count as one
		f.Activities = append(f.Activities, Activity{Kind: Happening, Day: day(d), Status: ActivityDone})
	}
	months := measured(t, f, "meetings").Of
	for k, want := range map[TargetKey]struct{ have, of, need int }{
		"textbook_sets":    {3, 4, 1},
		"corner_boxes":     {1, 2, 1},
		"corner_registers": {3, 2 * months, 2*months - 3},
		"rotations":        {1, 0, 1},
		"class_books":      {15, 0, 0},
		"contest_months":   {2, months, months - 2},
	} {
		s := measured(t, f, k)
		if s.Have != want.have || s.Of != want.of || s.Need != want.need {
			t.Errorf("%s: %d of %d, %d more; want %+v", k, s.Have, s.Of, s.Need, want)
		}
	}
	f.ClassSize = map[ID]int{"k1": 1, "k2": 2} // the survey counted a pupil that the census does not know
	if s := measured(t, f, "textbook_sets"); s.Have != 2 {
		t.Errorf("%d pupils of a class of one have all books", s.Have)
	}
	f.ClassSize = nil
	f.Today = day("2026-10-31")
	if s := measured(t, f, "textbook_sets"); s.Have != 1 { // before the second round, the first one's
		t.Errorf("at the end of October %d pupils had all books", s.Have)
	}
}
