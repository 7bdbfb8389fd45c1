package kiosk

import (
	"reflect"
	"testing"
)

// A teacher has her set when she had as many titles of each of her grades as the
// smallest set has, however they came; two copies of one title are one.
func TestTeacherSets(t *testing.T) {
	day := MustDay
	book := func(who, title ID, grade int, d string) gotBook { return gotBook{who, title, grade, day(d)} }
	got := []gotBook{
		book("whole", "b", 3, "2026-09-07"), book("whole", "a", 3, "2026-08-20"),
		book("half", "a", 3, "2026-08-20"), book("half", "a", 3, "2026-08-21"), // twice the same
		book("wrong grade", "x", 2, "2026-08-20"), book("wrong grade", "y", 2, "2026-08-20"),
		book("two grades", "a", 3, "2026-08-20"), book("two grades", "b", 3, "2026-08-20"), book("two grades", "n", 5, "2026-10-01"),
		book("any", "x", 2, "2026-09-01"),
		book("any whole", "x", 2, "2026-09-01"), book("any whole", "y", 2, "2026-09-03"),
	}
	grades := map[ID][]int{"whole": {3, 3}, "half": {3}, "wrong grade": {3}, "two grades": {5, 3}, "nothing": {1}}
	all := teacherSets([]ID{"whole", "half", "wrong grade", "two grades", "any", "any whole", "nothing", "nobody"}, grades, got, map[int]int{2: 2, 3: 2})
	for i, want := range []TeacherSet{
		{"whole", []int{3}, nil, 2, day("2026-09-07")},
		{"half", []int{3}, []int{3}, 1, Day{}},
		{"wrong grade", []int{3}, []int{3}, 0, Day{}},
		{"two grades", []int{3, 5}, nil, 3, day("2026-10-01")}, // grade 5 has no set: one title is enough
		{"any", nil, nil, 1, Day{}},
		{"any whole", nil, nil, 2, day("2026-09-03")},
		{"nothing", []int{1}, []int{1}, 0, Day{}},
		{"nobody", nil, nil, 0, Day{}},
	} {
		if !reflect.DeepEqual(all[i], want) {
			t.Errorf("%+v, want %+v", all[i], want)
		}
	}
	f := facts()
	f.TeacherSets = all
	if s := measured(t, f, "teacher_sets"); s.Have != 3 || s.Of != 8 || s.Need != 5 || s.Now != 37.5 {
		t.Errorf("%d of %d, %d more", s.Have, s.Of, s.Need)
	}
	lines, listed := TargetsRead{Facts: f}.Missing("teacher_sets")
	var who []ID
	for _, l := range lines {
		who = append(who, l.Person)
	}
	if !listed || !reflect.DeepEqual(who, []ID{"half", "wrong grade", "any", "nothing", "nobody"}) {
		t.Errorf("missing %v", who)
	}
}

// A record is kept when something stands in it, or when it lies on file.
func TestRecordsKept(t *testing.T) {
	f := facts()
	f.Records = []RecordKept{
		{Record: "journal", Since: MustDay("2026-09-08"), Filed: MustDay("2026-11-20")},
		{Record: "rotations"},
		{Record: "serials", Filed: MustDay("2026-11-20")},
	}
	s := measured(t, f, "records")
	if s.Have != 2 || s.Of != 3 || s.Need != 1 {
		t.Errorf("%+v", s)
	}
	if lines, _ := (TargetsRead{Facts: f}).Missing("records"); len(lines) != 1 || lines[0].Record != "rotations" {
		t.Errorf("%+v", lines)
	}
	filed := RecordsFiled{"2025-2026": {"a": f.Today}}.With("2026-2027", "b", f.Today)
	if again := filed.With("2026-2027", "b", Day{}); len(filed["2026-2027"]) != 1 || len(again["2026-2027"]) != 0 || len(again["2025-2026"]) != 1 {
		t.Errorf("%v, %v", filed, again)
	}
}

// The targets that are measured by what came and what was counted, against numbers
// counted by hand; and who lacks them.
func TestTargetsOfStockAndSurveys(t *testing.T) {
	f := facts()
	day := MustDay
	f.Classes = []Class{{ID: "k1", Name: "1A", Grade: 1}, {ID: "k2", Name: "2A", Grade: 2}}
	f.Grown = 3
	f.Themes = map[string]Day{Law: day("2026-09-10")}
	f.Issues = []IssueDue{{Due: day("2026-09-10"), Came: day("2026-09-10")}, {Due: day("2026-10-10")}, {Due: day("2026-11-01"), Came: day("2026-11-01")}}
	f.Corners.Surveys = []Survey{{Class: "k1", Round: 1, Day: day("2026-09-10"), Pupils: 2, Full: 1}, {Class: "k2", Round: 1, Day: day("2026-09-11"), Removed: true}, {Class: "gone", Round: 1, Day: day("2026-09-11")}}
	f.Activities = []Activity{
		{Kind: Gift, Day: day("2026-10-20"), Status: ActivityDone, Taken: 5},
		{Kind: Introduction, Day: day("2026-10-20"), Status: ActivityDone, Channel: ChannelWebsite},
		{Kind: Introduction, Day: day("2026-11-20"), Status: ActivityDone, Channel: ChannelFlag},
	}
	f.Corners.Boxes = map[ID]Day{"k1": day("2026-09-08")}
	f.Corners.Own = []ClassOwnBooks{{Class: "k2", Since: day("2026-09-08"), Count: 4}}
	for k, want := range map[TargetKey][3]int{ // have, of, how many lines are missing
		"theme_cases": {1, 3, 2}, "serials_received": {2, 3, -1}, "gift_each": {5, 7, -1}, "web_months": {1, 4, 3}, "survey_rounds": {1, 2, 1},
		"textbook_sets": {1, 4, 2}, "corner_boxes": {1, 2, 1}, "class_books": {4, 0, 1}, "rotations": {0, 0, 1}, "introduction_months": {2, 4, 2}, "corner_registers": {0, 8, 2},
		"visitors_teachers": {1, 2, 1}, "library_lessons": {0, 4, 2}, "reading_periods": {0, 8, 2},
	} {
		s := measured(t, f, k)
		lines, listed := TargetsRead{Facts: f}.Missing(k)
		if !listed {
			lines = make([]MissingLine, 0)
		}
		n := len(lines)
		if !listed {
			n = -1
		}
		if s.Have != want[0] || s.Of != want[1] || n != want[2] {
			t.Errorf("%s: %d of %d, missing %d %+v; want %v", k, s.Have, s.Of, n, lines, want)
		}
	}
}

// What lacks adds up to what the target says it would take, where it asks for each one.
func TestMissingAddsUp(t *testing.T) {
	f := facts()
	f.Classes = []Class{{ID: "k1", Name: "1A", Grade: 1}, {ID: "k2", Name: "2A", Grade: 2}}
	x := TargetsRead{Facts: f, Members: map[ID]Member{}}
	for i, id := range f.Pupils {
		x.Members[id] = Member{Class: f.Classes[i%2].Name}
	}
	for _, k := range []TargetKey{"visitors_pupils", "readers_pupils", "borrowers_pupils", "visitors_teachers", "borrowers_teachers", "corner_boxes", "corner_registers", "meetings", "web_months"} {
		s := measured(t, f, k)
		lines, _ := x.Missing(k)
		n := 0
		for _, l := range lines {
			n += max(l.N, 1)
		}
		if n != s.Of-s.Have {
			t.Errorf("%s: %d are missing, %d of %d are there", k, n, s.Have, s.Of)
		}
	}
}
