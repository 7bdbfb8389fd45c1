package web

// A class's survey is answered by its own teacher or the librarian.
var maySurveys = map[string]mayRow{
	"GET /desk/surveys":                  {"in", "in", "Y", "403", "403", "Y"},
	"GET /desk/surveys/{class}/{round}":  {"in", "in", "Y", "403", "403", "Y"},
	"GET /desk/proposals":                librarianPage,
	"POST /desk/proposals":               librarianAct,
	"GET /desk/proposals/new":            librarianPage,
	"GET /desk/proposals/{id}":           librarianPage,
	"POST /desk/proposals/{id}":          librarianAct,
	"GET /desk/targets/old-scheme":       librarianPage,
	"POST /desk/targets/old-scheme":      librarianAct,
	"POST /desk/surveys/{class}/{round}": {"401", "401", "Y", "403", "403", "Y"},
}
