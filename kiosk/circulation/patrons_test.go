package circulation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
)

// person adds somebody by the act, with a card.
func (r *rig) person(name, class string, change ...func(*kiosk.Patron)) kiosk.Member {
	r.t.Helper()
	p := kiosk.Patron{Name: name, Category: kiosk.Pupil}
	for _, f := range change {
		f(&p)
	}
	done, err := r.desk.AddPatron(r.t.Context(), r.staff, p, r.class(class), true, false)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.member(done.Patron)
}

// member is a patron as it is now.
func (r *rig) member(id kiosk.ID) (m kiosk.Member) {
	r.t.Helper()
	r.view(func(v kiosk.View) error {
		p, err := v.Patron(id)
		if err != nil {
			return err
		}
		m, err = v.MemberByRef(p.Ref, r.Today())
		return err
	})
	return m
}

// class finds or makes a class of the year of today; "" is none.
func (r *rig) class(name string) (id kiosk.ID) {
	r.t.Helper()
	if name == "" {
		return ""
	}
	r.update(func(tx kiosk.Tx) error {
		rules, err := tx.Rules(r.Today())
		if err != nil {
			return err
		}
		y := rules.Year
		if y.ID == "" {
			y.ID = tx.NewID()
			if err := tx.PutYear(y); err != nil {
				return err
			}
		}
		cs, err := tx.Classes(y.ID)
		if err != nil {
			return err
		}
		for _, c := range cs {
			if c.Name == name {
				id = c.ID
				return nil
			}
		}
		id = tx.NewID()
		return tx.PutClass(kiosk.Class{ID: id, YearID: y.ID, Name: name, Grade: int(name[0] - '0')})
	})
	return id
}

// changes are what the log tells of a patron, newest first.
func (r *rig) changes(id kiosk.ID) (all []kiosk.PatronChange) {
	r.t.Helper()
	r.view(func(v kiosk.View) error {
		es, err := v.ChangesOf(id, 50)
		for _, e := range es {
			if e.StaffRef != r.staff.Staff {
				r.t.Errorf("%s: by %q", e.Payload.Patron, e.StaffRef)
			}
			all = append(all, e.Payload.Patron)
		}
		return err
	})
	return all
}

func TestPatronActs(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		did := must[kiosk.PatronDone](r)
		ctx := r.t.Context()
		an := r.person("Nguyễn Mẫu An", "2A", func(p *kiosk.Patron) { p.BirthDate = kiosk.MustDay("2018-03-04") })
		if an.Class != "2A" || an.Card.Barcode == "" || an.Status != kiosk.PatronActive {
			r.t.Fatalf("added %+v", an)
		}
		// The same child by mistake, and a twin on purpose.
		twin := an.Patron
		twin.Ref, twin.SectorCode = "", ""
		var alike *kiosk.AlikeError
		if _, err := r.desk.AddPatron(ctx, r.staff, twin, r.class("2A"), true, false); !errors.As(err, &alike) || alike.Other != an.ID {
			r.t.Errorf("added twice: %v", err)
		}
		did(r.desk.AddPatron(ctx, r.staff, twin, r.class("2A"), true, true))

		edited := an.Patron
		edited.Name, edited.Sex = "Nguyễn Mẫu Ân", "f"
		seen := errors.New("it was changed")
		look := func(now kiosk.Patron) error {
			if now.Name != an.Name {
				return seen
			}
			return nil
		}
		did(r.desk.ChangePatron(ctx, r.staff, edited, look))
		if _, err := r.desk.ChangePatron(ctx, r.staff, edited, look); !errors.Is(err, seen) {
			r.t.Errorf("a stale form: %v", err)
		}
		if m := r.member(an.ID); m.Name != "Nguyễn Mẫu Ân" || m.Sex != "f" || m.BirthDate != an.BirthDate {
			r.t.Errorf("edited %+v", m)
		}

		moved := did(r.desk.MovePatron(ctx, r.staff, an.ID, r.class("2B")))
		if m := r.member(an.ID); m.Class != "2B" {
			r.t.Errorf("moved to %s", m.Class)
		}
		if _, err := r.desk.MovePatron(ctx, r.staff, an.ID, r.class("2B")); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Errorf("moved to where she is: %v", err)
		}
		did(r.desk.WithdrawEnrolment(ctx, r.staff, an.ID, moved.Enrolment))
		if m := r.member(an.ID); m.Class != "2A" {
			r.t.Errorf("back in %s", m.Class)
		}

		did(r.desk.SetPatronStatus(ctx, r.staff, an.ID, kiosk.PatronBlocked, "Giữ thẻ hộ bạn"))
		if m := r.member(an.ID); kiosk.CanEnter(m).Reason() != kiosk.ReasonCardBlocked {
			r.t.Errorf("blocked: %v", kiosk.CanEnter(m))
		}
		did(r.desk.SetPatronStatus(ctx, r.staff, an.ID, kiosk.PatronActive, ""))
		did(r.desk.SetEntitled(ctx, r.staff, an.ID, true))
		note := did(r.desk.NotePatron(ctx, r.staff, an.ID, "Dòng một\nDòng hai <b>"))
		did(r.desk.SetNoteRemoved(ctx, r.staff, an.ID, note.Note, true))
		did(r.desk.SetNoteRemoved(ctx, r.staff, an.ID, note.Note, false))
		did(r.desk.SetPatronStatus(ctx, r.staff, an.ID, kiosk.PatronLeft, ""))
		if m := r.member(an.ID); m.LeftOn != r.Today() {
			r.t.Errorf("left on %s", m.LeftOn)
		}
		want := []kiosk.PatronChange{kiosk.PatronDeparted, kiosk.PatronNoted, kiosk.PatronUnnoted, kiosk.PatronNoted, kiosk.PatronEntitled, kiosk.PatronReleased, kiosk.PatronHalted,
			kiosk.PatronUnmoved, kiosk.PatronMoved, kiosk.PatronEdited, kiosk.PatronCardMade, kiosk.PatronAdded}
		if got := r.changes(an.ID); !slices.Equal(got, want) {
			r.t.Errorf("log %v\nwant %v", got, want)
		}
		for _, e := range r.Events() {
			if strings.Contains(e.Payload.Comment, "Mẫu") || strings.Contains(e.Payload.Comment, "thẻ") {
				r.t.Errorf("event %d tells %q", e.Seq, e.Payload.Comment)
			}
		}
	})
}

func TestPatronFields(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		good := kiosk.Patron{Name: "Trần Mẫu Bình", Category: kiosk.Pupil, SectorCode: "0123456789"}
		class := r.class("2A")
		if _, err := r.desk.AddPatron(r.t.Context(), r.staff, good, class, false, false); err != nil {
			r.t.Fatal(err)
		}
		for _, c := range []struct {
			field  string
			change func(*kiosk.Patron)
			class  kiosk.ID
			want   kiosk.FieldProblem
		}{
			{"name", func(p *kiosk.Patron) { p.Name = "  " }, class, kiosk.FieldMissing},
			{"name", func(p *kiosk.Patron) { p.Name = strings.Repeat("a", 10000) }, class, kiosk.FieldTooLong},
			{"name", func(p *kiosk.Patron) { p.Name = "12345" }, class, kiosk.FieldMalformed},
			{"name", func(p *kiosk.Patron) { p.Name = "A\x00B" }, class, kiosk.FieldMalformed},
			{"name", func(p *kiosk.Patron) { p.Name = "\xff" }, class, kiosk.FieldMalformed},
			{"category", func(p *kiosk.Patron) { p.Category = "alien" }, class, kiosk.FieldUnknown},
			{"sex", func(p *kiosk.Patron) { p.Sex = "x" }, class, kiosk.FieldUnknown},
			{"birth_date", func(p *kiosk.Patron) { p.BirthDate = r.Today().Add(1) }, class, kiosk.FieldInFuture},
			{"birth_date", func(p *kiosk.Patron) { p.BirthDate = kiosk.MustDay("1319-01-01") }, class, kiosk.FieldOutOfRange},
			{"sector_code", func(p *kiosk.Patron) { p.SectorCode = strings.Repeat("1", 65) }, class, kiosk.FieldTooLong},
			{"class", func(*kiosk.Patron) {}, "", kiosk.FieldMissing},
			{"class", func(*kiosk.Patron) {}, "nope", kiosk.FieldUnknown},
		} {
			p := kiosk.Patron{Name: "Lê Mẫu Chi", Category: kiosk.Pupil}
			c.change(&p)
			_, err := r.desk.AddPatron(r.t.Context(), r.staff, p, c.class, true, false)
			var f *kiosk.FieldError
			if !errors.As(err, &f) || f.Field != c.field || f.Problem != c.want {
				r.t.Errorf("%s: %v, want %s", c.field, err, c.want)
			}
		}
		var alike *kiosk.AlikeError
		other := kiosk.Patron{Name: "Lê Mẫu Chi", Category: kiosk.Pupil, SectorCode: good.SectorCode}
		if _, err := r.desk.AddPatron(r.t.Context(), r.staff, other, class, true, true); !errors.As(err, &alike) || alike.Field != "sector_code" {
			r.t.Errorf("another's code: %v", err)
		}
		// Signs are letters like others; nothing is done with them.
		m := r.person(`<script>"Mẫu"</script> O'An`, "2A")
		if m.Name != `<script>"Mẫu"</script> O'An` {
			r.t.Errorf("kept as %q", m.Name)
		}
		if _, err := r.desk.SetPatronStatus(r.t.Context(), r.staff, m.ID, kiosk.PatronBlocked, " "); err == nil {
			r.t.Error("blocked without a reason")
		}
		if _, err := r.desk.NotePatron(r.t.Context(), r.staff, m.ID, strings.Repeat("a", kiosk.MaxNoteText+1)); err == nil {
			r.t.Error("a note of any length")
		}
		if _, err := r.desk.AddPatron(r.t.Context(), kiosk.Attempt{}, good, class, true, false); !errors.Is(err, kiosk.ErrStaffOnly) {
			r.t.Errorf("nobody adds: %v", err)
		}
	})
}

func TestCardsLostAndReplaced(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		did := must[kiosk.PatronDone](r)
		ctx := r.t.Context()
		m := r.person("Nguyễn Mẫu An", "2A")
		first := m.Card
		at := func(code string) kiosk.Reason {
			var got kiosk.Reason
			r.view(func(v kiosk.View) error {
				m, err := v.MemberByCard(code, r.Today())
				got = kiosk.CanEnter(m).Reason()
				return err
			})
			return got
		}
		did(r.desk.LoseCard(ctx, r.staff, m.ID, first.ID))
		if at(first.Barcode) != kiosk.ReasonCardBlocked {
			r.t.Error("a lost card opens")
		}
		if _, err := r.desk.LoseCard(ctx, r.staff, m.ID, first.ID); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Errorf("lost twice: %v", err)
		}
		did(r.desk.FindCard(ctx, r.staff, m.ID, first.ID))
		if at(first.Barcode) != "" {
			r.t.Error("a card that was found does not open")
		}
		made := did(r.desk.ReplaceCard(ctx, r.staff, m.ID))
		second := r.member(m.ID).Card
		if second.ID != made.Card || second.Barcode == first.Barcode || at(first.Barcode) != kiosk.ReasonCardExpired || at(second.Barcode) != "" {
			r.t.Errorf("replaced: %+v", second)
		}
		did(r.desk.UndoReplaceCard(ctx, r.staff, made))
		if at(first.Barcode) != "" || at(second.Barcode) != kiosk.ReasonCardExpired {
			r.t.Error("the replacement is not taken back")
		}
		if _, err := r.desk.UndoReplaceCard(ctx, r.staff, made); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Errorf("taken back twice: %v", err)
		}
		// A lost card stays lost when a new one is made.
		did(r.desk.LoseCard(ctx, r.staff, m.ID, first.ID))
		did(r.desk.ReplaceCard(ctx, r.staff, m.ID))
		if at(first.Barcode) != kiosk.ReasonCardBlocked {
			r.t.Error("a lost card is no longer lost")
		}
		other := r.person("Trần Mẫu Bình", "2A")
		if _, err := r.desk.LoseCard(ctx, r.staff, m.ID, other.Card.ID); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Errorf("another's card: %v", err)
		}
	})
}

// lend lends a copy and gives it back when told to.
func (r *rig) lend(m kiosk.Member, code string, back bool) {
	r.t.Helper()
	var i kiosk.Item
	r.view(func(v kiosk.View) (err error) { i, err = v.ItemByBarcode(code); return err })
	a, err := r.desk.Checkout(r.t.Context(), r.staff, m.Ref, i.ID)
	if err != nil || a.Result.Outcome != kiosk.CheckedOut {
		r.t.Fatalf("lend %s: %+v, %v", code, a.Result, err)
	}
	if back {
		if _, err := r.desk.Return(r.t.Context(), r.staff, m.Ref, i.ID); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rig) loansOf(id kiosk.ID) (n int) {
	r.view(func(v kiosk.View) error {
		ls, err := v.LoansOf(id, 100)
		n = len(ls)
		return err
	})
	return n
}

func TestForget(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		m := r.person("Nguyễn Mẫu An", "2A")
		r.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
		r.lend(m, "30000013", false)
		var open *kiosk.OpenLoansError
		if _, err := r.desk.ForgetPatron(ctx, r.staff, m.ID); !errors.As(err, &open) || !slices.Equal(open.Titles, []string{"Truyện mẫu"}) {
			r.t.Fatalf("with an open loan: %v", err)
		}
		if got := r.changes(m.ID); slices.Contains(got, kiosk.PatronErased) {
			r.t.Error("a refusal is told as done")
		}
		var i kiosk.Item
		r.view(func(v kiosk.View) (err error) { i, err = v.ItemByBarcode("30000013"); return err })
		if _, err := r.desk.Return(ctx, r.staff, m.Ref, i.ID); err != nil {
			r.t.Fatal(err)
		}
		r.Hold(m.Card.Barcode, "30000013")
		if _, err := r.desk.ForgetPatron(ctx, r.staff, m.ID); !errors.Is(err, kiosk.ErrReserved) {
			r.t.Fatalf("with a reservation: %v", err)
		}
		var hs []kiosk.Hold
		r.view(func(v kiosk.View) (err error) { hs, err = v.HoldsOf(i.TitleID); return err })
		if _, err := r.desk.CancelHold(ctx, r.staff, hs[0].ID); err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.desk.ForgetPatron(ctx, r.staff, m.ID); err != nil {
			r.t.Fatal(err)
		}
		r.view(func(v kiosk.View) error {
			if _, err := v.MemberByCard(m.Card.Barcode, r.Today()); !errors.Is(err, kiosk.ErrNotFound) {
				r.t.Errorf("the card: %v", err)
			}
			n := 0
			err := v.EachLoan(false, func(kiosk.Loan) error { n++; return nil })
			if n != 1 {
				r.t.Errorf("%d loans are counted", n)
			}
			return err
		})
	})
}

// A child's loans lose their name a set time after the school year; the others
// keep it, and the counts stay.
func TestRetain(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		retain := func(clock string) kiosk.Retention {
			r.Set(clock)
			return must[kiosk.Retention](r)(r.desk.Retain(r.t.Context()))
		}
		an, binh, gone := r.person("Nguyễn Mẫu An", "2A"), r.person("Trần Mẫu Bình", "2A"), r.person("Lê Mẫu Chi", "2A")
		for _, code := range []string{"30000013", "30000021", "30000039"} {
			r.Copy(code, "Truyện mẫu "+code, kiosk.Children, "")
		}
		r.lend(an, "30000013", true)
		r.lend(binh, "30000021", false) // kept over the turn of the year
		r.lend(gone, "30000039", true)
		if _, err := r.desk.SetPatronStatus(r.t.Context(), r.staff, gone.ID, kiosk.PatronLeft, ""); err != nil {
			r.t.Fatal(err)
		}
		if got := retain("2026-11-25 02:00:00"); got.Cut != 0 || got.Erased != 0 || got.LastRun.IsZero() {
			r.t.Errorf("the first night %+v", got)
		}
		if r.member(an.ID).Ref != an.Ref {
			r.t.Error("a new reference within the year")
		}
		// Six months after the day on which Chi left.
		if got := retain("2027-05-24 02:00:00"); got.Erased != 1 {
			r.t.Errorf("the leaver %+v", got)
		}
		retain("2027-06-02 02:00:00")
		now := r.member(an.ID)
		if now.Ref == an.Ref || r.member(binh.ID).Ref != binh.Ref {
			r.t.Errorf("new references: %s and %s", now.Ref, r.member(binh.ID).Ref)
		}
		if r.loansOf(an.ID) != 1 {
			r.t.Error("the loan of last year has lost its name at once")
		}
		if got := retain("2027-12-01 02:00:00"); got.Cut != 0 {
			r.t.Errorf("a day early %+v", got)
		}
		if got := retain("2027-12-02 02:00:00"); got.Cut != 1 || r.loansOf(an.ID) != 0 || r.loansOf(binh.ID) != 1 {
			r.t.Errorf("six months on %+v: %d and %d loans", got, r.loansOf(an.ID), r.loansOf(binh.ID))
		}
		if got := retain("2027-12-02 02:10:00"); got.Cut != 0 || got.Erased != 0 {
			r.t.Errorf("twice %+v", got)
		}
		// The last act is of a reference that is nobody's: it cannot be taken back.
		for _, e := range r.Events() {
			if e.Type == kiosk.EventReturned {
				a, err := r.desk.Undo(r.t.Context(), r.staff, "", e.Seq)
				if err != nil || a.Result.Reason != kiosk.ReasonNothingToUndo {
					r.t.Errorf("a return of past years is taken back: %+v, %v", a.Result, err)
				}
			}
		}
		if err := r.desk.SetRetention(r.t.Context(), r.staff, 0); err == nil {
			r.t.Error("no months")
		}
		if err := r.desk.SetRetention(r.t.Context(), r.staff, 12); err != nil {
			r.t.Error(err)
		}
		r.view(func(v kiosk.View) error {
			got, err := circulation.RetentionOf(v)
			if got.Months != 12 || got.LastRun.IsZero() {
				r.t.Errorf("set %+v", got)
			}
			return err
		})
	})
}
