package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/web/words"
)

// errInterloanBegun refuses to take off the list what was given back.
var errInterloanBegun = errors.New("some of it was given back")

func begun(err error) error {
	if errors.Is(err, kiosk.ErrNotNow) {
		return errInterloanBegun
	}
	return err
}

// interloanIn reads the lot of the path.
func (s *Server) interloanIn(r *http.Request) (row interloanRow, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		l, err := v.Interloan(kiosk.ID(r.PathValue("id")))
		if err == nil && l.Removed {
			err = kiosk.ErrNotFound
		}
		if err != nil {
			return err
		}
		places, err := placesByID(v)
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		row, err = interloanRowOf(v, l, places, today)
		return err
	})
	return row, err
}

// interloanLine is a line as the page shows it.
type interloanLine struct {
	kiosk.InterloanBook
	Ours string // the school's own book that bears the same code
}

// interloan is a lot: its list, and where books are added and given back.
func (s *Server) interloan(w http.ResponseWriter, r *http.Request) error {
	return s.showInterloan(w, r, http.StatusOK, newForm())
}

func (s *Server) showInterloan(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	x, err := s.interloanIn(r)
	if err != nil {
		return err
	}
	var here, settled []interloanLine
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		for _, b := range x.Books {
			l := interloanLine{InterloanBook: b}
			if b.Code != "" {
				ours, err := itemOfCode(v, b.Code)
				if err == nil {
					l.Ours = ours.Title.Name()
				} else if !isNotFound(err) {
					return err
				}
			}
			if b.Out() > 0 {
				here = append(here, l)
			} else {
				settled = append(settled, l)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "interloan.html", map[string]any{"L": x, "F": f, "Here": here, "Settled": settled, "Adding": f.Is("what", "add") || f.Is("what", "paste") || len(x.Books) == 0})
	return nil
}

// itemOfCode is the school's own copy of a barcode or accession number.
func itemOfCode(v kiosk.View, code string) (kiosk.Item, error) {
	i, err := v.ItemByBarcode(code)
	if errors.Is(err, kiosk.ErrNotFound) {
		if acc, ok := kiosk.AccessionOf(code); ok {
			return v.ItemByAccession(acc)
		}
	}
	return i, err
}

// doInterloan is what is done on a lot's page.
func (s *Server) doInterloan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	page := interloanPath(id)
	var act func(kiosk.Attempt) error
	switch f.Get("what") {
	case "add":
		act, err = s.interloanAdd(r, f, id)
	case "paste":
		act = s.interloanPaste(r, f, id)
	case "scan":
		act, err = s.interloanScan(r, f, id)
	case "some", "all":
		act, err = s.interloanBack(r, f, id)
	case "drop":
		act = func(a kiosk.Attempt) error {
			edit, err := s.Corners.DropInterloanBook(r.Context(), a, id, kiosk.ID(f.Get("book")))
			return s.saidInterloan(r, page, edit, begun(err), "interloan.dropped")
		}
	default:
		return errBadBody
	}
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) { return page, act(a) }, func(status int) error {
		s.wrongInterloanLine(r, f)
		return s.showInterloan(w, r, status, f)
	})
}

// saidInterloan tells what a change of lines was, with the way back.
func (s *Server) saidInterloan(r *http.Request, page string, edit kiosk.InterloanEdit, err error, key string, pairs ...any) error {
	if err == nil {
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error { return s.Corners.TakeBackInterloan(ctx, a, edit) }, key, pairs...)
	}
	return err
}

func (s *Server) addedInterloan(r *http.Request, a kiosk.Attempt, lot kiosk.ID, books []kiosk.InterloanBook) error {
	done, err := s.Corners.AddInterloanBooks(r.Context(), a, lot, books)
	n := 0
	for _, b := range done {
		n += b.Quantity
	}
	return s.saidInterloan(r, interloanPath(lot), kiosk.InterloanEdit{After: done}, err, "interloan.added", "n", n)
}

// interloanAdd reads the one line that is typed or scanned. A book that is known
// here by its ISBN needs no title.
func (s *Server) interloanAdd(r *http.Request, f *form, lot kiosk.ID) (func(kiosk.Attempt) error, error) {
	b := kiosk.InterloanBook{Code: f.code("code-0"), Quantity: f.count("quantity-0", 1, 1, kiosk.MaxInterloanCount)}
	if isbn, is := kiosk.ISBNOf(b.Code); is && f.Get("title-0") == "" {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			known, err := v.TitlesByISBN(isbn)
			if len(known) > 0 {
				f.Values.Set("title-0", known[0].Name())
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	b.Title = f.text("title-0", 1, kiosk.MaxText)
	return func(a kiosk.Attempt) error { return s.addedInterloan(r, a, lot, []kiosk.InterloanBook{b}) }, nil
}

// interloanPaste reads the lender's list: a line a book, its title, code and
// number set apart by a tab or a semicolon.
func (s *Server) interloanPaste(r *http.Request, f *form, lot kiosk.ID) func(kiosk.Attempt) error {
	var books []kiosk.InterloanBook
	for line := range strings.Lines(f.Get("books")) {
		if line = strings.TrimSpace(line); line != "" {
			books = append(books, interloanLineOf(line))
		}
	}
	if len(books) == 0 {
		f.fault("books", kiosk.FieldMissing, nil)
	}
	return func(a kiosk.Attempt) error { return s.addedInterloan(r, a, lot, books) }
}

// interloanLineOf reads "title; code; number". With two parts, a number below
// 1,000 is how many there are, anything else the code. A number that is none is
// -1, which the act refuses.
func interloanLineOf(line string) kiosk.InterloanBook {
	parts := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' || r == ';' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	b := kiosk.InterloanBook{Quantity: 1}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			return -1
		}
		return n
	}
	switch len(parts) {
	case 0:
	case 1:
		b.Title = parts[0]
	case 2:
		b.Title = parts[0]
		if n := number(parts[1]); n >= 0 && len(parts[1]) < 4 {
			b.Quantity = n
		} else {
			b.Code = parts[1]
		}
	default:
		b.Title, b.Code, b.Quantity = parts[0], parts[1], number(parts[2])
	}
	return b
}

// wrongInterloanLine puts what is wrong with a line of the list beside the list,
// and says of a code that stands in the lot what that means.
func (s *Server) wrongInterloanLine(r *http.Request, f *form) {
	lang := s.lang(r)
	unexpected := words.T(lang, "field."+string(kiosk.FieldUnexpected))
	for field, why := range f.Wrong {
		what, n, is := strings.Cut(field, "-")
		if !is || what != "title" && what != "code" && what != "quantity" {
			continue
		}
		if what == "code" && why == unexpected {
			why = words.T(lang, "interloan.twice")
			f.Wrong[field] = why
		}
		if f.Is("what", "paste") {
			delete(f.Wrong, field)
			f.Wrong["books"] = words.T(lang, "interloan.line_wrong", "n", atoi(n)+1, "field", words.T(lang, "interloan."+what), "why", why)
		}
	}
}

// interloanScan gives one book back by its code.
func (s *Server) interloanScan(r *http.Request, f *form, lot kiosk.ID) (func(kiosk.Attempt) error, error) {
	code := f.code("scan")
	if f.Get("scan") == "" {
		f.fault("scan", kiosk.FieldMissing, nil)
	}
	x, err := s.interloanIn(r)
	if err != nil {
		return nil, err
	}
	return func(a kiosk.Attempt) error {
		n := slices.IndexFunc(x.Books, func(b kiosk.InterloanBook) bool { return strings.EqualFold(b.Code, code) })
		if n < 0 {
			return s.otherInterloan(r, code)
		}
		b, item := x.Books[n], kiosk.InterloanBack{Book: x.Books[n].ID, Back: 1}
		if b.Out() == 0 {
			if b.Lost == 0 {
				return told("scan", "interloan.scan_gone", "title", b.Title, "day", words.Date(b.Last))
			}
			item.Lost = -1 // found
		}
		edit, err := s.Corners.GiveBackInterloan(r.Context(), a, lot, []kiosk.InterloanBack{item})
		return s.saidInterloan(r, interloanPath(lot), edit, err, "interloan.scan_back", "title", b.Title, "n", x.Sum.Out-item.Back-item.Lost)
	}, nil
}

// otherInterloan tells of a code that is not of the lot whose it is.
func (s *Server) otherInterloan(r *http.Request, code string) error {
	var b kiosk.InterloanBook
	var l kiosk.Interloan
	var ours kiosk.Item
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if b, err = v.InterloanByCode(code); err == nil {
			l, err = v.Interloan(b.Lot)
			return err
		}
		if !isNotFound(err) {
			return err
		}
		if ours, err = itemOfCode(v, code); isNotFound(err) {
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case l.ID != "":
		return told("scan", "interloan.scan_other", "title", b.Title, "lender", l.Lender, "day", words.Date(l.Received))
	case ours.ID != "":
		return told("scan", "interloan.scan_ours", "title", ours.Title.Name())
	}
	return told("scan", "interloan.scan_unknown", "code", code)
}

// interloanBack reads what is given back by number: of some lines, or all that is
// here.
func (s *Server) interloanBack(r *http.Request, f *form, lot kiosk.ID) (func(kiosk.Attempt) error, error) {
	var items []kiosk.InterloanBack
	n := 0
	if f.Is("what", "all") {
		x, err := s.interloanIn(r)
		if err != nil {
			return nil, err
		}
		for _, b := range x.Books {
			if b.Out() > 0 {
				items, n = append(items, kiosk.InterloanBack{Book: b.ID, Back: b.Out()}), n+b.Out()
			}
		}
	} else {
		for field := range f.Values {
			id, is := strings.CutPrefix(field, "whole-")
			if !is {
				continue
			}
			b := kiosk.InterloanBack{Book: kiosk.ID(id)}
			for name, to := range map[string]*int{"whole-": &b.Back, "damaged-": &b.Damaged, "lost-": &b.Lost} {
				*to = f.count(name+id, 0, 0, kiosk.MaxInterloanCount)
			}
			items, n = append(items, b), n+b.Back+b.Damaged
		}
		slices.SortFunc(items, func(a, b kiosk.InterloanBack) int { return cmp.Compare(a.Book, b.Book) })
	}
	return func(a kiosk.Attempt) error {
		edit, err := s.Corners.GiveBackInterloan(r.Context(), a, lot, items)
		return s.saidInterloan(r, interloanPath(lot), edit, err, "interloan.back", "n", n)
	}, nil
}
