package sample

import (
	"context"

	"muontra/kiosk"
)

// batch is a ledger inside one open transaction: its Update, Act and View call fn
// with that transaction and commit nothing, so that thousands of acts cost one
// durable commit. It cannot roll back one act alone. So an act that fails fails
// the whole: every later act gets the same error, and the caller must return
// Err from the outer Update, which then rolls everything back.
type batch struct {
	tx  kiosk.Tx
	err error
}

var _ kiosk.Ledger = (*batch)(nil)

// View reads in the open transaction.
func (b *batch) View(ctx context.Context, fn func(kiosk.View) error) error {
	if b.err != nil {
		return b.err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(b.tx)
}

// Update writes in the open transaction.
func (b *batch) Update(ctx context.Context, fn func(kiosk.Tx) error) error {
	if b.err == nil {
		b.err = ctx.Err()
	}
	if b.err == nil {
		b.err = fn(b.tx)
	}
	return b.err
}

// Act is Update: there is one commit for all.
func (b *batch) Act(ctx context.Context, fn func(kiosk.Tx) error) error { return b.Update(ctx, fn) }

// Err is the error of the first act that failed.
func (b *batch) Err() error { return b.err }
