package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web"
)

// classroom is an office with the corner of class 2A, three pupils in it, six
// books, a teacher who keeps it, and class 3B beside it with its own.
type classroom struct {
	*office
	desk                *circulation.Desk
	staff               kiosk.Attempt
	class, other        kiosk.ID // 2A and 3B
	corner, otherCorner kiosk.ID
	an, binh, chi, dung kiosk.Patron // Dũng is in 3B
	books               []kiosk.Item
	foreign             kiosk.Item // stands in 3B's corner
}

func newClassroom(t testing.TB, change ...func(*web.Config)) *classroom {
	t.Helper()
	c := &classroom{}
	c.office = newOffice(t, append([]func(*web.Config){func(cfg *web.Config) {
		c.desk = cfg.Acquisitions.(*circulation.Desk)
		cfg.CornerActs = c.desk
	}}, change...)...)
	c.an = c.Patron(kiosk.Pupil, "20000115", "Nguyễn Mẫu An", "2A", 2)
	c.binh = c.Patron(kiosk.Pupil, "20000123", "Trần Mẫu Bình", "2A", 2)
	c.chi = c.Patron(kiosk.Pupil, "20000131", "Lê Mẫu Chi", "2A", 2)
	c.dung = c.Patron(kiosk.Pupil, "20000149", "Phạm Mẫu Dũng", "3B", 3)
	c.view(func(v kiosk.View) error {
		a, err := v.AccountByName("librarian")
		if err != nil {
			return err
		}
		c.staff = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: a.ID}
		r, err := v.Rules(c.Today())
		if err != nil {
			return err
		}
		all, err := v.Classes(r.Year.ID)
		for _, x := range all {
			switch x.Name {
			case "2A":
				c.class = x.ID
			case "3B":
				c.other = x.ID
			}
		}
		return err
	})
	c.corner, c.otherCorner = c.cornerFor("G2A", "Góc lớp 2A", c.class), c.cornerFor("G3B", "Góc lớp 3B", c.other)
	for n := range 6 {
		c.books = append(c.books, c.put(fmt.Sprintf("3000020%d", n), fmt.Sprintf("Truyện mẫu số %d", n+1), c.corner))
	}
	c.foreign = c.put("30000300", "Truyện của lớp bên", c.otherCorner)
	return c
}

func (c *classroom) cornerFor(code, name string, class kiosk.ID) kiosk.ID {
	c.t.Helper()
	p, err := c.desk.AddPlace(c.t.Context(), c.staff, kiosk.Place{Code: code, Name: name, Kind: kiosk.ClassCorner})
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = c.desk.SetCorner(c.t.Context(), c.staff, p.ID, func(x kiosk.Corner) (kiosk.Corner, error) {
		x.Class = class
		return x, nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return p.ID
}

// put stands a new copy into a corner.
func (c *classroom) put(barcode, title string, place kiosk.ID) kiosk.Item {
	c.t.Helper()
	i := c.Copy(barcode, title, kiosk.Children, "")
	if _, err := c.desk.Change(c.t.Context(), c.staff, i.ID, kiosk.CopyChange{Place: place}); err != nil {
		c.t.Fatal(err)
	}
	return i
}

// teacherPhone is an enrolled phone with the teacher of 2A signed in.
func (c *classroom) teacherPhone() *office {
	c.t.Helper()
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	p := c.phone("Máy cô Mẫu")
	if status := p.cornerSignIn("20000016", teacherPIN); status != 200 {
		c.t.Fatalf("the teacher signs in: %d", status)
	}
	return p
}

// did is an act as a phone sends it, done some time ago.
func (c *classroom) did(id, kind string, ago time.Duration, more ...any) map[string]any {
	now := c.Now()
	a := map[string]any{"v": 1, "id": id, "kind": kind, "place": c.corner, "at": now.Add(-ago).UnixMilli(), "contact": map[string]any{"server": now.Add(-ago - time.Hour).UnixMilli(), "phone": now.Add(-ago - time.Hour).UnixMilli()}}
	for i := 0; i+1 < len(more); i += 2 {
		a[more[i].(string)] = more[i+1]
	}
	return a
}

// send sends acts and gives the answers.
func (c *classroom) send(p *office, acts ...map[string]any) []map[string]any {
	c.t.Helper()
	status, body := p.api("POST", "/api/v1/corner/acts", map[string]any{"sent_at": c.Now().UnixMilli(), "acts": acts})
	if status != 200 {
		c.t.Fatalf("acts: %d %v", status, body)
	}
	var answers []map[string]any
	for _, a := range body["answers"].([]any) {
		answers = append(answers, a.(map[string]any))
	}
	if len(answers) != len(acts) {
		c.t.Fatalf("%d answers to %d acts", len(answers), len(acts))
	}
	return answers
}

// holder is the card of who has a copy now, "" for nobody.
func (c *classroom) holder(i kiosk.Item) string {
	card, _ := c.Borrower(i.Barcode)
	return card
}

// getsTo waits until a book is with the card, since what a page says it has kept
// is sent a moment later; the answer is who has it in the end.
func (c *classroom) getsTo(i kiosk.Item, card string) (who string) {
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if who = c.holder(i); who == card || time.Now().After(end) {
			return who
		}
	}
}

// The conflicts of a phone that comes back: what is made of an act against what
// happened meanwhile, and what its keeper is told. Each row is one phone, one
// act done two hours ago, and something done elsewhere an hour ago or before.
func TestWhatAPhoneBringsIsSettled(t *testing.T) {
	t.Parallel()
	const ago = 2 * time.Hour
	for name, row := range map[string]struct {
		before    func(*classroom) // three hours ago
		meanwhile func(*classroom) // an hour ago
		act       func(*classroom) map[string]any
		rule      kiosk.CornerRule
		state     string
		says      string
		holder    string // of the first book, at the end
		loans     int    // of the first book that count
	}{
		"nothing happened": {
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			state: "done", says: "hạn trả", holder: "20000115", loans: 1,
		},
		"lent by two phones, this one earlier": {
			meanwhile: func(c *classroom) { c.lentInCorner(c.binh, c.books[0]) },
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			rule: kiosk.RulePast, state: "told", says: "người đang giữ sách không đổi", holder: "20000123", loans: 2,
		},
		"lent by two phones, this one later": {
			before: func(c *classroom) { c.lentInCorner(c.binh, c.books[0]) },
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			rule: kiosk.RuleHandedOn, state: "told", says: "Lượt sau là lượt đúng", holder: "20000115", loans: 2,
		},
		"lent by two phones to the same child": {
			before: func(c *classroom) { c.lentInCorner(c.an, c.books[0]) },
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			rule: kiosk.RuleAlready, state: "done", says: "đã có rồi", holder: "20000115", loans: 1,
		},
		"lent here, returned at the library and lent on there": {
			meanwhile: func(c *classroom) {
				c.lentInCorner(c.dung, c.books[0])
			},
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			rule: kiosk.RulePast, state: "told", says: "không đổi", holder: "20000149", loans: 2,
		},
		"returned here, returned elsewhere meanwhile": {
			before:    func(c *classroom) { c.lentInCorner(c.an, c.books[0]) },
			meanwhile: func(c *classroom) { c.tookBack(c.books[0]) },
			act:       func(c *classroom) map[string]any { return c.did("a", "return", ago, "copy", c.books[0].ID) },
			rule:      kiosk.RuleAlready, state: "done", says: "từ trước", loans: 1,
		},
		"returned here, and lent to another child since": {
			before: func(c *classroom) { c.lentInCorner(c.an, c.books[0]) },
			meanwhile: func(c *classroom) {
				c.tookBack(c.books[0])
				c.lentInCorner(c.binh, c.books[0])
			},
			act:  func(c *classroom) map[string]any { return c.did("a", "return", ago, "copy", c.books[0].ID) },
			rule: kiosk.RuleAlready, state: "done", says: "từ trước", holder: "20000123", loans: 2,
		},
		"declared lost": {
			before: func(c *classroom) { c.change(c.books[0], kiosk.CopyLost) },
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			rule: kiosk.RuleFound, state: "told", says: "nay đã thấy", holder: "20000115", loans: 1,
		},
		"a lost book brought back": {
			before: func(c *classroom) { c.change(c.books[0], kiosk.CopyLost) },
			act:    func(c *classroom) map[string]any { return c.did("a", "return", ago, "copy", c.books[0].ID) },
			rule:   kiosk.RuleFound, state: "told", says: "Thủ thư đã được báo",
		},
		"withdrawn": {
			before: func(c *classroom) { c.change(c.books[0], kiosk.CopyWithdrawn) },
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			rule: kiosk.RuleRefused, state: "told", says: "đã thanh lý",
		},
		"the pupil left meanwhile": {
			meanwhile: func(c *classroom) { c.gone(c.an) },
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			state: "done", says: "dù có quy định", holder: "20000115", loans: 1,
		},
		"a book of another corner": {
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "code", "30000300")
			},
			rule: kiosk.RuleStranger, state: "told", says: "Góc lớp 3B",
		},
		"a code that is nobody's": {
			act:   func(c *classroom) map[string]any { return c.did("a", "return", ago, "code", "99990009") },
			state: "told", says: "99990009",
		},
		"over the limit, when it was noted without a network": {
			before: func(c *classroom) {
				c.lentInCorner(c.an, c.books[1])
				c.lentInCorner(c.an, c.books[2])
			},
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			state: "done", says: "dù có quy định", holder: "20000115", loans: 1,
		},
		"over the limit now": {
			before: func(c *classroom) {
				c.lentInCorner(c.an, c.books[1])
				c.lentInCorner(c.an, c.books[2])
			},
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", 0, "pupil", c.an.ID, "copy", c.books[0].ID)
			},
			rule: kiosk.RuleRefused, state: "told", says: "đã giữ 2 cuốn",
		},
		"a pupil of another class": {
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", c.dung.ID, "copy", c.books[0].ID)
			},
			state: "told", says: "chỉ cho các bạn trong lớp",
		},
		"a pupil whom nobody knows any more": {
			act: func(c *classroom) map[string]any {
				return c.did("a", "lend", ago, "pupil", "gone", "copy", c.books[0].ID)
			},
			state: "told", says: "không còn trong danh sách",
		},
		"an act of another version of the page": {
			act:   func(c *classroom) map[string]any { return map[string]any{"id": "a", "kind": "renew", "v": 7} },
			state: "stuck", says: "bản trang khác",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClassroom(t)
			c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
			p := c.phone("Máy cô Mẫu")
			if row.before != nil {
				row.before(c)
			}
			c.Advance(2 * time.Hour)
			if row.meanwhile != nil {
				row.meanwhile(c)
			}
			c.Advance(time.Hour)
			p.cornerSignIn("20000016", teacherPIN)
			act := row.act(c)
			got := c.send(p, act)[0]
			if got["state"] != row.state || fmt.Sprint(orNone(got["rule"])) != string(row.rule) || !strings.Contains(fmt.Sprint(got["message"]), row.says) {
				t.Errorf("answered %v", got)
			}
			if h := c.holder(c.books[0]); h != row.holder {
				t.Errorf("the book is with %q, want %q", h, row.holder)
			}
			if n := c.counted(c.books[0]); n != row.loans {
				t.Errorf("%d loans of it count, want %d", n, row.loans)
			}
			// Sent again after days it is done no second time.
			events := len(c.Events())
			c.Advance(50 * time.Hour)
			p.cornerSignIn("20000016", teacherPIN)
			events = len(c.Events()) - events
			again := c.send(p, act)[0]
			if again["state"] != got["state"] || c.holder(c.books[0]) != row.holder || c.counted(c.books[0]) != row.loans {
				t.Errorf("sent again: %v", again)
			}
			_ = events
			c.Replayed()
		})
	}
}

func orNone(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// lentInCorner is a lending by another phone, now.
func (c *classroom) lentInCorner(p kiosk.Patron, i kiosk.Item) {
	c.t.Helper()
	a := c.staff
	a.Comment = "máy khác"
	if done, err := c.desk.LendInCorner(c.t.Context(), a, kiosk.FromPhone, c.corner, p.Ref, i.ID); err != nil || done.Outcome != kiosk.CheckedOut {
		c.t.Fatalf("lend: %+v %v", done, err)
	}
	c.Advance(time.Second)
}

// tookBack is a return at the kiosk.
func (c *classroom) tookBack(i kiosk.Item) {
	c.t.Helper()
	if _, err := c.desk.Return(c.t.Context(), kiosk.Attempt{Station: kiosk.DefaultStation}, "", i.ID); err != nil {
		c.t.Fatal(err)
	}
	c.Advance(time.Second)
}

func (c *classroom) change(i kiosk.Item, s kiosk.CopyStatus) {
	c.t.Helper()
	if _, err := c.desk.Change(c.t.Context(), c.staff, i.ID, kiosk.CopyChange{Status: s}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *classroom) gone(p kiosk.Patron) {
	c.t.Helper()
	err := c.config.Ledger.Update(context.Background(), func(tx kiosk.Tx) error {
		m, err := tx.Patron(p.ID)
		if err != nil {
			return err
		}
		m.Status, m.LeftOn = kiosk.PatronLeft, c.Today()
		return tx.PutPatron(m)
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// counted is how many loans of a copy count.
func (c *classroom) counted(i kiosk.Item) (n int) {
	c.view(func(v kiosk.View) error {
		return v.EachLoan(false, func(l kiosk.Loan) error {
			if l.CopyID == i.ID && l.End != kiosk.LoanUndone {
				n++
			}
			return nil
		})
	})
	return n
}

// What a collaborator of another class asks for by hand, with the ids of this
// one: nothing is told, nothing is done, and the acts wait for whom they are.
func TestAPhoneReachesItsOwnClassOnly(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	c.teach("thay-khac", "20000024", "Thầy Mẫu Khác", c.other)
	p := c.phone("Máy thầy Khác")
	p.cornerSignIn("20000024", teacherPIN)
	status, body := p.api("GET", "/api/v1/corner", nil)
	text := fmt.Sprint(body)
	if status != 200 || !strings.Contains(text, "Dũng") || strings.Contains(text, "Nguyễn Mẫu") || strings.Contains(text, string(c.corner)) || strings.Contains(text, "Truyện mẫu số") {
		t.Errorf("the other class's phone reads %.400s", text)
	}
	events := len(c.Events())
	for _, a := range c.send(p,
		c.did("a", "lend", time.Hour, "pupil", c.an.ID, "copy", c.books[0].ID),
		c.did("b", "return", time.Hour, "copy", c.books[0].ID),
		c.did("c", "read", time.Hour, "count", 5),
		c.did("d", "undo", time.Hour, "of", "a"),
		c.did("e", "lend", time.Hour, "place", "nowhere", "pupil", c.dung.ID, "copy", c.foreign.ID),
	) {
		if a["state"] != "waits" || !strings.Contains(fmt.Sprint(a["message"]), "người khác phụ trách") {
			t.Errorf("another class's act: %v", a)
		}
	}
	if n := len(c.Events()); n != events {
		t.Errorf("%d events of it", n-events)
	}
	// With the own corner and a pupil of the other class: refused, and kept as that.
	got := c.send(p, c.did("f", "lend", time.Hour, "place", c.otherCorner, "pupil", c.an.ID, "copy", c.foreign.ID))[0]
	if got["state"] != "told" || got["outcome"] != "refused" || c.holder(c.foreign) != "" {
		t.Errorf("a pupil of another class: %v", got)
	}
	// A keeper replaced: the same acts, sent from the same phone by who keeps the
	// class now, are taken.
	c.teach("co-moi", "20000032", "Cô Mẫu Mới", c.class)
	p.cornerSignIn("20000032", teacherPIN)
	for _, a := range c.send(p, c.did("a", "lend", time.Hour, "pupil", c.an.ID, "copy", c.books[0].ID), c.did("c", "read", time.Hour, "count", 5)) {
		if a["state"] != "done" {
			t.Errorf("taken by the new keeper: %v", a)
		}
	}
	if c.holder(c.books[0]) != "20000115" {
		t.Error("the loan is not there")
	}
	// Strangers, helpers and the management.
	for who, want := range map[string]int{"": 401, string(kiosk.Helper): 403, string(kiosk.Management): 403} {
		b := c.another()
		if who != "" {
			_, once := c.hire("nguoi-"+who, kiosk.Role(who))
			b = c.settle("nguoi-"+who, once)
		}
		if status, _ := b.api("GET", "/api/v1/corner", nil); status != want {
			t.Errorf("%s reads the corner: %d", who, status)
		}
		if status, _ := b.api("POST", "/api/v1/corner/acts", map[string]any{"sent_at": 1, "acts": []any{}}); status != want {
			t.Errorf("%s sends acts: %d", who, status)
		}
	}
	c.Replayed()
}

// A phone whose clock is years off: the loan begins when it was made, and the
// day due follows from that.
func TestAPhonesWrongClock(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	p := c.teacherPhone()
	wrong := -11 * 365 * 24 * time.Hour
	act := c.did("a", "lend", 3*time.Hour, "pupil", c.an.ID, "copy", c.books[0].ID)
	was := c.Now().Add(-3 * time.Hour)
	act["at"] = was.Add(wrong).UnixMilli()
	act["contact"] = map[string]any{"server": was.Add(-time.Hour).UnixMilli(), "phone": was.Add(-time.Hour + wrong).UnixMilli()}
	status, body := p.api("POST", "/api/v1/corner/acts", map[string]any{"sent_at": c.Now().Add(wrong).UnixMilli(), "acts": []any{act}})
	if status != 200 {
		t.Fatal(status, body)
	}
	c.view(func(v kiosk.View) error {
		l, err := v.OpenLoan(c.books[0].ID)
		if d := l.CheckedOutAt.Sub(was).Abs(); d > time.Second {
			t.Errorf("the loan begins at %s, want %s", l.CheckedOutAt, was)
		}
		return err
	})
}

func TestPhoneActsAreTakenBackOnce(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	p := c.teacherPhone()
	c.send(p, c.did("a", "lend", 0, "pupil", c.an.ID, "copy", c.books[0].ID), c.did("b", "read", 0, "count", 12))
	readings := func() (n int) {
		c.view(func(v kiosk.View) error {
			all, err := v.Readings(c.corner, c.Today(), c.Today())
			for _, r := range all {
				n += r.Count
			}
			return err
		})
		return n
	}
	if readings() != 12 {
		t.Fatalf("%d readings", readings())
	}
	undo := c.did("u", "undo", 0, "of", "a")
	for range 2 {
		for _, a := range c.send(p, undo, c.did("w", "undo", 0, "of", "b")) {
			if a["state"] != "done" {
				t.Errorf("undo: %v", a)
			}
		}
		if c.holder(c.books[0]) != "" || c.counted(c.books[0]) != 0 || readings() != 0 {
			t.Errorf("taken back: with %q, %d loans, %d readings", c.holder(c.books[0]), c.counted(c.books[0]), readings())
		}
		c.Advance(50 * time.Hour)
		p.cornerSignIn("20000016", teacherPIN)
	}
	if a := c.send(p, c.did("x", "undo", 0, "of", "never"))[0]; a["state"] != "done" {
		t.Errorf("undo of nothing: %v", a)
	}
	c.Replayed()
}

func TestPhoneSendsNonsense(t *testing.T) {
	t.Parallel()
	c := newClassroom(t)
	p := c.teacherPhone()
	for name, body := range map[string]any{
		"nothing":    map[string]any{},
		"no acts":    map[string]any{"sent_at": 1, "acts": []any{}},
		"no id":      map[string]any{"sent_at": 1, "acts": []any{map[string]any{"kind": "lend"}}},
		"no time":    map[string]any{"acts": []any{c.did("a", "read", 0, "count", 1)}},
		"a long id":  map[string]any{"sent_at": 1, "acts": []any{c.did(strings.Repeat("x", 65), "read", 0, "count", 1)}},
		"a list":     []any{1},
		"many acts":  map[string]any{"sent_at": 1, "acts": make([]any, 101)},
		"too much":   map[string]any{"sent_at": 1, "acts": []any{map[string]any{"id": "a", "text": strings.Repeat("x", 300<<10)}}},
		"an act: 17": map[string]any{"sent_at": 1, "acts": []any{17}},
	} {
		if status, _ := p.api("POST", "/api/v1/corner/acts", body); status != 400 && status != 413 {
			t.Errorf("%s: %d", name, status)
		}
	}
	for name, change := range map[string]func(map[string]any){
		"no kind":              func(a map[string]any) { delete(a, "kind") },
		"minus readings":       func(a map[string]any) { a["count"] = -5 },
		"a million":            func(a map[string]any) { a["count"] = 1_000_000 },
		"a text as count":      func(a map[string]any) { a["count"] = "five" },
		"no clock":             func(a map[string]any) { a["at"] = 0 },
		"a lending of no book": func(a map[string]any) { a["kind"], a["pupil"] = "lend", c.an.ID },
	} {
		a := c.did("n-"+name, "read", 0, "count", 1)
		change(a)
		got := c.send(p, a, c.did("ok-"+name, "read", 0, "count", 1))
		if got[0]["state"] != "stuck" || got[1]["state"] != "done" {
			t.Errorf("%s: %v", name, got)
		}
	}
	// One id for two things.
	c.send(p, c.did("same", "read", 0, "count", 1))
	if a := c.send(p, c.did("same", "read", 0, "count", 2))[0]; a["state"] != "stuck" {
		t.Errorf("an id used twice: %v", a)
	}
	if res, err := p.client.Get(p.URL + "/corner"); err != nil || res.StatusCode != http.StatusMovedPermanently {
		t.Error("/corner does not lead to the page")
	}
}
