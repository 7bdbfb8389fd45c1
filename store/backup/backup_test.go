package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// school is an open data folder with the sample school.
func school(t testing.TB) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: kiosktest.NewClock().Now})
	must(t, err)
	t.Cleanup(func() {
		if err := st.Close(); err != nil && !errors.Is(err, store.ErrClosed) {
			t.Error(err)
		}
	})
	_, err = kiosktest.School(t.Context(), st)
	must(t, err)
	return st
}

func lastSeq(t testing.TB, st *store.Store) (n int64, site kiosk.Site) {
	t.Helper()
	must(t, st.View(t.Context(), func(v kiosk.View) (err error) {
		if n, err = v.LastSeq(); err != nil {
			return err
		}
		site, err = v.Site()
		return err
	}))
	return n, site
}

// happen appends an event that changes nothing.
func happen(t testing.TB, st *store.Store) {
	t.Helper()
	must(t, st.Update(t.Context(), func(tx kiosk.Tx) error {
		return tx.Append(&kiosk.Event{Type: kiosk.EventRefused, Station: kiosk.DefaultStation, OccurredAt: kiosktest.Start, RecordedAt: kiosktest.Start, ClockOK: true})
	}))
}

// leftOver names what stands in a folder and is neither wanted nor the data
// folder's own.
func leftOver(t testing.TB, dir string) []string {
	t.Helper()
	var all []string
	must(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if n := d.Name(); strings.HasPrefix(n, ".") || strings.HasSuffix(n, ".part") {
			all = append(all, p)
		}
		return err
	}))
	return all
}

func TestCopyAndBack(t *testing.T) {
	for _, name := range []string{"a.db", "a.db.age"} {
		t.Run(name, func(t *testing.T) {
			st := school(t)
			dir, stick := st.Dir(), t.TempDir()
			key, err := MakeKey(dir)
			must(t, err)
			file := filepath.Join(stick, name)
			made, err := Write(t.Context(), st, file, dir, &key)
			must(t, err)
			seq, before := lastSeq(t, st)
			if made.LastSeq != seq || made.Bytes == 0 {
				t.Errorf("made %+v at event %d", made, seq)
			}
			if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v", info.Mode())
			}
			b, err := os.ReadFile(file)
			must(t, err)
			if sealed := !bytes.Contains(b, []byte("Nguy")); sealed != (name == "a.db.age") {
				t.Errorf("names can be read: %v", !sealed)
			}
			if _, err := Write(t.Context(), st, file, dir, &key); !errors.Is(err, ErrExists) {
				t.Errorf("written over: %v", err)
			}
			// Life goes on after the copy; the restore goes back to it.
			happen(t, st)
			must(t, st.Close())
			r, err := Restore(t.Context(), dir, file, &key, kiosktest.Start.Add(time.Hour))
			must(t, err)
			again, err := store.Open(t.Context(), dir, store.Options{Now: kiosktest.NewClock().Now})
			must(t, err)
			defer again.Close()
			got, site := lastSeq(t, again)
			if got != seq || site.ID != before.ID || site.Epoch == before.Epoch {
				t.Errorf("restored to event %d of %d, epoch %s was %s", got, seq, site.Epoch, before.Epoch)
			}
			happen(t, again)
			if n, _ := lastSeq(t, again); n != seq+1 {
				t.Errorf("the first event after it is %d", n)
			}
			faults, err := again.Check(t.Context())
			if err != nil || faults != nil {
				t.Errorf("check: %v %v", faults, err)
			}
			if _, err := os.Stat(r.Kept); err != nil {
				t.Errorf("the old database: %v", err)
			}
			if l := append(leftOver(t, dir), leftOver(t, stick)...); len(l) > 0 {
				t.Errorf("left over: %v", l)
			}
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	st := school(t)
	key, err := MakeKey(st.Dir())
	must(t, err)
	stick := t.TempDir()
	good, sealed := filepath.Join(stick, "good.db"), filepath.Join(stick, "good.db.age")
	for _, f := range []string{good, sealed} {
		_, err := Write(t.Context(), st, f, st.Dir(), &key)
		must(t, err)
	}
	other, err := MakeKey(t.TempDir())
	must(t, err)
	// made writes a variant of a copy.
	made := func(name, from string, change func([]byte) []byte) string {
		b, err := os.ReadFile(from)
		must(t, err)
		f := filepath.Join(stick, name)
		must(t, os.WriteFile(f, change(b), 0o600))
		return f
	}
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte {
			for i := range 512 {
				b[len(b)*at/100+i] ^= 0x5a
			}
			return b
		}
	}
	// Some bytes alone may lie where a page holds nothing, which harms nobody.
	pages := func(b []byte) []byte {
		for i := len(b) / 3; i < len(b)*2/3; i++ {
			b[i] ^= 0x5a
		}
		return b
	}
	half := func(b []byte) []byte { return b[:len(b)/2] }
	newer := func(b []byte) []byte { b[60+3] = 250; return b } // user_version, https://sqlite.org/fileformat.html 1.3.15
	foreign := func(b []byte) []byte { b[68] ^= 0xff; return b }
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	dir := t.TempDir()
	old, err := store.Open(t.Context(), dir, store.Options{})
	must(t, err)
	happen(t, old)
	must(t, old.Close())
	before, err := os.ReadFile(filepath.Join(dir, store.FileName))
	must(t, err)
	for name, x := range map[string]struct {
		file string
		key  *Key
		want func(error) bool
	}{
		"missing":       {filepath.Join(stick, "none.db"), nil, is(fs.ErrNotExist)},
		"empty":         {made("empty.db", good, func([]byte) []byte { return nil }), nil, is(ErrTorn)},
		"text":          {made("text.db", good, func([]byte) []byte { return []byte("danh sách lớp 2A\n") }), nil, is(ErrTorn)},
		"half":          {made("half.db", good, half), nil, is(ErrTorn)},
		"half, sealed":  {made("half.db.age", sealed, half), &key, is(ErrTorn)},
		"torn, sealed":  {made("torn.db.age", sealed, flip(50)), &key, is(ErrTorn)},
		"torn":          {made("torn.db", good, pages), nil, func(err error) bool { var f *FaultsError; return errors.Is(err, ErrTorn) || errors.As(err, &f) }},
		"head torn":     {made("head.db.age", sealed, flip(0)), &key, is(ErrTorn)},
		"newer":         {made("newer.db", good, newer), nil, func(err error) bool { var n *store.NewerError; return errors.As(err, &n) }},
		"foreign":       {made("foreign.db", good, foreign), nil, is(store.ErrForeign)},
		"no key":        {sealed, nil, is(ErrWantsKey)},
		"another's key": {sealed, &other, is(ErrOtherKey)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Restore(t.Context(), dir, x.file, x.key, kiosktest.Start)
			if err == nil || !x.want(err) {
				t.Errorf("restored: %v", err)
			}
			after, err := os.ReadFile(filepath.Join(dir, store.FileName))
			must(t, err)
			if !bytes.Equal(before, after) {
				t.Error("the database was touched")
			}
			if all, _ := filepath.Glob(filepath.Join(dir, kept+"*")); len(all)+len(leftOver(t, dir)) > 0 {
				t.Errorf("left over: %v %v", all, leftOver(t, dir))
			}
		})
	}
	t.Run("while a daemon serves", func(t *testing.T) {
		l, err := store.Lock(dir)
		must(t, err)
		defer l.Unlock()
		if _, err := Restore(t.Context(), dir, good, nil, kiosktest.Start); !errors.Is(err, store.ErrLocked) {
			t.Errorf("restored: %v", err)
		}
	})
}

// A cut in the middle of a restore must not leave an old database without the
// log that holds its newest loans.
func TestRestoreCutBetweenRenames(t *testing.T) {
	dir := t.TempDir()
	st := school(t)
	good := filepath.Join(t.TempDir(), "good.db")
	_, err := Write(t.Context(), st, good, st.Dir(), nil)
	must(t, err)
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at(kept+"20260101T000000.000Z.db"), []byte("older"), 0o600))
	must(t, os.WriteFile(at(kept+"20261101T000000.000Z.db"), []byte("cut"), 0o600))
	must(t, os.WriteFile(at(store.FileName+wal), []byte("its log"), 0o600))
	must(t, os.WriteFile(at("muontra.site"), nil, 0o600))
	if _, err := store.Open(t.Context(), dir, store.Options{}); !errors.Is(err, store.ErrLost) {
		t.Fatalf("opened: %v", err)
	}
	_, err = Restore(t.Context(), dir, good, nil, kiosktest.Start)
	must(t, err)
	if b, err := os.ReadFile(at(kept + "20261101T000000.000Z.db" + wal)); err != nil || string(b) != "its log" {
		t.Errorf("the log: %q %v", b, err)
	}
}

// No token that signs anybody in stands in a copy, and a restore ends the
// sign-ins that are in it.
func TestTokensStayOutside(t *testing.T) {
	st := school(t)
	const token = "a-token-that-signs-somebody-in"
	must(t, st.Update(t.Context(), func(tx kiosk.Tx) error {
		acc := kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, PasswordHash: "hash", CreatedAt: kiosktest.Start}
		if err := tx.PutAccount(acc); err != nil {
			return err
		}
		return tx.PutSignIn(kiosk.SignIn{Hash: hashOf(token), AccountID: acc.ID, Since: kiosktest.Start, Seen: kiosktest.Start})
	}))
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "a.db")
	_, err := Write(t.Context(), st, file, st.Dir(), nil)
	must(t, err)
	b, err := os.ReadFile(file)
	must(t, err)
	if bytes.Contains(b, []byte(token)) || !bytes.Contains(b, []byte(hashOf(token))) {
		t.Error("want the token's hash in the copy, and not the token")
	}
	_, err = Restore(t.Context(), dir, file, nil, kiosktest.Start)
	must(t, err)
	b, err = os.ReadFile(filepath.Join(dir, store.FileName))
	must(t, err)
	if bytes.Contains(b, []byte(hashOf(token))) {
		t.Error("a sign-in outlived the restore")
	}
}

func TestKey(t *testing.T) {
	dir := t.TempDir()
	k, err := MakeKey(dir)
	must(t, err)
	if again, err := MakeKey(dir); err != nil || again.Secret() != k.Secret() {
		t.Errorf("made anew: %v", err)
	}
	if info, _ := os.Stat(filepath.Join(dir, KeyFile)); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	typed := filepath.Join(dir, "typed")
	s := strings.ToLower(k.Secret())
	must(t, os.WriteFile(typed, []byte("Tờ khôi phục\n"+s[:30]+" "+s[30:]+"\r\n"), 0o600))
	if got, err := ReadKey(typed); err != nil || got.Secret() != k.Secret() {
		t.Errorf("typed by hand: %v", err)
	}
	for _, bad := range []string{"", "hello", s[:40], strings.Replace(s, s[40:41], "b", 1) + "q"} {
		must(t, os.WriteFile(typed, []byte(bad), 0o600))
		if _, err := ReadKey(typed); !errors.Is(err, ErrNoKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func hashOf(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
