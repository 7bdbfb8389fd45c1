// Package exchange reads and writes the files that schools have: class lists,
// teacher lists, accession registers, loan books, as .xlsx or .csv.
//
// The way in has three steps, each a value that can be looked at:
//
//	table, err := exchange.Read(exchange.Patrons, name, data) // rows, as the file says them
//	plan, err  := exchange.NewPlan(view, table, options)      // each row: add, change, same or wrong
//	plan, err   = exchange.Apply(ctx, ledger, plan, progress) // one transaction for all accepted rows
//
// A dry run is the first two. Apply decides every row again inside its
// transaction, so that what is written fits what is there by then, and nothing
// is half done or doubled. The same file twice adds nothing.
//
// The way out is [Export]: what it writes, Read and NewPlan find unchanged.
//
// # What is not read
//
// Only columns that a library needs are read ([Columns] of a [Subject]).
// Everything else, such as parents, addresses, phone and citizen numbers,
// passes by while a row is scanned and is never kept; [Sheet].Unread names
// those columns. A formula is never evaluated: the value that the spreadsheet
// program left in the cell is taken as text.
//
// # Restoring from exports
//
// Import copies before titles: the rows of the copies file bring the codes that
// the books already bear, and the titles file then finds their number right.
// Loans come last, they need the cards and the copies.
package exchange

// Subject is what a file is about. Its text is the word of the command line.
type Subject string

// The subjects.
const (
	Patrons Subject = "patrons"
	Titles  Subject = "titles"
	Copies  Subject = "copies"
	Loans   Subject = "loans"
)

// Subjects lists all subjects.
var Subjects = []Subject{Patrons, Titles, Copies, Loans}
