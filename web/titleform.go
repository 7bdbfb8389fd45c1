package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/web/words"
)

func isNotFound(err error) bool { return errors.Is(err, kiosk.ErrNotFound) }

// authorRows is how many lines for people the form has at least; there are
// always two more than people.
const authorRows = 3

// titleChoices is what the form of a title offers.
type titleChoices struct {
	Levels    []labels.Level
	Languages []string
	Schemes   []kiosk.Scheme
	Relators  []kiosk.Relator
}

var languageCodes = []string{"vi", "en", "fr", "zh", "ja", "ko", "ru", "de"}

func (s *Server) titleChoices(v kiosk.View, f *form) (c titleChoices, err error) {
	c = titleChoices{Languages: languageCodes, Schemes: kiosk.Schemes, Relators: kiosk.Relators}
	if l := f.Get("title.language"); l != "" && !slices.Contains(c.Languages, l) {
		c.Languages = append(slices.Clone(c.Languages), l)
	}
	if c.Levels, err = s.levels(v); err != nil {
		return c, err
	}
	if l := f.Get("title.level"); l != "" && levelOf(c.Levels, l).Code == "" {
		c.Levels = append(slices.Clone(c.Levels), labels.Level{Code: l, Letter: "?", Name: l})
	}
	return c, nil
}

// formOfTitle is a title as its form shows it.
func formOfTitle(t kiosk.Title) *form {
	num := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	f := newForm(
		"title.title", t.Title, "title.remainder", t.Remainder, "title.publisher", t.Publisher, "title.pub_place", t.PubPlace, "title.year", num(int64(t.Year)),
		"title.edition", t.Edition, "title.series", t.Series, "title.isbn", t.ISBN, "title.class_number", t.ClassNumber, "title.class_scheme", string(t.ClassScheme),
		"title.subjects", strings.Join(t.Subjects, "; "), "title.grade", num(int64(t.Grade)), "title.level", t.Level, "title.language", t.Language,
		"title.pages", num(int64(t.Pages)), "title.size", t.Size, "title.price", num(t.Price), "title.call_number", t.CallNumber, "title.link", t.Link, "title.summary", t.Summary,
	)
	for i, a := range t.Authors {
		f.Values.Add("author", a)
		f.Values.Add("relator", string(t.RelatorOf(i)))
	}
	return f
}

// titleOfEdit reads a title from its form.
func titleOfEdit(f *form) kiosk.Title {
	t := kiosk.Title{
		Title: f.text("title.title", 1, kiosk.MaxName), Remainder: f.text("title.remainder", 0, kiosk.MaxName), Publisher: f.text("title.publisher", 0, kiosk.MaxText),
		PubPlace: f.text("title.pub_place", 0, kiosk.MaxText), Year: f.count("title.year", 0, 0, 9999), Edition: f.text("title.edition", 0, kiosk.MaxText),
		Series: f.text("title.series", 0, kiosk.MaxText), ISBN: f.isbn("title.isbn"), ClassNumber: f.text("title.class_number", 0, kiosk.MaxText),
		ClassScheme: oneOf(f, "title.class_scheme", append([]kiosk.Scheme{""}, kiosk.Schemes...)), Grade: f.count("title.grade", 0, 0, 12), Level: f.text("title.level", 0, kiosk.MaxText),
		Language: f.text("title.language", 0, kiosk.MaxText), Pages: f.count("title.pages", 0, 0, 100_000), Size: f.text("title.size", 0, kiosk.MaxText),
		Price: f.money("title.price"), CallNumber: f.text("title.call_number", 0, kiosk.MaxText), Link: f.text("title.link", 0, kiosk.MaxNoteText), Summary: f.lines("title.summary", 0, kiosk.MaxNoteText),
		Subjects: f.list("title.subjects"),
	}
	relators := f.Values["relator"]
	for i, a := range f.Values["author"] {
		if a == "" {
			continue
		}
		r := kiosk.Author
		if i < len(relators) {
			r = kiosk.Relator(relators[i])
		}
		t.Authors, t.Relators = append(t.Authors, a), append(t.Relators, r)
	}
	return t
}

// list reads words set apart by semicolons; each is bounded as a text is.
func (f *form) list(field string) (all []string) {
	for x := range strings.SplitSeq(f.Get(field), ";") {
		if x = strings.TrimSpace(x); x != "" && !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}

// author is a line of the form for a person.
type author struct{ Name, Relator string }

func authorsOf(f *form) (rows []author) {
	relators := f.Values["relator"]
	for i, a := range f.Values["author"] {
		r := ""
		if i < len(relators) {
			r = relators[i]
		}
		if a != "" {
			rows = append(rows, author{a, r})
		}
	}
	for len(rows) < authorRows || rows[len(rows)-2].Name != "" {
		rows = append(rows, author{})
	}
	return rows
}

// titleForm shows the form; id is "" for a new title.
func (s *Server) titleForm(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	var choices titleChoices
	var alike []kiosk.Title
	var t kiosk.Title
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if id != "" {
			if t, err = v.Title(id); err != nil {
				return err
			}
		}
		if choices, err = s.titleChoices(v, f); err != nil {
			return err
		}
		alike, err = v.Alike(kiosk.Title{ID: id, Title: f.Get("title.title"), Remainder: f.Get("title.remainder"), ISBN: f.Get("title.isbn")})
		return err
	})
	if err != nil {
		return err
	}
	if id != "" && t.MergedInto != "" {
		http.Redirect(w, r, titlePath(t.MergedInto), http.StatusSeeOther)
		return nil
	}
	s.deskPage(w, r, status, "titleform.html", map[string]any{"F": f, "ID": id, "T": t, "Choices": choices, "Alike": alike, "Authors": authorsOf(f)})
	return nil
}

func (s *Server) newTitle(w http.ResponseWriter, r *http.Request) error {
	f := newForm("title.language", "vi", "title.class_scheme", string(kiosk.DDC))
	q := queryText(r.URL.Query())
	if isbn, ok := kiosk.ISBNOf(q); ok {
		f.Values.Set("title.isbn", isbn)
	} else {
		f.Values.Set("title.title", q)
	}
	return s.titleForm(w, r, http.StatusOK, f, "")
}

func (s *Server) addTitle(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	t := titleOfEdit(f)
	if t.CallNumber == "" {
		t.CallNumber = proposedCallNumber(t)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		made, done, err := s.Cataloguing.AddTitle(r.Context(), a, t)
		if err != nil {
			return "", err
		}
		to := titlePath(made.ID)
		s.made(r, to, "/desk/titles", s.undoOf(done.Result.EventSeq), "titles.added")
		return to, nil
	}, func(status int) error { return s.titleForm(w, r, status, f, "") })
}

func (s *Server) editTitle(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	var t kiosk.Title
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		t, err = v.Title(id)
		return err
	})
	if err != nil {
		return err
	}
	return s.titleForm(w, r, http.StatusOK, formOfTitle(t).stamp(), id)
}

func (s *Server) changeTitle(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	t := titleOfEdit(f)
	t.ID = id
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Cataloguing.EditTitle(r.Context(), a, t, func(now kiosk.Title) error { return f.stale(formOfTitle(now)) })
		if err != nil {
			return "", err
		}
		to := titlePath(id)
		s.done(r, to, s.undoOf(done.Result.EventSeq), "titles.changed")
		return to, nil
	}, func(status int) error { return s.titleForm(w, r, status, f, id) })
}

// alike is the part of a page that names titles like the one being typed.
func (s *Server) alike(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	var list []kiosk.Title
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		list, err = v.Alike(kiosk.Title{ID: kiosk.ID(q.Get("id")), Title: tidy(q.Get("title.title")), Remainder: tidy(q.Get("title.remainder")), ISBN: q.Get("title.isbn")})
		return err
	})
	if err != nil {
		return err
	}
	s.page(w, r, http.StatusOK, "alike.html", map[string]any{"Alike": list, "ID": q.Get("id")})
	return nil
}

// titleChanges names what an edit of a title changed.
func titleChanges(l words.Lang, e kiosk.TitleEdit) (all []change) {
	before, after := formOfTitle(e.Before).Values, formOfTitle(e.After).Values
	for _, name := range titleFields {
		b, a := strings.Join(before[name], "; "), strings.Join(after[name], "; ")
		if b != a {
			all = append(all, change{name, shownValue(l, name, b), shownValue(l, name, a)})
		}
	}
	if b, a := namesOf(l, e.Before), namesOf(l, e.After); b != a {
		all = append(all, change{"title.authors", b, a})
	}
	return all
}

// namesOf are the people of a title, with what they did.
func namesOf(l words.Lang, t kiosk.Title) string {
	names := slices.Clone(t.Authors)
	for i := range names {
		if r := t.RelatorOf(i); r != kiosk.Author {
			names[i] += " (" + words.T(l, "relator."+string(r)) + ")"
		}
	}
	return strings.Join(names, "; ")
}

// shownValue is a field's value as people read it: codes in words.
func shownValue(l words.Lang, field, v string) string {
	if prefix := map[string]string{"title.language": "language.", "title.class_scheme": "scheme."}[field]; prefix != "" && words.Has(l, prefix+v) {
		return words.T(l, prefix+v)
	}
	return v
}

// titleFields are the fields of a title's form, without its people, in their
// order; each has words "title.NAME".
var titleFields = []string{
	"title.title", "title.remainder", "title.publisher", "title.pub_place", "title.year", "title.edition", "title.series", "title.isbn",
	"title.class_number", "title.class_scheme", "title.call_number", "title.subjects", "title.grade", "title.level", "title.language", "title.pages",
	"title.size", "title.price", "title.link", "title.summary",
}
