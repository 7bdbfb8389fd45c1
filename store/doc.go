// Package store keeps a school's ledger in one SQLite file: it is the
// kiosk.Ledger that the program runs on.
//
// # What it promises
//
// What Update has committed survives a power cut (write-ahead log,
// synchronous=FULL). There is one writer at a time, in this process and beside
// it, so events are numbered without gaps; numbers are taken inside the
// transaction and nothing that another process may change is remembered
// without asking the file whether it changed (PRAGMA data_version). Constraints
// in the schema hold whatever the code above does: one open loan a copy, one
// owner a barcode, an accession number used once, events that never change.
//
// # What lies where
//
// [Open] looks at the folder and refuses what it must not touch (open.go,
// migrate.go). A [Store] has one connection that writes and a few that read,
// each with its prepared statements (session.go, ledger.go). Then a file a
// noun: queries stand next to the function that scans them. What only SQLite
// understands is in the migrations, search.go, copyto.go and check.go.
//
// [Store.Check] tells whether the file and the domain's invariants are whole.
// [Lock] is for the daemon alone: commands that read or write data work beside
// it and never take it.
package store
