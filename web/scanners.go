package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// Scanners are the scanners of the stations: which belongs where, how they are,
// and the search for a new one.
type Scanners interface {
	// Chosen lists them by station and name, those that type into a page too.
	Chosen(context.Context) ([]Scanner, error)
	// Scans gives the last scans after a number, oldest first.
	Scans(after int64) []ScannerScan
	// Offers lists what is plugged in and may be a scanner, the likeliest first.
	Offers(context.Context) ([]ScannerOffer, error)
	// Listen listens for the test code for a while: to all that may be opened
	// without a question, and to the keys of also.
	Listen(ctx context.Context, station string, also []string) error
	StopListening()
	// Hearing says how the listening goes.
	Hearing() ScannerHearing
	// Typed takes what a scanner typed into the page of the search; spoilt says
	// that an input method changed it.
	Typed(text string, ended, spoilt bool)
	// Choose gives the scanner that was found to a station; back takes it back.
	Choose(ctx context.Context, station string) (name string, back func(context.Context) error, err error)
	Move(ctx context.Context, key, station string) (name string, back func(context.Context) error, err error)
	Forget(ctx context.Context, key string) (name string, back func(context.Context) error, err error)
	// AddStation makes a station, which works at once; back takes it away again,
	// or is kiosk.ErrNotUndoable once anything was done at it. It is nil for one that
	// was there.
	AddStation(ctx context.Context, name string) (back func(context.Context) error, err error)
	// Spoilt notes that the kiosk page of a station saw an input method change a
	// scan.
	Spoilt(station, typed string)
}

// The refusals of Scanners.
var (
	ErrScannerFixed  = errors.New("the scanner was given on the command line")
	ErrNothingHeard  = errors.New("no scanner has sent the test code yet")
	ErrNoSuchScanner = errors.New("no such scanner")
)

// Scanner is a scanner and how it is.
type Scanner struct {
	Key       string    `json:"key"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"` // hid, serial, wedge
	Station   string    `json:"station"`
	Connected bool      `json:"connected"`
	Why       string    `json:"why,omitempty"`
	Hint      string    `json:"hint,omitempty"`
	Fixed     bool      `json:"fixed"` // given on the command line
	Setting   string    `json:"setting,omitempty"`
	Scans     int       `json:"scans"`
	Dropped   int       `json:"dropped"`
	Discarded int       `json:"discarded"`
	Doubled   int       `json:"doubled"`
	Malformed int       `json:"malformed"`
	Unknown   int       `json:"unknown"`
	Spoilt    int       `json:"spoilt"`
	LastAt    time.Time `json:"last_at,omitzero"`
	LastClock string    `json:"-"` // LastAt as people read it
	LastText  string    `json:"last_text,omitempty"`
	LastHex   string    `json:"last_hex,omitempty"` // its bytes
	Cause     string    `json:"cause,omitempty"`    // what is most likely wrong
	Advice    string    `json:"advice,omitempty"`   // the same in a sentence
}

// Garbled counts what was read and was no code.
func (s Scanner) Garbled() int { return s.Discarded + s.Malformed + s.Spoilt }

// ScannerScan is one scan that came in.
type ScannerScan struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Device  string    `json:"device"`
	Station string    `json:"station"`
	Text    string    `json:"text"`
	Hex     string    `json:"hex"`
	AIM     string    `json:"aim,omitempty"`
}

// ScannerOffer is a device that may be a scanner.
type ScannerOffer struct {
	Key, Name, Vendor, Path string
	Recognised              string // HID-POS, keyboard, USB serial, ...
	Likely                  int    // 3 surely a scanner ... 0 none
	Care                    string // "", ask, never, chosen
	Why, Hint               string
}

// ScannerHearing is what a search has heard; a value.
type ScannerHearing struct {
	Running bool
	Station string
	Left    int    // seconds
	What    string // "", test, other, garbled, noise, typed, spoilt, own
	Name    string
	Key     string
	Text    string
	Hex     string
	Baud    int
	Next    int    // the speed it is tried at now
	At      string // of own: its station
	Fixed   bool   // of own: given on the command line
	Open    int    // how many devices are listened to
	Learned ScannerLearned
}

// ScannerLearned is what the test code has told.
type ScannerLearned struct {
	Prefix, Suffix, End, Layout, Case string
	AIM, SwapCase                     bool
}

// scannerRoutes are the scanners and their stations.
func (s *Server) scannerRoutes() []route {
	return []route{
		{"GET", "/desk/scanners", librarian, s.scanners},
		{"GET", "/desk/scanners/live", librarian, s.scannersLive},
		{"POST", "/desk/scanners/do", librarian, s.scannerButton},
		{"POST", "/desk/scanners/stations", librarian, s.addStation},
		{"GET", "/desk/scanners/choose", librarian, s.chooseScanner},
		{"GET", "/desk/scanners/heard", librarian, s.scannerHeard},
		{"POST", "/desk/scanners/listen", librarian, s.listenForScanner},
		{"POST", "/desk/scanners/typed", librarian, s.scannerTyped},
		{"POST", "/desk/scanners/choose", librarian, s.putScanner},
		{"GET", "/desk/scanners/sheet", librarian, s.scannerSheet},
		{"GET", "/api/v1/devices", atStation, s.apiScanners},
		{"POST", "/api/v1/stations/{station}/spoilt", ownStation, s.apiSpoilt},
	}
}

const scannersPath = "/desk/scanners"

// stationScanners is a station with its scanners.
type stationScanners struct {
	Name     string
	Scanners []Scanner
}

// scannersData is what the page of the scanners and its live part show.
func (s *Server) scannersData(r *http.Request) (map[string]any, error) {
	if s.Scanners == nil {
		return nil, errNotFound
	}
	all, err := s.chosenScanners(r)
	if err != nil {
		return nil, err
	}
	names := s.realStations()
	list := make([]stationScanners, 0, len(names))
	for _, n := range names {
		st := stationScanners{Name: n}
		for _, sc := range all {
			if sc.Station == n {
				st.Scanners = append(st.Scanners, sc)
			}
		}
		list = append(list, st)
	}
	return map[string]any{"Stations": list, "Names": names}, nil
}

// realStations are the stations without the sandbox.
func (s *Server) realStations() []string {
	return slices.DeleteFunc(slices.Clone(s.Stations()), s.sandbox)
}

// chosenScanners puts the diagnoses into words.
func (s *Server) chosenScanners(r *http.Request) ([]Scanner, error) {
	all, err := s.Scanners.Chosen(r.Context())
	if err != nil {
		return nil, err
	}
	var zone *time.Location
	err = s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		zone, err = kiosk.LocationOf(v)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].LastClock = all[i].LastAt.In(zone).Format(time.TimeOnly)
		if c := all[i].Cause; c != "" {
			all[i].Advice = words.T(s.lang(r), "doctor."+c)
		}
	}
	return all, nil
}

// scanners lists the stations with their scanners, how each is, and what to do
// about it.
func (s *Server) scanners(w http.ResponseWriter, r *http.Request) error {
	return s.scannersPage(w, r, http.StatusOK, newForm())
}

func (s *Server) scannersPage(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	data, err := s.scannersData(r)
	if err != nil {
		return err
	}
	data["F"] = f
	s.deskPage(w, r, status, "scanners.html", data)
	return nil
}

// scannersLive is the part of the page that changes by itself.
func (s *Server) scannersLive(w http.ResponseWriter, r *http.Request) error {
	data, err := s.scannersData(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "scannerlist", data)
	return nil
}

// scannerButton moves a scanner to another station, or forgets it.
func (s *Server) scannerButton(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		var name, said string
		var back func(context.Context) error
		var err error
		to := f.Get("station")
		switch f.Get("do") {
		case "move":
			if !slices.Contains(s.realStations(), to) {
				return "", errBadBody
			}
			name, back, err = s.Scanners.Move(r.Context(), f.Get("key"), to)
			said = "scanners.moved"
		case "forget":
			name, back, err = s.Scanners.Forget(r.Context(), f.Get("key"))
			said = "scanners.forgotten"
		default:
			return "", errBadBody
		}
		if err != nil {
			return "", err
		}
		s.done(r, scannersPath, undoing(back), said, "name", name, "station", to)
		return scannersPath, nil
	}, s.refused(w, r, f, scannersPath))
}

func undoing(back func(context.Context) error) func(context.Context, kiosk.Attempt) error {
	return func(ctx context.Context, _ kiosk.Attempt) error { return back(ctx) }
}

// addStation makes a station. A place with a screen needs no restart.
func (s *Server) addStation(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	name := strings.ToLower(f.Get("name"))
	switch {
	case name == "":
		f.Wrong["name"] = "missing"
	case kiosk.CheckStationName(name) != nil:
		f.Wrong["name"] = "station_name"
	case slices.Contains(s.Stations(), name):
		f.Wrong["name"] = "taken"
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		back, err := s.Scanners.AddStation(r.Context(), name)
		if err != nil {
			if errors.Is(err, kiosk.ErrConflict) {
				f.Wrong["name"] = "taken"
				return "", errForm
			}
			return "", err
		}
		last := &said{page: scannersPath, key: "scanners.station_added", pairs: []any{"station", name}}
		if back != nil {
			last.back = undoing(back)
		}
		s.memory.put(callerOf(r).account, last)
		return scannersPath, nil
	}, func(status int) error { return s.scannersPage(w, r, status, f) })
}

// apiScanners is the same for programs: the scanners, and the last scans after a
// number, for support.
func (s *Server) apiScanners(w http.ResponseWriter, r *http.Request) error {
	if s.Scanners == nil {
		return errNotFound
	}
	// What was scanned last is cards too, which are nothing for a pupil who helps.
	if c := callerOf(r); !c.loopback && !c.is(kiosk.Librarian) {
		return errForbidden
	}
	all, err := s.chosenScanners(r)
	if err != nil {
		return err
	}
	if all == nil {
		all = []Scanner{}
	}
	scans := s.Scanners.Scans(numberIn(r, "after"))
	if scans == nil {
		scans = []ScannerScan{}
	}
	writeJSON(w, http.StatusOK, map[string]any{"devices": all, "scans": scans})
	return nil
}

// apiSpoilt is a kiosk page that saw an input method at work.
func (s *Server) apiSpoilt(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.stationOf(r); err != nil {
		return err
	}
	var body struct {
		Typed string `json:"typed"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if !short(body.Typed, 256) {
		return errBadBody
	}
	if s.Scanners != nil {
		s.Scanners.Spoilt(r.PathValue("station"), body.Typed)
	}
	writeJSON(w, http.StatusOK, map[string]bool{"noted": true})
	return nil
}
