package station

import (
	"time"

	"muontra/kiosk"
)

// Phase is what the station is doing.
type Phase string

// The phases. Offline means that the store refuses writes; a page that has
// lost its connection is the page's own matter.
const (
	Idle    Phase = "idle"
	Session Phase = "session"
	Offline Phase = "offline"
)

// Screen is a whole picture of the station as a value: what a page needs to be
// right at once. Nothing about a patron stays in it once the session has ended.
type Screen struct {
	Seq     int64             `json:"seq"` // only grows, also across restarts
	Station string            `json:"station"`
	Phase   Phase             `json:"phase"`
	Patron  *kiosk.PatronView `json:"patron"`
	Loans   []kiosk.LoanView  `json:"loans"`
	Limit   int               `json:"limit"`  // how many copies the patron may have at once, 0 outside a session
	Left    int               `json:"left"`   // how many more the patron may borrow now
	Result  *kiosk.Result     `json:"result"` // the last scan's
	EndsAt  *time.Time        `json:"ends_at"`
	Box     *Box              `json:"box,omitempty"` // the corner's box that books go into; nil when none
	OnSite  bool              `json:"on_site"`       // the next copy scanned is read here
	CanUndo bool              `json:"can_undo"`
	Service Service           `json:"service"`
	Devices []Device          `json:"devices"`
	// Counting is the stocktake in which the station counts, nil while it lends and
	// takes back.
	Counting *kiosk.CountingNow `json:"counting,omitempty"`
}

// Box is a corner's box that is being filled.
type Box struct {
	Place string `json:"place"`
	Count int    `json:"count"` // books in it
}

// Service is whom the library serves now.
type Service struct {
	Today       Today      `json:"today"`
	Open        bool       `json:"open"`
	Day         kiosk.Day  `json:"day"`
	BreakEndsAt *time.Time `json:"break_ends_at"` // the bell, while a break is on
}

// Today is the present slot of the weekly timetable.
type Today struct {
	Grades   []int `json:"grades"`
	Teachers bool  `json:"teachers"`
}

// Device is one scanner or printer of the station.
type Device struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"` // hid, serial, wedge, camera, printer, simulated
	Connected bool   `json:"connected"`
	// Why it is not connected, as the scanners' supervisor names it: "absent" is
	// pulled out or not plugged in, "starting" is not known yet, anything else
	// needs the librarian. "" while it is.
	Why string `json:"why,omitempty"`
}

// Scan is one code that arrived at the station.
type Scan struct {
	Code      string
	At        time.Time // when it was read, with the monotonic clock; zero means now
	CommandID string    // optional: the same id again is done once
	Device    string    // where it came from, for the desk
	Staff     kiosk.ID  // who of the staff does it for the patron, "" for the patron
	SignedIn  kiosk.ID  // the librarian who is signed in at the station's own page, for corners' boxes; "" for none
	Again     bool      // asked for by a touch: never a double scan
}

// Action is a touch of a button, or the same by a command barcode.
type Action struct {
	Command   kiosk.Command
	Copy      string // with renew: the copy's barcode; "" is the last copy of the session
	CommandID string
	Staff     kiosk.ID // as with a scan
}

// Admit opens the session of a patron whom the staff knows without a card.
type Admit struct {
	Patron    kiosk.ID // the reference
	Staff     kiosk.ID // compulsory
	CommandID string
}

// Override is a librarian's yes to a refused checkout or renewal in the
// present session.
type Override struct {
	Copy      string   // the copy's barcode; "" is the refused one
	Refused   int64    // the seq of the result that refused; 0 is any that the present patron got for the copy
	For       kiosk.ID // who was refused, where the sender knows: in the session of somebody else nothing is done
	Comment   string   // compulsory
	Staff     kiosk.ID // the account that allows it
	CommandID string
}
