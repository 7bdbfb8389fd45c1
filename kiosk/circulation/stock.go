package circulation

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// The acts on serials, handouts and lessons keep their records in the event, before and after, as
// those on loans do.

func (x *deed) stock() *kiosk.StockEdit {
	p := &x.event.Payload
	if p.Stock == nil {
		p.Stock = &kiosk.StockEdit{}
	}
	return p.Stock
}

// changeSubscription and changeIssue write a record and put it, with what was
// before it, into the event.
func (x *deed) changeSubscription(before *kiosk.Subscription, after kiosk.Subscription) error {
	if err := x.PutSubscription(after); err != nil {
		return fmt.Errorf("subscription: %w", err)
	}
	e := x.stock()
	e.Subscriptions = append(e.Subscriptions, kiosk.Revised[kiosk.Subscription]{Before: before, After: after})
	return nil
}

func (x *deed) changeIssue(before *kiosk.Issue, after kiosk.Issue) error {
	if err := x.PutIssue(after); err != nil {
		return fmt.Errorf("issue: %w", err)
	}
	e := x.stock()
	e.Issues = append(e.Issues, kiosk.Revised[kiosk.Issue]{Before: before, After: after})
	return nil
}

func (x *deed) changeHandout(before *kiosk.Handout, after kiosk.Handout) error {
	if err := x.PutHandout(after); err != nil {
		return fmt.Errorf("handout: %w", err)
	}
	e := x.stock()
	e.Handouts = append(e.Handouts, kiosk.Revised[kiosk.Handout]{Before: before, After: after})
	return nil
}

func (x *deed) changeLesson(before *kiosk.Lesson, after kiosk.Lesson) error {
	if err := x.PutLesson(after); err != nil {
		return fmt.Errorf("lesson: %w", err)
	}
	e := x.stock()
	e.Lessons = append(e.Lessons, kiosk.Revised[kiosk.Lesson]{Before: before, After: after})
	return nil
}

// asLeft reports whether what is now is what an event left. Records are
// compared as events keep them: an empty list is none.
func asLeft[T any](left []kiosk.Revised[T], now func(T) (T, error)) (bool, error) {
	for _, r := range left {
		n, err := now(r.After)
		if err != nil {
			return false, err
		}
		a, err := json.Marshal(n)
		if err != nil {
			return false, err
		}
		b, err := json.Marshal(r.After)
		if err != nil || string(a) != string(b) {
			return false, err
		}
	}
	return true, nil
}

// back writes what was before; made is how a record looks that the event made,
// when it is taken back.
func back[T any](left []kiosk.Revised[T], change func(*T, T) error, made func(T) T) error {
	for _, r := range slices.Backward(left) {
		was := made(r.After)
		if r.Before != nil {
			was = *r.Before
		}
		if err := change(&r.After, was); err != nil {
			return err
		}
	}
	return nil
}

func (x *deed) stockStands(e *kiosk.StockEdit) (bool, error) {
	if e == nil {
		return true, nil
	}
	a, err := asLeft(e.Subscriptions, func(s kiosk.Subscription) (kiosk.Subscription, error) { return x.Subscription(s.ID) })
	b, err2 := asLeft(e.Issues, func(i kiosk.Issue) (kiosk.Issue, error) { return x.Issue(i.ID) })
	c, err3 := asLeft(e.Handouts, func(h kiosk.Handout) (kiosk.Handout, error) { return x.Handout(h.ID) })
	d, err4 := asLeft(e.Lessons, func(l kiosk.Lesson) (kiosk.Lesson, error) { return x.Lesson(l.ID) })
	return a && b && c && d, errors.Join(err, err2, err3, err4)
}

func (x *deed) reverseStock(e kiosk.Event) error {
	s := e.Payload.Stock
	if s == nil {
		return nil
	}
	err := back(s.Subscriptions, x.changeSubscription, func(s kiosk.Subscription) kiosk.Subscription {
		s.Removed = true
		return s
	})
	if err == nil {
		err = back(s.Issues, x.changeIssue, func(i kiosk.Issue) kiosk.Issue {
			i.Status, i.Received, i.Count, i.Copies, i.Moves = kiosk.IssueDropped, kiosk.Day{}, 0, nil, nil
			return i
		})
	}
	if err == nil {
		err = back(s.Handouts, x.changeHandout, func(h kiosk.Handout) kiosk.Handout {
			h.Removed = true
			return h
		})
	}
	if err == nil {
		err = back(s.Lessons, x.changeLesson, func(l kiosk.Lesson) kiosk.Lesson {
			l.Status = kiosk.LessonCancelled
			return l
		})
	}
	if err != nil {
		return err
	}
	// A copy that the event made never came into use: it keeps its number and
	// goes.
	had := map[kiosk.ID]bool{}
	for _, c := range e.Payload.Before.Copies {
		had[c.CopyID] = true
	}
	for _, c := range e.Payload.Changes.Copies {
		if !had[c.CopyID] {
			gone := c
			gone.Status = kiosk.CopyWithdrawn
			x.changeCopy(c, gone)
		}
	}
	return nil
}
