package web

// Management reads the lists of loans.
var readerPage = mayRow{"in", "in", "403", "403", "Y", "Y"}

var mayLending = map[string]mayRow{
	"GET /desk/overdue":            readerPage,
	"POST /desk/overdue/slips":     librarianAct,
	"GET /desk/loans":              readerPage,
	"POST /desk/loans":             librarianAct,
	"GET /desk/loans/{id}":         librarianPage,
	"POST /desk/loans/{id}":        librarianAct,
	"GET /desk/holds":              readerPage,
	"POST /desk/holds":             librarianAct,
	"GET /desk/holds/new":          librarianPage,
	"POST /desk/holds/terms":       librarianAct,
	"POST /desk/holds/{id}":        librarianAct,
	"GET /desk/recall":             readerPage,
	"POST /desk/recall":            librarianAct,
	"GET /desk/recall/new":         librarianPage,
	"GET /desk/recall/{id}":        readerPage,
	"POST /desk/recall/{id}":       librarianAct,
	"GET /desk/recall/{id}/counts": readerPage,
	"GET /desk/compensation":       readerPage,
	"GET /desk/compensation/{id}":  librarianPage,
	"POST /desk/compensation/{id}": librarianAct,
}
