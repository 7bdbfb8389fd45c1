package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// mostPeople is how many people a search of the desk shows.
const mostPeople = 20

// seesPeople are the roles that a search shows people to.
var seesPeople = []kiosk.Role{kiosk.Librarian, kiosk.Management}

// deskSearch is the one box of the desk's pages: titles, and for those who may
// see them, people. A code that was scanned leads to its copy or its person.
func (s *Server) deskSearch(w http.ResponseWriter, r *http.Request) error {
	q := queryText(r.URL.Query())
	who := callerOf(r)
	var found []kiosk.Found
	var people []kiosk.Member
	total, many, to := 0, 0, ""
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil || q == "" {
			return err
		}
		if to, err = s.codeLeads(v, who, q, today); err != nil || to != "" {
			return err
		}
		if total, found, err = v.Search(q, 0, pageLimit); err != nil {
			return err
		}
		if !who.is(seesPeople...) {
			return nil
		}
		if people, err = findPeople(v, q, today); err != nil {
			return err
		}
		many = len(people)
		people = people[:min(many, mostPeople)]
		return nil
	})
	if err != nil {
		return err
	}
	if to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	s.deskPage(w, r, http.StatusOK, "find.html", map[string]any{
		"Q": q, "Found": foundRows(found), "Total": total, "People": people, "Many": many, "More": total > len(found),
		"MayPeople": who.is(seesPeople...), "MayEdit": who.is(kiosk.Librarian), "Public": "/catalogue?" + url.Values{"q": {q}}.Encode(),
		"All": "/desk/titles?" + url.Values{"q": {q}}.Encode(),
	})
	return nil
}

// codeLeads is the page of the copy, or of the person, that a code is of; "" for
// words.
func (s *Server) codeLeads(v kiosk.View, who caller, q string, today kiosk.Day) (string, error) {
	if !who.is(kiosk.Librarian) {
		return "", nil
	}
	code, err := kiosk.NormalizeCode(q)
	if err != nil {
		return "", nil
	}
	for _, find := range []func(string) (kiosk.Item, error){v.ItemByBarcode, v.ItemByAccession} {
		i, err := find(code)
		if err == nil {
			return copyPath(i.ID), nil
		}
		if !isNotFound(err) {
			return "", err
		}
	}
	m, err := v.MemberByCard(code, today)
	if err == nil {
		return patronPath(m.ID), nil
	}
	if !isNotFound(err) {
		return "", err
	}
	return "", nil
}

// findPeople are those whose name has all words of the query, in any order and
// each perhaps begun only, or whose class or card it is: by given name, then
// family name, as Vietnamese lists are.
func findPeople(v kiosk.View, q string, today kiosk.Day) ([]kiosk.Member, error) {
	words := strings.Fields(fold.Text(q))
	plain := fold.Plain(fold.Marked(q))
	if len(words) == 0 {
		return nil, nil
	}
	type hit struct {
		kiosk.Member
		exact bool   // with the marks as they were typed
		given bool   // the given name is one of the words
		order string // of the name
	}
	var hits []hit
	err := v.EachMember(today, func(m kiosk.Member) error {
		name := strings.Fields(fold.Text(m.Name + " " + m.Class))
		for _, w := range words {
			if !slices.ContainsFunc(name, func(n string) bool { return strings.HasPrefix(n, w) }) && !strings.EqualFold(m.Card.Barcode, w) {
				return nil
			}
		}
		marked := " " + fold.Plain(fold.Marked(m.Name+" "+m.Class))
		exact := true
		for w := range strings.FieldsSeq(plain) {
			exact = exact && strings.Contains(marked, " "+w)
		}
		given := strings.Fields(fold.Text(m.Name))
		hits = append(hits, hit{m, exact, len(given) > 0 && slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(given[len(given)-1], w) }), fold.NameOrder(m.Name)})
		return nil
	})
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.exact != b.exact && a.exact, a.exact == b.exact && a.given != b.given && a.given:
			return -1
		case a.exact != b.exact, a.given != b.given:
			return 1
		}
		return strings.Compare(a.order+"\x00"+a.Class, b.order+"\x00"+b.Class)
	})
	people := make([]kiosk.Member, len(hits))
	for i, h := range hits {
		people[i] = h.Member
	}
	return people, err
}
