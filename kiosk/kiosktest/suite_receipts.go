package kiosktest

import (
	"errors"
	"slices"
	"time"

	"muontra/kiosk"
)

// receipt is the next one of the general register, on a day.
func receipt(tx kiosk.Tx, on kiosk.Day) (kiosk.Receipt, error) {
	n, err := tx.NextReceiptEntry()
	if err != nil {
		return kiosk.Receipt{}, err
	}
	r := kiosk.Receipt{ID: tx.NewID(), Entry: n, Source: kiosk.Purchase, Supplier: "Nhà sách Mẫu", Voucher: "HD-12", Date: on, CreatedAt: Start}
	return r, tx.PutReceipt(r)
}

// line adds a line of n copies in processing to a receipt.
func line(tx kiosk.Tx, r kiosk.Receipt, s stock, n int) (l kiosk.ReceiptLine, cs []kiosk.Copy, err error) {
	l = kiosk.ReceiptLine{ID: tx.NewID(), ReceiptID: r.ID, TitleID: s.title.ID, Kind: kiosk.Children, SubKind: kiosk.Story, Quantity: n, Price: 25000, HomePlace: s.place.ID}
	if err := tx.PutReceiptLine(l); err != nil {
		return l, nil, err
	}
	for range n {
		c := kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Kind: l.Kind, SubKind: l.SubKind, Price: l.Price, Source: string(r.Source), Received: r.Date, HomePlace: l.HomePlace}
		if c.Barcode, err = tx.NextBarcode(kiosk.CopySeries); err != nil {
			return l, nil, err
		}
		if err = tx.PutCopy(c); err != nil {
			return l, nil, err
		}
		if c.State, err = register(tx, c, kiosk.CopyInProcessing); err != nil {
			return l, nil, err
		}
		if err = tx.PutProcessing(kiosk.Processing{CopyID: c.ID, LineID: l.ID}); err != nil {
			return l, nil, err
		}
		cs = append(cs, c)
	}
	return l, cs, nil
}

// number gives copies the next numbers and makes them available, with the
// steps ticked.
func number(tx kiosk.Tx, l kiosk.ReceiptLine, steps []kiosk.Step, cs ...kiosk.Copy) error {
	for _, c := range cs {
		var err error
		if c.Accession, err = tx.NextAccession(c.Kind.Prefix()); err != nil {
			return err
		}
		p := kiosk.Processing{CopyID: c.ID, LineID: l.ID}
		for _, s := range steps {
			p.Tick(s, Today)
		}
		if err := errors.Join(tx.PutCopy(c), tx.PutProcessing(p)); err != nil {
			return err
		}
		if _, err := register(tx, c, kiosk.CopyAvailable); err != nil {
			return err
		}
	}
	return nil
}

func receiptsComeBack(t *try) {
	s := t.stocked(0)
	var a, b kiosk.Receipt
	var l1, l2 kiosk.ReceiptLine
	t.update(func(tx kiosk.Tx) error {
		acc := kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, CreatedAt: Start}
		if err := tx.PutAccount(acc); err != nil {
			return err
		}
		a = kiosk.Receipt{ID: tx.NewID(), Entry: 1, Source: kiosk.Donation, Supplier: "Học Sinh Mẫu", DonorClass: "2A", Voucher: "BB-01", Date: Today.Add(-3),
			Funding: "xã hội hóa", Note: "tháng quyên góp", CreatedAt: Start, CreatedBy: acc.ID}
		b = kiosk.Receipt{ID: tx.NewID(), Entry: 2, Source: kiosk.Grant, Date: Today.Add(-5), Closed: true, CreatedAt: Start}
		l1 = kiosk.ReceiptLine{ID: tx.NewID(), ReceiptID: a.ID, TitleID: s.title.ID, Kind: kiosk.Children, SubKind: kiosk.Story, Quantity: 3, Price: 25000, HomePlace: s.place.ID}
		l2 = kiosk.ReceiptLine{ID: tx.NewID(), ReceiptID: a.ID, TitleID: s.title.ID, Kind: kiosk.Map}
		return errors.Join(tx.PutReceipt(a), tx.PutReceipt(b), tx.PutReceiptLine(l2), tx.PutReceiptLine(l1))
	})
	check := func(open ...kiosk.Receipt) {
		t.tb.Helper()
		t.view(func(v kiosk.View) error {
			got, err := v.Receipt(a.ID)
			equal(t, "receipt", got, a)
			rs, err2 := v.Receipts(false)
			equal(t, "receipts", rs, []kiosk.Receipt{b, a})
			rs, err3 := v.Receipts(true)
			if !slices.Equal(rs, open) {
				t.tb.Errorf("open receipts: %+v, want %+v", rs, open)
			}
			l, err4 := v.ReceiptLine(l1.ID)
			equal(t, "line", l, l1)
			ls, err5 := v.ReceiptLines(a.ID)
			equal(t, "lines", ls, []kiosk.ReceiptLine{l2, l1})
			ls, err6 := v.ReceiptLines(b.ID)
			equal(t, "lines of the empty one", len(ls), 0)
			_, nf := v.Receipt("nope")
			t.notFound("receipt", nf)
			_, nf = v.ReceiptLine("nope")
			t.notFound("line", nf)
			return errors.Join(err, err2, err3, err4, err5, err6)
		})
	}
	check(a)
	a.Closed, a.Note, a.Date = true, "", Today
	l1.Quantity, l1.Price, l1.Kind, l1.HomePlace = 0, 0, kiosk.Disc, ""
	t.update(func(tx kiosk.Tx) error { return errors.Join(tx.PutReceipt(a), tx.PutReceiptLine(l1)) })
	check()
}

func receiptsNumbered(t *try) {
	var first kiosk.Receipt
	t.update(func(tx kiosk.Tx) error {
		var err error
		first, err = receipt(tx, Today)
		if err != nil {
			return err
		}
		next, err := receipt(tx, kiosk.MustDay("2020-01-01")) // across years
		equal(t, "entries", []int{first.Entry, next.Entry}, []int{1, 2})
		return err
	})
	t.fails("an entry twice", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		return tx.PutReceipt(kiosk.Receipt{ID: tx.NewID(), Entry: 1, Source: kiosk.Purchase, Date: Today})
	})
	for name, n := range map[string]int{"a gap": 4, "entry nought": 0, "an entry below zero": -1} {
		t.fails(name, nil, func(tx kiosk.Tx) error {
			return tx.PutReceipt(kiosk.Receipt{ID: tx.NewID(), Entry: n, Source: kiosk.Purchase, Date: Today})
		})
	}
	t.fails("another entry for a receipt", nil, func(tx kiosk.Tx) error {
		r := first
		r.Entry = 3
		return tx.PutReceipt(r)
	})
	t.fails("a receipt that is thought better of", errMine, func(tx kiosk.Tx) error {
		if _, err := receipt(tx, Today); err != nil {
			return err
		}
		return errMine
	})
	t.update(func(tx kiosk.Tx) error {
		n, err := tx.NextReceiptEntry()
		equal(t, "the next entry", n, 3)
		return err
	})
}

var errMine = errors.New("changed my mind")

func receiptsChecked(t *try) {
	s := t.stocked(1)
	var r kiosk.Receipt
	var l kiosk.ReceiptLine
	t.update(func(tx kiosk.Tx) (err error) {
		if r, err = receipt(tx, Today); err != nil {
			return err
		}
		l, _, err = line(tx, r, s, 1)
		return err
	})
	put := func(change func(*kiosk.Receipt)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error { x := r; change(&x); return tx.PutReceipt(x) }
	}
	t.fails("a source that is none", nil, put(func(x *kiosk.Receipt) { x.Source = "theft" }))
	t.fails("no date", nil, put(func(x *kiosk.Receipt) { x.Date = kiosk.Day{} }))
	t.fails("a class that sold", nil, put(func(x *kiosk.Receipt) { x.DonorClass = "2A" }))
	t.fails("by no account", kiosk.ErrNotFound, put(func(x *kiosk.Receipt) { x.CreatedBy = "nope" }))
	putLine := func(change func(*kiosk.ReceiptLine)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error { x := l; change(&x); return tx.PutReceiptLine(x) }
	}
	t.fails("a line of no receipt", kiosk.ErrNotFound, putLine(func(x *kiosk.ReceiptLine) { x.ReceiptID = "nope" }))
	t.fails("a line of no title", kiosk.ErrNotFound, putLine(func(x *kiosk.ReceiptLine) { x.TitleID = "nope" }))
	t.fails("a line for no place", kiosk.ErrNotFound, putLine(func(x *kiosk.ReceiptLine) { x.HomePlace = "nope" }))
	t.fails("a kind that is none", nil, putLine(func(x *kiosk.ReceiptLine) { x.Kind = "spoon" }))
	t.fails("a quantity below zero", nil, putLine(func(x *kiosk.ReceiptLine) { x.Quantity = -1 }))
	t.fails("a price below zero", nil, putLine(func(x *kiosk.ReceiptLine) { x.Price = -1 }))
	t.fails("the steps of no copy", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutProcessing(kiosk.Processing{CopyID: "nope", LineID: l.ID, Registered: Today})
	})
	t.fails("the steps of no line", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutProcessing(kiosk.Processing{CopyID: s.copies[0].ID, LineID: "nope", Registered: Today})
	})
}

func processingInOrder(t *try) {
	s := t.stocked(0)
	var r kiosk.Receipt
	var a, b []kiosk.Copy
	var la kiosk.ReceiptLine
	t.update(func(tx kiosk.Tx) (err error) {
		if r, err = receipt(tx, Today); err != nil {
			return err
		}
		other, err := receipt(tx, Today)
		if err != nil {
			return err
		}
		if la, a, err = line(tx, r, s, 4); err != nil {
			return err
		}
		if _, _, err = line(tx, other, s, 1); err != nil {
			return err
		}
		if _, b, err = line(tx, r, s, 2); err != nil {
			return err
		}
		// Numbered in another order than they were entered.
		return number(tx, la, []kiosk.Step{kiosk.StepRegister, kiosk.StepStamp}, a[3], a[1])
	})
	t.view(func(v kiosk.View) error {
		ps, err := v.ProcessingOf(r.ID)
		var got []kiosk.ID
		for _, p := range ps {
			got = append(got, p.Item.ID)
			equal(t, "copy of the steps", p.CopyID, p.Item.ID)
		}
		equal(t, "copies", got, []kiosk.ID{a[3].ID, a[1].ID, a[0].ID, a[2].ID, b[0].ID, b[1].ID})
		if len(ps) == 6 {
			equal(t, "steps", ps[0].Processing, kiosk.Processing{CopyID: a[3].ID, LineID: la.ID, Registered: Today, Stamped: Today})
			equal(t, "title and place", []string{ps[0].Item.Title.Title, ps[0].Item.PlaceName, ps[0].Item.Accession}, []string{s.title.Title, s.place.Name, "TN.00001"})
		}
		one, err2 := v.ProcessingOfCopy(b[0].ID)
		equal(t, "steps of one", one.Next(), kiosk.StepRegister)
		_, nf := v.ProcessingOfCopy("nope")
		t.notFound("steps", nf)
		none, err3 := v.ProcessingOf("nope")
		equal(t, "copies of no receipt", len(none), 0)
		return errors.Join(err, err2, err3)
	})
}

func waitingInOrder(t *try) {
	s := t.stocked(1) // that one came without a receipt and waits for nothing
	var young, old, gone []kiosk.Copy
	t.update(func(tx kiosk.Tx) (err error) {
		r1, err := receipt(tx, Today)
		if err != nil {
			return err
		}
		r2, err := receipt(tx, Today.Add(-20)) // entered later, delivered before
		if err != nil {
			return err
		}
		var l kiosk.ReceiptLine
		if l, young, err = line(tx, r1, s, 3); err != nil {
			return err
		}
		if err := number(tx, l, kiosk.Steps, young[0]); err != nil { // done
			return err
		}
		if _, gone, err = line(tx, r2, s, 2); err != nil {
			return err
		}
		for i, status := range []kiosk.CopyStatus{kiosk.CopyWithdrawn, kiosk.CopyLost} {
			if _, err := register(tx, gone[i], status); err != nil {
				return err
			}
		}
		if l, old, err = line(tx, r2, s, 2); err != nil {
			return err
		}
		return number(tx, l, []kiosk.Step{kiosk.StepRegister, kiosk.StepStamp, kiosk.StepLabel}, old[1])
	})
	t.view(func(v kiosk.View) error {
		ps, err := v.Waiting()
		var got []kiosk.ID
		for _, p := range ps {
			got = append(got, p.Item.ID)
		}
		equal(t, "waiting", got, []kiosk.ID{old[1].ID, old[0].ID, young[1].ID, young[2].ID})
		return err
	})
}

func registeredFirst(t *try) {
	s := t.stocked(1)
	var c kiosk.Copy
	var l kiosk.ReceiptLine
	t.update(func(tx kiosk.Tx) error {
		r, err := receipt(tx, Today)
		if err != nil {
			return err
		}
		var cs []kiosk.Copy
		l, cs, err = line(tx, r, s, 1)
		if err != nil {
			return err
		}
		c = cs[0]
		return nil
	})
	t.fails("an event that makes it available", nil, func(tx kiosk.Tx) error { _, err := register(tx, c, kiosk.CopyAvailable); return err })
	t.fails("a later step first", nil, func(tx kiosk.Tx) error {
		return tx.PutProcessing(kiosk.Processing{CopyID: c.ID, LineID: l.ID, Stamped: Today})
	})
	t.fails("a copy on the shelf that becomes new", nil, func(tx kiosk.Tx) error {
		return tx.PutProcessing(kiosk.Processing{CopyID: s.copies[0].ID, LineID: l.ID})
	})
	t.update(func(tx kiosk.Tx) error { return number(tx, l, kiosk.Steps, c) })
	t.fails("a copy that is available and no longer registered", nil, func(tx kiosk.Tx) error {
		return tx.PutProcessing(kiosk.Processing{CopyID: c.ID, LineID: l.ID})
	})
	t.update(func(tx kiosk.Tx) error { // out of the shelf first, then out of the register
		_, err := register(tx, c, kiosk.CopyInProcessing)
		return errors.Join(err, tx.PutProcessing(kiosk.Processing{CopyID: c.ID, LineID: l.ID}))
	})
}

func printersComeBack(t *try) {
	var a, b kiosk.Printer
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Printer{ID: tx.NewID(), Name: "zebra", Target: "tcp://192.0.2.7:9100", Language: "zpl", DPI: 203, Stock: "roll-50x30", OffsetX: -1.25, OffsetY: 0.5, ScaleX: 1.003, ScaleY: 1}
		b = kiosk.Printer{ID: tx.NewID(), Name: "may-in", Target: "ipp://192.0.2.8/ipp/print", Language: "pdf", ScaleX: 1, ScaleY: 1}
		return errors.Join(tx.PutPrinter(a), tx.PutPrinter(b))
	})
	check := func() {
		t.tb.Helper()
		t.view(func(v kiosk.View) error {
			ps, err := v.Printers()
			equal(t, "printers", ps, []kiosk.Printer{b, a})
			p, err2 := v.PrinterByName("zebra")
			equal(t, "printer", p, a)
			_, nf := v.PrinterByName("nope")
			t.notFound("printer", nf)
			return errors.Join(err, err2)
		})
	}
	check()
	a.Disabled, a.DPI, a.Language, a.OffsetX = true, 300, "tspl", 0
	t.update(func(tx kiosk.Tx) error { return tx.PutPrinter(a) })
	check()
	put := func(change func(*kiosk.Printer)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error { x := b; change(&x); return tx.PutPrinter(x) }
	}
	t.fails("a printer's name twice", kiosk.ErrConflict, put(func(p *kiosk.Printer) { p.ID, p.Name = "new", "zebra" }))
	t.fails("no name", nil, put(func(p *kiosk.Printer) { p.Name = "" }))
	t.fails("no target", nil, put(func(p *kiosk.Printer) { p.Target = "" }))
	t.fails("a language that is none", nil, put(func(p *kiosk.Printer) { p.Language = "latin" }))
	t.fails("dots below zero", nil, put(func(p *kiosk.Printer) { p.DPI = -1 }))
	t.fails("a scale of nought", nil, put(func(p *kiosk.Printer) { p.ScaleX = 0 }))
	t.fails("an offset of kilometres", nil, put(func(p *kiosk.Printer) { p.OffsetY = 1e6 }))
}

func printJobsComeBack(t *try) {
	var p kiosk.Printer
	var js []kiosk.PrintJob
	t.update(func(tx kiosk.Tx) error {
		acc := kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, CreatedAt: Start}
		p = kiosk.Printer{ID: tx.NewID(), Name: "zebra", Target: "tcp://192.0.2.7:9100", Language: "zpl", ScaleX: 1, ScaleY: 1}
		if err := errors.Join(tx.PutAccount(acc), tx.PutPrinter(p)); err != nil {
			return err
		}
		for i, state := range []kiosk.PrintState{kiosk.PrintWaiting, kiosk.PrintDone, kiosk.PrintSending, kiosk.PrintFailed, kiosk.PrintPrinting, kiosk.PrintStopped} {
			j := kiosk.PrintJob{ID: tx.NewID(), PrinterID: p.ID, Title: "Nhãn 60 cuốn", Layout: "copy", Stock: "65-up", Skip: 3, From: 2, Subjects: []kiosk.ID{"b", "a", "b"}, Total: 60, Sent: 12,
				State: state, Reason: "media_empty", Detail: "hết giấy", Remote: "job-7", CreatedAt: Start.Add(time.Duration(i/2) * time.Minute), ChangedAt: Start.Add(time.Hour), CreatedBy: acc.ID}
			if i == 0 {
				j.Subjects, j.CreatedBy = nil, ""
			}
			if err := tx.PutPrintJob(j); err != nil {
				return err
			}
			js = append(js, j)
		}
		return nil
	})
	check := func(what string, waiting bool, limit int, want ...kiosk.PrintJob) {
		t.tb.Helper()
		t.view(func(v kiosk.View) error {
			got, err := v.PrintJobs(waiting, limit)
			if len(got)+len(want) > 0 {
				equal(t, what, got, want)
			}
			return err
		})
	}
	check("jobs", false, 10, js[5], js[4], js[3], js[2], js[1], js[0])
	check("newest jobs", false, 2, js[5], js[4])
	check("jobs under way", true, 10, js[0], js[2], js[4])
	check("the next job", true, 1, js[0])
	check("no jobs", false, 0)
	js[4].State, js[4].Sent, js[4].Subjects, js[4].Reason = kiosk.PrintDone, 60, []kiosk.ID{"c"}, ""
	t.update(func(tx kiosk.Tx) error { return tx.PutPrintJob(js[4]) })
	check("jobs under way then", true, 10, js[0], js[2])
	t.view(func(v kiosk.View) error {
		got, err := v.PrintJob(js[4].ID)
		equal(t, "job", got, js[4])
		_, nf := v.PrintJob("nope")
		t.notFound("job", nf)
		return err
	})
	put := func(change func(*kiosk.PrintJob)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error { x := js[1]; change(&x); return tx.PutPrintJob(x) }
	}
	t.fails("a job of no printer", kiosk.ErrNotFound, put(func(j *kiosk.PrintJob) { j.PrinterID = "" }))
	t.fails("a job of no account", kiosk.ErrNotFound, put(func(j *kiosk.PrintJob) { j.CreatedBy = "nope" }))
	t.fails("a state that is none", nil, put(func(j *kiosk.PrintJob) { j.State = "dreaming" }))
	t.fails("labels below zero", nil, put(func(j *kiosk.PrintJob) { j.Sent = -1 }))
	t.fails("no layout", nil, put(func(j *kiosk.PrintJob) { j.Layout = "" }))
	t.fails("no time", nil, put(func(j *kiosk.PrintJob) { j.CreatedAt = time.Time{} }))
}

func pageSettings(t *try) {
	get := func(want string) {
		t.tb.Helper()
		t.view(func(v kiosk.View) error {
			got, err := v.Setting("labels")
			equal(t, "setting", got, want)
			return err
		})
	}
	get("")
	for _, value := range []string{`{"stock":"65-up"}`, `{"stock":"của trường"}`, ""} {
		t.update(func(tx kiosk.Tx) error {
			return errors.Join(tx.PutSetting("labels", value), tx.PutSetting("other", "x"))
		})
		get(value)
	}
	t.fails("a setting without a key", nil, func(tx kiosk.Tx) error { return tx.PutSetting("", "x") })
}
