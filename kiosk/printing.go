package kiosk

import "time"

// Printer is a printer that the librarian has set up.
type Printer struct {
	ID       ID
	Name     string // unique, for people and for --printer
	Target   string // tcp://HOST:9100, /dev/usb/lp0, ipp://HOST/ipp/print
	Language string // pdf, zpl, tspl or epl
	DPI      int
	Stock    string // the label stock that usually lies in it
	// How the printer moves and stretches what is sent to it, from the
	// calibration page: millimetres to the right and down, and factors.
	OffsetX, OffsetY float64
	ScaleX, ScaleY   float64 // 1 is true to size
	Disabled         bool
}

// PrintState is the life of a print job.
type PrintState string

// The states. A job is sent once: one that was under way when the program
// ended is stopped, and a person decides from which label it goes on.
const (
	PrintWaiting  PrintState = "waiting"
	PrintSending  PrintState = "sending"
	PrintPrinting PrintState = "printing" // the printer has it all and works on it
	PrintDone     PrintState = "done"
	PrintFailed   PrintState = "failed"
	PrintStopped  PrintState = "stopped"
)

// Ended reports whether nothing more happens without a person.
func (s PrintState) Ended() bool {
	return s == PrintDone || s == PrintFailed || s == PrintStopped
}

// PrintJob is one order to a printer. What is printed is named by ids, and
// drawn when it is sent, so that a job that waits prints what is true then.
type PrintJob struct {
	ID        ID
	PrinterID ID
	Title     string // for people
	Layout    string
	Stock     string
	Skip      int  // labels of the first sheet that are used up
	From      int  // the first label to print, from 0: after a jam not all are printed again
	Subjects  []ID // copies, patrons or places, by the layout
	Total     int  // labels
	Sent      int  // labels that have gone to the printer
	State     PrintState
	Reason    string // English code of what is wrong: offline, media_empty, cut_off
	Detail    string // what the printer or system said
	Remote    string // the job's name at the printer
	CreatedAt time.Time
	ChangedAt time.Time
	CreatedBy ID
}

// PrintView reads printers and their jobs.
type PrintView interface {
	Printers() ([]Printer, error)
	PrinterByName(name string) (Printer, error)
	PrintJob(id ID) (PrintJob, error)
	// PrintJobs lists the newest first, at most limit; those that have not
	// ended only, when asked: then the oldest first, as they will be sent.
	PrintJobs(waiting bool, limit int) ([]PrintJob, error)
	// Setting is a value that a page has stored under a key, "" when there is
	// none: label settings and the school's own stocks, as JSON.
	Setting(key string) (string, error)
}

// PrintTx writes printers and their jobs.
type PrintTx interface {
	PutPrinter(p Printer) error
	PutPrintJob(j PrintJob) error
	PutSetting(key, value string) error
}
