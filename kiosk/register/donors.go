package register

import (
	"cmp"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// donors lists who gave what (seed R84, R85), and what each class gave: what came by
// a receipt, and what was brought to a campaign. Of a campaign's gift that was taken
// into the stock the receipt's copies count, and the class that brought them.
var donors = &Sheet{
	Name: "donors", Names: true, Period: AllTime, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{
			{Key: "gifts", Lines: s.gifts, Proof: s.proveGifts, Columns: []Column{
				{Key: "date", Kind: Day, Width: 24}, {Key: "donor", Kind: Text, Width: 56}, {Key: "class", Kind: Code, Width: 16},
				{Key: "copies", Kind: Number, Width: 16, Sum: true}, {Key: "money", Kind: Money, Width: 26, Sum: true}, {Key: "entry", Kind: Number, Width: 16}, {Key: "note", Kind: Text, Width: 34},
			}},
			{Key: "classes", Lines: s.giftsOfClasses, Proof: s.proveGiftsOfClasses, Columns: []Column{
				{Key: "class", Kind: Code, Width: 30}, {Key: "gifts", Kind: Number, Width: 24, Sum: true}, {Key: "copies", Kind: Number, Width: 24, Sum: true}, {Key: "money", Kind: Money, Width: 34, Sum: true},
			}},
		}, nil
	},
}

// gift is a line of the donors' register.
type gift struct {
	line   Line
	entry  int // of the receipt, 0 for none
	shares []share
}

// share is what one class has in a gift.
type share struct {
	class                string
	gifts, copies, money int64
}

// given are the copies that came by a receipt and their value.
func (s *Source) given() (map[kiosk.ID][2]int64, *stock, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, nil, err
	}
	of := map[kiosk.ID][2]int64{}
	for _, x := range st.items {
		if x.Receipt != "" && !x.Never {
			g := of[x.Receipt]
			of[x.Receipt] = [2]int64{g[0] + 1, g[1] + x.Price}
		}
	}
	return of, st, nil
}

// campaignGifts are what was brought to campaigns: what came into the stock by a
// donation's receipt, by that receipt, and under "" the rest.
func campaignGifts(all []kiosk.Activity, donation func(kiosk.ID) bool) (of map[kiosk.ID][]kiosk.Activity, campaigns map[kiosk.ID]kiosk.Activity) {
	of, campaigns = map[kiosk.ID][]kiosk.Activity{}, map[kiosk.ID]kiosk.Activity{}
	for _, a := range all {
		if a.Kind == kiosk.Campaign {
			campaigns[a.ID] = a
		}
	}
	for _, a := range all {
		if a.Kind != kiosk.Gift || a.Status != kiosk.ActivityDone || a.Removed || a.Taken == 0 {
			continue
		}
		by := a.TakenBy(campaigns[a.Of])
		if !donation(by) {
			by = ""
		}
		of[by] = append(of[by], a)
	}
	return of, campaigns
}

// allTime are days between which every activity lies.
var allTime = [2]kiosk.Day{{Year: 1, Month: 1, Day: 1}, {Year: 9999, Month: 12, Day: 31}}

// allGifts are the register's lines by day.
func (s *Source) allGifts() ([]gift, error) {
	of, st, err := s.given()
	if err != nil {
		return nil, err
	}
	activities, err := s.View.Activities(allTime[0], allTime[1])
	if err != nil {
		return nil, err
	}
	brought, campaigns := campaignGifts(activities, func(id kiosk.ID) bool { return st.receipts[id].Source == kiosk.Donation })
	var all []gift
	for id, r := range st.receipts {
		if r.Source != kiosk.Donation {
			continue
		}
		n, money := of[id][0], of[id][1]
		note := Words{}
		for _, b := range brought[id] {
			if name := campaigns[b.Of].Text; name != "" && !slices.Contains(note, any(name)) {
				note = append(note, name)
			}
		}
		all = append(all, gift{entry: r.Entry, shares: sharesOf(r, brought[id], n, money),
			line: Line{Key: string(id), Day: r.Date, Cells: []any{r.Date, r.Supplier, r.DonorClass, n, money, r.Entry, append(note, r.Funding, r.Note)}}})
	}
	for _, b := range brought[""] {
		donor := Words{W("activity.donor." + string(b.Donor)), b.Text}
		if b.Donor == kiosk.DonorOrganisation {
			donor = Words{b.Text}
		}
		note := Words{campaigns[b.Of].Text, b.Note}
		if b.Corner {
			note = Words{campaigns[b.Of].Text, W("reg.gift_corner"), b.Note}
		}
		all = append(all, gift{shares: []share{{b.Class, 1, int64(b.Taken), 0}},
			line: Line{Key: string(b.ID), Day: b.Day, Cells: []any{b.Day, donor, b.Class, b.Taken, nil, nil, note}}})
	}
	slices.SortFunc(all, func(a, b gift) int {
		return cmp.Or(cmp.Compare(a.line.Day.String(), b.line.Day.String()), cmp.Compare(a.entry, b.entry), cmp.Compare(a.line.Key, b.line.Key))
	})
	return all, nil
}

// sharesOf shares a receipt's copies among the classes that brought them to a
// campaign; what is over is the receipt's own giver's. Their value is a class's where
// it is all one class's: what each brought of it nobody wrote down.
func sharesOf(r kiosk.Receipt, brought []kiosk.Activity, copies, money int64) (all []share) {
	left := copies
	for _, b := range brought {
		n := min(int64(b.Taken), left)
		left -= n
		all = append(all, share{class: b.Class, gifts: 1, copies: n})
	}
	if left > 0 || len(brought) == 0 {
		all = append(all, share{class: r.DonorClass, gifts: 1, copies: left})
	}
	if slices.ContainsFunc(all, func(x share) bool { return x.class != all[0].class }) {
		return append(all, share{class: r.DonorClass, money: money})
	}
	all[0].money = money
	return all
}

func (s *Source) gifts(yield func(Line) error) error {
	all, err := s.allGifts()
	for _, g := range all {
		if err == nil {
			err = yield(g.line)
		}
	}
	return err
}

func (s *Source) giftsOfClasses(yield func(Line) error) error {
	all, err := s.allGifts()
	if err != nil {
		return err
	}
	of := map[string]share{}
	for _, g := range all {
		if !s.In(g.line.Day) {
			continue
		}
		for _, x := range g.shares {
			sum := of[x.class]
			of[x.class] = share{x.class, sum.gifts + x.gifts, sum.copies + x.copies, sum.money + x.money}
		}
	}
	var names []string
	for c := range of {
		names = append(names, c)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(fold.Order(a), fold.Order(b)) })
	for _, c := range names {
		var class any = c
		if c == "" {
			class = W("reg.no_class")
		}
		x := of[c]
		if err := yield(Line{Key: c, Day: s.To, Cells: []any{class, x.gifts, x.copies, x.money}}); err != nil {
			return err
		}
	}
	return nil
}

// broughtBeside counts by the events what campaigns brought in a time that no receipt of a
// donation has in it, and by receipt how many gifts are in it and their books.
func (s *Source) broughtBeside(in func(kiosk.Day) bool) (gifts, copies int64, inside map[kiosk.ID][2]int64, err error) {
	rs, err := s.View.Receipts(false)
	if err != nil {
		return 0, 0, nil, err
	}
	inside = map[kiosk.ID][2]int64{}
	for _, r := range rs {
		if r.Source == kiosk.Donation {
			inside[r.ID] = [2]int64{}
		}
	}
	p, err := s.replay(kiosk.PaperRecords)
	if err != nil {
		return 0, 0, nil, err
	}
	for _, a := range p.Records.Activities {
		if a.Kind != kiosk.Gift || a.Removed || a.Status != kiosk.ActivityDone || a.Taken == 0 {
			continue
		}
		by := a.TakenBy(p.Records.Activities[a.Of])
		if x, is := inside[by]; is && by != "" {
			inside[by] = [2]int64{x[0] + 1, x[1] + int64(a.Taken)}
		} else if in(a.Day) {
			gifts++
			copies += int64(a.Taken)
		}
	}
	return gifts, copies, inside, nil
}

// proveGifts counts what the receipts' lines say, and by the events what campaigns
// brought beside them.
func (s *Source) proveGifts() (map[string]int64, error) {
	st, err := s.Stock()
	if err != nil {
		return nil, err
	}
	_, beside, _, err := s.broughtBeside(always)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"copies": beside}
	for id, r := range st.receipts {
		if r.Source != kiosk.Donation {
			continue
		}
		n, err := s.broughtIn(id)
		if err != nil {
			return nil, err
		}
		p["copies"] += n
	}
	p["money"], err = s.proveGiftMoney(always)
	return p, err
}

func always(kiosk.Day) bool { return true }

// broughtIn is how many copies a receipt's lines say.
func (s *Source) broughtIn(receipt kiosk.ID) (n int64, err error) {
	lines, err := s.View.ReceiptLines(receipt)
	for _, l := range lines {
		n += int64(l.Quantity)
	}
	return n, err
}

// proveGiftsOfClasses counts the gifts of the time without the classes.
func (s *Source) proveGiftsOfClasses() (map[string]int64, error) {
	rs, err := s.View.Receipts(false)
	if err != nil {
		return nil, err
	}
	gifts, copies, inside, err := s.broughtBeside(s.In)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"gifts": gifts, "copies": copies}
	for _, r := range rs {
		if r.Source != kiosk.Donation || !s.In(r.Date) {
			continue
		}
		n, err := s.broughtIn(r.ID)
		if err != nil {
			return nil, err
		}
		p["copies"] += n
		p["gifts"] += inside[r.ID][0]
		if n > inside[r.ID][1] || inside[r.ID][0] == 0 {
			p["gifts"]++
		}
	}
	p["money"], err = s.proveGiftMoney(s.In)
	return p, err
}
