package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Yearly are the acts on what is planned and done in the year.
type Yearly interface {
	PutActivity(ctx context.Context, a kiosk.Attempt, act kiosk.Activity, look func(kiosk.Activity) error) (kiosk.Activity, error)
	RemoveActivity(ctx context.Context, a kiosk.Attempt, id kiosk.ID, remove bool) error
	PlanYear(ctx context.Context, a kiosk.Attempt, year kiosk.SchoolYear, lines []kiosk.Activity) (int, error)
	SetPageSetting(ctx context.Context, a kiosk.Attempt, key string, value any) error
}

const (
	activitiesPath = "/desk/activities"
	planBookPath   = "/desk/plan"
)

func (s *Server) activityRoutes() []route {
	if s.Yearly == nil {
		return nil
	}
	return []route{
		{"GET", activitiesPath, reader, s.activities},
		{"POST", activitiesPath, librarian, s.addActivity},
		{"GET", activitiesPath + "/new", librarian, s.newActivity},
		{"GET", activitiesPath + "/{id}", librarian, named(s.activity)},
		{"POST", activitiesPath + "/{id}", librarian, named(s.changeActivity)},
		{"GET", activitiesPath + "/{id}/list", reader, named(s.bibliography)},
		{"GET", planBookPath, reader, s.plan},
		{"POST", planBookPath, librarian, s.takePlan},
	}
}

// activityFields are what a form asks beside the day, the status and the note, by
// kind, in their order.
var activityFields = map[kiosk.ActivityKind][]string{
	kiosk.PlanItem:      {"text", "result"},
	kiosk.ReadingPeriod: {"class", "time", "teacher", "text", "people", "titles", "result"},
	kiosk.LibraryLesson: {"class", "time", "teacher", "text", "people", "titles", "result"},
	kiosk.ClassVisit:    {"class", "time", "teacher", "people"},
	kiosk.Introduction:  {"titles", "channel", "text", "people"},
	kiosk.Bibliography:  {"text", "titles"},
	kiosk.Display:       {"until", "text", "titles", "result"},
	kiosk.Happening:     {"until", "time", "text", "class", "people", "result"},
	kiosk.Meeting:       {"time", "text", "people", "result"},
	kiosk.Campaign:      {"until", "text", "goal", "result"},
	kiosk.Gift:          {"of", "class", "donor", "text", "taken", "refused", "corner"},
	kiosk.Electronic:    {"text", "taken"},
	kiosk.SharedStock:   {"until", "text", "taken", "result"},
	kiosk.Inspection:    {"text", "result"},
}

// activityRow is an activity as it is listed.
type activityRow struct {
	kiosk.Activity
	TeacherName string
	TitleNames  []string
	Full        bool // more come than there are seats
}

// What is the row in one line.
func (a activityRow) What() string {
	if a.Text != "" {
		return a.Text
	}
	return strings.Join(a.TitleNames, "; ")
}

// Time is when it is held, "" for the whole day.
func (a activityRow) Time() string {
	if a.From == 0 && a.To == 0 {
		return ""
	}
	if a.To == 0 {
		return a.From.String()
	}
	return a.From.String() + " - " + a.To.String()
}

func activityRowOf(v kiosk.View, a kiosk.Activity, today kiosk.Day, seats int) (row activityRow, err error) {
	row = activityRow{Activity: a, Full: a.Room && a.People > seats}
	if a.Teacher != "" {
		m, err := v.MemberByRef(a.Teacher, today)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return row, err
		}
		row.TeacherName = m.Name
	}
	for _, t := range a.Titles {
		title, err := v.Title(t.Title)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return row, err
		}
		row.TitleNames = append(row.TitleNames, title.Title)
	}
	return row, nil
}

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

// yearOf is the school year that the query names, else the present one.
func yearOf(v kiosk.View, q url.Values, now kiosk.SchoolYear) (kiosk.SchoolYear, []kiosk.SchoolYear, error) {
	years, err := v.Years()
	for _, y := range years {
		if string(y.ID) == q.Get("year") && err == nil {
			return y, years, nil
		}
	}
	return now, years, err
}

// kindOf is the kind that the query names, else reading periods.
func kindOf(q url.Values) kiosk.ActivityKind {
	if k := kiosk.ActivityKind(q.Get("kind")); slices.Contains(kiosk.ActivityKinds, k) {
		return k
	}
	return kiosk.ReadingPeriod
}

func activityList(kind kiosk.ActivityKind, mine bool, lang words.Lang) list[activityRow] {
	fields := activityFields[kind]
	has := func(f string) bool { return slices.Contains(fields, f) }
	l := list[activityRow]{Title: "activity.kind." + string(kind), Columns: []column[activityRow]{
		{Key: "day", Word: "activity.day", Kind: dayCell, Of: func(a activityRow) any { return a.Day }},
		{Key: "what", Word: "activity.what", Kind: textCell, Of: func(a activityRow) any { return cmp.Or(a.What(), a.Class) }},
	}, Mute: func(a activityRow) bool { return a.Status == kiosk.ActivityCancelled }}
	if mine {
		l.Columns[1].Link = func(a activityRow) string { return activitiesPath + "/" + string(a.ID) }
	}
	add := func(when bool, c column[activityRow]) {
		if when {
			l.Columns = append(l.Columns, c)
		}
	}
	add(has("time"), column[activityRow]{Key: "time", Word: "activity.time", Kind: codeCell, Of: func(a activityRow) any { return a.Time() }})
	add(has("class"), column[activityRow]{Key: "class", Word: "list.class", Kind: codeCell, Of: func(a activityRow) any { return a.Class }})
	add(has("teacher"), column[activityRow]{Key: "teacher", Word: "activity.teacher", Kind: nameCell, Of: func(a activityRow) any { return a.TeacherName }})
	add(has("channel"), column[activityRow]{Key: "channel", Word: "activity.channel", Kind: textCell, Of: func(a activityRow) any { return string(a.Channel) }, Say: func(a activityRow) string { return "activity.channel." + string(a.Channel) }})
	add(has("donor"), column[activityRow]{Key: "donor", Word: "activity.donor", Kind: textCell, Of: func(a activityRow) any { return string(a.Donor) }, Say: func(a activityRow) string { return "activity.donor." + string(a.Donor) }})
	add(has("people"), column[activityRow]{Key: "people", Word: "activity.people", Kind: numberCell, Of: func(a activityRow) any { return a.People }, Note: func(a activityRow) string {
		if a.Full {
			return words.T(lang, "activity.full")
		}
		return ""
	}})
	add(has("goal"), column[activityRow]{Key: "goal", Word: "activity.goal", Kind: numberCell, Of: func(a activityRow) any { return a.Goal }})
	add(has("taken"), column[activityRow]{Key: "taken", Word: "activity.taken", Kind: numberCell, Of: func(a activityRow) any { return a.Taken }})
	add(has("refused"), column[activityRow]{Key: "refused", Word: "activity.refused", Kind: numberCell, Of: func(a activityRow) any { return a.Refused }})
	add(has("titles") && kind != kiosk.Introduction, column[activityRow]{Key: "titles", Word: "activity.titles", Kind: numberCell, Of: func(a activityRow) any { return len(a.Titles) }})
	add(true, column[activityRow]{Key: "status", Word: "activity.status", Kind: textCell, Of: func(a activityRow) any { return string(a.Status) }, Say: func(a activityRow) string { return "activity.status." + string(a.Status) }, Mark: func(a activityRow) string {
		if a.Status == kiosk.ActivityDone {
			return "free"
		}
		return ""
	}})
	return l
}

// activities lists what was planned and done of one kind in a school year.
func (s *Server) activities(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	kind := kindOf(q)
	var rows []activityRow
	var year kiosk.SchoolYear
	var years []kiosk.SchoolYear
	var sums []campaignRow
	counts := map[kiosk.ActivityKind]int{}
	done := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, today, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		if year, years, err = yearOf(v, q, rules.Year); err != nil {
			return err
		}
		seats, err := seatsOf(v)
		if err != nil {
			return err
		}
		all, err := v.Activities(year.Start, year.End)
		if err != nil {
			return err
		}
		for _, a := range slices.Backward(all) {
			counts[a.Kind]++
			if a.Kind != kind {
				continue
			}
			if a.Status == kiosk.ActivityDone {
				done++
			}
			row, err := activityRowOf(v, a, today, seats)
			if err != nil {
				return err
			}
			rows = append(rows, row)
			if kind == kiosk.Campaign {
				sums = append(sums, campaignRowOf(a, all))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	type tab struct {
		Kind kiosk.ActivityKind
		N    int
		Here bool
	}
	var tabs []tab
	for _, k := range kiosk.ActivityKinds[1:] {
		tabs = append(tabs, tab{k, counts[k], k == kind})
	}
	lang := s.lang(r)
	mine := callerOf(r).is(kiosk.Librarian)
	return showList(s, w, r, activityList(kind, mine, lang), rows, "activities.html", map[string]any{
		"Kind": kind, "Tabs": tabs, "Year": year, "Years": years, "Mine": mine, "N": len(rows), "Done": done, "Campaigns": sums,
		"Filter": words.T(lang, "classes.of_year", "year", year.Name),
	})
}

// campaignRow is a campaign with what each class brought: sums only, never who.
type campaignRow struct {
	kiosk.Activity
	Sum     kiosk.CampaignSum
	Classes []classSum
}

type classSum struct {
	Class   string
	N       int
	Percent int // of the greatest
}

func campaignRowOf(a kiosk.Activity, all []kiosk.Activity) campaignRow {
	c := campaignRow{Activity: a, Sum: kiosk.SumCampaign(a.ID, all)}
	most := 1
	for class, n := range c.Sum.Classes {
		c.Classes = append(c.Classes, classSum{Class: class, N: n})
		most = max(most, n)
	}
	for i := range c.Classes {
		c.Classes[i].Percent = 100 * c.Classes[i].N / most
	}
	slices.SortFunc(c.Classes, func(a, b classSum) int { return cmp.Compare(fold.Order(a.Class), fold.Order(b.Class)) })
	return c
}

func (s *Server) newActivity(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	kind := kindOf(q)
	day, err := s.todayNow(r)
	if err != nil {
		return err
	}
	f := newForm("kind", string(kind), "day", day.String(), "status", string(kiosk.ActivityDone), "of", q.Get("of"))
	if d := q.Get("day"); d != "" {
		f.Values.Set("day", d)
	}
	if kind == kiosk.PlanItem || kind == kiosk.Campaign {
		f.Values.Set("status", string(kiosk.ActivityPlanned))
	}
	return s.activityForm(w, r, http.StatusOK, f, "")
}

func (s *Server) activityForm(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	kind := kiosk.ActivityKind(f.Get("kind"))
	if !slices.Contains(kiosk.ActivityKinds, kind) {
		return errNotFound
	}
	lang := s.lang(r)
	classes, teachers, campaigns := []choice{{"", "-"}}, []choice{{"", "-"}}, []choice{}
	var beside []activityRow
	var seats int
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, today, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		if seats, err = seatsOf(v); err != nil {
			return err
		}
		list, err := s.classesNow(v)
		if err != nil {
			return err
		}
		slices.SortStableFunc(list, func(a, b kiosk.Class) int {
			return cmp.Or(cmp.Compare(a.Grade, b.Grade), cmp.Compare(fold.Order(a.Name), fold.Order(b.Name)))
		})
		for _, c := range list {
			classes = append(classes, choice{c.Name, c.Name})
		}
		var staff []kiosk.Member
		if err := v.EachMember(today, func(m kiosk.Member) error {
			if (m.Category == kiosk.Teacher || m.Category == kiosk.Manager) && m.Status != kiosk.PatronLeft {
				staff = append(staff, m)
			}
			return nil
		}); err != nil {
			return err
		}
		slices.SortStableFunc(staff, func(a, b kiosk.Member) int { return cmp.Compare(fold.NameOrder(a.Name), fold.NameOrder(b.Name)) })
		for _, m := range staff {
			teachers = append(teachers, choice{string(m.Ref), m.Name})
		}
		all, err := v.Activities(rules.Year.Start, rules.Year.End)
		if err != nil {
			return err
		}
		day, _ := readDay(f.Get("day"))
		for _, a := range all {
			if a.Kind == kiosk.Campaign {
				campaigns = append(campaigns, choice{string(a.ID), a.Text})
			}
			if a.Room && a.ID != id && a.Day == day && a.Status != kiosk.ActivityCancelled {
				row, err := activityRowOf(v, a, today, seats)
				if err != nil {
					return err
				}
				beside = append(beside, row)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	shows := map[string]bool{}
	for _, x := range activityFields[kind] {
		shows[x] = true
	}
	s.deskPage(w, r, status, "activity.html", map[string]any{
		"F": f, "ID": id, "Kind": kind, "Shows": shows, "Classes": classes, "Teachers": teachers, "Campaigns": campaigns, "Beside": beside, "Seats": seats,
		"Statuses": choices(lang, "activity.status.", kiosk.ActivityStatuses), "Channels": choices(lang, "activity.channel.", kiosk.Channels), "Donors": choices(lang, "activity.donor.", kiosk.Donors),
	})
	return nil
}

// activityOf reads a form into an activity.
func (s *Server) activityOf(v kiosk.View, f *form) (a kiosk.Activity, err error) {
	a = kiosk.Activity{
		Kind: kiosk.ActivityKind(f.Get("kind")), Day: f.day("day", true), Status: kiosk.ActivityStatus(f.Get("status")), Note: f.Get("note"),
	}
	for _, field := range activityFields[a.Kind] {
		switch field {
		case "text":
			a.Text = f.Get("text")
		case "result":
			a.Result = f.Get("result")
		case "class":
			a.Class = f.Get("class")
		case "teacher":
			a.Teacher = kiosk.ID(f.Get("teacher"))
		case "until":
			a.Until = f.day("until", false)
		case "time":
			if f.Get("from") != "" {
				a.From = f.clock("from")
				a.Room = f.Is("room", "yes")
			}
			if f.Get("to") != "" {
				a.To = f.clock("to")
			}
		case "people":
			a.People = int(f.whole("people", 0, false))
		case "channel":
			a.Channel = kiosk.Channel(f.Get("channel"))
		case "of":
			a.Of = kiosk.ID(f.Get("of"))
		case "donor":
			a.Donor = kiosk.Donor(f.Get("donor"))
		case "goal":
			a.Goal = int(f.whole("goal", 0, true))
		case "taken":
			a.Taken = int(f.whole("taken", 0, false))
		case "refused":
			a.Refused = int(f.whole("refused", 0, false))
		case "corner":
			a.Corner = f.Is("corner", "yes")
		case "titles":
			a.Titles, err = titlesOf(v, f.Get("titles"))
		}
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

// titlesOf reads titles, one a line: a number or code of a copy, an ISBN, or the
// title's words; behind a bar its group, and behind another what is said of it.
func titlesOf(v kiosk.View, text string) (all []kiosk.Annotated, err error) {
	for line := range strings.SplitSeq(text, "\n") {
		parts := strings.SplitN(line, "|", 3)
		code := strings.TrimSpace(parts[0])
		if code == "" {
			continue
		}
		var a kiosk.Annotated
		if len(parts) > 1 {
			a.Group = strings.TrimSpace(parts[1])
		}
		if len(parts) > 2 {
			a.Text = strings.TrimSpace(parts[2])
		}
		if a.Title, err = titleOfLine(v, code); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func titleOfLine(v kiosk.View, code string) (kiosk.ID, error) {
	i, err := v.ItemByBarcode(code)
	if errors.Is(err, kiosk.ErrNotFound) {
		i, err = v.ItemByAccession(code)
	}
	if err == nil {
		return i.TitleID, nil
	}
	if !errors.Is(err, kiosk.ErrNotFound) {
		return "", err
	}
	if isbn, is := kiosk.ISBNOf(code); is {
		ts, err := v.TitlesByISBN(isbn)
		if err != nil || len(ts) > 0 {
			return firstTitle(ts), err
		}
	}
	var hit kiosk.ID
	want := fold.Text(code)
	err = v.EachTitle(func(t kiosk.Title) error {
		if hit == "" && fold.Text(t.Title) == want {
			hit = t.ID
		}
		return nil
	})
	if err == nil && hit == "" {
		err = &lineError{code}
	}
	return hit, err
}

func firstTitle(ts []kiosk.Title) kiosk.ID {
	if len(ts) == 0 {
		return ""
	}
	return ts[0].ID
}

// lineError names a line that is no title.
type lineError struct{ line string }

func (e *lineError) Error() string { return "no title: " + e.line }

// formOfActivity writes an activity into its form.
func formOfActivity(v kiosk.View, a kiosk.Activity) (*form, error) {
	f := newForm("kind", string(a.Kind), "day", a.Day.String(), "status", string(a.Status), "note", a.Note, "text", a.Text, "result", a.Result, "class", a.Class,
		"teacher", string(a.Teacher), "until", a.Until.String(), "people", numberOrNone(a.People), "channel", string(a.Channel), "of", string(a.Of), "donor", string(a.Donor),
		"goal", numberOrNone(a.Goal), "taken", numberOrNone(a.Taken), "refused", numberOrNone(a.Refused))
	if a.From > 0 {
		f.Values.Set("from", a.From.String())
	}
	if a.To > 0 {
		f.Values.Set("to", a.To.String())
	}
	if a.Room {
		f.Values.Set("room", "yes")
	}
	if a.Corner {
		f.Values.Set("corner", "yes")
	}
	var lines []string
	for _, t := range a.Titles {
		items, err := v.ItemsOfTitle(t.Title)
		if err != nil {
			return nil, err
		}
		title, err := v.Title(t.Title)
		if err != nil {
			return nil, err
		}
		line := title.Title
		for _, i := range items {
			if i.Accession != "" {
				line = i.Accession
				break
			}
		}
		if t.Group != "" || t.Text != "" {
			line += " | " + t.Group + " | " + strings.ReplaceAll(t.Text, "\n", " ")
		}
		lines = append(lines, line)
	}
	f.Values.Set("titles", strings.Join(lines, "\n"))
	return f, nil
}

// backTo is the list in which an activity stands.
func backTo(kind kiosk.ActivityKind) string {
	if kind == kiosk.PlanItem {
		return planBookPath
	}
	return activitiesPath + "?kind=" + string(kind)
}

func (s *Server) addActivity(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	return s.putActivity(w, r, f, "")
}

func (s *Server) putActivity(w http.ResponseWriter, r *http.Request, f *form, id kiosk.ID) error {
	var a kiosk.Activity
	var bad error
	if err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		a, bad = s.activityOf(v, f)
		return nil
	}); err != nil {
		return err
	}
	a.ID = id
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if bad != nil {
			return "", bad
		}
		var was *kiosk.Activity
		done, err := s.Yearly.PutActivity(r.Context(), at, a, func(now kiosk.Activity) error { was = &now; return nil })
		if err != nil {
			return "", err
		}
		to := backTo(done.Kind)
		page, _, _ := strings.Cut(to, "?")
		s.done(r, page, func(ctx context.Context, at kiosk.Attempt) error {
			if was != nil {
				_, err := s.Yearly.PutActivity(ctx, at, *was, nil)
				return err
			}
			return s.Yearly.RemoveActivity(ctx, at, done.ID, true)
		}, "activity.saved")
		return to, nil
	}, func(status int) error { return s.activityForm(w, r, status, f, id) })
}

func (s *Server) activity(w http.ResponseWriter, r *http.Request) error {
	var f *form
	id := kiosk.ID(r.PathValue("id"))
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		a, err := v.Activity(id)
		if err != nil {
			return err
		}
		if a.Removed {
			return errNotFound
		}
		f, err = formOfActivity(v, a)
		if err == nil && a.Kind == kiosk.PlanItem && a.Result == "" {
			var figures string
			figures, err = s.monthInWords(v, s.lang(r), a.Day)
			f.Values.Set("result", figures)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.activityForm(w, r, http.StatusOK, f, id)
}

func (s *Server) changeActivity(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	if !f.Is("what", "remove") {
		return s.putActivity(w, r, f, id)
	}
	to := backTo(kiosk.ActivityKind(f.Get("kind")))
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Yearly.RemoveActivity(r.Context(), a, id, true); err != nil {
			return "", err
		}
		page, _, _ := strings.Cut(to, "?")
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error { return s.Yearly.RemoveActivity(ctx, a, id, false) }, "activity.removed")
		return to, nil
	}, func(status int) error { return s.activityForm(w, r, status, f, id) })
}

// monthInWords are a month's figures as a result of the plan: what was lent, who
// was here, what was held.
func (s *Server) monthInWords(v kiosk.View, lang words.Lang, month kiosk.Day) (string, error) {
	m, err := monthFigures(v, month)
	if err != nil {
		return "", err
	}
	return words.T(lang, "plan.figures", "loans", m.Loans, "borrowers", m.Borrowers, "visitors", m.Visitors, "periods", m.Periods, "introductions", m.Introductions), nil
}

type monthFigure struct{ Loans, Borrowers, Visitors, Periods, Introductions int }

func monthFigures(v kiosk.View, month kiosk.Day) (m monthFigure, err error) {
	site, err := v.Site()
	if err != nil {
		return m, err
	}
	loc, err := site.Location()
	if err != nil {
		return m, err
	}
	first := kiosk.Day{Year: month.Year, Month: month.Month, Day: 1}
	next := first.AddMonths(1)
	from, to := first.At(0, 0, loc), next.At(0, 0, loc)
	deeds, err := v.FirstDeeds(from, to)
	if err != nil {
		return m, err
	}
	for _, d := range deeds {
		if !d.Visited.IsZero() {
			m.Visitors++
		}
		if !d.Borrowed.IsZero() {
			m.Borrowers++
		}
	}
	if m.Loans, err = v.LoansBetween(from, to); err != nil {
		return m, err
	}
	all, err := v.Activities(first, next.Add(-1))
	for _, a := range all {
		switch {
		case a.Counts(kiosk.ReadingPeriod, first, next), a.Counts(kiosk.LibraryLesson, first, next):
			m.Periods++
		case a.Counts(kiosk.Introduction, first, next):
			m.Introductions++
		}
	}
	return m, err
}

// planMonth is a month of the plan book.
type planMonth struct {
	Month, Year int
	First       kiosk.Day
	Items       []activityRow
	Others      []activityRow
	Done        int
}

// plan is the plan book, month by month.
func (s *Server) plan(w http.ResponseWriter, r *http.Request) error {
	var months []planMonth
	var year kiosk.SchoolYear
	var years []kiosk.SchoolYear
	items := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, today, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		if year, years, err = yearOf(v, r.URL.Query(), rules.Year); err != nil {
			return err
		}
		seats, err := seatsOf(v)
		if err != nil {
			return err
		}
		all, err := v.Activities(year.Start, year.End)
		if err != nil {
			return err
		}
		at := map[string]*planMonth{}
		for _, a := range all {
			key := fmt.Sprintf("%04d-%02d", a.Day.Year, a.Day.Month)
			m := at[key]
			if m == nil {
				m = &planMonth{Month: int(a.Day.Month), Year: a.Day.Year, First: kiosk.Day{Year: a.Day.Year, Month: a.Day.Month, Day: 1}}
				at[key] = m
			}
			row, err := activityRowOf(v, a, today, seats)
			if err != nil {
				return err
			}
			if a.Kind != kiosk.PlanItem {
				if a.Kind == kiosk.Happening || a.Kind == kiosk.Display || a.Kind == kiosk.Campaign || a.Kind == kiosk.Bibliography {
					m.Others = append(m.Others, row)
				}
				continue
			}
			items++
			if a.Status == kiosk.ActivityDone {
				m.Done++
			}
			m.Items = append(m.Items, row)
		}
		for _, key := range sortedKeys(at) {
			if m := at[key]; len(m.Items)+len(m.Others) > 0 {
				months = append(months, *m)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "planbook.html", map[string]any{"Months": months, "Year": year, "Years": years, "Items": items, "Mine": callerOf(r).is(kiosk.Librarian), "School": school, "F": newForm()})
	return nil
}

func sortedKeys[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// takePlan writes the usual year's plan into the plan book.
func (s *Server) takePlan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	year, err := s.yearNow(r)
	if err != nil {
		return err
	}
	var lines []kiosk.Activity
	for _, l := range kiosk.UsualPlan(year) {
		lines = append(lines, kiosk.Activity{Day: l.Day, Text: words.T(words.VI, fmt.Sprintf("plan.line.%d.%d", l.Month, l.Nr))})
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		n, err := s.Yearly.PlanYear(r.Context(), a, year, lines)
		if err != nil {
			return "", err
		}
		s.done(r, planBookPath, nil, "plan.taken", "n", n)
		return planBookPath, nil
	}, s.refused(w, r, f, planBookPath))
}

func explainedActivity(l words.Lang, err error) string {
	var room *kiosk.RoomTakenError
	if errors.As(err, &room) {
		return words.T(l, "activity.room_taken", "from", room.By.From.String(), "to", room.By.To.String(), "what", cmp.Or(room.By.Class, room.By.Text))
	}
	var line *lineError
	if errors.As(err, &line) {
		return words.T(l, "activity.no_title", "line", line.line)
	}
	if errors.Is(err, kiosk.ErrNotPlanned) {
		return words.T(l, "plan.there_already")
	}
	return ""
}
