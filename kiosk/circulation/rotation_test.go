package circulation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"muontra/kiosk"
)

func (m *room) rows(deposit kiosk.ID) (rows []kiosk.BoxRow) {
	m.t.Helper()
	m.view(func(v kiosk.View) (err error) { rows, err = kiosk.BoxRows(v, deposit, false); return err })
	return rows
}

func (m *room) boxAt(c kiosk.Corner) (b kiosk.Deposit) {
	m.t.Helper()
	m.view(func(v kiosk.View) error {
		all, err := v.Deposits(c.Place)
		for _, d := range all {
			if d.Ended.IsZero() {
				b = d
			}
		}
		return err
	})
	return b
}

func (m *room) rotate(cs ...kiosk.Corner) (kiosk.Rotation, error) {
	r := kiosk.Rotation{Name: "Luân chuyển mẫu"}
	for i, c := range cs {
		r.Moves = append(r.Moves, kiosk.Move{From: c.Place, To: cs[(i+1)%len(cs)].Place})
	}
	return m.desk.PrepareRotation(m.t.Context(), m.staff, r)
}

func TestRotationGoesRound(t *testing.T) {
	inRoom(t, func(m *room) {
		b := m.makeCorner("G3B", "Góc 3B", kiosk.ClassCorner, "3B", "")
		_, ofA := m.filled(m.a, 3)
		_, ofB := m.filled(b, 2)
		m.lend(m.at(0, ""), m.a, m.an, ofA[0])
		m.CopyStatus(ofB[1].Barcode, kiosk.CopyLost)
		m.wait(time.Hour)
		r := must[kiosk.Rotation](m.rig)(m.rotate(m.a, b))
		equal(m.rig, "prepared", []int{r.Moves[0].Copies, r.Moves[1].Copies, r.Left()}, []int{3, 2, 2})
		_, err := m.rotate(b, m.a)
		var begun *kiosk.RotationBegunError
		if !errors.As(err, &begun) || begun.Rotation != r.ID {
			m.t.Errorf("begun twice: %v", err)
		}

		one := must[kiosk.Rotation](m.rig)(m.desk.MoveBox(m.t.Context(), m.staff, r.ID, m.a.Place))
		equal(m.rig, "one left", []any{one.Left(), one.Open(), one.Moves[0].Out}, []any{1, true, 3})
		equal(m.rig, "a loan goes along", m.place(ofA[0]), b.Place)
		_, err = m.desk.MoveBox(m.t.Context(), m.staff, r.ID, m.a.Place)
		var moved *kiosk.BoxMovedError
		if !errors.As(err, &moved) {
			m.t.Errorf("scanned twice: %v", err)
		}
		// The wrong box: taken back, and done again.
		back := must[kiosk.Rotation](m.rig)(m.desk.MoveBoxBack(m.t.Context(), m.staff, r.ID, m.a.Place))
		equal(m.rig, "taken back", []any{back.Left(), m.place(ofA[1]) == m.a.Place, len(m.rows(m.boxAt(m.a).ID))}, []any{2, true, 3})
		must[kiosk.Rotation](m.rig)(m.desk.MoveBox(m.t.Context(), m.staff, r.ID, m.a.Place))
		two := must[kiosk.Rotation](m.rig)(m.desk.MoveBox(m.t.Context(), m.staff, r.ID, b.Place))
		equal(m.rig, "over", []any{two.Left(), two.Open(), two.Moves[1].Out}, []any{0, false, 1})
		equal(m.rig, "what came in the same rotation stays", m.place(ofA[1]), b.Place)
		equal(m.rig, "the name that the box keeps", m.boxAt(b).Box, "G2A")
		equal(m.rig, "the keeper has not seen it", m.boxAt(b).State(), kiosk.DepositHanded)
		must[kiosk.Deposit](m.rig)(m.desk.ConfirmHandover(m.t.Context(), m.staff, m.boxAt(b).ID))
		if _, err := m.desk.MoveBoxBack(m.t.Context(), m.staff, r.ID, m.a.Place); !errors.Is(err, kiosk.ErrBoxOver) {
			m.t.Errorf("taken back after it was confirmed: %v", err)
		}
		// An gives the book back at the kiosk: it is asked to where its box is now.
		got := must[kiosk.Answer](m.rig)(m.desk.Return(m.t.Context(), kiosk.Attempt{Station: "desk"}, "", ofA[0].ID))
		equal(m.rig, "asked back", got.Result.Notes, []kiosk.Note{{Code: kiosk.NoteElsewhere, Facts: kiosk.Facts{"place": "Góc 3B"}}})
		equal(m.rig, "it lies in the library", m.rows(m.boxAt(b).ID)[0].State(m.boxAt(b)), kiosk.RowElsewhere)
		m.back(m.at(0, ""), b, ofA[0])
		equal(m.rig, "and is home", m.rows(m.boxAt(b).ID)[0].State(m.boxAt(b)), kiosk.RowHere)

		none := must[kiosk.Rotation](m.rig)(m.rotate(m.a, b))
		equal(m.rig, "ended before any box moved", must[kiosk.Rotation](m.rig)(m.desk.CloseRotation(m.t.Context(), m.staff, none.ID)).Undone, true)
	})
}

// strangers is a box that is being counted, with the books that do not belong into it.
type strangers struct {
	other                   kiosk.Corner
	box                     kiosk.Deposit
	own, others             []kiosk.Item // of this corner's box, the first of them lent there, and of the other's
	shelf, gone, lost, lent kiosk.Item   // of the library: here, withdrawn, lost, on loan
}

func (m *room) strangers() (x strangers) {
	m.t.Helper()
	x.other = m.makeCorner("G3B", "Góc 3B", kiosk.ClassCorner, "3B", "")
	x.box, x.own = m.filled(m.a, 3)
	_, x.others = m.filled(x.other, 2)
	x.shelf = m.Copy("30000001", "Của thư viện", kiosk.Children, "")
	x.gone = m.Copy("30000002", "Thanh lý", kiosk.Children, "")
	m.CopyStatus(x.gone.Barcode, kiosk.CopyWithdrawn)
	x.lost = m.Copy("30000003", "Đã mất", kiosk.Children, "")
	m.CopyStatus(x.lost.Barcode, kiosk.CopyLost)
	x.lent = m.Copy("30000004", "Đang mượn", kiosk.Children, "")
	m.Lent("20000003", x.lent.Barcode, "2026-11-27")
	m.lend(m.at(0, ""), m.a, m.an, x.own[0])
	m.wait(time.Minute)
	must[kiosk.Deposit](m.rig)(m.desk.CountBox(m.t.Context(), m.staff, x.box.ID))
	m.wait(time.Second)
	return x
}

// TestBoxWithStrangers is the table of what may lie in a box: each is told, and
// settled by one touch.
func TestBoxWithStrangers(t *testing.T) {
	inRoom(t, func(m *room) {
		x := m.strangers()
		b, box, own, others, shelf, gone, found, lent := x.other, x.box, x.own, x.others, x.shelf, x.gone, x.lost, x.lent
		for _, c := range []struct {
			code string
			done kiosk.BoxDone
			find kiosk.FindKind
		}{
			{own[1].Barcode, kiosk.BoxSeen, ""}, {own[0].Barcode, kiosk.BoxSeen, kiosk.FindOnLoan},
			{others[0].Barcode, kiosk.BoxFound, kiosk.FindCorner}, {others[1].Barcode, kiosk.BoxFound, kiosk.FindCorner}, {shelf.Barcode, kiosk.BoxFound, kiosk.FindShelf},
			{gone.Barcode, kiosk.BoxFound, kiosk.FindWithdrawn}, {found.Barcode, kiosk.BoxFound, kiosk.FindLost}, {lent.Barcode, kiosk.BoxFound, kiosk.FindOnLoan},
			{"9786042000000", kiosk.BoxFound, kiosk.FindPrivate}, {shelf.Barcode, kiosk.BoxFound, kiosk.FindShelf},
		} {
			s := must[kiosk.BoxScan](m.rig)(m.desk.ScanCount(m.t.Context(), m.staff, box.ID, c.code))
			equal(m.rig, "scan of "+c.code, []any{s.Done, s.Find}, []any{c.done, c.find})
		}
		states := map[kiosk.BoxRowState]int{}
		for _, r := range m.rows(box.ID) {
			states[r.State(m.boxAt(m.a))]++
		}
		equal(m.rig, "one is missing", states, map[kiosk.BoxRowState]int{kiosk.RowHere: 2, kiosk.RowMissing: 1})
		must[kiosk.BoxScan](m.rig)(m.desk.SettleMissing(m.t.Context(), m.staff, box.ID, own[2].ID, true))
		equal(m.rig, "lost", m.item(own[2].Copy).State.Status, kiosk.CopyLost)

		var finds []kiosk.Find
		m.view(func(v kiosk.View) (err error) { finds, err = v.OpenFinds(); return err })
		equal(m.rig, "each once", len(finds), 7)
		settle := map[kiosk.ID]kiosk.FindDone{others[0].ID: kiosk.FindTaken, others[1].ID: kiosk.FindSent, shelf.ID: kiosk.FindTaken, gone.ID: kiosk.FindHanded, found.ID: kiosk.FindTaken, lent.ID: kiosk.FindSent, "": kiosk.FindHanded}
		for _, f := range finds {
			if _, err := m.desk.SettleFind(m.t.Context(), m.staff, f.ID, map[bool]kiosk.FindDone{true: kiosk.FindTaken, false: kiosk.FindHanded}[f.Kind == kiosk.FindPrivate || f.Kind == kiosk.FindWithdrawn]); err == nil {
				m.t.Errorf("%s was settled in a way that does not fit", f.Kind)
			}
			for range 2 {
				must[kiosk.Find](m.rig)(m.desk.SettleFind(m.t.Context(), m.staff, f.ID, settle[f.Copy]))
			}
		}
		equal(m.rig, "in the box", len(m.rows(box.ID)), 5)
		for _, c := range []struct {
			what  kiosk.Item
			place kiosk.ID
			s     kiosk.CopyStatus
		}{{others[0], m.a.Place, kiosk.CopyAvailable}, {others[1], b.Place, kiosk.CopyAvailable}, {shelf, m.a.Place, kiosk.CopyAvailable}, {found, m.a.Place, kiosk.CopyAvailable}, {lent, lent.HomePlace, kiosk.CopyAvailable}, {gone, gone.HomePlace, kiosk.CopyWithdrawn}} {
			equal(m.rig, c.what.Title.Title, []any{m.place(c.what), m.item(c.what.Copy).State.Status}, []any{c.place, c.s})
			card, _ := m.Borrower(c.what.Barcode)
			equal(m.rig, c.what.Title.Title+" is with", card, "")
		}
	})
}

// TestHandoverTakesWhatIsInTheHand: the same strangers at a hand-over.
func TestHandoverTakesWhatIsInTheHand(t *testing.T) {
	inRoom(t, func(m *room) {
		_, others := m.filled(m.hall, 1)
		gone := m.Copy("30000002", "Thanh lý", kiosk.Children, "")
		m.CopyStatus(gone.Barcode, kiosk.CopyWithdrawn)
		found := m.Copy("30000003", "Đã mất", kiosk.Children, "")
		m.CopyStatus(found.Barcode, kiosk.CopyLost)
		lent := m.Copy("30000004", "Đang mượn", kiosk.Children, "")
		m.Lent("20000003", lent.Barcode, "2026-11-27")
		b := must[kiosk.Deposit](m.rig)(m.desk.BeginHandover(m.t.Context(), m.staff, m.a.Place, kiosk.MustDay("2026-12-24")))
		if _, err := m.desk.HandOver(m.t.Context(), m.staff, b.ID); !errors.Is(err, kiosk.ErrBoxEmpty) {
			m.t.Errorf("an empty box: %v", err)
		}
		m.into(b, others[0], kiosk.BoxAdded, kiosk.FindCorner)
		m.into(b, gone, kiosk.BoxRefused, kiosk.FindWithdrawn)
		m.into(b, found, kiosk.BoxAdded, kiosk.FindLost)
		m.into(b, lent, kiosk.BoxAdded, kiosk.FindOnLoan)
		m.into(b, lent, kiosk.BoxHeld, "")
		s := must[kiosk.BoxScan](m.rig)(m.desk.ScanIntoBox(m.t.Context(), m.staff, b.ID, "9786042000000"))
		equal(m.rig, "a child's own book", []any{s.Done, s.Find, s.Count}, []any{kiosk.BoxRefused, kiosk.FindPrivate, 3})
		must[kiosk.BoxScan](m.rig)(m.desk.TakeOutOfBox(m.t.Context(), m.staff, b.ID, lent.ID))
		equal(m.rig, "home again", m.place(lent), lent.HomePlace)
		// Elsewhere, by another: it goes on.
		again := must[kiosk.Deposit](m.rig)(m.desk.BeginHandover(m.t.Context(), m.staff, m.a.Place, kiosk.Day{}))
		equal(m.rig, "goes on", again.ID, b.ID)
		must[kiosk.Deposit](m.rig)(m.desk.HandOver(m.t.Context(), m.staff, b.ID))
		if _, err := m.desk.ScanIntoBox(m.t.Context(), m.staff, b.ID, lent.Barcode); !errors.Is(err, kiosk.ErrBoxOver) {
			m.t.Errorf("after the hand-over: %v", err)
		}
		must[kiosk.Deposit](m.rig)(m.desk.ReopenHandover(m.t.Context(), m.staff, b.ID))
		m.into(b, lent, kiosk.BoxAdded, "")
	})
}

// TestCornersChangeInTheYear: another keeper, a class dissolved, a lost box.
func TestCornersChangeInTheYear(t *testing.T) {
	inRoom(t, func(m *room) {
		box, items := m.filled(m.a, 3)
		m.lend(m.at(0, ""), m.a, m.an, items[0])
		next := m.Patron(kiosk.Teacher, "20000009", "Mẫu Thầy Nam", "", 0)
		set := func(change func(kiosk.Corner) kiosk.Corner) (kiosk.Corner, error) {
			return m.desk.SetCorner(m.t.Context(), m.staff, m.a.Place, func(c kiosk.Corner) (kiosk.Corner, error) { return change(c), nil })
		}
		c := must[kiosk.Corner](m.rig)(set(func(c kiosk.Corner) kiosk.Corner {
			c.Keeper, c.Monitors = next.Ref, []kiosk.ID{m.an.Ref, m.an.Ref}
			return c
		}))
		equal(m.rig, "keeper and monitors", []any{c.Keeper, c.Monitors}, []any{next.Ref, []kiosk.ID{m.an.Ref}})
		m.view(func(v kiosk.View) error {
			es, err := v.EventsOfCorner(m.a.Place, 99)
			first := es[len(es)-1].Payload.Corner.Corners[0]
			equal(m.rig, "who kept it before", first.Keeper, m.teacher.Ref)
			return err
		})
		_, err := set(func(c kiosk.Corner) kiosk.Corner { c.Keeper = m.an.Ref; return c })
		m.wrongField("a pupil as keeper", err, "keeper", kiosk.FieldUnknown)
		other := must[kiosk.Place](m.rig)(m.desk.AddPlace(m.t.Context(), m.staff, kiosk.Place{Code: "G2A2", Name: "Góc 2A nữa", Kind: kiosk.ClassCorner}))
		if _, err := m.desk.SetCorner(m.t.Context(), m.staff, other.ID, func(c kiosk.Corner) (kiosk.Corner, error) { c.Class = m.a.Class; return c, nil }); !errors.Is(err, kiosk.ErrClassHasCorner) {
			m.t.Errorf("a second corner of the class: %v", err)
		}

		must[kiosk.Deposit](m.rig)(m.desk.LoseBox(m.t.Context(), m.staff, box.ID))
		equal(m.rig, "the box is lost, the loan is not", []kiosk.CopyStatus{m.item(items[0].Copy).State.Status, m.item(items[1].Copy).State.Status}, []kiosk.CopyStatus{kiosk.CopyAvailable, kiosk.CopyLost})
		must[kiosk.Deposit](m.rig)(m.desk.FindBox(m.t.Context(), m.staff, box.ID))
		equal(m.rig, "and found", m.item(items[1].Copy).State.Status, kiosk.CopyAvailable)

		must[kiosk.Corner](m.rig)(m.desk.EndCorner(m.t.Context(), m.staff, m.a.Place, "Lớp 2A tách", true))
		no := m.lend(m.at(0, ""), m.a, m.binh, items[1])
		equal(m.rig, "nothing is lent", []any{no.Outcome, no.Reason}, []any{kiosk.Refused, kiosk.ReasonClosed})
		if _, err := m.desk.BeginHandover(m.t.Context(), m.staff, m.a.Place, kiosk.Day{}); !errors.Is(err, kiosk.ErrCornerEnded) {
			m.t.Errorf("a box for it: %v", err)
		}
		equal(m.rig, "given back there all the same", m.back(m.at(0, ""), m.a, items[0]).Outcome, kiosk.Returned)
		// The class was split: one of the halves takes the corner of the old.
		half := must[kiosk.Corner](m.rig)(m.desk.SetCorner(m.t.Context(), m.staff, other.ID, func(c kiosk.Corner) (kiosk.Corner, error) { c.Class = m.a.Class; return c, nil }))
		r := must[kiosk.Rotation](m.rig)(m.desk.PrepareRotation(m.t.Context(), m.staff, kiosk.Rotation{Name: "Tách lớp", Moves: []kiosk.Move{{From: m.a.Place, To: half.Place}}}))
		must[kiosk.Rotation](m.rig)(m.desk.MoveBox(m.t.Context(), m.staff, r.ID, m.a.Place))
		equal(m.rig, "its books", m.place(items[2]), half.Place)
	})
}

func TestPickForACorner(t *testing.T) {
	inRoom(t, func(m *room) {
		levels := []string{"xanh", "vàng", "đỏ"}
		m.update(func(tx kiosk.Tx) error {
			for i := range 12 {
				title := kiosk.Title{ID: tx.NewID(), Title: fmt.Sprint("Sách trình độ ", i), Level: levels[i%3], Grade: []int{2, 2, 2, 3}[i%4]}
				c := kiosk.Copy{ID: tx.NewID(), TitleID: title.ID, Barcode: fmt.Sprint("31000", 100+i), Kind: kiosk.Children, HomePlace: m.shelf.ID}
				if err := errors.Join(tx.PutTitle(title), tx.PutCopy(c), tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: m.shelf.ID}}}}})); err != nil {
					return err
				}
			}
			return nil
		})
		pick := func(n int) (got []kiosk.Item) {
			m.view(func(v kiosk.View) (err error) {
				got, err = kiosk.PickCopies(v, kiosk.Pick{Place: m.a.Place, Count: n, Grade: 2, Levels: levels})
				return err
			})
			return got
		}
		first := pick(3)
		got := map[string]bool{}
		for _, i := range first {
			got[i.Title.Level] = i.Title.Grade == 2
		}
		equal(m.rig, "a level each, of the grade", got, map[string]bool{"xanh": true, "vàng": true, "đỏ": true})
		b := must[kiosk.Deposit](m.rig)(m.desk.BeginHandover(m.t.Context(), m.staff, m.a.Place, kiosk.Day{}))
		var ids []kiosk.ID
		for _, i := range first {
			ids = append(ids, i.ID)
		}
		equal(m.rig, "filled", must[int](m.rig)(m.desk.FillBox(m.t.Context(), m.staff, b.ID, append(ids, ids...))), 3)
		equal(m.rig, "not again", must[int](m.rig)(m.desk.FillBox(m.t.Context(), m.staff, b.ID, ids)), 0)
		equal(m.rig, "what is left of grade 2", len(pick(40)), 6)
		for _, i := range pick(40) {
			for _, f := range first {
				if i.TitleID == f.TitleID {
					m.t.Errorf("%s was there before", i.Title.Title)
				}
			}
		}
	})
}
