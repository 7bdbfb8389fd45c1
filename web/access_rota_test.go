package web

// The board reads who introduces in which week; the librarian arranges it.
var mayRota = map[string]mayRow{
	"GET /desk/rota":       readerPage,
	"POST /desk/rota":      librarianAct,
	"GET /desk/rota/edit":  librarianPage,
	"POST /desk/rota/edit": librarianAct,
}
