package kiosktest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"muontra/kiosk"
)

// TestLedger tests that a ledger does what its interface promises. open gives a
// new ledger for each part, seeded as at its first opening, and closes it when
// the test ends.
func TestLedger(t *testing.T, open func(t *testing.T) kiosk.Ledger) {
	for _, c := range suite {
		t.Run(c.name, func(t *testing.T) { c.test(&try{tb: t, l: open(t)}) })
	}
}

// suite is every part, by subject: suite_*.go.
var suite = []struct {
	name string
	test func(*try)
}{
	{"a new ledger is seeded", seeded},
	{"settings come back", settingsComeBack},
	{"settings are those of the day", settingsOfTheDay},
	{"settings are checked", settingsChecked},
	{"stations and devices", stations},
	{"places and accounts", placesAndAccounts},
	{"accounts come back", accountsComeBack},
	{"sign-ins are kept", signInsKept},
	{"enrolled browsers", browsersKept},
	{"guesses are counted", guessesCounted},
	{"paired stations", pairedStations},
	{"wishes", wishes},
	{"searches that found nothing", unmetSearches},
	{"serials come back", serialsComeBack},
	{"handouts come back", handoutsComeBack},
	{"lessons come back", lessonsComeBack},
	{"an account's events", accountEvents},
	{"an error rolls back", errorRollsBack},
	{"a panic rolls back", panicRollsBack},
	{"a write that fails leaves nothing behind", failedWrite},
	{"an ended context", endedContext},
	{"a busy writer", busyWriter},
	{"acts at one moment", actsTogether},
	{"patrons come back", patronsComeBack},
	{"a lost card still names its holder", lostCard},
	{"the newest active card", newestActiveCard},
	{"the class is that of the day's year", classByYear},
	{"members by class and name", membersInOrder},
	{"patrons are checked", patronsChecked},
	{"cards of a patron", cardsOfPatron},
	{"an enrolment taken back counts no more", enrolmentsWithdrawn},
	{"notes of a patron", notesOfPatron},
	{"references are renewed and cut", refsRenewed},
	{"a patron is forgotten", patronForgotten},
	{"beginnings of years come back", promotionsComeBack},
	{"titles come back", titlesComeBack},
	{"copies come back", copiesComeBack},
	{"copies in order", copiesInOrder},
	{"copies are checked", copiesChecked},
	{"one space of barcodes", oneSpace},
	{"accession numbers are never used again", accessions},
	{"barcodes are handed out once", barcodes},
	{"events are numbered and kept", eventsKept},
	{"after-images are written", imagesWritten},
	{"instants keep milliseconds", milliseconds},
	{"one open loan a copy", oneLoan},
	{"one event moves a loan", movedLoan},
	{"events are checked", eventsChecked},
	{"loans in order", loansInOrder},
	{"replay equals what is stored", replayEquals},
	{"numbers without gaps under concurrency", concurrent},
	{"one winner for one copy", oneWinner},
	{"holds in the queue's order", holdQueue},
	{"answers", answers},
	{"search finds words without marks", searchWords},
	{"search ranks and pages", searchRanks},
	{"search shows what can be had", searchShows},
	{"search takes any text", searchAnyText},
	{"search puts the marks that were typed first", searchMarks},
	{"search forgives slips of the finger", searchSlips},
	{"search narrows and counts", searchFacets},
	{"titles in full come back", fullTitles},
	{"a merged title is a pointer", mergedTitle},
	{"what was made by mistake is unmade", unmade},
	{"titles alike", titlesAlike},
	{"copies that need work", copiesWhere},
	{"copies a page at a time", copiesByPage},
	{"titles a page at a time", titlesByPage},
	{"open loans a page at a time", openLoansByPage},
	{"a record's history", recordHistory},
	{"sets and quantity lines come back", setsComeBack},
	{"receipts come back", receiptsComeBack},
	{"receipts are numbered without gaps", receiptsNumbered},
	{"receipts are checked", receiptsChecked},
	{"copies of receipts in order", processingInOrder},
	{"what waits, the longest first", waitingInOrder},
	{"nothing is available before it is registered", registeredFirst},
	{"printers come back", printersComeBack},
	{"print jobs come back", printJobsComeBack},
	{"settings of pages", pageSettings},
	{"figures of the house", houseFigures},
	{"loans and returns of a time", loansOfATime},
	{"visits of a time", visitsOfATime},
	{"moves of the stock", stockMoves},
	{"events of the paperwork", paperEvents},
	{"closed lines come back", closingsComeBack},
	{"open loans of all", openLoansOfAll},
	{"open holds", openHolds},
	{"copies left aside", leftAsideTold},
	{"recalls come back", recallsComeBack},
	{"compensations come back", compensationsComeBack},
	{"corners come back", cornersComeBack},
	{"corners are checked", cornersChecked},
	{"loans of corners", cornerLoans},
	{"stocktakes, withdrawals and activities come back", recordsComeBack},
	{"surveys and proposals come back", surveysComeBack},
	{"books of other libraries come back", interloansComeBack},
	{"first deeds", firstDeeds},
	{"the sample school", sampleSchool},
}

// reporter is what the suite needs of a test, so that a test of the suite can
// watch it fail.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// try is one part's ledger and its test.
type try struct {
	tb reporter
	l  kiosk.Ledger
}

func (t *try) update(fn func(kiosk.Tx) error) {
	t.tb.Helper()
	if err := t.l.Update(context.Background(), fn); err != nil {
		t.tb.Fatalf("update: %v", err)
	}
}

func (t *try) view(fn func(kiosk.View) error) {
	t.tb.Helper()
	if err := t.l.View(context.Background(), fn); err != nil {
		t.tb.Fatalf("view: %v", err)
	}
}

// fails runs fn in an update that must end with want; nil stands for any error
// but the ledger's own.
func (t *try) fails(what string, want error, fn func(kiosk.Tx) error) {
	t.tb.Helper()
	err := t.l.Update(context.Background(), fn)
	switch {
	case err == nil:
		t.tb.Errorf("%s: no error, want %v", what, want)
	case want != nil && !errors.Is(err, want):
		t.tb.Errorf("%s: %v, want %v", what, err, want)
	case want == nil && (errors.Is(err, kiosk.ErrConflict) || errors.Is(err, kiosk.ErrNotFound) || errors.Is(err, kiosk.ErrBusy)):
		t.tb.Errorf("%s: %v, want another error", what, err)
	}
}

// equal compares two values in full.
func equal[V any](t *try, what string, got, want V) {
	t.tb.Helper()
	if !reflect.DeepEqual(got, want) {
		t.tb.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// notFound fails unless err is kiosk.ErrNotFound.
func (t *try) notFound(what string, err error) {
	t.tb.Helper()
	if !errors.Is(err, kiosk.ErrNotFound) {
		t.tb.Errorf("%s: %v, want %v", what, err, kiosk.ErrNotFound)
	}
}

// stock is a patron and a title with copies, for parts that need some.
type stock struct {
	patron, other kiosk.Patron
	card          kiosk.Card
	title         kiosk.Title
	copies        []kiosk.Copy
	place         kiosk.Place
}

// stocked puts two patrons, and a title with n registered copies.
func (t *try) stocked(n int) (s stock) {
	t.tb.Helper()
	t.update(func(tx kiosk.Tx) error {
		for _, p := range []*kiosk.Patron{&s.patron, &s.other} {
			*p = kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Category: kiosk.Pupil, Name: "Học Sinh Mẫu", Status: kiosk.PatronActive, CreatedAt: Start}
			if err := tx.PutPatron(*p); err != nil {
				return err
			}
		}
		s.card = kiosk.Card{ID: tx.NewID(), PatronID: s.patron.ID, Barcode: "THE-1", Status: kiosk.CardActive, IssuedAt: Start}
		if err := tx.PutCard(s.card); err != nil {
			return err
		}
		places, err := tx.Places()
		if err != nil {
			return err
		}
		s.place = places[0]
		s.title = kiosk.Title{ID: tx.NewID(), Title: "Dế Mèn phiêu lưu ký", Authors: []string{"Tô Hoài"}, Language: "vi"}
		if err := tx.PutTitle(s.title); err != nil {
			return err
		}
		for range n {
			c, err := addCopy(tx, s.title.ID, kiosk.Children, s.place.ID)
			if err != nil {
				return err
			}
			s.copies = append(s.copies, c)
		}
		return nil
	})
	return s
}

// addCopy registers a copy of a title under the next numbers.
func addCopy(tx kiosk.Tx, title kiosk.ID, kind kiosk.Kind, place kiosk.ID) (c kiosk.Copy, err error) {
	c = kiosk.Copy{ID: tx.NewID(), TitleID: title, Kind: kind, HomePlace: place, Received: Today.Add(-30), Source: "purchase"}
	if c.Barcode, err = tx.NextBarcode(kiosk.CopySeries); err != nil {
		return c, err
	}
	if c.Accession, err = tx.NextAccession(kind.Prefix()); err != nil {
		return c, err
	}
	if err = tx.PutCopy(c); err != nil {
		return c, err
	}
	c.State, err = register(tx, c, kiosk.CopyAvailable)
	return c, err
}

// register appends the event that makes a copy one of the library's.
func register(tx kiosk.Tx, c kiosk.Copy, status kiosk.CopyStatus) (kiosk.CopyState, error) {
	s := kiosk.CopyState{CopyID: c.ID, Status: status, Condition: kiosk.ConditionGood, Place: c.HomePlace}
	return s, tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, OccurredAt: Start, RecordedAt: Start, ClockOK: true,
		Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{s}}}})
}

// lend appends a checkout of the copy and returns its loan.
func lend(tx kiosk.Tx, c kiosk.Copy, ref kiosk.ID) (kiosk.Loan, error) {
	l := kiosk.Loan{ID: tx.NewID(), CopyID: c.ID, PatronRef: ref, Type: kiosk.HomeLoan, CheckedOutAt: Start, DueOn: Today.Add(7), Station: kiosk.DefaultStation}
	return l, tx.Append(loanEvent(kiosk.EventCheckedOut, l))
}

func loanEvent(typ kiosk.EventType, ls ...kiosk.Loan) *kiosk.Event {
	e := &kiosk.Event{Type: typ, OccurredAt: Start, RecordedAt: Start, ClockOK: true, Station: kiosk.DefaultStation, Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: ls}}}
	if len(ls) > 0 {
		e.CopyID, e.PatronRef = ls[0].CopyID, ls[0].PatronRef
	}
	return e
}

// back is the loan as it is after its return.
func back(l kiosk.Loan) kiosk.Loan {
	l.End, l.ReturnedAt = kiosk.LoanReturned, Start
	return l
}
