package circulation_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// rig is a school's library on Tuesday 24 November 2026 with a librarian at the
// desk and nothing in it.
type rig struct {
	*kiosktest.World
	t     *testing.T
	desk  *circulation.Desk
	staff kiosk.Attempt
	shelf kiosk.Place
	store *store.Store // nil in memory

	mu        sync.Mutex
	published []kiosk.Event
}

// onEveryLedger runs a test on the in-memory ledger and on SQLite. Afterwards
// replaying the events must give what is stored, and the check must find
// nothing.
func onEveryLedger(t *testing.T, test func(*rig)) {
	t.Run("memory", func(t *testing.T) {
		clock := kiosktest.NewClock()
		run(t, kiosktest.NewMemory(clock.Now), nil, clock, test)
	})
	t.Run("sqlite", func(t *testing.T) {
		clock := kiosktest.NewClock()
		st, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
		run(t, st, st, clock, test)
	})
}

func run(t *testing.T, l kiosk.Ledger, st *store.Store, clock *kiosktest.Clock, test func(*rig)) {
	r := &rig{World: kiosktest.NewWorldBy(t, l, clock), t: t, store: st}
	r.Set("2026-11-24 09:25:00")
	r.desk = &circulation.Desk{Ledger: l, Now: r.Now, Publish: func(e kiosk.Event) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.published = append(r.published, e)
	}}
	r.update(func(tx kiosk.Tx) error {
		acc := kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, CreatedAt: r.Now()}
		r.staff = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: acc.ID}
		pp, err := tx.Places()
		if err != nil {
			return err
		}
		for _, p := range pp {
			if p.Kind == kiosk.Shelf {
				r.shelf = p
			}
		}
		return tx.PutAccount(acc)
	})
	test(r)
	r.Replayed()
	r.allPublished()
	if st == nil {
		return
	}
	faults, err := st.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("check: %s %s: %s", f.Code, f.Subject, f.Text)
	}
}

// allPublished fails unless every event of the staff was published, once.
func (r *rig) allPublished() {
	r.t.Helper()
	got := map[int64]int{}
	for _, e := range r.published {
		got[e.Seq]++
	}
	for _, e := range r.Events() {
		if e.StaffRef != "" && got[e.Seq] != 1 {
			r.t.Errorf("event %d (%s) was published %d times", e.Seq, e.Type, got[e.Seq])
		}
	}
}

func (r *rig) update(fn func(kiosk.Tx) error) {
	r.t.Helper()
	if err := r.Ledger.Update(r.t.Context(), fn); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) view(fn func(kiosk.View) error) {
	r.t.Helper()
	if err := r.Ledger.View(r.t.Context(), fn); err != nil {
		r.t.Fatal(err)
	}
}

func must[T any](r *rig) func(T, error) T {
	r.t.Helper()
	return func(v T, err error) T {
		r.t.Helper()
		if err != nil {
			r.t.Fatal(err)
		}
		return v
	}
}

// open opens a receipt of bought books.
func (r *rig) open() kiosk.Receipt {
	r.t.Helper()
	return must[kiosk.Receipt](r)(r.desk.OpenReceipt(r.t.Context(), r.staff, kiosk.Receipt{Source: kiosk.Purchase, Supplier: "Nhà sách Mẫu", Voucher: "HD-12", Date: r.Today()}))
}

// add adds a line of a new title.
func (r *rig) add(to kiosk.Receipt, title string, kind kiosk.Kind, n int) kiosk.LineCopies {
	r.t.Helper()
	return must[kiosk.LineCopies](r)(r.desk.AddLine(r.t.Context(), r.staff, r.line(to, kind, n), kiosk.Title{Title: title}))
}

func (r *rig) line(to kiosk.Receipt, kind kiosk.Kind, n int) kiosk.ReceiptLine {
	return kiosk.ReceiptLine{ReceiptID: to.ID, Kind: kind, Quantity: n, Price: 25000, HomePlace: r.shelf.ID}
}

func (r *rig) register(cs ...kiosk.Copy) kiosk.Ticked {
	r.t.Helper()
	return must[kiosk.Ticked](r)(r.desk.Register(r.t.Context(), r.staff, ids(cs...)))
}

func (r *rig) tick(s kiosk.Step, cs ...kiosk.Copy) kiosk.Ticked {
	r.t.Helper()
	return must[kiosk.Ticked](r)(r.desk.Tick(r.t.Context(), r.staff, s, ids(cs...)))
}

func ids(cs ...kiosk.Copy) (all []kiosk.ID) {
	for _, c := range cs {
		all = append(all, c.ID)
	}
	return all
}

func (r *rig) item(c kiosk.Copy) (i kiosk.Item) {
	r.t.Helper()
	r.view(func(v kiosk.View) (err error) { i, err = v.Item(c.ID); return err })
	return i
}

func (r *rig) steps(c kiosk.Copy) (p kiosk.Processing) {
	r.t.Helper()
	r.view(func(v kiosk.View) (err error) { p, err = v.ProcessingOfCopy(c.ID); return err })
	return p
}

// numbers are the accession numbers of ticked copies, in order.
func numbers(t kiosk.Ticked) (all []string) {
	for _, p := range t.Copies {
		all = append(all, p.Item.Accession)
	}
	return all
}

// series is TN.from to TN.to.
func series(prefix string, from, to int) (all []string) {
	for n := from; n <= to; n++ {
		all = append(all, kiosk.Accession(prefix, n))
	}
	return all
}

func equal[T any](r *rig, what string, got, want T) {
	r.t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		r.t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// refusedStep fails unless err refuses a step with the reasons, in order.
func (r *rig) refusedStep(what string, err error, step kiosk.Step, reasons ...kiosk.StepReason) {
	r.t.Helper()
	var e *kiosk.StepError
	if !errors.As(err, &e) {
		r.t.Errorf("%s: %v, want a refusal %v", what, err, reasons)
		return
	}
	var got []kiosk.StepReason
	for _, x := range e.Refusals {
		got = append(got, x.Reason)
	}
	equal(r, what, got, reasons)
	equal(r, what+", step", e.Step, step)
	if e.Error() == "" || e.Refusals[0].Copy.Barcode == "" {
		r.t.Errorf("%s: refusal without words or copy: %v", what, e)
	}
}

// wrongField fails unless err names the field and its problem.
func (r *rig) wrongField(what string, err error, field string, p kiosk.FieldProblem) {
	r.t.Helper()
	var e *kiosk.FieldError
	if !errors.As(err, &e) || e.Field != field || e.Problem != p {
		r.t.Errorf("%s: %v, want %s %s", what, err, field, p)
	}
}

// nothing fails unless fn left no trace: no event, no receipt, no title.
func (r *rig) nothing(what string, fn func()) {
	r.t.Helper()
	count := func() (n [4]int) {
		n[0] = len(r.Events())
		r.view(func(v kiosk.View) error {
			rs, err := v.Receipts(false)
			n[1] = len(rs)
			err2 := v.EachTitle(func(kiosk.Title) error { n[2]++; return nil })
			err3 := v.EachItem(func(kiosk.Item) error { n[3]++; return nil })
			return errors.Join(err, err2, err3)
		})
		return n
	}
	before := count()
	fn()
	equal(r, what+" leaves nothing", count(), before)
}
