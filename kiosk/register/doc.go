// Package register says what stands in the registers (sổ) and reports of a
// school library: which columns, which lines, which sums, all taken from the
// ledger. What they look like on a page, on paper or in a workbook is web/paper's
// matter, and every word people read is web/words'.
//
// A register is a [Sheet]: a name, parts, and columns with lines in each part.
// To add one, write a file that declares it and its lines, add it to [Sheets],
// and give its words ("reg.NAME", "reg.col.KEY"); the page, the PDF, the .xlsx and
// the command follow.
//
// A register of the library's stock is a book: its lines are numbered, so many
// to a page, and each page carries its sums on to the next. Lines of pages that
// were closed (printed and signed) stay as they were: what has changed since is a
// new line behind them, which takes the old one back. See closing.go.
//
// No total is believed because it was added up: a part has a second way of
// counting it ([Part.Proof]), and where the two do not agree the sheet says so.
package register
