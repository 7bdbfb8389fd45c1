package store

import (
	"slices"

	"muontra/kiosk"
)

var lessons = recordTable[kiosk.Lesson]{
	name: "lesson", code: "lesson_differs",
	cols: "id, what, title_id, line_id, grade, count, class_id, patron_ref, held_on, period, note, status, loans, handout_id, given",
	args: func(l kiosk.Lesson) []any {
		return []any{l.ID, l.What, orNull(l.TitleID), orNull(l.LineID), l.Grade, l.Count, l.ClassID, l.PatronRef, l.On.String(), l.Period, l.Note, l.Status, jsonText(l.Loans), orNull(l.Handout), l.Given}
	},
	to: func(l *kiosk.Lesson) []any {
		return []any{&l.ID, &l.What, refCol{&l.TitleID}, refCol{&l.LineID}, &l.Grade, &l.Count, &l.ClassID, &l.PatronRef, dayCol{&l.On}, &l.Period, &l.Note, &l.Status, jsonCol[kiosk.ID]{&l.Loans}, refCol{&l.Handout}, &l.Given}
	},
}

func (v *view) Lesson(id kiosk.ID) (kiosk.Lesson, error) { return lessons.get(v, id) }

func (v *view) Lessons(from, to kiosk.Day) ([]kiosk.Lesson, error) {
	return lessons.list(v, `AND (status IN ('waiting', 'out') OR held_on >= $2 AND held_on <= $3) ORDER BY held_on, period, id`, from.String(), to.String())
}

func (v *view) LessonsToGive() ([]kiosk.Lesson, error) {
	read := func() ([]kiosk.Lesson, error) {
		return lessons.list(v, `AND status IN ('waiting', 'out') AND given < count ORDER BY held_on, period, id`)
	}
	r, err := v.recent()
	if err != nil || r == nil {
		if err != nil {
			return nil, err
		}
		return read()
	}
	if r.lessons == nil {
		all, err := read()
		if err != nil {
			return nil, err
		}
		r.lessons = &all
	}
	return slices.Clone(*r.lessons), nil
}

func (t *tx) PutLesson(l kiosk.Lesson) error { return lessons.put(t, l) }
