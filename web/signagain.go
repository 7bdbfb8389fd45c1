package web

import (
	"net/http"
	"strings"
)

// field is one value of a form that is kept for its sender.
type field struct{ Name, Value string }

// keepForm answers a form of the desk whose sender's sign-in has ended: with
// all that was typed, to be sent again after a sign-in in another tab. It
// reports false for what is no such form.
func (s *Server) keepForm(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != "POST" || wantsJSON(r) || !strings.HasPrefix(r.URL.Path, "/desk/") {
		return false
	}
	f, err := sentForm(w, r)
	if err != nil || len(f.Values) == 0 {
		return false
	}
	var kept []field
	for name, list := range f.Values {
		for _, v := range list {
			kept = append(kept, field{name, v})
		}
	}
	s.page(w, r, http.StatusUnauthorized, "signagain.html", map[string]any{"Fields": kept})
	return true
}
