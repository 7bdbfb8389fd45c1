package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"modernc.org/sqlite"

	"muontra/kiosk"
)

// queued holds the writer until all acts wait for it, then lets them go in the
// order in which they stand, and counts the commits.
func queued(t *testing.T, s *Store, acts ...func(kiosk.Tx) error) (errs []error, commits int64) {
	t.Helper()
	// One transaction first, so that the session is open.
	if err := s.Update(t.Context(), func(tx kiosk.Tx) error { return tx.Append(&kiosk.Event{Type: kiosk.EventHelp}) }); err != nil {
		t.Fatal(err)
	}
	ses := <-s.writer
	var n atomic.Int64
	err := ses.conn.Raw(func(c any) error {
		hooks, ok := c.(sqlite.HookRegisterer)
		if !ok {
			return fmt.Errorf("a %T has no hooks", c)
		}
		hooks.RegisterCommitHook(func() int32 { n.Add(1); return 0 })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	errs = make([]error, len(acts))
	var wg sync.WaitGroup
	for i, fn := range acts {
		wg.Go(func() { errs[i] = s.Act(context.Background(), fn) })
		for waits := 0; waits <= i; time.Sleep(time.Millisecond) {
			s.acts.mu.Lock()
			waits = len(s.acts.wait)
			s.acts.mu.Unlock()
		}
	}
	s.writer <- ses
	wg.Wait()
	return errs, n.Load()
}

func note(text string) func(kiosk.Tx) error {
	return func(tx kiosk.Tx) error {
		return tx.Append(&kiosk.Event{Type: kiosk.EventHelp, Payload: kiosk.Payload{Comment: text}})
	}
}

func TestActsShareACommit(t *testing.T) {
	s := open(t, t.TempDir())
	var acts []func(kiosk.Tx) error
	for i := range 100 {
		acts = append(acts, note(fmt.Sprint("act ", i)))
	}
	errs, commits := queued(t, s, acts...)
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if commits != 2 {
		t.Errorf("%d commits for 100 acts, want one for the first %d and one for the rest", commits, mostTogether)
	}
	// They were done in the order in which they came.
	err := s.View(t.Context(), func(v kiosk.View) error {
		es, err := v.Events(1, 200)
		for i, e := range es {
			if want := fmt.Sprint("act ", i); e.Payload.Comment != want || e.Seq != int64(i+2) {
				t.Errorf("event %d is of %q, want %q", e.Seq, e.Payload.Comment, want)
			}
		}
		if len(es) != 100 {
			t.Errorf("%d events", len(es))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	clean(t, s)
}

// An act that finds no room on the disk fails alone where SQLite keeps the
// transaction, and nobody is told of a success that is not there.
func TestFullDiskAmongActs(t *testing.T) {
	s := open(t, t.TempDir())
	room := func(limit string) {
		ses := <-s.writer
		defer func() { s.writer <- ses }()
		var n int
		if err := ses.conn.QueryRowContext(t.Context(), "PRAGMA max_page_count="+limit).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Update(t.Context(), note("first")); err != nil {
		t.Fatal(err)
	}
	var pages int
	func() {
		ses := <-s.writer
		defer func() { s.writer <- ses }()
		if err := ses.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
			t.Fatal(err)
		}
	}()
	room(fmt.Sprint(pages + 6))
	errs, _ := queued(t, s, note("before"), note(strings.Repeat("đầy ", 200_000)), note("after"))
	if !IsFull(errs[1]) {
		t.Errorf("the large act: %v, want that the disk is full", errs[1])
	}
	room("1073741823")
	if err := s.Act(t.Context(), note("once there is room")); err != nil {
		t.Errorf("after the disk was freed: %v", err)
	}
	told := map[string]bool{"before": errs[0] == nil, "after": errs[2] == nil}
	err := s.View(t.Context(), func(v kiosk.View) error {
		es, err := v.Events(0, 100)
		there := map[string]bool{}
		for _, e := range es {
			there[e.Payload.Comment] = true
		}
		for text, ok := range told {
			if ok != there[text] {
				t.Errorf("act %q: answered as done %v, in the ledger %v (%v)", text, ok, there[text], errs)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	clean(t, s)
}

// What was kept free for a full disk is asked for once, and the acts that found no
// room are done after all: nobody is refused.
func TestRoomIsMadeForActs(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Update(t.Context(), note("first")); err != nil {
		t.Fatal(err)
	}
	ses := <-s.writer
	limit := func(pages int) {
		var n int
		if err := ses.conn.QueryRowContext(t.Context(), fmt.Sprint("PRAGMA max_page_count=", pages)).Scan(&n); err != nil {
			t.Error(err)
		}
	}
	var pages, asked int
	if err := ses.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit(pages + 6)
	s.writer <- ses
	s.opt.MakeRoom = func() bool { // by who has the writer
		asked++
		limit(1 << 30)
		return true
	}
	errs, _ := queued(t, s, note("before"), note(strings.Repeat("đầy ", 200_000)), note("after"))
	for i, err := range errs {
		if err != nil {
			t.Errorf("act %d: %v", i, err)
		}
	}
	if asked != 1 {
		t.Errorf("room was asked for %d times", asked)
	}
	err := s.View(t.Context(), func(v kiosk.View) error {
		n, err := v.LastSeq()
		if n != 5 { // two came before
			t.Errorf("%d events, want each act once", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	clean(t, s)
}

func TestAnActGivesUpWaiting(t *testing.T) {
	s := open(t, t.TempDir())
	ses := <-s.writer
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if err := s.Act(ctx, note("late")); !errors.Is(err, kiosk.ErrBusy) {
		t.Errorf("%v, want that the ledger is busy", err)
	}
	s.writer <- ses
	if err := s.Act(t.Context(), note("in time")); err != nil {
		t.Fatal(err)
	}
	err := s.View(t.Context(), func(v kiosk.View) error {
		n, err := v.LastSeq()
		if n != 1 {
			t.Errorf("%d events: an act that gave up was done", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
