package web

import (
	"cmp"
	"context"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
	"muontra/labels/say"
	"muontra/labels/sheet"
)

// mostLabels is how many labels one order prints: two boxes of sheets.
const mostLabels = 5000

// maxCodes bounds the field of scanned codes, in bytes.
const maxCodes = 64 << 10

// outsideClasses stands in place of a class for teachers and staff.
const outsideClasses = "-"

// labelSubject is something that can be printed, in the order of the tiles.
type labelSubject struct {
	What    string
	Icon    string
	Layouts []labels.Layout
	Stock   string // the usual one
}

var copyLayouts = []labels.Layout{labels.CopyLabel, labels.BothLabel, labels.SpineLabel}

var labelSubjects = []labelSubject{
	{"new", "book", copyLayouts, "a4-65"},
	{"receipt", "give", copyLayouts, "a4-65"},
	{"range", "book-open", copyLayouts, "a4-65"},
	{"codes", "scan", copyLayouts, "a4-65"},
	{"cards", "card", []labels.Layout{labels.PatronCard}, "card-a4"},
	{"class", "friends", []labels.Layout{labels.ClassSheet}, "a4"},
	{"shelves", "book-stay", []labels.Layout{labels.ShelfLabel}, "a4-24"},
	{"boxes", "full", []labels.Layout{labels.PlaceLabel}, "a4-8"},
	{"commands", "keypad", []labels.Layout{labels.Commands}, "a4"},
	{"colours", "sun", []labels.Layout{labels.Colours}, "a4"},
	{"calibration", "wrench", []labels.Layout{labels.Calibration}, "a4-65"},
	{"test", "check", []labels.Layout{labels.TestLabel}, "a4-65"},
}

// labelOrder is what the page of labels asks for. All of it stands in the
// query, so that a page can be kept, and a touch of the sheet is a link.
type labelOrder struct {
	labelSubject
	Layout  labels.Layout
	Stock   string
	Skip    int
	Page    int
	Receipt kiosk.ID
	From    string
	To      string
	Codes   string
	Class   string
	Printer kiosk.ID
}

// orderOf reads an order; what was left out is as usual. The second value is
// false when nothing was chosen yet.
func orderOf(q url.Values) (labelOrder, bool) {
	i := slices.IndexFunc(labelSubjects, func(l labelSubject) bool { return l.What == q.Get("what") })
	if i < 0 {
		return labelOrder{}, false
	}
	o := labelOrder{
		labelSubject: labelSubjects[i], Layout: labels.Layout(q.Get("layout")), Stock: q.Get("stock"),
		Receipt: kiosk.ID(q.Get("receipt")), From: tidy(q.Get("from")), To: tidy(q.Get("to")), Class: tidy(q.Get("class")),
		Codes: tidy(strings.Join(q["codes"], "\n")), Printer: kiosk.ID(q.Get("printer")),
	}
	if len(o.Codes) > maxCodes {
		o.Codes = strings.ToValidUTF8(o.Codes[:maxCodes], "")
	}
	if !slices.Contains(o.Layouts, o.Layout) {
		o.Layout = o.Layouts[0]
	}
	o.Stock = cmp.Or(o.Stock, o.labelSubject.Stock)
	// A number that is none is left as one that no sheet has, and is told.
	o.Skip, o.Page = wholeOr(q.Get("skip"), 0), wholeOr(q.Get("page"), 1)
	return o, true
}

func wholeOr(s string, missing int) int {
	if s == "" {
		return missing
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// values is the order as a query.
func (o labelOrder) values() url.Values {
	v := url.Values{"what": {o.What}, "layout": {string(o.Layout)}, "stock": {o.Stock}, "skip": {strconv.Itoa(o.Skip)}, "page": {strconv.Itoa(o.Page)}}
	for k, s := range map[string]string{"receipt": string(o.Receipt), "from": o.From, "to": o.To, "codes": o.Codes, "class": o.Class, "printer": string(o.Printer)} {
		if s != "" {
			v.Set(k, s)
		}
	}
	return v
}

// Query is the order as a query's text. It is escaped, and a template must not
// escape its signs once more.
func (o labelOrder) Query() template.URL { return template.URL(o.values().Encode()) }

// With is the query with one value changed.
func (o labelOrder) With(name string, value int) template.URL {
	v := o.values()
	v.Set(name, strconv.Itoa(value))
	return template.URL(v.Encode())
}

// OfCopies reports whether the order is about copies.
func (o labelOrder) OfCopies() bool { return slices.Contains(copyLayouts, o.Layout) }

// Marks reports whether its labels are those that prove a copy.
func (o labelOrder) Marks() bool {
	return o.Layout == labels.CopyLabel || o.Layout == labels.BothLabel
}

// picked is a job with what its selection left out.
type picked struct {
	labels.Job
	Own      []sheet.Stock
	NoNumber int // not registered yet
	Over     int // beyond mostLabels
	Unknown  []string
	Trouble  error // a *say.Fault or *kiosk.FieldError about the selection
}

// Subjects are the ids that a print job keeps.
func (p *picked) Subjects() []kiosk.ID {
	var ids []kiosk.ID
	for _, i := range p.Items {
		if i.ID != "" { // a set's label is of no copy
			ids = append(ids, i.ID)
		}
	}
	for _, m := range p.Members {
		ids = append(ids, m.Patron.ID)
	}
	for _, pl := range p.Places {
		ids = append(ids, pl.ID)
	}
	return ids
}

// pick looks up what an order names.
func (s *Server) pick(ctx context.Context, o labelOrder) (p picked, err error) {
	err = s.Ledger.View(ctx, func(v kiosk.View) error {
		set, own, err := queue.School(v, s.Now())
		if err != nil {
			return err
		}
		p.Job = labels.Job{Settings: set, Layout: o.Layout, Skip: o.Skip, When: s.Now(), Photo: s.Photo}
		p.Own = own
		if p.Stock, err = sheet.Find(o.Stock, own...); err != nil {
			p.Trouble = err
			return nil
		}
		if err := p.adjust(v, o); err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		switch o.Layout {
		case labels.CopyLabel, labels.BothLabel, labels.SpineLabel:
			err = p.copies(v, o)
		case labels.PatronCard, labels.ClassSheet:
			chosen := strings.Fields(o.Codes)
			err = v.EachMember(today, func(m kiosk.Member) error {
				class := cmp.Or(m.Class, outsideClasses)
				wanted := class == o.Class
				if len(chosen) > 0 {
					wanted = slices.Contains(chosen, m.Card.Barcode)
				}
				if m.Status != kiosk.PatronLeft && m.Card.Barcode != "" && wanted {
					p.Members = append(p.Members, m)
				}
				return nil
			})
		case labels.ShelfLabel, labels.PlaceLabel:
			var all []kiosk.Place
			all, err = v.Places()
			for _, pl := range all {
				if (pl.Kind == kiosk.Shelf) == (o.Layout == labels.ShelfLabel) && pl.Kind != kiosk.Library && !pl.Closed {
					p.Places = append(p.Places, pl)
				}
			}
		}
		return err
	})
	return p, err
}

// adjust takes over how the chosen printer moves what it prints.
func (p *picked) adjust(v kiosk.View, o labelOrder) error {
	if o.Printer == "" || o.Layout == labels.Calibration {
		return nil
	}
	list, err := v.Printers()
	if err != nil {
		return err
	}
	for _, pr := range list {
		if pr.ID == o.Printer && pr.Language == string(labels.PDF) {
			p.Adjust = sheet.Adjust{X: pr.OffsetX, Y: pr.OffsetY, ScaleX: pr.ScaleX, ScaleY: pr.ScaleY}
		}
	}
	return nil
}

// copies finds the copies of an order, by accession number.
func (p *picked) copies(v kiosk.View, o labelOrder) error {
	take := func(i kiosk.Item) {
		switch {
		case gone(i):
		case i.Accession == "" && i.State.Status == kiosk.CopyInProcessing:
			p.NoNumber++
		case len(p.Items) >= mostLabels:
			p.Over++
		default:
			p.Items = append(p.Items, i)
		}
	}
	switch o.What {
	case "new":
		return v.EachItem(func(i kiosk.Item) error {
			if !i.Labelled {
				take(i)
			}
			return nil
		})
	case "receipt":
		if o.Receipt == "" {
			return nil
		}
		items, err := v.ProcessingOf(o.Receipt)
		for _, i := range items {
			take(i.Item)
		}
		return err
	case "range":
		return p.accessions(v, o, take)
	}
	return p.scanned(v, o, take)
}

// accessions takes a range of numbers of one register.
func (p *picked) accessions(v kiosk.View, o labelOrder, take func(kiosk.Item)) error {
	if o.From == "" {
		return nil
	}
	from, okA := kiosk.AccessionOf(o.From)
	to, okB := kiosk.AccessionOf(cmp.Or(o.To, o.From))
	prefix, a, _ := kiosk.SplitAccession(from)
	prefixB, b, _ := kiosk.SplitAccession(to)
	switch {
	case !okA:
		p.Trouble = &kiosk.FieldError{Field: "from", Problem: kiosk.FieldMalformed}
		return nil
	case !okB || prefix != prefixB || b < a:
		p.Trouble = &kiosk.FieldError{Field: "to", Problem: kiosk.FieldMalformed}
		return nil
	}
	return v.EachItem(func(i kiosk.Item) error {
		pre, n, ok := kiosk.SplitAccession(i.Accession)
		if ok && pre == prefix && n >= a && n <= b {
			take(i)
		}
		return nil
	})
}

// scanned takes the copies of barcodes or accession numbers, in the order in
// which they were scanned, each once.
func (p *picked) scanned(v kiosk.View, o labelOrder, take func(kiosk.Item)) error {
	seen := map[string]bool{}
	for word := range strings.FieldsFuncSeq(o.Codes, func(r rune) bool { return r == '\n' || r == ',' || r == ';' || r == '\t' || r == ' ' }) {
		code, err := kiosk.NormalizeCode(word)
		if err == nil && seen[code] {
			continue
		}
		seen[code] = true
		var item kiosk.Item
		if err == nil {
			if item, err = v.ItemByBarcode(code); err != nil {
				if acc, ok := kiosk.AccessionOf(code); ok {
					item, err = v.ItemByAccession(acc)
				}
			}
		}
		if set, err2 := v.SetByBarcode(code); err != nil && code != "" && err2 == nil {
			// A set's label has the set's name in the place of a title.
			item, err = kiosk.Item{Copy: kiosk.Copy{Barcode: set.Barcode}, Title: kiosk.Title{Title: set.Name, Grade: set.Grade}}, nil
		}
		if err != nil {
			p.Unknown = append(p.Unknown, kiosk.Escaped(word))
			continue
		}
		take(item)
	}
	return nil
}

// missing says what an order lacks before anything can be drawn, nil when it
// is whole.
func (p *picked) missing(o labelOrder) error {
	if p.Trouble != nil {
		return p.Trouble
	}
	switch o.Layout {
	case labels.CopyLabel, labels.BothLabel, labels.SpineLabel, labels.PatronCard, labels.ClassSheet, labels.ShelfLabel, labels.PlaceLabel:
		if len(p.Items)+len(p.Members)+len(p.Places) == 0 {
			return say.New("nothing_selected")
		}
	}
	return nil
}
