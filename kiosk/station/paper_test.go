package station_test

import (
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// A librarian's card, a week's code, then children and their books: each counts
// as of that week and as from paper; no child's session is opened, no visit
// counted.
func TestACornersPaperIsCopiedAtAStation(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t)) // a Tuesday
		r.cornerBox("HOP1", "S001", "S002")
		r.Advance(14 * 24 * time.Hour) // the books stood there already in the week of the paper
		err := r.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
			a, err := tx.AccountByName("thu-thu")
			if err != nil {
				return err
			}
			m, err := tx.MemberByCard("GV001", r.Today())
			if err != nil {
				return err
			}
			a.PatronID = m.ID
			return tx.PutAccount(a)
		})
		if err != nil {
			t.Fatal(err)
		}
		monday := r.Today().Add(-8) // of last week
		week := kiosk.WeekCode(monday, "G1")
		shows := func(res kiosk.Result, code kiosk.NoteCode) {
			t.Helper()
			r.want(res, kiosk.Shown, "")
			if len(res.Notes) != 1 || res.Notes[0].Code != code {
				t.Fatalf("%+v, want %s", res, code)
			}
		}
		// Without a card, and in a child's session, it is told where paper is copied.
		shows(r.scan(week), kiosk.NoteCornerPaper)
		r.want(r.scan("HS001"), kiosk.SessionOpened, "")
		shows(r.scan(week), kiosk.NoteCornerPaper)
		r.want(r.scan("HS001"), kiosk.SessionEnded, "")

		r.want(r.scan("GV001"), kiosk.SessionOpened, "")
		shows(r.scan(kiosk.WeekCode(monday.Add(14), "G1")), kiosk.NotePaperOld)
		shows(r.scan(kiosk.WeekCode(monday.Add(-70), "G1")), kiosk.NotePaperOld)
		before := len(r.Events())
		shows(r.scan(week), kiosk.NotePaperOn)
		if sc := r.station.Screen(); sc.Patron != nil || sc.Phase != station.Idle {
			t.Errorf("the teacher's session is still on the screen: %+v", sc)
		}
		child := r.scan("HS001")
		shows(child, kiosk.NotePaperChild)
		if child.Patron == nil || child.Patron.Name != "An" || r.station.Screen().Result.Code != "" {
			t.Errorf("%+v", child)
		}
		r.Advance(time.Minute) // a page is turned: longer than a session
		lent := r.scan("S001")
		r.want(lent, kiosk.CheckedOut, "")
		if f := note(lent, kiosk.NotePaperWeek); f["week"] != monday || lent.Patron == nil || lent.Patron.Name != "An" {
			t.Errorf("%+v", lent)
		}
		// A slip is undone, the right book taken; the next child; the book comes back.
		r.want(r.scan("S002"), kiosk.CheckedOut, "")
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		shows(r.scan("HS002"), kiosk.NotePaperChild)
		r.want(r.scan("S002"), kiosk.CheckedOut, "")
		r.want(r.scan("S002"), kiosk.Returned, "")
		// The code once more ends it; then the station is the library's again.
		shows(r.scan(week), kiosk.NotePaperOver)
		r.want(r.scan("HS002"), kiosk.SessionOpened, "")
		r.want(r.do(kiosk.Finish, ""), kiosk.SessionEnded, "")

		paper, visits := 0, 0
		for _, e := range r.Events()[before:] {
			if c := e.Payload.Corner; c != nil && c.Source == kiosk.FromSheet && e.Payload.Reverses == 0 {
				paper++
				if day := kiosk.DayOf(e.OccurredAt, r.zone()); day != monday {
					t.Errorf("%s counts as of %s, want %s", e.Type, day, monday)
				}
				if e.StaffRef == "" {
					t.Errorf("%s has nobody who copied it", e.Type)
				}
			}
			if e.Type == kiosk.EventVisit {
				visits++
			}
		}
		if paper != 4 || visits != 1 { // the visit is of the session after it
			t.Errorf("%d acts of paper and %d visits, want 4 and 1", paper, visits)
		}
		if card, _ := r.Borrower("S001"); card != "HS001" {
			t.Errorf("S001 is with %q", card)
		}
		if card, _ := r.Borrower("S002"); card != "" {
			t.Errorf("S002 is with %q", card)
		}
		r.Replayed()
	})
}

// The paper ends by itself, and by what is no line of it.
func TestTheCopyingOfPaperEnds(t *testing.T) {
	for what, end := range map[string]func(*rig){
		"five minutes":   func(r *rig) { r.Advance(station.FillIdle + time.Second); r.poke() },
		"finish":         func(r *rig) { r.want(r.do(kiosk.Finish, ""), kiosk.Shown, "") },
		"a grown-up":     func(r *rig) { r.want(r.scan("GV001"), kiosk.SessionOpened, ""); r.do(kiosk.Finish, "") },
		"a corner's box": func(r *rig) { r.scan("HOP1"); r.scan("HOP1") },
	} {
		t.Run(what, func(t *testing.T) {
			onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
				r := newRig(t, newLedger(t))
				r.cornerBox("HOP1", "S001")
				var librarian kiosk.ID
				if err := r.Ledger.View(t.Context(), func(v kiosk.View) error {
					a, err := v.AccountByName("thu-thu")
					librarian = a.ID
					return err
				}); err != nil {
					t.Fatal(err)
				}
				// A librarian who is signed in at the page needs no card.
				r.Advance(2 * time.Second)
				res := r.scanAt(kiosk.DefaultStation, station.Scan{Code: kiosk.WeekCode(r.Today().Add(-8), "G1"), SignedIn: librarian})
				if note(res, kiosk.NotePaperOn) == nil {
					t.Fatalf("%+v", res)
				}
				end(r)
				r.want(r.scan("HS001"), kiosk.SessionOpened, "")
			})
		})
	}
}

func (r *rig) zone() (loc *time.Location) {
	r.t.Helper()
	if err := r.Ledger.View(r.t.Context(), func(v kiosk.View) (err error) {
		loc, err = kiosk.LocationOf(v)
		return err
	}); err != nil {
		r.t.Fatal(err)
	}
	return loc
}
