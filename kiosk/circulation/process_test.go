package circulation_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

func TestStepsRefused(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		imported := r.Copy("S001", "Truyện có sẵn", kiosk.Children, "")
		box := r.open()
		l := r.add(box, "Truyện mẫu", kiosk.Children, 4)
		r.register(l.Copies[0])
		must[kiosk.Answer](r)(r.desk.Change(ctx, r.staff, l.Copies[2].ID, kiosk.CopyChange{Status: kiosk.CopyLost}))
		must[kiosk.Answer](r)(r.desk.Change(ctx, r.staff, l.Copies[3].ID, kiosk.CopyChange{Status: kiosk.CopyWithdrawn}))
		r.nothing("refused steps", func() {
			all := append(ids(l.Copies...), imported.ID, "nope")
			for _, s := range []kiosk.Step{kiosk.StepStamp, kiosk.StepShelve} {
				_, err := r.desk.Tick(ctx, r.staff, s, all)
				r.refusedStep("all at once", err, s, kiosk.StepNotRegistered, kiosk.StepLost, kiosk.StepWithdrawn, kiosk.StepNoReceipt, kiosk.StepUnknown)
			}
			_, err := r.desk.Tick(ctx, r.staff, kiosk.StepLabel, all)
			r.refusedStep("labels", err, kiosk.StepLabel, kiosk.StepNotRegistered, kiosk.StepLost, kiosk.StepWithdrawn, kiosk.StepUnknown)
			_, err = r.desk.Register(ctx, r.staff, all)
			r.refusedStep("register", err, kiosk.StepRegister, kiosk.StepLost, kiosk.StepWithdrawn, kiosk.StepNoReceipt, kiosk.StepUnknown)
			r.wrongField("a step that is none", second(r.desk.Tick(ctx, r.staff, "polish", all)), "step", kiosk.FieldUnknown)
			r.wrongField("no copies", second(r.desk.Tick(ctx, r.staff, kiosk.StepStamp, nil)), "copies", kiosk.FieldMissing)
			if err := second(r.desk.Register(ctx, kiosk.Attempt{}, all)); !errors.Is(err, kiosk.ErrStaffOnly) {
				t.Errorf("a patron registers: %v", err)
			}
			_, err = r.desk.Change(ctx, r.staff, l.Copies[1].ID, kiosk.CopyChange{Status: kiosk.CopyAvailable})
			r.refusedStep("available by hand", err, kiosk.StepRegister, kiosk.StepNotRegistered)
		})
		equal(r, "the first's steps", r.steps(l.Copies[0]).Next(), kiosk.StepStamp)
		equal(r, "label of a copy without a receipt", len(r.tick(kiosk.StepLabel, imported.Copy).Copies), 1)
		equal(r, "and again", len(r.tick(kiosk.StepLabel, imported.Copy).Copies), 0)
		equal(r, "labelled", r.item(imported.Copy).Labelled, true)
	})
}

// A torn new book goes to repair, is registered there, and comes back by hand.
func TestRegisteredInRepair(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		l := r.add(r.open(), "Truyện rách", kiosk.Children, 1)
		c := l.Copies[0]
		must[kiosk.Answer](r)(r.desk.Change(t.Context(), r.staff, c.ID, kiosk.CopyChange{Status: kiosk.CopyInRepair}))
		equal(r, "number", numbers(r.register(c)), series("TN", 1, 1))
		equal(r, "status", r.item(c).State.Status, kiosk.CopyInRepair)
		_, err := r.desk.ShelveByScan(t.Context(), r.staff, c.Barcode)
		r.refusedStep("to the shelf", err, kiosk.StepShelve, kiosk.StepInRepair)
		must[kiosk.Answer](r)(r.desk.Change(t.Context(), r.staff, c.ID, kiosk.CopyChange{Status: kiosk.CopyAvailable}))
	})
}

func TestUndoOfTicks(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		l := r.add(r.open(), "Truyện mẫu", kiosk.Children, 3)
		untick := func(s kiosk.Step, cs ...kiosk.Copy) kiosk.Ticked {
			t.Helper()
			return must[kiosk.Ticked](r)(r.desk.Untick(ctx, r.staff, s, ids(cs...)))
		}
		equal(r, "nothing to take back", len(untick(kiosk.StepStamp, l.Copies...).Copies), 0)
		r.register(l.Copies...)
		r.tick(kiosk.StepStamp, l.Copies[0])
		// The undo of a bulk tick takes back what that one changed, not the one before.
		bulk := r.tick(kiosk.StepStamp, l.Copies...)
		equal(r, "changed", len(bulk.Copies), 2)
		equal(r, "taken back", len(untick(kiosk.StepStamp, bulk.Copies[0].Item.Copy, bulk.Copies[1].Item.Copy).Copies), 2)
		equal(r, "the first stays", r.steps(l.Copies[0]).Next(), kiosk.StepLabel)
		equal(r, "the second waits", r.steps(l.Copies[1]).Next(), kiosk.StepStamp)
		r.tick(kiosk.StepLabel, l.Copies[1])
		untick(kiosk.StepLabel, l.Copies[1])
		equal(r, "label", r.item(l.Copies[1]).Labelled, false)

		r.refusedStep("a later step", second(r.desk.Untick(ctx, r.staff, kiosk.StepRegister, ids(l.Copies...))), kiosk.StepRegister, kiosk.StepLater)
		untick(kiosk.StepStamp, l.Copies[0])
		before := r.item(l.Copies[1])
		untick(kiosk.StepRegister, l.Copies...)
		i := r.item(l.Copies[1])
		equal(r, "out of the register", []any{i.State.Status, i.State.Place, i.Accession, r.steps(i.Copy).Next()}, []any{kiosk.CopyInProcessing, "", before.Accession, kiosk.StepRegister})
		equal(r, "twice", len(untick(kiosk.StepRegister, l.Copies...).Copies), 0)
		more := r.add(r.open(), "Truyện khác", kiosk.Children, 1)
		equal(r, "the next number", numbers(r.register(more.Copies...)), series("TN", 4, 4))
		equal(r, "their own numbers again", numbers(r.register(l.Copies...)), series("TN", 1, 3))
	})
}

func TestRegistrationStands(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		p := r.Patron(kiosk.Teacher, "GV001", "Mẫu Thị Cúc", "", 0)
		l := r.add(r.open(), "Truyện mẫu", kiosk.Children, 5)
		r.register(l.Copies...)
		patron := kiosk.Attempt{Station: kiosk.DefaultStation}
		lent := func(c kiosk.Copy) int64 {
			t.Helper()
			a := must[kiosk.Answer](r)(r.desk.Checkout(ctx, patron, p.Ref, c.ID))
			equal(r, "checkout", a.Result.Outcome, kiosk.CheckedOut)
			return a.Result.EventSeq
		}
		lent(l.Copies[0])
		lent(l.Copies[1])
		must[kiosk.Answer](r)(r.desk.Return(ctx, patron, p.Ref, l.Copies[1].ID))
		must[kiosk.Answer](r)(r.desk.UseOnSite(ctx, patron, p.Ref, l.Copies[2].ID, ""))
		r.update(func(tx kiosk.Tx) error {
			return tx.PutHold(kiosk.Hold{ID: tx.NewID(), TitleID: l.Line.TitleID, PatronRef: p.Ref, CopyID: l.Copies[3].ID, PlacedAt: r.Now(), Status: kiosk.HoldReady})
		})
		r.nothing("registrations that stand", func() {
			r.refusedStep("used copies", second(r.desk.Untick(ctx, r.staff, kiosk.StepRegister, ids(l.Copies...))), kiosk.StepRegister,
				kiosk.StepWasUsed, kiosk.StepWasUsed, kiosk.StepWasUsed, kiosk.StepReserved)
		})
		// A checkout that was taken back was none.
		other := r.add(r.open(), "Truyện khác", kiosk.Children, 1)
		r.register(other.Copies...)
		seq := lent(other.Copies[0])
		must[kiosk.Answer](r)(r.desk.Undo(ctx, patron, p.Ref, seq))
		equal(r, "taken back", len(must[kiosk.Ticked](r)(r.desk.Untick(ctx, r.staff, kiosk.StepRegister, ids(other.Copies...))).Copies), 1)
	})
}

func TestShelveByScan(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		p := r.Patron(kiosk.Teacher, "GV001", "Mẫu Thị Cúc", "", 0)
		imported := r.Copy("S001", "Truyện có sẵn", kiosk.Children, "")
		l := r.add(r.open(), "Truyện mẫu", kiosk.Children, 5)
		scan := func(code string) kiosk.Shelved {
			t.Helper()
			return must[kiosk.Shelved](r)(r.desk.ShelveByScan(ctx, r.staff, code))
		}
		refused := func(what, code string, why kiosk.StepReason) {
			t.Helper()
			r.refusedStep(what, second(r.desk.ShelveByScan(ctx, r.staff, code)), kiosk.StepShelve, why)
		}
		refused("not registered", l.Copies[0].Barcode, kiosk.StepNotRegistered)
		r.register(l.Copies...)
		got := scan("]C0" + l.Copies[0].Barcode + "\r")
		equal(r, "shelved", []any{got.Place.Code, got.Ticked, got.Item.Labelled, got.Item.Accession}, []any{r.shelf.Code, []kiosk.Step{kiosk.StepLabel, kiosk.StepShelve}, true, "TN.00002"})
		equal(r, "in the ledger", []any{r.item(l.Copies[0]).Labelled, r.steps(l.Copies[0]).Next()}, []any{true, kiosk.StepStamp})
		r.nothing("the second time", func() { equal(r, "ticked", len(scan(l.Copies[0].Barcode).Ticked), 0) })
		r.tick(kiosk.StepLabel, l.Copies[1])
		equal(r, "by its number", scan("tn 3").Ticked, []kiosk.Step{kiosk.StepShelve})
		equal(r, "a copy without a receipt", scan("S001").Ticked, []kiosk.Step{kiosk.StepLabel})
		equal(r, "its label", r.item(imported.Copy).Labelled, true)

		must[kiosk.Answer](r)(r.desk.Change(ctx, r.staff, l.Copies[2].ID, kiosk.CopyChange{Status: kiosk.CopyWithdrawn}))
		must[kiosk.Answer](r)(r.desk.Change(ctx, r.staff, l.Copies[3].ID, kiosk.CopyChange{Status: kiosk.CopyLost}))
		must[kiosk.Answer](r)(r.desk.Checkout(ctx, kiosk.Attempt{Station: kiosk.DefaultStation}, p.Ref, l.Copies[4].ID))
		r.nothing("refused scans", func() {
			refused("unknown", "39999999", kiosk.StepUnknown)
			refused("a card", "GV001", kiosk.StepUnknown)
			refused("rubbish", "\x00\x1b[31m", kiosk.StepUnknown)
			refused("withdrawn", l.Copies[2].Barcode, kiosk.StepWithdrawn)
			refused("lost", l.Copies[3].Barcode, kiosk.StepLost)
			refused("on loan", l.Copies[4].Barcode, kiosk.StepOnLoan)
		})
	})
}

// At the kiosk a copy that is not registered is refused; once it is, its first
// scan proves its label (seed R182).
func TestKioskAndNewCopies(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Patron(kiosk.Teacher, "GV001", "Mẫu Thị Cúc", "", 0)
		l := r.add(r.open(), "Truyện mẫu", kiosk.Children, 2)
		s := station.New(station.Config{Name: kiosk.DefaultStation, Desk: r.desk, Now: r.Now, Show: func(station.Screen) {}})
		done := make(chan struct{})
		ctx2, stop := context.WithCancel(t.Context())
		go func() { defer close(done); s.Run(ctx2) }()
		defer func() { stop(); <-done }()
		scan := func(code string, outcome kiosk.Outcome, why kiosk.Reason) {
			t.Helper()
			r.Advance(3 * time.Second)
			res, err := s.Scan(ctx, station.Scan{Code: code, At: r.Now()})
			if err != nil || res.Outcome != outcome || res.Reason != why {
				t.Errorf("scan of %s: %+v, %v; want %s %s", code, res, err, outcome, why)
			}
		}
		scan("GV001", kiosk.SessionOpened, "")
		scan(l.Copies[0].Barcode, kiosk.Refused, kiosk.ReasonNotProcessed)
		r.register(l.Copies...)
		scan(l.Copies[0].Barcode, kiosk.CheckedOut, "")
		scan("TN.00002", kiosk.CheckedOut, "") // typed
		equal(r, "proven by the scan", []any{r.item(l.Copies[0]).Labelled, r.steps(l.Copies[0]).Labelled}, []any{true, r.Today()})
		equal(r, "not by a number", []any{r.item(l.Copies[1]).Labelled, r.steps(l.Copies[1]).Labelled}, []any{false, kiosk.Day{}})
		es := r.Events()
		at := slices.IndexFunc(es, func(e kiosk.Event) bool { return e.Type == kiosk.EventCheckedOut })
		equal(r, "the event tells", es[at].Payload.Step, kiosk.StepLabel)
	})
}
