package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/web/paper"
	"muontra/web/words"
)

const (
	registersPath = "/desk/registers"
	reportsPath   = "/desk/reports"
)

// registerNav is their place in the menu.
var registerNav = []navItem{
	{"papers", "work.registers", registersPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
	{"papers", "work.reports", reportsPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
}

// registerRoutes are registers and reports: management reads them all.
func (s *Server) registerRoutes() []route {
	return []route{
		{"GET", registersPath, reader, s.sheetList(false)},
		{"GET", registersPath + "/{name}", reader, s.sheetPage(false)},
		{"POST", registersPath + "/{name}/close", librarian, s.settled(s.closeRegister)},
		{"GET", declaredPath, librarian, s.settled(s.declared)},
		{"POST", declaredPath, librarian, s.settled(s.putDeclared)},
		{"GET", reportsPath, reader, s.sheetList(true)},
		{"GET", reportsPath + "/{name}", reader, s.sheetPage(true)},
	}
}

func registerPath(sh *register.Sheet) string {
	if sh.Report {
		return reportsPath + "/" + sh.Name
	}
	return registersPath + "/" + sh.Name
}

// sheetRow is a register or report in the list of them.
type sheetRow struct{ Name, Title, Note, Path string }

// sheetList lists the registers, or the reports.
func (s *Server) sheetList(reports bool) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		lang := s.lang(r)
		var rows []sheetRow
		for _, sh := range register.Sheets() {
			if sh.Report == reports {
				rows = append(rows, sheetRow{sh.Name, words.T(lang, "reg."+sh.Name), words.T(lang, "reg.note."+sh.Name), registerPath(sh)})
			}
		}
		title := "work.registers"
		if reports {
			title = "work.reports"
		}
		s.deskPage(w, r, http.StatusOK, "registers.html", map[string]any{"Title": title, "Rows": rows})
		return nil
	}
}

// sheetPage shows a page of a register or a report, or gives it as a file: ?as=pdf,
// ?as=xlsx.
func (s *Server) sheetPage(reports bool) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return s.showSheet(w, r, reports, newForm())
	}
}

// showSheet shows it with the form that closes lines.
func (s *Server) showSheet(w http.ResponseWriter, r *http.Request, reports bool, closing *form) error {
	sh := register.Find(r.PathValue("name"))
	if sh == nil || sh.Report != reports {
		return errNotFound
	}
	q, lang := r.URL.Query(), s.lang(r)
	f := newForm("from", q.Get("from"), "to", q.Get("to"), "class", q.Get("class"), "of", q.Get("of"))
	ask := register.Ask{From: f.day("from", false), To: f.day("to", false), Class: strings.TrimSpace(q.Get("class")), Of: strings.TrimSpace(q.Get("of")), Sheets: q["sheet"]}
	for _, field := range []string{"from", "to"} {
		if f.Err(field) != "" {
			f.Wrong[field] = words.T(lang, "reg.trouble.bad_day")
		}
	}
	if as := q.Get("as"); len(f.Wrong) == 0 && (as == "pdf" || as == "xlsx") {
		if done, err := s.sheetFile(w, r, sh, ask, as); done || err != nil {
			return err
		}
	}
	data := map[string]any{"F": f, "Closing": closing, "Name": sh.Name, "Path": r.URL.Path, "Timed": sh.Period != register.NoPeriod, "ByClass": sh.Class, "Report": sh.Report}
	status := http.StatusOK
	if len(closing.Wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if sh.Class {
			classes, err := s.classChoices(v, lang)
			if err != nil {
				return err
			}
			data["Classes"] = classes
		}
		var d paper.Doc
		var err error
		if len(f.Wrong) == 0 {
			d, err = paper.Open(v, sh.Name, ask, lang, s.Now())
		}
		var asked *register.AskError
		if len(f.Wrong) > 0 || errors.As(err, &asked) {
			if asked != nil {
				f.Trouble = paper.Trouble(lang, err)
			}
			status = http.StatusUnprocessableEntity
			data["View"] = paper.View{Title: words.T(lang, "reg."+sh.Name), Report: sh.Report}
			return nil
		}
		if err != nil {
			return err
		}
		page, _ := strconv.Atoi(q.Get("page"))
		if page == 0 {
			page = 1
		}
		view, err := paper.Screen(d, q.Get("part"), page)
		data["View"] = view
		if err == nil && s.Settings != nil && callerOf(r).is(kiosk.Librarian) {
			data["Closes"], data["Open"], data["Closed"], err = openLines(d.Source, sh, q.Get("part"))
		}
		return err
	})
	if err != nil {
		return err
	}
	link := func(pairs ...string) string {
		next := url.Values{}
		for k, v := range q {
			if k != "lang" && k != "as" && k != "behind" {
				next[k] = v
			}
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			next.Set(pairs[i], pairs[i+1])
			if pairs[i+1] == "" {
				next.Del(pairs[i])
			}
		}
		if len(next) == 0 {
			return r.URL.Path
		}
		return r.URL.Path + "?" + next.Encode()
	}
	v := data["View"].(paper.View)
	data["PDF"], data["XLSX"] = link("as", "pdf", "behind", "yes", "page", "", "part", ""), link("as", "xlsx", "behind", "yes", "page", "", "part", "")
	if v.Page > 1 {
		data["Prev"] = link("page", strconv.Itoa(v.Page-1))
	}
	if v.Page < v.Pages {
		data["Next"] = link("page", strconv.Itoa(v.Page+1))
	}
	var tabs []navLink
	for _, t := range v.Tabs {
		tabs = append(tabs, navLink{Key: t.Name, Path: link("part", t.Key, "page", ""), Here: t.Here})
	}
	data["Tabs"] = tabs
	data["Part"] = q.Get("part")
	data["Declare"] = r.URL.Path == migrationPath && s.Settings != nil && callerOf(r).is(kiosk.Librarian)
	s.deskPage(w, r, status, "register.html", data)
	return nil
}

// classChoices are this year's classes.
func (s *Server) classChoices(v kiosk.View, lang words.Lang) ([]choice, error) {
	classes, err := s.classesNow(v)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(classes, byClass)
	all := []choice{{"", words.T(lang, "reg.every_class")}}
	for _, c := range classes {
		all = append(all, choice{c.Name, c.Name})
	}
	return all, nil
}

// partOf is the part of a sheet that a page shows: that of the key, else the first.
func partOf(src *register.Source, sh *register.Sheet, key string) (*register.Part, error) {
	parts, err := sh.Parts(src)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	for i := range parts {
		if parts[i].Key == key {
			return &parts[i], nil
		}
	}
	return &parts[0], nil
}

// openLines counts the lines of a part that are open, and those that are closed.
func openLines(src *register.Source, sh *register.Sheet, key string) (closes bool, open, closed int, err error) {
	part, err := partOf(src, sh, key)
	if err != nil || part == nil || !part.Closes {
		return false, 0, 0, err
	}
	c, err := src.Closing(part)
	return true, len(c.Lines), c.Before, err
}

// closeRegister closes the lines of a part that are printed and signed. Sums that do
// not agree are not closed.
func (s *Server) closeRegister(w http.ResponseWriter, r *http.Request) error {
	sh := register.Find(r.PathValue("name"))
	if sh == nil || sh.Report {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	f.Button = true
	back := registersPath + "/" + sh.Name
	if key := f.Get("part"); key != "" {
		back += "?part=" + url.QueryEscape(key)
	}
	say := func(key string, bad bool, pairs ...any) {
		s.memory.put(callerOf(r).account, &said{page: registersPath + "/" + sh.Name, key: key, pairs: pairs, bad: bad})
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if !f.Is("sure", "yes") {
			return "", told("sure", "reg.close_unsure")
		}
		faulty := false
		n, err := s.Settings.CloseRegister(r.Context(), a, func(v kiosk.View) (c kiosk.RegisterClosing, err error) {
			src, err := register.Open(v, sh, register.Ask{}, s.Now())
			if err != nil {
				return c, err
			}
			part, err := partOf(src, sh, f.Get("part"))
			if err != nil || part == nil {
				return c, err
			}
			faults, err := src.Faults(part)
			if err != nil {
				return c, err
			}
			if faulty = len(faults) > 0; faulty {
				return c, nil // nothing is closed
			}
			return src.Closing(part)
		})
		switch {
		case faulty:
			say("reg.close_fault", true)
		case errors.Is(err, kiosk.ErrNothingToClose):
			say("reg.nothing_to_close", true)
		case err != nil:
			return "", err
		default:
			say("reg.closed_now", false, "n", n)
		}
		return back, nil
	}, func(status int) error {
		if f.Err("sure") == "" {
			return s.refused(w, r, f, back)(status)
		}
		_, query, _ := strings.Cut(back, "?")
		return s.showSheet(w, shownAt(r, registersPath+"/"+sh.Name, query), false, f)
	})
}
