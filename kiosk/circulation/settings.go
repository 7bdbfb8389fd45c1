package circulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"muontra/kiosk"
)

// The acts of the settings pages. Each changes one part of the settings in one
// transaction and leaves one event that tells who changed what; what is the same
// as before leaves none. change makes the new part of the stored one, inside the
// transaction, and may refuse with an error of its own: that is how a page finds
// that somebody else was there first. It must not alter what it is given. The
// new settings hold from the next scan on.

// SetPolicies changes the policy lines; it refuses what Policies.Check does.
func (d *Desk) SetPolicies(ctx context.Context, a kiosk.Attempt, change func(kiosk.Policies) (kiosk.Policies, error)) error {
	return set(ctx, d, a, setting[kiosk.Policies]{
		part: kiosk.PartPolicies, change: change,
		read: func(x *intake) (kiosk.Policies, error) { return x.rules.Policies, nil },
		put:  func(x *intake, p kiosk.Policies) error { return x.PutPolicies(p) },
	})
}

// SetYear changes a stored school year's dates and its calendar; an unknown year
// is kiosk.ErrNotFound.
func (d *Desk) SetYear(ctx context.Context, a kiosk.Attempt, id kiosk.ID, change func(kiosk.YearSettings) (kiosk.YearSettings, error)) error {
	return set(ctx, d, a, setting[kiosk.YearSettings]{
		part: kiosk.PartYear, subject: id, change: change,
		read: func(x *intake) (kiosk.YearSettings, error) { return kiosk.YearSettingsOf(x, id) },
		put: func(x *intake, y kiosk.YearSettings) error {
			y.Year.ID = id
			return errors.Join(x.PutYear(y.Year), x.PutCalendar(id, y.Calendar))
		},
	})
}

// SetTimetable changes the weekly timetable.
func (d *Desk) SetTimetable(ctx context.Context, a kiosk.Attempt, change func(kiosk.Timetable) (kiosk.Timetable, error)) error {
	return set(ctx, d, a, setting[kiosk.Timetable]{
		part: kiosk.PartTimetable, change: change,
		read: func(x *intake) (kiosk.Timetable, error) { return x.rules.Timetable, nil },
		put:  func(x *intake, t kiosk.Timetable) error { return x.PutTimetable(t) },
	})
}

// SetPlace changes a place; an unknown one is kiosk.ErrNotFound, a code or
// barcode that is another's kiosk.ErrConflict.
func (d *Desk) SetPlace(ctx context.Context, a kiosk.Attempt, id kiosk.ID, change func(kiosk.Place) (kiosk.Place, error)) error {
	return set(ctx, d, a, setting[kiosk.Place]{
		part: kiosk.PartPlace, subject: id, change: change,
		read: func(x *intake) (kiosk.Place, error) {
			places, err := x.Places()
			if err != nil {
				return kiosk.Place{}, err
			}
			i := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == id })
			if i < 0 {
				return kiosk.Place{}, fmt.Errorf("place %s: %w", id, kiosk.ErrNotFound)
			}
			return places[i], nil
		},
		put: func(x *intake, p kiosk.Place) error {
			p.ID = id
			trolley, err := kiosk.TrolleyOf(x)
			if err != nil {
				return err
			}
			if !trolley.Allows(p) {
				return kiosk.ErrIsTrolley
			}
			return x.PutPlace(p)
		},
	})
}

// AddPlace adds a place and gives it its ID.
func (d *Desk) AddPlace(ctx context.Context, a kiosk.Attempt, p kiosk.Place) (kiosk.Place, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Place, error) {
		p.ID = x.NewID()
		if err := x.PutPlace(p); err != nil {
			return p, fmt.Errorf("place: %w", err)
		}
		return p, tellSetting(x, kiosk.PartPlace, p.ID, nil, p)
	})
}

// SetSchool changes what papers say of the school.
func (d *Desk) SetSchool(ctx context.Context, a kiosk.Attempt, change func(kiosk.School) (kiosk.School, error)) error {
	return set(ctx, d, a, setting[kiosk.School]{
		part: kiosk.PartSchool, change: change,
		read: func(x *intake) (kiosk.School, error) { return kiosk.SchoolOf(x) },
		put: func(x *intake, s kiosk.School) error {
			site, err := x.Site()
			if err != nil {
				return err
			}
			site.Name, s.Name = s.Name, ""
			text, err := json.Marshal(s)
			if err != nil {
				return err
			}
			return errors.Join(x.PutSite(site), x.PutSetting(kiosk.SchoolSetting, string(text)))
		},
	})
}

// SetHouseRules changes the rules on the library's wall; none at all brings back
// the usual ones.
func (d *Desk) SetHouseRules(ctx context.Context, a kiosk.Attempt, change func(kiosk.HouseRules) (kiosk.HouseRules, error)) error {
	return set(ctx, d, a, setting[kiosk.HouseRules]{
		part: kiosk.PartRules, change: change,
		read: func(x *intake) (kiosk.HouseRules, error) { return kiosk.HouseRulesOf(x) },
		put: func(x *intake, r kiosk.HouseRules) error {
			text, err := json.Marshal(r)
			if err != nil {
				return err
			}
			return x.PutSetting(kiosk.HouseRulesSetting, string(text))
		},
	})
}

// SetDeclared changes the totals that the school's papers of the past declare.
func (d *Desk) SetDeclared(ctx context.Context, a kiosk.Attempt, change func(kiosk.Declared) (kiosk.Declared, error)) error {
	return set(ctx, d, a, setting[kiosk.Declared]{
		part: kiosk.PartDeclared, change: change,
		read: func(x *intake) (kiosk.Declared, error) { return kiosk.DeclaredOf(x) },
		put: func(x *intake, t kiosk.Declared) error {
			text, err := json.Marshal(t)
			if err != nil {
				return err
			}
			return x.PutSetting(kiosk.DeclaredSetting, string(text))
		},
	})
}

// setting is the change of one part.
type setting[T any] struct {
	part    kiosk.SettingPart
	subject kiosk.ID
	read    func(*intake) (T, error)
	change  func(T) (T, error)
	put     func(*intake, T) error
}

func set[T any](ctx context.Context, d *Desk, a kiosk.Attempt, s setting[T]) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (bool, error) {
		before, err := s.read(x)
		if err != nil {
			return false, err
		}
		after, err := s.change(before)
		if err != nil || reflect.DeepEqual(before, after) {
			return false, err
		}
		if err := s.put(x, after); err != nil {
			return false, fmt.Errorf("%s: %w", s.part, err)
		}
		return true, tellSetting(x, s.part, s.subject, before, after)
	})
	return err
}

// tellSetting appends what was changed; before is nil for what is new.
func tellSetting(x *intake, part kiosk.SettingPart, subject kiosk.ID, before, after any) error {
	c := kiosk.SettingChange{Part: part, Subject: subject}
	var err error
	if before != nil {
		if c.Before, err = json.Marshal(before); err != nil {
			return err
		}
	}
	if c.After, err = json.Marshal(after); err != nil {
		return err
	}
	e := x.event
	e.Type, e.Payload = kiosk.EventSettings, kiosk.Payload{Setting: c}
	if err := x.Append(&e); err != nil {
		return fmt.Errorf("append %s: %w", e.Type, err)
	}
	x.events = append(x.events, e)
	return nil
}
