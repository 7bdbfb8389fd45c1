package web

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

func formOfCorner(c kiosk.Corner) *form {
	f := newForm("place", string(c.Place), "class", string(c.Class), "keeper", string(c.Keeper), "from", c.From.String(), "until", c.Until.String())
	if c.Honesty {
		f.Values.Set("honesty", "yes")
	}
	for _, m := range c.Monitors {
		f.Values.Add("monitor", string(m))
	}
	for _, d := range c.Days {
		f.Values.Add("weekday", strconv.Itoa(int(d)))
	}
	return f
}

// cornerOfForm puts what was typed into a corner.
func cornerOfForm(f *form, c kiosk.Corner) kiosk.Corner {
	c.Class, c.Keeper, c.Honesty = kiosk.ID(f.Get("class")), kiosk.ID(f.Get("keeper")), f.Is("honesty", "yes")
	c.From, c.Until = f.day("from", false), f.day("until", false)
	c.Monitors, c.Days = nil, nil
	for _, m := range f.Values["monitor"] {
		c.Monitors = append(c.Monitors, kiosk.ID(m))
	}
	for _, d := range f.Values["weekday"] {
		n, err := strconv.Atoi(d)
		if err != nil || n < 0 || n > 6 {
			f.fault("weekday", kiosk.FieldUnknown, nil)
			continue
		}
		c.Days = append(c.Days, time.Weekday(n))
	}
	return c
}

func (s *Server) newCorner(w http.ResponseWriter, r *http.Request) error {
	return s.cornerForm(w, r, http.StatusOK, newForm("place", r.URL.Query().Get("place")), "")
}

func (s *Server) addCorner(w http.ResponseWriter, r *http.Request) error {
	return s.saveCorner(w, r, "")
}

func (s *Server) editCorner(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	var c kiosk.Corner
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if c, err = v.Corner(id); err != nil {
			return err
		}
		c, err = s.newestRefs(v, c)
		return err
	})
	if err != nil {
		return err
	}
	return s.cornerForm(w, r, http.StatusOK, formOfCorner(c).stamp(), id)
}

// newestRefs names the keeper and the monitors by the references that the form
// offers: those of a past year lead to the same people. Who was forgotten is
// left out.
func (s *Server) newestRefs(v kiosk.View, c kiosk.Corner) (kiosk.Corner, error) {
	today, err := s.today(v)
	if err != nil {
		return c, err
	}
	newest := func(ref kiosk.ID) (kiosk.ID, error) {
		if ref == "" {
			return "", nil
		}
		m, err := v.MemberByRef(ref, today)
		if isNotFound(err) {
			return "", nil
		}
		return m.Ref, err
	}
	if c.Keeper, err = newest(c.Keeper); err != nil {
		return c, err
	}
	var helpers []kiosk.ID
	for _, ref := range c.Monitors {
		if ref, err = newest(ref); err != nil {
			return c, err
		}
		if ref != "" {
			helpers = append(helpers, ref)
		}
	}
	c.Monitors = helpers
	return c, nil
}

func (s *Server) changeCorner(w http.ResponseWriter, r *http.Request) error {
	return s.saveCorner(w, r, kiosk.ID(r.PathValue("id")))
}

func (s *Server) saveCorner(w http.ResponseWriter, r *http.Request, id kiosk.ID) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	place := id
	if id == "" {
		place = kiosk.ID(f.Get("place"))
		if place == "" {
			f.fault("place", kiosk.FieldMissing, nil)
		}
	}
	asked := cornerOfForm(f, kiosk.Corner{Place: place})
	var seen kiosk.Corner
	var stored *form
	if id != "" {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			if seen, err = v.Corner(id); err != nil {
				return err
			}
			shown, err := s.newestRefs(v, seen)
			if err != nil {
				return err
			}
			stored = formOfCorner(shown)
			x, err := s.cornerChoices(v, s.lang(r), shown)
			stored.say = x.say
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was kiosk.Corner
		_, err := s.Corners.SetCorner(r.Context(), a, place, func(c kiosk.Corner) (kiosk.Corner, error) {
			was = c
			if id != "" {
				if !reflect.DeepEqual(c, seen) { // changed while this was read
					return c, errStale
				}
				if err := f.stale(stored); err != nil {
					return c, err
				}
			}
			c.Class, c.Keeper, c.Monitors, c.Days, c.From, c.Until, c.Honesty = asked.Class, asked.Keeper, asked.Monitors, asked.Days, asked.From, asked.Until, asked.Honesty
			return c, nil
		})
		if err != nil {
			return "", err
		}
		back := func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Corners.SetCorner(ctx, a, place, func(kiosk.Corner) (kiosk.Corner, error) { return was, nil })
			return err
		}
		if id == "" { // a new corner: the place is one no more
			back = func(ctx context.Context, a kiosk.Attempt) error {
				_, err := s.Corners.EndCorner(ctx, a, place, "", true)
				return err
			}
		}
		s.done(r, deskCornerPath(place), back, "corner.done.saved")
		return deskCornerPath(place), nil
	}, func(status int) error { return s.cornerForm(w, r, status, f, id) })
}

func (s *Server) cornerForm(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	lang := s.lang(r)
	var x cornerChoices
	var place kiosk.Place
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		places, err := placesByID(v)
		if err != nil {
			return err
		}
		place = places[id]
		x, err = s.cornerChoices(v, lang, kiosk.Corner{Class: kiosk.ID(f.Get("class"))})
		return err
	})
	if err != nil {
		return err
	}
	var days []choice
	for _, d := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
		days = append(days, choice{strconv.Itoa(int(d)), words.T(lang, "weekday."+strconv.Itoa(int(d)))})
	}
	s.deskPage(w, r, status, "cornerform.html", map[string]any{"F": f, "ID": id, "Place": place, "X": x, "Days": days})
	return nil
}

func (s *Server) cornerTerms(w http.ResponseWriter, r *http.Request) error {
	var all []kiosk.CornerTerms
	if err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) { all, err = kiosk.AllCornerTerms(v); return err }); err != nil {
		return err
	}
	return s.showCornerTerms(w, r, http.StatusOK, formOfCornerTerms(all).stamp())
}

func formOfCornerTerms(all []kiosk.CornerTerms) *form {
	f := newForm()
	for _, t := range all {
		f.Values.Set("days."+string(t.Kind), strconv.Itoa(t.Days))
		f.Values.Set("limit."+string(t.Kind), strconv.Itoa(t.Limit))
		if t.OwnClass {
			f.Values.Set("own."+string(t.Kind), "yes")
		}
	}
	return f
}

func (s *Server) showCornerTerms(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	s.deskPage(w, r, status, "cornerterms.html", map[string]any{"F": f, "Kinds": choices(s.lang(r), "place_kind.", kiosk.CornerKinds)})
	return nil
}

func (s *Server) setCornerTerms(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	var all []kiosk.CornerTerms
	for _, k := range kiosk.CornerKinds {
		all = append(all, kiosk.CornerTerms{Kind: k, Days: f.count("days."+string(k), 0, 1, kiosk.MaxCornerDays), Limit: f.count("limit."+string(k), -1, 0, kiosk.MaxCornerLimit), OwnClass: f.Is("own."+string(k), "yes")})
	}
	page := cornersPath + "/terms"
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was []kiosk.CornerTerms
		err := s.Corners.SetCornerTerms(r.Context(), a, func(old []kiosk.CornerTerms) ([]kiosk.CornerTerms, error) {
			was = slices.Clone(old)
			return all, f.stale(formOfCornerTerms(old))
		})
		if err != nil {
			return "", err
		}
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Corners.SetCornerTerms(ctx, a, func([]kiosk.CornerTerms) ([]kiosk.CornerTerms, error) { return was, nil })
		}, "corner.done.terms")
		return page, nil
	}, func(status int) error { return s.showCornerTerms(w, r, status, f) })
}

// pickOf reads what books a box is to be filled with.
func pickOf(f *form, place kiosk.ID) kiosk.Pick {
	q := kiosk.Pick{Place: place, Count: f.count("count", 40, 1, kiosk.MaxBox), Grade: f.count("grade", 0, 0, 12)}
	for l := range strings.SplitSeq(f.Get("levels"), ",") {
		if l = strings.TrimSpace(l); l != "" {
			q.Levels = append(q.Levels, l)
		}
	}
	return q
}

// pickForCorner proposes books for the box; nothing changes.
func (s *Server) pickForCorner(w http.ResponseWriter, r *http.Request) error {
	f := newForm()
	for _, name := range []string{"count", "grade", "levels"} {
		f.Values.Set(name, tidy(r.URL.Query().Get(name)))
	}
	return s.showPick(w, r, http.StatusOK, f)
}

func (s *Server) showPick(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	place := kiosk.ID(r.PathValue("id"))
	q := pickOf(f, place)
	var items []kiosk.Item
	var levels []string
	var at kiosk.Place
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		c, err := v.Corner(place)
		if err != nil {
			return err
		}
		if c.Class != "" && !f.Values.Has("sent") && f.Get("grade") == "" {
			class, err := v.Class(c.Class)
			if err != nil {
				return err
			}
			f.Values.Set("grade", strconv.Itoa(class.Grade))
			q.Grade = class.Grade
		}
		places, err := placesByID(v)
		if err != nil {
			return err
		}
		at = places[place]
		seen := map[string]bool{"": true}
		if err := v.EachTitle(func(t kiosk.Title) error {
			if !seen[t.Level] {
				seen[t.Level], levels = true, append(levels, t.Level)
			}
			return nil
		}); err != nil {
			return err
		}
		if f.Get("count") == "" {
			f.Values.Set("count", "40")
		}
		if len(f.Wrong) == 0 {
			items, err = kiosk.PickCopies(v, q)
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(levels)
	s.deskPage(w, r, status, "cornerpick.html", map[string]any{"F": f, "Items": items, "Levels": strings.Join(levels, ", "), "At": at})
	return nil
}

// fillCorner puts the books that are ticked into the corner's box.
func (s *Server) fillCorner(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	place := kiosk.ID(r.PathValue("id"))
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		begin := a
		begin.CommandID = "" // it begins once by itself
		b, err := s.Corners.BeginHandover(r.Context(), begin, place, kiosk.Day{})
		if err != nil {
			return "", err
		}
		var ids []kiosk.ID
		for _, id := range f.Values["pick"] {
			ids = append(ids, kiosk.ID(id))
		}
		had, err := s.inBox(r.Context(), b.ID)
		if err != nil {
			return "", err
		}
		n, err := s.Corners.FillBox(r.Context(), a, b.ID, ids)
		if err != nil {
			return "", err
		}
		has, err := s.inBox(r.Context(), b.ID)
		if err != nil {
			return "", err
		}
		put := slices.DeleteFunc(has, func(id kiosk.ID) bool { return slices.Contains(had, id) })
		s.done(r, deskCornerPath(place), func(ctx context.Context, a kiosk.Attempt) error {
			for _, id := range put {
				out := a
				out.CommandID += "-" + string(id)
				if _, err := s.Corners.TakeOutOfBox(ctx, out, b.ID, id); err != nil {
					return err
				}
			}
			return nil
		}, "corner.done.filled", "n", n)
		return deskCornerPath(place), nil
	}, func(status int) error { return s.showPick(w, r, status, f) })
}

// inBox are the copies that lie in a box.
func (s *Server) inBox(ctx context.Context, deposit kiosk.ID) (ids []kiosk.ID, err error) {
	err = s.Ledger.View(ctx, func(v kiosk.View) error {
		all, err := v.DepositCopies(deposit)
		for _, c := range all {
			if c.End == kiosk.InBox {
				ids = append(ids, c.Copy)
			}
		}
		return err
	})
	return ids, err
}
