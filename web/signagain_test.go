package web

import (
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Whatever form of the desk is sent after the sign-in has ended, the answer
// holds all that was typed, to be sent again.
func TestEveryFormIsKeptWhenTheSignInHasEnded(t *testing.T) {
	s := wholeServer(t)
	kept := 0
	for _, rt := range s.routes() {
		row := mayTable[rt.method+" "+rt.pattern]
		if rt.method != "POST" || row.stranger != "401" || !strings.HasPrefix(rt.pattern, "/desk/") || slices.Contains(sentFiles, rt.pattern) {
			continue
		}
		body := url.Values{"note": {`<b>“gõ”</b>`}, "many": {"1", "2"}}.Encode()
		r := httptest.NewRequest("POST", "http://localhost"+strings.NewReplacer("{", "", "}", "").Replace(rt.pattern), strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = "192.0.2.7:1234"
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		page := w.Body.String()
		if w.Code != 401 || !strings.Contains(page, "&lt;b&gt;“gõ”&lt;/b&gt;") || strings.Count(page, `name="many"`) != 2 {
			t.Errorf("%s: %d, and what was typed is gone", rt.pattern, w.Code)
		}
		kept++
	}
	if kept < 10 {
		t.Errorf("only %d forms", kept)
	}
}

// sentFiles are the forms that send a file: it is still where it was chosen
// from, and is chosen again.
var sentFiles = []string{"/desk/lists/read"}
