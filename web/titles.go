package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/web/words"
)

// Cataloguing are the acts on titles and copies.
type Cataloguing interface {
	AddTitle(context.Context, kiosk.Attempt, kiosk.Title) (kiosk.Title, kiosk.Answer, error)
	EditTitle(context.Context, kiosk.Attempt, kiosk.Title, func(kiosk.Title) error) (kiosk.Answer, error)
	MergeTitles(ctx context.Context, a kiosk.Attempt, keep, gone kiosk.ID, merged kiosk.Title) (kiosk.Answer, error)
	EditCopy(context.Context, kiosk.Attempt, kiosk.ID, kiosk.CopyRecord, func(kiosk.Item) error) (kiosk.Answer, error)
	MissPieces(ctx context.Context, a kiosk.Attempt, id kiosk.ID, line string) (kiosk.Answer, error)
	MoveBarcode(ctx context.Context, a kiosk.Attempt, to kiosk.ID, code string, swap, take bool) (kiosk.Answer, error)
	SetKeeping
	TextbookKeeping
	ImportUndoing
	SerialKeeping
	Change(context.Context, kiosk.Attempt, kiosk.ID, kiosk.CopyChange) (kiosk.Answer, error)
	TakeBack(ctx context.Context, a kiosk.Attempt, seq int64) (kiosk.Answer, error)
}

// titleRoutes are the catalogue as the librarian works on it.
func (s *Server) titleRoutes() []route {
	if s.Cataloguing == nil {
		return nil
	}
	return []route{
		{"GET", "/desk/search", signedInAny, s.deskSearch},
		{"GET", "/desk/titles", librarian, s.titles},
		{"GET", "/desk/titles/new", librarian, s.newTitle},
		{"POST", "/desk/titles/new", librarian, s.addTitle},
		{"GET", "/desk/titles/alike", librarian, s.alike},
		{"GET", "/desk/titles/duplicates", librarian, s.duplicates},
		{"GET", "/desk/titles/{id}", librarian, named(s.title)},
		{"GET", "/desk/titles/{id}/edit", librarian, named(s.editTitle)},
		{"POST", "/desk/titles/{id}/edit", librarian, named(s.changeTitle)},
		{"GET", "/desk/titles/{id}/merge", librarian, named(s.mergePage)},
		{"POST", "/desk/titles/{id}/merge", librarian, named(s.merge)},
		{"POST", "/desk/titles/{id}/take-back", librarian, named(s.takeBackTitle)},
		{"GET", "/desk/copies", librarian, s.copies},
		{"GET", "/desk/copies/{id}", librarian, named(s.copyPage)},
		{"GET", "/desk/copies/{id}/edit", librarian, named(s.editCopy)},
		{"POST", "/desk/copies/{id}/edit", librarian, named(s.changeCopy)},
		{"POST", "/desk/copies/{id}/do", librarian, named(s.doCopy)},
		{"GET", "/desk/copies/{id}/barcode", librarian, named(s.barcodePage)},
		{"POST", "/desk/copies/{id}/barcode", librarian, named(s.moveBarcode)},
		{"POST", "/desk/copies/{id}/take-back", librarian, named(s.takeBackCopy)},
	}
}

func titlePath(id kiosk.ID) string { return "/desk/titles/" + string(id) }
func copyPath(id kiosk.ID) string  { return "/desk/copies/" + string(id) }

// titleCard is a title with all that its page and a merge show of it.
type titleCard struct {
	kiosk.Title
	Level  labels.Level
	Copies []kiosk.Item
	Out    map[kiosk.ID]kiosk.Day // due days of the copies that are lent
	Holds  int
	Kept   map[kiosk.ID]bool // copies that wait for somebody who holds the title
	Lines  int
}

func (s *Server) titleCard(v kiosk.View, id kiosk.ID) (c titleCard, err error) {
	if c.Title, err = v.Title(id); err != nil {
		return c, err
	}
	levels, err := s.levels(v)
	if err != nil {
		return c, err
	}
	c.Level = levelOf(levels, c.Title.Level)
	if c.Copies, err = v.ItemsOfTitle(id); err != nil {
		return c, err
	}
	c.Out = map[kiosk.ID]kiosk.Day{}
	for _, i := range c.Copies {
		l, err := openLoanOf(v, i.ID)
		if err != nil {
			return c, err
		}
		if l != nil {
			c.Out[i.ID] = l.DueOn
		}
	}
	holds, err := v.HoldsOf(id)
	if err != nil {
		return c, err
	}
	c.Kept = map[kiosk.ID]bool{}
	for _, h := range holds {
		c.Kept[h.CopyID] = true
	}
	lines, err := v.ReceiptLinesOf(id)
	c.Holds, c.Lines = len(holds), len(lines)
	return c, err
}

// Status is what a copy is doing, a loan included.
func (c titleCard) Status(i kiosk.Item) string {
	if _, out := c.Out[i.ID]; out {
		return "on_loan"
	}
	if c.Kept[i.ID] && i.State.Status == kiosk.CopyAvailable {
		return "reserved"
	}
	return string(i.State.Status)
}

// title is one title with its copies and its history.
func (s *Server) title(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	var c titleCard
	var alike []kiosk.Title
	var past []pastEvent
	var survivor kiosk.Title
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if c, err = s.titleCard(v, id); err != nil {
			return err
		}
		if c.MergedInto != "" {
			if survivor, err = v.Title(c.MergedInto); err != nil {
				return err
			}
		} else if alike, err = v.Alike(c.Title); err != nil {
			return err
		}
		es, err := v.EventsOfTitle(id, mostPast)
		if err != nil {
			return err
		}
		past, err = s.past(v, s.lang(r), es)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "title.html", map[string]any{"C": c, "Alike": alike, "Past": past, "Survivor": survivor, "Lends": s.Lending != nil})
	return nil
}

const (
	mostPast       = 100 // events of a history
	mostDuplicates = 200 // groups
)

// pastEvent is an event of a record's history, as a page shows it.
type pastEvent struct {
	kiosk.Event
	Key     string // of the word for what happened
	Clock   string
	Day     kiosk.Day
	Who     string // the account's name, "" for a patron's own act
	Why     string // of a refusal, all that was told
	Changed []change
	Undo    bool // may be taken back: the newest change, not taken back yet
}

// change is one field before and after.
type change struct {
	Key, Before, After string
}

// past makes a history of events, the newest first.
func (s *Server) past(v kiosk.View, l words.Lang, es []kiosk.Event) ([]pastEvent, error) {
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return nil, err
	}
	accounts, err := v.Accounts()
	if err != nil {
		return nil, err
	}
	var all []pastEvent
	undone := map[int64]bool{}
	first := true
	for _, e := range es {
		if e.Payload.Reverses != 0 {
			undone[e.Payload.Reverses] = true
		}
		p := pastEvent{Event: e, Key: "past." + string(e.Type), Clock: e.OccurredAt.In(loc).Format("15:04"), Day: kiosk.DayOf(e.OccurredAt, loc)}
		if i := slices.IndexFunc(accounts, func(a kiosk.Account) bool { return a.ID == e.StaffRef }); i >= 0 {
			p.Who = accounts[i].Name
		}
		if e.Type == kiosk.EventRefused {
			p.Why = refusalText(l, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.Refused, Reason: e.Payload.Reason, Refusals: e.Payload.Refusals})
		}
		if x := e.Payload.Edited; x != nil {
			for _, t := range x.Titles {
				p.Changed = append(p.Changed, titleChanges(l, t)...)
			}
			for _, c := range x.Copies {
				if c.After.ID == e.CopyID {
					p.Changed = append(p.Changed, copyChanges(c)...)
				}
			}
		}
		switch e.Type {
		case kiosk.EventTitleChanged, kiosk.EventTitlesMerged, kiosk.EventCopyChanged, kiosk.EventSetChanged:
			x := e.Payload.Edited
			newTitle := x != nil && len(x.Titles) == 1 && x.Titles[0].Before.ID == ""
			newSet := x != nil && len(x.Sets) > 0 && x.Sets[0].Before.ID == ""
			p.Undo = first && e.Payload.Reverses == 0 && !undone[e.Seq] && !newTitle && !newSet
			if newTitle {
				p.Key = "past.title_added"
			}
		}
		// What stands behind an act that was taken back may be taken back itself.
		if e.Payload.Reverses == 0 && !undone[e.Seq] {
			first = false
		}
		all = append(all, p)
	}
	return all, nil
}

// openLoanOf is a copy's open loan, nil when it is in.
func openLoanOf(v kiosk.View, id kiosk.ID) (*kiosk.Loan, error) {
	l, err := v.OpenLoan(id)
	switch {
	case err == nil:
		return &l, nil
	case isNotFound(err):
		return nil, nil
	}
	return nil, err
}

// takeBackTitle and takeBackCopy take back a change that the history shows.
func (s *Server) takeBackTitle(w http.ResponseWriter, r *http.Request) error {
	return s.takeBack(w, r, titlePath(kiosk.ID(r.PathValue("id"))))
}

func (s *Server) takeBackCopy(w http.ResponseWriter, r *http.Request) error {
	return s.takeBack(w, r, copyPath(kiosk.ID(r.PathValue("id"))))
}

func (s *Server) takeBack(w http.ResponseWriter, r *http.Request, to string) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		seq, err := strconv.ParseInt(f.Get("event"), 10, 64)
		if err != nil {
			return "", kiosk.ErrNotUndoable
		}
		if _, err := s.Cataloguing.TakeBack(r.Context(), a, seq); err != nil {
			return "", err
		}
		s.done(r, to, nil, "undo.done")
		return to, nil
	}, s.refused(w, r, f, to))
}

// undoOf is the way back of an act, for its banner.
func (s *Server) undoOf(seq int64) func(context.Context, kiosk.Attempt) error {
	return func(ctx context.Context, a kiosk.Attempt) error {
		_, err := s.Cataloguing.TakeBack(ctx, a, seq)
		return err
	}
}
