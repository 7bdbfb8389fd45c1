package circulation_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
)

// A box of sixty books of three titles, entered, registered, stamped, labelled,
// shelved (issue 3, seed R170, R182, R200).
func TestSixtyBooks(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		box := r.open()
		equal(r, "entry", box.Entry, 1)
		equal(r, "by", box.CreatedBy, r.staff.Staff)
		story := r.add(box, "Dế Mèn phiêu lưu ký", kiosk.Children, 25)
		maps := r.add(box, "Bản đồ Việt Nam", kiosk.Map, 5)
		tales := r.add(box, "Truyện cổ tích", kiosk.Children, 30)
		all := slices.Concat(story.Copies, maps.Copies, tales.Copies)
		seen := map[string]bool{}
		for _, c := range all {
			i := r.item(c)
			if seen[c.Barcode] || c.Barcode == "" || i.Accession != "" || i.Source != "purchase" || i.Received != r.Today() || i.Price != 25000 || i.HomePlace != r.shelf.ID ||
				i.State.Status != kiosk.CopyInProcessing || i.State.Place != "" || r.steps(c).Next() != kiosk.StepRegister {
				t.Fatalf("copy %+v", i)
			}
			seen[c.Barcode] = true
		}
		r.view(func(v kiosk.View) error {
			w, err := v.Waiting()
			equal(r, "waiting", len(w), 60)
			return err
		})

		// In whatever order they are asked for, they are numbered as the lines are.
		mixed := slices.Clone(all)
		slices.Reverse(mixed)
		mixed = append(mixed, all[0])
		done := r.register(mixed...)
		equal(r, "numbers", numbers(done), slices.Concat(series("TN", 1, 25), series("BD", 1, 5), series("TN", 26, 55)))
		for n, c := range all {
			i := r.item(c)
			if i.ID != done.Copies[n].Item.ID || i.State.Status != kiosk.CopyAvailable || i.State.Place != r.shelf.ID || r.steps(c).Registered != r.Today() {
				t.Fatalf("registered copy %+v", i)
			}
			if done.Copies[n].Item.State != i.State || done.Copies[n].Processing != r.steps(c) {
				t.Errorf("answered %+v, stored %+v", done.Copies[n], i)
			}
		}
		equal(r, "registered twice", r.register(all...).Copies, nil)

		r.Advance(24 * time.Hour)
		for _, s := range []kiosk.Step{kiosk.StepLabel, kiosk.StepStamp, kiosk.StepShelve} { // in any order
			equal(r, "ticked", len(r.tick(s, all...).Copies), 60)
			equal(r, "ticked again", len(r.tick(s, all...).Copies), 0)
		}
		for _, c := range all {
			p := r.steps(c)
			if p.Next() != "" || p.Stamped != r.Today() || !r.item(c).Labelled {
				t.Fatalf("done copy %+v", p)
			}
		}
		r.view(func(v kiosk.View) error {
			w, err := v.Waiting()
			equal(r, "waiting at last", len(w), 0)
			return err
		})
		types := map[kiosk.Step]int{}
		for _, e := range r.Events() {
			if e.Type == kiosk.EventProcessed {
				types[e.Payload.Step]++
			}
			if e.StaffRef != r.staff.Staff || e.Station != kiosk.DefaultStation || e.CopyID == "" {
				t.Errorf("event %+v", e)
			}
		}
		equal(r, "events", types, map[kiosk.Step]int{kiosk.StepRegister: 60, kiosk.StepStamp: 60, kiosk.StepLabel: 60, kiosk.StepShelve: 60})
	})
}

func TestTwoReceiptsInTurn(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		a, b := r.open(), r.open()
		equal(r, "entries", []int{a.Entry, b.Entry}, []int{1, 2})
		a1, b1 := r.add(a, "Một", kiosk.Reference, 3), r.add(b, "Hai", kiosk.Reference, 3)
		a2 := r.add(a, "Ba", kiosk.Textbook, 2)
		equal(r, "part of the second", numbers(r.register(b1.Copies[0], b1.Copies[1])), series("TK", 1, 2))
		equal(r, "the first", numbers(r.register(slices.Concat(a2.Copies, a1.Copies)...)), append(series("TK", 3, 5), series("GK", 1, 2)...))
		equal(r, "the rest", numbers(r.register(slices.Concat(a1.Copies, b1.Copies)...)), series("TK", 6, 6))
		c := r.open()
		equal(r, "the third's entry", c.Entry, 3)
		c1, d1 := r.add(c, "Bốn", kiosk.Reference, 1), r.add(b, "Năm", kiosk.Reference, 1)
		equal(r, "two receipts at once", []kiosk.ID{c1.Copies[0].ID, d1.Copies[0].ID}, reversed(r.register(c1.Copies[0], d1.Copies[0]))) // the second receipt comes first
	})
}

func reversed(t kiosk.Ticked) (all []kiosk.ID) {
	for _, p := range slices.Backward(t.Copies) {
		all = append(all, p.CopyID)
	}
	return all
}

func TestDonatedBooks(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		gift := must[kiosk.Receipt](r)(r.desk.OpenReceipt(ctx, r.staff, kiosk.Receipt{Source: kiosk.Donation, Supplier: "  Học Sinh Mẫu Một ", DonorClass: "2A", Date: r.Today(), Funding: "xã hội hóa", Note: "dòng một\ndòng hai"}))
		equal(r, "donor", []string{gift.Supplier, gift.DonorClass, gift.Note}, []string{"Học Sinh Mẫu Một", "2A", "dòng một\ndòng hai"})
		l := r.add(gift, "Truyện được tặng", kiosk.Children, 1)
		equal(r, "source", r.item(l.Copies[0]).Source, "donation")
		r.register(l.Copies...)
		must[kiosk.Receipt](r)(r.desk.OpenReceipt(ctx, r.staff, kiosk.Receipt{Source: kiosk.Donation, DonorClass: "3B", Date: r.Today()})) // a whole class

		// Entered with the wrong source and day: the copies follow.
		gift.Source, gift.DonorClass, gift.Supplier, gift.Date = kiosk.Exchange, "", "Trường Mẫu", r.Today().Add(-1)
		got := must[kiosk.Receipt](r)(r.desk.ChangeReceipt(ctx, r.staff, gift, nil))
		equal(r, "entry", got.Entry, 1)
		i := r.item(l.Copies[0])
		equal(r, "copy then", []any{i.Source, i.Received, i.Accession}, []any{"exchange", r.Today().Add(-1), "TN.00001"})
	})
}

func TestReceiptsRefused(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		good := kiosk.Receipt{Source: kiosk.Purchase, Date: r.Today()}
		for _, c := range []struct {
			what, field string
			problem     kiosk.FieldProblem
			change      func(*kiosk.Receipt)
		}{
			{"no source", "source", kiosk.FieldMissing, func(x *kiosk.Receipt) { x.Source = "" }},
			{"a source that is none", "source", kiosk.FieldUnknown, func(x *kiosk.Receipt) { x.Source = "theft\x00" }},
			{"no day", "date", kiosk.FieldMissing, func(x *kiosk.Receipt) { x.Date = kiosk.Day{} }},
			{"tomorrow", "date", kiosk.FieldInFuture, func(x *kiosk.Receipt) { x.Date = r.Today().Add(1) }},
			{"year 20026", "date", kiosk.FieldInFuture, func(x *kiosk.Receipt) { x.Date.Year = 20026 }},
			{"year 26", "date", kiosk.FieldOutOfRange, func(x *kiosk.Receipt) { x.Date.Year = 26 }},
			{"a gift of nobody", "supplier", kiosk.FieldMissing, func(x *kiosk.Receipt) { x.Source = kiosk.Donation }},
			{"a class that sells", "donor_class", kiosk.FieldUnexpected, func(x *kiosk.Receipt) { x.DonorClass = "2A" }},
			{"a voucher of 300 letters", "voucher", kiosk.FieldTooLong, func(x *kiosk.Receipt) { x.Voucher = strings.Repeat("ế", 300) }},
			{"bytes that are no text", "funding", kiosk.FieldMalformed, func(x *kiosk.Receipt) { x.Funding = "\xff" }},
			{"a supplier of two lines", "supplier", kiosk.FieldMalformed, func(x *kiosk.Receipt) { x.Supplier = "a\nb" }},
		} {
			r.nothing(c.what, func() {
				x := good
				c.change(&x)
				_, err := r.desk.OpenReceipt(t.Context(), r.staff, x)
				r.wrongField(c.what, err, c.field, c.problem)
			})
		}
		_, err := r.desk.OpenReceipt(t.Context(), kiosk.Attempt{Station: kiosk.DefaultStation}, good)
		if !errors.Is(err, kiosk.ErrStaffOnly) {
			t.Errorf("a patron's receipt: %v", err)
		}
		for what, err := range map[string]error{
			"change": second(r.desk.ChangeReceipt(t.Context(), r.staff, kiosk.Receipt{ID: "nope"}, nil)),
			"close":  second(r.desk.CloseReceipt(t.Context(), r.staff, "nope")),
			"add":    second(r.desk.AddLine(t.Context(), r.staff, kiosk.ReceiptLine{ReceiptID: "nope"}, kiosk.Title{})),
			"line":   second(r.desk.ChangeLine(t.Context(), r.staff, kiosk.ReceiptLine{ID: "nope"}, nil)),
			"remove": second(r.desk.RemoveLine(t.Context(), r.staff, "nope")),
		} {
			if !errors.Is(err, kiosk.ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestLinesRefused(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		box := r.open()
		closed := r.shelf
		r.update(func(tx kiosk.Tx) error {
			closed = kiosk.Place{ID: tx.NewID(), Code: "K9", Name: "Kệ cũ", Kind: kiosk.Shelf, Closed: true}
			return tx.PutPlace(closed)
		})
		for _, c := range []struct {
			what, field string
			problem     kiosk.FieldProblem
			change      func(*kiosk.ReceiptLine, *kiosk.Title)
		}{
			{"none", "quantity", kiosk.FieldOutOfRange, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Quantity = 0 }},
			{"minus three", "quantity", kiosk.FieldOutOfRange, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Quantity = -3 }},
			{"501", "quantity", kiosk.FieldOutOfRange, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Quantity = 501 }},
			{"the greatest number", "quantity", kiosk.FieldOutOfRange, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Quantity = math.MaxInt }},
			{"a price below zero", "price", kiosk.FieldOutOfRange, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Price = -1 }},
			{"a price of milliards", "price", kiosk.FieldOutOfRange, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Price = 100_000_001 }},
			{"the greatest price", "price", kiosk.FieldOutOfRange, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Price = math.MaxInt64 }},
			{"no kind", "kind", kiosk.FieldMissing, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Kind = "" }},
			{"a kind that is none", "kind", kiosk.FieldUnknown, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.Kind = "spoon" }},
			{"no place", "home_place", kiosk.FieldMissing, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.HomePlace = "" }},
			{"a place that is none", "home_place", kiosk.FieldUnknown, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.HomePlace = "nope" }},
			{"a closed place", "home_place", kiosk.FieldUnknown, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.HomePlace = closed.ID }},
			{"a title that is none", "title", kiosk.FieldUnknown, func(l *kiosk.ReceiptLine, _ *kiosk.Title) { l.TitleID = "nope" }},
			{"no title", "title.title", kiosk.FieldMissing, func(_ *kiosk.ReceiptLine, x *kiosk.Title) { x.Title = " \t" }},
			{"a title of 501 letters", "title.title", kiosk.FieldTooLong, func(_ *kiosk.ReceiptLine, x *kiosk.Title) { x.Title = strings.Repeat("ữ", 501) }},
			{"an isbn with a slip", "title.isbn", kiosk.FieldMalformed, func(_ *kiosk.ReceiptLine, x *kiosk.Title) { x.ISBN = "9786042088788" }},
			{"a grade of 13", "title.grade", kiosk.FieldOutOfRange, func(_ *kiosk.ReceiptLine, x *kiosk.Title) { x.Grade = 13 }},
			{"an author of bytes", "title.authors", kiosk.FieldMalformed, func(_ *kiosk.ReceiptLine, x *kiosk.Title) { x.Authors = []string{"Tô Hoài", "a\x1fb"} }},
		} {
			r.nothing(c.what, func() {
				l, x := r.line(box, kiosk.Children, 1), kiosk.Title{Title: "Truyện mẫu"}
				c.change(&l, &x)
				_, err := r.desk.AddLine(t.Context(), r.staff, l, x)
				r.wrongField(c.what, err, c.field, c.problem)
			})
		}
		got := must[kiosk.LineCopies](r)(r.desk.AddLine(t.Context(), r.staff, r.line(box, kiosk.Children, 500), kiosk.Title{Title: strings.Repeat("ữ", 500), ISBN: "978-604-2-08878-7", Authors: []string{" Tô Hoài ", ""}}))
		equal(r, "the most copies", len(got.Copies), 500)
		equal(r, "title", []any{got.Title.ISBN, got.Title.Authors}, []any{"9786042088787", []string{"Tô Hoài"}})
		// The same title again, by its id.
		again := r.line(box, kiosk.Children, 1)
		again.TitleID, again.Price = got.Title.ID, 100_000_000
		equal(r, "the same title", must[kiosk.LineCopies](r)(r.desk.AddLine(t.Context(), r.staff, again, kiosk.Title{})).Title, got.Title)
	})
}

func TestClosedReceipt(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		box := r.open()
		l := r.add(box, "Truyện mẫu", kiosk.Children, 2)
		box = must[kiosk.Receipt](r)(r.desk.CloseReceipt(ctx, r.staff, box.ID))
		more := l.Line
		more.Quantity = 3
		r.nothing("a closed receipt", func() {
			for what, err := range map[string]error{
				"add":    second(r.desk.AddLine(ctx, r.staff, r.line(box, kiosk.Children, 1), kiosk.Title{Title: "x"})),
				"change": second(r.desk.ChangeLine(ctx, r.staff, more, nil)),
				"remove": second(r.desk.RemoveLine(ctx, r.staff, l.Line.ID)),
				"head":   second(r.desk.ChangeReceipt(ctx, r.staff, box, nil)),
			} {
				var e *kiosk.ReceiptClosedError
				if !errors.As(err, &e) || e.Entry != 1 || e.Receipt != box.ID {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
		equal(r, "registered all the same", len(r.register(l.Copies...).Copies), 2)
		must[kiosk.Receipt](r)(r.desk.ReopenReceipt(ctx, r.staff, box.ID))
		r.add(box, "Truyện khác", kiosk.Children, 1)
	})
}

func TestLineChanged(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		box := r.open()
		l := r.add(box, "Truyện mẫu", kiosk.Children, 5)
		other := r.add(box, "Tham khảo mẫu", kiosk.Reference, 1)
		change := l.Line
		change.Quantity, change.Kind, change.Price, change.TitleID, change.ReceiptID = 3, kiosk.Reference, 30000, other.Line.TitleID, ""
		got := must[kiosk.LineCopies](r)(r.desk.ChangeLine(ctx, r.staff, change, nil))
		equal(r, "kept", ids(got.Copies...), ids(l.Copies[:3]...))
		equal(r, "line", got.Line, kiosk.ReceiptLine{ID: l.Line.ID, ReceiptID: box.ID, TitleID: other.Line.TitleID, Kind: kiosk.Reference, Quantity: 3, Price: 30000, HomePlace: r.shelf.ID})
		for n, c := range l.Copies {
			i := r.item(c)
			if n < 3 && (i.Kind != kiosk.Reference || i.Price != 30000 || i.Title.Title != "Tham khảo mẫu" || i.State.Status != kiosk.CopyInProcessing) || n >= 3 && i.State.Status != kiosk.CopyWithdrawn {
				t.Errorf("copy %d: %+v", n, i)
			}
		}
		change.Quantity = 4
		got = must[kiosk.LineCopies](r)(r.desk.ChangeLine(ctx, r.staff, change, nil))
		equal(r, "more", len(got.Copies), 4)
		// Nothing was given a number meanwhile: the register begins with the first.
		equal(r, "numbers", numbers(r.register(slices.Concat(other.Copies, got.Copies)...)), series("TK", 1, 5))
		r.refusedStep("a copy taken back", second(r.desk.Register(ctx, r.staff, ids(l.Copies...))), kiosk.StepRegister, kiosk.StepWithdrawn, kiosk.StepWithdrawn)

		r.nothing("a registered line", func() {
			for what, err := range map[string]error{
				"change": second(r.desk.ChangeLine(ctx, r.staff, change, nil)),
				"remove": second(r.desk.RemoveLine(ctx, r.staff, change.ID)),
			} {
				var e *kiosk.LineRegisteredError
				if !errors.As(err, &e) || e.Registered != 4 || e.Quantity != 4 {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
		r.nothing("a wrong number", func() {
			bad := change
			bad.Quantity = -1
			if err := second(r.desk.ChangeLine(ctx, r.staff, bad, nil)); err == nil {
				t.Error("a line of minus one")
			}
		})
	})
}

func TestLineRemoved(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		box := r.open()
		a, b := r.add(box, "Một", kiosk.Children, 2), r.add(box, "Hai", kiosk.Children, 2)
		why := r.staff
		why.Comment = "nhập nhầm"
		equal(r, "removed", must[kiosk.ReceiptLine](r)(r.desk.RemoveLine(ctx, why, a.Line.ID)).Quantity, 0)
		for _, c := range a.Copies {
			equal(r, "copy", r.item(c).State.Status, kiosk.CopyWithdrawn)
		}
		es := r.Events()
		if last := es[len(es)-1]; last.Type != kiosk.EventCopyChanged || last.Payload.Comment != "nhập nhầm" || last.Payload.Before.Copies[0].Status != kiosk.CopyInProcessing {
			t.Errorf("last event %+v", last)
		}
		r.view(func(v kiosk.View) error {
			ls, err := v.ReceiptLines(box.ID)
			equal(r, "the line stays", len(ls), 2)
			ps, err2 := v.ProcessingOf(box.ID)
			equal(r, "so do its copies", len(ps), 4)
			w, err3 := v.Waiting()
			equal(r, "but they wait for nothing", len(w), 2)
			return errors.Join(err, err2, err3)
		})
		equal(r, "no number is lost", numbers(r.register(b.Copies...)), series("TN", 1, 2))

		// Registered, taken back, removed: the numbers stay with their copies.
		must[kiosk.Ticked](r)(r.desk.Untick(ctx, r.staff, kiosk.StepRegister, ids(b.Copies...)))
		kind := b.Line
		kind.Kind = kiosk.Map
		var e *kiosk.LineRegisteredError
		if err := second(r.desk.ChangeLine(ctx, r.staff, kind, nil)); !errors.As(err, &e) {
			t.Errorf("another kind for numbered copies: %v", err)
		}
		must[kiosk.ReceiptLine](r)(r.desk.RemoveLine(ctx, r.staff, b.Line.ID))
		back := b.Line
		back.Quantity = 1
		again := must[kiosk.LineCopies](r)(r.desk.ChangeLine(ctx, r.staff, back, nil)) // it comes back
		equal(r, "the number after them", numbers(r.register(again.Copies...)), series("TN", 3, 3))
		equal(r, "number of a removed copy", r.item(b.Copies[1]).Accession, "TN.00002")
	})
}

// A form that is sent twice is done once.
func TestSentTwice(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		a := r.staff
		a.CommandID, a.Body = "c-1", "open"
		form := kiosk.Receipt{Source: kiosk.Purchase, Date: r.Today()}
		one := must[kiosk.Receipt](r)(r.desk.OpenReceipt(ctx, a, form))
		equal(r, "again", must[kiosk.Receipt](r)(r.desk.OpenReceipt(ctx, a, form)), one)
		a.CommandID, a.Body = "c-2", "add"
		l := must[kiosk.LineCopies](r)(r.desk.AddLine(ctx, a, r.line(one, kiosk.Children, 2), kiosk.Title{Title: "Truyện", Authors: []string{"A"}}))
		equal(r, "line again", must[kiosk.LineCopies](r)(r.desk.AddLine(ctx, a, r.line(one, kiosk.Children, 2), kiosk.Title{Title: "Truyện", Authors: []string{"A"}})), l)
		a.CommandID, a.Body = "c-3", "register"
		done := must[kiosk.Ticked](r)(r.desk.Register(ctx, a, ids(l.Copies...)))
		equal(r, "registered again", must[kiosk.Ticked](r)(r.desk.Register(ctx, a, ids(l.Copies...))), done)
		a.Body = "other"
		if err := second(r.desk.Register(ctx, a, ids(l.Copies...))); !errors.Is(err, kiosk.ErrUsedID) {
			t.Errorf("the id for something else: %v", err)
		}
		r.view(func(v kiosk.View) error {
			rs, err := v.Receipts(false)
			equal(r, "receipts", len(rs), 1)
			ps, err2 := v.ProcessingOf(one.ID)
			equal(r, "copies", len(ps), 2)
			return errors.Join(err, err2)
		})
	})
}

func TestManyAtOnce(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		const desks, books = 4, 12
		lines := make([]kiosk.LineCopies, desks)
		var wg sync.WaitGroup
		for n := range desks {
			wg.Go(func() {
				box, err := r.desk.OpenReceipt(t.Context(), r.staff, kiosk.Receipt{Source: kiosk.Grant, Date: r.Today()})
				if err != nil {
					t.Error(err)
					return
				}
				if lines[n], err = r.desk.AddLine(t.Context(), r.staff, r.line(box, kiosk.Children, books), kiosk.Title{Title: "Truyện mẫu"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		var got []string
		var mu sync.Mutex
		for _, l := range append(lines, lines[0]) { // the first is registered twice at once
			wg.Go(func() {
				done, err := r.desk.Register(t.Context(), r.staff, ids(l.Copies...))
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				got = append(got, numbers(done)...)
			})
		}
		wg.Wait()
		slices.Sort(got)
		equal(r, "numbers", got, series("TN", 1, desks*books))
		r.view(func(v kiosk.View) error {
			rs, err := v.Receipts(false)
			var entries []int
			for _, x := range rs {
				entries = append(entries, x.Entry)
			}
			equal(r, "entries", entries, []int{4, 3, 2, 1})
			return err
		})
	})
}
