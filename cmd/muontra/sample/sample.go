// Package sample makes the school that `muontra demo` serves: a primary school
// of 19 classes, 567 pupils and 31 adults with its holdings and a year of
// lending behind it, in the figures of a real school's plan and with nobody
// real in it.
//
// # Whose school it is
//
// Every person's family name is "Mẫu" ("sample"). Pupils are 101, 109, 122, 123
// and 112 in grades 1 to 5; the adults are 2 managers, 3 staff and 26 teachers.
// Story books that everybody knows stand under their true titles and authors,
// which are facts; the other titles follow from patterns ("Toán nâng cao lớp
// 3, tập 2"). Every edition is a sample: publisher, year, pages and price are
// made up. No title has an ISBN, because an invented one may be a real book's.
//
// # The holdings
//
// By kind and sub-kind, titles and copies:
//
//	reference     dictionary   32     76
//	              subject     380  1,176
//	              law          36     84
//	              ethics      167    435
//	              story       218  1,107
//	              hochiminh    10     33   together 843 and 2,911
//	professional  guidance     35     38
//	              pedagogy    195    376
//	              inservice    13     56
//	              (none)       13     13   together 256 and 483
//	picture                    64    320
//	              set          14     14   the picture sets of grade 1, one barcode each
//	map                        10     20
//	disc                       29     29
//	serial        newspaper     4     16   issues of the last weeks
//	              magazine     13     39
//
// which is 3,832. Beside them stand 1,919 textbooks: 51 sets with 585 books, a
// barcode each, and the rest as quantity lines. So `muontra export copies` of the
// demo has [Copies] = 4,417 rows.
//
// The plan counts 389 copies of pedagogy, 483 in all, and 256 titles of which
// it assigns only 243: thirteen titles have no sub-kind, yet the copies of the
// three sub-kinds already make up the whole. Here each of the thirteen has one
// copy, and these are taken out of pedagogy's 389.
//
// # Its year
//
// The history is anchored to today: it runs from the start of service of the
// last school year to yesterday, on open days only, and is made by the acts of
// package circulation with a clock that is moved; nothing is written into the
// loans from beside. The last [recentDays] days of lending are nearly as busy as
// a real school's, the months before are thin, so that a start stays quick: in
// November some 2,500 loans and 12,000 events, where a real year has about
// 11,000 loans. Some
// loans are overdue on purpose, some copies were lost or withdrawn, one card is
// reported lost and one was replaced. Pupils who left after grade 5 are not in it.
//
// The desk's other work is in it too: reading periods and library lessons of the
// last weeks and of the coming days, maps reserved for lessons, textbooks handed
// out to classes, and six newspapers and magazines that were subscribed to, of
// which one number did not come.
//
// Today is a day on which the demo can lend, whatever day it is:
//   - its weekday is one of service, with a slot in the timetable for every
//     grade when the school's own week has none;
//   - a closure that contains it is cut in two around it;
//   - when the year's recall is less than eight days off or past, it is put two
//     weeks from today, and the year's end moves with it.
//
// The same day gives the same barcodes, names, titles and loans; only the ids,
// which the ledger makes, differ.
package sample

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"muontra/kiosk"
)

// Name is the school's.
const Name = "Trường Tiểu học Mẫu"

// Copies is the number of copies of the sample school, lost and withdrawn ones
// included: the rows of `export copies`.
const Copies = 3832 + setBooks

// ErrNotEmpty says that the ledger already keeps somebody's school.
var ErrNotEmpty = errors.New("the ledger is not empty")

// School is what a demo offers to try. A field that finds nothing is empty.
type School struct {
	Name       string
	Cards      []Card // five pupils who may borrow each of Copies now
	Copies     []Copy // five, on their shelves
	Overdue    Card   // of a pupil who must return something first
	Teacher    Card
	Blocked    Card // reported lost
	Replaced   Card // an old card; its holder has a new one
	OnSiteOnly Copy // a dictionary: pupils read it in the library
	OnLoan     Copy // somebody else has it
}

// Card is a card to scan. Name is the full name; the kiosk shows the given one.
type Card struct{ Barcode, Name, Class string }

// Copy is a copy to scan.
type Copy struct{ Barcode, Accession, Title string }

// size says how much history is made.
type size struct {
	recent int     // days of lending that are busy
	busy   float64 // how many of the pupils come on a busy day, 1 for a real school's
	thin   float64 // and on the days before
}

// recentDays is how many of the last days of lending are busy.
const recentDays = 25

var fullSize = size{recent: recentDays, busy: 0.9, thin: 0.1}

// seed is the chance of all that is left to chance.
const seed = 20242025

// builder is a sample school under construction, inside one transaction.
type builder struct {
	tx       kiosk.Tx
	rng      *rand.Rand
	today    kiosk.Day
	loc      *time.Location
	last     term // the school year before
	this     term
	places   map[string]kiosk.ID // by code
	readers  []*reader           // pupils by class and name, then the adults
	books    []*book
	issues   []issue
	serials  []kiosk.ID // their titles
	progress func(done, total int, what string)
	done     int
	total    int
}

// Build makes the sample school in a ledger that has nothing in it but its
// first settings, else it returns ErrNotEmpty. today is the ledger's civil day
// of now. The whole school is one transaction: it is there or it is not, and a
// slow disk is waited for once. progress, which may be nil, is told how far it is.
func Build(ctx context.Context, ledger kiosk.Ledger, today kiosk.Day, now time.Time, progress func(done, total int, what string)) (School, error) {
	return build(ctx, ledger, today, now, progress, fullSize)
}

func build(ctx context.Context, ledger kiosk.Ledger, today kiosk.Day, now time.Time, progress func(done, total int, what string), sz size) (School, error) {
	if progress == nil {
		progress = func(int, int, string) {}
	}
	err := ledger.Update(ctx, func(tx kiosk.Tx) error {
		b := &builder{tx: tx, rng: rand.New(rand.NewPCG(seed, seed)), today: today, places: map[string]kiosk.ID{}, progress: progress}
		if err := b.begin(now); err != nil {
			return err
		}
		for _, step := range []func() error{b.settings, b.people, b.holdings, func() error { return b.fillSets(ctx) }, func() error { return b.history(ctx, sz) }} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return School{}, fmt.Errorf("sample school: %w", err)
	}
	return Find(ctx, ledger, now)
}

func (b *builder) begin(now time.Time) error {
	site, err := b.tx.Site()
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	if b.loc, err = site.Location(); err != nil {
		return err
	}
	if d := kiosk.DayOf(now, b.loc); d != b.today {
		return fmt.Errorf("today is %s, but now is on %s", b.today, d)
	}
	seq, err := b.tx.LastSeq()
	if err != nil {
		return fmt.Errorf("last event: %w", err)
	}
	patrons := 0
	if err := b.tx.EachMember(b.today, func(kiosk.Member) error { patrons++; return nil }); err != nil {
		return fmt.Errorf("patrons: %w", err)
	}
	if seq > 0 || patrons > 0 {
		return ErrNotEmpty
	}
	site.Name = Name
	return b.tx.PutSite(site)
}

// step tells the progress.
func (b *builder) step(n int, what string) {
	b.done += n
	b.progress(b.done, b.total, what)
}
