package web

var mayTeams = map[string]mayRow{
	"GET /desk/teams":         librarianPage,
	"POST /desk/teams":        librarianAct,
	"GET /desk/teams/new":     librarianPage,
	"GET /desk/teams/minutes": librarianPage,
	"GET /desk/teams/{id}":    librarianPage,
	"POST /desk/teams/{id}":   librarianAct,
}
