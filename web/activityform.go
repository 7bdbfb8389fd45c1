package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

func (s *Server) newActivity(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	kind := kindOf(q)
	day, err := s.todayNow(r)
	if err != nil {
		return err
	}
	f := newForm("kind", string(kind), "day", day.String(), "status", string(kiosk.ActivityDone), "of", q.Get("of"), "class", q.Get("class"), "back", q.Get("back"))
	if d := q.Get("day"); d != "" {
		f.Values.Set("day", d)
		if on, ok := readDay(d); ok && !on.Before(day) { // a place in the calendar that is still free
			f.Values.Set("status", string(kiosk.ActivityPlanned))
		}
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
	classes, campaigns := []choice{{"", "-"}}, []choice{}
	var teachers []choice
	var beside []activityRow
	var receipts []choice
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
		slices.SortStableFunc(list, byClass)
		if receipts, err = donationReceipts(v, lang, rules.Year, kiosk.ID(f.Get("receipt"))); err != nil {
			return err
		}
		for _, c := range list {
			classes = append(classes, choice{c.Name, c.Name})
		}
		if teachers, err = teacherChoices(v, today); err != nil {
			return err
		}
		day, known := readDay(f.Get("day"))
		from, to := rules.Year.Start, rules.Year.End
		if known && day.After(to) { // planned in this year for the next
			to = day
		}
		all, err := v.Activities(from, to)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Kind == kiosk.Campaign {
				campaigns = append(campaigns, choice{string(a.ID), a.Text})
			}
			if a.Room && a.ID != id && a.On(day) && a.Stands() {
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
		"F": f, "ID": id, "Back": backTo(f, kind), "Kind": kind, "Shows": shows, "Classes": classes, "Teachers": teachers, "Campaigns": campaigns, "Receipts": receipts, "Beside": beside, "Seats": seats,
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
			a.Result = outcomeOf(f, a)
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
		case "receipt":
			a.Receipt = kiosk.ID(f.Get("receipt"))
		case "titles":
			a.Titles, err = titlesOf(v, f.Get("titles"))
		}
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

// outcomeOf is what came of it. A line of the plan has a result once it is done: the
// month's figures, which stand in its form beforehand, are none until then.
func outcomeOf(f *form, a kiosk.Activity) string {
	text := f.Get("result")
	switch {
	case a.Kind != kiosk.PlanItem || a.Status == kiosk.ActivityDone:
		return text
	case text == f.Get("figures"):
		return ""
	case a.Status == kiosk.ActivityPlanned && text != "":
		f.Wrong["result"] = "result_planned"
	}
	return text
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
		err = &besideError{"titles", &lineError{code}}
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
		"goal", numberOrNone(a.Goal), "taken", numberOrNone(a.Taken), "refused", numberOrNone(a.Refused), "receipt", string(a.Receipt))
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

// backTo is where one came from: the room's week, or the list in which an
// activity stands.
func backTo(f *form, kind kiosk.ActivityKind) string {
	day, ok := readDay(f.Get("day"))
	switch {
	case f.Is("back", "room") && ok:
		return roomWeekPath(day)
	case f.Is("back", "rota"):
		return rotaPath
	case kind == kiosk.PlanItem:
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
	var a, seen kiosk.Activity
	var stored *form
	var bad error
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		a, bad = s.activityOf(v, f)
		if id == "" {
			return nil
		}
		if seen, err = v.Activity(id); err == nil {
			stored, err = formOfActivity(v, seen)
		}
		return err
	})
	if err != nil {
		return err
	}
	a.ID = id
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if bad != nil {
			return "", bad
		}
		var was *kiosk.Activity
		done, err := s.Yearly.PutActivity(r.Context(), at, a, func(now kiosk.Activity) error {
			was = &now
			if !reflect.DeepEqual(now, seen) { // changed while this was read
				return errStale
			}
			return f.stale(stored)
		})
		if err != nil {
			return "", err
		}
		to := backTo(f, done.Kind)
		page, _, _ := strings.Cut(to, "?")
		key, pairs, err := s.saidOfActivity(r, done)
		s.done(r, page, func(ctx context.Context, at kiosk.Attempt) error {
			if was != nil {
				_, err := s.Yearly.PutActivity(ctx, at, *was, nil)
				return err
			}
			return s.Yearly.RemoveActivity(ctx, at, done.ID, true)
		}, key, pairs...)
		return to, err
	}, func(status int) error { return s.activityForm(w, r, status, f, id) })
}

// saidOfActivity is what is said of one that was written down: that it is, and
// when more come than there are seats, how many.
func (s *Server) saidOfActivity(r *http.Request, a kiosk.Activity) (key string, pairs []any, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		over, people, seats, err := overSeats(v, a, today)
		if over > 0 {
			key, pairs = "activity.saved_full", []any{"people", people, "seats", seats, "over", over}
		}
		return err
	})
	return cmp.Or(key, "activity.saved"), pairs, err
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
		if f, err = formOfActivity(v, a); err != nil {
			return err
		}
		f.stamp()
		f.Values.Set("back", r.URL.Query().Get("back"))
		if a.Kind == kiosk.PlanItem && a.Outcome() == "" {
			var figures string
			figures, err = s.monthInWords(v, s.lang(r), a.Day)
			f.Values.Set("result", figures)
			f.Values.Set("figures", figures)
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
	to := backTo(f, kiosk.ActivityKind(f.Get("kind")))
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Yearly.RemoveActivity(r.Context(), a, id, true); err != nil {
			return "", err
		}
		page, _, _ := strings.Cut(to, "?")
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error { return s.Yearly.RemoveActivity(ctx, a, id, false) }, "activity.removed")
		return to, nil
	}, func(status int) error { return s.activityForm(w, r, status, f, id) })
}
