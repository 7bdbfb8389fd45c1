package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// enterSheet takes what was scanned off the paper: a week or a day, a child, the
// child's books, the next child. A book without a child is returned, and so is
// one that the child has.
func (s *Server) enterSheet(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	place, loc, today, err := s.sheetCorner(r)
	if err != nil {
		return err
	}
	day, err := kiosk.ParseDay(f.Get("day"))
	if err != nil || day.After(today) || today.Sub(day) > 7*sheetBack {
		f.Wrong["day"] = "sheet_day"
	}
	lines := strings.Fields(strings.ToUpper(f.Get("codes")))
	if len(lines) == 0 || len(lines) > 2000 {
		f.Wrong["codes"] = "sheet_codes"
	}
	page := sheetsOf(place.ID)
	var x *sheetScan
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		x = &sheetScan{s: s, r: r, a: a, place: place, loc: loc, day: day, today: today, lang: s.lang(r)}
		for _, code := range lines {
			if err := x.line(code); err != nil {
				return "", err
			}
		}
		s.done(r, page, x.back(), "cornerentry.done", "lent", x.lent, "returned", x.returned)
		if len(x.troubles) > 0 {
			// What went well is done; what did not stands there to be mended.
			f.Values.Set("codes", strings.Join(x.left, "\n"))
			f.Wrong["codes"] = "sheet_left"
			return "", errForm
		}
		return page, nil
	}, func(status int) error {
		var troubles []string
		if x != nil {
			troubles = x.troubles
			if x.lent+x.returned > 0 {
				troubles = append([]string{words.T(s.lang(r), "cornerentry.partly", "lent", x.lent, "returned", x.returned)}, troubles...)
			}
		}
		return s.showSheetEntry(w, r, status, f, troubles)
	})
}

// sheetScan is the reading of one paper.
type sheetScan struct {
	s          *Server
	r          *http.Request
	a          kiosk.Attempt
	place      kiosk.Place
	loc        *time.Location
	day, today kiosk.Day
	lang       words.Lang

	n              int // acts so far
	child          kiosk.ID
	childCode      string
	lent, returned int
	events         []int64 // of what was done now
	troubles, left []string
	kept           string // the child that stands last among what is left
}

func (x *sheetScan) trouble(key, code string, pairs ...any) {
	x.troubles = append(x.troubles, code+": "+words.T(x.lang, key, pairs...))
	if x.childCode != x.kept && x.childCode != "" {
		x.left, x.kept = append(x.left, x.childCode), x.childCode
	}
	if code != x.childCode {
		x.left = append(x.left, code)
	}
}

// line takes one code.
func (x *sheetScan) line(code string) error {
	if monday, of, ok := kiosk.WeekOf(code); ok {
		switch {
		case monday.After(x.today) || x.today.Sub(monday) > 7*sheetBack:
			x.trouble("cornerentry.no_week", code)
		case of != "" && !strings.EqualFold(of, x.place.Code):
			x.trouble("cornerentry.other_sheet", code)
		default:
			x.day, x.child, x.childCode = monday, "", ""
		}
		return nil
	}
	p := phonePost{s: x.s, r: x.r, me: callerOf(x.r).account, lang: x.lang}
	var item kiosk.Item
	var mine bool
	var why kiosk.Reason
	child := false
	err := x.s.Ledger.View(x.r.Context(), func(v kiosk.View) error {
		if m, err := v.MemberByCard(code, x.today); err == nil {
			corner, err := v.Corner(x.place.ID)
			if err != nil {
				return err
			}
			child = true
			x.childCode, x.child = code, ""
			x.child, why, err = p.pupilOf(v, corner, m.ID)
			return err
		} else if !errors.Is(err, kiosk.ErrNotFound) {
			return err
		}
		var err error
		item, err = itemOf(v, phoneAct{Code: code})
		if errors.Is(err, kiosk.ErrNotFound) {
			why = kiosk.ReasonUnknownBarcode
			return nil
		}
		if err != nil {
			return err
		}
		l, err := v.OpenLoan(item.ID)
		if errors.Is(err, kiosk.ErrNotFound) {
			return nil
		}
		mine = err == nil && l.PatronRef == x.child
		return err
	})
	if err != nil {
		return err
	}
	if why != "" {
		x.trouble("cornerentry.why", code, "why", p.reason(kiosk.Refusal{Reason: why}, "", code))
		return nil
	}
	if child {
		return nil
	}
	a := x.a
	a.Comment = words.T(x.lang, "cornerentry.comment")
	a.At = x.s.paperTime(x.day, x.loc, x.n)
	a.CommandID, a.Body = fmt.Sprintf("sheet-%s-%d", x.a.CommandID, x.n), code
	x.n++
	var done kiosk.CornerDone
	if x.child == "" || mine {
		done, err = x.s.CornerActs.ReturnInCorner(x.r.Context(), a, kiosk.FromSheet, x.place.ID, item.ID)
	} else {
		done, err = x.s.CornerActs.LendInCorner(x.r.Context(), a, kiosk.FromSheet, x.place.ID, x.child, item.ID)
	}
	switch {
	case err != nil:
		return err
	case done.Outcome == kiosk.Refused:
		x.trouble("cornerentry.why", code, "why", p.told(actAnswer{}, phoneLend, done, item).Message)
	case done.Outcome == kiosk.Returned:
		x.returned++
	default:
		x.lent++
	}
	if err == nil && done.Outcome != kiosk.Refused && done.Rule != kiosk.RuleAlready && !done.Again {
		x.events = append(x.events, done.Event)
	}
	return nil
}

// back takes all that was done of the paper back, nil where there is nothing or who
// typed it is not the librarian: who keeps a corner tells her.
func (x *sheetScan) back() func(context.Context, kiosk.Attempt) error {
	if len(x.events) == 0 || x.s.Lending == nil || !callerOf(x.r).is(kiosk.Librarian) {
		return nil
	}
	s, events := x.s, x.events
	return func(ctx context.Context, a kiosk.Attempt) error { return s.Lending.UndoAll(ctx, a, events) }
}
