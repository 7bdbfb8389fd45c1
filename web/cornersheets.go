package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"muontra/kiosk"
	"muontra/labels/symbol"
	"muontra/web/words"
)

const sheetsPath = "/corner/paper"

// sheetRoutes are the paper of a corner without a phone: it is printed, written
// on in class, and its counts and loans are put in afterwards.
func (s *Server) sheetRoutes() []route {
	return []route{
		{"GET", sheetsPath, keeper, s.sheetsPage},
		{"GET", sheetsPath + "/{place}", keeper, named(s.sheetEntry)},
		{"POST", sheetsPath + "/{place}", keeper, named(s.enterSheet)},
		{"POST", sheetsPath + "/{place}/counts", keeper, named(s.enterCount)},
		{"GET", sheetsPath + "/{place}/sheet", keeper, named(s.cornerSheet)},
	}
}

func sheetsOf(place kiosk.ID) string { return sheetsPath + "/" + string(place) }

// sheetWeeks is how many weeks stand across a sheet, and sheetBack how many may
// still be put in.
const (
	sheetWeeks = 4
	sheetBack  = kiosk.PaperWeeks
)

// mondayOf is the Monday of a day's week.
func mondayOf(d kiosk.Day) kiosk.Day { return d.Add(-(int(d.Weekday()) + 6) % 7) }

// sheetWeek is a week with the code that stands for it on paper.
type sheetWeek struct {
	Monday, Friday kiosk.Day
	QR             qrCode
}

// weekCode is what the QR code of a week says: the Monday, and whose sheet it
// is where that can be in a code.
func weekCode(monday kiosk.Day, place kiosk.Place) string {
	text := kiosk.WeekCode(monday, place.Code)
	if symbol.Check(text) != nil {
		text = "W." + monday.String()
	}
	return text
}

// ownCorner is the corner of the path with its place; another's is as good as
// none.
func (s *Server) ownCorner(v kiosk.View, r *http.Request) (phoneCorner, kiosk.Place, error) {
	c, err := v.Corner(kiosk.ID(r.PathValue("place")))
	if err == nil && !keeps(callerOf(r).account, c) {
		err = kiosk.ErrNotFound
	}
	if err != nil {
		return phoneCorner{}, kiosk.Place{}, err
	}
	one, err := s.phoneCornerOf(v, c)
	if err != nil {
		return one, kiosk.Place{}, err
	}
	all, err := v.Places()
	for _, p := range all {
		if p.ID == c.Place {
			return one, p, err
		}
	}
	return one, kiosk.Place{}, errors.Join(err, kiosk.ErrNotFound)
}

// sheetsPage lists the corners of the caller.
func (s *Server) sheetsPage(w http.ResponseWriter, r *http.Request) error {
	if s.CornerActs == nil {
		return errNotFound
	}
	var corners []phoneCorner
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := v.Corners()
		if err != nil {
			return err
		}
		for _, c := range all {
			if !c.Ended.IsZero() || !keeps(callerOf(r).account, c) {
				continue
			}
			one, err := s.phoneCornerOf(v, c)
			if err != nil {
				return err
			}
			corners = append(corners, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "cornersheets.html", map[string]any{"Corners": corners})
	return nil
}

// sheetName is a pupil's line on paper, with the card's barcode.
type sheetName struct {
	phonePupil
	Code *barcode
}

// sheetBook is a book's line, with the label's barcode.
type sheetBook struct {
	phoneCopy
	Code *barcode
}

// cornerSheet is the paper itself.
func (s *Server) cornerSheet(w http.ResponseWriter, r *http.Request) error {
	var one phoneCorner
	var place kiosk.Place
	var head letterhead
	var today kiosk.Day
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if one, place, err = s.ownCorner(v, r); err != nil {
			return err
		}
		if head, err = s.paperNow(v, s.lang(r)); err != nil {
			return err
		}
		today, err = s.today(v)
		return err
	})
	if err != nil {
		return err
	}
	from, err := kiosk.ParseDay(r.URL.Query().Get("from"))
	if err != nil || from.IsZero() {
		from = today
	}
	var weeks []sheetWeek
	for n := range sheetWeeks {
		monday := mondayOf(from).Add(7 * n)
		qr, err := qrOf(weekCode(monday, place))
		if err != nil {
			return err
		}
		weeks = append(weeks, sheetWeek{monday, monday.Add(4), qr})
	}
	var names []sheetName
	for _, p := range one.Pupils {
		names = append(names, sheetName{p, printable(p.Card)})
	}
	var books []sheetBook
	for _, c := range one.Copies {
		books = append(books, sheetBook{c, printable(c.Barcode)})
	}
	s.deskPage(w, r, http.StatusOK, "cornersheet.html", map[string]any{
		"C": one, "Place": place, "Weeks": weeks, "Names": names, "Books": books, "Paper": head,
		"Before": mondayOf(from).Add(-7 * sheetWeeks), "After": mondayOf(from).Add(7 * sheetWeeks),
	})
	return nil
}

// printable is a barcode for paper, nil for a code that no barcode can carry.
func printable(code string) *barcode {
	b, err := barcodeOf(code)
	if code == "" || err != nil {
		return nil
	}
	return &b
}

func (s *Server) sheetEntry(w http.ResponseWriter, r *http.Request) error {
	return s.showSheetEntry(w, r, http.StatusOK, newForm(), nil)
}

func (s *Server) showSheetEntry(w http.ResponseWriter, r *http.Request, status int, f *form, troubles []string) error {
	if s.CornerActs == nil {
		return errNotFound
	}
	var one phoneCorner
	var weeks []sheetWeek
	open := ""
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if one, _, err = s.ownCorner(v, r); err != nil {
			return err
		}
		c, err := v.Corner(one.Place)
		if err != nil {
			return err
		}
		if bounded(c) {
			open = openWords(s.lang(r), c)
		}
		today, err := s.today(v)
		for n := range sheetBack {
			monday := mondayOf(today).Add(-7 * n)
			weeks = append(weeks, sheetWeek{Monday: monday, Friday: monday.Add(4)})
		}
		if f.Get("day") == "" {
			f.Values.Set("day", today.String())
		}
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "cornerentry.html", map[string]any{"C": one, "F": f, "Weeks": weeks, "Troubles": troubles, "Open": open})
	return nil
}

// enterCount takes the readings of a week from paper.
func (s *Server) enterCount(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	place, loc, today, err := s.sheetCorner(r)
	if err != nil {
		return err
	}
	count, readers := f.whole("count", 0, false), f.whole("readers", 0, false)
	if f.Wrong["count"] == "" && (count < 1 || count > kiosk.MaxReadings) {
		f.Wrong["count"] = "number"
	}
	if f.Wrong["readers"] == "" && (readers < 0 || readers > count) {
		f.Wrong["readers"] = "number"
	}
	monday, err := kiosk.ParseDay(f.Get("week"))
	if err != nil || monday.After(today) || monday != mondayOf(monday) {
		f.Wrong["week"] = "number"
	}
	page := sheetsOf(place.ID)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		// The end of the week, or today while it goes on: nothing is read tomorrow.
		day := monday.Add(4)
		if day.After(today) {
			day = today
		}
		a.At = s.paperTime(day, loc, 0)
		done, err := s.CornerActs.ReadInCorner(r.Context(), a, kiosk.FromSheet, place.ID, "", kiosk.Reading{Day: day, Count: int(count), Readers: int(readers)})
		if err != nil {
			return "", err
		}
		var back func(context.Context, kiosk.Attempt) error
		if s.Corners != nil && callerOf(r).is(kiosk.Librarian) { // who keeps a corner tells her
			back = func(ctx context.Context, a kiosk.Attempt) error {
				_, err := s.Corners.RemoveReading(ctx, a, done.Loan)
				return err
			}
		}
		s.done(r, page, back, "cornerentry.counted", "n", count, "week", words.Date(monday), "id", done.Loan)
		return page, nil
	}, func(status int) error { return s.showSheetEntry(w, r, status, f, nil) })
}

// sheetCorner is the place of the path, if its corner is the caller's.
func (s *Server) sheetCorner(r *http.Request) (place kiosk.Place, loc *time.Location, today kiosk.Day, err error) {
	if s.CornerActs == nil {
		return place, nil, today, errNotFound
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		_, p, err := s.ownCorner(v, r)
		if err != nil {
			return err
		}
		place = p
		site, err := v.Site()
		if err != nil {
			return err
		}
		if loc, err = site.Location(); err != nil {
			return err
		}
		today, err = s.today(v)
		return err
	})
	return place, loc, today, err
}

// paperTime is when the n-th line of a day's paper was written, as near as
// paper says: one after the other from noon on, never after now.
func (s *Server) paperTime(day kiosk.Day, loc *time.Location, n int) time.Time {
	at := day.At(12, 0, loc).Add(time.Duration(n) * time.Second)
	if now := s.Now(); at.After(now) {
		return now
	}
	return at
}
