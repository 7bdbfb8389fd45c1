package web_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web"
	"muontra/web/webtest"
)

func (s *site) send(t testing.TB, c *http.Client, method, path, contentType, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

const jsonType = "application/json"

func TestAPI(t *testing.T) {
	const scans, actions, state = "/api/v1/stations/desk/scans", "/api/v1/stations/desk/actions", "/api/v1/stations/desk"
	for _, c := range []struct {
		name, method, path, ct, body string
		header                       []string
		status                       int
		want                         string // in the body
	}{
		{"a scan", "POST", scans, jsonType, `{"code":"30000013"}`, nil, 200, `"outcome":"refused"`},
		{"with charset", "POST", scans, "application/json; charset=utf-8", `{"code":"1"}`, nil, 200, `"reason":"unknown_barcode"`},
		{"with an id", "POST", scans, jsonType, `{"code":"1","command_id":"018f-1"}`, nil, 200, `"message":"Máy chưa biết mã này.`},
		{"null id", "POST", scans, jsonType, `{"code":"1","command_id":null}`, nil, 200, ``},
		{"unknown fields are let be", "POST", scans, jsonType, `{"code":"1","colour":"red"}`, nil, 200, ``},
		{"empty code is the station's to refuse", "POST", scans, jsonType, `{"code":""}`, nil, 200, `"refused"`},
		{"control characters too", "POST", scans, jsonType, `{"code":"a\u0000b"}`, nil, 200, `"refused"`},
		{"in English", "POST", scans + "?lang=en", jsonType, `{"code":"1"}`, nil, 200, "This code is new to me"},
		{"a program's language", "POST", scans, jsonType, `{"code":"1"}`, []string{"Accept-Language", "en-GB,en;q=0.9"}, 200, "This code is new to me"},
		{"no code", "POST", scans, jsonType, `{}`, nil, 400, `{"error":{"code":"no_code","message":"Thiếu mã`},
		{"code is a number", "POST", scans, jsonType, `{"code":12}`, nil, 400, `"bad_request"`},
		{"no body", "POST", scans, jsonType, ``, nil, 400, `"bad_request"`},
		{"no JSON", "POST", scans, jsonType, `code=1`, nil, 400, `"bad_request"`},
		{"two objects", "POST", scans, jsonType, `{"code":"1"}{"code":"2"}`, nil, 400, `"bad_request"`},
		{"a list", "POST", scans, jsonType, `["1"]`, nil, 400, `"bad_request"`},
		{"bad UTF-8", "POST", scans, jsonType, "{\"code\":\"\xff\xfe\"}", nil, 400, `"bad_request"`},
		{"control characters in the id", "POST", scans, jsonType, `{"code":"1","command_id":"a\nb"}`, nil, 400, `"bad_request"`},
		{"long id", "POST", scans, jsonType, `{"code":"1","command_id":"` + strings.Repeat("a", 129) + `"}`, nil, 400, `"bad_request"`},
		{"a form", "POST", scans, "application/x-www-form-urlencoded", `code=1`, nil, 415, `"media_type"`},
		{"text, as a foreign form could send", "POST", scans, "text/plain", `{"code":"1"}`, nil, 415, `"media_type"`},
		{"no type", "POST", scans, "", `{"code":"1"}`, nil, 415, `"media_type"`},
		{"too long", "POST", scans, jsonType, `{"code":"` + strings.Repeat("9", 4096) + `"}`, nil, 413, `"too_long"`},
		{"wrong method", "GET", scans, "", "", nil, 405, `"method"`},
		{"another wrong method", "DELETE", state, "", "", nil, 405, `"method"`},
		{"no such station", "POST", "/api/v1/stations/nowhere/scans", jsonType, `{"code":"1"}`, nil, 404, `"no_station"`},
		{"no such path", "GET", "/api/v1/nothing", "", "", nil, 404, `"not_found"`},
		{"state", "GET", state, "", "", nil, 200, `"phase":"idle"`},
		{"state of no station", "GET", "/api/v1/stations/nowhere", "", "", nil, 404, `"no_station"`},
		{"finish", "POST", actions, jsonType, `{"action":"finish"}`, nil, 200, `"outcome"`},
		{"touch", "POST", actions, jsonType, `{"action":"touch"}`, nil, 200, `"outcome"`},
		{"renew with a copy", "POST", actions, jsonType, `{"action":"renew","copy":"30000013"}`, nil, 200, `"outcome"`},
		{"unknown action", "POST", actions, jsonType, `{"action":"dance"}`, nil, 400, `"unknown_action"`},
		{"no action", "POST", actions, jsonType, `{}`, nil, 400, `"unknown_action"`},
		{"override without a sign-in", "POST", "/api/v1/stations/desk/override", jsonType, `{"copy":"1","comment":"x"}`, nil, 401, `"sign_in"`},
		{"foreign origin", "POST", scans, jsonType, `{"code":"1"}`, []string{"Origin", "http://evil.example"}, 403, `"foreign_origin"`},
		{"null origin", "POST", scans, jsonType, `{"code":"1"}`, []string{"Origin", "null"}, 403, `"foreign_origin"`},
		{"foreign origin reads", "GET", state, "", "", []string{"Origin", "http://evil.example"}, 403, `"foreign_origin"`},
		{"cross-site by its header", "POST", scans, jsonType, `{"code":"1"}`, []string{"Sec-Fetch-Site", "cross-site"}, 403, `"foreign_origin"`},
		{"foreign host", "GET", state, "", "", []string{"Host", "evil.example"}, 421, `"foreign_host"`},
		{"rebound host", "POST", scans, jsonType, `{"code":"1"}`, []string{"Host", "evil.example:80", "Origin", "http://evil.example:80"}, 421, `"foreign_host"`},
		{"localhost by name", "GET", state, "", "", []string{"Host", "localhost:7373"}, 200, `"idle"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			status, body := s.send(t, s.client(), c.method, c.path, c.ct, c.body, c.header...)
			if status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s\nwant %d with %s", status, body, c.status, c.want)
			}
			if status >= 400 {
				var e struct {
					Error struct{ Code, Message string }
				}
				if err := json.Unmarshal([]byte(body), &e); err != nil || e.Error.Code == "" || e.Error.Message == "" || strings.HasPrefix(e.Error.Message, "error.") {
					t.Errorf("the error's shape: %s", body)
				}
				if n := len(s.desk.Codes()) + len(s.desk.Actions()) + len(s.desk.Overrides()); n > 0 {
					t.Errorf("refused with %d and yet %d were done", status, n)
				}
			}
		})
	}
}

func TestAPIErrorsOfTheStation(t *testing.T) {
	s := newSite(t)
	for err, want := range map[error]int{
		station.ErrUsedID: 409, station.ErrStopped: 503, kiosk.ErrBusy: 503, errors.New("secret of the database"): 500,
	} {
		s.desk.Answer(func() (kiosk.Result, error) { return kiosk.Result{}, err })
		status, body := s.send(t, s.client(), "POST", "/api/v1/stations/desk/scans", jsonType, `{"code":"1"}`)
		if status != want || strings.Contains(body, "secret") {
			t.Errorf("%v: %d %s", err, status, body)
		}
	}
	s.desk.Answer(func() (kiosk.Result, error) { panic("secret in a panic") })
	status, body := s.send(t, s.client(), "POST", "/api/v1/stations/desk/scans", jsonType, `{"code":"1"}`)
	if status != 500 || strings.Contains(body, "secret") || !strings.Contains(body, `"internal"`) {
		t.Errorf("panic: %d %s", status, body)
	}
}

// The state is the same by GET and by websocket, lists are never null, and what
// the station knows reaches the page.
func TestStateShape(t *testing.T) {
	s := newSite(t)
	dog := webtest.Dog
	loan := webtest.Loan(dog, "2026-12-03", false)
	s.desk.Put(webtest.InSession(webtest.An, 2, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.CheckedOut, Copy: &dog, Loan: &loan}, loan))
	_, body := s.send(t, s.client(), "GET", "/api/v1/stations/desk", "", "")
	var st map[string]any
	if err := json.Unmarshal([]byte(body), &st); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"seq", "station", "phase", "patron", "loans", "result", "ends_at", "service", "devices"} {
		if _, ok := st[k]; !ok {
			t.Errorf("no %s in %s", k, body)
		}
	}
	loans := st["loans"].([]any)[0].(map[string]any)
	if loans["due_on"] != "2026-12-03" || loans["due_text"] != "thứ Năm 03/12" || loans["overdue"] != false {
		t.Errorf("loan %v", loans)
	}
	res := st["result"].(map[string]any)
	if res["seq"] != st["seq"] || !strings.HasPrefix(res["message"].(string), "Mượn được rồi!") {
		t.Errorf("result %v", res)
	}
	s.desk.Put(station.Screen{Phase: station.Idle})
	_, body = s.send(t, s.client(), "GET", "/api/v1/stations/desk", "", "")
	for _, want := range []string{`"loans":[]`, `"devices":[]`, `"grades":[]`, `"patron":null`, `"result":null`, `"ends_at":null`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
}

func TestCatalogue(t *testing.T) {
	s := newSite(t)
	status, body := s.send(t, s.client(), "GET", "/catalogue?q=ch%C3%BA+ch%C3%B3", "", "", "Accept", "application/json")
	var got struct {
		Query   string
		Total   int
		Results []struct {
			Title, Publisher string
			Authors          []string
			CallNumber       string `json:"call_number"`
			Copies           []struct {
				Accession, Place string
				Available        bool
				DueOn            string `json:"due_on"`
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 {
		t.Fatal(status, err, body)
	}
	if got.Query != "chú chó" || got.Total != 1 || len(got.Results) != 1 || len(got.Results[0].Copies) != 2 {
		t.Fatalf("%+v", got)
	}
	if c := got.Results[0].Copies; !c[0].Available || c[0].DueOn != "" || c[1].Available || c[1].DueOn != "2099-12-03" {
		t.Errorf("%+v", c)
	}
	for query, want := range map[string]string{"?q=khong-co": `"results":[]`, "?q=&page=9999999&limit=0": `"results":[]`, "?limit=100000": `"limit":100`, "?q=t%E1%BB%AB": `"authors":[]`} {
		if _, body := s.send(t, s.client(), "GET", "/catalogue"+query, "", "", "Accept", "application/json"); !strings.Contains(body, want) {
			t.Errorf("%s: no %s in %s", query, want, body)
		}
	}
	// A title is text, whatever it holds.
	_, html := s.send(t, s.client(), "GET", "/catalogue", "", "", "Accept", "text/html,*/*")
	if !strings.Contains(html, "&lt;b&gt;") || strings.Contains(html, "<b>bằng") {
		t.Error("a title's HTML got into the page")
	}
}

func TestHealthzWritesAtMostEveryTenSeconds(t *testing.T) {
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	s := newSite(t, func(c *web.Config) { c.Now = func() time.Time { return now } })
	get := func() (int, string) { return s.send(t, s.client(), "GET", "/healthz", "", "") }
	for range 5 {
		if status, body := get(); status != 200 || strings.TrimSpace(body) != "ok" {
			t.Fatal(status, body)
		}
	}
	if n := s.ledger.Writes(); n != 1 {
		t.Errorf("%d writes for 5 probes at once", n)
	}
	s.ledger.Fail = errors.New("disk is full")
	if status, _ := get(); status != 200 {
		t.Error("asked the disk again within ten seconds")
	}
	now = now.Add(11 * time.Second)
	if status, body := get(); status != 503 || strings.Contains(body, "disk") {
		t.Error(status, body)
	}
}

func TestMetrics(t *testing.T) {
	s := newSite(t)
	s.send(t, s.client(), "POST", "/api/v1/stations/desk/scans", jsonType, `{"code":"1"}`)
	_, body := s.send(t, s.client(), "GET", "/metrics", "", "")
	for _, want := range []string{
		`muontra_scans_total{outcome="refused",reason="unknown_barcode"} 1`, `muontra_scan_seconds_count 1`, `muontra_scan_seconds_bucket{le="+Inf"} 1`,
		"muontra_websocket_clients 0", "# TYPE muontra_scan_seconds histogram", "muontra_build_info{",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
}

// Whatever a sender writes as a body, the answer is JSON and one of the known
// statuses, and the server lives.
func FuzzScanBody(f *testing.F) {
	for _, b := range []string{`{"code":"1"}`, `{"code":""}`, `{}`, `null`, `[]`, "\xff", `{"code":"\ud800"}`, `{"code":{"code":"x"}}`, `{"code":"1","command_id":"` + "\u0000" + `"}`, strings.Repeat(`{"a":`, 500)} {
		f.Add([]byte(b))
	}
	s := newSite(f)
	c := s.client()
	f.Fuzz(func(t *testing.T, body []byte) {
		status, answer := s.send(t, c, "POST", "/api/v1/stations/desk/scans", jsonType, string(body))
		switch status {
		case 200, 400, 413:
		default:
			t.Errorf("status %d for %q", status, body)
		}
		if !json.Valid([]byte(answer)) {
			t.Errorf("answer %q", answer)
		}
	})
}
