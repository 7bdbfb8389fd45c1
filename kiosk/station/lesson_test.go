package station_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/words"
)

// A copy that a lesson cannot do without is not lent to a child beyond the
// lesson's day, and the child is told in words of its own; the teacher gets it by
// her card, it is written down for the lesson, and undo gives it back to it.
func TestLessonAtTheStation(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, open func(*testing.T) kiosk.Ledger) {
		r := newRig(t, open(t), "cua")
		staff := r.librarian()
		item := r.item("S001")
		var class, teacher kiosk.ID
		if err := r.Ledger.View(t.Context(), func(v kiosk.View) error {
			rules, err := v.Rules(r.Today())
			if err != nil {
				return err
			}
			cs, err := v.Classes(rules.Year.ID)
			if err != nil {
				return err
			}
			class = cs[0].ID
			m, err := v.MemberByCard("GV001", r.Today())
			teacher = m.Ref
			return err
		}); err != nil {
			t.Fatal(err)
		}
		l, _, err := r.desk.ReserveLesson(t.Context(), staff, kiosk.Lesson{What: kiosk.LessonCopies, TitleID: item.TitleID, Count: 1, ClassID: class, PatronRef: teacher, On: r.Today(), Period: 3}, false)
		if err != nil {
			t.Fatal(err)
		}
		lesson := func(want kiosk.LessonStatus, given int) {
			t.Helper()
			if err := r.Ledger.View(t.Context(), func(v kiosk.View) error {
				l, err := v.Lesson(l.ID)
				if l.Status != want || l.Given != given || len(l.Loans) != given {
					t.Errorf("the lesson is %s with %d of %d handed out, want %s and %d", l.Status, l.Given, l.Count, want, given)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		r.scan("HS001")
		no := r.scan("S001")
		r.want(no, kiosk.Refused, kiosk.ReasonReservedForOther)
		card := words.ForResult(words.VI, no)
		if !no.MayOverride || card.Head != "Sách này đang giữ cho tiết học" || !strings.Contains(card.Hint, words.Day(words.VI, r.Today())) || strings.ContainsAny(card.Hint, "{}") {
			t.Errorf("told the child: %+v, may override %v", card, no.MayOverride)
		}
		r.want(r.scan("S003"), kiosk.CheckedOut, "") // another title goes as ever
		lesson(kiosk.LessonWaiting, 0)

		r.scan("GV001")
		yes := r.scan("S001")
		r.want(yes, kiosk.CheckedOut, "")
		if yes.Loan.DueOn != r.Today() || !strings.Contains(words.ForResult(words.VI, yes).Line(words.VI), "Cho tiết học: 1 trên 1.") {
			t.Errorf("told the teacher: %s, due %s", words.ForResult(words.VI, yes).Line(words.VI), yes.Loan.DueOn)
		}
		lesson(kiosk.LessonOut, 1)
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		lesson(kiosk.LessonWaiting, 0)
		r.want(r.do(kiosk.Finish, ""), kiosk.SessionEnded, "")
		r.scan("GV001")
		r.want(r.scan("S001"), kiosk.CheckedOut, "")
		lesson(kiosk.LessonOut, 1)
		r.want(r.do(kiosk.Finish, ""), kiosk.SessionEnded, "")
		if _, _, err := r.desk.EndLesson(t.Context(), staff, l.ID, nil); err != nil {
			t.Fatal(err)
		}
		if who, _ := r.Borrower("S001"); who != "" {
			t.Errorf("%s still has it", who)
		}
		r.scan("HS002")
		r.want(r.scan("S001"), kiosk.CheckedOut, "")
		r.Replayed()
	})
}
