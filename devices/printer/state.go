package printer

import "strings"

// Kind is what a printer is doing.
type Kind string

const (
	Unknown    Kind = "unknown" // it is there, but cannot be asked or did not say
	Idle       Kind = "idle"
	Processing Kind = "processing"
	Stopped    Kind = "stopped" // it prints nothing until somebody helps
)

// State is how a printer is, at the moment of asking.
type State struct {
	Kind    Kind
	Reasons []Reason // worst first, each condition once; empty if all is well
	// AcceptingJobs: a job may be sent, even if it has to wait.
	AcceptingJobs bool
	// Queued is how many jobs wait or print (IPP), or how many labels (~HS).
	Queued  int
	Message string   // what the printer says of itself, in its own language
	Model   string   // make and model; "" if unknown
	Formats []Format // IPP: what it takes; nil if unknown
	Media   []string // IPP: the paper loaded, by PWG 5101.1 names; nil if unknown
}

// What is a condition of a printer that this package knows.
type What string

const (
	MediaEmpty  What = "media_empty" // out of paper or labels
	MediaLow    What = "media_low"
	MediaNeeded What = "media_needed" // other paper must be put in
	TrayMissing What = "tray_missing"
	OutputFull  What = "output_full" // take the printed sheets away
	Jam         What = "jam"
	DoorOpen    What = "door_open"   // a door, a cover, a label printer's head
	TonerEmpty  What = "toner_empty" // or ink, or a ribbon
	TonerLow    What = "toner_low"
	Paused      What = "paused"
	Offline     What = "offline"       // switched off, not connected, or not selected
	NoAnswer    What = "no_answer"     // it is there, but does not answer
	Connecting  What = "connecting"    // the print system is looking for it
	Overheated  What = "overheated"    // it goes on by itself when it has cooled
	SpoolFull   What = "spool_full"    // no room for more jobs
	NoDriver    What = "no_driver"     // the print system cannot make its data
	Fault       What = "printer_error" // it has an error and does not say which
	Other       What = "other"         // Text has the printer's own word
)

// Severity says how bad it is (RFC 8011, 5.4.12).
type Severity string

const (
	Report  Severity = "report"  // worth knowing
	Warning Severity = "warning" // it still prints
	Bad     Severity = "error"   // it does not print
)

// Reason is one condition of a printer or of a job.
type Reason struct {
	What     What
	Severity Severity
	Text     string // the printer's own keyword, whole; for jobs also a sentence
}

func (r Reason) String() string {
	if r.What == Other || r.What == "" {
		return r.Text
	}
	return strings.ReplaceAll(string(r.What), "_", " ")
}

// Has reports whether the state has this condition.
func (s State) Has(w What) bool {
	for _, r := range s.Reasons {
		if r.What == w {
			return true
		}
	}
	return false
}

// conditions maps the keywords of printer-state-reasons (RFC 8011, 5.4.12; those
// that CUPS and PWG 5100.9 add) without their severity. One kind of trouble has
// several keywords: what a person has to do decides which belong together.
var conditions = map[string]What{
	"media-empty": MediaEmpty, "media-low": MediaLow, "media-needed": MediaNeeded, "media-jam": Jam,
	"input-tray-missing": TrayMissing, "output-tray-missing": TrayMissing,
	"output-area-full": OutputFull, "output-area-almost-full": OutputFull,
	"door-open": DoorOpen, "cover-open": DoorOpen, "interlock-open": DoorOpen,
	"toner-empty": TonerEmpty, "marker-supply-empty": TonerEmpty,
	"toner-low": TonerLow, "marker-supply-low": TonerLow,
	"paused": Paused, "moving-to-paused": Paused,
	"offline": Offline, "shutdown": Offline, "timed-out": NoAnswer,
	"connecting-to-device": Connecting,
	"fuser-over-temp":      Overheated,
	"spool-area-full":      SpoolFull,
	"cups-missing-filter":  NoDriver, "cups-insecure-filter": NoDriver,
}

// mildConditions are no errors when they come without a severity. RFC 8011 would
// have every bare keyword be an error; printers in the field do not mean it so.
var mildConditions = map[What]Severity{
	MediaLow: Warning, TonerLow: Warning, Connecting: Report, Paused: Report,
}

// readReason takes one keyword apart; ok is false for "none" and for nothing.
func readReason(keyword string) (r Reason, ok bool) {
	keyword = strings.ToLower(strings.TrimSpace(keyword))
	r = Reason{What: Other, Text: keyword}
	name := keyword
	for _, s := range []Severity{Report, Warning, Bad} {
		if cut, found := strings.CutSuffix(keyword, "-"+string(s)); found {
			name, r.Severity = cut, s
		}
	}
	if name == "" || name == "none" {
		return Reason{}, false
	}
	if w, known := conditions[name]; known {
		r.What = w
	}
	if r.Severity == "" {
		r.Severity = Bad
		if s, mild := mildConditions[r.What]; mild {
			r.Severity = s
		}
	}
	return r, true
}

// readReasons keeps each condition once, errors before warnings before reports.
func readReasons(keywords []string) []Reason {
	var all []Reason
	for _, want := range []Severity{Bad, Warning, Report} {
		for _, k := range keywords {
			r, ok := readReason(k)
			if !ok || r.Severity != want || seen(all, r) {
				continue
			}
			all = append(all, r)
		}
	}
	return all
}

func seen(all []Reason, r Reason) bool {
	for _, have := range all {
		if have.What == r.What && (r.What != Other || have.Text == r.Text) {
			return true
		}
	}
	return false
}

// JobKind is where a job stands (RFC 8011, 5.3.7).
type JobKind string

const (
	JobUnknown    JobKind = "unknown"
	JobPending    JobKind = "pending"
	JobHeld       JobKind = "held"
	JobProcessing JobKind = "processing"
	JobStopped    JobKind = "stopped" // by the printer's trouble; it may go on
	JobCanceled   JobKind = "canceled"
	JobAborted    JobKind = "aborted"
	JobCompleted  JobKind = "completed"
)

// JobState is where a job stands, at the moment of asking.
type JobState struct {
	Kind JobKind
	// Name is the job's name at the printer. Printers count their jobs anew when
	// they are reset: compare it before believing that it is your job.
	Name    string
	Reasons []string // keywords of job-state-reasons (RFC 8011, 5.3.8), without "none"
	Message string   // the printer's own words; may be ""
	Sheets  int      // printed so far; -1 if the printer does not count
}

// Ended reports whether nothing more will happen to the job.
func (s JobState) Ended() bool {
	return s.Kind == JobCanceled || s.Kind == JobAborted || s.Kind == JobCompleted
}

// Err is nil unless the job has ended without being printed: then it is an
// *Error with [JobFailed] and the reasons.
func (s JobState) Err() error {
	if s.Kind != JobCanceled && s.Kind != JobAborted {
		return nil
	}
	e := &Error{Code: JobFailed, Op: "printing " + s.Name + ", " + string(s.Kind), Advice: advice[JobFailed]}
	for _, k := range s.Reasons {
		if r, ok := readReason(k); ok {
			e.Reasons = append(e.Reasons, r)
		}
	}
	if s.Message != "" {
		e.Reasons = append(e.Reasons, Reason{What: Other, Severity: Bad, Text: s.Message})
	}
	return e
}
