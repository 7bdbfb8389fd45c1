package circulation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"muontra/kiosk"
)

// What was made by mistake is no more once that is taken back, and is found no more;
// as soon as something refers to it, it stays.
func TestWhatWasMadeIsTakenBack(t *testing.T) {
	ctx := t.Context()
	onEveryLedger(t, func(r *rig) {
		gone := func(what string, read func(kiosk.View) error) {
			r.t.Helper()
			r.view(func(v kiosk.View) error {
				if err := read(v); !errors.Is(err, kiosk.ErrNotFound) {
					r.t.Errorf("%s is still there: %v", what, err)
				}
				return nil
			})
		}
		kept := func(what string, seq int64) {
			r.t.Helper()
			if _, err := r.desk.TakeBack(ctx, r.staff, seq); !errors.Is(err, kiosk.ErrNotUndoable) {
				r.t.Errorf("%s: %v", what, err)
			}
		}
		title, ans, err := r.desk.AddTitle(ctx, r.staff, kiosk.Title{Title: "Tên gõ nhầm"})
		seq := r.mustSeq(ans, err)
		r.finds("go nham", 1)
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		gone("the title", func(v kiosk.View) error { _, err := v.Title(title.ID); return err })
		r.finds("go nham", 0)
		kept("a title unmade twice", seq)

		title, ans, err = r.desk.AddTitle(ctx, r.staff, kiosk.Title{Title: "Toán 2", Grade: 2})
		made := r.mustSeq(ans, err)
		line, ans, err := r.desk.SaveTextbookLine(ctx, r.staff, kiosk.TextbookLine{TitleID: title.ID, Year: 2024, From: 1, To: 5, Quantity: 5}, nil)
		seq = r.mustSeq(ans, err)
		kept("a title with textbooks", made)
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		gone("the line", func(v kiosk.View) error { _, err := v.TextbookLine(line.ID); return err })
		// A title that was changed since is taken back to what it was before that, first.
		title.Remainder = "tập một"
		edit := r.mustSeq(r.desk.EditTitle(ctx, r.staff, title, nil))
		kept("a title that was changed", made)
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, edit))
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, made))
		gone("the title of the line", func(v kiosk.View) error { _, err := v.Title(title.ID); return err })

		set, ans, err := r.desk.SaveSet(ctx, r.staff, kiosk.BookSet{Name: "Bộ gõ nhầm"}, nil)
		seq = r.mustSeq(ans, err)
		r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		_, ans, err = r.desk.AddToSet(ctx, r.staff, set.ID, "10000014")
		in := r.mustSeq(ans, err)
		kept("a set with a book", seq)
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, in))
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		gone("the set", func(v kiosk.View) error { _, err := v.Set(set.ID); return err })
	})
}

// Somebody typed by mistake is gone, card and all; who has borrowed stays a person.
func TestAddedPatronIsTakenBack(t *testing.T) {
	ctx := t.Context()
	onEveryLedger(t, func(r *rig) {
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		add := func(name string) kiosk.PatronDone {
			return must[kiosk.PatronDone](r)(r.desk.AddPatron(ctx, r.staff, kiosk.Patron{Name: name, Category: kiosk.Pupil}, r.class("2A"), true, false))
		}
		done := add("Lê Mẫu Chi")
		must[kiosk.PatronDone](r)(r.desk.UndoAddPatron(ctx, r.staff, done))
		r.view(func(v kiosk.View) error {
			if _, err := v.Patron(done.Patron); !errors.Is(err, kiosk.ErrNotFound) {
				r.t.Errorf("still there: %v", err)
			}
			cards, err := v.CardsOf(done.Patron)
			if len(cards) > 0 {
				r.t.Error("the card is still there")
			}
			return err
		})
		for what, since := range map[string]func(kiosk.PatronDone){
			"a loan that came back": func(d kiosk.PatronDone) {
				r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
				m := r.member(d.Patron)
				r.lend(m, "10000014", true)
			},
			"a note": func(d kiosk.PatronDone) {
				must[kiosk.PatronDone](r)(r.desk.NotePatron(ctx, r.staff, d.Patron, "Ghi chú mẫu"))
			},
			"a new card": func(d kiosk.PatronDone) { must[kiosk.PatronDone](r)(r.desk.ReplaceCard(ctx, r.staff, d.Patron)) },
		} {
			d := add("Phạm Mẫu Duy " + what)
			since(d)
			if _, err := r.desk.UndoAddPatron(ctx, r.staff, d); !errors.Is(err, kiosk.ErrNotUndoable) {
				r.t.Errorf("with %s: %v", what, err)
			}
			if m := r.member(d.Patron); m.Name == "" {
				r.t.Errorf("with %s: gone", what)
			}
		}
	})
}

// The steps of a box that move no book are taken back to the box as it was; a
// rotation that was ended too early goes on.
func TestBoxStepsAreTakenBack(t *testing.T) {
	inRoom(t, func(m *room) {
		ctx := m.t.Context()
		b := m.makeCorner("G3B", "Góc 3B", kiosk.ClassCorner, "3B", "")
		box := func(id kiosk.ID) (d kiosk.Deposit) {
			m.view(func(v kiosk.View) (err error) { d, err = v.Deposit(id); return err })
			return d
		}
		begun := must[kiosk.Deposit](m.rig)(m.desk.BeginHandover(ctx, m.staff, b.Place, kiosk.Day{}))
		is := box(begun.ID)
		must[kiosk.Deposit](m.rig)(m.desk.UndoBoxStep(ctx, m.staff, kiosk.Deposit{}, is))
		if box(begun.ID).Ended.IsZero() {
			m.t.Error("the box that was begun stands")
		}
		if _, err := m.desk.UndoBoxStep(ctx, m.staff, kiosk.Deposit{}, is); !errors.Is(err, kiosk.ErrNotUndoable) {
			m.t.Errorf("twice: %v", err)
		}
		d, _ := m.filled(m.a, 2)
		if _, err := m.desk.UndoBoxStep(ctx, m.staff, kiosk.Deposit{}, box(d.ID)); !errors.Is(err, kiosk.ErrNotUndoable) {
			m.t.Errorf("a box with books is unmade: %v", err)
		}
		was := box(d.ID)
		must[kiosk.Deposit](m.rig)(m.desk.CountBox(ctx, m.staff, d.ID))
		must[kiosk.Deposit](m.rig)(m.desk.UndoBoxStep(ctx, m.staff, was, box(d.ID)))
		equal(m.rig, "counting taken back", box(d.ID), was)

		r := must[kiosk.Rotation](m.rig)(m.rotate(m.a, b))
		must[kiosk.Rotation](m.rig)(m.desk.CloseRotation(ctx, m.staff, r.ID))
		again := must[kiosk.Rotation](m.rig)(m.desk.ReopenRotation(ctx, m.staff, r.ID))
		equal(m.rig, "goes on", []any{again.Open(), again.Undone, again.Left()}, []any{true, false, 2})
		must[kiosk.Rotation](m.rig)(m.desk.CloseRotation(ctx, m.staff, r.ID))
		other := must[kiosk.Rotation](m.rig)(m.rotate(m.a, b))
		var busy *kiosk.RotationBegunError
		if _, err := m.desk.ReopenRotation(ctx, m.staff, r.ID); !errors.As(err, &busy) || busy.Rotation != other.ID {
			m.t.Errorf("beside another of the same box: %v", err)
		}
	})
}

// A book that was scanned back from its corner by mistake belongs there again, and the
// box that it was the last of stands; as long as nothing else was done with it.
func TestScanBackIsTakenBack(t *testing.T) {
	inRoom(t, func(m *room) {
		ctx := m.t.Context()
		d, books := m.filled(m.a, 1)
		box := func() (b kiosk.Deposit) {
			m.view(func(v kiosk.View) (err error) { b, err = v.Deposit(d.ID); return err })
			return b
		}
		was, rows, state := box(), m.rows(d.ID), m.item(books[0].Copy).State
		back := func() {
			m.t.Helper()
			m.wait(time.Minute)
			if done := must[kiosk.BoxScan](m.rig)(m.desk.ScanBack(ctx, m.staff, books[0].Barcode, kiosk.ConditionWorn)); !done.Ended {
				m.t.Fatalf("%+v", done)
			}
		}
		back()
		if err := m.desk.UndoScanBack(ctx, m.staff, books[0].ID); err != nil {
			m.t.Fatal(err)
		}
		equal(m.rig, "the box", box(), was)
		equal(m.rig, "its books", m.rows(d.ID), rows)
		equal(m.rig, "the book", m.item(books[0].Copy).State, state)
		if err := m.desk.UndoScanBack(ctx, m.staff, books[0].ID); !errors.Is(err, kiosk.ErrNotUndoable) {
			m.t.Errorf("twice: %v", err)
		}
		back()
		must[kiosk.Answer](m.rig)(m.desk.Change(ctx, m.staff, books[0].ID, kiosk.CopyChange{Status: kiosk.CopyInRepair}))
		if err := m.desk.UndoScanBack(ctx, m.staff, books[0].ID); !errors.Is(err, kiosk.ErrNotUndoable) {
			m.t.Errorf("after it went to be mended: %v", err)
		}
	})
}

// How a find and a missing book were settled is taken back: lines of boxes, states
// and loans are as before, and it can be settled anew.
func TestSettlingIsTakenBack(t *testing.T) {
	inRoom(t, func(m *room) {
		ctx := m.t.Context()
		stage := m.strangers()
		box, own, others, shelf, gone, lost, lent := stage.box, stage.own, stage.others, stage.shelf, stage.gone, stage.lost, stage.lent
		for _, code := range []string{others[0].Barcode, others[1].Barcode, shelf.Barcode, gone.Barcode, lost.Barcode, lent.Barcode, "9786042000000"} {
			must[kiosk.BoxScan](m.rig)(m.desk.ScanCount(ctx, m.staff, box.ID, code))
		}
		// all that settling may touch
		world := func() (w []any) {
			m.view(func(v kiosk.View) error {
				finds, err := v.OpenFinds()
				w = append(w, finds)
				return err
			})
			w = append(w, m.rows(box.ID), m.boxAt(m.a))
			for _, c := range append(append([]kiosk.Item{shelf, gone, lost, lent}, own...), others...) {
				card, _ := m.Borrower(c.Barcode)
				w = append(w, m.item(c.Copy).State, card, m.place(c))
				m.view(func(v kiosk.View) error {
					row, err := v.BoxOf(c.ID)
					w = append(w, row)
					if errors.Is(err, kiosk.ErrNotFound) {
						return nil
					}
					return err
				})
			}
			return w
		}
		before := world()
		asBefore := func(what string) {
			m.t.Helper()
			for i, now := range world() {
				got, err := json.Marshal(now)
				want, err2 := json.Marshal(before[i])
				if err := errors.Join(err, err2); err != nil {
					m.t.Fatal(err)
				}
				equal(m.rig, fmt.Sprint(what, ", part ", i), string(got), string(want))
			}
		}
		m.wait(time.Minute)
		for _, x := range []struct {
			c    kiosk.Item
			lost bool
		}{{own[1], false}, {own[1], true}, {own[0], true}} { // here after all; lost; lost with its loan
			must[kiosk.BoxScan](m.rig)(m.desk.SettleMissing(ctx, m.staff, box.ID, x.c.ID, x.lost))
			if err := m.desk.UndoSettleMissing(ctx, m.staff, x.c.ID); err != nil {
				m.t.Fatalf("%+v: %v", x, err)
			}
			asBefore("missing again")
			if err := m.desk.UndoSettleMissing(ctx, m.staff, x.c.ID); !errors.Is(err, kiosk.ErrNotUndoable) {
				m.t.Errorf("twice: %v", err)
			}
		}
		finds := before[0].([]kiosk.Find)
		equal(m.rig, "finds", len(finds), 7)
		for _, f := range finds {
			for _, how := range kiosk.FindDones {
				done, err := m.desk.SettleFind(ctx, m.staff, f.ID, how)
				if err != nil {
					continue // not for this kind
				}
				equal(m.rig, string(f.Kind)+" is settled", done.Settled, how)
				if err := m.desk.UndoSettleFind(ctx, m.staff, done); err != nil {
					m.t.Fatalf("%s, %s: %v", f.Kind, how, err)
				}
				asBefore(string(f.Kind) + " " + string(how) + " taken back")
				if err := m.desk.UndoSettleFind(ctx, m.staff, done); !errors.Is(err, kiosk.ErrNotUndoable) {
					m.t.Errorf("%s, %s twice: %v", f.Kind, how, err)
				}
			}
		}
		// Something has happened to the book since.
		i := slices.IndexFunc(finds, func(f kiosk.Find) bool { return f.Copy == lost.ID })
		done := must[kiosk.Find](m.rig)(m.desk.SettleFind(ctx, m.staff, finds[i].ID, kiosk.FindSent))
		must[kiosk.Answer](m.rig)(m.desk.Change(ctx, m.staff, lost.ID, kiosk.CopyChange{Status: kiosk.CopyInRepair}))
		if err := m.desk.UndoSettleFind(ctx, m.staff, done); !errors.Is(err, kiosk.ErrNotUndoable) {
			m.t.Errorf("after it went to be mended: %v", err)
		}
	})
}

// Sets that were made of textbook lines by mistake: the lines have their books again,
// the copies never were. One whose label is on the book stays.
func TestSetsOfLinesAreTakenBack(t *testing.T) {
	ctx := t.Context()
	onEveryLedger(t, func(r *rig) {
		title, _, err := r.desk.AddTitle(ctx, r.staff, kiosk.Title{Title: "Toán 2", Grade: 2})
		if err != nil {
			r.t.Fatal(err)
		}
		line, _, err := r.desk.SaveTextbookLine(ctx, r.staff, kiosk.TextbookLine{TitleID: title.ID, Year: 2024, From: 1, To: 5, Quantity: 5}, nil)
		if err != nil {
			r.t.Fatal(err)
		}
		make := func() ([]kiosk.BookSet, int64) {
			made, ans, err := r.desk.SetsFromLines(ctx, r.staff, kiosk.BookSet{Name: "Bộ mẫu", Programme: kiosk.Programme2018}, 2, []kiosk.ID{line.ID})
			return made, r.mustSeq(ans, err)
		}
		quantity := func(want int) {
			r.t.Helper()
			r.view(func(v kiosk.View) error {
				l, err := v.TextbookLine(line.ID)
				if l.Quantity != want {
					r.t.Errorf("%d books, want %d", l.Quantity, want)
				}
				return err
			})
		}
		made, seq := make()
		quantity(3)
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		quantity(5)
		r.view(func(v kiosk.View) error {
			for _, s := range made {
				if _, err := v.Set(s.ID); !errors.Is(err, kiosk.ErrNotFound) {
					r.t.Errorf("the set is still there: %v", err)
				}
			}
			all, err := v.ItemsOfTitle(title.ID)
			for _, i := range all {
				if i.State.Status != kiosk.CopyWithdrawn || i.SetID != "" {
					r.t.Errorf("%+v", i)
				}
			}
			return errors.Join(err, v.StockMoves(func(m kiosk.StockMove) error {
				if m.Status == kiosk.CopyWithdrawn && !m.Unmade() {
					r.t.Errorf("counted as gone: %+v", m)
				}
				return nil
			}))
		})
		made, seq = make()
		r.update(func(tx kiosk.Tx) error {
			in, err := tx.ItemsOfSet(made[1].ID)
			if err != nil {
				return err
			}
			in[0].Labelled = true
			return tx.PutCopy(in[0].Copy)
		})
		if _, err := r.desk.TakeBack(ctx, r.staff, seq); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("its label is on the book: %v", err)
		}
		quantity(3)
	})
}
