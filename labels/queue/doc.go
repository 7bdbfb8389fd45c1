// Package queue prints: it takes the jobs that pages and commands have put
// into the ledger and brings them to the printers, one goroutine a printer.
//
// # What it promises
//
//   - A job is sent once. It is written down as sending before its first byte
//     goes out, and one that was under way when the program ended is stopped:
//     a person looks at the paper and says from which label it goes on.
//   - A job is drawn when its turn comes, from what its ids name then, and
//     wholly before the first byte is sent. A label that cannot be drawn fails
//     its job with nothing printed, and never half a roll.
//   - Printers do not know of one another. One that is off, hangs, breaks off
//     or answers nonsense fails the job it had; its later jobs wait, because
//     they would fail one after another, until a person tries again or the
//     printer has been away and is well again.
//   - Copies are marked as labelled when their job is done, and not before.
//   - Nothing here stops a checkout: no transaction waits for a printer, and
//     none is longer than a few dozen rows.
//
// # How labels are counted
//
// Labels of a job are numbered from 0. From is where its next attempt begins,
// Sent how far the last one came: labels before Sent have gone to the
// printer, which may have spoilt some of them. Total is the labels of the
// whole job.
package queue
