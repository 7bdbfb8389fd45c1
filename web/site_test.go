package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web"
	"muontra/web/webtest"
)

// The real station must fit.
var _ web.Station = (*station.Station)(nil)

// site is a server with a fake station and ledger, as tests need it.
type site struct {
	*httptest.Server
	hub      *web.Hub
	desk     *webtest.Station
	practice *webtest.Station
	ledger   *webtest.Ledger
	events   chan kiosk.Event
	web      *web.Server
}

func newSite(t testing.TB, change ...func(*web.Config)) *site {
	t.Helper()
	s := &site{hub: web.NewHub(), ledger: webtest.NewLedger(), events: make(chan kiosk.Event, 10)}
	s.desk = webtest.NewStation("desk", s.hub.Show)
	s.practice = webtest.NewStation("practice", s.hub.Show)
	c := web.Config{
		Scratch: t.TempDir(),
		Ledger:  s.ledger,
		Hub:     s.hub,
		Station: func(name string) (web.Station, bool) {
			switch name {
			case "desk":
				return s.desk, true
			case "practice":
				return s.practice, true
			}
			return nil, false
		},
		Stations: func() []string { return []string{"desk", "practice"} },
		Practice: "practice",
		Samples: func(context.Context) (web.Samples, error) {
			return web.Samples{
				Cards:  []web.SampleCard{{Barcode: "20000016", Name: "Nguyễn Mẫu An", Class: "2A"}, {Barcode: "20000024", Name: "Trần Mẫu Bình", Class: "3B"}},
				Copies: []web.SampleCopy{{Barcode: webtest.Dog.Barcode, Accession: webtest.Dog.Accession, Title: webtest.Dog.Title}, {Barcode: webtest.Long.Barcode, Accession: webtest.Long.Accession, Title: webtest.Long.Title}},
			}, nil
		},
		Events: func(int64) (<-chan kiosk.Event, func()) { return s.events, func() {} },
	}
	for _, f := range change {
		f(&c)
	}
	s.web = web.New(c)
	s.Server = httptest.NewServer(s.web.Handler())
	t.Cleanup(s.Server.Close)
	return s
}

// client keeps cookies and does not follow redirects.
func (s *site) client() *http.Client {
	return &http.Client{Jar: newJar(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
