package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Yearly are the acts on what is planned and done in the year.
type Yearly interface {
	Surveying
	Proposing
	PutActivity(ctx context.Context, a kiosk.Attempt, act kiosk.Activity, look func(kiosk.Activity) error) (kiosk.Activity, error)
	RemoveActivity(ctx context.Context, a kiosk.Attempt, id kiosk.ID, remove bool) error
	PlanYear(ctx context.Context, a kiosk.Attempt, year kiosk.SchoolYear, lines []kiosk.Activity) (int, error)
	Rotas
	PageKeeping
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
		{"GET", roomPath, reader, s.room},
		{"POST", roomPath, librarian, s.putSeats},
	}
}

// activityFields are what a form asks beside the day, the status and the note, by
// kind, in their order.
var activityFields = map[kiosk.ActivityKind][]string{
	kiosk.PlanItem:      {"text", "result"},
	kiosk.ReadingPeriod: {"class", "time", "teacher", "text", "people", "titles", "result"},
	kiosk.LibraryLesson: {"class", "time", "teacher", "text", "people", "titles", "result"},
	kiosk.ClassVisit:    {"class", "time", "teacher", "people"},
	kiosk.Introduction:  {"class", "teacher", "titles", "channel", "text", "people"},
	kiosk.Bibliography:  {"text", "titles"},
	kiosk.Display:       {"until", "text", "titles", "result"},
	kiosk.Happening:     {"until", "time", "text", "class", "people", "result"},
	kiosk.Meeting:       {"time", "text", "people", "result"},
	kiosk.Campaign:      {"until", "text", "goal", "receipt", "result"},
	kiosk.Gift:          {"of", "class", "donor", "text", "taken", "refused", "corner", "receipt"},
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
	add(has("people"), column[activityRow]{Key: "people", Word: "activity.people", Kind: numberCell, Of: func(a activityRow) any { return known(a.People) }, Note: func(a activityRow) string {
		if a.Full {
			return words.T(lang, "activity.full")
		}
		return ""
	}})
	add(has("goal"), column[activityRow]{Key: "goal", Word: "activity.goal", Kind: numberCell, Of: func(a activityRow) any { return known(a.Goal) }})
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
				c := campaignRowOf(a, all)
				if a.Receipt != "" {
					r, err := v.Receipt(a.Receipt)
					if err != nil {
						return err
					}
					c.Entry = r.Entry
				}
				sums = append(sums, c)
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
	Entry   int // number of the receipt that took its books into the stock, 0 for none
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

func explainedActivity(l words.Lang, err error) string {
	if text := explainedRoom(l, err); text != "" {
		return text
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
