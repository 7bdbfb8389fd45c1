package web

// Everybody may knock at a phone's way in: what opens it is the phone's own
// token with a card and a PIN, not a role.
var mayPhones = map[string]mayRow{
	"POST /desk/phones":                 librarianAct,
	"GET /desk/phones/qr.png":           librarianPage,
	"POST /desk/phones/{id}/remove":     librarianAct,
	"GET /desk/accounts/{id}/card":      librarianPage,
	"GET /corner/late":                  {"in", "in", "Y", "403", "403", "Y"},
	"GET /corner/paper":                 {"in", "in", "Y", "403", "403", "Y"},
	"GET /corner/paper/{place}":         {"in", "in", "Y", "403", "403", "Y"},
	"POST /corner/paper/{place}":        {"401", "401", "Y", "403", "403", "Y"},
	"POST /corner/paper/{place}/counts": {"401", "401", "Y", "403", "403", "Y"},
	"GET /corner/paper/{place}/sheet":   {"in", "in", "Y", "403", "403", "Y"},
	"GET /corner/enrol":                 {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /corner/enrol":                {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /corner":                       {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /corner/{$}":                   {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /corner/help":                  {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /corner/sw.js":                 {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /corner/manifest.webmanifest":  {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /api/v1/corner/sign-in":        {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /api/v1/corner":                {"401", "401", "Y", "403", "403", "Y"},
	"POST /api/v1/corner/acts":          {"401", "401", "Y", "403", "403", "Y"},
	"POST /api/v1/corner/sign-in":       {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /api/v1/corner/sign-out":      {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /api/v1/corner/card":          {"Y", "Y", "Y", "Y", "Y", "Y"},
}
