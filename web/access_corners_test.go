package web

// mayCorners is who may use the librarian's pages of corners and rotations.
var mayCorners = map[string]mayRow{
	"GET /desk/corners":            readerPage,
	"GET /desk/corners/new":        librarianPage,
	"POST /desk/corners/new":       librarianAct,
	"GET /desk/corners/terms":      librarianPage,
	"POST /desk/corners/terms":     librarianAct,
	"GET /desk/corners/back":       librarianPage,
	"POST /desk/corners/back":      librarianAct,
	"GET /desk/corners/register":   readerPage,
	"GET /desk/corners/books":      readerPage,
	"GET /desk/corners/wear":       readerPage,
	"GET /desk/corners/{id}":       readerPage,
	"GET /desk/corners/{id}/edit":  librarianPage,
	"POST /desk/corners/{id}/edit": librarianAct,
	"POST /desk/corners/{id}/scan": librarianAct,
	"POST /desk/corners/{id}/do":   librarianAct,
	"GET /desk/corners/{id}/pick":  librarianPage,
	"POST /desk/corners/{id}/pick": librarianAct,
	"GET /desk/corners/{id}/sheet": librarianPage,
	"GET /desk/corners/{id}/board": readerPage,
	"GET /desk/rotations":          readerPage,
	"GET /desk/rotations/new":      librarianPage,
	"POST /desk/rotations/new":     librarianAct,
	"GET /desk/rotations/{id}":     librarianPage,
	"POST /desk/rotations/{id}":    librarianAct,
}
