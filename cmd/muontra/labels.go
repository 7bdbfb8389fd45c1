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
	"time"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
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
	"cards":       {labels.PatronCard, "card-a4"},
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
	wait := f.Duration("wait", beginWait, "with --printer: how long to wait for the running muontra to begin")
	mark := f.Bool("mark", false, "mark the copies as labelled once the file is written")
	photos := f.String("photos", "", "with cards and --out: a folder of photos named by card number (default: photos in the data folder)")
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
		return e.listStocks(ctx, *data)
	}
	if len(words) != 1 {
		return e.usage(sentence("one_file", e.word(sentence("help_labels"))))
	}
	what, known := labelSubjects[words[0]]
	if !known {
		return e.usage(sentence("what", words[0], "copies, spines, cards, shelves, places, commands, class-sheet, colours, calibration, test"))
	}
	if *out == "" && *printer == "" {
		return e.usage(sentence("labels_out"))
	}
	if *out != "" && *printer != "" {
		return e.usage(sentence("labels_either_of"))
	}
	job := labels.Job{Layout: what.layout, Skip: *skip, DPI: *dpi, When: e.now()}
	switch *layout {
	case "":
	case "copy", "spine", "both":
		job.Layout = labels.Layout(*layout)
	default:
		return e.usage(sentence("labels_layout", *layout))
	}
	if *printer != "" {
		return e.withStore(ctx, *data, func(st *store.Store) int {
			return e.printLabels(ctx, st, *data, *printer, *stock, job, sel, *wait)
		})
	}
	if *stock == "" {
		*stock = what.stock
	}
	if job.Format, ok = formatOf(*out); !ok {
		return e.usage(sentence("labels_ending", *out))
	}
	return e.withStore(ctx, *data, func(st *store.Store) int {
		job.Photo, job.Progress = photosOf(st.Dir()), e.labelsProgress()
		if *photos != "" {
			job.Photo = photosIn(*photos)
		}
		if code := e.chooseStock(ctx, st, *stock, &job); code != exitDone {
			return code
		}
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

// labelsProgress tells of each five hundredth label; a job of a second or two
// says nothing.
func (e *env) labelsProgress() func(done, total int) {
	return func(done, total int) {
		if total >= 1000 && done%500 == 0 {
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("labels_progress", done, total)))
		}
	}
}

// beginWait is how long a command waits for the daemon to begin with its job.
const beginWait = 30 * time.Second

// listStocks lists the stocks, with a data folder also the school's own, which
// stand before one of the same name.
func (e *env) listStocks(ctx context.Context, data string) int {
	list := func(own []sheet.Stock) {
		seen := map[string]bool{}
		for _, s := range append(own, sheet.Stocks()...) {
			if !seen[s.Name] {
				fmt.Fprintf(e.stdout, "%s\t%s\n", s.Name, s.Describe(e.lang))
			}
			seen[s.Name] = true
		}
	}
	if data == "" {
		list(nil)
		return exitDone
	}
	return e.withStore(ctx, data, func(st *store.Store) int {
		var own []sheet.Stock
		err := st.View(ctx, func(v kiosk.View) (err error) { own, err = queue.Stocks(v); return err })
		if err != nil {
			return e.labelsFailed(err)
		}
		list(own)
		return exitDone
	})
}

// chooseStock finds a stock by its name among the school's own and the others,
// and takes the school's settings for its labels.
func (e *env) chooseStock(ctx context.Context, st *store.Store, name string, job *labels.Job) int {
	var own []sheet.Stock
	err := st.View(ctx, func(v kiosk.View) (err error) {
		job.Settings, own, err = queue.School(v, e.now())
		return err
	})
	if err != nil {
		return e.labelsFailed(err)
	}
	if job.Lang == "" {
		job.Lang = e.lang
	}
	if job.Stock, err = sheet.Find(name, own...); err != nil {
		return e.usage(sentence("stock_unknown", name))
	}
	return exitDone
}

// printLabels puts what the selection matches into a printer's queue. The copies
// are marked as labelled by the queue, when they are printed.
func (e *env) printLabels(ctx context.Context, st *store.Store, dir, name, stock string, job labels.Job, sel labelSelection, wait time.Duration) int {
	p, code := e.printerNamed(ctx, st, name)
	if code != exitDone {
		return code
	}
	if stock == "" {
		stock = p.Stock
	}
	if code := e.chooseStock(ctx, st, stock, &job); code != exitDone {
		return code
	}
	if code := e.selectLabels(ctx, st, &job, sel); code != exitDone {
		return code
	}
	j := kiosk.PrintJob{PrinterID: p.ID, Layout: string(job.Layout), Stock: stock, Skip: job.Skip, Subjects: subjectsOf(job)}
	j.Title = e.jobTitle(job.Layout, max(len(j.Subjects), 1))
	dir, err := e.folder(dir)
	if err != nil {
		return e.fail(sentence("no_data_dir", err))
	}
	return e.send(ctx, st, dir, p, j, wait)
}

// subjectsOf are the ids of what a job is about.
func subjectsOf(job labels.Job) []kiosk.ID {
	var ids []kiosk.ID
	for _, i := range job.Items {
		ids = append(ids, i.Copy.ID)
	}
	for _, m := range job.Members {
		ids = append(ids, m.Patron.ID)
	}
	for _, p := range job.Places {
		ids = append(ids, p.ID)
	}
	return ids
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
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		today := kiosk.DayOf(e.now(), loc)
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
	return e.fail(sentence("labels_failed", e.faultWords(err)))
}

// faultWords is an error of the labels in the user's language.
func (e *env) faultWords(err error) string {
	var fault *say.Fault
	if errors.As(err, &fault) {
		return fault.In(e.lang)
	}
	return e.fileError(err)
}
