package kiosktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"muontra/kiosk"
)

// Memory is a ledger without a file. Do not call one transaction from within
// another: it waits for itself.
type Memory struct {
	now    func() time.Time
	writer chan struct{} // holds a token while nobody writes
	mu     sync.RWMutex  // guards data
	data   data
	// dropped are rules taken out, to show that the suite misses them.
	dropped map[rule]bool
}

var _ kiosk.Ledger = (*Memory)(nil)

// rule names a rule that the tests of the suite can take out.
type rule string

const (
	oneOpenLoan    rule = "one open loan a copy"
	rollsBack      rule = "an error rolls back"
	writesWhole    rule = "a write that fails leaves nothing behind"
	oneBarcode     rule = "one space of barcodes"
	accessionStays rule = "an accession number is never used again"
	gapFree        rule = "events are numbered without gaps"
	answerOnce     rule = "a command is answered once"
	classOfYear    rule = "the class is that of the day's school year"
	afterImages    rule = "an event's changes are written"
	skipsUsed      rule = "codes in use are not handed out"
	folds          rule = "search folds marks"
	marksFirst     rule = "titles with the marks as they were typed come first"
	entriesFollow  rule = "receipts are numbered without gaps"
	registersFirst rule = "a copy not registered is not available"
)

// NewMemory is a new ledger, seeded as every ledger is at its first opening.
// The clock is the time of what it writes itself; nil is the sample clock.
func NewMemory(now func() time.Time) *Memory {
	if now == nil {
		now = NewClock().Now
	}
	m := &Memory{now: now, writer: make(chan struct{}, 1), data: newData(), dropped: map[rule]bool{}}
	m.writer <- struct{}{}
	err := m.Update(context.Background(), func(tx kiosk.Tx) error { return kiosk.Seed(tx, now()) })
	if err != nil {
		panic("seed of an empty ledger in memory: " + err.Error())
	}
	return m
}

// View runs fn on the present state; writers wait for it.
func (m *Memory) View(ctx context.Context, fn func(kiosk.View) error) error {
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return fn(&view{m: m, d: &m.data, ctx: ctx})
}

// Update runs fn alone. What it did is undone, last first, when it fails.
func (m *Memory) Update(ctx context.Context, fn func(kiosk.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	select {
	case <-m.writer:
	case <-ctx.Done():
		return ended(ctx.Err())
	}
	defer func() { m.writer <- struct{}{} }()
	m.mu.Lock()
	defer m.mu.Unlock()
	t := &tx{view: view{m: m, d: &m.data, ctx: ctx}}
	done := false
	defer func() {
		if !done && !m.dropped[rollsBack] {
			t.undo()
		}
	}()
	if err := fn(t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	done = true
	return nil
}

// Act is Update: memory has no commit to wait for. It runs every fn twice, the
// first time for nothing, as another ledger may have to (see kiosk.Ledger), so
// that each test of an act tries whether it can bear it.
func (m *Memory) Act(ctx context.Context, fn func(kiosk.Tx) error) error {
	return m.Update(ctx, func(t kiosk.Tx) error {
		if !m.dropped[rollsBack] {
			fn(t)
			t.(*tx).undo()
		}
		return fn(t)
	})
}

// ended tells a caller who ran out of time that the ledger was busy.
func ended(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w (%w)", kiosk.ErrBusy, err)
	}
	return err
}

// table keeps rows by their ID and in the order they were first put.
type table[V any] struct {
	rows  map[kiosk.ID]V
	order []kiosk.ID
}

func newTable[V any]() table[V] { return table[V]{rows: map[kiosk.ID]V{}} }

func (t *table[V]) put(tx *tx, id kiosk.ID, v V) {
	old, had := t.rows[id]
	t.rows[id] = v
	if had {
		tx.onUndo(func() { t.rows[id] = old })
		return
	}
	t.order = append(t.order, id)
	tx.onUndo(func() {
		delete(t.rows, id)
		t.order = t.order[:len(t.order)-1]
	})
}

// drop takes a row out.
func (t *table[V]) drop(tx *tx, id kiosk.ID) {
	old, had := t.rows[id]
	if !had {
		return
	}
	order := slices.Clone(t.order)
	delete(t.rows, id)
	t.order = slices.DeleteFunc(t.order, func(x kiosk.ID) bool { return x == id })
	tx.onUndo(func() { t.rows[id], t.order = old, order })
}

// get is the row, or kiosk.ErrNotFound with what was looked for.
func (t *table[V]) get(what string, id kiosk.ID) (V, error) {
	v, ok := t.rows[id]
	if !ok {
		return v, missing(what, id)
	}
	return v, nil
}

// need reports a reference to a row that is not there; the empty reference is
// to nothing.
func (t *table[V]) need(what string, id kiosk.ID) error {
	if id == "" {
		return nil
	}
	_, err := t.get(what, id)
	return err
}

func (t *table[V]) all() []V {
	vs := make([]V, len(t.order))
	for i, id := range t.order {
		vs[i] = t.rows[id]
	}
	return vs
}

// setKey and dropKey change a map so that it can be undone.
func setKey[K comparable, V any](tx *tx, m map[K]V, k K, v V) {
	old, had := m[k]
	m[k] = v
	tx.onUndo(func() {
		if had {
			m[k] = old
		} else {
			delete(m, k)
		}
	})
}

func dropKey[K comparable, V any](tx *tx, m map[K]V, k K) {
	if old, had := m[k]; had {
		delete(m, k)
		tx.onUndo(func() { m[k] = old })
	}
}

// set changes one value so that it can be undone.
func set[V any](tx *tx, to *V, v V) {
	old := *to
	*to = v
	tx.onUndo(func() { *to = old })
}

func missing[K any](what string, id K) error {
	return fmt.Errorf("%s %v: %w", what, id, kiosk.ErrNotFound)
}

func conflict(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, kiosk.ErrConflict)...)
}

type accession struct {
	prefix string
	n      int
	copyID kiosk.ID // "" between handing out and PutCopy
}

type answerKey struct{ station, commandID string }

// data is all that is known.
type data struct {
	ids       int64 // handed out so far
	site      kiosk.Site
	years     table[kiosk.SchoolYear]
	policies  kiosk.Policies
	calendars map[kiosk.ID]kiosk.Calendar
	timetable kiosk.Timetable
	stations  table[kiosk.Station]
	devices   map[string]kiosk.StationDevice
	places    table[kiosk.Place]
	accounts  table[kiosk.Account]
	signIns   map[string]kiosk.SignIn // by hash
	browsers  table[kiosk.Browser]
	guesses   map[string]kiosk.Guesses
	paired    table[kiosk.PairedStation]
	wishes    table[kiosk.Wish]
	unmet     map[string]kiosk.UnmetSearch // by the folded text

	patrons       table[kiosk.Patron]
	refs          map[kiosk.ID]kiosk.ID // to the patron; to "" when it was cut
	spans         map[kiosk.ID]refSpan  // by reference
	notes         table[kiosk.PatronNote]
	promotions    table[kiosk.Promotion]
	recalls       table[kiosk.Recall]
	compensations table[kiosk.Compensation]
	cards         table[kiosk.Card]
	classes       table[kiosk.Class]
	enrolments    table[kiosk.Enrolment]

	titles     table[kiosk.Title]
	copies     table[kiosk.Copy]
	sets       table[kiosk.BookSet]
	lines      table[kiosk.TextbookLine]
	subscribed table[kiosk.Subscription]
	issues     table[kiosk.Issue]
	handouts   table[kiosk.Handout]
	lessons    table[kiosk.Lesson]
	barcodes   map[string]kiosk.ID // to the owner
	serials    map[kiosk.Series]int
	accessions map[string]accession
	greatest   map[string]int // accession number by prefix

	states   map[kiosk.ID]kiosk.CopyState
	loans    table[kiosk.Loan]
	openLoan map[kiosk.ID]kiosk.ID // by copy
	holds    table[kiosk.Hold]
	events   []event
	answers  map[answerKey]kiosk.Answered

	receipts     table[kiosk.Receipt]
	receiptLines table[kiosk.ReceiptLine]
	processing   table[kiosk.Processing] // by copy
	printers     table[kiosk.Printer]
	printJobs    table[kiosk.PrintJob]
	settings     map[string]string
	corners      cornerTables
	records      kiosk.RecordProjection
}

// event is one as it is kept: its payload as JSON, as a file would keep it.
type event struct {
	kiosk.Event
	payload []byte
}

func newData() data {
	return data{
		years: newTable[kiosk.SchoolYear](), calendars: map[kiosk.ID]kiosk.Calendar{},
		stations: newTable[kiosk.Station](), devices: map[string]kiosk.StationDevice{},
		places: newTable[kiosk.Place](), accounts: newTable[kiosk.Account](),
		signIns: map[string]kiosk.SignIn{}, browsers: newTable[kiosk.Browser](), guesses: map[string]kiosk.Guesses{}, paired: newTable[kiosk.PairedStation](), wishes: newTable[kiosk.Wish](), unmet: map[string]kiosk.UnmetSearch{},
		patrons: newTable[kiosk.Patron](), refs: map[kiosk.ID]kiosk.ID{}, spans: map[kiosk.ID]refSpan{}, notes: newTable[kiosk.PatronNote](), promotions: newTable[kiosk.Promotion](), recalls: newTable[kiosk.Recall](), compensations: newTable[kiosk.Compensation](), cards: newTable[kiosk.Card](),
		classes: newTable[kiosk.Class](), enrolments: newTable[kiosk.Enrolment](),
		titles: newTable[kiosk.Title](), copies: newTable[kiosk.Copy](), sets: newTable[kiosk.BookSet](), lines: newTable[kiosk.TextbookLine](),
		subscribed: newTable[kiosk.Subscription](), issues: newTable[kiosk.Issue](), handouts: newTable[kiosk.Handout](), lessons: newTable[kiosk.Lesson](),
		barcodes: map[string]kiosk.ID{}, serials: map[kiosk.Series]int{}, accessions: map[string]accession{}, greatest: map[string]int{},
		states: map[kiosk.ID]kiosk.CopyState{}, loans: newTable[kiosk.Loan](), openLoan: map[kiosk.ID]kiosk.ID{}, holds: newTable[kiosk.Hold](),
		answers:  map[answerKey]kiosk.Answered{},
		receipts: newTable[kiosk.Receipt](), receiptLines: newTable[kiosk.ReceiptLine](), processing: newTable[kiosk.Processing](),
		printers: newTable[kiosk.Printer](), printJobs: newTable[kiosk.PrintJob](), settings: map[string]string{}, corners: newCornerTables(),
		records: kiosk.NewRecordProjection(),
	}
}
