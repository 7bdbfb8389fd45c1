package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// PutActivity writes down what is planned or was done: a new one without an ID,
// else the one with it. look refuses when the stored one is not what the caller
// saw. What would be in the room together with another is refused with a
// *kiosk.RoomTakenError, a class's period that is planned for a day on which the
// library is shut with a *kiosk.RoomShutError.
func (d *Desk) PutActivity(ctx context.Context, a kiosk.Attempt, act kiosk.Activity, look func(kiosk.Activity) error) (kiosk.Activity, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Activity, error) {
		if act.ID == "" {
			act.ID = x.NewID()
		} else {
			was, err := x.Activity(act.ID)
			if err != nil {
				return act, fmt.Errorf("activity: %w", err)
			}
			if was.Removed {
				return act, kiosk.ErrNotNow
			}
			if look != nil {
				if err := look(was); err != nil {
					return act, err
				}
			}
			act.Kind = was.Kind
		}
		act.By, act.Removed, act.Result = x.Staff, false, act.Outcome()
		if err := x.checkActivity(&act); err != nil {
			return act, err
		}
		return act, x.record(kiosk.EventActivity, kiosk.Records{Activities: []kiosk.Activity{act}})
	})
}

// RemoveActivity takes one away, or puts it back. kiosk.ErrNotNow when it is so
// already.
func (d *Desk) RemoveActivity(ctx context.Context, a kiosk.Attempt, id kiosk.ID, remove bool) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		act, err := x.Activity(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("activity: %w", err)
		}
		if act.Removed == remove {
			return struct{}{}, kiosk.ErrNotNow
		}
		act.Removed = remove
		if !remove {
			if err := x.checkActivity(&act); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, x.record(kiosk.EventActivity, kiosk.Records{Activities: []kiosk.Activity{act}})
	})
	return err
}

// PlanYear writes lines into the plan book of a school year. It refuses with
// kiosk.ErrNotPlanned when the year has lines.
func (d *Desk) PlanYear(ctx context.Context, a kiosk.Attempt, year kiosk.SchoolYear, lines []kiosk.Activity) (int, error) {
	return takeIn(ctx, d, a, func(x *intake) (int, error) {
		have, err := x.Activities(year.Start, year.End)
		if err != nil {
			return 0, fmt.Errorf("activities: %w", err)
		}
		if slices.ContainsFunc(have, func(o kiosk.Activity) bool { return o.Kind == kiosk.PlanItem }) {
			return 0, kiosk.ErrNotPlanned
		}
		for i := range lines {
			lines[i].ID, lines[i].Kind, lines[i].Status, lines[i].By = x.NewID(), kiosk.PlanItem, kiosk.ActivityPlanned, x.Staff
			if err := x.checkActivity(&lines[i]); err != nil {
				return 0, err
			}
		}
		return len(lines), x.record(kiosk.EventActivity, kiosk.Records{Activities: lines})
	})
}

func (x *intake) checkActivity(a *kiosk.Activity) error {
	var f form
	among(&f, "kind", a.Kind, kiosk.ActivityKinds)
	among(&f, "status", a.Status, kiosk.ActivityStatuses)
	f.text("text", &a.Text, kiosk.MaxActivityText)
	f.text("class", &a.Class, kiosk.MaxText)
	f.text("note", &a.Note, kiosk.MaxNoteText)
	f.note("result", &a.Result)
	if a.Day.IsZero() {
		f.wrong("day", kiosk.FieldMissing, nil)
	} else if least, most := x.today.AddMonths(-60), x.today.AddMonths(24); a.Day.Before(least) || a.Day.After(most) {
		f.wrong("day", kiosk.FieldOutOfRange, kiosk.Facts{"min": least, "max": most})
	} else if a.Status == kiosk.ActivityDone && a.Day.After(x.today) && a.Kind != kiosk.PlanItem {
		f.wrong("day", kiosk.FieldInFuture, kiosk.Facts{"max": x.today})
	}
	if !a.Until.IsZero() && (a.Until.Before(a.Day) || a.Until.After(a.Day.AddMonths(12))) {
		f.wrong("until", kiosk.FieldOutOfRange, kiosk.Facts{"min": a.Day, "max": a.Day.AddMonths(12)})
	}
	if a.To != 0 && a.To <= a.From || a.From < 0 || a.To > 24*60 {
		f.wrong("to", kiosk.FieldUnexpected, nil)
	}
	within(&f, "people", a.People, 0, kiosk.MostPeople)
	within(&f, "goal", a.Goal, 0, kiosk.MostPeople*10)
	within(&f, "taken", a.Taken, 0, kiosk.MostPeople)
	within(&f, "refused", a.Refused, 0, kiosk.MostPeople)
	within(&f, "titles", len(a.Titles), 0, kiosk.MostTitles)
	switch a.Kind {
	case kiosk.ReadingPeriod, kiosk.ClassVisit:
		f.given("class", a.Class)
	case kiosk.LibraryLesson:
		f.given("class", a.Class)
		f.given("teacher", string(a.Teacher))
	case kiosk.Introduction:
		among(&f, "channel", a.Channel, kiosk.Channels)
		if a.Text == "" && len(a.Titles) == 0 {
			f.wrong("text", kiosk.FieldMissing, nil)
		}
	case kiosk.Gift:
		among(&f, "donor", a.Donor, kiosk.Donors)
		if a.Taken+a.Refused == 0 {
			f.wrong("taken", kiosk.FieldMissing, nil)
		}
		if a.Donor == kiosk.DonorOrganisation {
			f.given("text", a.Text)
		}
	default:
		f.given("text", a.Text)
	}
	if err := f.failed(); err != nil {
		return err
	}
	return x.checkReferences(a)
}

// note is a text of several lines in a field of another name.
func (f *form) note(field string, s *string) {
	var g form
	g.text("note", s, kiosk.MaxNoteText)
	if g.err != nil {
		f.wrong(field, g.err.Problem, g.err.Facts)
	}
}

// checkReferences looks whether what an activity names is there, and whether the
// room is free.
func (x *intake) checkReferences(a *kiosk.Activity) error {
	unknown := func(field string, err error) error {
		if errors.Is(err, kiosk.ErrNotFound) {
			return &kiosk.FieldError{Field: field, Problem: kiosk.FieldUnknown}
		}
		return err
	}
	if a.Teacher != "" {
		if _, err := x.MemberByRef(a.Teacher, x.today); err != nil {
			return unknown("teacher", err)
		}
	}
	for i, t := range a.Titles {
		if _, err := x.Title(t.Title); err != nil {
			return unknown("titles", err)
		}
		var f form
		f.note("annotation", &a.Titles[i].Text)
		f.text("group", &a.Titles[i].Group, kiosk.MaxText)
		if err := f.failed(); err != nil {
			return err
		}
	}
	if a.Of != "" {
		if c, err := x.Activity(a.Of); err != nil || c.Kind != kiosk.Campaign {
			return unknown("of", errors.Join(err, kiosk.ErrNotFound))
		}
	}
	if a.Kind != kiosk.Gift && a.Kind != kiosk.Campaign {
		a.Receipt = ""
	}
	if a.Receipt != "" {
		if r, err := x.Receipt(a.Receipt); err != nil || r.Source != kiosk.Donation {
			return unknown("receipt", errors.Join(err, kiosk.ErrNotFound))
		}
	}
	return x.checkRoom(*a)
}

// checkRoom looks whether the library is open and its room is free.
func (x *intake) checkRoom(a kiosk.Activity) error {
	if a.OfClass() && a.Status == kiosk.ActivityPlanned {
		rules, err := x.Rules(a.Day)
		if err != nil {
			return fmt.Errorf("rules: %w", err)
		}
		if name, shut := rules.Calendar.Shut(a.Day); shut {
			return &kiosk.RoomShutError{Day: a.Day, Name: name}
		}
	}
	if !a.Room {
		return nil
	}
	// What lasts may have begun up to a year before: see checkActivity.
	others, err := x.Activities(a.Day.AddMonths(-12), a.Ends())
	if err != nil {
		return fmt.Errorf("activities: %w", err)
	}
	for _, o := range others {
		if a.Meets(o) {
			return &kiosk.RoomTakenError{By: o}
		}
	}
	return nil
}
