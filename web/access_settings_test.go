package web

var maySettings = map[string]mayRow{
	"GET /desk/settings/policies":         librarianPage,
	"GET /desk/settings/policies/line":    librarianPage,
	"POST /desk/settings/policies/line":   librarianAct,
	"POST /desk/settings/policies/remove": librarianAct,
	"GET /desk/settings/calendar":         librarianPage,
	"POST /desk/settings/calendar":        librarianAct,
	"GET /desk/settings/timetable":        librarianPage,
	"POST /desk/settings/timetable":       librarianAct,
	"POST /desk/settings/timetable/usual": librarianAct,
	"GET /desk/settings/places":           librarianPage,
	"POST /desk/settings/places":          librarianAct,
	"GET /desk/settings/places/new":       librarianPage,
	"GET /desk/settings/places/{id}":      librarianPage,
	"POST /desk/settings/places/{id}":     librarianAct,
	"GET /desk/settings/school":           librarianPage,
	"POST /desk/settings/school":          librarianAct,
}
