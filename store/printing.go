package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"muontra/kiosk"
)

const printerCols = `SELECT id, name, target, language, dpi, stock, offset_x, offset_y, scale_x, scale_y, disabled FROM printer WHERE site_id = $1`

func scanPrinter(row scanner) (p kiosk.Printer, err error) {
	err = row.Scan(&p.ID, &p.Name, &p.Target, &p.Language, &p.DPI, &p.Stock, &p.OffsetX, &p.OffsetY, &p.ScaleX, &p.ScaleY, &p.Disabled)
	return p, err
}

// Printers lists them by name, the disabled too.
func (v *view) Printers() ([]kiosk.Printer, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "printers", printerCols+` ORDER BY name`, []any{site}, scanPrinter)
}

func (v *view) PrinterByName(name string) (kiosk.Printer, error) {
	site, err := v.siteID()
	if err != nil {
		return kiosk.Printer{}, err
	}
	p, err := first(rows(v, "printer", printerCols+` AND name = $2`, []any{site, name}, scanPrinter))
	return p, found("printer "+name, err)
}

// PutPrinter refuses a name that another printer has: ErrConflict.
func (t *tx) PutPrinter(p kiosk.Printer) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("printer "+p.Name, `INSERT INTO printer (id, site_id, name, target, language, dpi, stock, offset_x, offset_y, scale_x, scale_y, disabled)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET
		name = excluded.name, target = excluded.target, language = excluded.language, dpi = excluded.dpi, stock = excluded.stock, offset_x = excluded.offset_x,
		offset_y = excluded.offset_y, scale_x = excluded.scale_x, scale_y = excluded.scale_y, disabled = excluded.disabled`,
		p.ID, site, p.Name, p.Target, p.Language, p.DPI, p.Stock, p.OffsetX, p.OffsetY, p.ScaleX, p.ScaleY, bit(p.Disabled))
}

const printJobCols = `SELECT id, printer_id, title, layout, stock, skip, from_label, subjects, total, sent, state, reason, detail, remote, created_at, changed_at, coalesce(created_by, '') FROM print_job `

func scanPrintJob(row scanner) (j kiosk.PrintJob, err error) {
	var subjects string
	if err = row.Scan(&j.ID, &j.PrinterID, &j.Title, &j.Layout, &j.Stock, &j.Skip, &j.From, &subjects, &j.Total, &j.Sent, &j.State, &j.Reason, &j.Detail, &j.Remote,
		instantCol{&j.CreatedAt}, instantCol{&j.ChangedAt}, &j.CreatedBy); err != nil {
		return j, err
	}
	if err = json.Unmarshal([]byte(subjects), &j.Subjects); err != nil {
		return j, fmt.Errorf("subjects of print job %s: %w", j.ID, err)
	}
	if len(j.Subjects) == 0 {
		j.Subjects = nil
	}
	return j, nil
}

func (v *view) PrintJob(id kiosk.ID) (kiosk.PrintJob, error) {
	j, err := first(rows(v, "print job", printJobCols+`WHERE id = $1`, []any{id}, scanPrintJob))
	return j, found("print job "+string(id), err)
}

func (v *view) PrintJobs(waiting bool, limit int) ([]kiosk.PrintJob, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	q := printJobCols + `WHERE site_id = $1 ORDER BY created_at DESC, nr DESC LIMIT $2`
	if waiting {
		q = printJobCols + `WHERE site_id = $1 AND state IN ('waiting', 'sending', 'printing') ORDER BY created_at, nr LIMIT $2`
	}
	return rows(v, "print jobs", q, []any{site, max(limit, 0)}, scanPrintJob)
}

func (t *tx) PutPrintJob(j kiosk.PrintJob) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	what := "print job " + string(j.ID)
	if len(j.Subjects) == 0 {
		j.Subjects = []kiosk.ID{} // an empty list, where nil would be null
	}
	subjects, err := json.Marshal(j.Subjects)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return t.exec(what, `INSERT INTO print_job (id, site_id, printer_id, title, layout, stock, skip, from_label, subjects, total, sent, state, reason, detail, remote, created_at, changed_at, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (id) DO UPDATE SET
		printer_id = excluded.printer_id, title = excluded.title, layout = excluded.layout, stock = excluded.stock, skip = excluded.skip, from_label = excluded.from_label,
		subjects = excluded.subjects, total = excluded.total, sent = excluded.sent, state = excluded.state, reason = excluded.reason, detail = excluded.detail,
		remote = excluded.remote, created_at = excluded.created_at, changed_at = excluded.changed_at, created_by = excluded.created_by`,
		j.ID, site, j.PrinterID, j.Title, j.Layout, j.Stock, j.Skip, j.From, string(subjects), j.Total, j.Sent, j.State, j.Reason, j.Detail, j.Remote,
		stamp(j.CreatedAt), stamp(j.ChangedAt), orNull(j.CreatedBy))
}

func (v *view) Setting(key string) (value string, err error) {
	site, err := v.siteID()
	if err != nil {
		return "", err
	}
	err = v.one("setting "+key, `SELECT value FROM setting WHERE site_id = $1 AND key = $2`, []any{site, key}, &value)
	if errors.Is(err, kiosk.ErrNotFound) {
		return "", nil
	}
	return value, err
}

func (t *tx) PutSetting(key, value string) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("setting "+key, `INSERT INTO setting (site_id, key, value) VALUES ($1, $2, $3)
		ON CONFLICT (site_id, key) DO UPDATE SET value = excluded.value`, site, key, value)
}
