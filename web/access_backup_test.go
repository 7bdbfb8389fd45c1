package web

var mayBackup = map[string]mayRow{
	"GET /desk/backup":                librarianPage,
	"POST /desk/clock":                librarianAct,
	"POST /desk/backup/now":           librarianAct,
	"POST /desk/backup/folder":        librarianAct,
	"GET /desk/backup/sheet":          librarianPage,
	"GET /desk/backup/sheet/qr.png":   librarianPage,
	"POST /desk/backup/sheet/printed": librarianAct,
}
