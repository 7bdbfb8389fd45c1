package web

// mayFind is who may look for a book at the kiosk.
var mayFind = map[string]mayRow{
	"GET /kiosk/{station}/search": {"in", "Y", "403", "403", "403", "Y"},
}
