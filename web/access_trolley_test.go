package web

var mayTrolley = map[string]mayRow{
	"GET /desk/shelve/trolley":           librarianPage,
	"POST /desk/shelve/trolley":          librarianAct,
	"POST /desk/settings/places/trolley": librarianAct,
}
