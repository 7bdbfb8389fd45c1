package web

import (
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
	"muontra/labels/say"
	"muontra/labels/sheet"
)

// mostJobs is how many jobs the page shows, the newest first.
const mostJobs = 20

// jobRow is a print job as the page shows it.
type jobRow struct {
	kiosk.PrintJob
	Printer  string
	Why      string // the reason in words
	Percent  int
	Counts   bool // its labels can be counted: it can go on from one of them
	Per      int  // labels on a sheet
	Next     int  // the label to go on from, from 1
	Held     bool // its printer's later jobs wait for a person
	Finished bool // ended in another way than well
}

// watch keeps the queue asking the printers how they are while somebody looks
// at the page.
type watch struct {
	mu    sync.Mutex
	stop  func()
	timer *time.Timer
}

// watchFor is how long after a look the printers are still asked.
const watchFor = 15 * time.Second

func (w *watch) look(p Printing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stop == nil {
		w.stop = p.Watch()
		w.timer = time.AfterFunc(watchFor, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.stop != nil { // a look and the end may have crossed
				w.stop()
				w.stop = nil
			}
		})
		return
	}
	w.timer.Reset(watchFor)
}

// queueData is what the page and its live part show.
func (s *Server) queueData(r *http.Request) (map[string]any, error) {
	lang := s.lang(r)
	s.watch.look(s.Printing)
	states := s.Printing.States()
	var rows []printerRow
	var jobs []jobRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		list, err := v.Printers()
		if err != nil {
			return err
		}
		own, err := queue.Stocks(v)
		if err != nil {
			return err
		}
		names := map[kiosk.ID]string{}
		for _, p := range list {
			names[p.ID] = p.Name
			row := printerRow{Printer: p, Kind: states[p.ID].Kind, Detail: states[p.ID].Message}
			for _, code := range states[p.ID].Reasons {
				row.Reasons = append(row.Reasons, reasonText(lang, code))
			}
			if st, err := sheet.Find(p.Stock, own...); err == nil {
				row.StockIs = st.Describe(string(lang))
			}
			rows = append(rows, row)
		}
		all, err := v.PrintJobs(false, mostJobs)
		for _, j := range all {
			row := jobRow{PrintJob: j, Printer: names[j.PrinterID], Counts: countsLabels(j.Layout), Next: min(j.Sent+1, max(j.Total, 1)), Held: states[j.PrinterID].Held == j.ID}
			if j.Reason != "" {
				row.Why = reasonText(lang, j.Reason)
			}
			if row.Why == j.Reason && j.Detail != "" {
				row.Why = j.Detail // a label that cannot be drawn: its sentence
			}
			if j.Total > 0 {
				row.Percent = 100 * j.Sent / j.Total
			}
			if st, err := sheet.Find(j.Stock, own...); err == nil {
				row.Per = st.Per()
			}
			row.Finished = j.State == kiosk.PrintFailed || j.State == kiosk.PrintStopped
			jobs = append(jobs, row)
		}
		return err
	})
	return map[string]any{"Printers": rows, "Jobs": jobs, "F": newForm(), "Job": kiosk.ID("")}, err
}

// countsLabels reports whether a job's labels are one a subject, so that it
// can go on in the middle.
func countsLabels(layout string) bool {
	switch labels.Layout(layout) {
	case labels.CopyLabel, labels.BothLabel, labels.SpineLabel, labels.ShelfLabel, labels.PlaceLabel, labels.PatronCard:
		return true
	}
	return false
}

// printQueue is the live part of the page: the script asks for it again and
// again, and puts it in place of the old one.
func (s *Server) printQueue(w http.ResponseWriter, r *http.Request) error {
	if s.Printing == nil {
		return errNotFound
	}
	data, err := s.queueData(r)
	if err != nil {
		return err
	}
	name := "queue"
	if r.URL.Query().Get("short") != "" {
		name = "shortqueue" // on the desk's first page
	}
	s.deskPage(w, r, http.StatusOK, name, data)
	return nil
}

// jobButton does one of the buttons of a print job.
func (s *Server) jobButton(w http.ResponseWriter, r *http.Request) error {
	if s.Printing == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id, ctx := kiosk.ID(r.PathValue("job")), r.Context()
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		key := "queue.said." + f.Get("do")
		var err error
		switch f.Get("do") {
		case "stop":
			err = s.Printing.Stop(ctx, id)
		case "cancel":
			err = s.Printing.Cancel(ctx, id)
		case "retry":
			err = s.Printing.Retry(ctx, id)
		case "continue":
			from, bad := strconv.Atoi(f.Get("from"))
			if bad != nil {
				return "", atField("from", queue.ErrFrom)
			}
			skip := f.count("skip", 0, 0, mostUsedUp)
			if len(f.Wrong) > 0 {
				return "", errForm
			}
			err = s.Printing.Continue(ctx, id, from-1, skip)
			var fault *say.Fault
			if errors.Is(err, queue.ErrFrom) {
				err = atField("from", err)
			} else if errors.As(err, &fault) {
				err = atField("skip", err)
			}
		default:
			return "", errBadBody
		}
		if err != nil {
			return "", err
		}
		s.done(r, printersPath, nil, key)
		return printersPath, nil
	}, func(status int) error {
		if len(f.Wrong) == 0 {
			return s.refused(w, r, f, printersPath)(status)
		}
		data, err := s.queueData(r)
		if err != nil {
			return err
		}
		data["F"], data["Job"] = f, id
		s.deskPage(w, shownAt(r, printersPath, ""), status, "printers.html", data)
		return nil
	})
}

// mostUsedUp is more labels than any sheet has; what the job's own has says the queue.
const mostUsedUp = 10_000

// words1 is a length for a sentence.
func words1(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func round(v float64) float64 {
	n, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 2, 64), 64)
	return n
}
