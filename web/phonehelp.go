package web

import "net/http"

// phoneHelpPath is the help of the corner's page: steps with pictures, for
// everybody and without a network, since the worker keeps it with the page.
const phoneHelpPath = "/corner/help"

// phoneHelpSteps are the steps, each the last part of the keys "phonehelp.X.head"
// and "phonehelp.X.text", and the name of its picture in the template.
var phoneHelpSteps = []string{"signin", "lend", "return", "read", "offline", "look", "late", "paper"}

func (s *Server) phoneHelpRoutes() []route {
	return []route{{"GET", phoneHelpPath, everyone, s.phoneHelp}}
}

func (s *Server) phoneHelp(w http.ResponseWriter, r *http.Request) error {
	s.page(w, r, http.StatusOK, "phonehelp.html", map[string]any{"Steps": phoneHelpSteps})
	return nil
}
