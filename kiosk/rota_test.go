package kiosk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "muontra/kiosk"
)

func rotaClasses(names ...string) (all []Class) {
	for _, n := range names {
		all = append(all, Class{ID: ID(n), Name: n, Grade: int(n[0] - '0')})
	}
	return all
}

func turnsOf(ts []RotaTurn) string {
	var out []string
	for _, t := range ts {
		out = append(out, fmt.Sprint(t.Day.String()[5:], " ", t.Class.Name))
	}
	return strings.Join(out, ", ")
}

// Each class has its turn; a week without service has none; what is planned stands.
func TestRota(t *testing.T) {
	c := Calendar{Closures: []Closure{{MustDay("2026-11-23"), MustDay("2026-11-24"), "Hội giảng mẫu"}, {MustDay("2026-12-07"), MustDay("2026-12-13"), "Nghỉ mẫu"}}}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Weekdays[d] = true
	}
	classes := rotaClasses("1A", "1B", "2A", "3A")
	turn := func(day, class string, status ActivityStatus) Activity {
		return Activity{ID: ID(day), Kind: Introduction, Day: MustDay(day), Class: class, Status: status}
	}
	all := []Activity{turn("2026-11-17", "1B", ActivityDone), turn("2026-12-01", "1B", ActivityPlanned), turn("2026-12-15", "2A", ActivityCancelled),
		{ID: "library", Kind: Introduction, Day: MustDay("2026-11-26"), Status: ActivityDone}}
	weeks := RotaWeeks(c, MustDay("2026-11-10"), MustDay("2026-12-27"), all)
	if len(weeks) != 7 || weeks[0].Day != MustDay("2026-11-10") || weeks[2].Day != MustDay("2026-11-25") || !weeks[4].Day.IsZero() || weeks[4].Shut != "Nghỉ mẫu" {
		t.Errorf("weeks: %+v", weeks)
	}
	if len(weeks[2].Turns) != 0 || weeks[5].Taken() || !weeks[3].Taken() {
		t.Errorf("turns of the weeks: %+v", weeks)
	}
	for _, x := range []struct {
		from    string
		byGrade bool
		want    string
	}{
		{"2026-11-10", false, "11-10 1A, 11-25 2A, 12-14 3A, 12-21 1A"},
		{"2026-11-10", true, "11-10 1A, 11-25 2A, 12-14 3A, 12-21 1A"},
		{"2026-12-01", false, "12-14 1A, 12-21 2A"},
		{"2027-01-01", false, ""},
	} {
		if have := turnsOf(RotaTurns(RotaOrder(classes, x.byGrade), weeks, MustDay(x.from))); have != x.want {
			t.Errorf("from %s, by grade %v: %s, want %s", x.from, x.byGrade, have, x.want)
		}
	}
	if have := turnsOf(RotaTurns(RotaOrder(classes, true), RotaWeeks(c, MustDay("2026-09-07"), MustDay("2026-10-04"), nil), Day{})); have != "09-07 1A, 09-14 2A, 09-21 3A, 09-28 1B" {
		t.Errorf("by grade: %s", have)
	}
	if have := turnsOf(RotaTurns(rotaClasses("1A"), weeks[5:], Day{})); have != "12-14 1A, 12-21 1A" {
		t.Errorf("one class: %s", have)
	}
	if RotaTurns(nil, weeks, Day{}) != nil {
		t.Error("turns of no class")
	}
}
