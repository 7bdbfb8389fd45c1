package kiosktest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"muontra/kiosk"
)

func (v *view) Printers() ([]kiosk.Printer, error) {
	return sorted(v.d.printers.all(), func(p kiosk.Printer) string { return p.Name }), nil
}

func (v *view) PrinterByName(name string) (kiosk.Printer, error) {
	for _, p := range v.d.printers.rows {
		if p.Name == name {
			return p, nil
		}
	}
	return kiosk.Printer{}, missing("printer", name)
}

func (v *view) PrintJob(id kiosk.ID) (kiosk.PrintJob, error) {
	j, err := v.d.printJobs.get("print job", id)
	j.Subjects = slices.Clone(j.Subjects)
	return j, err
}

func (v *view) PrintJobs(waiting bool, limit int) ([]kiosk.PrintJob, error) {
	js := slices.DeleteFunc(v.d.printJobs.all(), func(j kiosk.PrintJob) bool { return waiting && j.State.Ended() })
	slices.SortStableFunc(js, func(a, b kiosk.PrintJob) int { return a.CreatedAt.Compare(b.CreatedAt) })
	if !waiting {
		slices.Reverse(js)
	}
	js = js[:min(len(js), max(limit, 0))]
	for i := range js {
		js[i].Subjects = slices.Clone(js[i].Subjects)
	}
	return js, nil
}

func (v *view) Setting(key string) (string, error) { return v.d.settings[key], nil }

func (t *tx) PutPrinter(p kiosk.Printer) (err error) {
	defer t.whole(&err)()
	if o, err := t.PrinterByName(p.Name); err == nil && o.ID != p.ID {
		return conflict("printer %s", p.Name)
	}
	for _, f := range []float64{p.OffsetX, p.OffsetY, p.ScaleX, p.ScaleY} {
		if math.IsNaN(f) || math.Abs(f) > 1000 {
			return fmt.Errorf("printer %s: %v is no measure", p.Name, f)
		}
	}
	if min(p.ScaleX, p.ScaleY) <= 0 || max(p.ScaleX, p.ScaleY) > 10 {
		return fmt.Errorf("printer %s: scale %v by %v", p.Name, p.ScaleX, p.ScaleY)
	}
	t.d.printers.put(t, p.ID, p)
	return errors.Join(given("printer's id, name or target", string(p.ID), p.Name, p.Target), in("language", p.Language, "pdf", "zpl", "tspl", "epl"), natural("dpi", p.DPI))
}

func (t *tx) PutPrintJob(j kiosk.PrintJob) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.printers.get("printer", j.PrinterID); err != nil {
		return err
	}
	if err := t.d.accounts.need("account", j.CreatedBy); err != nil {
		return err
	}
	if j.CreatedAt.IsZero() || j.ChangedAt.IsZero() {
		return fmt.Errorf("print job %s: no time", j.ID)
	}
	j.CreatedAt, j.ChangedAt = ms(j.CreatedAt), ms(j.ChangedAt)
	if j.Subjects = slices.Clone(j.Subjects); len(j.Subjects) == 0 {
		j.Subjects = nil
	}
	t.d.printJobs.put(t, j.ID, j)
	states := []kiosk.PrintState{kiosk.PrintWaiting, kiosk.PrintSending, kiosk.PrintPrinting, kiosk.PrintDone, kiosk.PrintFailed, kiosk.PrintStopped}
	return errors.Join(given("print job's id or layout", string(j.ID), j.Layout), in("print state", j.State, states...), natural("labels", j.Skip, j.From, j.Total, j.Sent))
}

func (t *tx) PutSetting(key, value string) error {
	if err := given("setting's key", key); err != nil {
		return err
	}
	setKey(t, t.d.settings, key, value)
	return nil
}
