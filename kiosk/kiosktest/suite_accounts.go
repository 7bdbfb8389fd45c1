package kiosktest

import (
	"errors"
	"strings"
	"time"

	"muontra/kiosk"
)

// digest is a sample of a hash: 64 of one letter.
func digest(letter string) string { return strings.Repeat(letter, 64) }

func accountsComeBack(t *try) {
	s := t.stocked(0)
	var a kiosk.Account
	var one, two kiosk.Class
	t.update(func(tx kiosk.Tx) (err error) {
		if one, err = class(tx, Today, "2A", 2); err != nil {
			return err
		}
		if two, err = class(tx, Today, "2B", 2); err != nil {
			return err
		}
		a = kiosk.Account{ID: tx.NewID(), Name: "co-mau", Role: kiosk.Collaborator, PasswordHash: "x", PINHash: "y", MustChange: true, PatronID: s.patron.ID,
			Classes: []kiosk.ID{one.ID, two.ID}, CreatedAt: Start}
		return tx.PutAccount(a)
	})
	for _, change := range []func(){func() {}, func() { a.Classes, a.PINHash, a.MustChange = []kiosk.ID{two.ID}, "", false }, func() { a.Classes, a.PatronID, a.Role = nil, "", kiosk.Helper }} {
		change()
		t.update(func(tx kiosk.Tx) error { return tx.PutAccount(a) })
		t.view(func(v kiosk.View) error {
			got, err := v.Account(a.ID)
			equal(t, "account", got, a)
			got, err2 := v.AccountByName("co-mau")
			equal(t, "account by name", got, a)
			all, err3 := v.Accounts()
			equal(t, "accounts", all, []kiosk.Account{a})
			return errors.Join(err, err2, err3)
		})
	}
	t.view(func(v kiosk.View) error {
		_, err := v.Account("nope")
		t.notFound("account", err)
		return nil
	})
	t.fails("a class that is none", kiosk.ErrNotFound, func(tx kiosk.Tx) error { b := a; b.Classes = []kiosk.ID{"nope"}; return tx.PutAccount(b) })
	t.fails("a patron who is none", kiosk.ErrNotFound, func(tx kiosk.Tx) error { b := a; b.PatronID = "nope"; return tx.PutAccount(b) })
	// A refused write leaves the classes as they were.
	a.Classes = []kiosk.ID{one.ID}
	t.update(func(tx kiosk.Tx) error {
		if err := tx.PutAccount(a); err != nil {
			return err
		}
		b := a
		b.Classes = []kiosk.ID{two.ID, "nope"}
		if tx.PutAccount(b) == nil {
			t.tb.Errorf("a class that is none was taken")
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		got, err := v.Account(a.ID)
		equal(t, "classes", got.Classes, a.Classes)
		return err
	})
}

func signInsKept(t *try) {
	var a kiosk.Account
	in := func(letter string, seen time.Duration) kiosk.SignIn {
		return kiosk.SignIn{Hash: digest(letter), AccountID: a.ID, Since: Start, Seen: Start.Add(seen)}
	}
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, CreatedAt: Start}
		return errors.Join(tx.PutAccount(a), tx.PutSignIn(in("a", 2*time.Hour)), tx.PutSignIn(in("b", time.Hour)), tx.PutSignIn(in("a", 3*time.Hour)))
	})
	list := func(want ...kiosk.SignIn) {
		t.view(func(v kiosk.View) error {
			all, err := v.SignIns()
			if len(all) != len(want) {
				t.tb.Errorf("sign-ins %+v, want %+v", all, want)
				return err
			}
			for i := range want {
				equal(t, "sign-in", all[i], want[i])
				one, err := v.SignIn(want[i].Hash)
				equal(t, "one sign-in", one, want[i])
				if err != nil {
					return err
				}
			}
			return err
		})
	}
	list(in("b", time.Hour), in("a", 3*time.Hour))
	t.update(func(tx kiosk.Tx) error { return errors.Join(tx.EndSignIn(digest("b")), tx.EndSignIn(digest("z"))) })
	list(in("a", 3*time.Hour))
	t.view(func(v kiosk.View) error {
		_, err := v.SignIn(digest("b"))
		t.notFound("an ended sign-in", err)
		return nil
	})
	t.fails("a sign-in of nobody", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutSignIn(kiosk.SignIn{Hash: digest("c"), AccountID: "nope", Since: Start, Seen: Start})
	})
}

func browsersKept(t *try) {
	var a kiosk.Account
	var b, c kiosk.Browser
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, CreatedAt: Start}
		b = kiosk.Browser{ID: tx.NewID(), Name: "Máy bàn mẫu", Hash: digest("a"), EnrolledAt: Start, EnrolledBy: a.ID}
		c = kiosk.Browser{ID: tx.NewID(), Name: "Máy góc mẫu", Hash: digest("b"), EnrolledAt: Start.Add(time.Minute), EnrolledBy: a.ID, Phone: true}
		return errors.Join(tx.PutAccount(a), tx.PutBrowser(c), tx.PutBrowser(b))
	})
	t.fails("another's hash", kiosk.ErrConflict, func(tx kiosk.Tx) error { d := b; d.ID = tx.NewID(); return tx.PutBrowser(d) })
	in := kiosk.SignIn{Hash: digest("c"), AccountID: a.ID, Since: Start, Seen: Start, Phone: c.ID}
	t.update(func(tx kiosk.Tx) error { return tx.PutSignIn(in) })
	t.view(func(v kiosk.View) error {
		got, err := v.SignIn(in.Hash)
		equal(t, "a phone's sign-in", got, in)
		return err
	})
	t.fails("a sign-in on a phone that is none", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		other := in
		other.Hash, other.Phone = digest("d"), "nope"
		return tx.PutSignIn(other)
	})
	b.Removed = true
	c.Contact, c.Unsent = Start.Add(time.Hour), 3
	t.update(func(tx kiosk.Tx) error { return errors.Join(tx.PutBrowser(b), tx.PutBrowser(c)) })
	t.view(func(v kiosk.View) error {
		all, err := v.Browsers()
		equal(t, "browsers", all, []kiosk.Browser{b, c})
		return err
	})
}

func guessesCounted(t *try) {
	old := kiosk.Guesses{Key: digest("a"), Fails: 3, At: Start}
	fresh := kiosk.Guesses{Key: digest("b"), Fails: 1, At: Start.Add(time.Hour)}
	t.update(func(tx kiosk.Tx) error { return errors.Join(tx.PutGuesses(old), tx.PutGuesses(fresh)) })
	old.Fails = 4
	t.update(func(tx kiosk.Tx) error { return tx.PutGuesses(old) })
	t.view(func(v kiosk.View) error {
		got, err := v.Guesses(old.Key)
		equal(t, "guesses", got, old)
		_, nf := v.Guesses(digest("c"))
		t.notFound("guesses", nf)
		return err
	})
	t.update(func(tx kiosk.Tx) error { return tx.DropGuesses(fresh.At) })
	t.view(func(v kiosk.View) error {
		_, nf := v.Guesses(old.Key)
		t.notFound("old guesses", nf)
		got, err := v.Guesses(fresh.Key)
		equal(t, "fresh guesses", got, fresh)
		return err
	})
	t.fails("fewer than none", nil, func(tx kiosk.Tx) error { return tx.PutGuesses(kiosk.Guesses{Key: digest("d"), Fails: -1, At: Start}) })
}

func accountEvents(t *try) {
	t.update(func(tx kiosk.Tx) error {
		for i := range 6 {
			id := kiosk.ID([]string{"one", "two"}[i%2])
			e := kiosk.Event{Type: kiosk.EventAccount, OccurredAt: Start, RecordedAt: Start, Station: kiosk.DefaultStation, Payload: kiosk.Payload{Account: id, Change: kiosk.AccountChanges[i], Times: i}}
			if i == 4 {
				e.Type = kiosk.EventHelp // another event that speaks of it
			}
			if err := tx.Append(&e); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		for id, want := range map[kiosk.ID][]int64{"one": {3, 1}, "two": {6, 4}, "none": nil} {
			got, err := v.AccountEvents(id, 2)
			var seqs []int64
			for _, e := range got {
				seqs = append(seqs, e.Seq)
			}
			equal(t, "events of "+string(id), seqs, want)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
