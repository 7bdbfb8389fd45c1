package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// How much room is put by, and when.
const (
	spareSize  = 64 << 20         // a day's loans and some copies of a school's database
	spareLow   = 32 << 20         // less is left on the disk: it is given back before an act fails
	spareAmple = 500 << 20        // has to be left beside it: where the desk does not warn yet
	spareLook  = 30 * time.Second // between two looks at the disk
	spareAgain = time.Hour        // after it was given back, before it may be made again
)

// spareRoom is a file that only takes room on the data folder's disk. On a full
// disk it is given back, so that the day can be ended, a copy made and the
// librarian told. It lies in the log folder: nobody looks for data there, and no
// copy or list of copies comes by it.
type spareRoom struct {
	file             string
	size, low, ample int64
	free             func() (int64, error)
	now              func() time.Time
	log              *slog.Logger

	mu    sync.Mutex
	given time.Time          // back, the last time in this run, or zero
	stop  context.CancelFunc // of the making that is under way, or nil
}

func newSpareRoom(data string, now func() time.Time, log *slog.Logger) *spareRoom {
	return &spareRoom{
		file: filepath.Join(data, "log", "spare-room"),
		size: spareSize, low: spareLow, ample: spareAmple,
		free: func() (int64, error) { return freeSpace(data) },
		now:  now, log: log,
	}
}

// have reports whether the room is put by.
func (r *spareRoom) have() bool {
	st, err := os.Stat(r.file)
	return err == nil && st.Size() == r.size
}

// GiveBack gives the room back to the disk, and reports whether there was any.
func (r *spareRoom) GiveBack() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil {
		r.stop()
	}
	if !r.have() {
		return false
	}
	// Emptied, not deleted: the empty file says so after a restart too.
	if err := os.Truncate(r.file, 0); err != nil {
		r.log.Error("the room put by cannot be given back", "error", err)
		return false
	}
	r.given = r.now()
	r.log.Warn("the disk is full: the room put by was given back", "bytes", r.size)
	return true
}

// Spent reports whether the room was given back, in this run or an earlier one,
// and is not there again.
func (r *spareRoom) Spent() bool {
	st, err := os.Stat(r.file)
	return err == nil && st.Size() != r.size
}

// Run looks at the disk until ctx ends: what is put by, given back, or put by again.
func (r *spareRoom) Run(ctx context.Context) {
	if err := os.Remove(r.part()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.log.Warn("half of the room put by is left and cannot be removed", "error", err)
	}
	look := time.NewTicker(spareLook)
	defer look.Stop()
	for {
		r.step(ctx)
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

func (r *spareRoom) part() string { return r.file + ".part" }

// step does what the disk asks for now.
func (r *spareRoom) step(ctx context.Context) {
	free, err := r.free()
	if err != nil {
		return // a system that does not tell gets none made, and keeps what it has
	}
	switch {
	case r.have():
		if free < r.low {
			r.GiveBack()
		}
	case free >= r.size+r.ample && r.mayMake():
		if err := r.make(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("no room was put by for a full disk", "error", err)
		}
	}
}

// mayMake reports whether the room was not given back a moment ago. Where a part
// of the disk is all that one may have, its free room says too much, and it would
// be taken and given back again and again.
func (r *spareRoom) mayMake() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	age := r.now().Sub(r.given)
	return r.given.IsZero() || age >= spareAgain || age < 0
}

// make puts the room by. It gets its name when all of it is there.
func (r *spareRoom) make(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r.mu.Lock()
	r.stop = stop
	r.mu.Unlock()
	err := r.fill(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop = nil
	if err == nil {
		err = ctx.Err() // somebody found the disk full meanwhile
	}
	if err == nil {
		err = os.Rename(r.part(), r.file)
	}
	if err != nil {
		if rerr := os.Remove(r.part()); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
		return err
	}
	r.log.Info("room was put by for a full disk", "bytes", r.size)
	return nil
}

// fill takes the room: at once where the system can, else by writing what no file
// system makes smaller.
func (r *spareRoom) fill(ctx context.Context) (err error) {
	if err := os.MkdirAll(filepath.Dir(r.file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(r.part(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	done, err := allocate(f, r.size)
	if done || err != nil {
		return err
	}
	return write(ctx, f, r.size)
}

// write fills f with noise up to size. It waits for the disk after each few
// megabytes, so that a scan's own flush never has to wait for many.
func write(ctx context.Context, f *os.File, size int64) error {
	const turn = 2 << 20
	noise := make([]byte, turn)
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	for left := size; left > 0; left -= turn {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := noise[:min(left, turn)]
		rand.Read(b)
		if _, err := f.Write(b); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
	}
	return nil
}
