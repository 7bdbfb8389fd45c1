package circulation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"muontra/kiosk"
)

// room is a rig with the corner of 2A, kept by a teacher, and the hallway; An and
// Bình are in 2A, Chi in 3B.
type room struct {
	*rig
	a, hall                kiosk.Corner
	an, binh, chi, teacher kiosk.Patron
}

func inRoom(t *testing.T, test func(*room)) {
	onEveryLedger(t, func(r *rig) {
		m := &room{rig: r}
		m.an = r.Patron(kiosk.Pupil, "20000001", "Mẫu An", "2A", 2)
		m.binh = r.Patron(kiosk.Pupil, "20000002", "Mẫu Bình", "2A", 2)
		m.chi = r.Patron(kiosk.Pupil, "20000003", "Mẫu Chi", "3B", 3)
		m.teacher = r.Patron(kiosk.Teacher, "20000004", "Mẫu Cô Hoa", "", 0)
		m.a = m.makeCorner("G2A", "Góc 2A", kiosk.ClassCorner, "2A", m.teacher.Ref)
		m.hall = m.makeCorner("HL", "Hành lang", kiosk.Hallway, "", "")
		test(m)
	})
}

func (m *room) makeCorner(code, name string, kind kiosk.PlaceKind, class string, keeper kiosk.ID) kiosk.Corner {
	m.t.Helper()
	p := must[kiosk.Place](m.rig)(m.desk.AddPlace(m.t.Context(), m.staff, kiosk.Place{Code: code, Name: name, Kind: kind}))
	of := m.class(class)
	return must[kiosk.Corner](m.rig)(m.desk.SetCorner(m.t.Context(), m.staff, p.ID, func(c kiosk.Corner) (kiosk.Corner, error) {
		c.Class, c.Keeper = of, keeper
		return c, nil
	}))
}

func (m *room) class(name string) (id kiosk.ID) {
	m.t.Helper()
	m.view(func(v kiosk.View) error {
		r, err := v.Rules(m.Today())
		if err != nil {
			return err
		}
		all, err := v.Classes(r.Year.ID)
		for _, c := range all {
			if c.Name == name {
				id = c.ID
			}
		}
		return err
	})
	return id
}

// filled hands a box of n new story books over to a corner; the keeper confirms.
func (m *room) filled(c kiosk.Corner, n int) (kiosk.Deposit, []kiosk.Item) {
	m.t.Helper()
	b := must[kiosk.Deposit](m.rig)(m.desk.BeginHandover(m.t.Context(), m.staff, c.Place, kiosk.Day{}))
	var items []kiosk.Item
	for i := range n {
		it := m.Copy(fmt.Sprintf("3%s%04d", b.Box, i), fmt.Sprintf("Truyện mẫu %s %d", b.Box, i), kiosk.Children, "")
		m.into(b, it, kiosk.BoxAdded, "")
		items = append(items, it)
	}
	must[kiosk.Deposit](m.rig)(m.desk.HandOver(m.t.Context(), m.staff, b.ID))
	return must[kiosk.Deposit](m.rig)(m.desk.ConfirmHandover(m.t.Context(), m.staff, b.ID)), items
}

func (m *room) into(b kiosk.Deposit, i kiosk.Item, want kiosk.BoxDone, find kiosk.FindKind) kiosk.BoxScan {
	m.t.Helper()
	s := must[kiosk.BoxScan](m.rig)(m.desk.ScanIntoBox(m.t.Context(), m.staff, b.ID, i.Barcode))
	if s.Done != want || s.Find != find {
		m.t.Errorf("scan of %s: %s %s, want %s %s", i.Barcode, s.Done, s.Find, want, find)
	}
	return s
}

// at is an act of the phone, that long ago.
func (m *room) at(ago time.Duration, command string) kiosk.Attempt {
	a := m.staff
	a.At, a.CommandID, a.Body = m.Now().Add(-ago), command, command
	return a
}

func (m *room) lend(a kiosk.Attempt, c kiosk.Corner, p kiosk.Patron, i kiosk.Item) kiosk.CornerDone {
	m.t.Helper()
	return must[kiosk.CornerDone](m.rig)(m.desk.LendInCorner(m.t.Context(), a, kiosk.FromPhone, c.Place, p.Ref, i.ID))
}

func (m *room) back(a kiosk.Attempt, c kiosk.Corner, i kiosk.Item) kiosk.CornerDone {
	m.t.Helper()
	return must[kiosk.CornerDone](m.rig)(m.desk.ReturnInCorner(m.t.Context(), a, kiosk.FromPhone, c.Place, i.ID))
}

func (m *room) place(i kiosk.Item) (p kiosk.ID) { m.t.Helper(); return m.item(i.Copy).State.Place }

func TestCornerHandsOverLendsAndComesBack(t *testing.T) {
	inRoom(t, func(m *room) {
		b, items := m.filled(m.a, 3)
		equal(m.rig, "state", b.State(), kiosk.DepositConfirmed)
		equal(m.rig, "until the year's recall, an open day", b.Until, kiosk.MustDay("2027-05-20"))
		equal(m.rig, "place", m.place(items[0]), m.a.Place)

		lent := m.lend(m.at(0, ""), m.a, m.an, items[0])
		equal(m.rig, "lent", []any{lent.Outcome, lent.Rule, lent.DueOn}, []any{kiosk.CheckedOut, kiosk.CornerRule(""), kiosk.MustDay("2026-12-01")})
		card, due := m.Borrower(items[0].Barcode)
		equal(m.rig, "who has it", []any{card, due}, []any{"20000001", lent.DueOn})
		equal(m.rig, "again is no second loan", m.lend(m.at(0, ""), m.a, m.an, items[0]).Rule, kiosk.RuleAlready)
		other := m.lend(m.at(0, ""), m.a, m.chi, items[1])
		equal(m.rig, "another class", []any{other.Outcome, other.Reason}, []any{kiosk.Refused, kiosk.ReasonNotForLoan})
		m.lend(m.at(0, ""), m.a, m.an, items[1])
		full := m.lend(m.at(0, ""), m.a, m.an, items[2])
		equal(m.rig, "the line's limit", []any{full.Outcome, full.Reason, full.Refusals[0].Facts["limit"]}, []any{kiosk.Refused, kiosk.ReasonLimitReached, 2})

		// The library's own limit is another: An may borrow there.
		book := m.Copy("30000001", "Của thư viện", kiosk.Children, "")
		got := must[kiosk.Answer](m.rig)(m.desk.Checkout(m.t.Context(), kiosk.Attempt{Station: "desk", Code: book.Barcode}, m.an.Ref, book.ID))
		equal(m.rig, "beside what the library lends", got.Result.Outcome, kiosk.CheckedOut)
		equal(m.rig, "how many more", got.Session.Left, 1)

		equal(m.rig, "returned", m.back(m.at(0, ""), m.a, items[0]).Outcome, kiosk.Returned)
		equal(m.rig, "returned again", m.back(m.at(0, ""), m.a, items[0]).Rule, kiosk.RuleAlready)

		s := must[kiosk.BoxScan](m.rig)(m.desk.ScanBack(m.t.Context(), m.staff, items[1].Barcode, kiosk.ConditionWorn))
		equal(m.rig, "back, from its reader", []any{s.Done, s.Find, s.Was, s.Condition, s.Count, s.Ended}, []any{kiosk.BoxBack, kiosk.FindOnLoan, kiosk.ConditionGood, kiosk.ConditionWorn, 2, false})
		for _, i := range []int{0, 2} {
			s = must[kiosk.BoxScan](m.rig)(m.desk.ScanBack(m.t.Context(), m.staff, items[i].Accession, ""))
		}
		equal(m.rig, "the last ends the box", s.Ended, true)
		equal(m.rig, "home", m.place(items[2]), items[2].HomePlace)
	})
}

// TestCornerActsAreDoneOnce: a phone sends again after days, and after months.
func TestCornerActsAreDoneOnce(t *testing.T) {
	inRoom(t, func(m *room) {
		_, items := m.filled(m.a, 1)
		a := m.at(0, "c-1")
		first := m.lend(a, m.a, m.an, items[0])
		m.wait(40 * 24 * time.Hour)
		n := len(m.Events())
		again := m.lend(a, m.a, m.an, items[0])
		equal(m.rig, "the same answer", []any{again.Loan, again.Event, again.Again}, []any{first.Loan, first.Event, true})
		equal(m.rig, "no event", len(m.Events()), n)
		a.Body = "something else"
		if _, err := m.desk.LendInCorner(m.t.Context(), a, kiosk.FromPhone, m.a.Place, m.binh.Ref, items[0].ID); !errors.Is(err, kiosk.ErrUsedID) {
			m.t.Errorf("the id with another body: %v", err)
		}
	})
}

// TestTwoPhonesLendOneBook: who has it in the end does not depend on which phone
// is back first, and both loans are counted.
func TestTwoPhonesLendOneBook(t *testing.T) {
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		inRoom(t, func(m *room) {
			_, items := m.filled(m.a, 1)
			m.wait(48 * time.Hour)
			acts := []func() kiosk.CornerDone{
				func() kiosk.CornerDone { return m.lend(m.at(3*time.Hour, "p1"), m.a, m.an, items[0]) },
				func() kiosk.CornerDone { return m.lend(m.at(2*time.Hour, "p2"), m.a, m.binh, items[0]) },
			}
			var rules []kiosk.CornerRule
			for _, n := range order {
				rules = append(rules, acts[n]().Rule)
			}
			equal(m.rig, "rules", rules, map[int][]kiosk.CornerRule{0: {"", kiosk.RuleHandedOn}, 1: {"", kiosk.RulePast}}[order[0]])
			card, _ := m.Borrower(items[0].Barcode)
			equal(m.rig, "the later has it", card, "20000002")
			m.view(func(v kiosk.View) error {
				ls, err := v.CornerLoans(m.a.Place, time.Time{})
				equal(m.rig, "both are loans", len(ls), 2)
				if len(ls) == 2 {
					equal(m.rig, "An's ended when Bình's began", ls[0].ReturnedAt.Equal(ls[1].CheckedOutAt), true)
				}
				return err
			})
			equal(m.rig, "lent twice", m.item(items[0].Copy).State.Loans, 2)
		})
	}
}

// TestLateLendingOfABookReturnedElsewhere: the kiosk took the book back before
// the phone could say that it was lent.
func TestLateLendingOfABookReturnedElsewhere(t *testing.T) {
	inRoom(t, func(m *room) {
		_, items := m.filled(m.a, 1)
		m.wait(time.Hour)
		m.lend(m.at(0, "old"), m.a, m.binh, items[0])
		m.wait(time.Hour) // the phone lends it to An now, and cannot say so
		late := m.at(0, "late")
		m.wait(time.Hour)
		got := must[kiosk.Answer](m.rig)(m.desk.Return(m.t.Context(), kiosk.Attempt{Station: "desk"}, "", items[0].ID))
		equal(m.rig, "at the kiosk", got.Result.Outcome, kiosk.Returned)
		m.wait(time.Hour)
		done := m.lend(late, m.a, m.an, items[0])
		equal(m.rig, "rule", done.Rule, kiosk.RulePast)
		card, _ := m.Borrower(items[0].Barcode)
		equal(m.rig, "nobody has it", card, "")
	})
}

// TestPhonesClockIsWrong: what cannot be is taken as now, and told.
func TestPhonesClockIsWrong(t *testing.T) {
	inRoom(t, func(m *room) {
		_, items := m.filled(m.a, 2)
		for n, ago := range []time.Duration{-400 * 24 * time.Hour, 20 * 365 * 24 * time.Hour} {
			done := m.lend(m.at(ago, fmt.Sprint("w", n)), m.a, m.an, items[n])
			equal(m.rig, "taken as now", []any{done.Outcome, done.At.Equal(m.Now()), len(done.Notes) > 0 && done.Notes[0].Code == kiosk.NoteWrongClock}, []any{kiosk.CheckedOut, true, true})
		}
	})
}

func TestReadingsAreCountedAndTakenBack(t *testing.T) {
	inRoom(t, func(m *room) {
		_, items := m.filled(m.a, 1)
		read := func(id string, r kiosk.Reading) kiosk.CornerDone {
			return must[kiosk.CornerDone](m.rig)(m.desk.ReadInCorner(m.t.Context(), m.at(0, id), kiosk.FromPhone, m.a.Place, "", r))
		}
		class := read("r1", kiosk.Reading{Count: 28, Readers: 26})
		read("r1", kiosk.Reading{Count: 28, Readers: 26})
		read("r2", kiosk.Reading{Count: 1, Copy: items[0].ID})
		equal(m.rig, "read here", m.item(items[0].Copy).State.OnSite, 1)
		count := func() (n int) {
			m.view(func(v kiosk.View) error {
				all, err := v.Readings(m.a.Place, m.Today(), m.Today())
				for _, r := range all {
					n += r.Count
				}
				return err
			})
			return n
		}
		equal(m.rig, "readings", count(), 29)
		for range 2 {
			must[kiosk.CornerDone](m.rig)(m.desk.RemoveReading(m.t.Context(), m.staff, class.Loan))
		}
		equal(m.rig, "taken back", count(), 1)
		if _, err := m.desk.ReadInCorner(m.t.Context(), m.staff, kiosk.FromSheet, m.a.Place, "", kiosk.Reading{Count: 0}); err == nil {
			m.t.Error("no readings were counted")
		}
		if _, err := m.desk.ReadInCorner(m.t.Context(), m.staff, kiosk.FromSheet, m.a.Place, "", kiosk.Reading{Count: 1, Day: m.Today().Add(1)}); err == nil {
			m.t.Error("readings of tomorrow were counted")
		}
	})
}

func TestOwnBooksOfAClass(t *testing.T) {
	inRoom(t, func(m *room) {
		o := must[kiosk.OwnBooks](m.rig)(m.desk.AddOwnBooks(m.t.Context(), m.staff, kiosk.OwnBooks{Place: m.a.Place, Text: "Truyện tranh", Quantity: 9}))
		back := must[kiosk.OwnBooks](m.rig)(m.desk.GiveBackOwnBooks(m.t.Context(), m.staff, m.a.Place, o.ID, true))
		equal(m.rig, "given back", back.GivenBack, m.Today())
		_, err := m.desk.AddOwnBooks(m.t.Context(), m.staff, kiosk.OwnBooks{Place: m.a.Place, Quantity: 9})
		m.wrongField("no text", err, "text", kiosk.FieldMissing)
	})
}

// wait moves the clock on.
func (m *room) wait(d time.Duration) {
	m.t.Helper()
	m.Set(m.Now().Add(d).In(m.zone()).Format("2006-01-02 15:04:05"))
}

func (m *room) zone() *time.Location {
	m.t.Helper()
	loc, err := time.LoadLocation(kiosk.DefaultZone)
	if err != nil {
		m.t.Fatal(err)
	}
	return loc
}
