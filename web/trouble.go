package web

import (
	"net/http"
	"strings"
	"time"

	"muontra/web/words"
)

// Trouble is why the daemon cannot serve its ledger, for a page in place of all
// others: whoever sits before the PC sees a browser, not what a program says.
type Trouble struct {
	Kind   string // lost, foreign, damaged, read_only, full or failed: the words "trouble." + it
	Folder string // the data folder
	Copies []KeptCopy
}

// KeptCopy is a copy of the ledger that could be put back.
type KeptCopy struct {
	Name string
	At   time.Time
}

// TroubleKinds are all kinds of trouble.
var TroubleKinds = []string{"lost", "foreign", "damaged", "read_only", "full", "failed"}

var errTrouble = problem{http.StatusServiceUnavailable, "trouble"}

// NewTrouble answers everything with the trouble, and never with success: no
// scan is taken, so none is lost. With a ledger that can be read, the catalogue
// is served to look books up. c's other fields may be nil.
func NewTrouble(c Config, t Trouble) http.Handler {
	lookUp := c.Ledger != nil
	s := New(c)
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == "/healthz":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusServiceUnavailable)
			w.Write([]byte("storage failure\n"))
		case strings.HasPrefix(path, "/static/"):
			if err := s.static.serve(w, r); err != nil {
				s.fail(w, r, err)
			}
		case lookUp && path == "/catalogue" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			s.Handler().ServeHTTP(w, r)
		case strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/ws/"):
			s.fail(w, r, errTrouble)
		default:
			s.page(w, r, http.StatusServiceUnavailable, "trouble.html", map[string]any{"Trouble": t, "LookUp": lookUp})
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recoverPanic(w, r)
		setHeaders(w.Header())
		if !s.ownHost(r) {
			http.Error(w, words.T(words.VI, "error.foreign_host"), http.StatusMisdirectedRequest)
			return
		}
		pages.ServeHTTP(w, r)
	})
}
