package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/store"
)

// subject is what a labels command line names: the layouts of it, and the
// stock when none is named.
var labelSubjects = map[string]struct {
	layout labels.Layout
	stock  string
}{
	"copies":      {labels.CopyLabel, "a4-65"},
	"spines":      {labels.SpineLabel, "a4-65"},
	"cards":       {labels.PatronCard, "card-86x54-a4"},
	"shelves":     {labels.ShelfLabel, "a4-24"},
	"places":      {labels.PlaceLabel, "a4-24"},
	"commands":    {labels.Commands, "a4"},
	"class-sheet": {labels.ClassSheet, "a4"},
	"colours":     {labels.Colours, "a4"},
	"calibration": {labels.Calibration, "a4-65"},
	"test":        {labels.TestLabel, "a4-65"},
}

// labelSelection is which copies or patrons are printed; empty is all.
type labelSelection struct {
	accession string // A..B, inclusive
	class     string
	barcodes  string // a file, one a line
	never     bool   // never labelled
}

// labelsCommand prints labels, cards and sheets to a file or folder.
func labelsCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("labels")
	data := f.String("data", "", "the data folder")
	stock := f.String("stock", "", "the label stock; list lists them")
	out := f.String("out", "", "FILE.pdf, FILE.zpl, FILE.tspl, FILE.epl or DIR/ for PNG pictures")
	printer := f.String("printer", "", "print on this printer")
	layout := f.String("layout", "", "with copies: copy, spine or both")
	skip := f.Int("skip", 0, "labels of the first sheet that are used up")
	dpi := f.Int("dpi", 0, "203, 300 or 600 dots an inch for label printers and pictures")
	mark := f.Bool("mark", false, "mark the copies as labelled once the file is written")
	var sel labelSelection
	f.StringVar(&sel.accession, "accession", "", "accession numbers A..B")
	f.StringVar(&sel.class, "class", "", "one class, such as 3A")
	f.StringVar(&sel.barcodes, "barcodes", "", "a file with a barcode a line")
	f.BoolVar(&sel.never, "new", false, "copies that were never labelled")
	words, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	if *stock == "list" || len(words) == 1 && words[0] == "stocks" {
		for _, s := range sheet.Stocks() {
			fmt.Fprintf(e.stdout, "%s\t%s\n", s.Name, s.Describe(e.lang))
		}
		return exitDone
	}
	if len(words) != 1 {
		return e.usage(sentence("one_file", e.word(sentence("help_labels"))))
	}
	what, known := labelSubjects[words[0]]
	if !known {
		return e.usage(sentence("what", words[0], "copies, spines, cards, shelves, places, commands, class-sheet, colours, calibration, test"))
	}
	if *printer != "" {
		return e.fail(sentence("labels_noprinter"))
	}
	if *out == "" {
		return e.usage(sentence("labels_out"))
	}
	job := labels.Job{Layout: what.layout, Skip: *skip, DPI: *dpi, When: e.now()}
	job.Lang = e.lang
	switch *layout {
	case "":
	case "copy", "spine", "both":
		job.Layout = labels.Layout(*layout)
	default:
		return e.usage(sentence("labels_layout", *layout))
	}
	if *stock == "" {
		*stock = what.stock
	}
	var err error
	if job.Stock, err = sheet.Find(*stock); err != nil {
		return e.usage(sentence("stock_unknown", *stock))
	}
	if job.Format, ok = formatOf(*out); !ok {
		return e.usage(sentence("labels_ending", *out))
	}
	return e.withStore(ctx, *data, func(st *store.Store) int {
		if code := e.selectLabels(ctx, st, &job, sel); code != exitDone {
			return code
		}
		report, err := writeLabels(ctx, job, *out)
		if err != nil {
			return e.labelsFailed(err)
		}
		for _, s := range report.Substituted {
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("labels_replaced", s.Text, string(s.Runes))))
		}
		if *mark {
			if err := markLabelled(ctx, st, job.Items); err != nil {
				return e.fail(sentence("failed", err))
			}
		}
		fmt.Fprintln(e.stdout, e.word(sentence("labels_done", report.Labels, report.Pages, *out)))
		return exitDone
	})
}

// formatOf is the format that a file's name asks for; a trailing slash asks
// for a folder of pictures.
func formatOf(out string) (labels.Format, bool) {
	if strings.HasSuffix(out, "/") || strings.HasSuffix(out, string(filepath.Separator)) {
		return labels.PNG, true
	}
	switch strings.ToLower(filepath.Ext(out)) {
	case ".pdf":
		return labels.PDF, true
	case ".zpl":
		return labels.ZPL, true
	case ".tspl":
		return labels.TSPL, true
	case ".epl":
		return labels.EPL, true
	}
	return "", false
}

// selectLabels fills the job with what the selection matches.
func (e *env) selectLabels(ctx context.Context, st *store.Store, job *labels.Job, sel labelSelection) int {
	match, code := e.matcher(sel)
	if code != exitDone {
		return code
	}
	err := st.View(ctx, func(v kiosk.View) error {
		site, err := v.Site()
		if err != nil {
			return err
		}
		loc, err := site.Location()
		if err != nil {
			return err
		}
		today := kiosk.DayOf(e.now(), loc)
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		job.School, job.Year = site.Name, rules.Year.Name
		switch job.Layout {
		case labels.CopyLabel, labels.SpineLabel, labels.BothLabel:
			return v.EachItem(func(i kiosk.Item) error {
				if i.State.Status != kiosk.CopyWithdrawn && match.item(i) {
					job.Items = append(job.Items, i)
				}
				return nil
			})
		case labels.PatronCard, labels.ClassSheet:
			return v.EachMember(today, func(m kiosk.Member) error {
				if m.Status != kiosk.PatronLeft && m.Card.Barcode != "" && match.member(m) {
					job.Members = append(job.Members, m)
				}
				return nil
			})
		case labels.ShelfLabel, labels.PlaceLabel:
			places, err := v.Places()
			for _, p := range places {
				if (p.Kind == kiosk.Shelf) == (job.Layout == labels.ShelfLabel) && !p.Closed {
					job.Places = append(job.Places, p)
				}
			}
			return err
		}
		return nil
	})
	if err != nil {
		return e.fail(sentence("failed", err))
	}
	return exitDone
}

// matcher decides what a selection takes.
type matcher struct {
	sel      labelSelection
	prefix   string
	from, to int
	codes    map[string]bool // nil for all
}

func (e *env) matcher(sel labelSelection) (matcher, int) {
	m := matcher{sel: sel}
	if sel.accession != "" {
		a, b, ok := strings.Cut(sel.accession, "..")
		if !ok {
			b = a
		}
		from, okA := kiosk.AccessionOf(strings.TrimSpace(a))
		to, okB := kiosk.AccessionOf(strings.TrimSpace(b))
		prefixA, numberA, _ := kiosk.SplitAccession(from)
		prefixB, numberB, _ := kiosk.SplitAccession(to)
		if !okA || !okB || prefixA != prefixB || numberB < numberA {
			return m, e.usage(sentence("labels_range", sel.accession))
		}
		m.prefix, m.from, m.to = prefixA, numberA, numberB
	}
	if sel.barcodes != "" {
		f, err := os.Open(sel.barcodes)
		if err != nil {
			return m, e.fail(sentence("read_failed", sel.barcodes, e.fileError(err)))
		}
		defer f.Close()
		m.codes = map[string]bool{}
		s := bufio.NewScanner(f)
		for s.Scan() {
			if c, err := kiosk.NormalizeCode(s.Text()); err == nil {
				m.codes[c] = true
			}
		}
		if err := s.Err(); err != nil {
			return m, e.fail(sentence("read_failed", sel.barcodes, err))
		}
	}
	return m, exitDone
}

func (m matcher) item(i kiosk.Item) bool {
	if m.prefix != "" {
		p, n, ok := kiosk.SplitAccession(i.Accession)
		if !ok || p != m.prefix || n < m.from || n > m.to {
			return false
		}
	}
	return (m.codes == nil || m.codes[i.Barcode] || m.codes[i.Accession]) && (!m.sel.never || !i.Labelled)
}

func (m matcher) member(p kiosk.Member) bool {
	return (m.sel.class == "" || p.Class == m.sel.class) && (m.codes == nil || m.codes[p.Card.Barcode])
}

// writeLabels renders the job to a file, or to a picture a label in a folder.
// A file appears under its name only once it is whole.
func writeLabels(ctx context.Context, job labels.Job, out string) (labels.Report, error) {
	if job.Format == labels.PNG {
		return labels.RenderEach(ctx, job, func(name string) (io.WriteCloser, error) {
			if err := os.MkdirAll(out, 0o755); err != nil {
				return nil, err
			}
			return os.Create(filepath.Join(out, name))
		})
	}
	f, err := os.CreateTemp(filepath.Dir(out), ".muontra-*")
	if err != nil {
		return labels.Report{}, err
	}
	defer os.Remove(f.Name()) // fails once it has its name
	w := bufio.NewWriter(f)
	report, err := labels.Render(ctx, w, job)
	if err == nil {
		err = w.Flush()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return report, err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return report, err
	}
	return report, os.Rename(f.Name(), out)
}

// markLabelled records that the copies bear their label.
func markLabelled(ctx context.Context, st *store.Store, items []kiosk.Item) error {
	return st.Update(ctx, func(tx kiosk.Tx) error {
		for _, i := range items {
			i.Labelled = true
			if err := tx.PutCopy(i.Copy); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *env) labelsFailed(err error) int {
	var fault *say.Fault
	if errors.As(err, &fault) {
		return e.fail(sentence("labels_failed", fault.In(e.lang)))
	}
	return e.fail(sentence("labels_failed", e.fileError(err)))
}
