package kiosktest

import (
	"errors"

	"muontra/kiosk"
)

// lessonsComeBack puts reservations and reads them by their days.
func lessonsComeBack(t *try) {
	s := t.stocked(1)
	var one, two, past kiosk.Lesson
	t.update(func(tx kiosk.Tx) error {
		years, err := tx.Years()
		if err != nil {
			return err
		}
		class := kiosk.Class{ID: tx.NewID(), YearID: years[0].ID, Name: "9A", Grade: 9}
		line := kiosk.TextbookLine{ID: tx.NewID(), TitleID: s.title.ID, Year: 2024, From: 1, To: 10, Quantity: 10}
		one = kiosk.Lesson{
			ID: tx.NewID(), What: kiosk.LessonCopies, TitleID: s.title.ID, Count: 5, ClassID: class.ID, PatronRef: s.patron.Ref, On: kiosk.MustDay("2026-11-26"), Period: 3, Note: "đọc chung",
			Status: kiosk.LessonOut, Loans: []kiosk.ID{"l"}, Given: 1,
		}
		two = kiosk.Lesson{ID: tx.NewID(), What: kiosk.LessonPieces, TitleID: s.title.ID, LineID: line.ID, Count: 5, ClassID: class.ID, PatronRef: s.patron.Ref, On: kiosk.MustDay("2026-11-26"), Period: 1, Status: kiosk.LessonCancelled}
		past = kiosk.Lesson{ID: tx.NewID(), What: kiosk.LessonSets, Grade: 2, Count: 1, ClassID: class.ID, PatronRef: s.patron.Ref, On: kiosk.MustDay("2026-10-01"), Status: kiosk.LessonBack}
		return errors.Join(tx.PutClass(class), tx.PutTextbookLine(line), tx.PutLesson(one), tx.PutLesson(two), tx.PutLesson(past))
	})
	t.view(func(v kiosk.View) error {
		all, err := v.Lessons(kiosk.MustDay("2026-11-26"), kiosk.MustDay("2026-11-26"))
		equal(t, "lessons of the day", all, []kiosk.Lesson{two, one})
		all, err2 := v.Lessons(kiosk.MustDay("2026-09-01"), kiosk.MustDay("2026-10-01"))
		equal(t, "lessons of a day that is over, and the open one", all, []kiosk.Lesson{past, one})
		give, err4 := v.LessonsToGive()
		equal(t, "lessons of which something is to be handed out", give, []kiosk.Lesson{one})
		err = errors.Join(err, err4)
		got, err3 := v.Lesson(one.ID)
		equal(t, "lesson", got, one)
		_, nf := v.Lesson("nope")
		t.notFound("lesson", nf)
		return errors.Join(err, err2, err3)
	})
	// All of it is given, and another waits.
	t.update(func(tx kiosk.Tx) error {
		one.Given = one.Count
		past.ID, past.Status, past.On = tx.NewID(), kiosk.LessonWaiting, kiosk.MustDay("2026-11-30")
		return errors.Join(tx.PutLesson(one), tx.PutLesson(past))
	})
	t.view(func(v kiosk.View) error {
		give, err := v.LessonsToGive()
		equal(t, "lessons of which something is still to be handed out", give, []kiosk.Lesson{past})
		return err
	})
	t.fails("pieces of no line", nil, func(tx kiosk.Tx) error {
		x := two
		x.LineID = ""
		return tx.PutLesson(x)
	})
	t.fails("a lesson of no class", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		x := one
		x.ClassID = "nope"
		return tx.PutLesson(x)
	})
	t.fails("a status that is none", nil, func(tx kiosk.Tx) error {
		x := one
		x.Status = "forgotten"
		return tx.PutLesson(x)
	})
}
