package web

var mayInterloans = map[string]mayRow{
	"GET /desk/interloans":            librarianPage,
	"GET /desk/interloans/new":        librarianPage,
	"POST /desk/interloans/new":       librarianAct,
	"GET /desk/interloans/{id}":       librarianPage,
	"POST /desk/interloans/{id}":      librarianAct,
	"GET /desk/interloans/{id}/edit":  librarianPage,
	"POST /desk/interloans/{id}/edit": librarianAct,
}
