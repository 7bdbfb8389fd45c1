// Package kiosktest helps to test what stands on a kiosk.Ledger.
//
// [Memory] is a ledger in memory that works: transactions, constraints and
// errors are those of the real one. [TestLedger] is the suite that every ledger
// passes, Memory as well as the store; a Memory with one rule taken out fails
// it, which a test of this package shows. [School] puts a small named school
// into a ledger, for tests that need people and books; [Clock] is its time.
package kiosktest
