package web

// mayFind is who may look for a book at the kiosk, and ask for one.
var mayFind = map[string]mayRow{
	"GET /kiosk/{station}/search":  {"in", "Y", "403", "403", "403", "Y"},
	"POST /kiosk/{station}/wishes": {"401", "Y", "403", "403", "403", "Y"},
	"POST /catalogue/wishes":       {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /desk/wishes":             librarianPage,
	"GET /desk/wishes/{id}":        librarianPage,
	"POST /desk/wishes/{id}":       librarianAct,
}
