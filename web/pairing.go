package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/labels/symbol"
)

// stationWanted is the station of a search, the default one where none is named.
func (s *Server) stationWanted(name string) (string, error) {
	names := s.realStations()
	if name == "" && len(names) > 0 {
		return names[0], nil
	}
	if !slices.Contains(names, name) {
		return "", errNoStation
	}
	return name, nil
}

// chooseScanner is the page on which a scanner is found by scanning one
// picture.
func (s *Server) chooseScanner(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	station, err := s.stationWanted(r.URL.Query().Get("station"))
	if err != nil {
		return err
	}
	data, err := s.hearingData(r, station)
	if err != nil {
		return err
	}
	if data["Code"], err = barcodeOf(s.TestCode); err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "scannerchoose.html", data)
	return nil
}

// hearingData is what the search shows: what was heard, and what is plugged in.
func (s *Server) hearingData(r *http.Request, station string) (map[string]any, error) {
	offers, err := s.Scanners.Offers(r.Context())
	if err != nil {
		// What was found comes with it; a list that is cut short is better than
		// a page that is none.
		s.log.Warn("list devices", "error", err)
	}
	h := s.Scanners.Hearing()
	if h.Station != station {
		h = ScannerHearing{}
	}
	var likely, others []ScannerOffer
	var makers []string
	for _, o := range offers {
		if o.Likely >= 2 {
			likely = append(likely, o)
		} else {
			others = append(others, o)
		}
		if o.Vendor != "" && o.Likely >= 2 && !slices.Contains(makers, o.Vendor) {
			makers = append(makers, o.Vendor)
		}
	}
	return map[string]any{
		"Station": station, "H": h, "Likely": likely, "Others": others, "Makers": makers, "None": len(offers) == 0,
	}, nil
}

// scannerHeard is the part of the search that changes by itself.
func (s *Server) scannerHeard(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	station, err := s.stationWanted(r.URL.Query().Get("station"))
	if err != nil {
		return err
	}
	data, err := s.hearingData(r, station)
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "heard", data)
	return nil
}

func choosePath(station string) string {
	return scannersPath + "/choose?station=" + url.QueryEscape(station)
}

// listenForScanner begins a search, or ends it.
func (s *Server) listenForScanner(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	station, err := s.stationWanted(f.Get("station"))
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		if f.Get("do") == "stop" {
			s.Scanners.StopListening()
			return choosePath(station), nil
		}
		return choosePath(station), s.Scanners.Listen(r.Context(), station, f.Values["also"])
	}, s.refused(w, r, f, choosePath(station)))
}

// scannerTyped takes what a scanner in keyboard mode typed into the page.
func (s *Server) scannerTyped(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	var body struct {
		Station string `json:"station"`
		Text    string `json:"text"`
		Ended   bool   `json:"ended"`
		Spoilt  bool   `json:"spoilt"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if !short(body.Text, 256) {
		return errBadBody
	}
	s.Scanners.Typed(body.Text, body.Ended, body.Spoilt)
	writeJSON(w, http.StatusOK, map[string]bool{"noted": true})
	return nil
}

// putScanner gives the scanner that was found to the station.
func (s *Server) putScanner(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	station, err := s.stationWanted(f.Get("station"))
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		name, back, err := s.Scanners.Choose(r.Context(), station)
		if err != nil {
			return "", err
		}
		s.done(r, scannersPath, undoing(back), "scanners.chosen", "name", name, "station", station)
		return scannersPath, nil
	}, s.refused(w, r, f, choosePath(station)))
}

// scannerSheet is the test code on paper.
func (s *Server) scannerSheet(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	code, err := barcodeOf(s.TestCode)
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "scannersheet.html", map[string]any{"Code": code})
	return nil
}

// barcode is a Code 128 as a page draws it: bars in modules, with the white
// around them.
type barcode struct {
	Text  string
	W, H  int
	Bars  []symbol.Bar
	Quiet int
	Px    int // width on the screen: each module whole pixels
}

// barcodeHeight is how high a barcode on a page is, in modules.
const barcodeHeight = 60

func barcodeOf(text string) (barcode, error) {
	sym, err := symbol.New(symbol.Code128, text)
	if err != nil {
		return barcode{}, err
	}
	b := barcode{Text: text, W: sym.Width(), H: barcodeHeight, Quiet: sym.Quiet(), Px: 2 * sym.Width()}
	for _, bar := range sym.Bars {
		b.Bars = append(b.Bars, symbol.Bar{X: bar.X + sym.Quiet(), W: bar.W, H: barcodeHeight})
	}
	return b, nil
}

// numberIn reads a number of the query, 0 where there is none.
func numberIn(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(r.URL.Query().Get(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
