package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route is one line of the site's map.
type route struct {
	method  string
	pattern string
	who     who
	handle  handler
}

// routes are all of them: what is not here does not exist. Each area of the
// site keeps its rows beside its pages; a test holds a row for each in the table
// of who may.
func (s *Server) routes() []route {
	return slices.Concat(
		s.publicRoutes(),
		s.stationRoutes(),
		s.findRoutes(),
		s.wishRoutes(),
		s.pictureRoutes(),
		s.signInRoutes(),
		s.setUpRoutes(),
		s.liveRoutes(),
		s.counterRoutes(),
		s.accountRoutes(),
		s.myClassRoutes(),
		s.deskRoutes(),
		s.receiptRoutes(),
		s.trolleyRoutes(),
		s.reshelveRoutes(),
		s.peopleRoutes(),
		s.lendingRoutes(),
		s.holdRoutes(),
		s.recallRoutes(),
		s.compensationRoutes(),
		s.handoutRoutes(),
		s.lessonRoutes(),
		s.stocktakeRoutes(),
		s.withdrawalRoutes(),
		s.activityRoutes(),
		s.targetRoutes(),
		s.oldSchemeRoutes(),
		s.surveyRoutes(),
		s.proposalRoutes(),
		s.yearRoutes(),
		s.titleRoutes(),
		s.setRoutes(),
		s.textbookRoutes(),
		s.serialRoutes(),
		s.cornerRoutes(),
		s.cornerLateRoutes(),
		s.interloanRoutes(),
		s.labelRoutes(),
		s.printerRoutes(),
		s.scannerRoutes(),
		s.trustRoutes(),
		s.machineRoutes(),
		s.lanRoutes(),
		s.phoneRoutes(),
		s.phoneSignInRoutes(),
		s.phonePageRoutes(),
		s.phoneHelpRoutes(),
		s.phoneDataRoutes(),
		s.sheetRoutes(),
		s.settingsRoutes(),
		s.teamRoutes(),
		s.posterRoutes(),
		s.taskRoutes(),
		s.importRoutes(),
		s.backupRoutes(),
		s.clockRoutes(),
		s.registerRoutes(),
		s.rotaRoutes(),
	)
}

// DeskPages are the patterns of the addresses under /desk that GET answers, so
// that whoever measures or walks them can tell that none was left out.
func (s *Server) DeskPages() []string {
	var all []string
	for _, rt := range s.routes() {
		if rt.method == "GET" && (rt.pattern == "/desk" || strings.HasPrefix(rt.pattern, "/desk/")) && rt.pattern != "/desk/{$}" {
			all = append(all, rt.pattern)
		}
	}
	return all
}

// router makes a handler of the table: one mux entry a path, which picks the
// method, so that a wrong method is answered with the right ones.
func (s *Server) router() http.Handler {
	byPath := map[string][]route{}
	for _, rt := range s.routes() {
		byPath[rt.pattern] = append(byPath[rt.pattern], rt)
	}
	mux := http.NewServeMux()
	for pattern, rts := range byPath {
		mux.Handle(pattern, s.choose(rts))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNotFound) })
	return mux
}

func (s *Server) choose(rts []route) http.Handler {
	var allow []string
	for _, rt := range rts {
		allow = append(allow, rt.method)
	}
	if slices.Contains(allow, "GET") {
		allow = append(allow, "HEAD")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, rt := range rts {
			if rt.method == r.Method || rt.method == "GET" && r.Method == "HEAD" {
				s.serve(w, r, rt)
				return
			}
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		s.fail(w, r, errMethod)
	})
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, rt route) {
	c := callerOf(r)
	ok, signInHelps := c.may(rt.who)
	if rt.who == ownStation && !ok && c.paired != nil {
		// A paired machine is its station's, and another's never.
		ok, signInHelps = c.paired.Station == r.PathValue("station"), false
		if err := s.pairings.note(r.Context(), c.paired); err != nil {
			s.log.Warn("when a machine was seen is not written down", "err", err)
		}
	}
	switch {
	case ok && c.mustChangeFirst(rt):
		if r.Method == "GET" && !wantsJSON(r) {
			http.Redirect(w, r, "/desk/password", http.StatusSeeOther)
			return
		}
		s.fail(w, r, errMustChange)
	case ok:
		if err := rt.handle(w, r); err != nil {
			s.fail(w, r, err)
		}
	case signInHelps && r.Method == "GET" && !wantsJSON(r):
		// A page sends its reader to the sign-in and back again.
		http.Redirect(w, r, "/desk/sign-in?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	case signInHelps && s.keepForm(w, r):
	case signInHelps:
		s.fail(w, r, errSignIn)
	default:
		s.fail(w, r, errForbidden)
	}
}
