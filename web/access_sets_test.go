package web

// maySets is who may use the pages of sets.
var maySets = map[string]mayRow{
	"GET /desk/textbooks":            librarianPage,
	"GET /desk/textbooks/new":        librarianPage,
	"POST /desk/textbooks/new":       librarianAct,
	"GET /desk/textbooks/{id}":       librarianPage,
	"POST /desk/textbooks/{id}":      librarianAct,
	"GET /desk/sets":                 librarianPage,
	"GET /desk/sets/new":             librarianPage,
	"POST /desk/sets/new":            librarianAct,
	"GET /desk/sets/{id}":            librarianPage,
	"GET /desk/sets/{id}/edit":       librarianPage,
	"POST /desk/sets/{id}/edit":      librarianAct,
	"POST /desk/sets/{id}/add":       librarianAct,
	"POST /desk/sets/{id}/remove":    librarianAct,
	"POST /desk/sets/{id}/take-back": librarianAct,
}
