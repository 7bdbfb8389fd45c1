package circulation_test

import (
	"errors"
	"fmt"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// fill puts n pupils into each class of 2026-2027.
func (r *rig) fill(n int, classes ...string) map[string][]kiosk.Member {
	all := map[string][]kiosk.Member{}
	for _, c := range classes {
		for i := range n {
			all[c] = append(all[c], r.person(fmt.Sprintf("Học Sinh Mẫu %s %c", c, 'A'+i), c))
		}
	}
	return all
}

// order is the usual one from the year of today.
func (r *rig) order() kiosk.PromotionOrder {
	r.t.Helper()
	o := kiosk.PromotionOrder{Year: kiosk.YearOf(kiosk.MustDay("2027-06-01")), Fates: map[kiosk.ID]kiosk.PupilFate{}}
	r.view(func(v kiosk.View) error {
		ys, err := v.Years()
		for _, y := range ys {
			if y.Name == "2026-2027" {
				o.From = y.ID
			}
		}
		return err
	})
	return o
}

// roll is how many pupils each class of the day's year has.
func (r *rig) roll() string {
	r.t.Helper()
	of := map[string]int{}
	var order []string
	r.view(func(v kiosk.View) error {
		return v.EachMember(r.Today(), func(m kiosk.Member) error {
			key := m.Class
			if m.Status == kiosk.PatronLeft {
				key = "left"
			}
			if of[key] == 0 {
				order = append(order, key)
			}
			of[key]++
			return nil
		})
	})
	s := ""
	for _, k := range order {
		s += fmt.Sprintf("%s:%d ", k, of[k])
	}
	return s
}

func TestPromoteAndBack(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		pupils := r.fill(3, "1A", "1B", "4A", "5A")
		five := pupils["5A"][0]
		r.Copy("30000013", "Truyện mẫu một", kiosk.Children, "")
		r.Copy("30000021", "Truyện mẫu hai", kiosk.Children, "")
		r.Copy("30000039", "Truyện mẫu ba", kiosk.Children, "")
		r.lend(five, "30000013", false)
		if _, err := r.desk.SetPatronStatus(ctx, r.staff, pupils["5A"][1].ID, kiosk.PatronBlocked, "mẫu"); err != nil {
			r.t.Fatal(err)
		}

		r.Set("2027-06-03 09:00:00")
		o := r.order()
		o.Extra = []kiosk.NewClass{{Name: "1A", Grade: 1}}
		o.Fates[pupils["1A"][0].ID] = kiosk.PupilFate{Fate: kiosk.FateRepeat}
		events := len(r.Events())
		plan := must[kiosk.PromotionPlan](r)(r.desk.TryPromotion(ctx, o))
		if len(plan.Leavers) != 3 || len(plan.Owing()) != 1 || plan.Owing()[0].Patron.ID != five.ID || plan.Promoted != 8 || plan.Repeating != 1 {
			r.t.Errorf("plan: %d leave, %d owe, %d up, %d repeat", len(plan.Leavers), len(plan.Owing()), plan.Promoted, plan.Repeating)
		}
		if len(r.Events()) != events || r.roll() != ":12 " {
			r.t.Errorf("a try writes: %s", r.roll())
		}
		id := must[kiosk.ID](r)(r.desk.Promote(ctx, r.staff, o, nil))
		if got := r.roll(); got != "1A:1 2A:2 2B:3 5A:3 left:3 " {
			r.t.Errorf("after: %s", got)
		}
		if n := len(r.Events()); n != events+1 {
			r.t.Errorf("%d events for one act", n-events)
		}
		// The year that is over stays as it was.
		r.view(func(v kiosk.View) error {
			es, err := v.EnrolmentsIn(o.From)
			if len(es) != 12 {
				r.t.Errorf("%d enrolments of last year", len(es))
			}
			return err
		})
		var stop *kiosk.PromotionError
		if _, err := r.desk.Promote(ctx, r.staff, o, nil); !errors.As(err, &stop) || stop.Problems[0].Trouble != kiosk.PromotionBegun {
			r.t.Errorf("run twice: %v", err)
		}
		if got := r.roll(); got != "1A:1 2A:2 2B:3 5A:3 left:3 " {
			r.t.Errorf("doubled: %s", got)
		}
		// Nor does a second touch begin the year after.
		next := kiosk.PromotionOrder{Year: kiosk.YearOf(kiosk.MustDay("2028-06-01"))}
		r.view(func(v kiosk.View) error {
			p, err := v.Promotion(id)
			next.From = p.YearID
			return err
		})
		if _, err := r.desk.Promote(ctx, r.staff, next, nil); !errors.As(err, &stop) || stop.Problems[0].Trouble != kiosk.PromotionEarly {
			r.t.Errorf("two years at once: %v", err)
		}

		// A leaver cannot borrow, and can give back.
		r.Set("2027-08-20 09:00:00")
		if got := kiosk.CanEnter(r.member(five.ID)).Reason(); got != kiosk.ReasonCardExpired {
			r.t.Errorf("a leaver enters: %q", got)
		}
		var i kiosk.Item
		r.view(func(v kiosk.View) (err error) { i, err = v.ItemByBarcode("30000013"); return err })
		if a, err := r.desk.Return(ctx, r.staff, five.Ref, i.ID); err != nil || a.Result.Outcome != kiosk.Returned {
			r.t.Errorf("a leaver gives back: %+v, %v", a.Result, err)
		}
		// After a week it stands.
		if _, err := r.desk.Unpromote(ctx, r.staff, id); !errors.Is(err, kiosk.ErrTooLate) {
			r.t.Errorf("in August: %v", err)
		}
	})
}

// The beginning of a year is taken back after a week of loans, a new pupil and
// a move; the loans stay.
func TestUnpromote(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		pupils := r.fill(2, "1A", "1B", "5A")
		r.Copy("30000013", "Truyện mẫu một", kiosk.Children, "")
		r.Copy("30000021", "Truyện mẫu hai", kiosk.Children, "")
		if _, err := r.desk.SetPatronStatus(ctx, r.staff, pupils["5A"][1].ID, kiosk.PatronBlocked, "mẫu"); err != nil {
			r.t.Fatal(err)
		}
		r.Set("2027-08-16 09:00:00")
		before := r.roll()
		id := must[kiosk.ID](r)(r.desk.Promote(ctx, r.staff, r.order(), nil))
		r.lend(pupils["1A"][0], "30000013", true)
		r.lend(pupils["1A"][1], "30000021", false)
		if _, err := r.desk.MovePatron(ctx, r.staff, pupils["1A"][0].ID, r.class("2B")); err != nil {
			r.t.Fatal(err)
		}
		fresh := r.person("Phạm Mẫu Dung", "2A")
		back := pupils["5A"][0]
		if _, err := r.desk.SetPatronStatus(ctx, r.staff, back.ID, kiosk.PatronActive, ""); err != nil {
			r.t.Fatal(err)
		}

		r.Set("2027-08-23 08:59:00")
		undone := must[kiosk.PromotionUndone](r)(r.desk.Unpromote(ctx, r.staff, id))
		if undone.Withdrawn != 5 || undone.Restored != 1 || len(undone.Kept) != 1 || undone.Kept[0] != fresh.ID || len(undone.Changed) != 1 || undone.Changed[0] != back.ID {
			r.t.Errorf("undone %+v", undone)
		}
		if got := r.roll(); got != "2A:1 "+before {
			r.t.Errorf("back: %q, it was %q", got, before)
		}
		if got := r.member(pupils["5A"][1].ID).Status; got != kiosk.PatronBlocked {
			r.t.Errorf("who was blocked is %s", got)
		}
		if r.loansOf(pupils["1A"][0].ID) != 1 || r.loansOf(pupils["1A"][1].ID) != 1 {
			r.t.Error("loans of the week are lost")
		}
		if card, _ := r.Borrower("30000021"); card != pupils["1A"][1].Card.Barcode {
			r.t.Errorf("the book is with %q", card)
		}
		if _, err := r.desk.Unpromote(ctx, r.staff, id); !errors.Is(err, kiosk.ErrTooLate) {
			r.t.Errorf("taken back twice: %v", err)
		}
		// And once more, right this time: with another name for a class.
		o := r.order()
		for _, c := range must[kiosk.PromotionPlan](r)(r.desk.TryPromotion(ctx, o)).Moves {
			if c.To == "2B" {
				c.To = "2A"
			}
			o.Moves = append(o.Moves, c)
		}
		must[kiosk.ID](r)(r.desk.Promote(ctx, r.staff, o, nil))
		if got := r.roll(); got != "2A:5 left:2 " {
			r.t.Errorf("again: %q", got)
		}
	})
}

// A new list in the same act: what it adds is taken back with it; a list that
// fails leaves nothing.
func TestPromoteWithList(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		r.fill(2, "1A")
		r.Set("2027-08-16 09:00:00")
		before := r.roll()
		fails := errors.New("the list is wrong")
		if _, err := r.desk.Promote(ctx, r.staff, r.order(), func(kiosk.Tx) error { return fails }); !errors.Is(err, fails) {
			r.t.Fatal(err)
		}
		if r.roll() != before {
			r.t.Errorf("half done: %s", r.roll())
		}
		o := r.order()
		o.Extra = []kiosk.NewClass{{Name: "1A", Grade: 1}}
		id := must[kiosk.ID](r)(r.desk.Promote(ctx, r.staff, o, func(tx kiosk.Tx) error {
			rules, err := tx.Rules(r.Today())
			if err != nil {
				return err
			}
			cs, err := tx.Classes(rules.Year.ID)
			if err != nil {
				return err
			}
			p := kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Name: "Bé Mẫu Mới", Category: kiosk.Pupil, Status: kiosk.PatronActive, CreatedAt: r.Now()}
			return errors.Join(tx.PutPatron(p), tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: cs[0].ID, YearID: rules.Year.ID, Since: rules.Year.Start}))
		}))
		if got := r.roll(); got != "1A:1 2A:2 " {
			r.t.Errorf("with the list: %q", got)
		}
		r.view(func(v kiosk.View) error {
			p, err := v.Promotion(id)
			if len(p.Record.Added) != 1 || len(p.Record.Enrolments) != 3 {
				r.t.Errorf("record %+v", p.Record)
			}
			return err
		})
		undone := must[kiosk.PromotionUndone](r)(r.desk.Unpromote(ctx, r.staff, id))
		if undone.Withdrawn != 3 || len(undone.Kept) != 0 {
			r.t.Errorf("undone %+v", undone)
		}
	})
}

// The school of the seed: 567 pupils in 19 classes, each in the class above,
// the 112 of grade 5 gone, and back again.
func TestPromoteTheWholeSchool(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		classes := map[string]int{}
		r.update(func(tx kiosk.Tx) error {
			rules, err := tx.Rules(r.Today())
			if err != nil {
				return err
			}
			for grade, size := range map[int][2]int{1: {3, 101}, 2: {4, 109}, 3: {4, 122}, 4: {4, 123}, 5: {4, 112}} {
				for n := range size[0] {
					c := kiosk.Class{ID: tx.NewID(), YearID: rules.Year.ID, Name: fmt.Sprintf("%d%c", grade, 'A'+n), Grade: grade}
					if err := tx.PutClass(c); err != nil {
						return err
					}
					for i := n; i < size[1]; i += size[0] {
						p := kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Name: fmt.Sprintf("Học Sinh Mẫu %d", i), Category: kiosk.Pupil, Status: kiosk.PatronActive, CreatedAt: r.Now()}
						if err := errors.Join(tx.PutPatron(p), tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: c.ID, YearID: c.YearID, Since: rules.Year.Start})); err != nil {
							return err
						}
						classes[c.Name]++
					}
				}
			}
			return nil
		})
		r.Set("2027-06-10 09:00:00")
		id := must[kiosk.ID](r)(r.desk.Promote(r.t.Context(), r.staff, r.order(), nil))
		now := map[string]int{}
		r.view(func(v kiosk.View) error {
			return v.EachMember(r.Today(), func(m kiosk.Member) error {
				if m.Status == kiosk.PatronLeft {
					now["left"]++
				} else {
					now[m.Class]++
				}
				return nil
			})
		})
		if now["left"] != 112 || len(now) != 16 {
			r.t.Errorf("after: %v", now)
		}
		for name, n := range classes {
			if up := kiosk.NextClass(name, int(name[0]-'0')); name[0] < '5' && now[up] != n {
				r.t.Errorf("%s had %d, %s has %d", name, n, up, now[up])
			}
		}
		undone := must[kiosk.PromotionUndone](r)(r.desk.Unpromote(r.t.Context(), r.staff, id))
		if undone.Withdrawn != 455 || undone.Restored != 112 {
			r.t.Errorf("undone %+v", undone)
		}
	})
}

// BenchmarkPromote begins a year with 19 classes of 30 pupils, beside writing
// the same number of enrolments alone.
func BenchmarkPromote(b *testing.B) {
	clock := kiosktest.NewClock()
	open := func() (*store.Store, *circulation.Desk, kiosk.PromotionOrder, []kiosk.ID) {
		st, err := store.Open(b.Context(), b.TempDir(), store.Options{Now: clock.Now})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { st.Close() })
		o := kiosk.PromotionOrder{Year: kiosk.YearOf(kiosk.MustDay("2027-06-01"))}
		var ids []kiosk.ID
		err = st.Update(b.Context(), func(tx kiosk.Tx) error {
			rules, err := tx.Rules(kiosk.MustDay("2026-11-24"))
			if err != nil {
				return err
			}
			y := rules.Year
			o.From = y.ID
			for n := range 19 {
				c := kiosk.Class{ID: tx.NewID(), YearID: y.ID, Name: fmt.Sprintf("%d%c", n%5+1, 'A'+n/5), Grade: n%5 + 1}
				if err := tx.PutClass(c); err != nil {
					return err
				}
				for i := range 30 {
					p := kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Name: fmt.Sprintf("Học Sinh Mẫu %d", i), Category: kiosk.Pupil, Status: kiosk.PatronActive}
					if err := errors.Join(tx.PutPatron(p), tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: c.ID, YearID: y.ID, Since: y.Start})); err != nil {
						return err
					}
					ids = append(ids, p.ID)
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		return st, &circulation.Desk{Ledger: st, Now: clock.Now}, o, ids
	}
	b.Run("promote", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			_, desk, o, _ := open()
			b.StartTimer()
			if _, err := desk.Promote(b.Context(), kiosk.Attempt{Staff: "s", Station: "desk"}, o, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("reference: 570 enrolments", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			st, _, o, ids := open()
			b.StartTimer()
			err := st.Update(b.Context(), func(tx kiosk.Tx) error {
				cs, err := tx.Classes(o.From)
				for _, id := range ids {
					err = errors.Join(err, tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: id, ClassID: cs[0].ID, YearID: o.From}))
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
