package web

import (
	"context"
	"net/http"
	"strconv"

	"muontra/kiosk"
)

// declaredPath is the form of the totals that old papers declare; what they are
// compared with is the report.
const (
	declaredPath  = registersPath + "/declared"
	migrationPath = reportsPath + "/migration-check"
)

func (s *Server) declared(w http.ResponseWriter, r *http.Request) error {
	var d kiosk.Declared
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		d, err = kiosk.DeclaredOf(v)
		return err
	})
	if err != nil {
		return err
	}
	return s.declaredForm(w, r, http.StatusOK, formOfDeclared(d).stamp())
}

func (s *Server) declaredForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	s.deskPage(w, r, status, "declared.html", map[string]any{"F": f, "Kinds": kiosk.Kinds, "Parts": kiosk.DeclaredParts, "Back": migrationPath})
	return nil
}

func formOfDeclared(d kiosk.Declared) *form {
	f := newForm()
	num := func(n int) string {
		if n < 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	for _, k := range kiosk.Kinds {
		l := d.Of(k)
		f.Values.Set("titles_"+string(k), num(l.Titles))
		f.Values.Set("copies_"+string(k), num(l.Copies))
		f.Values.Set("note_"+string(k), l.Note)
		for _, sub := range kiosk.DeclaredParts[k] {
			l := d.Part(k, sub)
			f.Values.Set("titles_"+string(k)+"_"+sub, num(l.Titles))
			f.Values.Set("copies_"+string(k)+"_"+sub, num(l.Copies))
		}
	}
	return f
}

func declaredOfForm(f *form) (d kiosk.Declared) {
	said := func(field string) int {
		if f.Get(field) == "" {
			return -1 // the papers say nothing
		}
		return f.count(field, 0, 0, kiosk.MaxDeclared)
	}
	for _, k := range kiosk.Kinds {
		l := kiosk.DeclaredLine{
			Kind: k, Titles: said("titles_" + string(k)), Copies: said("copies_" + string(k)),
			Note: f.text("note_"+string(k), 0, kiosk.MaxText),
		}
		if l.Titles >= 0 || l.Copies >= 0 || l.Note != "" {
			d = append(d, l)
		}
		for _, sub := range kiosk.DeclaredParts[k] {
			part := kiosk.DeclaredLine{Kind: k, SubKind: sub, Titles: said("titles_" + string(k) + "_" + sub), Copies: said("copies_" + string(k) + "_" + sub)}
			if part.Titles >= 0 || part.Copies >= 0 {
				d = append(d, part)
			}
		}
	}
	return d
}

// putDeclared keeps them.
func (s *Server) putDeclared(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	d := declaredOfForm(f)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var c swap[kiosk.Declared]
		err := s.Settings.SetDeclared(r.Context(), a, c.remember(func(now kiosk.Declared) (kiosk.Declared, error) {
			return d, f.stale(formOfDeclared(now))
		}))
		if err != nil {
			return "", err
		}
		s.done(r, migrationPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetDeclared(ctx, a, c.back) }, "declared.saved")
		return migrationPath, nil
	}, func(status int) error { return s.declaredForm(w, r, status, f) })
}
