package web

import (
	"bytes"
	"context"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/sheet"
	"muontra/web/words"
)

// labelRoutes are labels, cards and the sheets they are printed on.
func (s *Server) labelRoutes() []route {
	return []route{
		{"GET", "/desk/labels", librarian, s.labelsPage},
		{"GET", "/desk/labels/preview.png", librarian, s.labelPreview},
		{"GET", "/desk/labels/labels.pdf", librarian, s.labelPDF},
		{"POST", "/desk/labels/print", librarian, named(s.printLabels)},
		{"POST", "/desk/labels/mark", librarian, s.markLabels},
		{"GET", "/desk/labels/settings", librarian, s.labelSettings},
		{"POST", "/desk/labels/settings", librarian, s.putLabelSettings},
		{"GET", "/desk/stocks", librarian, s.stocks},
		{"POST", "/desk/stocks", librarian, s.putStock},
		{"GET", "/desk/stocks/new", librarian, s.editStock},
		{"GET", "/desk/stocks/own/{name}", librarian, s.editStock},
		{"POST", "/desk/stocks/own/{name}", librarian, s.putStock},
		{"POST", "/desk/stocks/own/{name}/remove", librarian, s.removeStock},
	}
}

// mostDrawn is how many drawings of labels are made at the same time: they are
// the only long computation of the daemon, and a checkout must not wait.
const mostDrawn = 2

// previews keeps the last pictures: a page draws one to see whether it can be
// drawn, and its <img> asks for it a moment later.
type previews struct {
	mu   sync.Mutex
	list []preview
}

type preview struct {
	query string
	png   []byte
	at    time.Time
}

const (
	mostPreviews = 8
	previewLife  = time.Minute
)

func (p *previews) put(query string, png []byte, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append([]preview{{query, png, now}}, p.list...)
	p.list = p.list[:min(len(p.list), mostPreviews)]
}

func (p *previews) get(query string, now time.Time) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.list {
		if one.query == query && now.Sub(one.at) < previewLife {
			return one.png
		}
	}
	return nil
}

// draw renders a job while at most mostDrawn others are drawn.
func (s *Server) draw(ctx context.Context, j labels.Job) ([]byte, labels.Report, error) {
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-ctx.Done():
		return nil, labels.Report{}, ctx.Err()
	}
	var b bytes.Buffer
	rep, err := labels.Render(ctx, &b, j)
	return b.Bytes(), rep, err
}

// cell is a label of the sheet that can be touched to begin there.
type cell struct {
	N          int
	X, Y, W, H string
	Used       bool
	Query      template.URL
}

// mm writes a length for an SVG.
func mm(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// cells are the labels of a sheet, where a stock has several.
func cells(o labelOrder, st sheet.Stock) []cell {
	if st.Per() < 2 || o.Layout == labels.Calibration || o.Layout == labels.ClassSheet || o.Layout == labels.Commands || o.Layout == labels.Colours {
		return nil
	}
	var all []cell
	for i := range st.Per() {
		x, y := st.At(i)
		first := o
		first.Page = 1
		all = append(all, cell{N: i + 1, X: mm(x), Y: mm(y), W: mm(st.LabelW), H: mm(st.LabelH), Used: i < o.Skip, Query: first.With("skip", i)})
	}
	return all
}

// namedStock is a stock with its line for people.
type namedStock struct {
	sheet.Stock
	Words string
	Own   bool
}

// allStocks are the school's own stocks and the built-in ones that they do not
// replace.
func allStocks(l words.Lang, own []sheet.Stock) []namedStock {
	var all []namedStock
	for i, st := range append(slices.Clone(own), sheet.Stocks()...) {
		if !slices.ContainsFunc(all, func(o namedStock) bool { return o.Name == st.Name }) {
			all = append(all, namedStock{st, st.Describe(string(l)), i < len(own)})
		}
	}
	return all
}

// labelsPage is where labels, cards and sheets are chosen, looked at and
// printed.
func (s *Server) labelsPage(w http.ResponseWriter, r *http.Request) error {
	lang := s.lang(r)
	o, chosen := orderOf(r.URL.Query())
	if !chosen {
		return s.labelTiles(w, r)
	}
	p, err := s.pick(r.Context(), o)
	if err != nil {
		return err
	}
	f := newForm()
	data := map[string]any{"O": o, "F": f, "P": &p, "Stocks": allStocks(lang, p.Own), "Most": mostLabels}
	err = p.missing(o)
	if err == nil {
		j := o.picture(p.Job)
		var png []byte
		var rep labels.Report
		if png, rep, err = s.draw(r.Context(), j); err == nil {
			s.previews.put(string(o.Query()), png, s.Now())
			data["Pages"], data["Cells"] = rep.Pages, cells(o, p.Stock)
			data["Lost"] = lostText(rep)
			data["Wide"], data["High"] = mm(p.Stock.PageW), mm(p.Stock.PageH)
			data["Ready"] = true
		}
	}
	status := http.StatusOK
	if err != nil {
		if o.blank() {
			// Nothing was asked for yet: the fields say what they want.
			f.Trouble = ""
		} else if !s.explain(lang, f, err) {
			return err
		} else {
			status = http.StatusUnprocessableEntity
		}
	}
	if err := s.labelChoices(r, o, data); err != nil {
		return err
	}
	s.deskPage(w, r, status, "labels.html", data)
	return nil
}

// picture is the job as the page shows it: on the sheet as it should be, not as
// a printer moves it.
func (o labelOrder) picture(j labels.Job) labels.Job {
	j.Format, j.Outline, j.Page, j.Adjust = labels.PNG, true, o.Page, sheet.Adjust{}
	return j
}

// blank reports whether the fields that the order needs are still empty.
func (o labelOrder) blank() bool {
	switch o.What {
	case "range":
		return o.From == ""
	case "codes":
		return o.Codes == ""
	case "cards", "class":
		return o.Class == "" && o.Codes == ""
	case "receipt":
		return o.Receipt == ""
	}
	return false
}

// lostText is what could not be drawn, the first few of it.
func lostText(rep labels.Report) string {
	const few = 3
	var list []string
	for _, one := range rep.Substituted[:min(few, len(rep.Substituted))] {
		list = append(list, one.Subject+": "+string(one.Runes))
	}
	return strings.Join(list, ", ")
}

// labelTiles is the first question: what to print.
func (s *Server) labelTiles(w http.ResponseWriter, r *http.Request) error {
	fresh := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		house, err := v.HouseFigures()
		fresh = house.Unlabelled
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "labeltiles.html", map[string]any{"Subjects": labelSubjects, "Fresh": fresh})
	return nil
}

// labelChoices adds what the fields of an order offer.
func (s *Server) labelChoices(r *http.Request, o labelOrder, data map[string]any) error {
	if o.What == "cards" || o.What == "class" {
		names, err := s.classNames(r)
		if err != nil {
			return err
		}
		data["Classes"], data["Outside"] = names, outsideClasses
	}
	return s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if s.Printing != nil {
			list, err := v.Printers()
			if err != nil {
				return err
			}
			data["Printers"] = slices.DeleteFunc(list, func(p kiosk.Printer) bool { return p.Disabled })
		}
		if o.What != "receipt" {
			return nil
		}
		list, err := v.Receipts(false)
		data["Receipts"] = list[:min(len(list), 50)]
		return err
	})
}

// labelPreview is the picture of a page of labels.
func (s *Server) labelPreview(w http.ResponseWriter, r *http.Request) error {
	o, chosen := orderOf(r.URL.Query())
	if !chosen {
		return errNotFound
	}
	png := s.previews.get(string(o.Query()), s.Now())
	if png == nil {
		p, err := s.pick(r.Context(), o)
		if err != nil {
			return err
		}
		if err := p.missing(o); err != nil {
			return errNotFound
		}
		j := o.picture(p.Job)
		if png, _, err = s.draw(r.Context(), j); err != nil {
			return unless(s, r, err)
		}
	}
	w.Header().Set("Content-Type", "image/png")
	w.Write(png)
	return nil
}

// unless is the answer to a picture or file that cannot be drawn: the page
// with its form says why, so here it only does not exist.
func unless(s *Server, r *http.Request, err error) error {
	if _, known := explained(s.lang(r), err); known {
		return errNotFound
	}
	return err
}

// labelPDF is the file to open and print from the browser.
func (s *Server) labelPDF(w http.ResponseWriter, r *http.Request) error {
	o, chosen := orderOf(r.URL.Query())
	if !chosen {
		return errNotFound
	}
	p, err := s.pick(r.Context(), o)
	if err != nil {
		return err
	}
	if p.missing(o) != nil {
		http.Redirect(w, r, "/desk/labels?"+string(o.Query()), http.StatusSeeOther)
		return nil
	}
	j := p.Job
	j.Format = labels.PDF
	pdf, _, err := s.draw(r.Context(), j)
	if err != nil {
		text, known := explained(s.lang(r), err)
		if !known {
			return err
		}
		// The picture is drawn without the printer's adjustment, and may be well.
		return s.refused(w, r, &form{Trouble: text}, "/desk/labels?"+string(o.Query()))(0)
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="muontra-`+o.What+`.pdf"`)
	h.Set("Content-Length", strconv.Itoa(len(pdf)))
	// A browser shows a PDF in a viewer of its own, which our pages' policy
	// would forbid; no script of ours or of anybody runs in it.
	h.Set("Content-Security-Policy", "frame-ancestors 'self'")
	w.Write(pdf)
	return nil
}
