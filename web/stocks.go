package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/labels/queue"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/web/words"
)

// stockLengths are the lengths of a stock in the order of its form, with where
// each stands in it. Their names are those of its JSON.
var stockLengths = []struct {
	Name string
	at   func(*sheet.Stock) *float64
}{
	{"page_width", func(s *sheet.Stock) *float64 { return &s.PageW }},
	{"page_height", func(s *sheet.Stock) *float64 { return &s.PageH }},
	{"label_width", func(s *sheet.Stock) *float64 { return &s.LabelW }},
	{"label_height", func(s *sheet.Stock) *float64 { return &s.LabelH }},
	{"margin_left", func(s *sheet.Stock) *float64 { return &s.Left }},
	{"margin_top", func(s *sheet.Stock) *float64 { return &s.Top }},
	{"pitch_x", func(s *sheet.Stock) *float64 { return &s.PitchX }},
	{"pitch_y", func(s *sheet.Stock) *float64 { return &s.PitchY }},
	{"corner_radius", func(s *sheet.Stock) *float64 { return &s.Radius }},
	{"edge", func(s *sheet.Stock) *float64 { return &s.Edge }},
}

var stockKinds = []sheet.Kind{sheet.Sheet, sheet.Roll, sheet.Card, sheet.Page}

const stocksPath = "/desk/stocks"

// stocks lists the papers, the school's own first.
func (s *Server) stocks(w http.ResponseWriter, r *http.Request) error {
	own, err := s.ownStocks(r.Context())
	if err != nil {
		return err
	}
	type drawn struct {
		namedStock
		Picture stockPicture
	}
	var all []drawn
	for _, st := range allStocks(s.lang(r), own) {
		all = append(all, drawn{st, pictureOf(st.Stock)})
	}
	s.deskPage(w, r, http.StatusOK, "stocks.html", map[string]any{"Stocks": all})
	return nil
}

func (s *Server) ownStocks(ctx context.Context) (own []sheet.Stock, err error) {
	err = s.Ledger.View(ctx, func(v kiosk.View) error {
		own, err = queue.Stocks(v)
		return err
	})
	return own, err
}

// stockPicture is a stock drawn in true proportions. It is drawn of whatever
// was typed, so that a slip is seen.
type stockPicture struct {
	View       string // what of the plane is seen: the page, and labels beyond it
	Wide, High string
	Cells      []cell
	Over       bool // more than can be drawn
}

// mostCells bounds the picture of a stock with absurd numbers.
const mostCells = 500

func pictureOf(st sheet.Stock) stockPicture {
	p := stockPicture{Wide: mm(st.PageW), High: mm(st.PageH)}
	if st.Columns < 1 || st.Rows < 1 || st.Columns > mostCells || st.Rows > mostCells || st.Per() > mostCells || !(st.PageW > 0) || !(st.PageH > 0) {
		p.Over = true
		return p
	}
	wide, high := st.PageW, st.PageH
	for i := range st.Per() {
		x, y := st.At(i)
		wide, high = max(wide, x+st.LabelW), max(high, y+st.LabelH)
		p.Cells = append(p.Cells, cell{N: i + 1, X: mm(x), Y: mm(y), W: mm(max(0, st.LabelW)), H: mm(max(0, st.LabelH)), Used: over(st, x, y)})
	}
	const edge, most = 1.0, 2.0 // a label of a kilometre must not make the page a dot
	p.View = strings.Join([]string{mm(-edge), mm(-edge), mm(min(wide, most*st.PageW) + 2*edge), mm(min(high, most*st.PageH) + 2*edge)}, " ")
	return p
}

// over reports whether a label lies beyond its page.
func over(st sheet.Stock, x, y float64) bool {
	const slack = 0.05
	return x < -slack || y < -slack || x+st.LabelW > st.PageW+slack || y+st.LabelH > st.PageH+slack
}

// editStock is the form of a stock: a copy of the one that ?of= names, or an
// own one to change.
func (s *Server) editStock(w http.ResponseWriter, r *http.Request) error {
	own, err := s.ownStocks(r.Context())
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	known := name != ""
	if !known {
		name = r.URL.Query().Get("of")
		if name == "" {
			name = "a4-65"
		}
	}
	st, err := sheet.Find(name, own...)
	if err != nil || known && !slices.ContainsFunc(own, func(o sheet.Stock) bool { return o.Name == name }) {
		return errNotFound
	}
	if !known {
		st.Text = ""
	}
	return s.stockForm(w, r, http.StatusOK, formOfStock(st), st, known)
}

func formOfStock(st sheet.Stock) *form {
	f := newForm("text", st.Text, "kind", string(st.Kind), "columns", decimal(float64(st.Columns)), "rows", decimal(float64(st.Rows)), "dpi", decimal(float64(st.DPI)))
	for _, l := range stockLengths {
		f.Values.Set(l.Name, decimal(*l.at(&st)))
	}
	return f
}

func (s *Server) stockForm(w http.ResponseWriter, r *http.Request, status int, f *form, st sheet.Stock, known bool) error {
	s.deskPage(w, r, status, "stockform.html", map[string]any{
		"F": f, "S": st, "Known": known, "Kinds": stockKinds, "Lengths": stockLengths, "Picture": pictureOf(st), "DPIs": []string{"203", "300", "600"},
	})
	return nil
}

// stockOf reads a stock from its form. Its name in the programs is made of
// what people call it.
func stockOf(f *form) sheet.Stock {
	st := sheet.Stock{Text: f.Get("text"), Kind: sheet.Kind(f.Get("kind")), DPI: int(f.whole("dpi", 203, false))}
	st.Columns, st.Rows = int(f.whole("columns", 1, false)), int(f.whole("rows", 1, false))
	for _, l := range stockLengths {
		*l.at(&st) = f.length(l.Name)
	}
	if st.Text == "" {
		f.Wrong["text"] = "missing"
	} else if len([]rune(st.Text)) > 80 {
		f.Wrong["text"] = "stock_name"
	}
	return st
}

func stockName(text string) string {
	var b strings.Builder
	for _, r := range fold.Text(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == 24 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// putStock keeps a stock of the school's own; "look" only draws it.
func (s *Server) putStock(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	known := r.PathValue("name")
	own, err := s.ownStocks(r.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(own, func(o sheet.Stock) bool { return o.Name == known })
	if known != "" && at < 0 {
		return errNotFound
	}
	st := stockOf(f)
	if st.Name = known; known == "" {
		st.Name = freeStockName(stockName(st.Text), own)
	}
	again := func(status int) error { return s.stockForm(w, r, status, f, st, known != "") }
	if f.Is("do", "look") {
		if !s.stockFaults(r, f, st) {
			status := http.StatusOK
			if len(f.Wrong) > 0 {
				status = http.StatusUnprocessableEntity
			}
			s.explain(s.lang(r), f, errForm)
			f.Trouble = ""
			return again(status)
		}
		return again(http.StatusUnprocessableEntity)
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		if err := st.Check(); err != nil {
			return "", beside(s.lang(r), f, st, err)
		}
		before := slices.Clone(own)
		if at >= 0 {
			own[at] = st
		} else {
			own = append(own, st)
		}
		if err := s.saveStocks(r.Context(), own); err != nil {
			return "", err
		}
		s.done(r, stocksPath, func(ctx context.Context, _ kiosk.Attempt) error { return s.saveStocks(ctx, before) }, "stocks.saved", "name", st.Text)
		return stocksPath, nil
	}, again)
}

// freeStockName is a name that no other stock has.
func freeStockName(name string, own []sheet.Stock) string {
	if name == "" {
		name = "stock"
	}
	free := name
	for n := 2; ; n++ {
		if _, err := sheet.Find(free, own...); err != nil {
			return free
		}
		free = name + "-" + decimal(float64(n))
	}
}

// stockFaults says what cannot be true of a stock, beside its field where the
// fault names one. A name that was not given yet is no reason to be silent
// about the measures.
func (s *Server) stockFaults(r *http.Request, f *form, st sheet.Stock) bool {
	if _, unnamed := f.Wrong["text"]; len(f.Wrong) > 1 || len(f.Wrong) == 1 && !unnamed {
		return false
	}
	err := st.Check()
	if err == nil {
		return false
	}
	s.explain(s.lang(r), f, beside(s.lang(r), f, st, err))
	return true
}

// beside marks the field of a fault in the form, and names stock and field as
// the form does.
func beside(l words.Lang, f *form, st sheet.Stock, err error) error {
	var fault *say.Fault
	if !errors.As(err, &fault) {
		return err
	}
	named := fault.With("stock", cmp.Or(st.Text, words.T(l, "stocks.unnamed")))
	switch field, _ := fault.Fact("field").(string); {
	case field != "":
		f.Wrong[field] = cmp.Or(map[string]string{"stock_overlap": "stock_overlap"}[fault.Code], "stock_value")
		for _, key := range []string{"stocks.field." + field, "stocks." + field} {
			if words.Has(l, key) {
				return named.With("field", words.T(l, key))
			}
		}
	case fault.Code == "stock_page" && fault.Fact("edge") == say.Key("edge.right"):
		f.Wrong["page_width"] = "stock_page"
	case fault.Code == "stock_page":
		f.Wrong["page_height"] = "stock_page"
	}
	return named
}

// saveStocks stores all own stocks, as their reader would take them.
func (s *Server) saveStocks(ctx context.Context, own []sheet.Stock) error {
	b, err := json.Marshal(own)
	if err != nil {
		return err
	}
	if len(own) == 0 {
		b = nil
	} else if _, err := sheet.Read(b); err != nil {
		return err
	}
	return s.Ledger.Update(ctx, func(tx kiosk.Tx) error { return tx.PutSetting(queue.SettingStocks, string(b)) })
}

// removeStock takes an own stock away, unless a printer has it in it.
func (s *Server) removeStock(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	own, err := s.ownStocks(r.Context())
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	left := slices.DeleteFunc(slices.Clone(own), func(o sheet.Stock) bool { return o.Name == name })
	if len(left) == len(own) {
		return errNotFound
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		if err := s.inPrinter(r.Context(), name); err != nil {
			return "", err
		}
		if err := s.saveStocks(r.Context(), left); err != nil {
			return "", err
		}
		s.done(r, stocksPath, func(ctx context.Context, _ kiosk.Attempt) error { return s.saveStocks(ctx, own) }, "stocks.removed")
		return stocksPath, nil
	}, s.refused(w, r, f, stocksPath))
}

// inUseError refuses to take away what a printer needs.
type inUseError struct{ printer string }

func (e *inUseError) Error() string { return "in use by printer " + e.printer }

func (s *Server) inPrinter(ctx context.Context, stock string) error {
	return s.Ledger.View(ctx, func(v kiosk.View) error {
		list, err := v.Printers()
		for _, p := range list {
			if p.Stock == stock && !p.Disabled {
				return &inUseError{p.Name}
			}
		}
		return err
	})
}
