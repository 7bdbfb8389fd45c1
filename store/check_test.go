package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// lived is a school in which things have happened.
func lived(t testing.TB) (*Store, kiosktest.People) {
	t.Helper()
	s, p := school(t)
	err := s.Update(t.Context(), func(tx kiosk.Tx) error {
		for i, b := range []kiosktest.Book{p.Story, p.Comic, p.Subject} {
			at := kiosktest.Start.Add(time.Duration(i) * time.Minute)
			l, err := checkout(tx, []string{p.One.Card, p.Two.Card, p.Teacher.Card}[i], b.Barcode, "c"+b.Barcode, at)
			if err != nil {
				return err
			}
			if i == 0 {
				if err := giveBack(tx, l, at.Add(time.Hour)); err != nil {
					return err
				}
			}
		}
		return errors.Join(lent(tx, p), received(tx, p), subscribed(tx, p), handedOut(tx, p))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// lent puts a hold, a recall and a compensation, each by an event.
func lent(tx kiosk.Tx, p kiosktest.People) error {
	h := kiosk.Hold{ID: tx.NewID(), TitleID: p.Comic.TitleID, PatronRef: p.One.Ref, PlacedAt: kiosktest.Start, Status: kiosk.HoldWaiting}
	var l kiosk.Loan
	if err := tx.EachLoan(true, func(x kiosk.Loan) error { l = x; return nil }); err != nil {
		return err
	}
	r := kiosk.Recall{ID: tx.NewID(), Name: "Thu sách mẫu", Due: kiosktest.Today.Add(3), At: kiosktest.Start, Record: kiosk.RecallRecord{Loans: []kiosk.ID{l.ID}, Events: []int64{}}}
	c := kiosk.Compensation{ID: tx.NewID(), LoanID: l.ID, CopyID: l.CopyID, PatronRef: l.PatronRef, Cause: kiosk.HarmDamaged, Kind: kiosk.CompensationPaid, Amount: 20000, Comment: "rách bìa", Day: kiosktest.Today, At: kiosktest.Start}
	event := func(t kiosk.EventType, e kiosk.LendingEdit) error {
		return tx.Append(&kiosk.Event{Type: t, RecordedAt: kiosktest.Start, ClockOK: true, Payload: kiosk.Payload{Lending: &e}})
	}
	return errors.Join(tx.PutHold(h), tx.PutRecall(r), tx.PutCompensation(c), event(kiosk.EventHoldPlaced, kiosk.LendingEdit{Holds: []kiosk.HoldEdit{{After: h}}}),
		event(kiosk.EventRecall, kiosk.LendingEdit{Recall: r.ID, Run: &r}), event(kiosk.EventCompensated, kiosk.LendingEdit{Compensation: &kiosk.CompensationEdit{After: c}}))
}

// received puts two receipts of three copies each, of which the first is
// registered, and a printer with a job.
func received(tx kiosk.Tx, p kiosktest.People) error {
	var subjects []kiosk.ID
	for n := range 2 {
		entry, err := tx.NextReceiptEntry()
		if err != nil {
			return err
		}
		r := kiosk.Receipt{ID: tx.NewID(), Entry: entry, Source: kiosk.Donation, Supplier: "Học Sinh Mẫu", DonorClass: "2A", Date: kiosktest.Today, Closed: n == 0, CreatedAt: kiosktest.Start}
		l := kiosk.ReceiptLine{ID: tx.NewID(), ReceiptID: r.ID, TitleID: p.Story.TitleID, Kind: kiosk.Reference, SubKind: kiosk.Story, Quantity: 3, Price: 25000, HomePlace: p.LibraryPlaceID}
		if err := errors.Join(tx.PutReceipt(r), tx.PutReceiptLine(l)); err != nil {
			return err
		}
		for i := range l.Quantity {
			c := kiosk.Copy{ID: tx.NewID(), TitleID: l.TitleID, Kind: l.Kind, SubKind: l.SubKind, Price: l.Price, Source: string(r.Source), Received: r.Date, HomePlace: l.HomePlace}
			if c.Barcode, err = tx.NextBarcode(kiosk.CopySeries); err != nil {
				return err
			}
			w := kiosk.Processing{CopyID: c.ID, LineID: l.ID}
			s := kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyInProcessing, Condition: kiosk.ConditionGood}
			if n == 0 && i == 0 {
				w.Registered, w.Labelled, s.Status, s.Place = kiosktest.Today, kiosktest.Today, kiosk.CopyAvailable, c.HomePlace
				if c.Accession, err = tx.NextAccession(c.Kind.Prefix()); err != nil {
					return err
				}
			}
			if err := errors.Join(tx.PutCopy(c), tx.PutProcessing(w), tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, RecordedAt: kiosktest.Start, ClockOK: true,
				Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{s}}}})); err != nil {
				return err
			}
			subjects = append(subjects, c.ID)
		}
	}
	printer := kiosk.Printer{ID: tx.NewID(), Name: "may-in", Target: "tcp://192.0.2.7:9100", Language: "zpl", DPI: 203, Stock: "roll-50x30", ScaleX: 1, ScaleY: 1}
	return errors.Join(tx.PutPrinter(printer), tx.PutPrintJob(kiosk.PrintJob{ID: tx.NewID(), PrinterID: printer.ID, Title: "Nhãn", Layout: "copy", Stock: printer.Stock, Subjects: subjects,
		Total: len(subjects), State: kiosk.PrintWaiting, CreatedAt: kiosktest.Start, ChangedAt: kiosktest.Start}), tx.PutSetting("labels", `{"stock":"roll-50x30"}`))
}

// subscribed puts a subscription with an issue, by an event.
func subscribed(tx kiosk.Tx, p kiosktest.People) error {
	s := kiosk.Subscription{
		ID: tx.NewID(), TitleID: p.Story.TitleID, Frequency: kiosk.Weekly, PerPeriod: 1, From: kiosktest.Today, To: kiosktest.Today, First: 7, Copies: 2, PlaceID: p.LibraryPlaceID, Route: []string{"2A"},
	}
	i := kiosk.Issue{ID: tx.NewID(), SubscriptionID: s.ID, Number: 7, Expected: kiosktest.Today, Status: kiosk.IssueReceived, Received: kiosktest.Today, Count: 2, Moves: []kiosk.IssueMove{{Stop: "2A", On: kiosktest.Today}}}
	return errors.Join(tx.PutSubscription(s), tx.PutIssue(i), tx.Append(&kiosk.Event{Type: kiosk.EventSerials, RecordedAt: kiosktest.Start, ClockOK: true, Payload: kiosk.Payload{Stock: &kiosk.StockEdit{
		Subscriptions: []kiosk.Revised[kiosk.Subscription]{{After: s}}, Issues: []kiosk.Revised[kiosk.Issue]{{After: i}},
	}}}))
}

// handedOut puts a quantity line of ten books, six of them with a teacher, and
// four kept for a lesson.
func handedOut(tx kiosk.Tx, p kiosktest.People) error {
	l := kiosk.TextbookLine{ID: tx.NewID(), TitleID: p.Story.TitleID, Year: 2024, From: 1, To: 10, Quantity: 10}
	h := kiosk.Handout{ID: tx.NewID(), LineID: l.ID, PatronRef: p.Teacher.Ref, Quantity: 6, On: kiosktest.Today, Due: kiosktest.Today, Back: 1, Lost: 1}
	years, err := tx.Years()
	if err != nil {
		return err
	}
	class := kiosk.Class{ID: tx.NewID(), YearID: years[0].ID, Name: "9Z", Grade: 9}
	lesson := kiosk.Lesson{ID: tx.NewID(), What: kiosk.LessonPieces, TitleID: l.TitleID, LineID: l.ID, Count: 4, ClassID: class.ID, PatronRef: p.Teacher.Ref, On: kiosktest.Today, Period: 2, Status: kiosk.LessonWaiting}
	return errors.Join(tx.PutTextbookLine(l), tx.PutHandout(h), tx.PutClass(class), tx.PutLesson(lesson), tx.Append(&kiosk.Event{Type: kiosk.EventHandout, PatronRef: h.PatronRef, RecordedAt: kiosktest.Start, ClockOK: true,
		Payload: kiosk.Payload{Stock: &kiosk.StockEdit{Handouts: []kiosk.Revised[kiosk.Handout]{{After: h}}, Lessons: []kiosk.Revised[kiosk.Lesson]{{After: lesson}}}}}))
}

// TestCheckNamesTheFault does by hand what must never happen, one thing each.
func TestCheckNamesTheFault(t *testing.T) {
	const comic = `(SELECT id FROM copy WHERE barcode = $1)`
	template, p := lived(t)
	clean(t, template)
	if err := template.CopyTo(t.Context(), filepath.Join(template.Dir(), "lived.db")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code, text string // what the check must say
		harm       string
	}{
		{"loan_differs", `due_on is "2026-11-31"`, `UPDATE loan SET due_on = '2026-11-31' WHERE ended = '' AND copy_id = ` + comic},
		{"loan_differs", "renewals", `UPDATE loan SET renewals = 1 WHERE copy_id = ` + comic},
		{"loan_differs", "station", `UPDATE loan SET station = 'desl' WHERE copy_id = ` + comic},
		{"loan_differs", "checked_out_at", `UPDATE loan SET checked_out_at = '2026-11-23T02:26:00.001Z' WHERE copy_id = ` + comic},
		{"loan_differs", "patron_ref", `UPDATE loan SET patron_ref = (SELECT ref FROM patron_ref ORDER BY ref DESC LIMIT 1) WHERE copy_id = ` + comic},
		{"loan_differs", "end is", `UPDATE loan SET ended = 'undone' WHERE copy_id = ` + comic},
		{"loan_differs", "not stored", `DELETE FROM loan WHERE copy_id = ` + comic},
		{"loan_differs", "no event tells", `INSERT INTO loan SELECT 'x' || id, site_id, copy_id, patron_ref, type, checked_out_at, due_on, renewals, checked_out_at, 'returned', station, corner FROM loan WHERE copy_id = ` + comic},
		{"copy_differs", "loans is", `UPDATE copy_state SET loans = 7 WHERE copy_id = ` + comic},
		{"copy_differs", "condition is", `UPDATE copy_state SET condition = 'worn' WHERE copy_id = ` + comic},
		{"copy_differs", "place is", `UPDATE copy_state SET place_id = NULL WHERE copy_id = ` + comic},
		{"copy_unregistered", "no event", `DELETE FROM copy_state WHERE copy_id = ` + comic},
		{"event_unreadable", "", `DROP TRIGGER event_never_changes; UPDATE event SET payload = 'x' WHERE seq = 3 AND $1 = $1`},
		{"hold_differs", "status is", `UPDATE hold SET status = 'cancelled' WHERE $1 = $1`},
		{"hold_differs", "until is", `UPDATE hold SET until = '2026-12-01' WHERE $1 = $1`},
		{"hold_differs", "not stored", `DELETE FROM hold WHERE $1 = $1`},
		{"recall_differs", "name is", `UPDATE recall SET name = 'Thu sách mấu' WHERE $1 = $1`},
		{"recall_differs", "due is", `UPDATE recall SET due = '2026-11-27' WHERE $1 = $1`},
		{"recall_differs", "record is", `UPDATE recall SET record = replace(record, '[]', '[1]') WHERE $1 = $1`},
		{"compensation_differs", "amount is", `UPDATE compensation SET amount = 20001 WHERE $1 = $1`},
		{"compensation_differs", "comment is", `UPDATE compensation SET comment = 'rách bia' WHERE $1 = $1`},
		{"compensation_differs", "removed is", `UPDATE compensation SET removed = 1 WHERE $1 = $1`},
		{"compensation_differs", "no event tells", `INSERT INTO compensation SELECT 'x' || id, site_id, loan_id, copy_id, patron_ref, cause, kind, amount, comment, day, by, at, 1 FROM compensation WHERE $1 = $1`},
		{"lesson_differs", "period is", `UPDATE lesson SET period = 3 WHERE $1 = $1`},
		{"lesson_differs", "not stored", `DELETE FROM lesson WHERE $1 = $1`},
		{"handout_differs", "lost is", `UPDATE handout SET lost = 2 WHERE $1 = $1`},
		{"handout_more_than_owned", "on the shelf -1, handed out 4, lost 1 of 4 owned", `DROP TRIGGER textbook_line_fewer; UPDATE textbook_line SET quantity = 4 WHERE $1 = $1`},
		{"handout_uneven", "2 of them damaged", `PRAGMA ignore_check_constraints = 1; UPDATE handout SET damaged = 2 WHERE $1 = $1`},
		{"subscription_differs", "copies is", `UPDATE subscription SET copies = 9 WHERE $1 = $1`},
		{"issue_differs", "moves is", `UPDATE issue SET moves = '[]' WHERE $1 = $1`},
		{"issue_differs", "not stored", `DELETE FROM issue WHERE $1 = $1`},
		{"two_open_loans", "2 open loans", `DROP INDEX loan_one_open; INSERT INTO loan SELECT 'x' || id, site_id, copy_id, patron_ref, type, checked_out_at, due_on, renewals, '', '', station, corner FROM loan WHERE copy_id = ` + comic},
		{"event_gap", "number 19", `DROP TRIGGER event_never_goes; DELETE FROM outbox WHERE seq = 20; DELETE FROM event WHERE seq = 20 AND $1 = $1`},
		{"outbox_missing", "not in the outbox", `DELETE FROM outbox WHERE seq = 5 AND $1 = $1`},
		{"foreign_key", "copy", `DELETE FROM copy WHERE barcode = $1`},
		{"loan_unknown_copy", "not there", `DELETE FROM copy WHERE barcode = $1`},
		{"accession_gap", "never used", `DROP TRIGGER accession_stays; DELETE FROM accession WHERE copy_id = ` + comic},
		{"accession_unused", "no copy", `INSERT INTO accession SELECT site_id, 'TN.00099', 'TN', 99, 1, NULL FROM meta WHERE $1 = $1`},
		{"barcode_unowned", "does not carry", `INSERT INTO barcode SELECT site_id, 'X' || $1, 'x' FROM meta`},
		{"barcode_unknown", "one space", `DELETE FROM barcode WHERE code = $1`},
		{"search_stale", "own words", `UPDATE title_search SET title = 'x' WHERE rowid = (SELECT t.nr FROM title t JOIN copy c ON c.title_id = t.id WHERE c.barcode = $1)`},
		{"search_unknown", "to no title", `INSERT INTO title_search (rowid, title, other) VALUES (9999, 'x', $1)`},
		{"patron_without_reference", "cannot name", `DELETE FROM patron_ref WHERE ref NOT IN (SELECT patron_ref FROM loan UNION SELECT patron_ref FROM hold) AND $1 = $1`},
		{"policy_fallback", "missing", `DELETE FROM policy WHERE $1 = $1`},
		{"receipt_gap", "register is 0", `DROP TRIGGER receipt_stays; PRAGMA foreign_keys = 0; DELETE FROM receipt WHERE entry = 1 AND $1 = $1`},
		{"processing_unknown_copy", "not there", `DELETE FROM copy WHERE id = (SELECT copy_id FROM processing WHERE registered = '' AND $1 = $1)`},
		{"not_registered_available", "can be lent", `DROP TRIGGER copy_state_stays_registered; UPDATE copy_state SET status = 'available' WHERE copy_id = (SELECT copy_id FROM processing WHERE registered = '' AND $1 = $1)`},
		{"not_registered_lent", "was lent", `UPDATE loan SET copy_id = (SELECT copy_id FROM processing WHERE registered = '') WHERE copy_id = ` + comic},
		{"registered_without_number", "without a number", `UPDATE copy SET accession = NULL WHERE id = (SELECT copy_id FROM processing WHERE registered <> '' AND $1 = $1)`},
	} {
		t.Run(c.code+" "+c.text, func(t *testing.T) {
			dir := t.TempDir()
			copyFile(t, filepath.Join(template.Dir(), "lived.db"), filepath.Join(dir, dbName))
			s := open(t, dir)
			db := rawDB(t, s.Dir())
			parts := strings.Split(c.harm, "; ")
			for _, q := range parts {
				var args []any
				if strings.Contains(q, "$1") {
					args = []any{p.Comic.Barcode}
				}
				r, err := db.Exec(q, args...)
				if err != nil {
					t.Fatalf("%s: %v", q, err)
				}
				if n, _ := r.RowsAffected(); n == 0 && args != nil {
					t.Fatalf("%s: did no harm", q)
				}
			}
			faults, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range faults {
				if f.Code == c.code && strings.Contains(f.Text, c.text) && f.Subject != "" {
					return
				}
			}
			t.Errorf("not named: %+v", faults)
		})
	}
}

// TestSchemaForbids tries what the schema must refuse whoever asks.
func TestSchemaForbids(t *testing.T) {
	s, _ := lived(t)
	db := rawDB(t, s.Dir())
	for _, q := range []string{
		`UPDATE event SET station = 'x' WHERE seq = 1`,
		`DELETE FROM event WHERE seq = 1`,
		`INSERT INTO event SELECT 'x', site_id, epoch, seq, type, copy_id, patron_ref, staff_ref, station, occurred_at, recorded_at, clock_ok, schema_version, payload FROM event WHERE seq = 1`,
		`DELETE FROM accession`,
		`UPDATE accession SET copy_id = 'x' WHERE n = 1`,
		`UPDATE copy_state SET status = 'asleep'`,
		`UPDATE loan SET due_on = '31/11/2026'`,
		`UPDATE loan SET returned_at = '2026-11-23' WHERE ended = 'returned'`,
		`UPDATE loan SET renewals = 'many'`,
		`UPDATE copy SET price = -1`,
		`INSERT INTO meta SELECT 2, site_id FROM meta`,
		`INSERT INTO loan SELECT 'x' || id, site_id, copy_id, patron_ref, type, checked_out_at, due_on, renewals, '', '', station, corner FROM loan WHERE ended = ''`,
		`INSERT INTO patron_ref SELECT NULL, site_id, NULL FROM meta`,
		`DELETE FROM receipt WHERE entry = 2`,
		`UPDATE receipt SET entry = 3 WHERE entry = 2`,
		`INSERT INTO receipt SELECT 'x', site_id, 4, source, supplier, donor_class, voucher, day, funding, note, closed, created_at, created_by FROM receipt WHERE entry = 1`,
		`UPDATE receipt SET source = 'theft'`,
		`UPDATE receipt SET source = 'purchase' WHERE donor_class <> ''`,
		`UPDATE receipt_line SET quantity = -1`,
		`UPDATE processing SET stamped = '2026-11-24' WHERE registered = ''`,
		`UPDATE processing SET registered = 'soon'`,
		`UPDATE processing SET registered = '', labelled = '' WHERE registered <> ''`,
		`UPDATE copy_state SET status = 'available' WHERE copy_id = (SELECT copy_id FROM processing WHERE registered = '')`,
		`UPDATE print_job SET subjects = 'x'`,
		`UPDATE print_job SET subjects = '{}'`,
		`UPDATE printer SET scale_x = 0`,
		`UPDATE printer SET language = 'latin'`,
	} {
		if _, err := db.Exec(q); err == nil {
			t.Errorf("allowed: %s", q)
		}
	}
}
