package web

import (
	"context"
	"embed"
	"image"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/labels/queue"
	"muontra/web/words"
)

// Station is what the pages need of a kiosk station.
type Station interface {
	Scan(context.Context, station.Scan) (kiosk.Result, error)
	Do(context.Context, station.Action) (kiosk.Result, error)
	Override(context.Context, station.Override) (kiosk.Result, error)
	Screen() station.Screen
}

// Acquisitions are the acts of taking in new stock.
type Acquisitions interface {
	OpenReceipt(context.Context, kiosk.Attempt, kiosk.Receipt) (kiosk.Receipt, error)
	ChangeReceipt(ctx context.Context, a kiosk.Attempt, r kiosk.Receipt, check func(now kiosk.Receipt) error) (kiosk.Receipt, error)
	CloseReceipt(context.Context, kiosk.Attempt, kiosk.ID) (kiosk.Receipt, error)
	ReopenReceipt(context.Context, kiosk.Attempt, kiosk.ID) (kiosk.Receipt, error)
	AddLine(context.Context, kiosk.Attempt, kiosk.ReceiptLine, kiosk.Title) (kiosk.LineCopies, error)
	ChangeLine(context.Context, kiosk.Attempt, kiosk.ReceiptLine, func(now kiosk.ReceiptLine) error) (kiosk.LineCopies, error)
	RemoveLine(context.Context, kiosk.Attempt, kiosk.ID) (kiosk.ReceiptLine, error)
	Tick(context.Context, kiosk.Attempt, kiosk.Step, []kiosk.ID) (kiosk.Ticked, error)
	Untick(context.Context, kiosk.Attempt, kiosk.Step, []kiosk.ID) (kiosk.Ticked, error)
	ShelveByScan(context.Context, kiosk.Attempt, string) (kiosk.Shelved, error)
}

// Printing is the print queue.
type Printing interface {
	Add(context.Context, kiosk.PrintJob) (kiosk.PrintJob, error)
	Stop(context.Context, kiosk.ID) error
	Cancel(context.Context, kiosk.ID) error
	Retry(context.Context, kiosk.ID) error
	Continue(ctx context.Context, job kiosk.ID, from, skip int) error
	Disable(ctx context.Context, printer kiosk.ID) error
	States() map[kiosk.ID]queue.PrinterState
	Watch() (stop func())
}

// Samples are what the practice page offers to click for people without a
// scanner.
type Samples struct {
	Cards  []SampleCard
	Copies []SampleCopy
}

// SampleCard is a card to try.
type SampleCard struct{ Barcode, Name, Class string }

// SampleCopy is a copy to try.
type SampleCopy struct{ Barcode, Accession, Title string }

// Config is what a Server is made of. Ledger, Station and Stations are
// compulsory.
type Config struct {
	Ledger   kiosk.Ledger
	Station  func(name string) (Station, bool)
	Stations func() []string // names, the default station first
	Hub      *Hub
	Lang     words.Lang // "" is Vietnamese
	// Hosts are the names, without port, that the daemon is called by beyond
	// localhost and the addresses it listens on.
	Hosts []string
	// Network is how other machines reach the daemon; nil when they do not.
	Network  Network
	Practice string // the practice station's name, "" for none
	Samples  func(context.Context) (Samples, error)
	// Events gives the committed events after a number, then each new one; the
	// second value ends it.
	Events func(after int64) (<-chan kiosk.Event, func())
	// People are the acts on patrons and school years; nil leaves their pages out.
	People People
	// Corners are the acts on corners and their boxes; nil leaves their pages out.
	Corners CornerKeeping
	// Lending are the acts of the staff on loans; nil leaves their pages out.
	Lending Lending
	// Stocktaking and Withdrawing are the acts on the stock as a whole; nil leaves
	// their pages out.
	Stocktaking Stocktaking
	Withdrawing Withdrawing
	// Yearly are the acts on the plan and the year's activities; nil leaves their
	// pages and the targets out.
	Yearly Yearly
	// Photos keeps the patrons' pictures; nil takes none.
	Photos Photos
	// Acquisitions are the acts of new stock; nil leaves their pages out.
	Acquisitions Acquisitions
	// Settings are the acts of the settings pages; nil leaves them out.
	Settings Settings
	// Desk are the acts that the live desk does beside a kiosk; nil leaves them
	// out.
	Desk DeskActs
	// Counter is the station of a librarian's own desk, with no screen but her
	// page; nil leaves the page out.
	Counter func(account kiosk.ID) Counter
	// Backups keep copies of the ledger; nil leaves their page out.
	Backups Backups
	// Clocks take the librarian's word on the PC's clock; nil leaves that out.
	Clocks Clocks
	// SelfCheck is what the program found in its own database; nil tells nothing.
	SelfCheck func() SelfCheck
	// Accounts are the acts on accounts; nil leaves their pages and the set-up
	// out.
	Accounts Accounts
	// Cataloguing are the acts on titles and copies; nil leaves their pages out.
	Cataloguing Cataloguing
	// CornerActs are the acts of class corners that phones send; nil takes none.
	CornerActs CornerActs
	// Wishes are the acts on readers' wishes; nil leaves the suggestion box out.
	Wishes Wishes
	// Photo finds a patron's picture for cards; nil prints none.
	Photo func(kiosk.Member) (image.Image, error)
	// Scanners are the stations' scanners; nil leaves their pages out. TestCode
	// is the barcode by which a scanner is found.
	Scanners Scanners
	TestCode string
	// Pictures reads the barcodes in pictures; nil leaves the camera out.
	Pictures PictureReader
	// Printing is the print queue; nil leaves the pages of printers out.
	Printing Printing
	// Target checks a printer's address and writes it in full.
	Target  func(string) (string, error)
	Probe   func(context.Context) error // a harmless write for /healthz; nil puts a station again
	Now     func() time.Time
	Logger  *slog.Logger
	Version string
	// Scratch is the folder for files that were made for a reader until they are
	// fetched; "" is the system's.
	Scratch string
}

//go:embed templates static
var files embed.FS

// Server answers every request of the daemon.
type Server struct {
	Config
	log        *slog.Logger
	static     *staticFiles
	sessions   *sessions
	guessing   *guessing
	pairings   *pairings
	metrics    *metrics
	once       *once
	wishLimits *wishLimits
	unmet      unmet
	memory     *memory
	shelf      *shelfList
	counts     *countList
	newList    yearList
	previews   previews
	drawing    chan struct{}
	receiving  chan struct{} // a place for each picture that is taken in
	watch      watch
	health     *health
	handler    http.Handler
	tasks      *tasks
	plans      *plans
	closing    atomic.Pointer[chan struct{}]
}

// New makes a Server.
func New(c Config) *Server {
	if c.Hub == nil {
		c.Hub = NewHub()
	}
	if c.Lang == "" {
		c.Lang = words.VI
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Stations == nil {
		c.Stations = func() []string { return []string{kiosk.DefaultStation} }
	}
	s := &Server{Config: c, log: c.Logger}
	pages[words.VI]() // now, not under the first request
	s.static = newStaticFiles()
	s.pairings = newPairings(c.Ledger, c.Now)
	s.sessions = &sessions{ledger: c.Ledger, now: c.Now, log: c.Logger}
	s.guessing = newGuessing(c.Ledger, c.Now)
	s.wishLimits = newWishLimits()
	s.once, s.memory, s.shelf = newOnce(c.Now), newMemory(), newShelfList()
	s.counts = newCountList()
	s.plans = &plans{}
	s.tasks = &tasks{
		closing: func() <-chan struct{} { return *s.closing.Load() },
		fault: func(title string, err error) {
			if _, known := explained(words.EN, err); !known {
				s.log.Error("task failed", "task", title, "error", err)
			}
		},
	}
	s.drawing, s.receiving = make(chan struct{}, mostDrawn), make(chan struct{}, mostReceived)
	s.metrics = newMetrics(c.Version, c.Hub.Pages)
	s.health = &health{probe: c.Probe, now: c.Now}
	if s.health.probe == nil {
		s.health.probe = s.putStationAgain
	}
	s.handler = s.guard(s.router())
	s.reopen()
	s.sweepMade()
	return s
}

// Close ends the open websockets and lets go of the files that were made for readers. http.Server's Shutdown neither waits for them
// nor ends them, so the daemon calls this beside it; pages come back by
// themselves when it is up again.
func (s *Server) Close() {
	ch := make(chan struct{})
	close(*s.closing.Swap(&ch))
	s.tasks.dropAll()
}

func (s *Server) reopen() {
	ch := make(chan struct{})
	s.closing.Store(&ch)
}

// Handler answers the requests.
func (s *Server) Handler() http.Handler { return s.handler }

// HTTPServer is an http.Server for the handler with limits: Go's own has no
// time limit at all, and one slow client could hold it for ever. Writes have no
// deadline here because websockets live long; each sets its own.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}
