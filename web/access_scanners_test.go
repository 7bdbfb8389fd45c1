package web

var mayScanners = map[string]mayRow{
	"GET /desk/scanners":                     librarianPage,
	"GET /desk/scanners/live":                librarianPage,
	"POST /desk/scanners/do":                 librarianAct,
	"POST /desk/scanners/stations":           librarianAct,
	"GET /desk/scanners/choose":              librarianPage,
	"POST /desk/scanners/choose":             librarianAct,
	"GET /desk/scanners/heard":               librarianPage,
	"POST /desk/scanners/listen":             librarianAct,
	"POST /desk/scanners/typed":              librarianAct,
	"GET /desk/scanners/sheet":               librarianPage,
	"GET /api/v1/devices":                    {"401", "Y", "403", "403", "403", "Y"},
	"POST /api/v1/stations/{station}/spoilt": {"401", "Y", "403", "403", "403", "Y"},
}
