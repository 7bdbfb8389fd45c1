package web

var mayReshelve = map[string]mayRow{
	"GET /desk/shelve/move":  librarianPage,
	"POST /desk/shelve/move": librarianAct,
}
