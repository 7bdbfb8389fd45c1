// Package backup makes copies of a school's ledger that are known to be good,
// and puts one back.
//
// A copy is made beside a running daemon and never takes its lock. It has its
// own name only once it is whole: it is written under a name that says that it
// is not, flushed, opened, migrated and checked as a restore would do it, and
// then renamed. A copy whose name ends in .age is encrypted to the school's key
// (https://age-encryption.org/v1), for whoever finds the stick that it lies on.
//
// A copy holds the database: no token that signs anybody in is in it, only
// their hashes and those of the passwords. Photos, certificates and the key
// itself are not in it.
//
// [Write] makes one, [Prove] rehearses a restore of one, [Restore] does it. The
// [Keeper] makes them by the hour, keeps the right ones, and rehearses.
package backup
