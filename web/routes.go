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

// routes are all of them: what is not here does not exist. A test holds a row
// for each in the table of who may.
func (s *Server) routes() []route {
	return []route{
		{"GET", "/{$}", everyone, s.home},
		{"GET", "/catalogue", everyone, s.catalogue},
		{"GET", "/static/", everyone, s.static.serve},
		{"GET", "/healthz", everyone, s.healthz},
		{"GET", "/metrics", atStation, s.showMetrics},

		{"GET", "/kiosk/{station}", atStation, s.kioskPage},
		{"GET", "/ws/stations/{station}", atStation, s.stationSocket},
		{"GET", "/api/v1/stations/{station}", atStation, s.apiState},
		{"POST", "/api/v1/stations/{station}/scans", atStation, s.apiScan},
		{"POST", "/api/v1/stations/{station}/actions", atStation, s.apiAction},
		{"POST", "/api/v1/stations/{station}/override", librarian, s.apiOverride},

		{"GET", "/desk/sign-in", everyone, s.signInPage},
		{"POST", "/desk/sign-in", everyone, s.signIn},
		{"POST", "/desk/set-up", onMachine, s.setUp},
		{"POST", "/desk/sign-out", everyone, s.signOut},
		{"GET", "/desk", staff, s.deskHome},
		{"GET", "/desk/{$}", staff, s.deskHome},
		{"GET", "/ws/desk", staff, s.deskSocket},
		// Pupils practise at the station itself (seed R101).
		{"GET", "/desk/practice", atStation, s.practice},

		{"POST", "/desk/undo", librarian, s.undo},
		{"GET", "/desk/receipts", librarian, s.receipts},
		{"POST", "/desk/receipts", librarian, s.openReceipt},
		{"GET", "/desk/receipts/new", librarian, s.newReceipt},
		{"GET", "/desk/receipts/{id}", librarian, named(s.receipt)},
		{"POST", "/desk/receipts/{id}", librarian, named(s.changeReceipt)},
		{"GET", "/desk/receipts/{id}/edit", librarian, named(s.editReceipt)},
		{"GET", "/desk/receipts/{id}/sheet", librarian, named(s.handOver)},
		{"POST", "/desk/receipts/{id}/close", librarian, named(s.closeReceipt)},
		{"POST", "/desk/receipts/{id}/tick", librarian, named(s.tick)},
		{"GET", "/desk/receipts/{id}/add", librarian, named(s.addLine)},
		{"POST", "/desk/receipts/{id}/add", librarian, named(s.putLine)},
		{"GET", "/desk/receipts/{id}/lines/{line}", librarian, named(s.editLine)},
		{"POST", "/desk/receipts/{id}/lines/{line}", librarian, named(s.changeLine)},
		{"POST", "/desk/receipts/{id}/lines/{line}/remove", librarian, named(s.removeLine)},
		{"GET", "/desk/shelve", librarian, s.shelvePage},
		{"POST", "/desk/shelve", librarian, s.shelve},

		{"GET", "/desk/labels", librarian, s.labelsPage},
		{"GET", "/desk/labels/preview.png", librarian, s.labelPreview},
		{"GET", "/desk/labels/labels.pdf", librarian, s.labelPDF},
		{"POST", "/desk/labels/print", librarian, named(s.printLabels)},
		{"POST", "/desk/labels/mark", librarian, s.markLabels},
		{"GET", "/desk/labels/settings", librarian, s.labelSettings},
		{"POST", "/desk/labels/settings", librarian, s.putLabelSettings},
		{"GET", "/desk/stocks", librarian, s.stocks},
		{"POST", "/desk/stocks", librarian, s.putStock},
		{"GET", "/desk/stocks/new", librarian, s.editStock},
		{"GET", "/desk/stocks/own/{name}", librarian, s.editStock},
		{"POST", "/desk/stocks/own/{name}", librarian, s.putStock},
		{"POST", "/desk/stocks/own/{name}/remove", librarian, s.removeStock},
		{"GET", "/desk/printers", librarian, s.printers},
		{"POST", "/desk/printers", librarian, s.putPrinter},
		{"GET", "/desk/printers/new", librarian, s.newPrinter},
		{"GET", "/desk/printers/queue", librarian, s.printQueue},
		{"GET", "/desk/printers/{id}", librarian, named(s.editPrinter)},
		{"POST", "/desk/printers/{id}", librarian, named(s.putPrinter)},
		{"POST", "/desk/printers/{id}/do", librarian, named(s.printerButton)},
		{"GET", "/desk/printers/{id}/calibration", librarian, named(s.calibrationPage)},
		{"POST", "/desk/printers/{id}/calibration", librarian, named(s.calibrate)},
		{"POST", "/desk/jobs/{job}", librarian, named(s.jobButton)},
	}
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
	ok, signInHelps := callerOf(r).may(rt.who)
	switch {
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
