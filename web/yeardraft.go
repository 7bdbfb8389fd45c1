package web

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
)

// yearDraft is the key under which the plan of the next year is kept until it
// is done, so that nothing is lost when the PC goes off: ids and classes only.
const yearDraft = "year_draft"

// readDraft is the order as it stands: the kept one, or the usual one from the
// year that has pupils last to the one after.
func (s *Server) readDraft(v kiosk.View) (o kiosk.PromotionOrder, from kiosk.SchoolYear, err error) {
	if from, _, err = s.yearShown(v, ""); err != nil {
		return o, from, err
	}
	done, err := v.Promotions()
	if err != nil {
		return o, from, err
	}
	// The last year that has pupils ends, also before its last day.
	years, err := v.Years()
	if err != nil {
		return o, from, err
	}
	for _, p := range done {
		if p.Undone.IsZero() {
			if i := slices.IndexFunc(years, func(y kiosk.SchoolYear) bool { return y.ID == p.YearID }); i >= 0 && years[i].Start.After(from.Start) {
				from = years[i]
			}
		}
	}
	text, err := v.Setting(yearDraft)
	if err != nil {
		return o, from, err
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return o, from, err
		}
	}
	if o.From != from.ID { // none kept, or of a year that is begun by now
		o = kiosk.PromotionOrder{From: from.ID, Year: kiosk.YearOf(from.Start.Add(370))}
	}
	if o.Fates == nil {
		o.Fates = map[kiosk.ID]kiosk.PupilFate{}
	}
	return o, from, nil
}

// changeDraft changes the order and keeps it.
func (s *Server) changeDraft(ctx context.Context, change func(*kiosk.PromotionOrder) error) error {
	return s.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		o, _, err := s.readDraft(tx)
		if err != nil {
			return err
		}
		if err := change(&o); err != nil {
			return err
		}
		text, err := json.Marshal(o)
		if err != nil {
			return err
		}
		return tx.PutSetting(yearDraft, string(text))
	})
}

// mostExtra is how many new classes one order makes.
const mostExtra = 60

// putYear keeps the dates and the table of classes, and shows the plan anew.
func (s *Server) putYear(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	year := kiosk.SchoolYear{Name: f.text("name", 1, 20), Start: f.day("start", true), Semester2: f.day("semester2", true), Recall: f.day("recall", true), End: f.day("end", true)}
	extra := newClasses(f)
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	var moves []kiosk.ClassMove
	for _, m := range y.Moves {
		id := string(m.ID)
		move := kiosk.ClassMove{From: m.ID, Leaves: f.Is("leaves-"+id, "yes"), To: f.text("to-"+id, 0, kiosk.MaxClassName)}
		if !move.Leaves {
			move.Grade = f.count("grade-"+id, -1, 1, 12)
			if move.To == "" {
				f.fault("to-"+id, kiosk.FieldMissing, nil)
			}
		}
		moves = append(moves, move)
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		err := s.changeDraft(r.Context(), func(o *kiosk.PromotionOrder) error {
			if !reflect.DeepEqual(*o, y.Order) { // changed while this was read
				return errStale
			}
			if err := f.stale(formOfDraft(y)); err != nil {
				return err
			}
			o.Year, o.Extra = year, extra
			if len(moves) > 0 {
				o.Moves = moves
			}
			return nil
		})
		return "/desk/year#plan", err
	}, func(status int) error { return s.showYear(w, r, status, f, newForm()) })
}

// newClasses reads the names of classes that begin: "1A, 1B, 1C". The grade is
// the number in the name, or 1.
func newClasses(f *form) (all []kiosk.NewClass) {
	for name := range strings.FieldsFuncSeq(f.Get("extra"), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if len(all) == mostExtra || !short(name, 4*kiosk.MaxClassName) {
			f.fault("extra", kiosk.FieldTooLong, kiosk.Facts{"max": kiosk.MaxClassName})
			return nil
		}
		grade := 1
		if i := strings.IndexAny(name, "0123456789"); i >= 0 {
			end := i
			for end < len(name) && name[end] >= '0' && name[end] <= '9' {
				end++
			}
			if n, err := strconv.Atoi(name[i:end]); err == nil && n >= 1 && n <= 12 {
				grade = n
			}
		}
		all = append(all, kiosk.NewClass{Name: name, Grade: grade})
	}
	return all
}
