package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// quantityRow is a quantity line in a stocktake: what should be on the shelf, and
// what was counted.
type quantityRow struct {
	kiosk.TextbookLine
	Title    kiosk.Title
	Place    string
	Expected int // on the shelf now, or when it was counted
	Counted  bool
	N        int
}

// Short is how many were not there.
func (q quantityRow) Short() int {
	if !q.Counted {
		return 0
	}
	return max(q.Expected-q.N, 0)
}

// quantityRows are the lines that belong to a stocktake, by grade and title.
func quantityRows(v kiosk.View, take kiosk.Stocktake, places []kiosk.Place) (rows []quantityRow, err error) {
	lines, err := v.TextbookLines()
	if err != nil {
		return nil, err
	}
	said, err := v.StockQuantities(take.ID)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		i := slices.IndexFunc(said, func(q kiosk.StockQuantity) bool { return q.Line == l.ID })
		if !take.Holds(l.PlaceID) || l.Quantity == 0 && i < 0 {
			continue
		}
		row := quantityRow{TextbookLine: l, Expected: l.Shelf()}
		if i >= 0 {
			row.Expected, row.Counted, row.N = said[i].Expected, true, said[i].Counted
		}
		if row.Title, err = v.Title(l.TitleID); err != nil {
			return nil, err
		}
		for _, p := range places {
			if p.ID == l.PlaceID {
				row.Place = placeText(p)
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b quantityRow) int {
		return cmp.Or(cmp.Compare(a.Title.Grade, b.Title.Grade), cmp.Compare(fold.Order(a.Title.Title), fold.Order(b.Title.Title)))
	})
	return rows, nil
}

// stockLines is the page on which the numbers are typed in beside the expected.
func (s *Server) stockLines(w http.ResponseWriter, r *http.Request) error {
	return s.showStockLines(w, r, http.StatusOK, nil)
}

func (s *Server) showStockLines(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var take kiosk.Stocktake
	var rows []quantityRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if take, err = v.Stocktake(kiosk.ID(r.PathValue("id"))); err != nil {
			return err
		}
		_, _, places, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		rows, err = quantityRows(v, take, places)
		return err
	})
	if err != nil {
		return err
	}
	if f == nil {
		f = newForm()
		for _, q := range rows {
			if q.Counted {
				f.Values.Set("n-"+string(q.ID), strconv.Itoa(q.N))
			}
		}
	}
	counted := 0
	for _, q := range rows {
		if q.Counted {
			counted++
		}
	}
	s.deskPage(w, r, status, "stocklines.html", map[string]any{"T": take, "F": f, "Rows": rows, "Counted": counted, "Mine": callerOf(r).is(kiosk.Librarian) && take.Open()})
	return nil
}

func (s *Server) countLines(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	counts := map[kiosk.ID]int{}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		lines, err := v.TextbookLines()
		for _, l := range lines {
			name := "n-" + string(l.ID)
			if _, sent := f.Values[name]; sent {
				counts[l.ID] = f.count(name, -1, 0, kiosk.MaxRegister)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	to := stocktakePath + "/" + string(id) + "/lines"
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		was, err := s.countedLines(r.Context(), id, counts)
		if err != nil {
			return "", err
		}
		if err := s.Stocktaking.CountLines(r.Context(), a, id, counts); err != nil {
			return "", err
		}
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Stocktaking.CountLines(ctx, a, id, was)
		}, "stock.lines_saved")
		return to, nil
	}, func(status int) error { return s.showStockLines(w, r, status, f) })
}

// countedLines are the numbers of lines as they stand, -1 where none was counted yet.
func (s *Server) countedLines(ctx context.Context, stocktake kiosk.ID, of map[kiosk.ID]int) (map[kiosk.ID]int, error) {
	was := map[kiosk.ID]int{}
	for id := range of {
		was[id] = -1
	}
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		all, err := v.StockQuantities(stocktake)
		for _, q := range all {
			if _, asked := of[q.Line]; asked && !q.Seen.IsZero() {
				was[q.Line] = q.Counted
			}
		}
		return err
	})
	return was, err
}
