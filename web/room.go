package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// roomPath is the week of the library's room: who is in it when, and what is to
// be laid ready for a lesson.
const roomPath = "/desk/room"

// roomWeekPath is the week that a day lies in.
func roomWeekPath(d kiosk.Day) string { return roomPath + "?week=" + d.String() }

// seatsOf is how many seats the room has.
func seatsOf(v kiosk.View) (int, error) {
	text, err := v.Setting(kiosk.SeatsSetting)
	if err != nil || text == "" {
		return kiosk.RoomSeats, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return kiosk.RoomSeats, nil
	}
	return n, nil
}

// roomRow is a line of the week: an activity, or things that are reserved for a
// lesson.
type roomRow struct {
	Day       kiosk.Day
	From      kiosk.Clock
	Time      string
	Kind      string // the key of its words
	Class     string
	Teacher   string
	What      string
	People    int // who came, or else the pupils of the class
	Seats     int // of the room; 0 when it is not held there
	Status    string
	Link      string
	Kept      bool // it is a reservation of things
	Done      bool
	Late      bool   // its day is over, and nobody has said whether it was held
	Shut      bool   // the library is shut on its day
	Meets     string // what is in the room at the same time
	Afternoon bool
}

// Over is how many more come than there are seats.
func (r roomRow) Over() int {
	if r.Seats == 0 {
		return 0
	}
	return max(r.People-r.Seats, 0)
}

// roomHalf is a morning or an afternoon: whom the library serves then, and who
// is in the room.
type roomHalf struct {
	Afternoon bool
	Slot      kiosk.Slot
	Rows      []roomRow
}

// roomDay is a day of the week.
type roomDay struct {
	Day    kiosk.Day
	Today  bool
	Past   bool
	Shut   bool
	Why    string // the closure's name
	Halves []roomHalf
	Kept   []roomRow
}

// roomWeek is what the page shows.
type roomWeek struct {
	First, Last   kiosk.Day
	Before, After string // the addresses of the weeks beside it
	Now           string // and of the present week, "" when it is this one
	Days          []roomDay
	Seats         int
	Second        bool // it lies in the second semester
	Semester      bool // it lies in the school year
	Periods       []kiosk.ClassPeriods
	Done, Planned int
	Whole         int // of all classes in the semester
	Begin         kiosk.Day
	rows          []roomRow
}

// monday is the first day of the week of d.
func monday(d kiosk.Day) kiosk.Day { return d.Add(-(int(d.Weekday()) + 6) % 7) }

var roomList = list[roomRow]{
	Title: "work.room",
	Columns: []column[roomRow]{
		{Key: "day", Word: "activity.day", Kind: dayCell, Of: func(r roomRow) any { return r.Day }},
		{Key: "time", Word: "activity.time", Kind: codeCell, Of: func(r roomRow) any { return r.Time }},
		{Key: "kind", Word: "room.kind", Kind: textCell, Of: func(r roomRow) any { return r.Kind }, Say: func(r roomRow) string { return r.Kind }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(r roomRow) any { return r.Class }},
		{Key: "teacher", Word: "activity.teacher", Kind: nameCell, Of: func(r roomRow) any { return r.Teacher }},
		{Key: "what", Word: "activity.what", Kind: textCell, Of: func(r roomRow) any { return r.What }},
		{Key: "people", Word: "room.people", Kind: numberCell, Of: func(r roomRow) any { return r.People }},
		{Key: "over", Word: "room.over", Kind: numberCell, Of: func(r roomRow) any { return r.Over() }, Mark: func(r roomRow) string {
			if r.Over() > 0 {
				return "out"
			}
			return ""
		}},
		{Key: "status", Word: "activity.status", Kind: textCell, Of: func(r roomRow) any { return r.Status }, Say: func(r roomRow) string { return r.Status }},
	},
}

// room shows a week of the room.
func (s *Server) room(w http.ResponseWriter, r *http.Request) error {
	return s.showRoom(w, r, http.StatusOK, newForm("week", r.URL.Query().Get("week")))
}

func (s *Server) showRoom(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	lang, mine := s.lang(r), callerOf(r).is(kiosk.Librarian)
	var week roomWeek
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		week, err = s.roomWeek(v, lang, f.Get("week"), mine)
		if f.Get("seats") == "" {
			f.Values.Set("seats", strconv.Itoa(week.Seats))
		}
		return err
	})
	if err != nil {
		return err
	}
	return showListAs(s, w, r, status, roomList, week.rows, "room.html", map[string]any{
		"F": f, "W": week, "Mine": mine, "Filter": words.T(lang, "room.week", "from", words.Date(week.First), "to", words.Date(week.Last)),
	})
}

// putSeats says how many seats the room has.
func (s *Server) putSeats(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	n := f.count("seats", -1, 1, kiosk.MostSeats)
	to := roomPath
	if day, ok := readDay(f.Get("week")); ok {
		to = roomWeekPath(day)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var before int
		if err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) { before, err = seatsOf(v); return err }); err != nil {
			return "", err
		}
		put := func(ctx context.Context, a kiosk.Attempt, n int) error {
			return s.Yearly.SetPageSetting(ctx, a, kiosk.SeatsSetting, n)
		}
		if err := put(r.Context(), a, n); err != nil {
			return "", err
		}
		s.done(r, roomPath, func(ctx context.Context, a kiosk.Attempt) error { return put(ctx, a, before) }, "room.seats_saved", "n", n)
		return to, nil
	}, func(status int) error { return s.showRoom(w, r, status, f) })
}

// roomWeek reads the week of a day; what is no day is this week.
func (s *Server) roomWeek(v kiosk.View, lang words.Lang, asked string, mine bool) (roomWeek, error) {
	var week roomWeek
	rules, today, _, err := s.rulesIn(v)
	if err != nil {
		return week, err
	}
	day, ok := readDay(asked)
	if !ok {
		day = today
	}
	week.First = monday(day)
	week.Last = week.First.Add(6)
	week.Before, week.After = roomWeekPath(week.First.Add(-7)), roomWeekPath(week.First.Add(7))
	if week.First != monday(today) {
		week.Now = roomPath
	}
	if week.Seats, err = seatsOf(v); err != nil {
		return week, err
	}
	sizes, err := classSizes(v, today)
	if err != nil {
		return week, err
	}
	// What lasts may have begun up to a year before.
	all, err := v.Activities(week.First.AddMonths(-12), week.Last)
	if err != nil {
		return week, err
	}
	kept, err := s.roomKept(v, lang, week, today, mine)
	if err != nil {
		return week, err
	}
	school := schoolWeek(rules.Calendar, rules.Timetable)
	for i := range 7 {
		d := week.First.Add(i)
		on, err := s.roomDay(v, d, today, all, week.Seats, sizes, mine)
		if err != nil {
			return week, err
		}
		on.Kept = kept[d]
		held := slices.Concat(on.Halves[0].Rows, on.Halves[1].Rows, on.Kept)
		if len(held) == 0 && !slices.Contains(school, d.Weekday()) {
			continue
		}
		week.Days, week.rows = append(week.Days, on), append(week.rows, held...)
	}
	return week, s.roomSemester(v, &week, today)
}

// roomDay is a day with what is held on it.
func (s *Server) roomDay(v kiosk.View, d, today kiosk.Day, all []kiosk.Activity, seats int, sizes map[string]int, mine bool) (roomDay, error) {
	on := roomDay{Day: d, Today: d == today, Past: d.Before(today)}
	rules, err := v.Rules(d)
	if err != nil {
		return on, err
	}
	on.Why, on.Shut = rules.Calendar.Shut(d)
	for _, hour := range []int{8, 14} {
		on.Halves = append(on.Halves, roomHalf{Afternoon: hour == 14, Slot: rules.Timetable.At(d.At(hour, 0, rules.Location), rules.Location)})
	}
	for _, a := range all {
		if !a.On(d) || !a.Stands() || !slices.Contains(activityFields[a.Kind], "time") && a.Kind != kiosk.Introduction {
			continue
		}
		row, err := activityRowOf(v, a, today, seats)
		if err != nil {
			return on, err
		}
		line := roomRow{
			Day: d, From: a.From, Time: row.Time(), Kind: "activity.kind." + string(a.Kind), Class: a.Class, Teacher: row.TeacherName, What: row.What(),
			People: a.People, Status: "activity.status." + string(a.Status), Done: a.Status == kiosk.ActivityDone,
			Late: a.Status == kiosk.ActivityPlanned && a.Ends().Before(today), Shut: on.Shut && a.OfClass(), Afternoon: a.From >= 12*60,
		}
		if a.Room {
			line.Seats = seats
		}
		if a.OfClass() || a.Room {
			line.People = cmp.Or(a.People, sizes[a.Class])
		}
		for _, o := range all {
			if a.Meets(o) && o.On(d) {
				line.Meets = cmp.Or(o.Class, o.Text)
			}
		}
		if mine {
			line.Link = activitiesPath + "/" + string(a.ID) + "?back=room"
		}
		half := &on.Halves[0]
		if line.Afternoon {
			half = &on.Halves[1]
		}
		half.Rows = append(half.Rows, line)
	}
	for _, h := range on.Halves {
		slices.SortStableFunc(h.Rows, func(a, b roomRow) int {
			return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(fold.Order(a.Class), fold.Order(b.Class)))
		})
	}
	return on, nil
}

// roomKept are the things that are reserved for lessons, by their day.
func (s *Server) roomKept(v kiosk.View, lang words.Lang, week roomWeek, today kiosk.Day, mine bool) (map[kiosk.Day][]roomRow, error) {
	rows, err := s.lessonRows(v, lang, week.First, week.Last)
	kept := map[kiosk.Day][]roomRow{}
	for _, l := range rows {
		if l.On.Before(week.First) || l.On.After(week.Last) || l.Status == kiosk.LessonCancelled {
			continue
		}
		line := roomRow{
			Day: l.On, From: 24 * 60, Kind: "room.kept", Class: l.Class.Name, Teacher: l.Member.Name, What: words.T(lang, "room.kept_of", "n", l.Count, "what", l.What),
			Status: "lessons.status." + string(l.Status), Kept: true, Done: l.Status == kiosk.LessonBack, Late: l.Late,
		}
		if l.Period > 0 {
			line.Time = words.T(lang, "lessons.period_n", "n", l.Period)
		}
		if mine && s.Lending != nil && s.Cataloguing != nil {
			line.Link = lessonPath(l.ID)
		}
		kept[l.On] = append(kept[l.On], line)
	}
	return kept, err
}

// roomSemester counts the reading periods of the semester that the week lies in.
func (s *Server) roomSemester(v kiosk.View, week *roomWeek, today kiosk.Day) error {
	years, err := v.Years()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(years, func(y kiosk.SchoolYear) bool { return y.Contains(week.First) })
	if at < 0 {
		return nil
	}
	y := years[at]
	classes, err := v.Classes(y.ID)
	if err != nil || len(classes) == 0 {
		return err
	}
	slices.SortStableFunc(classes, byClass)
	from, to := y.Semester(week.First)
	all, err := v.Activities(from, to)
	if err != nil {
		return err
	}
	week.Semester, week.Second, week.Whole = true, from != y.Start, kiosk.PeriodsEach*len(classes)
	for _, p := range kiosk.PeriodsOfClasses(classes, all, y, week.First, today) {
		week.Done, week.Planned = week.Done+min(p.Done, kiosk.PeriodsEach), week.Planned+min(p.Planned, kiosk.PeriodsEach)
		if p.Left() > 0 && !to.Before(today) {
			week.Periods = append(week.Periods, p)
		}
	}
	// A period is planned for the first day that is left of the week.
	for _, d := range week.Days {
		if !d.Past && !d.Shut && week.Begin.IsZero() {
			week.Begin = d.Day
		}
	}
	return nil
}

// classSizes are the pupils of each class today, by its name.
func classSizes(v kiosk.View, today kiosk.Day) (map[string]int, error) {
	n := map[string]int{}
	err := v.EachMember(today, func(m kiosk.Member) error {
		if m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft && m.Class != "" {
			n[m.Class]++
		}
		return nil
	})
	return n, err
}

// overSeats is how many more come to an activity than the room has seats, and
// how many come; who they are is not known before, then it is the class.
func overSeats(v kiosk.View, a kiosk.Activity, today kiosk.Day) (over, people, seats int, err error) {
	if !a.Room || !a.Stands() {
		return 0, 0, 0, nil
	}
	if seats, err = seatsOf(v); err != nil {
		return 0, 0, 0, err
	}
	if people = a.People; people == 0 && a.Class != "" {
		sizes, err := classSizes(v, today)
		if err != nil {
			return 0, 0, 0, err
		}
		people = sizes[a.Class]
	}
	return max(people-seats, 0), people, seats, nil
}

// explainedRoom says why something cannot be in the room, "" for another error.
func explainedRoom(l words.Lang, err error) string {
	var taken *kiosk.RoomTakenError
	if errors.As(err, &taken) {
		by, key := taken.By, "activity.room_taken"
		if by.To == 0 {
			key = "activity.room_taken_on"
		}
		return words.T(l, key, "day", words.Date(by.Day), "from", by.From.String(), "to", by.To.String(), "what", cmp.Or(by.Class, by.Text))
	}
	var shut *kiosk.RoomShutError
	if errors.As(err, &shut) {
		return words.T(l, "activity.room_shut", "day", words.Date(shut.Day), "why", cmp.Or(shut.Name, words.T(l, "weekday."+strconv.Itoa(int(shut.Day.Weekday())))))
	}
	return ""
}
