package web

// Management reads registers and reports, and closes none.
var mayRegisters = map[string]mayRow{
	"GET /desk/registers":               readerPage,
	"GET /desk/registers/{name}":        readerPage,
	"POST /desk/registers/{name}/close": librarianAct,
	"GET /desk/registers/declared":      librarianPage,
	"POST /desk/registers/declared":     librarianAct,
	"GET /desk/reports":                 readerPage,
	"GET /desk/reports/{name}":          readerPage,
}
