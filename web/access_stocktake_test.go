package web

// Books are counted by whoever helps; figures and papers are read by the
// management, which approves what leaves the stock.
var (
	countingPage = mayRow{"in", "in", "Y", "Y", "403", "Y"}
	countingAct  = mayRow{"401", "401", "Y", "Y", "403", "Y"}
	readerAct    = mayRow{"401", "401", "403", "403", "Y", "Y"}
)

var mayStocktake = map[string]mayRow{
	"GET /desk/stocktake":                     readerPage,
	"POST /desk/stocktake":                    librarianAct,
	"GET /desk/stocktake/new":                 librarianPage,
	"POST /desk/stocktake/found":              librarianAct,
	"GET /desk/stocktake/{id}":                readerPage,
	"GET /desk/stocktake/{id}/counts":         readerPage,
	"POST /desk/stocktake/{id}/file":          librarianAct,
	"POST /desk/stocktake/{id}/stations":      librarianAct,
	"POST /desk/stocktake/{id}/stations/stop": librarianAct,
	"GET /desk/stocktake/{id}/lines":          readerPage,
	"POST /desk/stocktake/{id}/lines":         librarianAct,
	"GET /desk/textbooks/{id}/off":            librarianPage,
	"POST /desk/textbooks/{id}/off":           librarianAct,
	"GET /desk/stocktake/{id}/close":          librarianPage,
	"POST /desk/stocktake/{id}/close":         librarianAct,
	"POST /desk/stocktake/{id}/reopen":        librarianAct,
	"GET /desk/stocktake/{id}/minutes":        readerPage,
	"GET /desk/count":                         countingPage,
	"POST /desk/count":                        countingAct,
	"POST /desk/count/picture":                countingAct,
	"POST /desk/count/back":                   countingAct,
	"GET /desk/withdrawals":                   readerPage,
	"POST /desk/withdrawals":                  librarianAct,
	"GET /desk/withdrawals/new":               librarianPage,
	"POST /desk/withdrawals/rules":            librarianAct,
	"GET /desk/withdrawals/{id}":              readerPage,
	"POST /desk/withdrawals/{id}":             librarianAct,
	"POST /desk/withdrawals/{id}/approval":    readerAct,
	"GET /desk/withdrawals/{id}/close":        librarianPage,
	"POST /desk/withdrawals/{id}/close":       librarianAct,
	"GET /desk/withdrawals/{id}/minutes":      readerPage,
}
