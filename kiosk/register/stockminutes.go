package register

import (
	"slices"

	"muontra/kiosk"
)

// stockMinutes are the minutes of a stocktake (biên bản kiểm kê): its figures are those
// of the moment it was closed.
var stockMinutes = &Sheet{
	Name: "stocktake-minutes", Report: true, Wide: true, Single: true, Official: true, Period: NoPeriod,
	Which: func(v kiosk.View) ([]Choice, error) {
		takes, err := v.Stocktakes()
		var all []Choice
		for _, t := range takes {
			if t.Minutes != nil {
				all = append(all, Choice{t.ID, paperName(t.Minutes.Number, t.Name)})
			}
		}
		return all, err
	},
	Before: (*Source).stockProse,
	After:  (*Source).stockNote,
	Signers: func(s *Source) ([]Signer, kiosk.Day, error) {
		t, err := s.stocktake()
		if err != nil || t.Minutes == nil {
			return nil, s.Today, err
		}
		return board(t.Minutes.Board, s.School), t.Minutes.Day, nil
	},
	Parts: func(s *Source) ([]Part, error) {
		n := func(key string, w float64) Column { return Column{Key: key, Kind: Number, Width: w, Sum: true} }
		copies := []Column{{Key: "accession", Kind: Code, Width: 26}, {Key: "book", Kind: Text, Width: 90}, {Key: "kind", Kind: Text, Width: 30}, {Key: "belongs", Kind: Text, Width: 44}, {Key: "met_at", Kind: Text, Width: 44}, {Key: "price", Kind: Money, Width: 26, Sum: true}}
		parts := []Part{
			{Key: "kinds", NoNumbers: true, Lines: s.stockKinds, Proof: s.proveStock, Columns: []Column{
				{Key: "kind", Kind: Text, Width: 34}, n("in_stock", 20), n("seen", 20), n("found", 20), n("misplaced", 20), n("out", 20), n("corner_there", 20), n("missing", 20), n("uncounted", 20), n("surplus", 20),
				{Key: "worth_there", Kind: Money, Width: 32, Sum: true}, {Key: "worth_missing", Kind: Money, Width: 28, Sum: true},
			}},
			{Key: "conditions", NoNumbers: true, Lines: s.stockConditions, Proof: s.proveConditions, Columns: []Column{{Key: "condition", Kind: Text, Width: 60}, n("copies", 30), {Key: "worth_there", Kind: Money, Width: 40, Sum: true}}},
		}
		for _, state := range []kiosk.StockState{kiosk.StockMissing, kiosk.StockMisplaced, kiosk.StockSurplus} {
			p := Part{Key: string(state), Optional: true, Columns: copies, Lines: func(yield func(Line) error) error { return s.stockCopies(state, yield) }}
			p.Proof = func() (map[string]int64, error) { return s.proveListed(state) }
			parts = append(parts, p)
		}
		return append(parts, Part{Key: "quantities", Optional: true, Lines: s.stockQuantities, Proof: s.proveQuantities, Columns: []Column{
			{Key: "book", Kind: Text, Width: 100}, n("on_shelf", 24), n("counted", 24), n("missing", 24), n("surplus", 24), {Key: "worth_missing", Kind: Money, Width: 34, Sum: true},
		}}), nil
	},
}

// paperName is what a paper is asked for by: its number, else its name.
func paperName(number, name string) string {
	if number != "" {
		return number
	}
	return name
}

// stocktake is the one that the sheet is of; one without minutes when there is none.
func (s *Source) stocktake() (kiosk.Stocktake, error) {
	if s.Of.ID == "" {
		return kiosk.Stocktake{}, nil
	}
	return s.View.Stocktake(s.Of.ID)
}

func (s *Source) stockProse() ([]Paragraph, error) {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return []Paragraph{P("reg.no_minutes")}, err
	}
	m := t.Minutes
	all := []Paragraph{
		{Text: W("minutes.no", "number", m.Number), Kind: Centred}, {Text: t.Name, Kind: Centred},
		P("stock.paper_when", "hour", dotted(m.Hour), "day", m.Day.Day, "month", int(m.Day.Month), "year", m.Day.Year, "place", dotted(m.Place)),
		P("reg.stock_method", "method", W("stock.method."+string(m.Method))),
	}
	where := P("stock.paper_whole")
	if len(t.Places) > 0 {
		places, err := s.View.Places()
		if err != nil {
			return nil, err
		}
		var names Words
		for _, p := range places {
			if slices.Contains(t.Places, p.ID) {
				names = append(names, placeName(p))
			}
		}
		where = P("stock.paper_where", "where", names)
	}
	return append(append(all, where), attending(m.Board)...), nil
}

func placeName(p kiosk.Place) string {
	if p.Name == "" {
		return p.Code
	}
	return p.Name
}

// stockNote says the totals in words, and what the board noted.
func (s *Source) stockNote() ([]Paragraph, error) {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return nil, err
	}
	sums := t.Minutes.Sums.All
	lost := sums.Worth(kiosk.StockMissing)
	all := []Paragraph{
		P("stock.paper_there", "n", sums.There(), "words", InWords(sums.There())),
		P("stock.paper_worth", "money", Dong(sums.WorthThere()), "words", DongSay(sums.WorthThere())),
		P("stock.paper_lost", "n", sums.Of(kiosk.StockMissing), "money", Dong(lost), "words", DongSay(lost)),
	}
	if sums.Unpriced > 0 {
		all = append(all, P("stock.paper_unpriced", "n", sums.Unpriced))
	}
	if sums.Outside > 0 {
		all = append(all, P("stock.paper_outside", "n", sums.Outside))
	}
	if n := sums.Of(kiosk.StockGone); n > 0 {
		all = append(all, P("stock.paper_gone", "n", n))
	}
	if t.Minutes.Sums.Strays > 0 {
		all = append(all, P("reg.stock_strays", "n", t.Minutes.Sums.Strays))
	}
	if t.Minutes.Note != "" {
		all = append(all, Paragraph{Text: W("minutes.note"), Kind: Headline}, Paragraph{Text: t.Minutes.Note})
	}
	return all, nil
}

func stockCells(of any, x kiosk.StockSum) []any {
	return []any{of, x.InStock(), x.Of(kiosk.StockSeen), x.Of(kiosk.StockFound), x.Of(kiosk.StockMisplaced), x.Of(kiosk.StockOut), x.Of(kiosk.StockCorner), x.Of(kiosk.StockMissing), x.Of(kiosk.StockExpected), x.Of(kiosk.StockSurplus), x.WorthThere(), x.Worth(kiosk.StockMissing)}
}

func (s *Source) stockKinds(yield func(Line) error) error {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return err
	}
	for _, k := range kiosk.Kinds {
		if x, is := t.Minutes.Sums.Kinds[k]; is {
			if err := yield(Line{Key: string(k), Cells: stockCells(W("kind."+string(k)), x)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// proveStock counts the lines of the stocktake anew, copy by copy: what the minutes
// kept by kind must be what was scanned.
func (s *Source) proveStock() (map[string]int64, error) {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return nil, err
	}
	lines, err := s.View.Counted(t.ID)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"seen": 0, "found": 0, "misplaced": 0, "missing": 0, "surplus": 0}
	states, err := s.stockStates(t, lines)
	for i := range lines {
		if key := string(states[i]); slices.Contains([]string{"seen", "found", "misplaced", "missing", "surplus"}, key) {
			p[key]++
		}
	}
	// The total that was kept beside the kinds.
	all := t.Minutes.Sums.All
	p["in_stock"], p["out"], p["corner_there"], p["uncounted"] = int64(all.InStock()), int64(all.Of(kiosk.StockOut)), int64(all.Of(kiosk.StockCorner)), int64(all.Of(kiosk.StockExpected))
	p["worth_there"], p["worth_missing"] = all.WorthThere(), all.Worth(kiosk.StockMissing)
	return p, err
}

func (s *Source) stockStates(t kiosk.Stocktake, lines []kiosk.CountedLine) ([]kiosk.StockState, error) {
	places, err := s.View.Places()
	begun, corners := kiosk.Begun(lines), t.CornersBeside(places)
	all := make([]kiosk.StockState, len(lines))
	for i, l := range lines {
		all[i] = l.StateOf(begun, corners)
	}
	return all, err
}

func (s *Source) stockConditions(yield func(Line) error) error {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return err
	}
	for _, c := range kiosk.Conditions {
		if x, is := t.Minutes.Sums.Condition[c]; is {
			if err := yield(Line{Key: string(c), Cells: []any{W("copy.condition." + string(c)), x.There(), x.WorthThere()}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// proveConditions: every copy that is there is in one condition.
func (s *Source) proveConditions() (map[string]int64, error) {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return nil, err
	}
	p := map[string]int64{"copies": 0, "worth_there": 0}
	for _, x := range t.Minutes.Sums.Kinds {
		p["copies"] += int64(x.There())
		p["worth_there"] += x.WorthThere()
	}
	return p, nil
}

func (s *Source) stockCopies(state kiosk.StockState, yield func(Line) error) error {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return err
	}
	lines, err := s.View.Counted(t.ID)
	if err != nil {
		return err
	}
	places, err := s.View.Places()
	if err != nil {
		return err
	}
	name := func(id kiosk.ID) string {
		if i := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == id }); i >= 0 {
			return placeName(places[i])
		}
		return ""
	}
	states, err := s.stockStates(t, lines)
	if err != nil {
		return err
	}
	for i, l := range lines {
		if states[i] != state {
			continue
		}
		number := l.Accession
		if number == "" {
			number = l.Barcode
		}
		if err := yield(Line{Key: string(l.Copy), Cells: []any{number, l.Title, W("kind." + string(l.Kind)), name(l.Place), name(l.SeenAt), l.Price}}); err != nil {
			return err
		}
	}
	return nil
}

// proveListed: what a list of copies costs is what the minutes say.
func (s *Source) proveListed(state kiosk.StockState) (map[string]int64, error) {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return nil, err
	}
	return map[string]int64{"price": t.Minutes.Sums.All.Worth(state)}, nil
}
