package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"muontra/kiosk"
	"muontra/store"
)

// When the keeper acts, by the school's clock.
const (
	every     = time.Hour        // between two copies, while something happens
	atLeast   = 24 * time.Hour   // between two copies, though nothing happens
	closeHour = 17               // the day's close
	nightHour = 2                // the rehearsal; in the morning where the PC was off
	retry     = 10 * time.Minute // after a trouble
	look      = time.Minute      // at the clock, and for the stick
)

// folderName is where copies lie in the data folder.
const folderName = "backups"

// Keeper makes copies by itself: each hour in which something happened and at the
// day's close into the data folder's backups, and from there encrypted into the
// folder that the librarian has chosen, whenever it is there; it keeps the right
// ones, and rehearses a restore each night. Nothing that goes wrong ends it: the
// state says what it is.
type Keeper struct {
	store *store.Store
	now   func() time.Time
	log   *slog.Logger
	// Spare, if not nil, reports that the disk has hardly any room left, which is
	// kept for loans and the day's close: the copies of each hour wait.
	Spare func() bool

	work  sync.Mutex // one thing at a time
	mu    sync.Mutex
	state State
	tried time.Time // the last copy, however it ended
	sent  time.Time // the last copy outside, however it ended
}

// NewKeeper makes the keeper of a data folder. A state that cannot be read is
// begun anew: copies matter more than what was known of them.
func NewKeeper(st *store.Store, now func() time.Time, log *slog.Logger) *Keeper {
	k := &Keeper{store: st, now: now, log: log}
	var err error
	if k.state, err = readState(st.Dir()); err != nil {
		log.Error("what was known of the backups cannot be read", "error", err)
		k.state = State{}
	}
	return k
}

// State is what the keeper knows now.
func (k *Keeper) State() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

func (k *Keeper) change(fn func(*State)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := k.state
	fn(&k.state)
	for _, x := range []struct {
		what     string
		was, now Trouble
	}{{"backup", before.LocalTrouble, k.state.LocalTrouble}, {"backup outside", before.OutsideTrouble, k.state.OutsideTrouble}} {
		if x.was != x.now {
			k.log.Info(x.what, "trouble", string(x.now))
		}
	}
	if before.kept() == k.state.kept() {
		return // a stick that is away for a week must not wear out the disk
	}
	if err := k.state.write(k.store.Dir()); err != nil {
		k.log.Error("what is known of the backups cannot be kept", "error", err)
	}
}

// Run acts until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	k.sweep()
	t := time.NewTicker(look)
	defer t.Stop()
	for {
		k.Step(ctx)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// sweep removes what a run that was cut has left of its work.
func (k *Keeper) sweep() {
	for _, p := range []string{".backup-*", ".rehearsal-*", ".restore-*"} {
		all, _ := filepath.Glob(filepath.Join(k.store.Dir(), p))
		for _, dir := range all {
			// A command beside this one may be at work in a young one.
			if st, err := os.Stat(dir); err == nil && time.Since(st.ModTime()) > every {
				if err := os.RemoveAll(dir); err != nil {
					k.log.Warn("what a cut backup has left cannot be removed", "error", err)
				}
			}
		}
	}
}

// Step does what is due now.
func (k *Keeper) Step(ctx context.Context) {
	seq, site, zone, err := k.where(ctx)
	if err != nil {
		if ctx.Err() == nil {
			k.log.Error("backup: the database cannot be read", "error", err)
			k.change(func(s *State) { s.LocalTrouble = TroubleOf(err) })
		}
		return
	}
	k.work.Lock()
	defer k.work.Unlock()
	now, s := k.now(), k.State()
	if day, closing := closes(now, s.Closed, zone); (closing || hourly(now, s.Local, seq) && !k.sparing()) && over(now, k.tried, s.LocalTrouble) {
		if k.local(ctx, zone) == nil && closing {
			k.change(func(s *State) { s.Closed = day })
		}
	}
	if s = k.State(); s.Folder != "" && s.Local.File != "" && (s.Outside.Seq != s.Local.Seq || s.Outside.At.Before(s.Local.At)) {
		if !claimed(s.Folder, string(site)) {
			k.change(func(s *State) { s.OutsideTrouble = Absent })
		} else if s.OutsideTrouble == Absent || over(now, k.sent, s.OutsideTrouble) {
			k.outside(ctx, site, zone)
		}
	}
	if s = k.State(); s.Local.File != "" && !now.Before(nextNight(s.Last.At, zone)) {
		k.rehearse(ctx, site)
	}
}

func (k *Keeper) sparing() bool { return k.Spare != nil && k.Spare() }

// hourly reports whether a copy is due. A clock that went back makes one due.
func hourly(now time.Time, last Good, seq int64) bool {
	age := now.Sub(last.At)
	return last.File == "" || age < 0 || age >= atLeast || age >= every && seq != last.Seq
}

// closes reports whether the day's close is due, and names the day.
func closes(now time.Time, closed string, zone *time.Location) (day string, due bool) {
	lt := now.In(zone)
	day = lt.Format(time.DateOnly)
	return day, lt.Hour() >= closeHour && day != closed
}

// over reports whether enough time has passed since a try that failed.
func over(now, tried time.Time, t Trouble) bool {
	return t == "" || tried.IsZero() || now.Sub(tried) >= retry || now.Before(tried)
}

// nextNight is the first night after an instant.
func nextNight(last time.Time, zone *time.Location) time.Time {
	lt := last.In(zone)
	next := time.Date(lt.Year(), lt.Month(), lt.Day(), nightHour, 0, 0, 0, zone)
	if !next.After(last) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}

func (k *Keeper) where(ctx context.Context) (seq int64, id kiosk.ID, zone *time.Location, err error) {
	err = k.store.View(ctx, func(v kiosk.View) error {
		site, err := v.Site()
		if err != nil {
			return err
		}
		if id = site.ID; id == "" {
			return kiosk.ErrNotFound
		}
		if zone, err = site.Location(); err != nil {
			return err
		}
		seq, err = v.LastSeq()
		return err
	})
	return seq, id, zone, err
}

// local makes a copy in the data folder.
func (k *Keeper) local(ctx context.Context, zone *time.Location) error {
	now := k.now()
	k.tried = now
	dir := filepath.Join(k.store.Dir(), folderName)
	made, err := k.writeNew(ctx, dir, now)
	if (store.NoRoom(err) || isFull(err)) && k.store.MakeRoom() {
		made, err = k.writeNew(ctx, dir, now)
	}
	if err == nil {
		err = rotate(dir, made.File, zone)
	}
	k.change(func(s *State) {
		if made.File != "" {
			s.Local = Good{File: filepath.Base(made.File), At: now, Seq: made.LastSeq}
		}
		s.LocalTrouble = TroubleOf(err)
	})
	if err != nil {
		k.log.Error("backup failed", "error", err)
	}
	return err
}

func (k *Keeper) writeNew(ctx context.Context, dir string, now time.Time) (Made, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Made{}, err
	}
	var out string
	// A clock that was put back passes the same second twice.
	for at := now; ; at = at.Add(time.Second) {
		if out = filepath.Join(dir, Name(at)); !exists(out) {
			break
		}
	}
	return Write(ctx, k.store, out, k.store.Dir(), nil)
}

func exists(name string) bool { _, err := os.Lstat(name); return err == nil }

// outside brings the newest copy into the chosen folder, encrypted.
func (k *Keeper) outside(ctx context.Context, site kiosk.ID, zone *time.Location) {
	now := k.now()
	k.sent = now
	s := k.State()
	made, err := k.send(ctx, s)
	if err == nil {
		err = rotate(s.Folder, made.File, zone)
	}
	trouble := TroubleOf(err)
	if err != nil && !claimed(s.Folder, string(site)) {
		trouble = Absent // pulled while it was written
	}
	k.change(func(s *State) {
		if made.File != "" {
			s.Outside = Good{File: filepath.Base(made.File), At: now, Seq: made.LastSeq}
		}
		s.OutsideTrouble = trouble
	})
	if err != nil && trouble != Absent {
		k.log.Error("backup outside failed", "error", err)
	}
}

func (k *Keeper) send(ctx context.Context, s State) (m Made, err error) {
	key, err := MakeKey(k.store.Dir())
	if err != nil {
		return m, err
	}
	room, err := os.MkdirTemp(k.store.Dir(), ".backup-")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(room)) }()
	out := filepath.Join(s.Folder, s.Local.File+Encrypted)
	if exists(out) {
		// Here from before a cut; if it is good, it is the copy.
		if p, err := Prove(ctx, out, room, &key); err == nil {
			return Made{File: out, LastSeq: p.LastSeq}, nil
		}
		if err := os.Remove(out); err != nil {
			return m, err
		}
	}
	return put(ctx, filepath.Join(k.store.Dir(), folderName, s.Local.File), out, room, &key)
}

// rehearse tries a restore of the newest copy, of the one outside if it can.
func (k *Keeper) rehearse(ctx context.Context, site kiosk.ID) {
	s := k.State()
	g, file := s.Local, filepath.Join(k.store.Dir(), folderName, s.Local.File)
	var key *Key
	if s.Folder != "" && s.Outside.File != "" && claimed(s.Folder, string(site)) {
		if own, err := ReadKey(filepath.Join(k.store.Dir(), KeyFile)); err == nil {
			g, file, key = s.Outside, filepath.Join(s.Folder, s.Outside.File), &own
		}
	}
	p, err := Prove(ctx, file, k.store.Dir(), key)
	if ctx.Err() != nil {
		return
	}
	if err == nil && p.LastSeq != g.Seq {
		err = fmt.Errorf("%w (it ends with event %d, not %d)", ErrTorn, p.LastSeq, g.Seq)
	}
	if err != nil {
		k.log.Error("the rehearsal of a restore failed", "file", filepath.Base(file), "error", err)
	}
	k.change(func(s *State) { s.Last = Rehearsal{At: k.now(), File: filepath.Base(file), Trouble: TroubleOf(err)} })
}

// Now makes a copy at once, here and outside, and rehearses it. progress is
// called as the three steps are done.
func (k *Keeper) Now(ctx context.Context, progress func(done, total int)) error {
	_, site, zone, err := k.where(ctx)
	if err != nil {
		return err
	}
	k.work.Lock()
	defer k.work.Unlock()
	const steps = 3
	progress(0, steps)
	if err := k.local(ctx, zone); err != nil {
		return err
	}
	progress(1, steps)
	if s := k.State(); s.Folder != "" {
		if !claimed(s.Folder, string(site)) {
			k.change(func(s *State) { s.OutsideTrouble = Absent })
		} else {
			k.outside(ctx, site, zone)
		}
	}
	progress(2, steps)
	k.rehearse(ctx, site)
	progress(steps, steps)
	return nil
}

// Choose sets the folder outside, "" for none, and makes the school's key for
// it. What a folder is refused for is one of the errors above.
func (k *Keeper) Choose(ctx context.Context, folder string) error {
	_, site, _, err := k.where(ctx)
	if err != nil {
		return err
	}
	if folder = strings.TrimSpace(folder); folder != "" {
		folder = filepath.Clean(folder)
		if err := claim(k.store.Dir(), folder, string(site)); err != nil {
			return err
		}
		if _, err := MakeKey(k.store.Dir()); err != nil {
			return err
		}
	}
	k.work.Lock()
	defer k.work.Unlock()
	k.sent = time.Time{}
	k.change(func(s *State) {
		if s.Folder != folder {
			s.Folder, s.Outside, s.OutsideTrouble = folder, Good{}, ""
		}
	})
	return nil
}

// Secret is the line of the recovery sheet, fs.ErrNotExist while there is no key.
func (k *Keeper) Secret() (string, error) {
	key, err := ReadKey(filepath.Join(k.store.Dir(), KeyFile))
	if err != nil {
		return "", err
	}
	return key.Secret(), nil
}

// Printed notes that the recovery sheet lies on paper.
func (k *Keeper) Printed() { k.change(func(s *State) { s.Printed = true }) }

// TroubleOf names an error; "" for none.
func TroubleOf(err error) Trouble {
	var faults *FaultsError
	switch {
	case err == nil:
		return ""
	case store.IsFull(err) || isFull(err):
		return Full
	case store.IsReadOnly(err) || errors.Is(err, fs.ErrPermission) || isReadOnly(err):
		return ReadOnly
	case store.IsDamaged(err) || errors.Is(err, ErrTorn) || errors.As(err, &faults):
		return Damaged
	}
	return Failed
}
