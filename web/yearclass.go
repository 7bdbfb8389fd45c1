package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// yearClass shows each pupil of a class, for the exceptions.
func (s *Server) yearClass(w http.ResponseWriter, r *http.Request) error {
	return s.showYearClass(w, r, http.StatusOK, nil)
}

func (s *Server) showYearClass(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	if s.People == nil {
		return errNotFound
	}
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	class, pupils := y.pupilsOf(kiosk.ID(r.PathValue("id")))
	if class.ID == "" {
		return errNotFound
	}
	if f == nil {
		f = formOfFates(pupils, y.Order.Fates).stamp()
	}
	s.deskPage(w, r, status, "yearclass.html", map[string]any{"Y": y, "F": f, "Class": class, "Pupils": pupils, "Fates": kiosk.Fates})
	return nil
}

// formOfFates are the exceptions of a class as their form shows them.
func formOfFates(pupils []kiosk.PlannedPupil, fates map[kiosk.ID]kiosk.PupilFate) *form {
	f := newForm()
	for _, p := range pupils {
		id, one := p.Patron.ID, fates[p.Patron.ID]
		f.Values.Set("fate-"+string(id), string(cmp.Or(one.Fate, kiosk.FatePromote)))
		f.Values.Set("class-"+string(id), one.Class)
	}
	return f
}

// pupilsOf are the pupils of a class, by given name.
func (y yearView) pupilsOf(id kiosk.ID) (class moveRow, rows []kiosk.PlannedPupil) {
	i := slices.IndexFunc(y.Moves, func(m moveRow) bool { return m.ID == id })
	if i < 0 {
		return class, nil
	}
	take := func(p kiosk.PlannedPupil) {
		if p.Class == id {
			rows = append(rows, p)
		}
	}
	for _, c := range y.Plan.Classes {
		for _, p := range c.Pupils {
			take(p)
		}
	}
	for _, p := range y.Plan.Leavers {
		take(p)
	}
	slices.SortStableFunc(rows, func(a, b kiosk.PlannedPupil) int {
		return strings.Compare(fold.NameOrder(a.Patron.Name), fold.NameOrder(b.Patron.Name))
	})
	return y.Moves[i], rows
}

// putYearClass keeps the exceptions of a class.
func (s *Server) putYearClass(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	class, pupils := y.pupilsOf(kiosk.ID(r.PathValue("id")))
	if class.ID == "" {
		return errNotFound
	}
	fates := map[kiosk.ID]kiosk.PupilFate{}
	for _, p := range pupils {
		id := string(p.Patron.ID)
		one := kiosk.PupilFate{Fate: oneOf(f, "fate-"+id, kiosk.Fates), Class: f.text("class-"+id, 0, kiosk.MaxClassName)}
		if one.Fate == kiosk.FatePromote {
			one.Fate = ""
		}
		fates[p.Patron.ID] = one
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		err := s.changeDraft(r.Context(), func(o *kiosk.PromotionOrder) error {
			stored := formOfFates(pupils, o.Fates)
			stored.say = func(field, value string) string {
				if strings.HasPrefix(field, "fate-") {
					return words.T(s.lang(r), "year.fate."+value)
				}
				return value
			}
			if err := f.stale(stored); err != nil {
				return err
			}
			for id, one := range fates {
				if one == (kiosk.PupilFate{}) {
					delete(o.Fates, id)
				} else {
					o.Fates[id] = one
				}
			}
			return nil
		})
		return "/desk/year#plan", err
	}, func(status int) error { return s.showYearClass(w, r, status, f) })
}
