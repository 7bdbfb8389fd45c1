package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"muontra/kiosk"
)

// cornerBox is a box with its books, as the corner's page shows it.
type cornerBox struct {
	kiosk.Deposit
	Rows  []kiosk.BoxRow
	Finds []cornerFind // open ones
}

// cornerFind is a find with the book and where it belongs.
type cornerFind struct {
	kiosk.Find
	Item kiosk.Item
	Home string
}

// Counting reports whether the box's books are being counted or were.
func (b cornerBox) Counting() bool { return !b.Counted.IsZero() }

// Odd are the rows that are not simply here.
func (b cornerBox) Odd() (rows []kiosk.BoxRow) {
	for _, r := range b.Rows {
		if r.State(b.Deposit) != kiosk.RowHere {
			rows = append(rows, r)
		}
	}
	return rows
}

// RowState is State for templates.
func (b cornerBox) RowState(r kiosk.BoxRow) string { return string(r.State(b.Deposit)) }

func cornerBoxOf(v kiosk.View, d kiosk.Deposit, places map[kiosk.ID]kiosk.Place) (cornerBox, error) {
	b := cornerBox{Deposit: d}
	var err error
	if b.Rows, err = kiosk.BoxRows(v, d.ID, false); err != nil {
		return b, err
	}
	finds, err := v.Finds(d.ID)
	if err != nil {
		return b, err
	}
	for _, f := range finds {
		if f.Settled != kiosk.FindOpen {
			continue
		}
		x := cornerFind{Find: f, Home: places[f.From].Name}
		if f.Copy != "" {
			if x.Item, err = v.Item(f.Copy); err != nil {
				return b, err
			}
		}
		b.Finds = append(b.Finds, x)
	}
	return b, nil
}

// boxPage is one corner: its boxes, what the next scan does, its own books,
// what was read.
func (s *Server) boxPage(w http.ResponseWriter, r *http.Request) error {
	return s.showCorner(w, r, http.StatusOK, newForm())
}

func (s *Server) showCorner(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var row cornerRow
	var boxes []cornerBox
	var own []kiosk.OwnBooks
	var readings []kiosk.Reading
	var monitors []string
	var month kiosk.CornerMonth
	mine := callerOf(r).is(kiosk.Librarian)
	openToday := false
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		c, err := v.Corner(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		if openToday, err = openNow(v, c, today); err != nil {
			return err
		}
		places, err := placesByID(v)
		if err != nil {
			return err
		}
		if row, err = s.cornerRow(v, c, places, today); err != nil {
			return err
		}
		for _, d := range row.Boxes {
			b, err := cornerBoxOf(v, d, places)
			if err != nil {
				return err
			}
			boxes = append(boxes, b)
		}
		for _, ref := range c.Monitors {
			m, err := v.MemberByRef(ref, today)
			if err == nil && mine {
				monitors = append(monitors, m.Name)
			} else if err != nil && !isNotFound(err) {
				return err
			}
		}
		if own, err = v.OwnBooks(c.Place); err != nil {
			return err
		}
		first := kiosk.Day{Year: today.Year, Month: today.Month, Day: 1}
		if readings, err = v.Readings(c.Place, first, today); err != nil {
			return err
		}
		month, err = cornerMonth(v, c.Place, first, today)
		return err
	})
	if err != nil {
		return err
	}
	slices.Reverse(readings)
	s.deskPage(w, r, status, "box.html", map[string]any{
		"C": row, "Boxes": boxes, "Own": own, "Readings": readings[:min(len(readings), 10)], "Monitors": monitors, "F": f, "Mine": mine, "Month": month,
		"Open": openWords(s.lang(r), row.Corner), "OpenToday": openToday,
		"Next": nextScan(row.Boxes), "Conditions": choices(s.lang(r), "copy.condition.", []kiosk.Condition{kiosk.ConditionGood, kiosk.ConditionWorn, kiosk.ConditionDamaged}),
	})
	return nil
}

func cornerMonth(v kiosk.View, place kiosk.ID, from, to kiosk.Day) (kiosk.CornerMonth, error) {
	all, err := kiosk.CornerRegister(v, from, to)
	n := slices.IndexFunc(all, func(m kiosk.CornerMonth) bool { return m.Place.ID == place })
	if n < 0 {
		return kiosk.CornerMonth{}, err
	}
	return all[n], err
}

// nextScan names what the next scan on a corner's page does.
func nextScan(boxes []kiosk.Deposit) string {
	step, _ := kiosk.NextBoxStep(boxes)
	return string(step)
}

var errScanBox = errors.New("a book was scanned, and no box is being filled or counted")

// scanAtCorner takes one scan: the corner's own code moves its box on, another
// corner's leads there, a book goes into the box or is counted.
func (s *Server) scanAtCorner(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	code := f.code("code")
	if f.Get("code") == "" {
		f.fault("code", kiosk.FieldMissing, nil)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var boxes []kiosk.Deposit
		var scanned kiosk.Corner
		var isBox bool
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			if _, err := v.Corner(id); err != nil {
				return err
			}
			all, err := v.Deposits(id)
			if err != nil {
				return err
			}
			boxes = slices.DeleteFunc(all, func(d kiosk.Deposit) bool { return !d.Ended.IsZero() })
			scanned, isBox, err = cornerOfCode(v, code)
			return err
		})
		if err != nil {
			return "", err
		}
		switch {
		case isBox && scanned.Place != id:
			return deskCornerPath(scanned.Place), nil
		case isBox:
			return deskCornerPath(id), atField("code", s.scanBox(r, a, id, boxes))
		}
		return deskCornerPath(id), atField("code", s.scanBook(r, a, id, code, boxes))
	}, func(status int) error { return s.showCorner(w, shownAt(r, deskCornerPath(id), ""), status, f) })
}

// scanBox is the scan of the corner's own code.
func (s *Server) scanBox(r *http.Request, a kiosk.Attempt, place kiosk.ID, boxes []kiosk.Deposit) error {
	ctx := r.Context()
	say := func(key string, back wayBack, err error) error {
		if err == nil {
			s.done(r, deskCornerPath(place), back, key)
		}
		return err
	}
	box := func(undo func(context.Context, kiosk.Attempt, kiosk.ID) (kiosk.Deposit, error), id kiosk.ID) wayBack {
		return func(ctx context.Context, a kiosk.Attempt) error { _, err := undo(ctx, a, id); return err }
	}
	step, b := kiosk.NextBoxStep(boxes)
	if n := slices.IndexFunc(boxes, func(b kiosk.Deposit) bool { return b.State() == kiosk.DepositHanded }); n >= 0 && step != kiosk.StepFill {
		step, b = kiosk.StepConfirm, boxes[n] // one that was counted before its keeper came, too
	}
	switch step {
	case kiosk.StepBegin:
		back, err := s.boxStep(ctx, "", func() (kiosk.Deposit, error) { return s.Corners.BeginHandover(ctx, a, place, kiosk.Day{}) })
		return say("corner.done.begun", back, err)
	case kiosk.StepFill:
		_, err := s.Corners.HandOver(ctx, a, b.ID)
		return say("corner.done.handed", box(s.Corners.ReopenHandover, b.ID), err)
	case kiosk.StepConfirm:
		back, err := s.boxStep(ctx, b.ID, func() (kiosk.Deposit, error) { return s.Corners.ConfirmHandover(ctx, a, b.ID) })
		return say("corner.done.confirmed", back, err)
	case kiosk.StepFound:
		_, err := s.Corners.FindBox(ctx, a, b.ID)
		return say("corner.done.found", box(s.Corners.LoseBox, b.ID), err)
	}
	return say("corner.done.look", nil, nil)
}

// wayBack takes an act of a corner back.
type wayBack = func(context.Context, kiosk.Attempt) error

// boxStep does a step of a box, "" for one that is begun by it, and says how it is
// taken back: to the box as it was.
func (s *Server) boxStep(ctx context.Context, id kiosk.ID, do func() (kiosk.Deposit, error)) (wayBack, error) {
	var was, is kiosk.Deposit
	read := func(id kiosk.ID, to *kiosk.Deposit) error {
		return s.Ledger.View(ctx, func(v kiosk.View) (err error) {
			*to, err = v.Deposit(id)
			return err
		})
	}
	if id != "" {
		if err := read(id, &was); err != nil {
			return nil, err
		}
	}
	done, err := do()
	if err != nil {
		return nil, err
	}
	if err := read(done.ID, &is); err != nil {
		return nil, err
	}
	return func(ctx context.Context, a kiosk.Attempt) error {
		_, err := s.Corners.UndoBoxStep(ctx, a, was, is)
		return err
	}, nil
}

// scanBook is the scan of a book on the corner's page.
func (s *Server) scanBook(r *http.Request, a kiosk.Attempt, place kiosk.ID, code string, boxes []kiosk.Deposit) error {
	fills := slices.IndexFunc(boxes, func(b kiosk.Deposit) bool { return b.State() == kiosk.DepositOpen })
	counts := slices.IndexFunc(boxes, func(b kiosk.Deposit) bool {
		return !b.Counted.IsZero() && (b.State() == kiosk.DepositHanded || b.State() == kiosk.DepositConfirmed)
	})
	var done kiosk.BoxScan
	var err error
	var back func(context.Context, kiosk.Attempt) error
	switch {
	case fills >= 0:
		done, err = s.Corners.ScanIntoBox(r.Context(), a, boxes[fills].ID, code)
		if done.Done == kiosk.BoxAdded && done.Find == "" {
			back = func(ctx context.Context, a kiosk.Attempt) error {
				_, err := s.Corners.TakeOutOfBox(ctx, a, done.Deposit, done.CopyID)
				return err
			}
		}
	case counts >= 0:
		done, err = s.Corners.ScanCount(r.Context(), a, boxes[counts].ID, code)
	default:
		return errScanBox
	}
	if err == nil {
		err = s.keptOut(r, done)
	}
	if err != nil {
		return err
	}
	return s.sayScan(r, deskCornerPath(place), done, back)
}

// scanWords are the words for what became of a scan into or out of a box.
func (s *Server) scanWords(r *http.Request, done kiosk.BoxScan) (key string, pairs []any, err error) {
	title, home := "", ""
	if done.Copy != nil {
		title = done.Copy.Title
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		places, err := placesByID(v)
		home = places[done.From].Name
		return err
	})
	key = "corner.scan." + string(done.Done)
	if done.Find != "" {
		key += "." + string(done.Find)
	}
	if done.Ended {
		key = "corner.scan.ended"
	}
	return key, []any{"title", title, "n", done.Count, "place", home}, err
}

// keptOut is the refusal of a scan that was not taken, nil for one that was.
func (s *Server) keptOut(r *http.Request, done kiosk.BoxScan) error {
	if done.Done != kiosk.BoxRefused {
		return nil
	}
	key, pairs, err := s.scanWords(r, done)
	if err != nil {
		return err
	}
	return &toldError{key, pairs}
}

// sayScan tells what became of a scan into or out of a box.
func (s *Server) sayScan(r *http.Request, page string, done kiosk.BoxScan, back func(context.Context, kiosk.Attempt) error) error {
	key, pairs, err := s.scanWords(r, done)
	if err != nil {
		return err
	}
	s.memory.put(callerOf(r).account, &said{page: page, key: key, pairs: pairs, back: back, bad: done.Done == kiosk.BoxFound || done.Done == kiosk.BoxHeld})
	return nil
}

// doAtCorner is a button of the corner's page.
func (s *Server) doAtCorner(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	place := kiosk.ID(r.PathValue("id"))
	page := deskCornerPath(place)
	typed := f.Is("what", "begin") || f.Is("what", "read") || f.Is("what", "own")
	if typed {
		f.Button = false
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		key, back, err := s.cornerButton(r.Context(), f, a, place)
		if err != nil {
			return "", err
		}
		s.done(r, page, back, key)
		return page, nil
	}, func(status int) error {
		if !typed {
			return s.refused(w, r, f, page)(status)
		}
		return s.showCorner(w, shownAt(r, page, ""), status, f)
	})
}

func (s *Server) cornerButton(ctx context.Context, f *form, a kiosk.Attempt, place kiosk.ID) (key string, back func(context.Context, kiosk.Attempt) error, err error) {
	k, deposit, what := s.Corners, kiosk.ID(f.Get("deposit")), f.Get("what")
	box := func(undo func(context.Context, kiosk.Attempt, kiosk.ID) (kiosk.Deposit, error)) func(context.Context, kiosk.Attempt) error {
		return func(ctx context.Context, a kiosk.Attempt) error { _, err := undo(ctx, a, deposit); return err }
	}
	switch what {
	case "begin":
		until := f.day("until", false)
		if err := f.failed(); err != nil {
			return "", nil, err
		}
		back, err = s.boxStep(ctx, "", func() (kiosk.Deposit, error) { return k.BeginHandover(ctx, a, place, until) })
		return "corner.done.begun", back, err
	case "hand":
		_, err = k.HandOver(ctx, a, deposit)
		return "corner.done.handed", box(k.ReopenHandover), err
	case "reopen":
		_, err = k.ReopenHandover(ctx, a, deposit)
		return "corner.done.reopened", box(k.HandOver), err
	case "confirm":
		back, err = s.boxStep(ctx, deposit, func() (kiosk.Deposit, error) { return k.ConfirmHandover(ctx, a, deposit) })
		return "corner.done.confirmed", back, err
	case "count":
		back, err = s.boxStep(ctx, deposit, func() (kiosk.Deposit, error) { return k.CountBox(ctx, a, deposit) })
		return "corner.done.counting", back, err
	case "lose":
		_, err = k.LoseBox(ctx, a, deposit)
		return "corner.done.lost", box(k.FindBox), err
	case "found":
		_, err = k.FindBox(ctx, a, deposit)
		return "corner.done.found", box(k.LoseBox), err
	case "take_out":
		copyID := kiosk.ID(f.Get("copy"))
		_, err = k.TakeOutOfBox(ctx, a, deposit, copyID)
		return "corner.done.taken_out", func(ctx context.Context, a kiosk.Attempt) error {
			n, err := k.FillBox(ctx, a, deposit, []kiosk.ID{copyID})
			if err == nil && n == 0 { // it is lent, or in another box by now
				err = kiosk.ErrNotUndoable
			}
			return err
		}, err
	case "here", "gone":
		done, err := k.SettleMissing(ctx, a, deposit, kiosk.ID(f.Get("copy")), what == "gone")
		return "corner.done.settled", func(ctx context.Context, a kiosk.Attempt) error {
			return k.UndoSettleMissing(ctx, a, done.CopyID)
		}, err
	case "taken", "sent", "handed":
		done, err := k.SettleFind(ctx, a, kiosk.ID(f.Get("find")), kiosk.FindDone(what))
		return "corner.done.settled", func(ctx context.Context, a kiosk.Attempt) error { return k.UndoSettleFind(ctx, a, done) }, err
	case "close", "open":
		_, err = k.EndCorner(ctx, a, place, "", what == "close")
		return "corner.done." + what, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := k.EndCorner(ctx, a, place, "", what != "close")
			return err
		}, err
	case "own":
		o := kiosk.OwnBooks{Place: place, Text: f.text("text", 1, kiosk.MaxText), Quantity: f.count("quantity", 0, 1, kiosk.MaxOwnBooks)}
		if err := f.failed(); err != nil {
			return "", nil, err
		}
		made, err := k.AddOwnBooks(ctx, a, o)
		return "corner.done.own", func(ctx context.Context, a kiosk.Attempt) error {
			_, err := k.GiveBackOwnBooks(ctx, a, place, made.ID, true)
			return err
		}, err
	case "own_back":
		id := kiosk.ID(f.Get("own"))
		_, err = k.GiveBackOwnBooks(ctx, a, place, id, true)
		return "corner.done.own_back", func(ctx context.Context, a kiosk.Attempt) error {
			_, err := k.GiveBackOwnBooks(ctx, a, place, id, false)
			return err
		}, err
	case "read":
		n := f.count("count", 0, 1, kiosk.MaxReadings)
		r := kiosk.Reading{Count: n, Readers: f.count("readers", 0, 0, max(n, 0)), Day: f.day("day", false)}
		if err := f.failed(); err != nil {
			return "", nil, err
		}
		done, err := k.ReadInCorner(ctx, a, kiosk.FromDesk, place, "", r)
		return "corner.done.read", func(ctx context.Context, a kiosk.Attempt) error {
			_, err := k.RemoveReading(ctx, a, done.Loan)
			return err
		}, err
	}
	return "", nil, errBadBody
}

// failed is errForm when a field is wrong.
func (f *form) failed() error {
	if len(f.Wrong) > 0 {
		return errForm
	}
	return nil
}
