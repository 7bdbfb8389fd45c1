package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"muontra/kiosk"
	"muontra/store/vfs"
)

// flush is what is added to each flush where an old disk is meant: an SD card.
const flush = 5 * time.Millisecond

// pair is a candidate and its references, on copies of one database.
type pair struct {
	shelf *shelf
	seven *bare
	five  *bare
}

func (g *Rig) pair(ctx context.Context, disk string) (p pair, err error) {
	seed, err := g.small(ctx)
	if err != nil {
		return p, err
	}
	dirs := [3]string{}
	for i, name := range []string{"checkout", "seven"} {
		if dirs[i], err = g.lay(seed, name); err != nil {
			return p, err
		}
	}
	if dirs[2], err = g.folder("five"); err != nil {
		return p, err
	}
	if p.shelf, err = openShelf(ctx, dirs[0], disk, bookOf); err != nil {
		return p, err
	}
	if p.seven, err = newSeven(ctx, dirs[1], disk, p.shelf.refs); err == nil {
		p.five, err = newFive(ctx, dirs[2], disk)
	}
	if err != nil {
		return p, errors.Join(err, p.close())
	}
	return p, nil
}

func (p pair) close() error {
	err := p.shelf.close()
	for _, b := range []*bare{p.seven, p.five} {
		if b != nil {
			err = errors.Join(err, b.close())
		}
	}
	return err
}

// slowDisk is a disk of package vfs whose flushes take longer from now on.
func slowDisk(by time.Duration) (*vfs.Disk, error) {
	d, err := vfs.New()
	if err == nil {
		d.Slow(by)
	}
	return d, err
}

// checkout is a durable checkout through circulation, one caller.
func (g *Rig) checkout(ctx context.Context) (rows []Row, err error) {
	for _, slow := range []bool{false, true} {
		name, n, goal, disk := "checkout", g.Size.Each, 0.8, ""
		if slow {
			name, n, goal = "checkout-5ms", g.Size.Slow, 0.95
			d, err := slowDisk(flush)
			if err != nil {
				return nil, err
			}
			disk = d.Name()
		}
		p, err := g.pair(ctx, disk)
		if err != nil {
			return nil, err
		}
		mine, seven, five := newSeries(), newSeries(), newSeries()
		err = turns(g.Size.Rounds,
			func() error { return mine.round(p.shelf.timed(ctx, n)) },
			func() error { return seven.round(p.seven.timed(ctx, n)) },
			func() error { return five.round(p.five.timed(ctx, n)) })
		if err = errors.Join(err, p.close()); err != nil {
			return nil, err
		}
		rows = append(rows,
			Row{Name: name, Value: mine.rate(), Unit: "checkouts/s", Reference: seven.rate(), Ratio: mine.over(seven)}.ratioAtLeast(goal),
			Row{Name: name + "-beside-five", Value: mine.rate(), Unit: "checkouts/s", Reference: five.rate(), Ratio: mine.over(five)},
			Row{Name: name + "-p99", Value: mine.tail(), Unit: "ms", Reference: seven.tail(), Ratio: mine.tail() / seven.tail()})
	}
	return rows, nil
}

// turns does the rounds of several, in turn, each once unmeasured first; who
// begins changes, so that nobody is always first.
func turns(rounds int, who ...func() error) error {
	for r := range rounds {
		for i := range who {
			if err := who[(r+i)%len(who)](); err != nil {
				return err
			}
		}
	}
	return nil
}

// series is what the rounds of one have taken.
type series struct {
	rates []float64
	each  []float64
	warm  bool
}

func newSeries() *series { return &series{} }

// round takes a round's times in; the first one warms up and does not count.
func (s *series) round(each []float64, all time.Duration, err error) error {
	if err != nil {
		return err
	}
	if !s.warm {
		s.warm = true
		return nil
	}
	s.rates, s.each = append(s.rates, rate(len(each), all)), append(s.each, each...)
	return nil
}

func (s *series) rate() float64 { return median(s.rates) }
func (s *series) tail() float64 { return quantile(s.each, 0.99) }

// over is the median of the ratios of rounds that stood beside each other.
func (s *series) over(ref *series) float64 {
	var x []float64
	for i := range min(len(s.rates), len(ref.rates)) {
		x = append(x, s.rates[i]/ref.rates[i])
	}
	return median(x)
}

// callers is several that scan at once: their acts share commits.
func (g *Rig) callers(ctx context.Context) (rows []Row, err error) {
	goals := map[bool]map[int]float64{false: {16: 2.5, 64: 4}, true: {16: 6, 64: 20}}
	for _, slow := range []bool{false, true} {
		disk, suffix := "", ""
		if slow {
			d, err := slowDisk(flush)
			if err != nil {
				return nil, err
			}
			disk, suffix = d.Name(), "-5ms"
		}
		for _, n := range []int{16, 64} {
			p, err := g.pair(ctx, disk)
			if err != nil {
				return nil, err
			}
			each, single := max(1, g.Size.Each/40), g.Size.Each
			if slow {
				single = g.Size.Slow
			}
			mine, seven, five, grouped := newSeries(), newSeries(), newSeries(), newSeries()
			err = turns(g.Size.Rounds,
				func() error { return mine.round(p.shelf.together(ctx, n, each)) },
				func() error { return grouped.round(p.seven.grouped(ctx, n*each, n)) },
				func() error { return seven.round(p.seven.timed(ctx, single)) },
				func() error { return five.round(p.five.timed(ctx, single)) })
			if err = errors.Join(err, p.close()); err != nil {
				return nil, err
			}
			name := fmt.Sprintf("callers-%d%s", n, suffix)
			rows = append(rows,
				Row{Name: name, Value: mine.rate(), Unit: "checkouts/s", Reference: seven.rate(), Ratio: mine.over(seven)}.ratioAtLeast(goals[slow][n]),
				Row{Name: name + "-beside-five", Value: mine.rate(), Unit: "checkouts/s", Reference: five.rate(), Ratio: mine.over(five)},
				Row{Name: name + "-bare-grouped", Value: grouped.rate(), Unit: "transactions/s", Reference: seven.rate(), Ratio: grouped.over(seven)},
				Row{Name: name + "-p99", Value: mine.tail(), Unit: "ms", Reference: seven.tail(), Ratio: mine.tail() / seven.tail()})
		}
	}
	return rows, nil
}

// together is a round of n callers, each with checkouts of its own, one after
// the other. The time is from the first to the last.
func (x *shelf) together(ctx context.Context, n, each int) (took []float64, all time.Duration, err error) {
	var list []lent
	for c := range n {
		list = append(list, x.books(each, c*len(x.refs)/n)...)
	}
	took = make([]float64, len(list))
	errs := make([]error, n)
	var wg sync.WaitGroup
	began := time.Now()
	for c := range n {
		wg.Go(func() {
			for i := c * each; i < (c+1)*each; i++ {
				at := time.Now()
				if errs[c] = x.checkout(ctx, list[i]); errs[c] != nil {
					return
				}
				took[i] = ms(time.Since(at))
			}
		})
	}
	wg.Wait()
	all = time.Since(began)
	if err := errors.Join(errs...); err != nil {
		return nil, 0, err
	}
	return took, all, x.back(ctx, list)
}

// race is two stations that want one copy at the same moment, pair after pair.
func (g *Rig) race(ctx context.Context) ([]Row, error) {
	seed, err := g.small(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := g.lay(seed, "race")
	if err != nil {
		return nil, err
	}
	x, err := openShelf(ctx, dir, "", bookOf)
	if err != nil {
		return nil, err
	}
	defer x.close()
	right := 0
	for range g.Size.Pairs {
		l := x.books(1, 0)[0]
		var outcomes [2]kiosk.Outcome
		var reasons [2]kiosk.Reason
		var errs [2]error
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range 2 {
			wg.Go(func() {
				<-start
				a, err := x.desk.Checkout(ctx, kiosk.Attempt{Station: fmt.Sprint("s", i), Code: "bench", Kind: kiosk.KindCopy, CommandID: l.command}, x.refs[i], l.copy)
				outcomes[i], reasons[i], errs[i] = a.Result.Outcome, a.Result.Reason, err
			})
		}
		close(start)
		wg.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			return nil, err
		}
		for i := range 2 {
			if outcomes[i] == kiosk.CheckedOut && outcomes[1-i] == kiosk.Refused && reasons[1-i] == kiosk.ReasonOnLoanToOther {
				right++
			}
		}
		if err := x.back(ctx, []lent{{copy: l.copy, ref: x.refs[0]}}); err != nil {
			return nil, err
		}
	}
	r := Row{Name: "race", Value: float64(right), Unit: fmt.Sprintf("of %d pairs with one winner", g.Size.Pairs)}
	return []Row{r.aim(fmt.Sprintf("= %d", g.Size.Pairs), right == g.Size.Pairs)}, nil
}
