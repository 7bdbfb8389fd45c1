package register

import (
	"time"

	"muontra/kiosk"
)

// stock is every copy with how it came and went, read once a sheet.
type stock struct {
	items    []*stockItem // in the registers' order
	of       map[kiosk.ID]*stockItem
	receipts map[kiosk.ID]kiosk.Receipt
	lines    []kiosk.TextbookLine
	titles   map[kiosk.ID]kiosk.Title // of the textbook lines
	// counted is what the closed stocktakes of a school year say of a copy, by the
	// year's name: true when it was there.
	counted map[string]map[kiosk.ID]bool
}

// stockItem is a copy.
type stockItem struct {
	kiosk.Item
	Came    kiosk.Day             // when it came into the books
	Gone    kiosk.Day             // when it was taken out of the stock; zero while it is in
	Why     string                // what was noted then
	Minutes kiosk.Withdrawal      // by which it went; zero when by none
	Cause   kiosk.WithdrawalCause // with Minutes
	Lost    bool                  // it was lost before it was taken out
	Receipt kiosk.ID              // that it came by, "" for none
	Entry   int                   // that receipt's number in the general register
	// Never is a copy of a list that was taken back, or of a receipt that was taken
	// back before it was registered: it never was the library's.
	Never bool
}

// booked reports whether a kind stands in the general register: pictures, maps,
// discs and equipment have books of their own.
func booked(k kiosk.Kind) bool {
	switch k {
	case kiosk.Picture, kiosk.Map, kiosk.Disc, kiosk.Equipment:
		return false
	}
	return true
}

// Stock reads it.
func (s *Source) Stock() (*stock, error) {
	if s.stock != nil {
		return s.stock, nil
	}
	st := &stock{of: map[kiosk.ID]*stockItem{}, receipts: map[kiosk.ID]kiosk.Receipt{}, titles: map[kiosk.ID]kiosk.Title{}}
	err := s.View.EachItem(func(i kiosk.Item) error {
		x := &stockItem{Item: i}
		st.items = append(st.items, x)
		st.of[i.ID] = x
		return nil
	})
	if err != nil {
		return nil, err
	}
	rs, err := s.View.Receipts(false)
	if err != nil {
		return nil, err
	}
	for _, r := range rs {
		st.receipts[r.ID] = r
	}
	arrived, err := s.View.Arrivals()
	if err != nil {
		return nil, err
	}
	waits := map[kiosk.ID]bool{}
	for _, a := range arrived {
		x := st.of[a.CopyID]
		r := st.receipts[a.ReceiptID]
		x.Receipt, x.Entry, x.Came = r.ID, r.Entry, r.Date
		waits[a.CopyID] = a.Registered.IsZero()
	}
	came := map[kiosk.ID]time.Time{}
	gone := map[kiosk.ID]time.Time{}
	before := map[kiosk.ID]kiosk.CopyStatus{}
	unmade := map[kiosk.ID]bool{}
	err = s.View.StockMoves(func(m kiosk.StockMove) error {
		x := st.of[m.CopyID]
		if x == nil {
			return nil
		}
		if came[m.CopyID].IsZero() {
			came[m.CopyID] = m.At
		}
		unmade[m.CopyID] = m.Unmade()
		switch {
		case m.Status != kiosk.CopyWithdrawn:
			delete(gone, m.CopyID)
			before[m.CopyID] = m.Status
		case gone[m.CopyID].IsZero():
			gone[m.CopyID] = m.At
			x.Why, x.Lost = m.Comment, before[m.CopyID] == kiosk.CopyLost
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, x := range st.items {
		if x.Came.IsZero() {
			x.Came = s.taken(x, came[x.ID])
		}
		if x.State.Status == kiosk.CopyWithdrawn {
			x.Gone = x.Came
			if t := gone[x.ID]; !t.IsZero() {
				x.Gone = s.DayOf(t)
			}
			x.Never = waits[x.ID] || unmade[x.ID]
		}
	}
	if st.lines, err = s.View.TextbookLines(); err != nil {
		return nil, err
	}
	for _, l := range st.lines {
		if st.titles[l.TitleID], err = s.View.Title(l.TitleID); err != nil {
			return nil, err
		}
	}
	if err := s.papers(st); err != nil {
		return nil, err
	}
	s.stock = st
	return st, nil
}

// papers adds what the minutes of withdrawals and of stocktakes say.
func (s *Source) papers(st *stock) error {
	ws, err := s.View.Withdrawals()
	if err != nil {
		return err
	}
	for _, w := range ws {
		if w.State() != kiosk.WithdrawalClosed || w.Minutes == nil {
			continue
		}
		for _, i := range w.Items {
			if x := st.of[i.Copy]; x != nil && !x.Gone.IsZero() {
				x.Minutes, x.Cause = w, i.Reason
			}
		}
	}
	takes, err := s.View.Stocktakes()
	if err != nil {
		return err
	}
	st.counted = map[string]map[kiosk.ID]bool{}
	for i := len(takes) - 1; i >= 0; i-- { // the newest has the last word
		t := takes[i]
		if t.Open() {
			continue
		}
		r, err := s.View.Rules(s.DayOf(t.Closed))
		if err != nil {
			return err
		}
		if st.counted[r.Year.Name] == nil {
			st.counted[r.Year.Name] = map[kiosk.ID]bool{}
		}
		lines, err := s.View.Counted(t.ID)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if l.Expected || !l.Seen.IsZero() {
				st.counted[r.Year.Name][l.Copy] = !l.Final.Missed()
			}
		}
	}
	return nil
}

// mark is what a stocktake's column says of a copy: C (còn), M (mất), nothing when it was not
// counted.
func (st *stock) mark(year kiosk.SchoolYear, copy kiosk.ID) any {
	there, known := st.counted[year.Name][copy]
	switch {
	case !known:
		return nil
	case there:
		return W("reg.mark_here")
	}
	return W("reg.mark_missing")
}

// taken is the day on which a copy without a receipt came into these books: the
// day it was taken over, never before that, whatever older books say of it.
func (s *Source) taken(x *stockItem, at time.Time) kiosk.Day {
	if at.IsZero() {
		return x.Received
	}
	return s.DayOf(at)
}

// counts are copies and their money, by kind and by language.
type counts struct {
	Copies, Books, Serials          int
	Money                           int64
	Textbook, Professional          int
	Reference, Children, Other      int
	English, French, OtherLanguages int
}

func (c *counts) add(kind kiosk.Kind, lang string, n int, price int64) {
	c.Copies += n
	c.Money += int64(n) * price
	if kind == kiosk.SerialIssue {
		c.Serials += n
	} else {
		c.Books += n
	}
	switch kind {
	case kiosk.Textbook:
		c.Textbook += n
	case kiosk.Professional:
		c.Professional += n
	case kiosk.Reference:
		c.Reference += n
	case kiosk.Children:
		c.Children += n
	default:
		c.Other += n
	}
	switch lang {
	case "vi", "vie", "":
	case "en", "eng":
		c.English += n
	case "fr", "fre", "fra":
		c.French += n
	default:
		c.OtherLanguages += n
	}
}

// cells are the counts in the order of [countColumns].
func (c *counts) cells() []any {
	return []any{c.Copies, c.Books, c.Serials, c.Money, c.Textbook, c.Professional, c.Reference, c.Children, c.Other, c.English, c.French, c.OtherLanguages}
}

// countColumns are the twelve columns of numbers of the general register.
func countColumns() []Column {
	n := func(key, group string, w float64) Column {
		return Column{Key: key, Group: group, Kind: Number, Width: w, Sum: true}
	}
	return []Column{
		n("copies", "", 14), n("books", "of_which", 14), n("serials", "of_which", 14),
		{Key: "money", Kind: Money, Width: 24, Sum: true},
		n("textbook", "by_kind", 12), n("professional", "by_kind", 12), n("reference", "by_kind", 12), n("children", "by_kind", 12), n("other", "by_kind", 12),
		n("english", "by_language", 11), n("french", "by_language", 11), n("other_language", "by_language", 11),
	}
}

// proofOf are the counts by the keys of [countColumns].
func proofOf(c counts) map[string]int64 {
	p := map[string]int64{}
	cells := c.cells()
	for i, col := range countColumns() {
		p[col.Key] = whole(cells[i])
	}
	return p
}

// alsoUnmade adds the copies that were made by mistake to those that never were.
func (s *Source) alsoUnmade(never map[kiosk.ID]bool) error {
	unmade := map[kiosk.ID]bool{}
	err := s.View.StockMoves(func(m kiosk.StockMove) error { unmade[m.CopyID] = m.Unmade(); return nil })
	for id, is := range unmade {
		if is {
			never[id] = true
		}
	}
	return err
}
