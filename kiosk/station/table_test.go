package station_test

import (
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// The table of states and inputs, every cell: what the contract says happens,
// written from it by hand.
func TestTable(t *testing.T) {
	cells := []struct {
		name    string
		before  func(r *rig) // the state
		code    string
		outcome kiosk.Outcome
		reason  kiosk.Reason
		kind    kiosk.CodeKind
		patron  string // given name on the screen after, "" for idle
		holder  string // card that has S001 after
	}{
		{"idle, a patron's card", nil, "HS001", kiosk.SessionOpened, "", kiosk.KindPatron, "An", ""},
		{"idle, a teacher's card", nil, "GV001", kiosk.SessionOpened, "", kiosk.KindPatron, "Cúc", ""},
		{"idle, a lost card", func(r *rig) { r.Card("HS001", kiosk.CardLost) }, "HS001", kiosk.Refused, kiosk.ReasonCardBlocked, kiosk.KindPatron, "", ""},
		{"idle, a replaced card", func(r *rig) { r.Card("HS001", kiosk.CardExpired) }, "HS001", kiosk.Refused, kiosk.ReasonCardExpired, kiosk.KindPatron, "", ""},
		{"idle, a copy on loan", lent("HS002"), "S001", kiosk.Returned, "", kiosk.KindCopy, "", ""},
		{"idle, an overdue copy", func(r *rig) { r.Lent("HS002", "S001", "2026-11-10") }, "S001", kiosk.Returned, "", kiosk.KindCopy, "", ""},
		{"idle, a copy on its shelf", nil, "S001", kiosk.Refused, kiosk.ReasonNoSession, kiosk.KindCopy, "", ""},
		{"idle, a lost copy", func(r *rig) { r.CopyStatus("S001", kiosk.CopyLost) }, "S001", kiosk.Refused, kiosk.ReasonLost, kiosk.KindCopy, "", ""},
		{"idle, a lost copy that is on loan", func(r *rig) { lent("HS002")(r); r.CopyStatus("S001", kiosk.CopyLost) }, "S001", kiosk.Returned, "", kiosk.KindCopy, "", ""},
		{"idle, a withdrawn copy", func(r *rig) { r.CopyStatus("S001", kiosk.CopyWithdrawn) }, "S001", kiosk.Refused, kiosk.ReasonWithdrawn, kiosk.KindCopy, "", ""},
		{"idle, a copy not yet registered", func(r *rig) { r.CopyStatus("S001", kiosk.CopyInProcessing) }, "S001", kiosk.Refused, kiosk.ReasonNotProcessed, kiosk.KindCopy, "", ""},
		{"idle, an unknown code", nil, "4711", kiosk.Refused, kiosk.ReasonUnknownBarcode, kiosk.KindUnknown, "", ""},
		{"idle, no code", nil, "", kiosk.Refused, kiosk.ReasonMalformed, kiosk.KindUnknown, "", ""},
		{"idle, control characters", nil, "S0\x0001", kiosk.Refused, kiosk.ReasonMalformed, kiosk.KindUnknown, "", ""},
		{"idle, 4 KiB", nil, strings.Repeat("9", 4096), kiosk.Refused, kiosk.ReasonMalformed, kiosk.KindUnknown, "", ""},
		{"idle, finish", nil, "%FINISH", kiosk.Refused, kiosk.ReasonNoSession, kiosk.KindCommand, "", ""},
		{"idle, undo", nil, "%UNDO", kiosk.Refused, kiosk.ReasonNothingToUndo, kiosk.KindCommand, "", ""},
		{"idle, renew", nil, "%RENEW", kiosk.Refused, kiosk.ReasonNoSession, kiosk.KindCommand, "", ""},
		{"idle, read here", nil, "%ONSITE", kiosk.Refused, kiosk.ReasonNoSession, kiosk.KindCommand, "", ""},
		{"idle, help", nil, "%HELP", kiosk.Shown, "", kiosk.KindCommand, "", ""},
		{"idle, an accession number by hand", lent("HS002"), "tk 1", kiosk.Returned, "", kiosk.KindCopy, "", ""},

		{"session, a copy on its shelf", open("HS001"), "S001", kiosk.CheckedOut, "", kiosk.KindCopy, "An", "HS001"},
		{"session, its accession number", open("HS001"), "TK.00001", kiosk.CheckedOut, "", kiosk.KindCopy, "An", "HS001"},
		{"session, a copy the patron has", func(r *rig) { lent("HS001")(r); open("HS001")(r) }, "S001", kiosk.Returned, "", kiosk.KindCopy, "An", ""},
		{"session, a copy that another has", func(r *rig) { lent("HS002")(r); open("HS001")(r) }, "S001", kiosk.Refused, kiosk.ReasonOnLoanToOther, kiosk.KindCopy, "An", "HS002"},
		{"session, another card", open("HS002"), "HS001", kiosk.SessionOpened, "", kiosk.KindPatron, "An", ""},
		{"session, another card that is lost", func(r *rig) { r.Card("HS001", kiosk.CardLost); open("HS002")(r) }, "HS001", kiosk.Refused, kiosk.ReasonCardBlocked, kiosk.KindPatron, "", ""},
		{"session, the patron's own card", open("HS001"), "HS001", kiosk.SessionEnded, "", kiosk.KindPatron, "", ""},
		{"session, finish", open("HS001"), "%FINISH", kiosk.SessionEnded, "", kiosk.KindCommand, "", ""},
		{"session, finish by its printed code", open("HS001"), "90000019", kiosk.SessionEnded, "", kiosk.KindCommand, "", ""},
		{"session, undo with nothing done", open("HS001"), "%UNDO", kiosk.Refused, kiosk.ReasonNothingToUndo, kiosk.KindCommand, "An", ""},
		{"session, renew with no loans", open("HS001"), "%RENEW", kiosk.Shown, "", kiosk.KindCommand, "An", ""},
		{"session, renew", func(r *rig) { lent("HS001")(r); open("HS001")(r) }, "%RENEW", kiosk.Renewed, "", kiosk.KindCommand, "An", "HS001"},
		{"session, read here", open("HS001"), "%ONSITE", kiosk.Shown, "", kiosk.KindCommand, "An", ""},
		{"session, help", open("HS001"), "%HELP", kiosk.Shown, "", kiosk.KindCommand, "An", ""},
		{"session, an unknown code", open("HS001"), "4711", kiosk.Refused, kiosk.ReasonUnknownBarcode, kiosk.KindUnknown, "An", ""},
		{"session, a malformed code", open("HS001"), "\x07", kiosk.Refused, kiosk.ReasonMalformed, kiosk.KindUnknown, "An", ""},
		{"session, a lost copy", func(r *rig) { r.CopyStatus("S001", kiosk.CopyLost); open("HS001")(r) }, "S001", kiosk.Refused, kiosk.ReasonLost, kiosk.KindCopy, "An", ""},
		{"session, a withdrawn copy", func(r *rig) { r.CopyStatus("S001", kiosk.CopyWithdrawn); open("HS001")(r) }, "S001", kiosk.Refused, kiosk.ReasonWithdrawn, kiosk.KindCopy, "An", ""},
		{"session, a copy not yet registered", func(r *rig) { r.CopyStatus("S001", kiosk.CopyInProcessing); open("HS001")(r) }, "S001", kiosk.Refused, kiosk.ReasonNotProcessed, kiosk.KindCopy, "An", ""},
		{"session, a dictionary", open("HS001"), "TD01", kiosk.Refused, kiosk.ReasonOnSiteOnly, kiosk.KindCopy, "An", ""},
		{"session, a dictionary for a teacher", open("GV001"), "TD01", kiosk.CheckedOut, "", kiosk.KindCopy, "Cúc", ""},
		{"session, a copy another waits for", func(r *rig) { r.Hold("HS002", "S001"); open("HS001")(r) }, "S001", kiosk.Refused, kiosk.ReasonReservedForOther, kiosk.KindCopy, "An", ""},
		{"session, a copy the patron waits for", func(r *rig) { r.Hold("HS001", "S001"); open("HS001")(r) }, "S001", kiosk.CheckedOut, "", kiosk.KindCopy, "An", "HS001"},
		{"session, over the limit", func(r *rig) {
			r.Lent("HS001", "S002", "2026-12-01")
			r.Lent("HS001", "S003", "2026-12-01")
			open("HS001")(r)
		}, "S001", kiosk.Refused, kiosk.ReasonLimitReached, kiosk.KindCopy, "An", ""},
		{"session, with an overdue loan", func(r *rig) { r.Lent("HS001", "S002", "2026-11-20"); open("HS001")(r) }, "S001", kiosk.Refused, kiosk.ReasonOverdue, kiosk.KindCopy, "An", ""},

		{"idle, a set on its shelf", set(""), "BO3", kiosk.Refused, kiosk.ReasonNoSession, kiosk.KindCopy, "", ""},
		{"idle, a set on loan", set("GV001"), "BO3", kiosk.Returned, "", kiosk.KindCopy, "", ""},
		{"session, a set on its shelf", func(r *rig) { set("")(r); open("HS001")(r) }, "BO3", kiosk.CheckedOut, "", kiosk.KindCopy, "An", "HS001"},
		{"session, a set, not entitled", func(r *rig) { set("")(r); r.Entitle("HS001", false); open("HS001")(r) }, "BO3", kiosk.Refused, kiosk.ReasonNotForLoan, kiosk.KindCopy, "An", ""},
		{"session, a set for a teacher", func(r *rig) { set("")(r); open("GV001")(r) }, "BO3", kiosk.CheckedOut, "", kiosk.KindCopy, "Cúc", "GV001"},
		{"session, a set the patron has", func(r *rig) { set("HS001")(r); open("HS001")(r) }, "BO3", kiosk.Returned, "", kiosk.KindCopy, "An", ""},
		{"session, a set that another has", func(r *rig) { set("GV001")(r); open("HS001")(r) }, "BO3", kiosk.Refused, kiosk.ReasonOnLoanToOther, kiosk.KindCopy, "An", "GV001"},
		{"session, a set with a book lost", func(r *rig) { set("")(r); r.CopyStatus("GK1", kiosk.CopyLost); open("HS001")(r) }, "BO3", kiosk.Refused, kiosk.ReasonSetIncomplete, kiosk.KindCopy, "An", ""},
		{"session, a set without books", func(r *rig) { r.BookSet("BO0", "Bộ rỗng"); open("HS001")(r) }, "BO0", kiosk.Refused, kiosk.ReasonNotProcessed, kiosk.KindCopy, "An", ""},
	}
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		for _, c := range cells {
			t.Run(c.name, func(t *testing.T) {
				r := newRig(t, newLedger(t))
				if c.before != nil {
					c.before(r)
				}
				res := r.scan(c.code)
				r.want(res, c.outcome, c.reason)
				if res.Kind != c.kind {
					t.Errorf("kind %s, want %s", res.Kind, c.kind)
				}
				sc := r.station.Screen()
				name := ""
				if sc.Patron != nil {
					name = sc.Patron.Name
				}
				if name != c.patron || (sc.Phase == station.Session) != (c.patron != "") {
					t.Errorf("the screen shows %q in phase %s, want %q", name, sc.Phase, c.patron)
				}
				if sc.Seq != res.Seq {
					t.Errorf("the result's seq is %d, the screen's %d", res.Seq, sc.Seq)
				}
				if card, _ := r.Borrower("S001"); card != c.holder {
					t.Errorf("S001 is with %q, want %q", card, c.holder)
				}
				r.Replayed()
			})
		}
	})
}

func lent(card string) func(*rig) { return func(r *rig) { r.Lent(card, "S001", "2026-12-01") } }
func open(card string) func(*rig) {
	return func(r *rig) { r.want(r.scan(card), kiosk.SessionOpened, "") }
}

func TestDoubleScans(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		open("HS001")(r)
		r.want(r.scan("S001"), kiosk.CheckedOut, "")
		before := len(r.Events())
		// The window slides with each reading: 1.4 s after the one before, again and again.
		for range 3 {
			r.Advance(1400 * time.Millisecond)
			res := r.scanAt("desk", station.Scan{Code: "S001"})
			r.want(res, kiosk.Ignored, "")
			if res.Repeats != kiosk.CheckedOut || res.Copy == nil || res.Copy.Barcode != "S001" {
				t.Errorf("a repeat shows what it repeats: %+v", res)
			}
		}
		if n := len(r.Events()); n != before {
			t.Errorf("repeats wrote %d events", n-before)
		}
		r.Advance(1500 * time.Millisecond)
		r.want(r.scanAt("desk", station.Scan{Code: "S001"}), kiosk.Returned, "")
		// A, B, A is three scans, however fast.
		r.Advance(2 * time.Second)
		r.want(r.scanAt("desk", station.Scan{Code: "S002"}), kiosk.CheckedOut, "")
		r.want(r.scanAt("desk", station.Scan{Code: "S003"}), kiosk.CheckedOut, "")
		r.want(r.scanAt("desk", station.Scan{Code: "S002"}), kiosk.Returned, "")
		// A reading by any device and another command id is still the same code.
		r.want(r.scanAt("desk", station.Scan{Code: "S002", CommandID: "new", Device: "other"}), kiosk.Ignored, "")
		// With its AIM prefix or blanks it is the same code too.
		r.want(r.scanAt("desk", station.Scan{Code: "]C0S002\r"}), kiosk.Ignored, "")
	})
}

func TestSessionsEndByThemselves(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		open("HS001")(r)
		r.Advance(15 * time.Second)
		r.want(r.do(kiosk.Touch, ""), kiosk.Shown, "")
		r.Advance(15 * time.Second)
		if sc := r.poke(); sc.Phase != station.Session {
			t.Fatal("a touch keeps the session open")
		}
		r.Advance(19 * time.Second) // poke has moved the clock by 2 s more
		sc := r.poke()
		if sc.Phase != station.Idle || sc.Patron != nil || len(sc.Loans) != 0 || sc.Result != nil || sc.EndsAt != nil {
			t.Errorf("something of the patron stays: %+v", sc)
		}
		r.want(r.scan("S001"), kiosk.Refused, kiosk.ReasonNoSession)
		r.Advance(20 * time.Second)
		if sc := r.poke(); sc.Result != nil {
			t.Error("the last result leaves an idle screen")
		}
	})
}

func TestTheScreenForgetsThePatron(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		for _, end := range []func(){
			func() { r.do(kiosk.Finish, "") },
			func() { r.scan("HS001") },
			func() { r.Advance(30 * time.Second); r.poke() },
		} {
			open("HS001")(r)
			r.scan("S001")
			r.scan("S001")
			end()
			sc := r.station.Screen()
			if sc.Patron != nil || len(sc.Loans) > 0 {
				t.Errorf("the patron stays: %+v", sc)
			}
			if x := sc.Result; x != nil && (x.Patron != nil || x.Copy != nil || x.Loan != nil || x.Code == "HS001") {
				t.Errorf("the patron stays in the result: %+v", x)
			}
		}
		// An idle return names nobody.
		r.Lent("HS002", "S001", "2026-12-01")
		if res := r.scan("S001"); res.Patron != nil {
			t.Errorf("a return without a card names %+v", res.Patron)
		}
		if sc := r.station.Screen(); sc.Patron != nil || sc.Result.Patron != nil {
			t.Error("the screen names who had the book")
		}
	})
}
