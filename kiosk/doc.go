// Package kiosk holds the words and the rules of a school library's
// circulation, and nothing else: no network, no files, no database, no clock.
//
// # The words
//
// A [Title] is what was published; a [Copy] is one book of it that stands in
// the library, with an accession number for people and a barcode for scanners.
// A [Patron] is a person who borrows, known by one or more cards. A [Loan] is
// one copy taken home by one patron until its due date. A [Place] is where a
// copy stands: a shelf, a class corner, the mobile case. Code uses these
// English terms of the field; what people see is Vietnamese and lives in the
// web package's words.
//
// # The promises
//
//   - A decision is a pure function: facts and settings in, a [Verdict] out.
//     It gathers every refusal of one attempt, each with its facts.
//   - Every act is one transaction and one [Event]; refusals are events too.
//     Events are numbered without gaps, never changed and never deleted. A
//     correction is a new event.
//   - Loans and the state of copies are projections: an event carries the
//     after-image of each loan and copy it touched ([Change]), the ledger
//     writes them in the same transaction, and replaying all events from the
//     first gives the same loans and copies again.
//   - Order is the event's number, never the clock.
//   - A no is a value ([Result] with outcome "refused"); an error is a fault.
//
// # The walk of one barcode
//
// The devices package makes text of what a scanner sent. The program hands it
// to a station (package station), which asks package circulation what the code
// is, and by its table of states and inputs calls one act. The act runs in one
// [Ledger] Update: it reads, decides, appends the event and commits. Then, and
// only then, the event is published (package feed), the [Result] returns up
// the same call, and the station shows its next picture.
package kiosk
