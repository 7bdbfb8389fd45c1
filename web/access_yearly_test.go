package web

// Figures are read by the management too; names of pupils by the librarian and,
// of an own class, by its collaborator.
var mayYearly = map[string]mayRow{
	"GET /desk/activities":              readerPage,
	"POST /desk/activities":             librarianAct,
	"GET /desk/activities/new":          librarianPage,
	"GET /desk/activities/{id}":         librarianPage,
	"POST /desk/activities/{id}":        librarianAct,
	"GET /desk/activities/{id}/list":    readerPage,
	"GET /desk/room":                    readerPage,
	"POST /desk/room":                   librarianAct,
	"GET /desk/plan":                    readerPage,
	"POST /desk/plan":                   librarianAct,
	"GET /desk/targets":                 readerPage,
	"POST /desk/targets":                librarianAct,
	"GET /desk/targets/goals":           librarianPage,
	"GET /desk/targets/missing/{class}": {"in", "in", "Y", "403", "403", "Y"},
	"GET /desk/targets/who/{target}":    readerPage,
	"GET /desk/targets/records":         readerPage,
	"POST /desk/targets/records":        librarianAct,
	"GET /desk/targets/assessment":      readerPage,
	"POST /desk/targets/assessment":     librarianAct,
}
