package web

import (
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// duplicates lists titles that may be one.
func (s *Server) duplicates(w http.ResponseWriter, r *http.Request) error {
	var groups [][]titleCard
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		list, err := v.Duplicates(mostDuplicates)
		if err != nil {
			return err
		}
		for _, g := range list {
			var cards []titleCard
			for _, t := range g {
				items, err := v.ItemsOfTitle(t.ID)
				if err != nil {
					return err
				}
				cards = append(cards, titleCard{Title: t, Copies: items})
			}
			groups = append(groups, cards)
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "duplicates.html", map[string]any{"Groups": groups, "Most": len(groups) == mostDuplicates})
	return nil
}

// mergeRow is one field of two titles side by side.
type mergeRow struct {
	Name       string // of the field; its words are the same
	Keep, Gone string
	Same       bool
	TakeGone   bool // the other's value is taken unless somebody says no
}

// mergeFields are those that are chosen one by one, people included.
var mergeFields = append([]string{"author"}, titleFields...)

func mergeValue(l words.Lang, t kiosk.Title, field string) string {
	if field == "author" {
		return namesOf(l, t)
	}
	return shownValue(l, field, formOfTitle(t).Get(field))
}

// mergePage shows two titles side by side; ?with= is the other one, found by a
// scan or by words before.
func (s *Server) mergePage(w http.ResponseWriter, r *http.Request) error {
	return s.mergeForm(w, r, http.StatusOK, newForm("with", r.URL.Query().Get("with")))
}

func (s *Server) mergeForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	id, with := kiosk.ID(r.PathValue("id")), kiosk.ID(f.Get("with"))
	q := queryText(r.URL.Query())
	var keep, gone titleCard
	var alike []kiosk.Title
	var found []kiosk.Found
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if keep, err = s.titleCard(v, id); err != nil {
			return err
		}
		if with != "" && with != id {
			gone, err = s.titleCard(v, with)
			return err
		}
		if alike, err = v.Alike(keep.Title); err != nil || q == "" {
			return err
		}
		_, found, err = v.Search(q, 0, 12)
		return err
	})
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(x kiosk.Found) bool { return x.Title.ID == id })
	var rows []mergeRow
	lang := s.lang(r)
	for _, name := range mergeFields {
		k, g := mergeValue(lang, keep.Title, name), mergeValue(lang, gone.Title, name)
		if k == "" && g == "" {
			continue
		}
		take := k == "" && g != ""
		if f.Values.Has("take." + name) {
			take = f.Is("take."+name, "gone")
		}
		rows = append(rows, mergeRow{Name: name, Keep: k, Gone: g, Same: k == g, TakeGone: take})
	}
	f.Values.Set(stampField, mergeStamp(keep.Title, gone.Title))
	s.deskPage(w, r, status, "merge.html", map[string]any{"F": f, "Keep": keep, "Gone": gone, "Rows": rows, "Alike": alike, "Found": found, "Q": q, "Itself": with == id})
	return nil
}

func mergeStamp(keep, gone kiosk.Title) string {
	both := formOfTitle(keep).Values
	for name, values := range formOfTitle(gone).Values {
		both["gone."+name] = values
	}
	return stampOf(both)
}

func (s *Server) merge(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	with := kiosk.ID(f.Get("with"))
	again := func(status int) error { return s.mergeForm(w, r, status, f) }
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if with == id {
			return "", kiosk.ErrSameTitle
		}
		var keep, gone kiosk.Title
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			if keep, err = v.Title(id); err != nil {
				return err
			}
			gone, err = v.Title(with)
			return err
		})
		if err != nil {
			return "", err
		}
		// What the librarian compared is what is merged.
		if f.Get(stampField) != mergeStamp(keep, gone) {
			return "", errStale
		}
		done, err := s.Cataloguing.MergeTitles(r.Context(), a, id, with, mergedOf(f, keep, gone))
		if err != nil {
			return "", err
		}
		to := titlePath(id)
		s.done(r, to, s.undoOf(done.Result.EventSeq), "titles.merged", "title", gone.Title)
		return to, nil
	}, again)
}

// mergedOf is the title that the choices make of two.
func mergedOf(f *form, keep, gone kiosk.Title) kiosk.Title {
	values, other := formOfTitle(keep), formOfTitle(gone)
	m := keep
	for _, name := range titleFields {
		if f.Is("take."+name, "gone") {
			values.Values[name] = other.Values[name]
		}
	}
	m = titleOfEdit(values)
	m.ID, m.Authors, m.Relators = keep.ID, keep.Authors, keep.Relators
	if f.Is("take.author", "gone") {
		m.Authors, m.Relators = gone.Authors, gone.Relators
	}
	return m
}
