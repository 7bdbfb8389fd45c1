package kiosktest

import (
	"errors"
	"slices"

	"muontra/kiosk"
)

func ownLesson(l kiosk.Lesson) kiosk.Lesson {
	l.Loans = slices.Concat(l.Loans)
	return l
}

func (v *view) Lesson(id kiosk.ID) (kiosk.Lesson, error) {
	l, err := v.d.lessons.get("lesson", id)
	return ownLesson(l), err
}

func (v *view) Lessons(from, to kiosk.Day) ([]kiosk.Lesson, error) {
	all := slices.DeleteFunc(v.d.lessons.all(), func(l kiosk.Lesson) bool { return !l.Open() && (l.On.Before(from) || l.On.After(to)) })
	for i := range all {
		all[i] = ownLesson(all[i])
	}
	kiosk.SortLessons(all)
	return all, nil
}

func (v *view) LessonsToGive() ([]kiosk.Lesson, error) {
	all, err := v.Lessons(kiosk.Day{}, kiosk.Day{})
	return slices.DeleteFunc(all, func(l kiosk.Lesson) bool { return l.Left() == 0 }), err
}

func (t *tx) PutLesson(l kiosk.Lesson) (err error) {
	defer t.whole(&err)()
	if err := errors.Join(t.d.titles.need("title", l.TitleID), t.d.lines.need("textbook line", l.LineID), t.d.handouts.need("handout", l.Handout)); err != nil {
		return err
	}
	if _, err := t.d.classes.get("class", l.ClassID); err != nil {
		return err
	}
	if _, ok := t.d.refs[l.PatronRef]; !ok {
		return missing("patron ref", l.PatronRef)
	}
	if l.Count < 1 || l.On.IsZero() || l.Period < 0 || (l.What == kiosk.LessonPieces) != (l.LineID != "") || (l.What == kiosk.LessonSets) != (l.TitleID == "") {
		return errors.New("a reservation of nothing")
	}
	t.d.lessons.put(t, l.ID, ownLesson(l))
	if err := in("what is reserved", l.What, kiosk.LessonWhats...); err != nil {
		return err
	}
	if err := in("status of a reservation", l.Status, kiosk.LessonStatuses...); err != nil {
		return err
	}
	return given("reservation's id", string(l.ID))
}
