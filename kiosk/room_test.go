package kiosk

import "testing"

func TestRoomMeets(t *testing.T) {
	day := MustDay("2026-11-24")
	base := Activity{ID: "a", Kind: ReadingPeriod, Room: true, Day: day, From: 8 * 60, To: 8*60 + 35, Status: ActivityPlanned}
	for name, c := range map[string]struct {
		change func(*Activity)
		want   bool
	}{
		"the same time":           {func(*Activity) {}, true},
		"right after":             {func(b *Activity) { b.From, b.To = base.To, base.To+35 }, false},
		"a minute before its end": {func(b *Activity) { b.From, b.To = base.To-1, base.To+35 }, true},
		"right before":            {func(b *Activity) { b.From, b.To = base.From-35, base.From }, false},
		"into its first minute":   {func(b *Activity) { b.From, b.To = base.From-35, base.From+1 }, true},
		"the whole day":           {func(b *Activity) { b.From, b.To = 0, 0 }, true},
		"from its end on":         {func(b *Activity) { b.From, b.To = base.To, 0 }, false},
		"without an end":          {func(b *Activity) { b.From, b.To = 7*60, 0 }, true},
		"another day":             {func(b *Activity) { b.Day = day.Add(1) }, false},
		"a week around it":        {func(b *Activity) { b.Day, b.Until = day.Add(-3), day.Add(3) }, true},
		"a week that is over":     {func(b *Activity) { b.Day, b.Until = day.Add(-3), day.Add(-1) }, false},
		"not in the room":         {func(b *Activity) { b.Room = false }, false},
		"given up":                {func(b *Activity) { b.Status = ActivityCancelled }, false},
		"taken away":              {func(b *Activity) { b.Removed = true }, false},
		"itself":                  {func(b *Activity) { b.ID = "a" }, false},
	} {
		b := base
		b.ID = "b"
		c.change(&b)
		if base.Meets(b) != c.want || b.Meets(base) != c.want {
			t.Errorf("%s: %v and %v, want %v", name, base.Meets(b), b.Meets(base), c.want)
		}
	}
}

func TestShut(t *testing.T) {
	c := Calendar{Weekdays: [7]bool{false, true, true, true, true, true, false}, Closures: []Closure{{MustDay("2026-11-20"), MustDay("2026-11-22"), "Hội thao"}}}
	for day, want := range map[string]struct {
		name string
		shut bool
	}{"2026-11-19": {"", false}, "2026-11-20": {"Hội thao", true}, "2026-11-22": {"Hội thao", true}, "2026-11-28": {"", true}} {
		if name, shut := c.Shut(MustDay(day)); name != want.name || shut != want.shut || shut == c.Open(MustDay(day)) {
			t.Errorf("%s: %q %v", day, name, shut)
		}
	}
}

func TestPeriodsOfClasses(t *testing.T) {
	y := YearOf(MustDay("2026-11-24"))
	today := MustDay("2026-11-24")
	put := func(class, day string, status ActivityStatus) Activity {
		return Activity{Kind: ReadingPeriod, Class: class, Day: MustDay(day), Status: status}
	}
	all := []Activity{
		put("1A", "2026-10-01", ActivityDone), put("1A", "2026-11-24", ActivityPlanned), put("1A", "2026-11-25", ActivityCancelled),
		put("2A", "2026-11-02", ActivityPlanned), // over, and nobody said that it was held
		put("2A", "2027-01-12", ActivityPlanned), // of the second semester
		put("3A", "2026-09-10", ActivityDone), put("3A", "2026-09-17", ActivityDone), put("3A", "2026-09-24", ActivityDone),
		{Kind: LibraryLesson, Class: "2A", Day: today, Status: ActivityDone},
	}
	classes := []Class{{Name: "1A"}, {Name: "2A"}, {Name: "3A"}}
	want := []ClassPeriods{{classes[0], 1, 1}, {classes[1], 0, 0}, {classes[2], 3, 0}}
	for i, p := range PeriodsOfClasses(classes, all, y, today, today) {
		if p != want[i] {
			t.Errorf("%+v, want %+v", p, want[i])
		}
	}
	if a, b, c := want[0].Left(), want[1].Left(), want[2].Left(); a != 0 || b != 2 || c != 0 {
		t.Errorf("left %d %d %d", a, b, c)
	}
	if p := PeriodsOfClasses(classes, all, y, MustDay("2027-03-01"), today); p[1].Planned != 1 || p[0].Done != 0 {
		t.Errorf("the second semester: %+v", p)
	}
}
