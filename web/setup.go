package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/web/password"
	"muontra/web/words"
)

// setUpRoutes are the first start: the account, the school, what comes next.
func (s *Server) setUpRoutes() []route {
	return []route{
		{"GET", "/desk/set-up", onMachine, s.setUpPage},
		{"POST", "/desk/set-up", onMachine, s.setUp},
		{"GET", startPath, librarian, s.start},
		{"POST", startPath, librarian, s.nameSchool},
	}
}

const startPath = "/desk/start"

func (s *Server) setUpPage(w http.ResponseWriter, r *http.Request) error {
	none, err := s.noAccounts(r.Context())
	if err != nil {
		return err
	}
	if !none || s.Accounts == nil {
		// It was done: go on where it was left.
		http.Redirect(w, r, startPath, http.StatusSeeOther)
		return nil
	}
	return s.showSetUp(w, r, http.StatusOK, "", "")
}

// showSetUp shows the form, with what is wrong beside its field, or with field "" of
// the whole. Passwords are typed again.
func (s *Server) showSetUp(w http.ResponseWriter, r *http.Request, status int, field, problem string) error {
	f, lang := newForm("name", r.PostFormValue("name")), s.lang(r)
	switch {
	case field != "":
		f.Wrong[field], f.Trouble = words.T(lang, "field."+problem), words.T(lang, "setup.look")
	case problem != "":
		f.Trouble = words.T(lang, problem)
	}
	s.page(w, r, status, "setup.html", map[string]any{"F": f, "Min": password.MinLength})
	return nil
}

// setUp makes the first librarian's account, from the daemon's own machine and
// only while there is none: whoever sits there could read the database anyway.
func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return errBadBody
	}
	name, pw := accountName(r.PostFormValue("name")), r.PostFormValue("password")
	if name == "" || utf8.RuneCountInString(name) > 64 || !short(name, 256) {
		return s.showSetUp(w, r, http.StatusUnprocessableEntity, "name", "account_name")
	}
	if field, problem := passwordProblem(pw, r.PostFormValue("again"), name); field != "" {
		return s.showSetUp(w, r, http.StatusUnprocessableEntity, field, problem)
	}
	hash, err := password.Hash(pw)
	if err != nil {
		return err
	}
	a, err := s.Accounts.FirstAccount(r.Context(), kiosk.Account{Name: name, PasswordHash: hash})
	if errors.Is(err, kiosk.ErrSetUp) {
		return s.showSetUp(w, r, http.StatusConflict, "", "setup.taken")
	}
	if err != nil {
		return err
	}
	if err := s.sessions.start(w, r, a, ""); err != nil {
		return err
	}
	http.Redirect(w, r, startPath, http.StatusSeeOther)
	return nil
}

// step is one of what is to be done before the first loan.
type step struct {
	Key  string // of its words, "start.step." before
	Path string // "" where its page is not served
	Done bool
	N    int
}

// start goes on with the first start where it was left: the school first, then
// what can be done in any order.
func (s *Server) start(w http.ResponseWriter, r *http.Request) error {
	var site kiosk.Site
	var steps []step
	f := newForm()
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if site, err = v.Site(); err != nil {
			return err
		}
		if err := s.fillSchool(v, f); err != nil {
			return err
		}
		steps, err = s.startSteps(v)
		return err
	})
	if err != nil {
		return err
	}
	return s.showStart(w, r, http.StatusOK, f, steps, site.Name == "" || r.URL.Query().Has("school"))
}

func (s *Server) showStart(w http.ResponseWriter, r *http.Request, status int, f *form, steps []step, school bool) error {
	done := 0
	for _, st := range steps {
		if st.Done {
			done++
		}
	}
	s.deskPage(w, r, status, "start.html", map[string]any{"F": f, "Steps": steps, "School": school, "DoneSteps": done})
	return nil
}

// fillSchool fills in what is known of the school and its year.
func (s *Server) fillSchool(v kiosk.View, f *form) error {
	school, err := kiosk.SchoolOf(v)
	if err != nil {
		return err
	}
	today, err := s.today(v)
	if err != nil {
		return err
	}
	rules, err := v.Rules(today)
	if err != nil {
		return err
	}
	y := rules.Year
	for name, value := range map[string]string{
		"school": school.Name, "superior": school.Superior, "year": y.Name,
		"start": y.Start.String(), "semester2": y.Semester2.String(), "recall": y.Recall.String(), "end": y.End.String(),
	} {
		f.Values.Set(name, value)
	}
	return nil
}

// startSteps are the doors to what comes next, in the order that saves work.
func (s *Server) startSteps(v kiosk.View) ([]step, error) {
	house, err := v.HouseFigures()
	if err != nil {
		return nil, err
	}
	devices, err := v.StationDevices()
	if err != nil {
		return nil, err
	}
	return []step{
		{"patrons", s.listDoor(exchange.Patrons), house.Patrons > 0, house.Patrons},
		{"copies", s.listDoor(exchange.Titles), house.Copies > 0, house.Copies},
		{"scanner", s.pathOf("/desk/scanners"), len(devices) > 0, len(devices)},
	}, nil
}

// pathOf is the path when a page is served there, else "".
func (s *Server) pathOf(path string) string {
	if slices.ContainsFunc(s.routes(), func(rt route) bool { return rt.method == "GET" && rt.pattern == path }) {
		return path
	}
	return ""
}

// listDoor is the page that takes a list of that subject.
func (s *Server) listDoor(subject exchange.Subject) string {
	if s.Settings == nil {
		return ""
	}
	return importPath + "?subject=" + string(subject)
}

// nameSchool keeps the school's name and this school year's days.
func (s *Server) nameSchool(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil || s.Settings == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	name, superior := f.Get("school"), f.Get("superior")
	for field, most := range map[string]int{"school": 120, "superior": 120} {
		if v := f.Get(field); utf8.RuneCountInString(v) > most || !short(v, 4*most) {
			f.Wrong[field] = "long"
		}
	}
	if name == "" {
		f.Wrong["school"] = "missing"
	}
	y := kiosk.SchoolYear{Name: strings.ReplaceAll(f.Get("year"), " ", "")}
	// Lists of pupils name their year so, and papers print it.
	if y.Name != "" && !yearName.MatchString(y.Name) {
		f.Wrong["year"] = "year_name"
	}
	for _, d := range []struct {
		field string
		to    *kiosk.Day
	}{{"start", &y.Start}, {"semester2", &y.Semester2}, {"recall", &y.Recall}, {"end", &y.End}} {
		day, err := kiosk.ParseDay(f.Get(d.field))
		if err != nil {
			f.Wrong[d.field] = "date"
			continue
		}
		*d.to = day
	}
	if len(f.Wrong) == 0 {
		if y.Name == "" {
			y.Name = strconv.Itoa(y.Start.Year) + "-" + strconv.Itoa(y.End.Year)
		}
		// Each day after the one before, in a year of at most thirteen months.
		for _, o := range []struct {
			field         string
			before, after kiosk.Day
		}{{"semester2", y.Start, y.Semester2}, {"recall", y.Semester2, y.Recall}, {"end", y.Recall, y.End}} {
			if !o.after.After(o.before) {
				f.Wrong[o.field] = "day_order"
			}
		}
		if y.End.Sub(y.Start) > 400 || y.Start.Year < 2000 || y.Start.Year > s.Now().In(time.UTC).Year()+1 {
			f.Wrong["start"] = "day_year"
		}
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		named, year := at, at
		named.CommandID += "-school"
		year.CommandID += "-year"
		var days swap[kiosk.SchoolYear]
		err := s.Accounts.FirstYear(r.Context(), year, days.remember(func(now kiosk.SchoolYear) (kiosk.SchoolYear, error) {
			y.ID = now.ID
			return y, nil
		}))
		if err != nil {
			return "", err
		}
		var school swap[kiosk.School]
		err = s.Settings.SetSchool(r.Context(), named, school.remember(func(now kiosk.School) (kiosk.School, error) {
			now.Name, now.Superior = name, superior
			return now, nil
		}))
		if err != nil {
			return "", err
		}
		s.done(r, startPath, func(ctx context.Context, a kiosk.Attempt) error {
			named, year := a, a
			named.CommandID += "-school"
			year.CommandID += "-year"
			// Both, or neither: the year is looked at before the name is put back.
			rules, _, err := s.rulesNow(r.WithContext(ctx))
			if err != nil {
				return err
			}
			if rules.Year != days.after {
				return errChangedSince
			}
			if err := s.Settings.SetSchool(ctx, named, school.back); err != nil {
				return err
			}
			return s.Accounts.FirstYear(ctx, year, days.back)
		}, "start.saved", "school", name)
		return startPath, nil
	}, func(status int) error {
		return s.showStart(w, r, status, f, nil, true)
	})
}
