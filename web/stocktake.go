package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Stocktaking are the acts of counting the stock.
type Stocktaking interface {
	OpenStocktake(ctx context.Context, a kiosk.Attempt, name string, places []kiosk.ID) (kiosk.Stocktake, error)
	DropStocktake(ctx context.Context, a kiosk.Attempt, id kiosk.ID) error
	CountCopy(ctx context.Context, a kiosk.Attempt, c kiosk.CountScan) (kiosk.Count, error)
	CountFile(ctx context.Context, a kiosk.Attempt, stocktake, place kiosk.ID, lines [][]string) (kiosk.CountedFile, error)
	UncountFile(ctx context.Context, a kiosk.Attempt, stocktake kiosk.ID, file kiosk.CountedFile) error
	Uncount(ctx context.Context, a kiosk.Attempt, stocktake, copy kiosk.ID) error
	CloseStocktake(ctx context.Context, a kiosk.Attempt, id kiosk.ID, m kiosk.StockMinutes) (kiosk.Stocktake, error)
	ReopenStocktake(ctx context.Context, a kiosk.Attempt, id kiosk.ID) error
	CountLines(ctx context.Context, a kiosk.Attempt, stocktake kiosk.ID, counted map[kiosk.ID]int) error
	StartCounting(ctx context.Context, a kiosk.Attempt, station string, stocktake, place kiosk.ID) error
	StopCounting(ctx context.Context, a kiosk.Attempt, station string) (kiosk.Answer, error)
	FindCopy(ctx context.Context, a kiosk.Attempt, code string) (kiosk.Item, int64, error)
}

const (
	stocktakePath = "/desk/stocktake"
	countPath     = "/desk/count"
)

func (s *Server) stocktakeRoutes() []route {
	if s.Stocktaking == nil {
		return nil
	}
	return []route{
		{"GET", stocktakePath, reader, s.stocktakes},
		{"POST", stocktakePath, librarian, s.openStocktake},
		{"GET", stocktakePath + "/new", librarian, s.newStocktake},
		{"POST", stocktakePath + "/found", librarian, s.foundCopy},
		{"GET", stocktakePath + "/{id}", reader, named(s.stocktake)},
		{"GET", stocktakePath + "/{id}/counts", reader, named(s.stocktakeCounts)},
		{"POST", stocktakePath + "/{id}/file", librarian, named(s.countFile)},
		{"GET", stocktakePath + "/{id}/lines", reader, named(s.stockLines)},
		{"POST", stocktakePath + "/{id}/lines", librarian, named(s.countLines)},
		{"POST", stocktakePath + "/{id}/stations", librarian, named(s.startCounting)},
		{"POST", stocktakePath + "/{id}/stations/stop", librarian, named(s.stopCounting)},
		{"GET", stocktakePath + "/{id}/close", librarian, named(s.closePage)},
		{"POST", stocktakePath + "/{id}/close", librarian, named(s.closeStocktake)},
		{"POST", stocktakePath + "/{id}/reopen", librarian, named(s.reopenStocktake)},
		{"GET", stocktakePath + "/{id}/minutes", reader, named(s.stockMinutes)},
		{"GET", countPath, counting, s.countPage},
		{"POST", countPath, counting, s.count},
		{"POST", countPath + "/picture", counting, s.countPicture},
		{"POST", countPath + "/back", counting, s.uncount},
	}
}

// stocktakeRow is a stocktake with how far it is.
type stocktakeRow struct {
	kiosk.Stocktake
	Day, ClosedOn kiosk.Day
	Where         string // the places in words, "" for the whole library
	Met, Of       int
}

func stocktakeRowOf(v kiosk.View, s kiosk.Stocktake, rules kiosk.Rules, places []kiosk.Place) (row stocktakeRow, err error) {
	row.Stocktake, row.Day = s, kiosk.DayOf(s.Opened, rules.Location)
	if !s.Open() {
		row.ClosedOn = kiosk.DayOf(s.Closed, rules.Location)
	}
	for _, id := range s.Places {
		for _, p := range places {
			if p.ID == id {
				row.Where += placeText(p) + ", "
			}
		}
	}
	row.Where = row.Where[:max(0, len(row.Where)-2)]
	row.Met, row.Of, err = v.StockProgress(s.ID)
	return row, err
}

// rulesIn are the rules of today, with the places in order.
func (s *Server) rulesIn(v kiosk.View) (rules kiosk.Rules, today kiosk.Day, places []kiosk.Place, err error) {
	if today, err = s.today(v); err != nil {
		return rules, today, nil, err
	}
	if rules, err = v.Rules(today); err != nil {
		return rules, today, nil, err
	}
	places, err = v.Places()
	slices.SortStableFunc(places, func(a, b kiosk.Place) int {
		return cmp.Or(cmp.Compare(slices.Index(kiosk.PlaceKinds, a.Kind), slices.Index(kiosk.PlaceKinds, b.Kind)), cmp.Compare(fold.Order(a.Code), fold.Order(b.Code)))
	})
	return rules, today, places, err
}

var stocktakeList = list[stocktakeRow]{
	Title: "work.stocktake",
	Columns: []column[stocktakeRow]{
		{Key: "name", Word: "list.called", Kind: textCell, Of: func(r stocktakeRow) any { return r.Name }},
		{Key: "where", Word: "list.place", Kind: textCell, Of: func(r stocktakeRow) any { return r.Where }},
		{Key: "opened", Word: "list.opened", Kind: dayCell, Of: func(r stocktakeRow) any { return r.Day }},
		{Key: "met", Word: "list.met", Kind: numberCell, Of: func(r stocktakeRow) any { return r.Met }},
		{Key: "of", Word: "list.expected", Kind: numberCell, Of: func(r stocktakeRow) any { return r.Of }},
		{Key: "closed", Word: "list.closed", Kind: dayCell, Of: func(r stocktakeRow) any { return r.ClosedOn }},
		{Key: "minutes", Word: "list.minutes", Kind: codeCell, Of: func(r stocktakeRow) any {
			if r.Minutes == nil {
				return nil
			}
			return r.Minutes.Number
		}},
	},
}

// stocktakes lists the stocktakes, the newest first.
func (s *Server) stocktakes(w http.ResponseWriter, r *http.Request) error {
	return s.showStocktakes(w, r, http.StatusOK, newForm())
}

func (s *Server) showStocktakes(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var all []stocktakeRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, _, places, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		list, err := v.Stocktakes()
		if err != nil {
			return err
		}
		for _, one := range list {
			row, err := stocktakeRowOf(v, one, rules, places)
			if err != nil {
				return err
			}
			all = append(all, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return showOwn(s, w, r, status, stocktakeList, all, "stocktakes.html", map[string]any{"Mine": callerOf(r).is(kiosk.Librarian), "F": f})
}

func (s *Server) newStocktake(w http.ResponseWriter, r *http.Request) error {
	year, err := s.yearNow(r)
	if err != nil {
		return err
	}
	return s.stocktakeForm(w, r, http.StatusOK, newForm("name", words.T(s.lang(r), "stock.usual_name", "year", year.Name)))
}

// yearNow is the present school year.
func (s *Server) yearNow(r *http.Request) (year kiosk.SchoolYear, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, _, _, err := s.rulesIn(v)
		year = rules.Year
		return err
	})
	return year, err
}

// placeBox is a place to tick, with how many copies stand there.
type placeBox struct {
	ID   kiosk.ID
	Text string
	N    int
}

func (s *Server) stocktakeForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var boxes []placeBox
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		_, _, places, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		house, err := v.HouseFigures()
		for _, p := range places {
			if n := house.At[p.ID]; n > 0 || !p.Closed {
				boxes = append(boxes, placeBox{p.ID, placeText(p), n})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "stocktakenew.html", map[string]any{"F": f, "Places": boxes})
	return nil
}

func (s *Server) openStocktake(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	var places []kiosk.ID
	for _, id := range f.Values["place"] {
		places = append(places, kiosk.ID(id))
	}
	if f.Is("whole", "no") && len(places) == 0 {
		f.Wrong["place"] = "missing"
	}
	if !f.Is("whole", "no") {
		places = nil
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		take, err := s.Stocktaking.OpenStocktake(r.Context(), a, f.Get("name"), places)
		if err != nil {
			return "", err
		}
		to := stocktakePath + "/" + string(take.ID)
		s.made(r, to, stocktakePath, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Stocktaking.DropStocktake(ctx, a, take.ID)
		}, "stock.opened_now", "name", take.Name)
		return to, nil
	}, func(status int) error { return s.stocktakeForm(w, r, status, f) })
}

// foundCopy is the one scan by which a lost copy is in stock again.
func (s *Server) foundCopy(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	if f.Get("code") == "" {
		f.fault("code", kiosk.FieldMissing, nil)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		item, seq, err := s.Stocktaking.FindCopy(r.Context(), a, f.Get("code"))
		switch {
		case errors.Is(err, kiosk.ErrNotFound):
			return "", told("code", "stock.find_unknown", "code", cut(kiosk.Escaped(f.Get("code")), 40))
		case errors.Is(err, kiosk.ErrLeftStock):
			return "", told("code", "stock.find_withdrawn")
		case errors.Is(err, kiosk.ErrNotNow):
			return "", told("code", "stock.find_not_lost")
		case err != nil:
			return "", atField("code", err)
		}
		kept, err := s.promised(r, item)
		if err != nil {
			return "", err
		}
		key := "stock.find_done"
		if kept {
			key = "stock.find_kept"
		}
		s.done(r, stocktakePath, s.undoOf(seq), key, "accession", item.Accession, "title", item.Title.Name(), "place", item.PlaceName)
		return stocktakePath, nil
	}, func(status int) error { return s.showStocktakes(w, shownAt(r, stocktakePath, ""), status, f) })
}

// stateBox is one state of a stocktake in figures.
type stateBox struct {
	State kiosk.StockState
	N     int
	Here  bool
}

// placeSum is how far the counting of a place is.
type placeSum struct {
	Name    string
	ID      kiosk.ID
	All     int // expected there
	Unmet   int
	Begun   bool
	Percent int
}

// stockSeen is a stocktake as it is at this moment.
type stockSeen struct {
	Row    stocktakeRow
	Lines  []kiosk.CountedLine
	Begun  map[kiosk.ID]bool
	Beside map[kiosk.ID]bool
	Places []kiosk.Place
	Strays []kiosk.StockStray
}

func (x stockSeen) state(l kiosk.CountedLine) kiosk.StockState { return l.StateOf(x.Begun, x.Beside) }

func (x stockSeen) placeName(id kiosk.ID) string {
	for _, p := range x.Places {
		if p.ID == id {
			return placeText(p)
		}
	}
	return ""
}

func (s *Server) readStocktake(r *http.Request) (x stockSeen, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		take, err := v.Stocktake(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		rules, _, places, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		x.Places = places
		if x.Row, err = stocktakeRowOf(v, take, rules, places); err != nil {
			return err
		}
		if x.Lines, err = v.Counted(take.ID); err != nil {
			return err
		}
		x.Begun, x.Beside = kiosk.Begun(x.Lines), take.CornersBeside(places)
		x.Strays, err = v.Strays(take.ID)
		return err
	})
	return x, err
}

// places are the places with how far each is, those that wait first.
func (x stockSeen) places() (all []placeSum) {
	at := map[kiosk.ID]*placeSum{}
	for _, l := range x.Lines {
		st := x.state(l)
		if !l.Expected || x.Beside[l.Place] {
			continue
		}
		p := at[l.Place]
		if p == nil {
			p = &placeSum{Name: x.placeName(l.Place), ID: l.Place, Begun: x.Begun[l.Place]}
			at[l.Place] = p
		}
		p.All++
		if st.Unmet() {
			p.Unmet++
		}
	}
	for _, p := range at {
		p.Percent = 100 * (p.All - p.Unmet) / max(p.All, 1)
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b placeSum) int { return cmp.Compare(fold.Order(a.Name), fold.Order(b.Name)) })
	return all
}

func (x stockSeen) boxes(here string) (all []stateBox) {
	n := map[kiosk.StockState]int{}
	for _, l := range x.Lines {
		n[x.state(l)]++
	}
	for _, st := range kiosk.StockStates {
		if n[st] > 0 || st == kiosk.StockMissing || st == kiosk.StockSeen {
			all = append(all, stateBox{st, n[st], string(st) == here})
		}
	}
	return all
}

// stockRow is a line of the list.
type stockRow struct {
	kiosk.CountedLine
	State         kiosk.StockState
	Belongs, Seen string // places
}

var stockList = list[stockRow]{Title: "stock.list", Sort: "accession", Columns: []column[stockRow]{
	{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(r stockRow) any { return cmp.Or(r.Accession, r.Barcode) }},
	{Key: "title", Word: "list.title", Kind: textCell, Of: func(r stockRow) any { return r.Title }},
	{Key: "kind", Word: "list.kind", Kind: textCell, Of: func(r stockRow) any { return string(r.Kind) }, Say: func(r stockRow) string { return "kind." + string(r.Kind) }},
	{Key: "place", Word: "stock.belongs", Kind: textCell, Of: func(r stockRow) any { return r.Belongs }},
	{Key: "call", Word: "stock.call", Kind: codeCell, Of: func(r stockRow) any { return r.CallNumber }},
	{Key: "state", Word: "stock.state", Kind: textCell, Of: func(r stockRow) any { return string(r.State) }, Say: func(r stockRow) string { return "stock.is." + string(r.State) },
		Mark: func(r stockRow) string {
			switch r.State {
			case kiosk.StockSeen, kiosk.StockFound:
				return "free"
			case kiosk.StockMissing, kiosk.StockMisplaced, kiosk.StockSurplus:
				return "out"
			}
			return ""
		}},
	{Key: "met", Word: "stock.met_at", Kind: textCell, Of: func(r stockRow) any { return r.Seen }},
	{Key: "condition", Word: "copy.condition", Kind: textCell, Of: func(r stockRow) any { return string(r.CountedLine.State.Condition) }, Say: func(r stockRow) string { return "copy.condition." + string(r.CountedLine.State.Condition) }},
	{Key: "price", Word: "list.price", Kind: moneyCell, Of: func(r stockRow) any { return r.Price }},
}}

// stocktake shows how far it is, and the copies of one state: first those that
// nobody has met.
func (s *Server) stocktake(w http.ResponseWriter, r *http.Request) error {
	x, err := s.readStocktake(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	state, place := q.Get("state"), kiosk.ID(q.Get("place"))
	if state == "" {
		state = string(kiosk.StockMissing)
	}
	var rows []stockRow
	for _, l := range x.Lines {
		st := x.state(l)
		if (string(st) == state || state == "unmet" && st.Unmet()) && (place == "" || l.Place == place) {
			rows = append(rows, stockRow{l, st, x.placeName(l.Place), x.placeName(l.SeenAt)})
		}
	}
	lang := s.lang(r)
	said := "stock.is." + state
	if !words.Has(lang, said) {
		said = "stock.is." + string(kiosk.StockMissing)
	}
	filter := x.Row.Name + " · " + words.T(lang, said)
	if name := x.placeName(place); name != "" {
		filter += " · " + name
	}
	on, off, err := s.countingStations(r, x)
	if err != nil {
		return err
	}
	code, err := barcodeOf(kiosk.CountCode.Barcode)
	if err != nil {
		return err
	}
	return showList(s, w, r, stockList, rows, "stocktake.html", map[string]any{
		"Counting": on, "Idle": off, "CountCode": code,
		"T": x.Row, "Boxes": x.boxes(state), "Places": x.places(), "Strays": x.Strays, "Filter": filter, "State": state, "Place": x.placeName(place),
		"Mine": callerOf(r).is(kiosk.Librarian), "F": newForm(), "Files": fileOf(r), "PlaceNames": x.Places, "N": len(rows), "StateWord": said,
	})
}

// stocktakeCounts are the figures of the page, which asks for them again and again.
func (s *Server) stocktakeCounts(w http.ResponseWriter, r *http.Request) error {
	x, err := s.readStocktake(r)
	if err != nil {
		return err
	}
	s.page(w, r, http.StatusOK, "stockcounts", map[string]any{"T": x.Row, "Boxes": x.boxes(""), "Places": x.places()})
	return nil
}

// fileOf is what the last memory file brought, from the address it led to.
func fileOf(r *http.Request) map[string]int {
	q := r.URL.Query()
	if q.Get("file") == "" {
		return nil
	}
	m := map[string]int{}
	for _, o := range kiosk.CountOutcomes {
		if n, err := strconv.Atoi(q.Get("n_" + string(o))); err == nil && n > 0 && n <= kiosk.MostCodes {
			m[string(o)] = n
		}
	}
	return m
}

func explainedStock(l words.Lang, err error) string {
	var foreign *kiosk.ForeignFileError
	if errors.As(err, &foreign) {
		if foreign.Codes == 0 {
			return words.T(l, "stock.empty_file")
		}
		return words.T(l, "stock.foreign", "known", foreign.Known, "n", foreign.Codes)
	}
	for of, key := range map[error]string{
		kiosk.ErrStockClosed: "stock.closed_already", kiosk.ErrStockOpen: "stock.open_already", kiosk.ErrNothingThere: "stock.nothing_there",
		kiosk.ErrNothingMet: "stock.nothing_met", kiosk.ErrStockReopened: "stock.not_reopened", errNoFile: "stock.no_file", errLargeFile: "stock.large_file",
	} {
		if errors.Is(err, of) {
			return words.T(l, key)
		}
	}
	return ""
}
