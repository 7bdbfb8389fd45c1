package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/labels"
	"muontra/labels/queue"
)

// subKinds are those that the loan rules speak of.
var subKinds = []string{kiosk.Story, kiosk.Dictionary, kiosk.Subject, kiosk.HoChiMinh, kiosk.Ethics, kiosk.Law, kiosk.Pedagogy, kiosk.InService, kiosk.Guidance}

// lineChoices is what the form of a line offers.
type lineChoices struct {
	Kinds     []kiosk.Kind
	SubKinds  []string
	Places    []kiosk.Place
	Levels    []labels.Level
	Languages []string
	Most      int
}

func (s *Server) lineChoices(v kiosk.View) (lineChoices, error) {
	c := lineChoices{Kinds: kiosk.Kinds, SubKinds: subKinds, Languages: []string{"vi", "en", "fr", "zh"}, Most: kiosk.MaxQuantity}
	places, err := v.Places()
	if err != nil {
		return c, err
	}
	c.Places = slices.DeleteFunc(places, func(p kiosk.Place) bool { return p.Closed })
	set, _, err := queue.School(v, s.Now())
	if err != nil {
		return c, err
	}
	if c.Levels = set.Levels; c.Levels == nil {
		c.Levels = labels.DefaultLevels()
	}
	return c, nil
}

// addLine is the way to a new line: first the title, by ISBN or words or made
// new, then its copies. What was scanned or typed is in the query.
func (s *Server) addLine(w http.ResponseWriter, r *http.Request) error {
	rc, err := s.receiptIn(r)
	if err != nil {
		return err
	}
	q := tidy(r.URL.Query().Get("q"))
	if runes := []rune(q); len(runes) > kiosk.MaxName {
		q = string(runes[:kiosk.MaxName])
	}
	title := kiosk.ID(r.URL.Query().Get("title"))
	isbn, isISBN := kiosk.ISBNOf(q)
	var found []kiosk.Found
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if title != "" || q == "" {
			return nil
		}
		if isISBN {
			list, err := v.TitlesByISBN(isbn)
			if err != nil || len(list) == 1 {
				if len(list) == 1 {
					title = list[0].ID
				}
				return err
			}
			for _, t := range list {
				found = append(found, kiosk.Found{Title: t})
			}
			return nil
		}
		_, found, err = v.Search(q, 0, 12)
		return err
	})
	if err != nil {
		return err
	}
	if title == "" && q == "" {
		http.Redirect(w, r, receiptPath(rc.ID), http.StatusSeeOther)
		return nil
	}
	fresh := r.URL.Query().Get("new") != "" || isISBN && len(found) == 0
	if title == "" && !fresh {
		s.deskPage(w, r, http.StatusOK, "linefind.html", map[string]any{"R": rc, "Q": q, "Found": found})
		return nil
	}
	f := newForm("quantity", "1", "price", "0", "title.language", "vi", "title", string(title))
	switch {
	case isISBN:
		f.Values.Set("title.isbn", isbn)
	case fresh:
		f.Values.Set("title.title", q)
	}
	if err := s.asBefore(r.Context(), rc.ID, title, f); err != nil {
		return err
	}
	return s.lineForm(w, r, http.StatusOK, f, rc, "")
}

// asBefore fills in what the line before had, or the title's copies: a box of
// new books is mostly of one kind and goes to one shelf.
func (s *Server) asBefore(ctx context.Context, receipt, title kiosk.ID, f *form) error {
	return s.Ledger.View(ctx, func(v kiosk.View) error {
		kind, sub, place := kiosk.Children, "", kiosk.ID("")
		lines, err := v.ReceiptLines(receipt)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			l := lines[len(lines)-1]
			kind, sub, place = l.Kind, l.SubKind, l.HomePlace
		}
		if title != "" {
			t, err := v.Title(title)
			if err != nil {
				return err
			}
			f.Values.Set("price", strconv.FormatInt(t.Price, 10))
			items, err := v.ItemsOfTitle(title)
			if err != nil {
				return err
			}
			if len(items) > 0 {
				c := items[len(items)-1].Copy
				kind, sub, place = c.Kind, c.SubKind, cmp.Or(c.HomePlace, place)
				f.Values.Set("price", strconv.FormatInt(cmp.Or(c.Price, t.Price), 10))
			}
		}
		f.Values.Set("kind", string(kind))
		f.Values.Set("sub_kind", sub)
		f.Values.Set("home_place", string(place))
		return nil
	})
}

// lineForm shows the form of a line: of a title that is known, or of a new one.
func (s *Server) lineForm(w http.ResponseWriter, r *http.Request, status int, f *form, rc kiosk.Receipt, line kiosk.ID) error {
	var title kiosk.Title
	var choices lineChoices
	id := kiosk.ID(f.Get("title"))
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if choices, err = s.lineChoices(v); err != nil || id == "" {
			return err
		}
		title, err = v.Title(id)
		return err
	})
	if err != nil {
		return err
	}
	if sub := f.Get("sub_kind"); sub != "" && !slices.Contains(choices.SubKinds, sub) {
		choices.SubKinds = append(slices.Clone(choices.SubKinds), sub)
	}
	s.deskPage(w, r, status, "lineform.html", map[string]any{"F": f, "R": rc, "Line": line, "Title": title, "Choices": choices})
	return nil
}

// lineOf reads a line from its form.
func lineOf(f *form) kiosk.ReceiptLine {
	return kiosk.ReceiptLine{
		TitleID: kiosk.ID(f.Get("title")), Kind: kiosk.Kind(f.Get("kind")), SubKind: f.Get("sub_kind"),
		Quantity: int(f.whole("quantity", 0, false)), Price: f.whole("price", 0, true), HomePlace: kiosk.ID(f.Get("home_place")),
	}
}

// titleOfForm reads a new title from its form.
func titleOfForm(f *form) kiosk.Title {
	t := kiosk.Title{
		Title: f.Get("title.title"), Remainder: f.Get("title.remainder"), Publisher: f.Get("title.publisher"),
		Year: int(f.whole("title.year", 0, false)), ISBN: f.Get("title.isbn"), ClassNumber: f.Get("title.class_number"),
		Grade: int(f.whole("title.grade", 0, false)), Level: f.Get("title.level"), Language: f.Get("title.language"),
		Pages: int(f.whole("title.pages", 0, false)), CallNumber: f.Get("title.call_number"), Price: f.whole("price", 0, true),
	}
	for a := range strings.SplitSeq(f.Get("title.authors"), ";") {
		if a = strings.TrimSpace(a); a != "" {
			t.Authors = append(t.Authors, a)
		}
	}
	if t.CallNumber == "" {
		t.CallNumber = proposedCallNumber(t)
	}
	return t
}

// proposedCallNumber is the shelf mark that a title gets when the librarian
// writes none: its class number and three letters of the title.
func proposedCallNumber(t kiosk.Title) string {
	if t.ClassNumber == "" {
		return ""
	}
	letters := strings.ToUpper(strings.ReplaceAll(fold.Text(t.Title), " ", ""))
	return strings.TrimSpace(t.ClassNumber + " " + letters[:min(3, len(letters))])
}

// putLine adds a line to a receipt.
func (s *Server) putLine(w http.ResponseWriter, r *http.Request) error {
	rc, err := s.receiptIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	l, t := lineOf(f), kiosk.Title{}
	l.ReceiptID = rc.ID
	if l.TitleID == "" {
		t = titleOfForm(f)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		made, err := s.Acquisitions.AddLine(r.Context(), a, l, t)
		if err != nil {
			return "", err
		}
		to := receiptPath(rc.ID)
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Acquisitions.RemoveLine(ctx, a, made.Line.ID)
			return err
		}, "line.added", "n", made.Line.Quantity, "title", made.Title.Name())
		return to, nil
	}, func(status int) error { return s.lineForm(w, r, status, f, rc, "") })
}

// lineIn is the line that a path names, with its receipt.
func (s *Server) lineIn(r *http.Request) (rc kiosk.Receipt, l kiosk.ReceiptLine, err error) {
	if rc, err = s.receiptIn(r); err != nil {
		return rc, l, err
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		l, err = v.ReceiptLine(kiosk.ID(r.PathValue("line")))
		return err
	})
	if err == nil && l.ReceiptID != rc.ID {
		err = kiosk.ErrNotFound
	}
	return rc, l, err
}

// editLine is the filled form of a line.
func (s *Server) editLine(w http.ResponseWriter, r *http.Request) error {
	rc, l, err := s.lineIn(r)
	if err != nil {
		return err
	}
	return s.lineForm(w, r, http.StatusOK, formOfLine(l).stamp(), rc, l.ID)
}

func formOfLine(l kiosk.ReceiptLine) *form {
	return newForm("title", string(l.TitleID), "kind", string(l.Kind), "sub_kind", l.SubKind, "quantity", strconv.Itoa(l.Quantity),
		"price", strconv.FormatInt(l.Price, 10), "home_place", string(l.HomePlace))
}

// changeLine corrects a line.
func (s *Server) changeLine(w http.ResponseWriter, r *http.Request) error {
	rc, old, err := s.lineIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	f.Values.Set("title", string(old.TitleID))
	l := lineOf(f)
	l.ID, l.ReceiptID = old.ID, old.ReceiptID
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		was := old
		saved, err := s.Acquisitions.ChangeLine(r.Context(), a, l, func(now kiosk.ReceiptLine) error {
			was = now
			return f.stale(formOfLine(now))
		})
		if err != nil {
			return "", err
		}
		to := receiptPath(rc.ID)
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Acquisitions.ChangeLine(ctx, a, was, func(now kiosk.ReceiptLine) error {
				if now != saved.Line {
					return errChangedSince
				}
				return nil
			})
			return err
		}, "line.changed")
		return to, nil
	}, func(status int) error { return s.lineForm(w, r, status, f, rc, old.ID) })
}

// removeLine takes a line back.
func (s *Server) removeLine(w http.ResponseWriter, r *http.Request) error {
	rc, old, err := s.lineIn(r)
	if err != nil {
		return err
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to := receiptPath(rc.ID)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if _, err := s.Acquisitions.RemoveLine(r.Context(), a, old.ID); err != nil {
			return "", err
		}
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Acquisitions.ChangeLine(ctx, a, old, nil)
			return err
		}, "line.removed", "n", old.Quantity)
		return to, nil
	}, s.refused(w, r, f, to))
}
