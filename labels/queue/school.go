package queue

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/sheet"
)

// The keys under which a page stores the school's choices.
const (
	SettingLabels = "labels" // as labels.ParseSettings reads it
	SettingStocks = "stocks" // as sheet.Read reads it
)

// LevelCode is the code of the reading level that a list names in the school's own
// way, by its letter or its name; what is none of the school's stays as it is.
func LevelCode(v kiosk.View) (func(string) string, error) {
	stored, err := v.Setting(SettingLabels)
	if err != nil {
		return nil, err
	}
	set, err := labels.ParseSettings([]byte(stored))
	return func(text string) string {
		if l, ok := set.LevelNamed(text); ok {
			return l.Code
		}
		return text
	}, err
}

// School is how the school wants its labels, and its own stocks. Its name and
// the present school year stand where the settings leave them out.
func School(v kiosk.View, now time.Time) (labels.Settings, []sheet.Stock, error) {
	stored, err := v.Setting(SettingLabels)
	if err != nil {
		return labels.Settings{}, nil, err
	}
	set, err := labels.ParseSettings([]byte(stored))
	if err != nil {
		return set, nil, err
	}
	own, err := Stocks(v)
	if err != nil {
		return set, nil, err
	}
	site, err := v.Site()
	if err != nil {
		return set, nil, err
	}
	if set.School == "" {
		set.School = site.Name
	}
	if set.Year == "" {
		loc, err := site.Location()
		if err != nil {
			return set, nil, err
		}
		rules, err := v.Rules(kiosk.DayOf(now, loc))
		if err != nil {
			return set, nil, err
		}
		set.Year = rules.Year.Name
	}
	return set, own, nil
}

// Stocks are the label stocks that the school has described itself.
func Stocks(v kiosk.View) ([]sheet.Stock, error) {
	stored, err := v.Setting(SettingStocks)
	if err != nil || stored == "" {
		return nil, err
	}
	return sheet.Read([]byte(stored))
}

// ofSubjects reports whether a layout prints one label a subject. The others
// are pages, which are printed whole.
func ofSubjects(l labels.Layout) bool {
	return ofCopies(l) || l == labels.PatronCard || l == labels.ShelfLabel || l == labels.PlaceLabel
}

func ofCopies(l labels.Layout) bool {
	return l == labels.CopyLabel || l == labels.SpineLabel || l == labels.BothLabel
}

// withoutSubjects are the layouts that are about nothing of the school's.
func withoutSubjects(l labels.Layout) bool {
	return l == labels.Commands || l == labels.Colours || l == labels.Calibration || l == labels.TestLabel
}

// marksLabelled reports whether a layout is the label that a copy must bear
// before it is lent; a spine without a barcode is not.
func marksLabelled(l labels.Layout) bool { return l == labels.CopyLabel || l == labels.BothLabel }

// order makes the labels' job of a print job: what its ids name now, from its
// first label that is still to be printed.
func order(v kiosk.View, j kiosk.PrintJob, p kiosk.Printer, now time.Time) (labels.Job, error) {
	set, own, err := School(v, now)
	if err != nil {
		return labels.Job{}, err
	}
	stock, err := sheet.Find(j.Stock, own...)
	if err != nil {
		return labels.Job{}, err
	}
	out := labels.Job{
		Settings: set, Layout: labels.Layout(j.Layout), Stock: stock, Format: labels.Format(p.Language), Skip: j.Skip, When: now,
		Adjust: sheet.Adjust{X: p.OffsetX, Y: p.OffsetY, ScaleX: p.ScaleX, ScaleY: p.ScaleY},
	}
	if out.Format != labels.PDF {
		out.DPI = p.DPI
	}
	if out.Layout == labels.Calibration {
		// It is printed as the printer is by itself: what is read off it is
		// the whole adjustment.
		out.Adjust = sheet.Adjust{}
	}
	ids := j.Subjects
	if ofSubjects(out.Layout) {
		ids = ids[min(max(j.From, 0), len(ids)):]
	}
	missing, err := subjects(v, &out, ids, now)
	if err == nil && len(missing) > 0 {
		const most = 5
		err = &Failure{Code: ReasonUnknown, Detail: fmt.Sprintf("%d/%d: %s", len(missing), len(ids), strings.Join(missing[:min(most, len(missing))], ", "))}
	}
	return out, err
}

// subjects looks the ids up and returns those that name nothing.
func subjects(v kiosk.View, out *labels.Job, ids []kiosk.ID, now time.Time) (missing []string, err error) {
	var look func(kiosk.ID) error
	switch l := out.Layout; {
	case ofCopies(l):
		look = func(id kiosk.ID) error {
			i, err := v.Item(id)
			out.Items = append(out.Items, i)
			return err
		}
	case l == labels.PatronCard || l == labels.ClassSheet:
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return nil, err
		}
		today := kiosk.DayOf(now, loc)
		look = func(id kiosk.ID) error {
			p, err := v.Patron(id)
			if err != nil {
				return err
			}
			m, err := v.MemberByRef(p.Ref, today)
			out.Members = append(out.Members, m)
			return err
		}
	case l == labels.ShelfLabel || l == labels.PlaceLabel:
		all, err := v.Places()
		if err != nil {
			return nil, err
		}
		look = func(id kiosk.ID) error {
			i := slices.IndexFunc(all, func(p kiosk.Place) bool { return p.ID == id })
			if i < 0 {
				return kiosk.ErrNotFound
			}
			out.Places = append(out.Places, all[i])
			return nil
		}
	default:
		return nil, nil
	}
	for _, id := range ids {
		switch err := look(id); {
		case errors.Is(err, kiosk.ErrNotFound):
			missing = append(missing, string(id))
		case err != nil:
			return nil, err
		}
	}
	return missing, nil
}
