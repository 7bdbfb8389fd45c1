package web

// Sign-in, the first start and accounts.
var mayAccounts = map[string]mayRow{
	"GET /desk/sign-in":               {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /desk/sign-in":              {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /desk/sign-out":             {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /desk/set-up":                {"403", "Y", "403", "403", "403", "403"},
	"POST /desk/set-up":               {"403", "Y", "403", "403", "403", "403"},
	"GET /desk/start":                 librarianPage,
	"POST /desk/start":                librarianAct,
	"GET /desk/accounts":              librarianPage,
	"POST /desk/accounts":             librarianAct,
	"GET /desk/accounts/new":          librarianPage,
	"GET /desk/accounts/{id}":         librarianPage,
	"POST /desk/accounts/{id}":        librarianAct,
	"POST /desk/accounts/{id}/do":     librarianAct,
	"POST /desk/accounts/{id}/pin":    librarianAct,
	"POST /desk/browsers":             librarianAct,
	"POST /desk/browsers/{id}/remove": librarianAct,
	"GET /desk/password":              {"in", "in", "Y", "Y", "Y", "Y"},
	"POST /desk/password":             {"401", "401", "Y", "Y", "Y", "Y"},
	"POST /desk/sign-out-everywhere":  {"401", "401", "Y", "Y", "Y", "Y"},
	"GET /desk/counter":               librarianPage,
	"POST /desk/counter":              librarianAct,
	"POST /desk/live/{seq}/answer":    {"401", "401", "403", "Y", "403", "Y"},
	"POST /desk/live/{seq}/allow":     librarianAct,
	"POST /desk/live/{seq}/lend-on":   librarianAct,
	"POST /desk/live/{seq}/damage":    librarianAct,
	"GET /desk/my-classes":            {"in", "in", "Y", "403", "403", "403"},
	"GET /desk/my-classes/{class}":    {"in", "in", "403", "403", "403", "403"}, // none of them has the class
}
