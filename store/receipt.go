package store

import (
	"slices"

	"muontra/kiosk"
)

const receiptCols = `SELECT id, entry, source, supplier, donor_class, voucher, day, funding, note, closed, created_at, coalesce(created_by, '') FROM receipt `

func scanReceipt(row scanner) (r kiosk.Receipt, err error) {
	err = row.Scan(&r.ID, &r.Entry, &r.Source, &r.Supplier, &r.DonorClass, &r.Voucher, dayCol{&r.Date}, &r.Funding, &r.Note, &r.Closed, instantCol{&r.CreatedAt}, &r.CreatedBy)
	return r, err
}

func (v *view) Receipt(id kiosk.ID) (kiosk.Receipt, error) {
	r, err := first(rows(v, "receipt", receiptCols+`WHERE id = $1`, []any{id}, scanReceipt))
	return r, found("receipt "+string(id), err)
}

func (v *view) Receipts(open bool) ([]kiosk.Receipt, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	q := receiptCols + `WHERE site_id = $1 `
	if open {
		q += `AND closed = 0 `
	}
	return rows(v, "receipts", q+`ORDER BY entry DESC`, []any{site}, scanReceipt)
}

// NextReceiptEntry is one more than the last line of the general register. It
// is taken when a receipt is put under it.
func (t *tx) NextReceiptEntry() (n int, err error) {
	site, err := t.siteID()
	if err != nil {
		return 0, err
	}
	err = t.one("general register", `SELECT coalesce(max(entry), 0) + 1 FROM receipt WHERE site_id = $1`, []any{site}, &n)
	return n, err
}

// PutReceipt refuses an entry that is another's: ErrConflict. The schema
// refuses one that leaves a gap, or that changes.
func (t *tx) PutReceipt(r kiosk.Receipt) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("receipt "+string(r.ID), `INSERT INTO receipt (id, site_id, entry, source, supplier, donor_class, voucher, day, funding, note, closed, created_at, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO UPDATE SET
		entry = excluded.entry, source = excluded.source, supplier = excluded.supplier, donor_class = excluded.donor_class, voucher = excluded.voucher, day = excluded.day,
		funding = excluded.funding, note = excluded.note, closed = excluded.closed, created_at = excluded.created_at, created_by = excluded.created_by`,
		r.ID, site, r.Entry, r.Source, r.Supplier, r.DonorClass, r.Voucher, r.Date.String(), r.Funding, r.Note, bit(r.Closed), stamp(r.CreatedAt), orNull(r.CreatedBy))
}

const lineCols = `SELECT id, receipt_id, title_id, kind, sub_kind, quantity, price, coalesce(home_place, '') FROM receipt_line `

func scanLine(row scanner) (l kiosk.ReceiptLine, err error) {
	err = row.Scan(&l.ID, &l.ReceiptID, &l.TitleID, &l.Kind, &l.SubKind, &l.Quantity, &l.Price, &l.HomePlace)
	return l, err
}

func (v *view) ReceiptLine(id kiosk.ID) (kiosk.ReceiptLine, error) {
	l, err := first(rows(v, "receipt line", lineCols+`WHERE id = $1`, []any{id}, scanLine))
	return l, found("receipt line "+string(id), err)
}

func (v *view) ReceiptLines(receipt kiosk.ID) ([]kiosk.ReceiptLine, error) {
	return rows(v, "receipt lines", lineCols+`WHERE receipt_id = $1 ORDER BY nr`, []any{receipt}, scanLine)
}

func (t *tx) PutReceiptLine(l kiosk.ReceiptLine) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("receipt line "+string(l.ID), `INSERT INTO receipt_line (id, site_id, receipt_id, title_id, kind, sub_kind, quantity, price, home_place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET
		receipt_id = excluded.receipt_id, title_id = excluded.title_id, kind = excluded.kind, sub_kind = excluded.sub_kind, quantity = excluded.quantity,
		price = excluded.price, home_place = excluded.home_place`,
		l.ID, site, l.ReceiptID, l.TitleID, l.Kind, l.SubKind, l.Quantity, l.Price, orNull(l.HomePlace))
}

const (
	processingCols = `w.copy_id, w.line_id, w.registered, w.stamped, w.labelled, w.shelved`
	processingFrom = itemFrom + `JOIN processing w ON w.copy_id = c.id JOIN receipt_line l ON l.id = w.line_id ` + byAccession
	// A line's copies without a number stand behind those with one, as they
	// were entered: so they will be numbered.
	withinLine = `l.nr, c.accession IS NULL, coalesce(n.prefix, ''), coalesce(n.n, 0), c.accession, w.nr`
)

func processingTo(p *kiosk.Processing) []any {
	return []any{&p.CopyID, &p.LineID, dayCol{&p.Registered}, dayCol{&p.Stamped}, dayCol{&p.Labelled}, dayCol{&p.Shelved}}
}

func scanProcessingItem(row scanner) (p kiosk.ProcessingItem, err error) {
	err = row.Scan(slices.Concat(processingTo(&p.Processing), itemTo(&p.Item))...)
	return p, err
}

func (v *view) ProcessingOf(receipt kiosk.ID) ([]kiosk.ProcessingItem, error) {
	return rows(v, "copies of a receipt", `SELECT `+processingCols+`, `+itemCols+processingFrom+`WHERE l.receipt_id = $1 ORDER BY `+withinLine, []any{receipt}, scanProcessingItem)
}

func (v *view) Waiting() ([]kiosk.ProcessingItem, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "copies in processing", `SELECT `+processingCols+`, `+itemCols+processingFrom+`JOIN receipt r ON r.id = l.receipt_id
		WHERE w.site_id = $1 AND (w.registered = '' OR w.stamped = '' OR w.labelled = '' OR w.shelved = '')
		AND coalesce(s.status, 'in_processing') NOT IN ('withdrawn', 'lost') ORDER BY r.day, r.entry, `+withinLine, []any{site}, scanProcessingItem)
}

func (v *view) ProcessingOfCopy(copyID kiosk.ID) (p kiosk.Processing, err error) {
	err = v.one("processing of copy "+string(copyID), `SELECT `+processingCols+` FROM processing w WHERE w.copy_id = $1`, []any{copyID}, processingTo(&p)...)
	return p, err
}

// PutProcessing writes a copy's steps. The schema refuses a later step of a
// copy that is not registered, and takes no copy for unregistered that is
// available.
func (t *tx) PutProcessing(p kiosk.Processing) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("processing of copy "+string(p.CopyID), `INSERT INTO processing (copy_id, site_id, line_id, registered, stamped, labelled, shelved)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (copy_id) DO UPDATE SET
		line_id = excluded.line_id, registered = excluded.registered, stamped = excluded.stamped, labelled = excluded.labelled, shelved = excluded.shelved`,
		p.CopyID, site, p.LineID, p.Registered.String(), p.Stamped.String(), p.Labelled.String(), p.Shelved.String())
}
