package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"muontra/devices/printer"
	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
	"muontra/labels/sheet"
	"muontra/store"
)

// printerFlags are the properties of a printer on a command line.
type printerFlags struct {
	target, language, stock, offset, scale string
	dpi                                    int
}

// printersCommand lists printers with how they are now, adds or changes one,
// prints a test label, and puts one out of use.
func printersCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("printers")
	data := f.String("data", "", "the data folder")
	all := f.Bool("all", false, "list those out of use too")
	calibration := f.Bool("calibration", false, "with test: print the calibration page")
	wait := f.Duration("wait", beginWait, "with test: how long to wait for the running muontra to begin")
	var set printerFlags
	f.StringVar(&set.target, "target", "", "tcp://HOST[:9100], /dev/usb/lp0 or ipp://HOST/ipp/print")
	f.StringVar(&set.language, "language", "", "pdf, zpl, tspl or epl")
	f.StringVar(&set.stock, "stock", "", "the label stock that usually lies in it")
	f.StringVar(&set.offset, "offset", "", "X,Y: millimetres to move the print to the right and down")
	f.StringVar(&set.scale, "scale", "", "X,Y: factors, 1 is true to size")
	f.IntVar(&set.dpi, "dpi", 0, "203, 300 or 600 dots an inch of a label printer")
	words, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	do := "list"
	if len(words) > 0 {
		do = words[0]
	}
	if want := map[string]int{"list": 1, "add": 2, "test": 2, "remove": 2, "disable": 2}[do]; want == 0 || len(words) > 0 && len(words) != want {
		return e.usage(sentence("printers_use"))
	}
	return e.withStore(ctx, *data, func(st *store.Store) int {
		if do == "list" {
			return e.listPrinters(ctx, st, *all)
		}
		if do == "add" {
			return e.addPrinter(ctx, st, words[1], f, set)
		}
		p, code := e.printerNamed(ctx, st, words[1])
		if code != exitDone {
			return code
		}
		if do == "test" {
			return e.testPrinter(ctx, st, *data, p, *calibration, *wait)
		}
		if err := newQueue(st, "", e.now, nil, nil).Disable(ctx, p.ID); err != nil {
			return e.fail(sentence("failed", err))
		}
		fmt.Fprintln(e.stdout, e.word(sentence("printer_disabled", p.Name, p.Name)))
		return exitDone
	})
}

// printerNamed finds a printer.
func (e *env) printerNamed(ctx context.Context, st *store.Store, name string) (p kiosk.Printer, code int) {
	err := st.View(ctx, func(v kiosk.View) (err error) { p, err = v.PrinterByName(name); return err })
	switch {
	case errors.Is(err, kiosk.ErrNotFound):
		return p, e.fail(sentence("printer_unknown", name))
	case err != nil:
		return p, e.fail(sentence("failed", err))
	}
	return p, exitDone
}

// listPrinters asks all printers at once how they are: one that is off takes
// seconds to say nothing.
func (e *env) listPrinters(ctx context.Context, st *store.Store, all bool) int {
	var list []kiosk.Printer
	if err := st.View(ctx, func(v kiosk.View) (err error) { list, err = v.Printers(); return err }); err != nil {
		return e.fail(sentence("failed", err))
	}
	states := make([]string, len(list))
	var asking sync.WaitGroup
	for i, p := range list {
		if p.Disabled {
			states[i] = "disabled\t" + e.reason(queue.ReasonDisabled)
			continue
		}
		asking.Go(func() { states[i] = e.printerState(ctx, p) })
	}
	asking.Wait()
	shown := 0
	for i, p := range list {
		if !p.Disabled || all {
			fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\t%s\n", p.Name, p.Target, p.Language, p.Stock, states[i])
			shown++
		}
	}
	if shown == 0 {
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("no_printers")))
	}
	return exitDone
}

// printerState is how a printer is now: a code, and words.
func (e *env) printerState(ctx context.Context, p kiosk.Printer) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	d, err := openPrinter(p, printer.Options{Dial: 3 * time.Second, Reply: 3 * time.Second})
	var s queue.Status
	if err == nil {
		s, err = d.State(ctx)
	}
	if err != nil {
		s = queue.Status{Kind: queue.Away, Reasons: []string{queue.ReasonFailed}, Message: err.Error()}
		if f := (*queue.Failure)(nil); errors.As(err, &f) {
			s.Reasons[0], s.Message = f.Code, f.Detail
		}
	}
	text := []string{e.code("printer_is_", s.Kind)}
	for _, r := range s.Reasons {
		text = append(text, e.reason(r))
	}
	line := s.Kind + "\t" + strings.Join(text, ", ")
	if s.Message != "" {
		line += " (" + strings.Join(strings.Fields(s.Message), " ") + ")"
	}
	return line
}

// addPrinter sets a printer up. A name that is known already is changed in
// what the line names, and put into use again.
func (e *env) addPrinter(ctx context.Context, st *store.Store, name string, f *flag.FlagSet, set printerFlags) int {
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var problem *said
	changed := false
	err := st.Update(ctx, func(tx kiosk.Tx) error {
		p, err := tx.PrinterByName(name)
		changed = err == nil
		switch {
		case errors.Is(err, kiosk.ErrNotFound):
			p = kiosk.Printer{ID: tx.NewID(), Name: name, ScaleX: 1, ScaleY: 1}
		case err != nil:
			return err
		}
		p.Disabled = false
		own, err := queue.Stocks(tx)
		if err != nil {
			return err
		}
		if problem = e.setPrinter(&p, given, set, own); problem != nil {
			return nil
		}
		return tx.PutPrinter(p)
	})
	switch {
	case problem != nil:
		return e.usage(*problem)
	case err != nil:
		return e.labelsFailed(err)
	}
	key := sentence("printer_added", name, name)
	if changed {
		key = sentence("printer_changed", name, name)
	}
	fmt.Fprintln(e.stdout, e.word(key))
	return exitDone
}

// setPrinter changes what the line names and checks the whole.
func (e *env) setPrinter(p *kiosk.Printer, given map[string]bool, set printerFlags, own []sheet.Stock) *said {
	if len(p.Name) > 64 || p.Name == "" || strings.ContainsFunc(p.Name, unicode.IsControl) {
		return wrong("printer_name", p.Name)
	}
	if given["target"] || p.Target == "" {
		if set.target == "" {
			return wrong("printer_target")
		}
		t, err := printer.ParseTarget(set.target)
		if err != nil {
			return wrong("printer_address", set.target, err)
		}
		p.Target = t.String()
		if p.Language == "" && (t.Scheme == "ipp" || t.Scheme == "ipps") {
			p.Language = string(labels.PDF)
		}
	}
	if given["language"] {
		p.Language = set.language
	}
	switch labels.Format(p.Language) {
	case labels.PDF, labels.ZPL, labels.TSPL, labels.EPL:
	default:
		return wrong("printer_language", p.Language)
	}
	if given["dpi"] {
		p.DPI = set.dpi
	}
	if p.DPI != 0 && p.DPI != 203 && p.DPI != 300 && p.DPI != 600 {
		return wrong("printer_dpi", p.DPI)
	}
	if given["stock"] {
		p.Stock = set.stock
	}
	if p.Stock == "" {
		p.Stock = "a4-65"
		if p.Language != string(labels.PDF) {
			p.Stock = "35x22"
		}
	}
	stock, err := sheet.Find(p.Stock, own...)
	if err != nil {
		return wrong("stock_unknown", p.Stock)
	}
	if given["offset"] {
		if p.OffsetX, p.OffsetY, err = pair(set.offset); err != nil {
			return wrong("printer_pair", "--offset", set.offset)
		}
	}
	if given["scale"] {
		if p.ScaleX, p.ScaleY, err = pair(set.scale); err != nil {
			return wrong("printer_pair", "--scale", set.scale)
		}
	}
	if p.Language != string(labels.PDF) && (p.ScaleX != 1 || p.ScaleY != 1) {
		return wrong("printer_scale")
	}
	if err := (sheet.Adjust{X: p.OffsetX, Y: p.OffsetY, ScaleX: p.ScaleX, ScaleY: p.ScaleY}).Check(stock); err != nil {
		return wrong("failed", e.faultWords(err))
	}
	return nil
}

// pair reads X,Y.
func pair(text string) (x, y float64, err error) {
	a, b, ok := strings.Cut(text, ",")
	if !ok {
		return 0, 0, strconv.ErrSyntax
	}
	if x, err = strconv.ParseFloat(strings.TrimSpace(a), 64); err != nil {
		return 0, 0, err
	}
	y, err = strconv.ParseFloat(strings.TrimSpace(b), 64)
	return x, y, err
}

// testPrinter prints the test label, or the page that aligns the printer.
func (e *env) testPrinter(ctx context.Context, st *store.Store, dir string, p kiosk.Printer, calibration bool, wait time.Duration) int {
	layout := labels.TestLabel
	if calibration {
		layout = labels.Calibration
	}
	dir, err := e.folder(dir)
	if err != nil {
		return e.fail(sentence("no_data_dir", err))
	}
	return e.send(ctx, st, dir, p, kiosk.PrintJob{PrinterID: p.ID, Layout: string(layout), Title: e.jobTitle(layout, 1)}, wait)
}
