package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"muontra/kiosk"
)

// Guessing is slowed down by account and by address: five wrong passwords in a
// row are free, then each wait is twice the one before. The counts are the
// ledger's, so that switching the PC off and on forgives nothing.
const (
	freeGuesses = 5
	firstWait   = 12 * time.Second
	longestWait = 15 * time.Minute
	forgetAfter = 24 * time.Hour
)

// guessing are the counts of one sign-in: whom, and from where.
type guessing struct {
	ledger kiosk.Ledger
	now    func() time.Time
	// Each hash takes 19 MiB; two at a time are enough for a school.
	hashing chan struct{}
}

func newGuessing(l kiosk.Ledger, now func() time.Time) *guessing {
	return &guessing{ledger: l, now: now, hashing: make(chan struct{}, 2)}
}

// guessKey hides what was typed: a password typed into the field of the name
// must not be kept.
func guessKey(kind, value string) string {
	sum := sha256.Sum256([]byte(kind + " " + value))
	return hex.EncodeToString(sum[:])
}

// waitAfter is how long after the last of so many wrong passwords the next may
// be tried.
func waitAfter(fails int) time.Duration {
	if fails < freeGuesses {
		return 0
	}
	return min(firstWait<<min(fails-freeGuesses, 10), longestWait)
}

// try counts an attempt before it is looked at, so that many at once are many.
// It answers how many there were with each key, or false when it is too soon.
func (g *guessing) try(ctx context.Context, keys ...string) (fails []int, ok bool, err error) {
	now := g.now().UTC()
	err = g.ledger.Update(ctx, func(tx kiosk.Tx) error {
		if err := tx.DropGuesses(now.Add(-forgetAfter)); err != nil {
			return err
		}
		var rows []kiosk.Guesses
		for _, k := range keys {
			row, err := tx.Guesses(k)
			if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
				return err
			}
			// A clock that was set back must not make the wait longer.
			if row.At.After(now) {
				row.At = now
			}
			if now.Before(row.At.Add(waitAfter(row.Fails))) {
				return nil
			}
			rows = append(rows, kiosk.Guesses{Key: k, Fails: row.Fails + 1, At: now})
		}
		ok = true
		for _, row := range rows {
			fails = append(fails, row.Fails)
			if err := tx.PutGuesses(row); err != nil {
				return err
			}
		}
		return nil
	})
	return fails, ok && err == nil, err
}

// forgive starts afresh after a right password.
func (g *guessing) forgive(ctx context.Context, keys ...string) error {
	return g.ledger.Update(ctx, func(tx kiosk.Tx) error {
		for _, k := range keys {
			if err := tx.PutGuesses(kiosk.Guesses{Key: k, At: g.now().UTC()}); err != nil {
				return err
			}
		}
		return nil
	})
}
