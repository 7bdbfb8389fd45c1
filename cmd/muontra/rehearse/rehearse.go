// Package rehearse plays a school's year through the real program on this PC:
// pupils in breaks of sixty and a Friday's rush of a hundred, double scans, wrong
// cards, pulled cables, kills and power cuts. Each act that was answered as done
// is kept, and compared one by one with what the database holds.
package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"muontra/kiosk"
)

// Plan is how long it is and with what.
type Plan struct {
	Dir     string // an empty folder; whoever made it removes it
	Program string // the muontra program
	Years   int
	Days    int           // so many school days in all, the same number of each year; 0 for all there are
	Limit   time.Duration // the rehearsal ends by itself then, whole, with what it has done
	First   time.Time     // the morning of the first day
	// Sample fills a folder with the sample school and the account of its librarian.
	Sample func(ctx context.Context, dir string, at time.Time) error
	Log    io.Writer // may be nil
}

// Figures are what the rehearsal found.
type Figures struct {
	Days, Breaks, Visits  int
	MostInABreak          int
	Scans                 int            // sent, all of them
	Acts                  int            // acknowledged, each with an event
	Lost                  int            // of these, not in the database
	Changed               int            // of these, other there than answered
	Outcomes              map[string]int // of all answers
	Kills, Cuts, Cables   int
	Resent                int // commands without an answer that were sent again
	DoubleScans, BadCards int
	Turns                 int     // school years begun after the first
	Promoted, Leavers     int     // pupils in all of them
	Joined                int     // pupils who came new
	Misplaced             int     // pupils who are not in the class, or out of the school, where they should be
	Owing, BroughtBack    int     // books that leavers had, and those of them that were returned after
	LoansOther            int     // books that are with another than was answered, at the end
	P50, P99              float64 // milliseconds from the scan to the screen
	Events                int64   // in the database at the end
	Faults                []string
	Took                  time.Duration
}

// Wrong is how much is not as it was answered or has to be: 0 of a rehearsal that
// went well.
func (f Figures) Wrong() int {
	return f.Lost + f.Changed + f.LoansOther + f.Misplaced + f.Owing - f.BroughtBack + len(f.Faults)
}

// rehearsal is one under way.
type rehearsal struct {
	Plan
	f      Figures
	chance *rand.Rand
	life   *life
	now    time.Time
	cards  []string
	books  []string
	has    map[string][]string // by card, what it has borrowed, as it was answered
	taken  map[string]bool
	told   []told
	took   []float64
	sent   int
	ended  time.Time

	placed     map[string]pupil // by card, since the last school year began; nil before
	gonePupils []string         // cards of those who left then, until their books are back
}

// told is an act that was answered as done.
type told struct {
	seq     int64
	outcome kiosk.Outcome
	code    string
	kind    kiosk.EventType // "" where the outcome says it
}

// Run plays the plan. A loss is no error but a figure.
func Run(ctx context.Context, p Plan) (f Figures, err error) {
	began := time.Now()
	r := &rehearsal{Plan: p, chance: rand.New(rand.NewPCG(2024, 2025)), has: map[string][]string{}, taken: map[string]bool{}, ended: began.Add(p.Limit)}
	r.f.Outcomes = map[string]int{}
	r.now = p.First
	data := filepath.Join(p.Dir, "school")
	r.tell("the sample school is made ...")
	if err := p.Sample(ctx, data, p.First); err != nil {
		return r.f, err
	}
	r.life = &life{program: p.Program, data: data, dir: p.Dir}
	if err := r.meet(ctx); err != nil {
		return r.f, err
	}
	r.tell("%d cards, %d books, %d of them out", len(r.cards), len(r.books), len(r.taken))
	if len(r.cards) == 0 || len(r.books) == 0 {
		return r.f, errors.New("the sample school has nobody or nothing to lend")
	}
	if err := r.years(ctx); err != nil {
		return r.f, errors.Join(err, r.life.end())
	}
	if err := r.life.end(); err != nil {
		return r.f, err
	}
	if err := r.compare(ctx); err != nil {
		return r.f, err
	}
	slices.Sort(r.took)
	if n := len(r.took); n > 0 {
		r.f.P50, r.f.P99 = r.took[n/2], r.took[min(n-1, n*99/100)]
	}
	r.f.Took = time.Since(began)
	return r.f, nil
}

func (r *rehearsal) tell(format string, args ...any) {
	if r.Log != nil {
		fmt.Fprintf(r.Log, format+"\n", args...)
	}
}

// meet learns the cards and the books that may be lent.
func (r *rehearsal) meet(ctx context.Context) error {
	return r.view(ctx, func(v kiosk.View, today kiosk.Day) error {
		byRef := map[kiosk.ID]string{}
		if err := v.EachMember(today, func(m kiosk.Member) error {
			if m.Card.Barcode != "" && m.Card.Status == kiosk.CardActive {
				r.cards = append(r.cards, m.Card.Barcode)
				byRef[m.Ref] = m.Card.Barcode
			}
			return nil
		}); err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		bars := map[kiosk.ID]string{}
		if err := v.EachItem(func(i kiosk.Item) error {
			line := rules.Policies.For(kiosk.Pupil, i.Kind, i.SubKind)
			if i.State.Status == kiosk.CopyAvailable && line.Limit > 0 && !line.OnSiteOnly && !line.NotForLoan && !line.EntitledOnly {
				r.books = append(r.books, i.Barcode)
			}
			bars[i.ID] = i.Barcode
			return nil
		}); err != nil {
			return err
		}
		return v.EachLoan(true, func(l kiosk.Loan) error {
			bar := bars[l.CopyID]
			r.taken[bar] = true
			if card := byRef[l.PatronRef]; card != "" {
				r.has[card] = append(r.has[card], bar)
			}
			return nil
		})
	})
}

// mishap is what happens to the PC on a day.
type mishap int

const (
	none mishap = iota
	kill
	cut
	cable
)

// day has two breaks, or the long one of a Friday, which where only some days are
// played is each fifth. Of each ten days three have
// something happen in the middle of a break: the program is killed, the power
// goes, the scanner's cable is pulled.
func (r *rehearsal) day(ctx context.Context, at time.Time) error {
	r.f.Days++
	what := none
	switch r.f.Days % 10 {
	case 2:
		what = kill
	case 4:
		what = cut
	case 6:
		what = cable
	}
	if r.life.needs(what) {
		if err := r.life.begin(ctx, what == cut, r.now); err != nil {
			return err
		}
	}
	sizes := []int{60, 20}
	if at.Weekday() == time.Friday || r.Days > 0 && r.f.Days%5 == 0 {
		sizes = []int{100}
	}
	for i, n := range sizes {
		r.f.Breaks++
		r.f.MostInABreak = max(r.f.MostInABreak, n)
		start := at.Add(time.Duration(i) * 6 * time.Hour)
		if start.After(r.now) {
			r.now = start
		}
		when := -1
		if i == 0 && what != none {
			when = n/3 + r.chance.IntN(n/2)
		}
		if i == 0 {
			if err := r.afterwards(ctx); err != nil {
				return err
			}
		}
		for k := range n {
			if k == when {
				if err := r.mishap(ctx, what); err != nil {
					return err
				}
			}
			if err := r.visit(ctx); err != nil {
				return err
			}
		}
	}
	if r.f.Days%20 == 0 {
		r.tell("%s: %d visits, %d acts, %d kills, %d power cuts", r.now.Format(time.DateOnly), r.f.Visits, len(r.told), r.f.Kills, r.f.Cuts)
	}
	return nil
}

// visit is one child: the card, what comes back, a book or two, sometimes a slip.
func (r *rehearsal) visit(ctx context.Context) error {
	r.f.Visits++
	card := r.cards[r.chance.IntN(len(r.cards))]
	if r.chance.IntN(40) == 0 {
		r.f.BadCards++
		if _, err := r.scan(ctx, fmt.Sprint(70000000+r.chance.IntN(1000000))); err != nil {
			return err
		}
	}
	in, err := r.scan(ctx, card)
	if err != nil || in.Outcome != kiosk.SessionOpened {
		return err
	}
	for _, b := range slices.Clone(r.has[card]) {
		res, err := r.scan(ctx, b)
		if err != nil {
			return err
		}
		if res.Outcome == kiosk.Returned {
			r.gone(card, b)
		}
	}
	for range 1 + r.chance.IntN(2) {
		b := r.books[r.chance.IntN(len(r.books))]
		if r.taken[b] {
			continue
		}
		res, err := r.scan(ctx, b)
		if err != nil {
			return err
		}
		if res.Outcome == kiosk.CheckedOut {
			r.taken[b] = true
			r.has[card] = append(r.has[card], b)
		}
		if r.chance.IntN(15) == 0 { // a child holds the book before the scanner a little longer
			r.f.DoubleScans++
			if res, err = r.at(ctx, b, 300*time.Millisecond); err != nil {
				return err
			}
			if res.Outcome == kiosk.Returned {
				r.gone(card, b)
			}
		}
	}
	_, err = r.scan(ctx, "%FINISH")
	return err
}

func (r *rehearsal) gone(card, book string) {
	delete(r.taken, book)
	r.has[card] = slices.DeleteFunc(r.has[card], func(x string) bool { return x == book })
}

// scan is a scan after the seconds that a child takes.
func (r *rehearsal) scan(ctx context.Context, code string) (kiosk.Result, error) {
	return r.at(ctx, code, time.Duration(2500+r.chance.IntN(2500))*time.Millisecond)
}

// at sends a code and keeps what was answered.
func (r *rehearsal) at(ctx context.Context, code string, after time.Duration) (kiosk.Result, error) {
	r.now = r.now.Add(after)
	r.sent++
	id := fmt.Sprint("r", r.sent)
	res, took, err := r.life.scan(ctx, code, id, r.now)
	if err != nil {
		return res, fmt.Errorf("scan %s: %w", code, err)
	}
	if took > 0 {
		r.took = append(r.took, took)
	}
	r.heard(code, res)
	return res, nil
}

// heard keeps an answer.
func (r *rehearsal) heard(code string, res kiosk.Result) {
	r.f.Scans++
	r.f.Outcomes[string(res.Outcome)]++
	if res.EventSeq > 0 {
		r.told = append(r.told, told{seq: res.EventSeq, outcome: res.Outcome, code: code})
	}
}

// mishap happens while children scan. The command that got no answer is sent
// again once the program is back, as a station does, and done once.
func (r *rehearsal) mishap(ctx context.Context, what mishap) error {
	if what == cable {
		r.f.Cables++
		r.now = r.now.Add(time.Minute)
		card := r.cards[r.chance.IntN(len(r.cards))]
		res, err := r.life.cable(ctx, card, r.now)
		if err == nil && res.EventSeq > 0 {
			r.heard(card, res)
		}
		r.now = r.now.Add(3 * time.Minute) // the program's clock went on meanwhile
		return err
	}
	struck := make(chan error, 1)
	go func() {
		time.Sleep(time.Duration(r.chance.IntN(12)) * time.Millisecond)
		struck <- r.life.strike(what == cut, r.f.Days)
	}()
	code, id := "", ""
	for {
		r.now = r.now.Add(3 * time.Second)
		r.sent++
		code, id = r.cards[r.sent%len(r.cards)], fmt.Sprint("r", r.sent)
		res, _, err := r.life.scan(ctx, code, id, r.now)
		if err != nil {
			break // it has happened
		}
		r.heard(code, res)
	}
	if err := <-struck; err != nil {
		return err
	}
	if what == cut {
		r.f.Cuts++
	} else {
		r.f.Kills++
	}
	if err := r.life.bury(what == cut); err != nil {
		return err
	}
	if err := r.life.begin(ctx, false, r.now); err != nil {
		return err
	}
	r.f.Resent++
	res, _, err := r.life.scan(ctx, code, id, r.now)
	if err != nil {
		return fmt.Errorf("sent again: %w", err)
	}
	r.heard(code, res)
	r.now = r.now.Add(30 * time.Second) // whoever stood there has gone
	return nil
}
