package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

// textbooks is a quantity line of n books of a new title.
func (r *rig) textbooks(title string, n int) (l kiosk.TextbookLine) {
	r.t.Helper()
	r.update(func(tx kiosk.Tx) error {
		t := kiosk.Title{ID: tx.NewID(), Title: title, Grade: 2}
		l = kiosk.TextbookLine{ID: tx.NewID(), TitleID: t.ID, Year: 2024, From: 1, To: n, Quantity: n, PlaceID: r.shelf.ID}
		return errors.Join(tx.PutTitle(t), tx.PutTextbookLine(l))
	})
	return l
}

// counts are handed out, lost and on the shelf.
func (r *rig) counts(l kiosk.TextbookLine) (c [3]int) {
	r.t.Helper()
	r.view(func(v kiosk.View) error {
		now, err := v.TextbookLine(l.ID)
		c = [3]int{now.HandedOut, now.Lost, now.Shelf()}
		return err
	})
	return c
}

func (r *rig) handouts() (all []kiosk.Handout) {
	r.t.Helper()
	r.view(func(v kiosk.View) (err error) {
		all, err = v.Handouts()
		return err
	})
	return all
}

// Books go to a class and a teacher and come back, damaged and lost; at each
// step the shelf, what is out and what is lost are what is owned.
func TestBooksAreHandedOutAndComeBack(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.person("Nguyễn Mẫu An", "2A")
		teacher := r.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
		maths, music := r.textbooks("Toán 2", 30), r.textbooks("Âm nhạc 2", 5)
		class := kiosk.Handout{ClassID: r.class("2A"), Due: kiosk.MustDay("2027-01-10"), Note: "học kỳ I"}
		give := func(to kiosk.Handout, items ...kiosk.HandoutItem) (kiosk.Answer, error) {
			return r.desk.HandOut(ctx, r.staff, to, items)
		}
		field := func(err error, name string) {
			t.Helper()
			var f *kiosk.FieldError
			if !errors.As(err, &f) || f.Field != name {
				t.Errorf("%v, want a fault of %s", err, name)
			}
		}
		_, err := give(class, kiosk.HandoutItem{Line: maths.ID, Quantity: 3}, kiosk.HandoutItem{Line: music.ID, Quantity: 6})
		field(err, "line-"+string(music.ID))
		if r.counts(maths) != [3]int{0, 0, 30} {
			t.Errorf("handed out in part: %v", r.counts(maths))
		}
		for name, change := range map[string]func(*kiosk.Handout){
			"to":  func(h *kiosk.Handout) { h.ClassID = "" },
			"due": func(h *kiosk.Handout) { h.Due = kiosk.MustDay("2028-01-01") },
			"on":  func(h *kiosk.Handout) { h.On = r.Today().Add(1) },
		} {
			bad := class
			change(&bad)
			_, err := give(bad, kiosk.HandoutItem{Line: maths.ID, Quantity: 1})
			field(err, name)
		}
		_, err = give(class, kiosk.HandoutItem{Line: maths.ID, Quantity: -1})
		field(err, "line-"+string(maths.ID))
		_, err = give(class)
		field(err, "line")
		pupil := class
		pupil.ClassID, pupil.PatronRef = "", r.person("Lê Mẫu Bình", "2A").Ref
		_, err = give(pupil, kiosk.HandoutItem{Line: maths.ID, Quantity: 1})
		field(err, "to")

		ans := must[kiosk.Answer](r)(give(class, kiosk.HandoutItem{Line: maths.ID, Quantity: 20}, kiosk.HandoutItem{Line: music.ID, Quantity: 5}))
		toTeacher := class
		toTeacher.ClassID, toTeacher.PatronRef = "", teacher.Ref
		must[kiosk.Answer](r)(give(toTeacher, kiosk.HandoutItem{Line: maths.ID, Quantity: 2}))
		if r.counts(maths) != [3]int{22, 0, 8} || r.counts(music) != [3]int{5, 0, 0} {
			t.Errorf("%v %v", r.counts(maths), r.counts(music))
		}
		all := r.handouts()
		if len(all) != 3 || !all[0].Overdue(kiosk.MustDay("2027-01-11")) || all[0].Overdue(kiosk.MustDay("2027-01-10")) {
			t.Fatalf("%+v", all)
		}
		// What the desk says of the line may not be fewer than are out.
		now := maths
		now.Quantity = 21
		_, _, err = r.desk.SaveTextbookLine(ctx, r.staff, now, nil)
		field(err, "quantity")
		if _, _, err := r.desk.SetsFromLines(ctx, r.staff, kiosk.BookSet{Name: "Bộ", Programme: kiosk.Programme2018}, 9, []kiosk.ID{maths.ID}); !errors.As(err, new(*kiosk.LineShortError)) {
			t.Errorf("sets of books that are out: %v", err)
		}

		var first kiosk.Handout
		for _, h := range all {
			if h.LineID == maths.ID && h.ClassID != "" {
				first = h
			}
		}
		_, err = r.desk.HandBack(ctx, r.staff, []kiosk.HandoutBack{{ID: first.ID, Whole: 15, Damaged: 4, Lost: 2}})
		field(err, "back-"+string(first.ID))
		_, err = r.desk.HandBack(ctx, r.staff, []kiosk.HandoutBack{{ID: first.ID}})
		field(err, "back")
		back := must[kiosk.Answer](r)(r.desk.HandBack(ctx, r.staff, []kiosk.HandoutBack{{ID: first.ID, Whole: 15, Damaged: 3, Lost: 2}}))
		if r.counts(maths) != [3]int{2, 2, 26} {
			t.Errorf("%v", r.counts(maths))
		}
		if _, err := r.desk.TakeBack(ctx, r.staff, ans.Result.EventSeq); !errors.Is(err, kiosk.ErrNotUndoable) {
			t.Errorf("taken back what came back since: %v", err)
		}
		r.takeBack(back, nil)
		if r.counts(maths) != [3]int{22, 0, 8} {
			t.Errorf("%v", r.counts(maths))
		}
		must[kiosk.Answer](r)(r.desk.HandBack(ctx, r.staff, []kiosk.HandoutBack{{ID: first.ID, Whole: 18, Lost: 2}}))
		must[kiosk.Answer](r)(r.desk.HandBack(ctx, r.staff, []kiosk.HandoutBack{{ID: first.ID, Found: 1}}))
		if r.counts(maths) != [3]int{2, 1, 27} {
			t.Errorf("one was found: %v", r.counts(maths))
		}
		// A correction of the line, and back, beside all that.
		now = maths
		now.Price = 9000
		_, saved, err := r.desk.SaveTextbookLine(ctx, r.staff, now, nil)
		r.takeBack(saved, err)
		if r.counts(maths) != [3]int{2, 1, 27} {
			t.Errorf("after a correction: %v", r.counts(maths))
		}
		// Who has books cannot be forgotten.
		if _, err := r.desk.ForgetPatron(ctx, r.staff, teacher.ID); !errors.Is(err, kiosk.ErrReserved) {
			t.Errorf("forgotten with two books: %v", err)
		}
	})
}

func TestHandoutIsTakenBack(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		r.person("Nguyễn Mẫu An", "2A")
		l := r.textbooks("Toán 2", 30)
		ans := must[kiosk.Answer](r)(r.desk.HandOut(t.Context(), r.staff, kiosk.Handout{ClassID: r.class("2A"), Due: kiosk.MustDay("2027-01-10")}, []kiosk.HandoutItem{{Line: l.ID, Quantity: 30}}))
		r.takeBack(ans, nil)
		if r.counts(l) != [3]int{0, 0, 30} || len(r.handouts()) != 0 {
			t.Errorf("%v %+v", r.counts(l), r.handouts())
		}
	})
}
