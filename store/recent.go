package store

import (
	"cmp"
	"slices"
	"time"

	"muontra/kiosk"
)

// recent is what the writer's session remembers of the readers, titles and copies
// that the last acts were about, and of the newest event. It stands beside the
// settings and is dropped with them when another connection has changed the file.
// Every statement of this session drops all of it ([tx.changed]), but for those of
// [tx.note]: the rows of an event, a loan, a copy's state and an answer, which an
// act writes each time. What is rolled back takes it along.
//
// A view's session remembers nothing of it: the acts change the file under it all
// day.
type recent struct {
	members map[memberOn]kiosk.Member
	titles  map[kiosk.ID]kiosk.Title
	items   map[kiosk.ID]kiosk.Item
	places  map[kiosk.ID]string
	holds   map[kiosk.ID][]kiosk.Hold // by title
	lessons *[]kiosk.Lesson           // of which something is to be handed out; nil when not read
	open    map[kiosk.ID][]kiosk.Loan // a patron's, by reference, as they are read
	out     map[kiosk.ID]kiosk.Loan   // a copy's open loan; without an ID where it has none
	newest  *newest
}

// mostRecent bounds each of the maps: three or four megabytes in all.
const mostRecent = 1024

type memberOn struct {
	ref kiosk.ID
	on  kiosk.Day
}

// newest is the end of the log.
type newest struct {
	seq      int64
	recorded time.Time // of the newest event whose clock was right; zero without one
}

// recent is what may be used, nil in a view.
func (v *view) recent() (*recent, error) {
	if v.s.begin != beginWrite {
		return nil, nil
	}
	mem, err := v.remembered()
	if err != nil {
		return nil, err
	}
	return &mem.recent, nil
}

// recall is m's value of the key, read and kept when it is not there. Shared
// slices are in it: read them.
func recall[K comparable, V any](m *map[K]V, k K, read func() (V, error)) (V, error) {
	if x, ok := (*m)[k]; ok {
		return x, nil
	}
	x, err := read()
	if err != nil {
		return x, err
	}
	keep(m, k, x)
	return x, nil
}

func keep[K comparable, V any](m *map[K]V, k K, x V) {
	if *m == nil || len(*m) >= mostRecent {
		*m = map[K]V{}
	}
	(*m)[k] = x
}

// recentItem is Item with what is remembered. That a copy is not out, which is
// asked next, is seen on the way.
func (v *view) recentItem(r *recent, id kiosk.ID) (kiosk.Item, error) {
	return recall(&r.items, id, func() (i kiosk.Item, err error) {
		var in bool
		err = v.one("copy "+string(id), `SELECT `+copyCols+`, o.id IS NULL FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id
			LEFT JOIN loan o ON o.copy_id = c.id AND o.ended = '' WHERE c.id = $1`, []any{id}, append(copyTo(&i.Copy), &in)...)
		if err != nil {
			return i, err
		}
		if in {
			keep(&r.out, id, kiosk.Loan{})
		}
		if i.Title, err = recall(&r.titles, i.TitleID, func() (kiosk.Title, error) { return v.Title(i.TitleID) }); err != nil {
			return i, err
		}
		at := i.State.Place
		if at == "" {
			at = i.HomePlace
		}
		if at == "" {
			return i, nil
		}
		i.PlaceName, err = recall(&r.places, at, func() (name string, err error) {
			err = v.one("place "+string(at), `SELECT name FROM place WHERE id = $1`, []any{at}, &name)
			return name, err
		})
		return i, err
	})
}

// recentLoansOf is OpenLoansOf with what is remembered.
func (v *view) recentLoansOf(r *recent, ref kiosk.ID) ([]kiosk.LoanItem, error) {
	ls, err := recall(&r.open, ref, func() ([]kiosk.Loan, error) {
		return rows(v, "open loans of "+string(ref), `SELECT `+loanCols+` FROM loan l WHERE l.patron_ref = $1 AND l.ended = '' ORDER BY l.checked_out_at, l.id`, []any{ref}, scanLoan)
	})
	if err != nil || len(ls) == 0 {
		return nil, err
	}
	all := make([]kiosk.LoanItem, len(ls))
	for i, l := range ls {
		item, err := v.recentItem(r, l.CopyID)
		if err != nil {
			return nil, err
		}
		all[i] = kiosk.LoanItem{Loan: l, Item: item}
	}
	return all, nil
}

// lent is what is remembered once a loan that is new was written.
func (r *recent) lent(l kiosk.Loan) {
	if !l.Open() {
		return
	}
	keep(&r.out, l.CopyID, l)
	if of, ok := r.open[l.PatronRef]; ok {
		i, _ := slices.BinarySearchFunc(of, l, func(a, b kiosk.Loan) int {
			return cmp.Or(a.CheckedOutAt.Compare(b.CheckedOutAt), cmp.Compare(a.ID, b.ID))
		})
		r.open[l.PatronRef] = slices.Insert(slices.Clone(of), i, l)
	}
}

// relent is what is remembered once a loan was changed in all but whose it is.
func (r *recent) relent(l kiosk.Loan) {
	delete(r.open, l.PatronRef)
	was := r.out[l.CopyID]
	delete(r.out, l.CopyID)
	if was.ID == l.ID && !l.Open() {
		keep(&r.out, l.CopyID, kiosk.Loan{})
	}
}

// newest is the end of the log, which only this session moves while its
// transaction lasts.
func (v *view) newest(r *recent) (newest, error) {
	if r.newest != nil {
		return *r.newest, nil
	}
	var n newest
	var err error
	if n.seq, err = v.lastSeq(); err != nil {
		return n, err
	}
	if n.recorded, err = v.lastRecorded(); err != nil {
		return n, err
	}
	r.newest = &n
	return n, nil
}

// appended is the log with the event at its end.
func (r *recent) appended(e *kiosk.Event) {
	if r.newest == nil {
		return
	}
	r.newest.seq = e.Seq
	if e.ClockOK {
		r.newest.recorded = e.RecordedAt
	}
}

// stands is the copy with its new state.
func (r *recent) stands(s kiosk.CopyState) {
	i, ok := r.items[s.CopyID]
	switch {
	case !ok:
	case i.State.Place != s.Place:
		delete(r.items, s.CopyID) // the place's name is another
	default:
		i.State = s
		r.items[s.CopyID] = i
	}
}
