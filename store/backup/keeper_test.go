package backup

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"muontra/store"
)

// hour is a keeper on a clock that the test sets.
type hour struct {
	*Keeper
	t     testing.TB
	st    *store.Store
	at    time.Time
	stick string
}

var zone = time.FixedZone("+07", 7*3600)

func newHour(t testing.TB) *hour {
	h := &hour{t: t, st: school(t), at: time.Date(2026, 11, 24, 8, 0, 0, 0, zone), stick: t.TempDir()}
	h.Keeper = NewKeeper(h.st, func() time.Time { return h.at }, slog.New(slog.DiscardHandler))
	return h
}

// again is the keeper after the program was started anew.
func (h *hour) again() { h.Keeper = NewKeeper(h.st, func() time.Time { return h.at }, h.log) }

func (h *hour) pass(d time.Duration) State {
	h.at = h.at.Add(d)
	h.Step(h.t.Context())
	return h.State()
}

func (h *hour) local() int   { return h.count(filepath.Join(h.st.Dir(), folderName)) }
func (h *hour) outside() int { return h.count(h.stick) }
func (h *hour) count(dir string) int {
	all, err := copiesIn(dir)
	if err != nil && !os.IsNotExist(err) {
		h.t.Fatal(err)
	}
	return len(all)
}

func TestKeeperKeepsTheHours(t *testing.T) {
	h := newHour(t)
	s := h.pass(0)
	if h.local() != 1 || s.LocalTrouble != "" || s.Last.Trouble != "" || !s.Last.At.Equal(h.at) {
		t.Fatalf("the first: %d, %+v", h.local(), s)
	}
	for _, x := range []struct {
		what    string
		pass    time.Duration
		happens bool
		copies  int
	}{
		{"within the hour", 59 * time.Minute, true, 1},
		{"after it", time.Minute, false, 2},
		{"nothing happened", time.Hour, false, 2},
		{"the day's close though nothing happened", 7 * time.Hour, false, 3},
		{"closed already", 30 * time.Minute, false, 3},
		{"a clock that went back", -20 * time.Hour, false, 4},
		{"a day later, closed then too", 25 * time.Hour, false, 5},
	} {
		if x.happens {
			happen(t, h.st)
		}
		if s := h.pass(x.pass); h.local() != x.copies || s.LocalTrouble != "" {
			t.Fatalf("%s: %d copies, %+v", x.what, h.local(), s)
		}
		h.again()
	}
	before := h.State().Last.At
	if s := h.pass(24 * time.Hour); !s.Last.At.After(before) || s.Last.Trouble != "" {
		t.Errorf("no rehearsal in the night: %+v", s.Last)
	}
}

// While the disk has hardly any room, it is kept for loans and the day's close.
func TestKeeperSparesTheDisk(t *testing.T) {
	h := newHour(t)
	spare := false
	h.Spare = func() bool { return spare }
	h.pass(0)
	spare = true
	happen(t, h.st)
	if h.pass(2 * time.Hour); h.local() != 1 {
		t.Errorf("%d copies, want the hour's left out", h.local())
	}
	if h.pass(7 * time.Hour); h.local() != 2 {
		t.Errorf("%d copies, want the day's close", h.local())
	}
	spare = false
	happen(t, h.st)
	if h.pass(15 * time.Hour); h.local() != 3 {
		t.Errorf("%d copies, want the hours' again", h.local())
	}
}

func TestKeeperWithAStick(t *testing.T) {
	h := newHour(t)
	ctx := t.Context()
	other := t.TempDir()
	must(t, os.WriteFile(filepath.Join(other, markName), []byte(markText+"someone"), 0o600))
	for name, x := range map[string]struct {
		folder string
		want   error
	}{
		"missing":  {filepath.Join(h.stick, "none"), ErrNotAFolder},
		"relative": {".", ErrNotAFolder},
		"inside":   {h.st.Dir(), ErrInside},
		"another":  {other, ErrOtherSchool},
	} {
		if err := h.Choose(ctx, x.folder); !errors.Is(err, x.want) || h.State().Folder != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, h.Choose(ctx, h.stick))
	s := h.pass(0)
	if h.outside() != 1 || s.OutsideTrouble != "" || s.Outside.Seq != s.Local.Seq || filepath.Ext(s.Last.File) != Encrypted {
		t.Fatalf("the first: %+v", s)
	}
	secret, err := h.Secret()
	must(t, err)
	sheet := filepath.Join(t.TempDir(), "sheet")
	must(t, os.WriteFile(sheet, []byte(secret), 0o600))
	key, err := ReadKey(sheet)
	must(t, err)
	if _, err := Prove(ctx, filepath.Join(h.stick, s.Outside.File), t.TempDir(), &key); err != nil {
		t.Errorf("by the sheet: %v", err)
	}
	// Pulled: the place is there and empty, as a mount point is.
	away := h.stick + "-away"
	must(t, os.Rename(h.stick, away))
	must(t, os.Mkdir(h.stick, 0o700))
	happen(t, h.st)
	if s := h.pass(time.Hour); s.OutsideTrouble != Absent || s.LocalTrouble != "" || h.local() != 2 || h.outside() != 0 {
		t.Errorf("pulled: %+v", s)
	}
	must(t, os.Remove(h.stick))
	if s := h.pass(time.Minute); s.OutsideTrouble != Absent {
		t.Errorf("no folder at all: %+v", s)
	}
	must(t, os.Rename(away, h.stick))
	if s := h.pass(time.Minute); s.OutsideTrouble != "" || h.outside() != 2 || s.Outside.Seq != s.Local.Seq {
		t.Errorf("plugged in again: %+v", s)
	}
	if err := os.Chmod(h.stick, 0o500); err == nil && os.Getuid() != 0 {
		happen(t, h.st)
		if s := h.pass(time.Hour); s.OutsideTrouble != ReadOnly || s.LocalTrouble != "" {
			t.Errorf("read-only: %+v", s)
		}
		must(t, os.Chmod(h.stick, 0o700))
		if s := h.pass(retry); s.OutsideTrouble != "" || h.outside() != 3 {
			t.Errorf("writable again: %+v", s)
		}
	}
	// A stick that rots is found by the night's rehearsal, and told.
	f := filepath.Join(h.stick, h.State().Outside.File)
	b, err := os.ReadFile(f)
	must(t, err)
	b[len(b)/2] ^= 1
	must(t, os.WriteFile(f, b, 0o600))
	h.at = time.Date(2026, 11, 25, 2, 30, 0, 0, zone)
	h.mu.Lock()
	h.state.Local.At, h.state.Outside.At = h.at, h.at // nothing else is due
	h.mu.Unlock()
	if s := h.pass(0); s.Last.Trouble != Damaged || s.Last.File != filepath.Base(f) {
		t.Errorf("a torn copy: %+v", s.Last)
	}
	must(t, h.Now(ctx, func(int, int) {}))
	if s := h.State(); s.Last.Trouble != "" || s.OutsideTrouble != "" {
		t.Errorf("made anew: %+v", s)
	}
}

// A database that is damaged is never copied over the good copies.
func TestKeeperKeepsTheGoodCopy(t *testing.T) {
	h := newHour(t)
	good := h.pass(0).Local.File
	f, err := os.OpenFile(h.st.File(), os.O_RDWR, 0)
	must(t, err)
	must(t, h.st.Checkpoint(t.Context()))
	info, err := f.Stat()
	must(t, err)
	junk := make([]byte, info.Size()-8*4096)
	for i := range junk {
		junk[i] = 0x5a
	}
	_, err = f.WriteAt(junk, 8*4096)
	must(t, err)
	must(t, f.Close())
	s := h.pass(25 * time.Hour)
	if s.LocalTrouble == "" || s.Local.File != good {
		t.Errorf("a damaged database: %+v", s)
	}
	if _, err := Prove(t.Context(), filepath.Join(h.st.Dir(), folderName, good), t.TempDir(), nil); err != nil {
		t.Errorf("the good copy: %v", err)
	}
	tried := h.tried
	if h.pass(time.Minute); h.tried != tried {
		t.Error("tried again within a minute")
	}
}

func TestRotation(t *testing.T) {
	var all []copyFile
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, zone)
	for d := range 400 {
		for h := range 9 {
			at := start.AddDate(0, 0, d).Add(time.Duration(h) * time.Hour)
			all = append([]copyFile{{Name(at), at}}, all...)
			gone := outlived(all, zone)
			stay := map[string]bool{}
			for _, c := range all {
				stay[c.name] = true
			}
			for _, c := range gone {
				delete(stay, c.name)
			}
			kept := all[:0:0]
			for _, c := range all {
				if stay[c.name] {
					kept = append(kept, c)
				}
			}
			all = kept
			if all[0].at != at {
				t.Fatal("the newest is gone")
			}
		}
	}
	days, months := map[string]bool{}, map[string]bool{}
	for _, c := range all {
		days[c.at.Format("0102")], months[c.at.Format("200601")] = true, true
	}
	if len(all) > keepHourly+keepDaily+keepMonthly || len(months) != keepMonthly || len(days) < keepDaily {
		t.Errorf("%d copies of %d days and %d months", len(all), len(days), len(months))
	}
}

func TestRotateLeavesOthersAlone(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for i := range 40 {
		must(t, os.WriteFile(filepath.Join(dir, Name(at.Add(time.Duration(i)*time.Minute))), nil, 0o600))
	}
	others := []string{"before-schema-0002-20200101T000000.000Z.db", "muontra-mine.db", "thu.txt", "muontra-20200101T000000Z.db.part"}
	for _, o := range others {
		must(t, os.WriteFile(filepath.Join(dir, o), nil, 0o600))
	}
	// The clock was years ahead for a day: the copy just made is the oldest by name.
	made := filepath.Join(dir, Name(at.AddDate(-10, 0, 0)))
	must(t, os.WriteFile(made, nil, 0o600))
	must(t, rotate(dir, made, zone))
	for _, o := range append(others, filepath.Base(made)) {
		if !exists(filepath.Join(dir, o)) {
			t.Errorf("%s is gone", o)
		}
	}
	if all, _ := copiesIn(dir); len(all) > keepHourly+2 || len(all) < keepHourly {
		t.Errorf("%d copies stay", len(all))
	}
}
