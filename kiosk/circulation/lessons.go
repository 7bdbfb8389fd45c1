package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// ReserveLesson keeps things for a lesson (seed R147). Where there are fewer on
// that day than are wanted, beside loans, holds and other reservations, it says
// so at once with a *kiosk.LessonShortError, and reserves all the same when
// anyway is true.
func (d *Desk) ReserveLesson(ctx context.Context, a kiosk.Attempt, l kiosk.Lesson, anyway bool) (kiosk.Lesson, kiosk.Answer, error) {
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		if err := x.checkLesson(&l); err != nil {
			return err
		}
		l.ID, l.Status, l.Loans, l.Handout, l.Given = x.NewID(), kiosk.LessonWaiting, nil, "", 0
		stock, err := LessonStockOf(x, l, x.today)
		if err != nil {
			return err
		}
		if stock.Free() < l.Count && !anyway {
			return &kiosk.LessonShortError{Want: l.Count, Stock: stock}
		}
		x.lessons(l)
		return x.changeLesson(nil, l)
	})
	return l, ans, err
}

func (x *deed) lessons(l kiosk.Lesson) {
	x.event.Type = kiosk.EventLesson
	x.event.PatronRef = l.PatronRef
	x.event.Payload.Comment = x.Comment
	x.answer.Result.Outcome = kiosk.Shown
}

func (x *deed) checkLesson(l *kiosk.Lesson) error {
	var f form
	among(&f, "what", l.What, kiosk.LessonWhats)
	within(&f, "count", l.Count, 1, kiosk.MaxLesson)
	within(&f, "period", l.Period, 0, kiosk.MaxPeriod)
	f.text("note", &l.Note, kiosk.MaxText)
	f.given("class", string(l.ClassID))
	f.given("teacher", string(l.PatronRef))
	switch last := x.rules.Year.End; {
	case l.On.IsZero():
		f.wrong("on", kiosk.FieldMissing, nil)
	case l.On.Before(x.today) || l.On.After(last):
		f.wrong("on", kiosk.FieldOutOfRange, kiosk.Facts{"min": x.today, "max": last})
	}
	if err := f.failed(); err != nil {
		return err
	}
	var err error
	switch l.What {
	case kiosk.LessonCopies:
		l.LineID, l.Grade = "", 0
		_, err = x.livingTitle(l.TitleID)
	case kiosk.LessonPieces:
		var line kiosk.TextbookLine
		line, err = x.TextbookLine(l.LineID)
		l.TitleID, l.Grade = line.TitleID, 0
	case kiosk.LessonSets:
		l.TitleID, l.LineID = "", ""
	}
	if errors.Is(err, kiosk.ErrNotFound) {
		return &kiosk.FieldError{Field: "what", Problem: kiosk.FieldUnknown}
	}
	if err != nil {
		return err
	}
	c, err := x.Class(l.ClassID)
	if errors.Is(err, kiosk.ErrNotFound) || err == nil && c.YearID != x.rules.Year.ID {
		return &kiosk.FieldError{Field: "class", Problem: kiosk.FieldUnknown}
	}
	if err != nil {
		return err
	}
	m, err := x.MemberByRef(l.PatronRef, x.today)
	if errors.Is(err, kiosk.ErrNotFound) || err == nil && (m.Category == kiosk.Pupil || kiosk.CanEnter(m).Says() != kiosk.Yes) {
		return &kiosk.FieldError{Field: "teacher", Problem: kiosk.FieldUnknown}
	}
	return err
}

// LessonStockOf counts what there is for a reservation on its day.
func LessonStockOf(v kiosk.View, l kiosk.Lesson, today kiosk.Day) (kiosk.LessonStock, error) {
	var s kiosk.LessonStock
	others, err := v.Lessons(l.On, l.On)
	if err != nil {
		return s, fmt.Errorf("lessons: %w", err)
	}
	for _, o := range others {
		// What another lesson has out is counted where it is: with the loans.
		if l.Meets(o) {
			s.Reserved += o.Left()
		}
	}
	switch l.What {
	case kiosk.LessonPieces:
		line, err := v.TextbookLine(l.LineID)
		if err != nil {
			return s, fmt.Errorf("textbook line: %w", err)
		}
		s.All = line.Quantity - line.Lost
		out, err := v.HandoutsOf(l.LineID)
		for _, h := range out {
			if !h.Due.Before(l.On) || h.Overdue(today) {
				s.Out += h.Out()
			}
		}
		return s, err
	case kiosk.LessonSets:
		sets, err := v.Sets()
		if err != nil {
			return s, fmt.Errorf("sets: %w", err)
		}
		for _, set := range sets {
			if set.Grade != l.Grade {
				continue
			}
			items, err := v.ItemsOfSet(set.ID)
			if err != nil {
				return s, fmt.Errorf("set: %w", err)
			}
			can, away := stockOf(v, items, l.On, today)
			if can == len(items) && can > 0 { // a set that lacks a book is none
				s.All++
				s.Out += min(away, 1)
			}
		}
		return s, nil
	}
	items, err := v.ItemsOfTitle(l.TitleID)
	if err != nil {
		return s, fmt.Errorf("copies: %w", err)
	}
	s.All, s.Out = stockOf(v, items, l.On, today)
	holds, err := v.HoldsOf(l.TitleID)
	for _, h := range holds {
		if !h.Over(today) {
			s.Holds++
		}
	}
	return s, err
}

// claims are the reservations that want a copy like this one: its title, or as a
// book of a set, sets of its grade.
func (x *deed) claims(i kiosk.Item) (all []kiosk.LessonClaim, err error) {
	waiting, err := x.LessonsToGive()
	if err != nil {
		return nil, fmt.Errorf("lessons: %w", err)
	}
	for _, l := range waiting {
		if l.On.Before(x.today) {
			continue
		}
		wants := l.What == kiosk.LessonCopies && l.TitleID == i.TitleID
		if l.What == kiosk.LessonSets && i.SetID != "" {
			set, err := x.Set(i.SetID)
			if err != nil {
				return nil, fmt.Errorf("set: %w", err)
			}
			wants = set.Grade == l.Grade
		}
		if !wants {
			continue
		}
		stock, err := LessonStockOf(x, l, x.today)
		if err != nil {
			return nil, err
		}
		all = append(all, kiosk.LessonClaim{Lesson: l, Free: stock.Free()})
	}
	return all, nil
}

// giveTo writes a loan down among what was handed out for a lesson.
func (x *deed) giveTo(l kiosk.Lesson, loan kiosk.Loan) error {
	after := l
	after.Status, after.Given = kiosk.LessonOut, l.Given+1
	after.Loans = append(slices.Clone(l.Loans), loan.ID)
	return x.changeLesson(&l, after)
}

// stockOf counts the copies that can be lent, and of them those that are away on
// a day.
func stockOf(v kiosk.View, items []kiosk.Item, on, today kiosk.Day) (all, away int) {
	for _, i := range items {
		if i.State.Status != kiosk.CopyAvailable {
			continue
		}
		all++
		if l, err := v.OpenLoan(i.ID); err == nil && l.AwayOn(on, today) {
			away++
		}
	}
	return all, away
}

// CancelLesson gives up a reservation that was not handed out.
func (d *Desk) CancelLesson(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		l, err := x.lesson(id, kiosk.LessonWaiting)
		if err != nil {
			return err
		}
		x.lessons(l)
		after := l
		after.Status = kiosk.LessonCancelled
		return x.changeLesson(&l, after)
	})
}

func (x *deed) lesson(id kiosk.ID, want kiosk.LessonStatus) (kiosk.Lesson, error) {
	l, err := x.Lesson(id)
	if err != nil {
		return l, fmt.Errorf("lesson: %w", err)
	}
	if l.Status != want {
		return l, &kiosk.LessonError{Problem: kiosk.LessonNotNow}
	}
	return l, nil
}

// GiveLesson hands out, in one act, what was reserved: the copies, or the sets,
// whose codes were scanned, or so many pieces. They are loans of the teacher
// until the lesson's day, beyond what a teacher may have otherwise. A code that
// cannot be lent is a *kiosk.LessonError, and nothing is handed out.
func (d *Desk) GiveLesson(ctx context.Context, a kiosk.Attempt, id kiosk.ID, codes []string, pieces int) (kiosk.Lesson, kiosk.Answer, error) {
	var after kiosk.Lesson
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		l, err := x.lesson(id, kiosk.LessonWaiting)
		if err != nil {
			return err
		}
		if l.On.Before(x.today) {
			return &kiosk.LessonError{Problem: kiosk.LessonPastDays}
		}
		m, err := x.MemberByRef(l.PatronRef, x.today)
		if errors.Is(err, kiosk.ErrNotFound) {
			return &kiosk.LessonError{Problem: kiosk.LessonNobody}
		}
		if err != nil {
			return fmt.Errorf("teacher: %w", err)
		}
		x.lessons(l)
		x.event.PatronRef = m.Ref
		after = l
		after.Status = kiosk.LessonOut
		if l.What == kiosk.LessonPieces {
			if pieces < 1 || pieces > kiosk.MaxLesson {
				return &kiosk.LessonError{Problem: kiosk.LessonTooMany, Facts: kiosk.Facts{"max": kiosk.MaxLesson}}
			}
			h := kiosk.Handout{ID: x.NewID(), LineID: l.LineID, PatronRef: m.Ref, Quantity: pieces, On: x.today, Due: l.On}
			line, err := x.TextbookLine(l.LineID)
			if err != nil {
				return fmt.Errorf("textbook line: %w", err)
			}
			if line.Shelf() < pieces {
				return &kiosk.LessonError{Problem: kiosk.LessonTooMany, Facts: kiosk.Facts{"max": line.Shelf()}}
			}
			after.Handout, after.Given = h.ID, pieces
			if err := x.changeHandout(nil, h); err != nil {
				return err
			}
			return x.changeLesson(&l, after)
		}
		items, given, err := x.scannedForLesson(l, codes)
		if err != nil {
			return err
		}
		for _, i := range items {
			if err := x.mayGive(i); err != nil {
				return err
			}
			loan := kiosk.Loan{ID: x.NewID(), CopyID: i.ID, PatronRef: m.Ref, Type: kiosk.HomeLoan, CheckedOutAt: x.event.OccurredAt, DueOn: l.On, Station: x.Station}
			state, err := x.offTrolley(i)
			if err != nil {
				return err
			}
			state.Loans++
			x.changeLoan(nil, loan)
			x.changeCopy(i.State, state)
			after.Loans = append(after.Loans, loan.ID)
		}
		after.Given = given
		return x.changeLesson(&l, after)
	})
	return after, ans, err
}

// scannedForLesson are the copies that the codes name, those of sets with them,
// and how many codes there were.
func (x *deed) scannedForLesson(l kiosk.Lesson, codes []string) (items []kiosk.Item, n int, err error) {
	if len(codes) == 0 {
		return nil, 0, &kiosk.LessonError{Problem: kiosk.LessonNothing}
	}
	if len(codes) > kiosk.MaxCodes {
		return nil, 0, &kiosk.LessonError{Problem: kiosk.LessonTooMany, Facts: kiosk.Facts{"max": kiosk.MaxCodes}}
	}
	seen := map[kiosk.ID]bool{}
	for _, code := range codes {
		one, err := x.itemsOfCode(code)
		if err != nil {
			return nil, 0, err
		}
		for _, i := range one {
			if seen[i.ID] {
				return nil, 0, &kiosk.LessonError{Problem: kiosk.LessonTwice, Facts: kiosk.Facts{"code": kiosk.Escaped(code)}}
			}
			seen[i.ID] = true
			if l.What == kiosk.LessonCopies && i.TitleID != l.TitleID || l.What == kiosk.LessonSets && i.SetID == "" {
				return nil, 0, &kiosk.LessonError{Problem: kiosk.LessonOther, Facts: kiosk.Facts{"title": i.Title.Name()}}
			}
		}
		items = append(items, one...)
	}
	return items, len(codes), nil
}

// itemsOfCode are the copy, or the members of the set, that a code names.
func (x *deed) itemsOfCode(code string) ([]kiosk.Item, error) {
	i, err := x.copyNamed(code)
	if err == nil {
		return []kiosk.Item{i}, nil
	}
	var field *kiosk.FieldError
	if !errors.As(err, &field) {
		return nil, err
	}
	if n, err := kiosk.NormalizeCode(code); err == nil {
		s, err := x.SetByBarcode(n)
		if err == nil {
			return x.ItemsOfSet(s.ID)
		}
		if !errors.Is(err, kiosk.ErrNotFound) {
			return nil, fmt.Errorf("set: %w", err)
		}
	}
	return nil, &kiosk.LessonError{Problem: kiosk.LessonUnknown, Facts: kiosk.Facts{"code": kiosk.Escaped(code)}}
}

// mayGive refuses a copy that is not there, is lent, or is kept for a reader.
func (x *deed) mayGive(i kiosk.Item) error {
	no := func(p kiosk.LessonProblem) error {
		return &kiosk.LessonError{Problem: p, Facts: kiosk.Facts{"title": i.Title.Name(), "code": i.Barcode}}
	}
	if i.State.Status != kiosk.CopyAvailable {
		return no(kiosk.LessonNotHere)
	}
	if _, err := x.OpenLoan(i.ID); err == nil {
		return no(kiosk.LessonOnLoan)
	} else if !errors.Is(err, kiosk.ErrNotFound) {
		return fmt.Errorf("open loan: %w", err)
	}
	holds, err := x.HoldsOf(i.TitleID)
	if err != nil {
		return fmt.Errorf("holds: %w", err)
	}
	if slices.ContainsFunc(holds, func(h kiosk.Hold) bool { return h.CopyID == i.ID && !h.Over(x.today) }) {
		return no(kiosk.LessonKept)
	}
	return nil
}

// EndLesson takes back, in one act, what was handed out: all of it when no code
// is given, else the copies that were scanned; what is missing stays on loan.
func (d *Desk) EndLesson(ctx context.Context, a kiosk.Attempt, id kiosk.ID, codes []string) (kiosk.Lesson, kiosk.Answer, error) {
	var after kiosk.Lesson
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		l, err := x.lesson(id, kiosk.LessonOut)
		if err != nil {
			return err
		}
		after = l
		after.Status = kiosk.LessonBack
		if l.Handout != "" {
			h, err := x.Handout(l.Handout)
			if err != nil {
				return fmt.Errorf("handout: %w", err)
			}
			if back, _ := (kiosk.HandoutBack{Whole: h.Out()}).After(h); h.Out() > 0 {
				if err := x.changeHandout(&h, back); err != nil {
					return err
				}
			}
			x.lessons(l)
			return x.changeLesson(&l, after)
		}
		back, err := x.backOf(l, codes)
		if err != nil {
			return err
		}
		for _, id := range l.Loans {
			loan, err := x.Loan(id)
			if err != nil {
				return fmt.Errorf("loan: %w", err)
			}
			if !loan.Open() {
				continue
			}
			if back != nil && !back[loan.CopyID] {
				after.Status = kiosk.LessonOut // something is missing
				continue
			}
			i, err := x.Item(loan.CopyID)
			if err != nil {
				return fmt.Errorf("copy: %w", err)
			}
			_, notes, err := x.giveBack(kiosk.LoanItem{Loan: loan, Item: i})
			if err != nil {
				return err
			}
			x.answer.Result.Notes = append(x.answer.Result.Notes, notes...)
		}
		x.lessons(l)
		return x.changeLesson(&l, after)
	})
	return after, ans, err
}

// backOf are the copies that the codes name, nil when there are no codes: all.
func (x *deed) backOf(l kiosk.Lesson, codes []string) (map[kiosk.ID]bool, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	items, _, err := x.scannedForLesson(l, codes)
	if err != nil {
		return nil, err
	}
	lent := map[kiosk.ID]bool{}
	for _, id := range l.Loans {
		loan, err := x.Loan(id)
		if err != nil {
			return nil, fmt.Errorf("loan: %w", err)
		}
		lent[loan.CopyID] = true
	}
	back := map[kiosk.ID]bool{}
	for _, i := range items {
		if !lent[i.ID] {
			return nil, &kiosk.LessonError{Problem: kiosk.LessonNotOfIt, Facts: kiosk.Facts{"code": i.Barcode}}
		}
		back[i.ID] = true
	}
	return back, nil
}
