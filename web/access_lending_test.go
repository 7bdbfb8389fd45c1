package web

// Management reads the lists of loans.
var readerPage = mayRow{"in", "in", "403", "403", "Y", "Y"}

var mayLending = map[string]mayRow{
	"GET /desk/overdue":        readerPage,
	"POST /desk/overdue/slips": librarianAct,
	"GET /desk/loans":          readerPage,
	"POST /desk/loans":         librarianAct,
}
