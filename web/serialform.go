package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// formOfSubscription is a subscription as its form shows it.
func formOfSubscription(s kiosk.Subscription, title string) *form {
	lend, price := "", ""
	if s.Lend {
		lend = "yes"
	}
	if s.Price > 0 {
		price = strconv.FormatInt(s.Price, 10)
	}
	return newForm("name", title, "code", s.Code, "frequency", string(s.Frequency), "per_period", strconv.Itoa(s.PerPeriod), "from", s.From.String(), "to", s.To.String(),
		"first", strconv.Itoa(s.First), "copies", strconv.Itoa(s.Copies), "price", price, "supplier", s.Supplier, "place", string(s.PlaceID), "lend", lend,
		"route", strings.Join(s.Route, "\n"), "note", s.Note)
}

func subscriptionOfForm(f *form) (kiosk.Subscription, kiosk.Title) {
	s := kiosk.Subscription{
		Code: f.text("code", 0, kiosk.MaxCode), Frequency: oneOf(f, "frequency", kiosk.Frequencies), PerPeriod: f.count("per_period", 1, 1, kiosk.MaxPerPeriod),
		From: f.day("from", true), To: f.day("to", true), First: f.count("first", 1, 1, kiosk.MaxIssueNumber), Copies: f.count("copies", 1, 1, kiosk.MaxIssueCopies),
		Price: f.money("price"), Supplier: f.text("supplier", 0, kiosk.MaxText), PlaceID: kiosk.ID(f.Get("place")), Lend: f.Is("lend", "yes"), Note: f.lines("note", 0, kiosk.MaxNoteText),
	}
	for line := range strings.SplitSeq(f.lines("route", 0, kiosk.MaxNoteText), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			s.Route = append(s.Route, line)
		}
	}
	return s, kiosk.Title{Title: f.text("name", 1, kiosk.MaxName)}
}

// subscriptionForm shows the form; id is "" for a new one.
func (s *Server) subscriptionForm(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	var names, suppliers []string
	var places []kiosk.Place
	var classes []kiosk.Class
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		subs, err := v.Subscriptions()
		if err != nil {
			return err
		}
		for _, sub := range subs {
			t, err := v.Title(sub.TitleID)
			if err != nil {
				return err
			}
			names, suppliers = append(names, t.Title), append(suppliers, sub.Supplier)
		}
		if classes, err = s.classesNow(v); err != nil {
			return err
		}
		places, err = v.Places()
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(names, func(a, b string) int { return compareText(fold.Order(a), fold.Order(b)) })
	slices.Sort(suppliers)
	places = slices.DeleteFunc(slices.Clone(places), func(p kiosk.Place) bool { return p.Closed && string(p.ID) != f.Get("place") })
	suppliers = slices.DeleteFunc(slices.Compact(suppliers), func(s string) bool { return s == "" })
	s.deskPage(w, r, status, "subscriptionform.html", map[string]any{
		"F": f, "ID": id, "Names": slices.Compact(names), "Suppliers": suppliers, "Places": places, "Classes": classes, "Every": choices(s.lang(r), "serials.frequency.", kiosk.Frequencies),
	})
	return nil
}

// newSubscription begins a new one: empty, or as another goes on after its end.
func (s *Server) newSubscription(w http.ResponseWriter, r *http.Request) error {
	f := newForm("frequency", string(kiosk.Weekly), "per_period", "1", "copies", "1", "first", "1")
	if after := kiosk.ID(r.URL.Query().Get("after")); after != "" {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			sub, err := v.Subscription(after)
			if err != nil {
				return err
			}
			t, err := v.Title(sub.TitleID)
			if err != nil {
				return err
			}
			f = formOfSubscription(sub.Next(), t.Title)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.subscriptionForm(w, r, http.StatusOK, f, "")
}

func (s *Server) addSubscription(w http.ResponseWriter, r *http.Request) error {
	return s.saveSubscription(w, r, "")
}

func (s *Server) editSubscription(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	var f *form
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		sub, err := v.Subscription(id)
		if err != nil {
			return err
		}
		t, err := v.Title(sub.TitleID)
		f = formOfSubscription(sub, t.Title)
		return err
	})
	if err != nil {
		return err
	}
	return s.subscriptionForm(w, r, http.StatusOK, f.stamp(), id)
}

func (s *Server) changeSubscription(w http.ResponseWriter, r *http.Request) error {
	return s.saveSubscription(w, r, kiosk.ID(r.PathValue("id")))
}

func (s *Server) saveSubscription(w http.ResponseWriter, r *http.Request, id kiosk.ID) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	sub, title := subscriptionOfForm(f)
	sub.ID = id
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		saved, ans, err := s.Cataloguing.SaveSubscription(r.Context(), a, sub, title, func(now kiosk.Subscription) error { return f.stale(formOfSubscription(now, title.Title)) })
		if err != nil {
			return "", err
		}
		key := "serials.saved"
		if id == "" {
			key = "serials.added"
		}
		s.done(r, serialPath(saved.ID), s.undoOf(ans.Result.EventSeq), key, "n", len(saved.Plan()))
		return serialPath(saved.ID), nil
	}, func(status int) error { return s.subscriptionForm(w, r, status, f, id) })
}
