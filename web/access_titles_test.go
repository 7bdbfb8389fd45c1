package web

// mayTitles is who may use the catalogue as the librarian works on it.
var mayTitles = map[string]mayRow{
	"GET /desk/search":                 {"in", "in", "Y", "Y", "Y", "Y"},
	"GET /desk/titles":                 librarianPage,
	"GET /desk/titles/new":             librarianPage,
	"POST /desk/titles/new":            librarianAct,
	"GET /desk/titles/alike":           librarianPage,
	"GET /desk/titles/duplicates":      librarianPage,
	"GET /desk/titles/{id}":            librarianPage,
	"GET /desk/titles/{id}/edit":       librarianPage,
	"POST /desk/titles/{id}/edit":      librarianAct,
	"GET /desk/titles/{id}/merge":      librarianPage,
	"POST /desk/titles/{id}/merge":     librarianAct,
	"POST /desk/titles/{id}/take-back": librarianAct,
	"GET /desk/copies":                 librarianPage,
	"GET /desk/copies/{id}":            librarianPage,
	"GET /desk/copies/{id}/edit":       librarianPage,
	"POST /desk/copies/{id}/edit":      librarianAct,
	"POST /desk/copies/{id}/do":        librarianAct,
	"GET /desk/copies/{id}/barcode":    librarianPage,
	"POST /desk/copies/{id}/barcode":   librarianAct,
	"POST /desk/copies/{id}/take-back": librarianAct,
}

// noActs are acts that nobody gets as far as.
type noActs struct{ Cataloguing }
