package station_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// Undo reverses exactly the last act of the session, once.
func TestUndo(t *testing.T) {
	rows := []struct {
		name   string
		before func(*rig)
		act    func(*rig) kiosk.Result
		holder string // of S001 once undone
		due    string
	}{
		{"a checkout", nil, func(r *rig) kiosk.Result { return r.scan("S001") }, "", ""},
		{"a return", lent("HS001"), func(r *rig) kiosk.Result { return r.scan("S001") }, "HS001", "2026-12-01"},
		{"a renewal", lent("HS001"), func(r *rig) kiosk.Result { return r.do(kiosk.Renew, "S001") }, "HS001", "2026-12-01"},
		{"a renewal of all", lent("HS001"), func(r *rig) kiosk.Result { return r.do(kiosk.RenewAll, "") }, "HS001", "2026-12-01"},
		{"a reading here", nil, func(r *rig) kiosk.Result { r.do(kiosk.OnSite, ""); return r.scan("S001") }, "", ""},
		{"a checkout made a reading here", nil, func(r *rig) kiosk.Result { r.scan("S001"); return r.do(kiosk.OnSite, "") }, "HS001", "2026-12-01"},
		{"the return of a lost copy", func(r *rig) { lent("HS001")(r); r.CopyStatus("S001", kiosk.CopyLost) }, func(r *rig) kiosk.Result { return r.scan("S001") }, "HS001", "2026-12-01"},
	}
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		for _, x := range rows {
			t.Run(x.name, func(t *testing.T) {
				r := newRig(t, newLedger(t))
				if x.before != nil {
					x.before(r)
				}
				open("HS001")(r)
				if res := x.act(r); res.Outcome == kiosk.Refused {
					t.Fatalf("%+v", res)
				}
				if !r.station.Screen().CanUndo {
					t.Error("the screen offers no undo")
				}
				res := r.do(kiosk.Undo, "")
				r.want(res, kiosk.Undone, "")
				if res.Copy == nil || res.Copy.Barcode != "S001" {
					t.Errorf("undo names the copy: %+v", res)
				}
				if card, due := r.Borrower("S001"); card != x.holder || due.String() != x.due {
					t.Errorf("S001 is with %q until %s, want %q until %s", card, due, x.holder, x.due)
				}
				last := r.Events()[len(r.Events())-1]
				if last.Type != kiosk.EventUndone || last.Payload.Reverses == 0 {
					t.Errorf("the reversing event: %+v", last)
				}
				r.want(r.do(kiosk.Undo, ""), kiosk.Refused, kiosk.ReasonNothingToUndo)
				r.Replayed()
			})
		}
	})
}

func TestUndoEndsWithTheSession(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		open("HS001")(r)
		r.scan("S001")
		r.do(kiosk.Finish, "")
		r.want(r.do(kiosk.Undo, ""), kiosk.Refused, kiosk.ReasonNothingToUndo)
		open("HS002")(r)
		r.want(r.do(kiosk.Undo, ""), kiosk.Refused, kiosk.ReasonNothingToUndo)
		r.do(kiosk.Finish, "")

		// A return without a card can be undone while it stands on the screen.
		r.want(r.scan("S001"), kiosk.Returned, "")
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		if card, _ := r.Borrower("S001"); card != "HS001" {
			t.Errorf("S001 is with %q", card)
		}
		r.want(r.scan("S001"), kiosk.Returned, "")
		r.Advance(21 * time.Second)
		r.want(r.do(kiosk.Undo, ""), kiosk.Refused, kiosk.ReasonNothingToUndo)
		r.Replayed()
	})
}

func TestUndoGivesWayToWhatHappenedSince(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t), "two")
		r.Lent("HS001", "S001", "2026-12-01")
		open("HS001")(r)
		r.want(r.scan("S001"), kiosk.Returned, "")
		// Meanwhile another lends it at the other station.
		r.want(r.scanAt("two", station.Scan{Code: "HS002"}), kiosk.SessionOpened, "")
		r.want(r.scanAt("two", station.Scan{Code: "S001"}), kiosk.CheckedOut, "")
		r.want(r.do(kiosk.Undo, ""), kiosk.Refused, kiosk.ReasonNothingToUndo)
		if card, _ := r.Borrower("S001"); card != "HS002" {
			t.Errorf("S001 is with %q", card)
		}
		r.Replayed()
	})
}

func TestRenew(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		r.Lent("HS001", "S002", "2026-11-27")
		open("HS001")(r)
		r.want(r.do(kiosk.Renew, ""), kiosk.Refused, kiosk.ReasonUnknownBarcode) // no copy named yet
		r.want(r.do(kiosk.Renew, "S001"), kiosk.Refused, kiosk.ReasonUnknownBarcode)
		res := r.do(kiosk.Renew, "S002")
		r.want(res, kiosk.Renewed, "")
		if res.Loan == nil || res.Loan.Renewals != 1 || res.Loan.DueOn.String() != "2026-12-04" {
			t.Errorf("%+v", res.Loan)
		}
		r.want(r.do(kiosk.Renew, "S002"), kiosk.Refused, kiosk.ReasonRenewalLimit)
		r.scan("S001")
		r.want(r.do(kiosk.Renew, ""), kiosk.Renewed, "") // the last copy of the session

		res = r.do(kiosk.RenewAll, "")
		r.want(res, kiosk.Refused, kiosk.ReasonRenewalLimit)
		if len(res.Refusals) != 2 || res.Refusals[0].Facts["title"] == nil {
			t.Errorf("each loan's reason: %+v", res.Refusals)
		}
		r.scan("S001") // back
		r.scan("S003")
		res = r.do(kiosk.RenewAll, "")
		r.want(res, kiosk.Renewed, "")
		if len(res.Loans) != 1 || res.Loans[0].Copy.Barcode != "S003" || len(res.Refusals) != 1 {
			t.Errorf("partly renewed: %+v", res)
		}
		r.Replayed()
	})
}

func TestReadHere(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		open("HS001")(r)
		r.want(r.do(kiosk.OnSite, ""), kiosk.Shown, "")
		if !r.station.Screen().OnSite {
			t.Error("the screen does not say that the next book is read here")
		}
		r.want(r.scan("S001"), kiosk.UsedOnSite, "")
		if r.station.Screen().OnSite {
			t.Error("only the next book is read here")
		}
		r.want(r.scan("S002"), kiosk.CheckedOut, "")
		r.want(r.do(kiosk.OnSite, ""), kiosk.UsedOnSite, "") // it was meant to be read here
		if card, _ := r.Borrower("S002"); card != "" {
			t.Errorf("S002 is still with %s", card)
		}
		r.want(r.scan("TD01"), kiosk.Refused, kiosk.ReasonOnSiteOnly)
		res := r.do(kiosk.OnSite, "")
		r.want(res, kiosk.UsedOnSite, "")
		if res.Copy.Barcode != "TD01" {
			t.Errorf("%+v", res.Copy)
		}
		r.Replayed()
	})
}

func TestOverride(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		override := func(copyCode, comment string, staff kiosk.ID) (kiosk.Result, error) {
			r.Advance(2 * time.Second)
			return r.station.Override(t.Context(), station.Override{Copy: copyCode, Comment: comment, Staff: staff})
		}
		r.Lent("HS001", "S002", "2026-11-20")
		open("HS001")(r)
		res := r.scan("S001")
		r.want(res, kiosk.Refused, kiosk.ReasonOverdue)
		if !res.MayOverride {
			t.Error("a librarian may allow it")
		}
		if _, err := override("", "  ", "staff-1"); !errors.Is(err, station.ErrNoComment) {
			t.Errorf("without a comment: %v", err)
		}
		res, err := override("", "em hứa trả ngày mai", "staff-1")
		if err != nil {
			t.Fatal(err)
		}
		r.want(res, kiosk.CheckedOut, "")
		e := r.Events()[len(r.Events())-1]
		if e.StaffRef != "staff-1" || e.Payload.Comment != "em hứa trả ngày mai" || len(e.Payload.Refusals) != 1 {
			t.Errorf("the event says who allowed what and why: %+v", e)
		}
		var an kiosk.Member
		if err := r.Ledger.View(t.Context(), func(v kiosk.View) (err error) {
			an, err = v.MemberByCard("HS001", r.Today())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		r.Copy("S004", "Truyện mẫu bốn", kiosk.Children, "")
		// Somebody else's yes is not done for whoever stands there now.
		for _, other := range []string{"", "HS002"} {
			r.do(kiosk.Finish, "")
			if other != "" {
				open(other)(r)
			}
			_, err = r.station.Override(t.Context(), station.Override{Copy: "S004", For: an.Ref, Comment: "cho An", Staff: "staff-1"})
			if card, _ := r.Borrower("S004"); !errors.Is(err, station.ErrOtherSession) || card != "" {
				t.Errorf("with %q at the station: %v, lent to %q", other, err, card)
			}
		}
		open("HS001")(r)
		if _, err = r.station.Override(t.Context(), station.Override{Copy: "S004", For: an.Ref, Comment: "cho An", Staff: "staff-1"}); err != nil {
			t.Error(err)
		}
		if card, _ := r.Borrower("S004"); card != "HS001" {
			t.Errorf("with the refused at the station: lent to %q", card)
		}
		// What is gone cannot be lent by anybody.
		r.CopyStatus("S003", kiosk.CopyLost)
		r.want(r.scan("S003"), kiosk.Refused, kiosk.ReasonLost)
		res, err = override("S003", "cứ cho mượn", "staff-1")
		if err != nil {
			t.Fatal(err)
		}
		r.want(res, kiosk.Refused, kiosk.ReasonLost)
		// A blocked card may be let in.
		r.do(kiosk.Finish, "")
		r.Card("HS002", kiosk.CardLost)
		r.want(r.scan("HS002"), kiosk.Refused, kiosk.ReasonCardBlocked)
		res, err = override("", "em đã tìm thấy thẻ", "staff-1")
		if err != nil {
			t.Fatal(err)
		}
		r.want(res, kiosk.SessionOpened, "")
		r.Replayed()
	})
}

// A yes reaches only who was refused: neither another's session nor what this
// patron was not refused.
func TestOverrideIsForWhoWasRefused(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		r.Lent("HS001", "S002", "2026-11-20")
		override := func(copyCode string, refused int64) (kiosk.Result, error) {
			r.Advance(2 * time.Second)
			return r.station.Override(t.Context(), station.Override{Copy: copyCode, Refused: refused, Comment: "mai em trả", Staff: "staff-1"})
		}
		answered := func(copyCode string, refused int64) kiosk.Result {
			t.Helper()
			res, err := override(copyCode, refused)
			if err != nil {
				t.Fatal(err)
			}
			return res
		}
		nothing := func(what string, copyCode string, refused int64) {
			t.Helper()
			if _, err := override(copyCode, refused); !errors.Is(err, station.ErrOtherSession) {
				t.Errorf("%s: %v", what, err)
			}
			if card, _ := r.Borrower("S001"); card != "" {
				t.Errorf("%s: lent to %s", what, card)
			}
		}
		open("HS001")(r)
		no := r.scan("S001")
		r.want(no, kiosk.Refused, kiosk.ReasonOverdue)
		nothing("a copy that was not refused", "S003", 0)
		nothing("an answer that nobody got", "S001", no.Seq+100)
		r.do(kiosk.Finish, "")
		r.want(answered("S001", no.Seq), kiosk.Refused, kiosk.ReasonNoSession)
		open("HS002")(r)
		nothing("another's session", "S001", 0)
		nothing("another's session, by the answer", "S001", no.Seq)
		nothing("another's session, by the answer alone", "", no.Seq)
		if got := r.station.Screen(); got.Result == nil || got.Result.Outcome != kiosk.SessionOpened {
			t.Errorf("the other patron saw %+v", got.Result)
		}
		// Back at the station the patron gets what was allowed.
		open("HS001")(r)
		r.want(answered("", no.Seq), kiosk.CheckedOut, "")
		if card, _ := r.Borrower("S001"); card != "HS001" {
			t.Errorf("lent to %q", card)
		}
		r.Replayed()
	})
}

func TestCommandIDs(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		send := func(s *station.Station, code, id string) (kiosk.Result, error) {
			r.Advance(2 * time.Second)
			return s.Scan(t.Context(), station.Scan{Code: code, CommandID: id})
		}
		first, err := send(r.station, "HS001", "c1")
		if err != nil {
			t.Fatal(err)
		}
		r.want(first, kiosk.SessionOpened, "")
		lent, err := send(r.station, "S001", "c2")
		if err != nil {
			t.Fatal(err)
		}
		r.want(lent, kiosk.CheckedOut, "")
		again, err := send(r.station, "S001", "c2")
		if err != nil {
			t.Fatal(err)
		}
		if again.Outcome != lent.Outcome || again.Seq != lent.Seq || again.EventSeq != lent.EventSeq {
			t.Errorf("the same command gets the same answer: %+v, then %+v", lent, again)
		}
		if _, err := send(r.station, "S002", "c2"); !errors.Is(err, station.ErrUsedID) {
			t.Errorf("the id with another code: %v", err)
		}
		// A station that starts again, after a power cut, remembers what was done.
		ctx, stop := context.WithCancel(t.Context())
		restarted := station.New(station.Config{Name: "desk", Desk: r.desk, Now: r.Now})
		done := make(chan struct{})
		go func() { defer close(done); restarted.Run(ctx) }()
		again, err = send(restarted, "S001", "c2")
		if err != nil {
			t.Fatal(err)
		}
		if again.Outcome != kiosk.CheckedOut || again.EventSeq != lent.EventSeq {
			t.Errorf("after a restart: %+v", again)
		}
		if card, _ := r.Borrower("S001"); card != "HS001" {
			t.Errorf("S001 is with %q: the command was done twice", card)
		}
		stop()
		<-done
		r.Replayed()
	})
}

// After a restart a station is asked again for what it answered before, at once
// and in any order: a code that was just read is no double scan then, and a
// double scan of before is not done now.
func TestDoubleScansSentAgain(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		send := func(s *station.Station, code, id string) kiosk.Result {
			t.Helper()
			res, err := s.Scan(t.Context(), station.Scan{Code: code, CommandID: id})
			if err != nil {
				t.Fatal(err)
			}
			return res
		}
		r.want(send(r.station, "HS001", "c1"), kiosk.SessionOpened, "")
		r.Advance(2 * time.Second)
		lent := send(r.station, "S001", "c2")
		r.want(lent, kiosk.CheckedOut, "")
		r.want(send(r.station, "S001", "c3"), kiosk.Ignored, "")

		ctx, stop := context.WithCancel(t.Context())
		restarted := station.New(station.Config{Name: "desk", Desk: r.desk, Now: r.Now})
		done := make(chan struct{})
		go func() { defer close(done); restarted.Run(ctx) }()
		r.want(send(restarted, "S001", "c3"), kiosk.Ignored, "")
		if again := send(restarted, "S001", "c2"); again.Outcome != kiosk.CheckedOut || again.EventSeq != lent.EventSeq {
			t.Errorf("the checkout sent again: %+v", again)
		}
		if card, _ := r.Borrower("S001"); card != "HS001" {
			t.Errorf("S001 is with %q", card)
		}
		stop()
		<-done
		r.Replayed()
	})
}

func TestUnknownAction(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		if _, err := r.station.Do(t.Context(), station.Action{Command: "dance"}); !errors.Is(err, station.ErrUnknownAction) {
			t.Errorf("%v", err)
		}
	})
}

func TestISBN(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		r.want(r.scan("9780306406157"), kiosk.Refused, kiosk.ReasonUnknownBarcode)
		i := r.Copy("S009", "Sách có ISBN", kiosk.Children, "")
		i.Title.ISBN = "9780306406157"
		if err := r.Ledger.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutTitle(i.Title) }); err != nil {
			t.Fatal(err)
		}
		res := r.scan("978-0-306-40615-7")
		r.want(res, kiosk.Shown, "")
		if res.Kind != kiosk.KindISBN || res.Copy == nil || res.Copy.Title != "Sách có ISBN" {
			t.Errorf("%+v", res)
		}
	})
}
