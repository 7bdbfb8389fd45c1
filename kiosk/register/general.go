package register

import (
	"cmp"
	"slices"

	"muontra/kiosk"
)

// general is the general register (sổ đăng ký tổng quát): what came, voucher by
// voucher; what went, by minutes; what remains at the end of each school year.
// Pictures, maps, discs and equipment are not in it, as the guides have it.
var general = &Sheet{
	Name: "general-register", Wide: true, Names: true, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		note := Column{Key: "note", Kind: Text, Width: 26}
		in := Part{Key: "in", Closes: true, NoNumbers: true, Columns: slices.Concat([]Column{
			{Key: "entered", Kind: Day, Width: 19}, {Key: "entry", Kind: Number, Width: 10}, {Key: "source", Kind: Text, Width: 36}, {Key: "voucher", Kind: Code, Width: 18},
		}, countColumns(), []Column{note}), Lines: s.generalIn, Proof: s.proveIn}
		out := Part{Key: "out", Closes: true, Columns: slices.Concat([]Column{
			{Key: "entered", Kind: Day, Width: 19}, {Key: "left", Kind: Day, Width: 19}, {Key: "minutes", Kind: Text, Width: 24},
		}, countColumns(), []Column{
			{Key: "worn", Group: "by_reason", Kind: Number, Width: 11, Sum: true}, {Key: "outdated", Group: "by_reason", Kind: Number, Width: 11, Sum: true},
			{Key: "lost", Group: "by_reason", Kind: Number, Width: 11, Sum: true}, {Key: "other_reason", Group: "by_reason", Kind: Number, Width: 11, Sum: true}, note,
		}), Lines: s.generalOut, Proof: s.proveOut}
		remains := Part{Key: "remains", NoNumbers: true, Columns: slices.Concat([]Column{
			{Key: "as_of", Kind: Day, Width: 24}, {Key: "school_year", Kind: Code, Width: 24},
		}, countColumns()), Lines: s.generalRemains, Proof: s.proveRemains}
		return []Part{in, out, remains}, nil
	},
}

// opening is what came without a receipt: taken over from older books on one day,
// or the issues of newspapers and magazines of one month.
type opening struct {
	key    string
	what   Word
	day    kiosk.Day
	counts counts
}

func (s *Source) openings(st *stock) []*opening {
	var all []*opening
	of := map[string]*opening{}
	at := func(key string, what Word, d kiosk.Day) *counts {
		o := of[key]
		if o == nil {
			o = &opening{key: key, what: what}
			of[key] = o
			all = append(all, o)
		}
		o.day = later(o.day, d)
		return &o.counts
	}
	for _, x := range st.items {
		switch {
		case x.Receipt != "" || x.Never || !booked(x.Kind):
		case x.Kind == kiosk.SerialIssue:
			month := x.Came.String()[:min(7, len(x.Came.String()))]
			at("serials "+month, W("reg.serials_of", "month", int(x.Came.Month), "year", x.Came.Year), x.Came).add(x.Kind, x.Title.Language, 1, x.Price)
		default:
			at("opening "+x.Came.String(), W("reg.opening"), x.Came).add(x.Kind, x.Title.Language, 1, x.Price)
		}
	}
	for _, l := range st.lines {
		if l.Quantity > 0 {
			at("opening "+l.Received.String(), W("reg.opening"), l.Received).add(kiosk.Textbook, st.titles[l.TitleID].Language, l.Quantity, l.Price)
		}
	}
	slices.SortFunc(all, func(a, b *opening) int {
		return cmp.Or(cmp.Compare(a.day.String(), b.day.String()), cmp.Compare(a.key, b.key))
	})
	return all
}

func (s *Source) generalIn(yield func(Line) error) error {
	st, err := s.Stock()
	if err != nil {
		return err
	}
	of := map[kiosk.ID]*counts{}
	aside := map[kiosk.ID]int{}
	for _, x := range st.items {
		switch {
		case x.Receipt == "" || x.Never:
		case !booked(x.Kind):
			aside[x.Receipt]++
		default:
			if of[x.Receipt] == nil {
				of[x.Receipt] = &counts{}
			}
			of[x.Receipt].add(x.Kind, x.Title.Language, 1, x.Price)
		}
	}
	before := s.openings(st)
	open := func(until kiosk.Day) error {
		for len(before) > 0 && (until.IsZero() || !before[0].day.After(until)) {
			o := before[0]
			before = before[1:]
			cells := append([]any{o.day, nil, o.what, nil}, o.counts.cells()...)
			if err := yield(Line{Key: o.key, Day: o.day, Cells: append(cells, nil)}); err != nil {
				return err
			}
		}
		return nil
	}
	var rs []kiosk.Receipt
	for _, r := range st.receipts {
		rs = append(rs, r)
	}
	slices.SortFunc(rs, func(a, b kiosk.Receipt) int { return cmp.Compare(a.Entry, b.Entry) })
	for _, r := range rs {
		if err := open(kiosk.DayOf(r.CreatedAt, s.Loc)); err != nil {
			return err
		}
		c := of[r.ID]
		if c == nil {
			c = &counts{}
		}
		source := Words{W("source." + string(r.Source)), r.Supplier}
		if r.DonorClass != "" {
			source = append(source, W("reg.class", "class", r.DonorClass))
		}
		note := Words{r.Funding, r.Note}
		if n := aside[r.ID]; n > 0 {
			note = append(note, W("reg.not_in_general", "n", n))
		}
		cells := append([]any{r.Date, r.Entry, source, r.Voucher}, c.cells()...)
		if err := yield(Line{Key: string(r.ID), Day: r.Date, Cells: append(cells, note)}); err != nil {
			return err
		}
	}
	return open(kiosk.Day{})
}

// proveIn counts what the receipts' lines say, and the copies that have no
// receipt; the money by what is here and what went.
func (s *Source) proveIn() (map[string]int64, error) {
	var c, here, gone counts
	st, err := s.Stock()
	if err != nil {
		return nil, err
	}
	for id := range st.receipts {
		lines, err := s.View.ReceiptLines(id)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if booked(l.Kind) {
				c.add(l.Kind, "", l.Quantity, 0)
			}
		}
	}
	for _, x := range st.items {
		if x.Receipt == "" && !x.Never && booked(x.Kind) {
			c.add(x.Kind, "", 1, 0)
		}
	}
	for _, l := range st.lines {
		c.add(kiosk.Textbook, "", l.Quantity, 0)
	}
	if here, gone, err = s.hereAndGone(); err != nil {
		return nil, err
	}
	p := proofOf(c)
	p["money"] = here.Money + gone.Money
	// Lines of receipts know no language.
	p["english"], p["french"], p["other_language"] = int64(here.English+gone.English), int64(here.French+gone.French), int64(here.OtherLanguages+gone.OtherLanguages)
	return p, nil
}

// hereAndGone are the copies by their present state alone.
func (s *Source) hereAndGone() (here, gone counts, err error) {
	if s.present != nil {
		return s.present[0], s.present[1], nil
	}
	if here, gone, err = s.countPresent(); err == nil {
		s.present = &[2]counts{here, gone}
	}
	return here, gone, err
}

func (s *Source) countPresent() (here, gone counts, err error) {
	st, err := s.Stock()
	if err != nil {
		return here, gone, err
	}
	never := map[kiosk.ID]bool{}
	for _, x := range st.items {
		never[x.ID] = x.Never
	}
	err = s.View.EachItem(func(i kiosk.Item) error {
		switch {
		case !booked(i.Kind) || never[i.ID]:
		case i.State.Status == kiosk.CopyWithdrawn:
			gone.add(i.Kind, i.Title.Language, 1, i.Price)
		default:
			here.add(i.Kind, i.Title.Language, 1, i.Price)
		}
		return nil
	})
	for _, l := range st.lines {
		here.add(kiosk.Textbook, st.titles[l.TitleID].Language, l.Quantity, l.Price)
	}
	return here, gone, err
}

// departure is what went on one day for one reason.
type departure struct {
	day                         kiosk.Day
	why                         string
	minutes                     kiosk.Withdrawal
	counts                      counts
	worn, outdated, lost, other int
}

func (s *Source) departures() ([]*departure, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, err
	}
	type key struct {
		day     kiosk.Day
		why     string
		minutes kiosk.ID
	}
	of := map[key]*departure{}
	var all []*departure
	for _, x := range st.items {
		if x.Gone.IsZero() || x.Never || !booked(x.Kind) {
			continue
		}
		k := key{x.Gone, x.Why, x.Minutes.ID}
		if x.Minutes.ID != "" { // one line for its minutes, whatever was noted of each copy
			k.why = ""
		}
		if of[k] == nil {
			of[k] = &departure{day: x.Gone, why: k.why, minutes: x.Minutes}
			all = append(all, of[k])
		}
		d := of[k]
		d.counts.add(x.Kind, x.Title.Language, 1, x.Price)
		switch {
		case x.Cause == kiosk.CauseLost, x.Cause == "" && x.Lost:
			d.lost++
		case x.Cause == kiosk.CauseOutdated, x.Cause == kiosk.CauseProgramme:
			d.outdated++
		case x.Cause == kiosk.CauseTorn, x.Cause == kiosk.CauseTermites:
			d.worn++
		case x.Cause != "":
			d.other++
		case x.State.Condition == kiosk.ConditionDamaged || x.State.Condition == kiosk.ConditionWorn:
			d.worn++
		default:
			d.other++
		}
	}
	slices.SortFunc(all, func(a, b *departure) int {
		return cmp.Or(cmp.Compare(a.day.String(), b.day.String()), cmp.Compare(a.why, b.why))
	})
	return all, nil
}

// minutesOf is the number and the day of the minutes, nil for none.
func minutesOf(w kiosk.Withdrawal) any {
	if w.Minutes == nil {
		return nil
	}
	return Words{w.Minutes.Number, w.Minutes.Day}
}

func (s *Source) generalOut(yield func(Line) error) error {
	all, err := s.departures()
	if err != nil {
		return err
	}
	for _, d := range all {
		left, id := d.day, d.day.String()+" "+d.why
		note := Words{d.why}
		if d.minutes.Minutes != nil {
			left, id = d.minutes.Minutes.Day, string(d.minutes.ID)
			note = Words{d.minutes.Minutes.Note}
		}
		cells := append([]any{d.day, left, minutesOf(d.minutes)}, d.counts.cells()...)
		if err := yield(Line{Key: id, Day: d.day, Cells: append(cells, d.worn, d.outdated, d.lost, d.other, note)}); err != nil {
			return err
		}
	}
	return nil
}

// proveOut counts the kinds and the money by what is withdrawn now, and the copies by the
// moves that the events tell of.
func (s *Source) proveOut() (map[string]int64, error) {
	_, gone, err := s.hereAndGone()
	if err != nil {
		return nil, err
	}
	p := proofOf(gone)
	reasons, err := s.proveReasons()
	for key, n := range reasons {
		p[key] = n
	}
	return p, err
}

// proveReasons counts what went by the events alone: the moves that took a copy out, with
// the cause that its minutes give.
func (s *Source) proveReasons() (map[string]int64, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, err
	}
	papers, err := s.replay(kiosk.PaperRecords)
	if err != nil {
		return nil, err
	}
	causes := map[kiosk.ID]kiosk.WithdrawalCause{}
	for _, w := range papers.Records.Withdrawals {
		if w.Minutes != nil && w.State() == kiosk.WithdrawalClosed {
			for _, i := range w.Items {
				causes[i.Copy] = i.Reason
			}
		}
	}
	status, lost := map[kiosk.ID]kiosk.CopyStatus{}, map[kiosk.ID]bool{}
	if err := s.View.StockMoves(func(m kiosk.StockMove) error {
		if m.Status == kiosk.CopyWithdrawn && status[m.CopyID] != kiosk.CopyWithdrawn {
			lost[m.CopyID] = status[m.CopyID] == kiosk.CopyLost
		}
		status[m.CopyID] = m.Status
		return nil
	}); err != nil {
		return nil, err
	}
	p := map[string]int64{"copies": 0, "worn": 0, "outdated": 0, "lost": 0, "other_reason": 0}
	for id, now := range status {
		x := st.of[id]
		if x == nil || now != kiosk.CopyWithdrawn || x.Never || !booked(x.Kind) {
			continue
		}
		p["copies"]++
		p[reasonOf(causes[id], lost[id], x.State.Condition)]++
	}
	return p, nil
}

// reasonOf is the column that a copy which went is counted in.
func reasonOf(cause kiosk.WithdrawalCause, lost bool, c kiosk.Condition) string {
	switch cause {
	case kiosk.CauseLost:
		return "lost"
	case kiosk.CauseOutdated, kiosk.CauseProgramme:
		return "outdated"
	case kiosk.CauseTorn, kiosk.CauseTermites:
		return "worn"
	case "":
		switch {
		case lost:
			return "lost"
		case c == kiosk.ConditionDamaged || c == kiosk.ConditionWorn:
			return "worn"
		}
	}
	return "other_reason"
}

// goneByMoves counts the copies that the moves of the stock took out of it for good.
func (s *Source) goneByMoves() (n int64, err error) {
	st, err := s.Stock()
	if err != nil {
		return 0, err
	}
	gone := map[kiosk.ID]bool{}
	err = s.View.StockMoves(func(m kiosk.StockMove) error {
		gone[m.CopyID] = m.Status == kiosk.CopyWithdrawn
		return nil
	})
	for id, is := range gone {
		if x := st.of[id]; is && x != nil && !x.Never && booked(x.Kind) {
			n++
		}
	}
	return n, err
}

func (s *Source) sumOf(lines func(func(Line) error) error) (Sums, error) {
	sums, cols := Sums{}, slices.Concat(make([]Column, 4), countColumns())
	err := lines(func(l Line) error {
		sums.add(cols, l)
		return nil
	})
	return sums, err
}

// remaining is what was there at the end of a day.
func (s *Source) remaining(st *stock, d kiosk.Day) counts {
	var c counts
	for _, x := range st.items {
		if booked(x.Kind) && !x.Never && !x.Came.After(d) && (x.Gone.IsZero() || x.Gone.After(d)) {
			c.add(x.Kind, x.Title.Language, 1, x.Price)
		}
	}
	for _, l := range st.lines {
		if !l.Received.After(d) {
			c.add(kiosk.Textbook, st.titles[l.TitleID].Language, l.Quantity, l.Price)
		}
	}
	return c
}

func (s *Source) generalRemains(yield func(Line) error) error {
	st, err := s.Stock()
	if err != nil {
		return err
	}
	years, err := s.View.Years()
	if err != nil {
		return err
	}
	slices.SortFunc(years, func(a, b kiosk.SchoolYear) int { return cmp.Compare(a.Start.String(), b.Start.String()) })
	for _, y := range years {
		if !y.End.Before(s.Today) {
			continue
		}
		c := s.remaining(st, y.End)
		if c.Copies == 0 {
			continue
		}
		if err := yield(Line{Key: y.Name, Day: y.End, Aside: true, Cells: append([]any{y.End, y.Name}, c.cells()...)}); err != nil {
			return err
		}
	}
	c := s.remaining(st, s.Today)
	r, err := s.View.Rules(s.Today)
	if err != nil {
		return err
	}
	return yield(Line{Key: "now", Day: s.Today, Mark: Bold, Cells: append([]any{s.Today, r.Year.Name}, c.cells()...)})
}

// proveRemains: what came, less what the events took out, is what remains.
func (s *Source) proveRemains() (map[string]int64, error) {
	here, _, err := s.hereAndGone()
	if err != nil {
		return nil, err
	}
	p := proofOf(here)
	in, err := s.sumOf(s.generalIn)
	if err != nil {
		return nil, err
	}
	gone, err := s.goneByMoves()
	p["copies"] = in["copies"] - gone
	return p, err
}
