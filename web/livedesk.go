package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web/words"
)

// liveRoutes are the one touch on each thing of the live desk.
func (s *Server) liveRoutes() []route {
	return []route{
		{"POST", "/desk/live/{seq}/answer", assistant, named(s.answerCall)},
		{"POST", "/desk/live/{seq}/allow", librarian, named(s.allow)},
		{"POST", "/desk/live/{seq}/lend-on", librarian, named(s.lendOn)},
		{"POST", "/desk/live/{seq}/damage", librarian, named(s.noteDamage)},
	}
}

// liveEvent reads the event of the path, and the form.
func (s *Server) liveEvent(w http.ResponseWriter, r *http.Request) (e kiosk.Event, f *form, err error) {
	if f, err = sentButton(w, r); err != nil {
		return e, f, err
	}
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		return e, f, errNotFound
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		e, err = v.Event(seq)
		return err
	})
	return e, f, err
}

// answerCall tells every desk that a call was seen to.
func (s *Server) answerCall(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	e, f, err := s.liveEvent(w, r)
	if err != nil {
		return err
	}
	if e.Type != kiosk.EventHelp && !callerOf(r).is(kiosk.Librarian) {
		return errForbidden
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		_, err := s.Accounts.AnswerCall(r.Context(), at, e.Seq)
		return "/desk", err
	}, s.refused(w, r, f, "/desk"))
}

// allow does for the patron who was refused what was refused, with the
// librarian's reason. While the patron still stands at the station it shows it;
// after that, or when somebody else is there, it is done at the desk: never for
// whoever happens to be at the station now.
func (s *Server) allow(w http.ResponseWriter, r *http.Request) error {
	if s.Desk == nil {
		return errNotFound
	}
	e, f, err := s.liveEvent(w, r)
	if err != nil {
		return err
	}
	if e.Type != kiosk.EventRefused || e.PatronRef == "" || e.CopyID == "" && e.Payload.Set == "" || !askable(e.Payload.Refusals) {
		return errNotFound
	}
	comment := f.Get("comment")
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if err := word(comment); err != nil {
			return "", err
		}
		at.Station, at.Kind, at.Comment = e.Station, kiosk.KindCopy, comment
		n := news{}
		mine, due := false, kiosk.Day{}
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			today, err := s.today(v)
			if err == nil {
				err = s.whoAndWhat(v, s.lang(r), &n, e, today)
			}
			if err != nil || e.CopyID == "" {
				return err
			}
			l, err := v.OpenLoan(e.CopyID)
			if isNotFound(err) {
				return nil
			}
			mine, due = l.PatronRef == e.PatronRef, l.DueOn
			return err
		})
		if err != nil {
			return "", err
		}
		res, err := s.allowed(r.Context(), at, e, n.Copy, mine)
		if err != nil {
			return "", err
		}
		if res.Outcome == kiosk.Refused {
			s.memory.put(callerOf(r).account, &said{page: "/desk", key: "live.not_allowed", pairs: []any{"title", n.Title, "why", refusalText(s.lang(r), res)}, bad: true})
			return "/desk", nil
		}
		key := "live.allowed"
		if mine {
			key = "live.allowed_renewed"
		}
		if res.Loan != nil {
			due = res.Loan.DueOn
		}
		s.done(r, "/desk", func(ctx context.Context, at kiosk.Attempt) error {
			return s.undoAll(ctx, at, []int64{res.EventSeq})
		}, key, "title", n.Title, "name", n.Patron, "day", words.Day(s.lang(r), due))
		return "/desk", nil
	}, s.refused(w, r, f, "/desk"))
}

// allowed does what the event refused; mine says that the patron has the copy,
// so that it was a renewal.
func (s *Server) allowed(ctx context.Context, at kiosk.Attempt, e kiosk.Event, code string, mine bool) (kiosk.Result, error) {
	if st, ok := s.Station(e.Station); ok {
		res, err := st.Override(ctx, station.Override{Copy: code, For: e.PatronRef, Comment: at.Comment, Staff: at.Staff, CommandID: at.CommandID})
		if !errors.Is(err, station.ErrOtherSession) {
			return res, err
		}
	}
	var ans kiosk.Answer
	var err error
	switch {
	case e.Payload.Set != "":
		ans, err = s.Desk.CheckoutSet(ctx, at, e.PatronRef, e.Payload.Set)
	case mine:
		ans, err = s.Desk.Renew(ctx, at, e.PatronRef, e.CopyID)
	default:
		ans, err = s.Desk.Checkout(ctx, at, e.PatronRef, e.CopyID)
	}
	return ans.Result, err
}

// lendOn takes a copy back from whoever has it and lends it to the patron who
// was refused it: two acts, taken back together.
func (s *Server) lendOn(w http.ResponseWriter, r *http.Request) error {
	if s.Desk == nil {
		return errNotFound
	}
	e, f, err := s.liveEvent(w, r)
	if err != nil {
		return err
	}
	if e.Type != kiosk.EventRefused || e.PatronRef == "" || e.CopyID == "" {
		return errNotFound
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		ctx := r.Context()
		at.Station, at.Kind = e.Station, kiosk.KindCopy
		first, second := at, at
		first.CommandID += "-back"
		second.CommandID += "-lend"
		back, err := s.Desk.Return(ctx, first, "", e.CopyID)
		if err != nil && !errors.Is(err, kiosk.ErrMoved) {
			return "", err
		}
		lent, err := s.Desk.Checkout(ctx, second, e.PatronRef, e.CopyID)
		if errors.Is(err, kiosk.ErrMoved) { // the patron has it already
			return "/desk", nil
		}
		if err != nil {
			return "", err
		}
		seqs := []int64{lent.Result.EventSeq, back.Result.EventSeq}
		key, pairs := "live.lent_on", []any{"title", nameOfCopy(lent.Result)}
		if lent.Result.Outcome == kiosk.Refused {
			seqs = seqs[1:]
			key, pairs = "live.only_back", append(pairs, "why", refusalText(s.lang(r), lent.Result))
		}
		s.done(r, "/desk", func(ctx context.Context, at kiosk.Attempt) error { return s.undoAll(ctx, at, seqs) }, key, pairs...)
		return "/desk", nil
	}, s.refused(w, r, f, "/desk"))
}

func nameOfCopy(r kiosk.Result) string {
	if r.Copy == nil {
		return ""
	}
	return r.Copy.Title
}

// The refusals of a touch that needs a word of the librarian's.
var (
	errWordNeeded = errors.New("a word is needed")
	errWordLong   = errors.New("the word is too long")
)

// word looks a reason over that is compulsory.
func word(comment string) error {
	switch {
	case comment == "":
		return errWordNeeded
	case !short(comment, 400):
		return errWordLong
	}
	return nil
}

// errNotUndone says that something happened since to what is to be taken back.
var errNotUndone = errors.New("something happened since")

// undoAll undoes acts, the last first.
func (s *Server) undoAll(ctx context.Context, at kiosk.Attempt, seqs []int64) error {
	for i, seq := range seqs {
		if seq == 0 {
			continue
		}
		one := at
		one.CommandID += "-" + strconv.Itoa(i)
		ans, err := s.Desk.Undo(ctx, one, "", seq)
		if err != nil {
			return err
		}
		if ans.Result.Outcome == kiosk.Refused {
			return errNotUndone
		}
	}
	return nil
}

// noteDamage writes down that the copy of an event is damaged, and how.
func (s *Server) noteDamage(w http.ResponseWriter, r *http.Request) error {
	if s.Desk == nil {
		return errNotFound
	}
	e, f, err := s.liveEvent(w, r)
	if err != nil {
		return err
	}
	if e.CopyID == "" {
		return errNotFound
	}
	comment := f.Get("comment")
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if err := word(comment); err != nil {
			return "", err
		}
		at.Comment = comment
		ans, err := s.Desk.Change(r.Context(), at, e.CopyID, kiosk.CopyChange{Condition: kiosk.ConditionDamaged})
		if err != nil {
			return "", err
		}
		s.done(r, "/desk", func(ctx context.Context, at kiosk.Attempt) error {
			return s.undoAll(ctx, at, []int64{ans.Result.EventSeq})
		}, "live.damaged", "title", nameOfCopy(ans.Result))
		return "/desk", nil
	}, s.refused(w, r, f, "/desk"))
}

// dayFigures are the numbers of a day.
type dayFigures struct{ Visits, Loans, Returns, OnSite int }

// classLate is how many books of a class are overdue.
type classLate struct {
	Class string
	N     int
}

// figuresSince counts from the newest event back to the beginning of a day.
func (s *Server) figuresSince(v kiosk.View, day kiosk.Day) (dayFigures, error) {
	var d dayFigures
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return d, err
	}
	begin := day.At(0, 0, loc)
	last, err := v.LastSeq()
	if err != nil {
		return d, err
	}
	const block = 500
	undone := map[int64]bool{}
	for last > 0 {
		from := max(last-block, 0)
		events, err := v.Events(from, int(last-from))
		if err != nil {
			return d, err
		}
		for _, e := range slices.Backward(events) {
			if e.RecordedAt.Before(begin) {
				return d, nil
			}
			if e.Type == kiosk.EventUndone {
				undone[e.Payload.Reverses] = true
			}
			if undone[e.Seq] {
				continue
			}
			switch e.Type {
			case kiosk.EventVisit:
				d.Visits++
			case kiosk.EventCheckedOut:
				d.Loans++
			case kiosk.EventReturned:
				d.Returns++
			case kiosk.EventUsedOnSite:
				d.OnSite++
			}
		}
		last = from
	}
	return d, nil
}

// lateByClass counts what is overdue, by class; "" are those outside classes.
func lateByClass(v kiosk.View, today kiosk.Day) (rows []classLate, total int, err error) {
	by, of := map[string]int{}, map[kiosk.ID]int{}
	err = v.EachLoan(true, func(l kiosk.Loan) error {
		if l.LateHere(today) {
			total++
			of[l.PatronRef]++
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for ref, n := range of {
		m, err := v.MemberByRef(ref, today)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return nil, 0, err
		}
		by[m.Class] += n
	}
	for c, n := range by {
		rows = append(rows, classLate{c, n})
	}
	slices.SortFunc(rows, func(a, b classLate) int {
		if (a.Class == "") != (b.Class == "") {
			if a.Class == "" {
				return 1
			}
			return -1
		}
		if len(a.Class) != len(b.Class) {
			return len(a.Class) - len(b.Class)
		}
		if a.Class < b.Class {
			return -1
		}
		return 1
	})
	return rows, total, err
}

// todayData is what the desk's first page says of today, by role.
func (s *Server) todayData(v kiosk.View, c caller, lang words.Lang, data map[string]any) error {
	today, err := s.today(v)
	if err != nil {
		return err
	}
	rules, err := v.Rules(today)
	if err != nil {
		return err
	}
	slot := rules.Timetable.At(s.Now(), rules.Location)
	data["Day"], data["Slot"], data["OpenToday"] = words.Day(lang, today), slot, rules.Calendar.Open(today)
	if !c.is(kiosk.Librarian, kiosk.Management) {
		return nil
	}
	figures, err := s.figuresSince(v, today)
	if err != nil {
		return err
	}
	late, total, err := lateByClass(v, today)
	if err != nil {
		return err
	}
	if s.Corners != nil {
		if data["LateCorners"], err = lateInCorners(v, today); err != nil {
			return err
		}
		if err := s.cornersToday(v, lang, data); err != nil {
			return err
		}
	}
	data["Figures"], data["Late"], data["LateTotal"] = figures, late, total
	data["Overdue"] = ""
	if c.is(kiosk.Librarian) {
		if s.Lending != nil {
			if data["Lessons"], err = s.lessonsSoon(v, lang, today, rules.Calendar); err != nil {
				return err
			}
		}
		data["Overdue"] = s.pathOf("/desk/overdue")
		steps, err := s.startSteps(v)
		if err != nil {
			return err
		}
		todo := 0
		for _, st := range steps {
			if !st.Done && st.Path != "" || !st.Done && st.Key != "scanner" {
				todo++
			}
		}
		if rules.Site.Name == "" {
			todo++
		}
		data["Todo"] = todo
	}
	return nil
}
