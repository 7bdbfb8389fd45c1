package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
)

// The bounds of a search.
const (
	pageLimit = 20
	maxLimit  = 100
	maxQuery  = 200 // bytes
	fewCopies = 4   // shown of a title before "show all"
)

type catalogueAnswer struct {
	Query   string           `json:"query"`
	Total   int              `json:"total"`
	Page    int              `json:"page"`
	Limit   int              `json:"limit"`
	Results []catalogueTitle `json:"results"`
}

type catalogueTitle struct {
	ID         kiosk.ID        `json:"id"`
	Title      string          `json:"title"`
	Authors    []string        `json:"authors"`
	Publisher  string          `json:"publisher"`
	Year       int             `json:"year"`
	ISBN       string          `json:"isbn"`
	CallNumber string          `json:"call_number"`
	Total      int             `json:"total"`
	Available  int             `json:"available"`
	Copies     []catalogueCopy `json:"copies"`
}

type catalogueCopy struct {
	Accession string    `json:"accession"`
	Place     string    `json:"place"`
	Available bool      `json:"available"`
	Status    string    `json:"status"` // available, on_loan, in_processing, in_repair, lost
	DueOn     kiosk.Day `json:"due_on"`
}

// catalogue is the public search: what there is, where it stands and when it
// comes back; never who has it.
func (s *Server) catalogue(w http.ResponseWriter, r *http.Request) error {
	q := strings.Join(strings.Fields(strings.ToValidUTF8(r.URL.Query().Get("q"), " ")), " ")
	if len(q) > maxQuery {
		q = strings.ToValidUTF8(q[:maxQuery], "")
	}
	a := catalogueAnswer{Query: q, Page: number(r, "page", 1, 100000), Limit: number(r, "limit", pageLimit, maxLimit), Results: []catalogueTitle{}}
	var today kiosk.Day
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		site, err := v.Site()
		if err != nil {
			return err
		}
		loc, err := site.Location()
		if err != nil {
			return err
		}
		today = kiosk.DayOf(s.Now(), loc)
		total, found, err := v.Search(q, (a.Page-1)*a.Limit, a.Limit)
		a.Total = total
		for _, f := range found {
			a.Results = append(a.Results, titleOf(f))
		}
		return err
	})
	if err != nil {
		return err
	}
	if wantsJSON(r) {
		writeJSON(w, http.StatusOK, a)
		return nil
	}
	pages := (a.Total + a.Limit - 1) / a.Limit
	s.page(w, r, http.StatusOK, "catalogue.html", map[string]any{
		"A": a, "Few": fewCopies, "Today": today, "Pages": pages, "Prev": a.Page - 1, "Next": a.Page + 1, "More": a.Page < pages,
	})
	return nil
}

func titleOf(f kiosk.Found) catalogueTitle {
	t := catalogueTitle{
		ID: f.Title.ID, Title: f.Title.Title, Authors: f.Title.Authors, Publisher: f.Title.Publisher, Year: f.Title.Year,
		ISBN: f.Title.ISBN, CallNumber: f.Title.CallNumber, Copies: []catalogueCopy{},
	}
	if f.Title.Remainder != "" {
		t.Title += " : " + f.Title.Remainder
	}
	if t.Authors == nil {
		t.Authors = []string{}
	}
	for _, c := range f.Copies {
		if c.Item.State.Status == kiosk.CopyWithdrawn {
			continue
		}
		t.Total++
		status := string(c.Item.State.Status)
		switch {
		case c.Available:
			t.Available++
			status = "available"
		case !c.DueOn.IsZero():
			status = "on_loan"
		}
		t.Copies = append(t.Copies, catalogueCopy{c.Item.Accession, c.Item.PlaceName, c.Available, status, c.DueOn})
	}
	// What can be had stands first.
	slices.SortStableFunc(t.Copies, func(a, b catalogueCopy) int {
		switch {
		case a.Available == b.Available:
			return 0
		case a.Available:
			return -1
		}
		return 1
	})
	return t
}

// number reads a positive number of the query, kept within bounds.
func number(r *http.Request, name string, missing, most int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return missing
	}
	return min(n, most)
}
