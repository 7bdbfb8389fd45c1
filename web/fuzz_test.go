package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// FuzzFind: whatever stands behind the catalogue's question mark gets a page or
// a refusal, never a fault.
func FuzzFind(f *testing.F) {
	for _, q := range []string{"q=de+men", "q=%22", "q=a&page=2&limit=100", "q=a&level=%00", "page=-1", "q=%ff", "q=a&q=b", "grade=x", "kind=textbook&grade=1", ";;;&&&===", "q=<script>"} {
		f.Add(q, true)
	}
	s := newSite(f)
	h := s.web.Handler()
	f.Fuzz(func(t *testing.T, query string, asJSON bool) {
		r := httptest.NewRequest(http.MethodGet, s.URL+"/catalogue", nil)
		r.URL = &url.URL{Path: "/catalogue", RawQuery: query}
		r.RemoteAddr = "127.0.0.1:1"
		if asJSON {
			r.Header.Set("Accept", "application/json")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%q: %d %s", query, w.Code, w.Body)
		}
	})
}

// FuzzActionBody: whatever is posted as an action is done or refused.
func FuzzActionBody(f *testing.F) {
	for _, b := range []string{`{"action":"finish"}`, `{"action":"renew","copy":"1"}`, `{"action":1}`, `[]`, `{`, ``, `{"action":"undo","action":"help"}`, `{"action":"finish","command_id":"\u0000"}`, `null`} {
		f.Add([]byte(b))
	}
	s := newSite(f)
	h := s.web.Handler()
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzPost(t, h, s.URL, "/api/v1/stations/desk/actions", body)
		fuzzPost(t, h, s.URL, "/api/v1/stations/desk/override", body)
	})
}

func fuzzPost(t *testing.T, h http.Handler, base, path string, body []byte) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, base+path, bytes.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
		t.Errorf("%s %q: %d %s", path, body, w.Code, w.Body)
	}
}
