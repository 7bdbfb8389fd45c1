//go:build unix

package backup

import (
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"muontra/store"
)

// A disk that fills while a copy is written leaves nothing of it, and the older
// copies as they are; with room again the next one succeeds. The limit on the
// size of a file stands for the disk: it ends the same writes.
func TestDiskFullLeavesNoPart(t *testing.T) {
	st := school(t)
	key, err := MakeKey(st.Dir())
	must(t, err)
	stick := t.TempDir()
	older := filepath.Join(stick, "older.db")
	_, err = Write(t.Context(), st, older, st.Dir(), nil)
	must(t, err)
	info, err := os.Stat(older)
	must(t, err)
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var was syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	for _, size := range []int64{4096, info.Size() / 2, info.Size()} {
		for _, name := range []string{"new.db", "new.db.age"} {
			if name == "new.db" && size == info.Size() {
				continue // that one fits
			}
			out := filepath.Join(stick, name)
			must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(size), Max: was.Max}))
			_, err := Write(t.Context(), st, out, st.Dir(), &key)
			must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was))
			if err == nil {
				t.Errorf("%s at %d bytes was made", name, size)
			}
			if _, err := os.Stat(out); !os.IsNotExist(err) {
				t.Errorf("%s at %d bytes stands there", name, size)
			}
			if l := append(leftOver(t, stick), leftOver(t, st.Dir())...); len(l) > 0 {
				t.Errorf("left over: %v", l)
			}
			if _, err := Prove(t.Context(), older, st.Dir(), nil); err != nil {
				t.Errorf("the older copy: %v", err)
			}
		}
	}
	_, err = Write(t.Context(), st, filepath.Join(stick, "new.db.age"), st.Dir(), &key)
	must(t, err)
}

// The copy that finds no room is made after all in the room that was put by.
func TestKeeperIsMadeRoomFor(t *testing.T) {
	dir := school(t).Dir()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var was syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	asked := 0
	st, err := store.Open(t.Context(), dir, store.Options{MakeRoom: func() bool {
		asked++
		must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was))
		return true
	}})
	must(t, err)
	defer st.Close()
	k := NewKeeper(st, time.Now, slog.New(slog.DiscardHandler))
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: was.Max}))
	k.Step(t.Context())
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was))
	if s := k.State(); asked != 1 || s.LocalTrouble != "" || s.Local.File == "" {
		t.Errorf("asked for room %d times: %+v", asked, s)
	}
	if l := leftOver(t, dir); len(l) > 0 {
		t.Errorf("left over: %v", l)
	}
}
