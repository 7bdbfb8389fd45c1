package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"muontra/web/webtest"
)

// Two hundred pages come back at the same moment, as after a power cut: each gets
// the whole picture at once, and the station is not held up (F19).
func TestReconnectStorm(t *testing.T) {
	s := newSite(t)
	want := s.desk.Put(webtest.Idle()).Seq
	var wg sync.WaitGroup
	var mu sync.Mutex
	right := 0
	for range 200 {
		wg.Go(func() {
			conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/ws/stations/desk", nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			if seq, _ := frame(t, conn); seq == want {
				mu.Lock()
				right++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if right != 200 {
		t.Errorf("%d of 200 pages have the picture", right)
	}
	until(t, func() bool { return s.hub.Pages() == 0 })
}

// What children and others type into searches and addresses is text and nothing
// else: no fault, no SQL, no operator of the search's own language, no script in
// the page, no header (A01, A02, A21).
func TestHostileText(t *testing.T) {
	s := newSite(t)
	for _, q := range []string{
		`'; DROP TABLE loan; --`, `1' OR '1'='1`, `" OR title:*`, `NEAR(a b, 5)`, `title_search MATCH`, `-a AND NOT (`, `"`, `""""`, `*`, `^a`, `{x y}:z`, `a*b"c`,
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.}}`, `{{template "head"}}`, "a\x00b", "\xff\xfe", "\u202eevil", "\r\nSet-Cookie: a=b", strings.Repeat("ế", 3000), "😀", `../../etc/passwd`, `%s%n`,
	} {
		for _, accept := range []string{"text/html", "application/json"} {
			for _, more := range []string{"", "&page=-1", "&page=99999999999999999999", "&page=0&limit=-5", "&limit=9223372036854775807", "&page=1&page=2&limit=a"} {
				req, err := http.NewRequest(http.MethodGet, s.URL+"/catalogue?q="+url.QueryEscape(q)+more, nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Accept", accept)
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode >= 500 {
					t.Errorf("%.40q%s: %s %v", q, more, res.Status, err)
				}
				if accept == "text/html" && (strings.Contains(string(b), "<script>alert") || strings.Contains(string(b), "<img src=x")) {
					t.Errorf("%.40q is in the page as it is", q)
				}
				if res.Header.Get("Set-Cookie") == "a=b" {
					t.Errorf("%.40q made a header", q)
				}
			}
		}
	}
	for _, path := range []string{"/static/../server.go", "/static/..%2f..%2fserver.go", "/static//etc/passwd", "/kiosk/..%2f..%2fdesk", "/kiosk/" + strings.Repeat("a", 4000), "/api/v1/stations/%00/scans"} {
		req, err := http.NewRequest(http.MethodGet, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Opaque = "//" + strings.TrimPrefix(s.URL, "http://") + path
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode >= 500 || strings.Contains(string(b), "package web") || strings.Contains(string(b), "root:") {
			t.Errorf("%.60s: %s", path, res.Status)
		}
	}
}

// A form of another site is refused whatever it is sent as, and so is one of
// another port of this machine (A05).
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	s := newSite(t)
	for _, h := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"},
	} {
		for _, path := range []string{"/desk/sign-in", "/api/v1/stations/desk/scans", "/api/v1/stations/desk/actions", "/wishes"} {
			req, err := http.NewRequest(http.MethodPost, s.URL+path, strings.NewReader(`{"code":"1","action":"finish"}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			for k, v := range h {
				req.Header.Set(k, v)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode < 400 || res.StatusCode >= 500 {
				t.Errorf("%s with %s: %s", path, fmt.Sprint(h), res.Status)
			}
		}
	}
	if n := len(s.desk.Scans()); n > 0 {
		t.Errorf("%d scans of other sites were done", n)
	}
}
