package web

// Serials, what is handed out and lessons are the librarian's.
var mayStock = map[string]mayRow{
	"GET /desk/handouts":           readerPage,
	"GET /desk/handouts/new":       librarianPage,
	"POST /desk/handouts/new":      librarianAct,
	"GET /desk/handouts/back":      librarianPage,
	"POST /desk/handouts/back":     librarianAct,
	"GET /desk/clearance":          readerPage,
	"GET /desk/clearance/sheets":   readerPage,
	"GET /desk/serials":            librarianPage,
	"POST /desk/serials/scan":      librarianAct,
	"GET /desk/serials/new":        librarianPage,
	"POST /desk/serials/new":       librarianAct,
	"GET /desk/serials/late":       librarianPage,
	"POST /desk/serials/late":      librarianAct,
	"GET /desk/serials/letter":     librarianPage,
	"GET /desk/serials/round":      librarianPage,
	"POST /desk/serials/round":     librarianAct,
	"GET /desk/serials/register":   librarianPage,
	"GET /desk/serials/{id}":       librarianPage,
	"POST /desk/serials/{id}":      librarianAct,
	"GET /desk/serials/{id}/edit":  librarianPage,
	"POST /desk/serials/{id}/edit": librarianAct,
}
