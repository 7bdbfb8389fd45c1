package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

func isLesson(err error, p kiosk.LessonProblem) bool {
	var e *kiosk.LessonError
	return errors.As(err, &e) && e.Problem == p
}

func (r *rig) short(err error) (s kiosk.LessonStock) {
	r.t.Helper()
	var e *kiosk.LessonShortError
	if !errors.As(err, &e) {
		r.t.Errorf("%v, want that there are too few", err)
		return s
	}
	return e.Stock
}

// copies are n copies of one title, of which codes are the barcodes.
func (r *rig) copiesOf(title string, codes ...string) kiosk.ID {
	r.t.Helper()
	first := r.Copy(codes[0], title, kiosk.Children, "")
	r.update(func(tx kiosk.Tx) error {
		for _, c := range codes[1:] {
			i, err := tx.ItemByBarcode(c)
			if err == nil {
				i.TitleID = first.TitleID
				err = tx.PutCopy(i.Copy)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return first.TitleID
}

// A lesson's copies are reserved, with what stands against it told at once;
// handed out by scanning and taken back in one act each, in part where one is
// missing; every step can be taken back.
func TestLessonIsReservedGivenAndEnded(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		an := r.person("Nguyễn Mẫu An", "2A")
		teacher := r.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
		for _, c := range []string{"30000021", "30000039", "30000047"} {
			r.Copy(c, "Đất rừng mẫu", kiosk.Children, "")
		}
		title := r.copiesOf("Đất rừng mẫu", "30000013", "30000021", "30000039", "30000047")
		r.Copy("30000054", "Sách khác", kiosk.Children, "")
		want := kiosk.Lesson{What: kiosk.LessonCopies, TitleID: title, Count: 4, ClassID: r.class("2A"), PatronRef: teacher.Ref, On: kiosk.MustDay("2026-11-26"), Period: 3}
		reserve := func(l kiosk.Lesson, anyway bool) (kiosk.Lesson, kiosk.Answer, error) {
			return r.desk.ReserveLesson(ctx, r.staff, l, anyway)
		}
		for name, change := range map[string]func(*kiosk.Lesson){
			"what": func(l *kiosk.Lesson) { l.What = "magic" }, "count": func(l *kiosk.Lesson) { l.Count = 0 }, "period": func(l *kiosk.Lesson) { l.Period = 11 }, "on": func(l *kiosk.Lesson) { l.On = r.Today().Add(-1) },
			"class": func(l *kiosk.Lesson) { l.ClassID = "nope" }, "teacher": func(l *kiosk.Lesson) { l.PatronRef = an.Ref },
		} {
			bad := want
			change(&bad)
			var f *kiosk.FieldError
			if _, _, err := reserve(bad, false); !errors.As(err, &f) || f.Field != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		// One is lent beyond the day, one is waited for, one is due back before.
		r.Lent(an.Card.Barcode, "30000021", "2026-11-27")
		_, _, err := reserve(want, false)
		if s := r.short(err); s != (kiosk.LessonStock{All: 4, Out: 1}) {
			t.Errorf("%+v", s)
		}
		other := r.person("Lê Mẫu Bình", "2A")
		must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, other.ID, title))
		want.Count = 3
		_, _, err = reserve(want, false)
		if s := r.short(err); s != (kiosk.LessonStock{All: 4, Out: 1, Holds: 1}) {
			t.Errorf("%+v", s)
		}
		want.Count = 2
		l, _, err := reserve(want, false)
		if err != nil {
			t.Fatal(err)
		}
		// Another class, the same period; then another period.
		again := want
		again.Count = 1
		_, _, err = reserve(again, false)
		if s := r.short(err); s != (kiosk.LessonStock{All: 4, Out: 1, Holds: 1, Reserved: 2}) {
			t.Errorf("%+v", s)
		}
		again.Period = 4
		if later, cancel, err := reserve(again, false); err != nil {
			t.Errorf("in another period: %v", err)
		} else {
			r.takeBack(cancel, nil)
			if _, _, err := r.desk.GiveLesson(ctx, r.staff, later.ID, []string{"30000013"}, 0); !isLesson(err, kiosk.LessonNotNow) {
				t.Errorf("given after it was taken back: %v", err)
			}
		}
		for code, p := range map[string]kiosk.LessonProblem{"999": kiosk.LessonUnknown, "30000054": kiosk.LessonOther, "30000021": kiosk.LessonOnLoan} {
			if _, _, err := r.desk.GiveLesson(ctx, r.staff, l.ID, []string{"30000013", code}, 0); !isLesson(err, p) {
				t.Errorf("%s: %v", code, err)
			}
		}
		if _, _, err := r.desk.GiveLesson(ctx, r.staff, l.ID, []string{"30000013", "30000013"}, 0); !isLesson(err, kiosk.LessonTwice) {
			t.Errorf("twice: %v", err)
		}
		if _, _, err := r.desk.GiveLesson(ctx, r.staff, l.ID, nil, 0); !isLesson(err, kiosk.LessonNothing) {
			t.Errorf("nothing: %v", err)
		}
		if who, _ := r.Borrower("30000013"); who != "" {
			t.Fatal("a refused act lent a copy")
		}
		l, ans, err := r.desk.GiveLesson(ctx, r.staff, l.ID, []string{"30000013", "30000039"}, 0)
		if err != nil || l.Given != 2 || len(l.Loans) != 2 {
			t.Fatalf("%+v %v", l, err)
		}
		if who, due := r.Borrower("30000039"); who != "20000909" || due != want.On {
			t.Errorf("lent to %s till %s", who, due)
		}
		r.takeBack(ans, nil)
		if who, _ := r.Borrower("30000039"); who != "" {
			t.Error("taken back, and still lent")
		}
		if l, _, err = r.desk.GiveLesson(ctx, r.staff, l.ID, []string{"30000013", "30000039"}, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.CancelLesson(ctx, r.staff, l.ID); !isLesson(err, kiosk.LessonNotNow) {
			t.Errorf("cancelled while out: %v", err)
		}
		if _, _, err := r.desk.EndLesson(ctx, r.staff, l.ID, []string{"30000047"}); !isLesson(err, kiosk.LessonNotOfIt) {
			t.Errorf("a copy that was not handed out: %v", err)
		}
		// One comes back, and is kept for who waits; then the rest.
		l, ans, err = r.desk.EndLesson(ctx, r.staff, l.ID, []string{"30000013"})
		if err != nil || l.Status != kiosk.LessonOut {
			t.Fatalf("%+v %v", l, err)
		}
		r.takeBack(ans, nil)
		l, ans, err = r.desk.EndLesson(ctx, r.staff, l.ID, nil)
		if err != nil || l.Status != kiosk.LessonBack {
			t.Fatalf("%+v %v", l, err)
		}
		for _, c := range []string{"30000013", "30000039"} {
			if who, _ := r.Borrower(c); who != "" {
				t.Errorf("%s is still with %s", c, who)
			}
		}
		r.takeBack(ans, nil)
		if who, _ := r.Borrower("30000013"); who != "20000909" {
			t.Error("the end taken back, and nothing is lent")
		}
	})
}

// Books by the number and sets are reserved and handed out too.
func TestLessonOfPiecesAndSets(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.person("Nguyễn Mẫu An", "2A")
		teacher := r.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
		line := r.textbooks("Toán 2", 10)
		must[kiosk.Answer](r)(r.desk.HandOut(ctx, r.staff, kiosk.Handout{ClassID: r.class("2A"), Due: kiosk.MustDay("2027-01-10")}, []kiosk.HandoutItem{{Line: line.ID, Quantity: 4}}))
		want := kiosk.Lesson{What: kiosk.LessonPieces, LineID: line.ID, Count: 7, ClassID: r.class("2A"), PatronRef: teacher.Ref, On: kiosk.MustDay("2026-11-26")}
		_, _, err := r.desk.ReserveLesson(ctx, r.staff, want, false)
		if s := r.short(err); s != (kiosk.LessonStock{All: 10, Out: 4}) {
			t.Errorf("%+v", s)
		}
		l, _, err := r.desk.ReserveLesson(ctx, r.staff, want, true)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.desk.GiveLesson(ctx, r.staff, l.ID, nil, 7); !isLesson(err, kiosk.LessonTooMany) {
			t.Errorf("more than are there: %v", err)
		}
		if _, _, err := r.desk.GiveLesson(ctx, r.staff, l.ID, nil, 6); err != nil || r.counts(line) != [3]int{10, 0, 0} {
			t.Errorf("%v %v", err, r.counts(line))
		}
		_, ans, err := r.desk.EndLesson(ctx, r.staff, l.ID, nil)
		if err != nil || r.counts(line) != [3]int{4, 0, 6} {
			t.Errorf("%v %v", err, r.counts(line))
		}
		r.takeBack(ans, nil)

		r.Copy("30000013", "Toán 2, tập 1", kiosk.Textbook, "")
		r.Copy("30000021", "Tiếng Việt 2", kiosk.Textbook, "")
		set := r.BookSet("BO201", "Bộ sách lớp 2", "30000013", "30000021")
		sets := kiosk.Lesson{What: kiosk.LessonSets, Grade: set.Grade, Count: 1, ClassID: want.ClassID, PatronRef: teacher.Ref, On: want.On}
		l, _, err = r.desk.ReserveLesson(ctx, r.staff, sets, false)
		if err != nil {
			t.Fatal(err)
		}
		l, _, err = r.desk.GiveLesson(ctx, r.staff, l.ID, []string{"BO201"}, 0)
		if err != nil || len(l.Loans) != 2 || l.Given != 1 {
			t.Fatalf("%+v %v", l, err)
		}
		_, _, err = r.desk.ReserveLesson(ctx, r.staff, sets, false)
		if s := r.short(err); s != (kiosk.LessonStock{All: 1, Out: 1}) {
			t.Errorf("%+v", s)
		}
		if l, _, err := r.desk.EndLesson(ctx, r.staff, l.ID, []string{"BO201"}); err != nil || l.Status != kiosk.LessonBack {
			t.Errorf("%+v %v", l, err)
		}
	})
}

// How many copies of a title may be lent beside a lesson: those that it does not
// need, and all of them until a day before it. Its teacher gets them whatever the
// limit; what is left of a lesson that is fetched one by one stays reserved.
func TestLessonKeepsItsCopies(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		an := r.person("Nguyễn Mẫu An", "2A")
		binh := r.person("Trần Mẫu Bình", "2A")
		teacher := r.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
		codes := []string{"30000013", "30000021", "30000039", "30000047", "30000054", "30000062", "30000070", "30000088"}
		for _, c := range codes[1:] {
			r.Copy(c, "Đất rừng mẫu", kiosk.Children, "")
		}
		title := r.copiesOf("Đất rừng mẫu", codes...)
		lend := func(to kiosk.ID, code string) kiosk.Result {
			t.Helper()
			var id kiosk.ID
			r.view(func(v kiosk.View) error { i, err := v.ItemByBarcode(code); id = i.ID; return err })
			return must[kiosk.Answer](r)(r.desk.Checkout(ctx, kiosk.Attempt{Station: kiosk.DefaultStation, Code: code, Kind: kiosk.KindCopy}, to, id)).Result
		}
		reserve := func(n int, on kiosk.Day) kiosk.Lesson {
			t.Helper()
			l, _, err := r.desk.ReserveLesson(ctx, r.staff, kiosk.Lesson{What: kiosk.LessonCopies, TitleID: title, Count: n, ClassID: r.class("2A"), PatronRef: teacher.Ref, On: on}, false)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		// Long after the loan would be back: nothing is kept.
		far := reserve(8, r.Today().AddMonths(3))
		if res := lend(an.Ref, codes[0]); res.Outcome != kiosk.CheckedOut {
			t.Fatalf("a lesson in three months keeps a copy: %s", res.Reason)
		}
		if _, err := r.desk.CancelLesson(ctx, r.staff, far.ID); err != nil {
			t.Fatal(err)
		}
		l := reserve(6, r.Today())
		if res := lend(binh.Ref, codes[1]); res.Outcome != kiosk.CheckedOut { // seven are left, six are needed
			t.Fatalf("one that is not needed: %s", res.Reason)
		}
		no := lend(binh.Ref, codes[2])
		if no.Outcome != kiosk.Refused || no.Reason != kiosk.ReasonReservedForOther || no.Refusals[0].Facts["lesson"] == nil {
			t.Fatalf("the sixth of six: %+v", no)
		}
		for n, c := range codes[2:] {
			if res := lend(teacher.Ref, c); res.Outcome != kiosk.CheckedOut || res.Loan.DueOn != r.Today() {
				t.Fatalf("the teacher's number %d: %+v", n+1, res)
			}
			if n == 2 { // three are fetched, three are left
				if res := lend(binh.Ref, codes[7]); res.Reason != kiosk.ReasonReservedForOther {
					t.Errorf("what is left is not kept any more: %+v", res)
				}
			}
		}
		r.view(func(v kiosk.View) error {
			got, err := v.Lesson(l.ID)
			if got.Status != kiosk.LessonOut || got.Given != 6 || len(got.Loans) != 6 {
				t.Errorf("the lesson: %+v", got)
			}
			return err
		})
		if after, _, err := r.desk.EndLesson(ctx, r.staff, l.ID, nil); err != nil || after.Status != kiosk.LessonBack {
			t.Errorf("its end: %+v %v", after, err)
		}
		if res := lend(an.Ref, codes[2]); res.Outcome != kiosk.CheckedOut {
			t.Errorf("after the lesson: %+v", res)
		}
		r.Replayed()
	})
}

// What a lesson has reserved is not handed out to others by the number for a time that
// holds its day, and not renewed over it: of two copies of which it needs one, one is.
func TestLessonKeepsPiecesAndWhatIsDueBeforeIt(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		an := r.person("Nguyễn Mẫu An", "2A")
		binh := r.person("Trần Mẫu Bình", "3B")
		teacher := r.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
		line := r.textbooks("Toán 2", 10)
		on := r.Today().Add(9)
		if _, _, err := r.desk.ReserveLesson(ctx, r.staff, kiosk.Lesson{What: kiosk.LessonPieces, LineID: line.ID, Count: 7, ClassID: r.class("2A"), PatronRef: teacher.Ref, On: on}, false); err != nil {
			t.Fatal(err)
		}
		give := func(to kiosk.Handout, n int) error {
			_, err := r.desk.HandOut(ctx, r.staff, to, []kiosk.HandoutItem{{Line: line.ID, Quantity: n}})
			return err
		}
		var field *kiosk.FieldError
		if err := give(kiosk.Handout{ClassID: r.class("3B"), Due: on}, 4); !errors.As(err, &field) || field.Problem != kiosk.FieldReserved || field.Facts["max"] != 3 || field.Facts["lesson"] != on {
			t.Errorf("four of the three that are left: %v", err)
		}
		if err := give(kiosk.Handout{ClassID: r.class("3B"), Due: on}, 3); err != nil {
			t.Errorf("what the lesson does not need: %v", err)
		}
		if err := give(kiosk.Handout{ClassID: r.class("3B"), Due: on.Add(-1)}, 2); err != nil {
			t.Errorf("till the day before: %v", err)
		}
		if err := give(kiosk.Handout{ClassID: r.class("2A"), Due: on}, 2); err != nil {
			t.Errorf("to the lesson's own class: %v", err)
		}

		codes := []string{"30000013", "30000021"}
		r.Copy(codes[1], "Đất rừng mẫu", kiosk.Children, "")
		title := r.copiesOf("Đất rừng mẫu", codes...)
		loans := []kiosk.ID{r.Lent(an.Card.Barcode, codes[0], r.Today().Add(7).String()).ID, r.Lent(binh.Card.Barcode, codes[1], r.Today().Add(7).String()).ID}
		if _, _, err := r.desk.ReserveLesson(ctx, r.staff, kiosk.Lesson{What: kiosk.LessonCopies, TitleID: title, Count: 1, ClassID: r.class("2A"), PatronRef: teacher.Ref, On: on}, false); err != nil {
			t.Fatal(err)
		}
		b := must[kiosk.Bulk](r)(r.desk.RenewLoans(ctx, r.staff, loans))
		if len(b.Done) != 1 || len(b.Refused) != 1 || b.Refused[0].Reason != kiosk.ReasonReservedForOther || b.Refused[0].Facts["lesson"] != on {
			t.Errorf("renewed in bulk: %+v", b)
		}
		r.Replayed()
	})
}
