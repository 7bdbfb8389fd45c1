package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/kiosk/register"
	"muontra/web/words"
)

// Proposing are the acts on proposals of what to buy.
type Proposing interface {
	PutProposal(context.Context, kiosk.Attempt, kiosk.Proposal, func(kiosk.Proposal) error) (kiosk.Proposal, error)
	RemoveProposal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, remove bool) error
	AddUnmetSearches(context.Context, map[string]int) error
}

const proposalsPath = "/desk/proposals"

// proposalRoutes are the purchase proposals: what readers ask for, look for in vain,
// lack or wait for, and what was lost, put on a list with numbers and prices.
func (s *Server) proposalRoutes() []route {
	if s.Yearly == nil {
		return nil
	}
	return []route{
		{"GET", proposalsPath, librarian, s.proposals},
		{"GET", proposalsPath + "/new", librarian, s.newProposal},
		{"POST", proposalsPath, librarian, s.addProposal},
		{"GET", proposalsPath + "/{id}", librarian, named(s.proposal)},
		{"POST", proposalsPath + "/{id}", librarian, named(s.changeProposal)},
	}
}

// proposalSeen is a proposal with its sum.
type proposalSeen struct {
	kiosk.Proposal
	Copies, Unpriced int
	Money            int64
}

var proposalList = list[proposalSeen]{
	Title: "work.proposals",
	Columns: []column[proposalSeen]{
		{Key: "name", Word: "list.called", Kind: textCell, Of: func(p proposalSeen) any { return p.Name }},
		{Key: "made", Word: "list.made", Kind: dayCell, Of: func(p proposalSeen) any { return p.Day }},
		{Key: "copies", Word: "list.copies", Kind: numberCell, Of: func(p proposalSeen) any { return p.Copies }},
		{Key: "sum", Word: "list.sum", Kind: moneyCell, Of: func(p proposalSeen) any { return p.Money }},
		{Key: "unpriced", Word: "list.unpriced", Kind: numberCell, Of: func(p proposalSeen) any { return p.Unpriced }},
	},
}

func (s *Server) proposals(w http.ResponseWriter, r *http.Request) error {
	var all []proposalSeen
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		list, err := v.Proposals()
		for _, p := range list {
			x := proposalSeen{Proposal: p}
			x.Copies, x.Money, x.Unpriced = p.Sum()
			all = append(all, x)
		}
		return err
	})
	if err != nil {
		return err
	}
	return showOwn(s, w, r, http.StatusOK, proposalList, all, "proposals.html", map[string]any{})
}

// The bounds of what a new proposal offers, by reason, and its empty rows.
const (
	mostOffered = 25
	emptyRows   = 5
)

// offered are the lines that a new proposal begins with. A number stands beside what
// the textbook survey counted; all else waits for one.
func (s *Server) offered(v kiosk.View) ([]kiosk.ProposalLine, error) {
	var all []kiosk.ProposalLine
	wishes, err := v.Wishes()
	if err != nil {
		return nil, err
	}
	asked := map[string]bool{}
	slices.SortStableFunc(wishes, func(a, b kiosk.Wish) int { return cmp.Compare(b.Times, a.Times) })
	for _, x := range wishes {
		if x.Status == kiosk.Wished && len(asked) < mostOffered {
			asked[fold.Text(x.Text)] = true
			all = append(all, kiosk.ProposalLine{Text: x.Text, Kind: kiosk.Children, Why: kiosk.WhyWish, Asked: x.Times})
		}
	}
	searches, err := v.UnmetSearches()
	if err != nil {
		return nil, err
	}
	searches = slices.DeleteFunc(searches, func(u kiosk.UnmetSearch) bool { return asked[fold.Text(u.Text)] })
	for _, u := range searches[:min(len(searches), mostOffered)] {
		all = append(all, kiosk.ProposalLine{Text: u.Text, Kind: kiosk.Children, Why: kiosk.WhySearch, Asked: u.Times})
	}
	lacking, err := register.Lacking(v, s.Now())
	if err != nil {
		return nil, err
	}
	for _, x := range lacking[:min(len(lacking), kiosk.MaxProposalText/2)] {
		all = append(all, kiosk.ProposalLine{Text: x.Title.Name(), Kind: kiosk.Textbook, Quantity: x.Copies, Price: x.Price, Why: kiosk.WhyLacking, Asked: x.Copies})
	}
	short, err := waitingAndLost(v)
	return append(all, short...), err
}

// waitingAndLost are the titles for which more wait than there are copies, and those
// of which copies were lost.
func waitingAndLost(v kiosk.View) ([]kiosk.ProposalLine, error) {
	holds, err := v.OpenHolds()
	if err != nil {
		return nil, err
	}
	waiting := map[kiosk.ID]int{}
	for _, h := range holds {
		waiting[h.TitleID]++
	}
	type stand struct {
		kind       kiosk.Kind
		price      int64
		here, lost int
	}
	of := map[kiosk.ID]*stand{}
	if err := v.EachOfStock(func(c kiosk.Copy) error {
		x := of[c.TitleID]
		if x == nil {
			x = &stand{kind: c.Kind}
			of[c.TitleID] = x
		}
		x.price = cmp.Or(x.price, c.Price)
		switch c.State.Status {
		case kiosk.CopyLost:
			x.lost++
		case kiosk.CopyWithdrawn:
		default:
			x.here++
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var wait, lost []kiosk.ProposalLine
	for id, x := range of {
		if waiting[id] <= x.here && x.lost == 0 {
			continue
		}
		title, err := v.Title(id)
		if err != nil {
			return nil, err
		}
		line := kiosk.ProposalLine{Text: title.Name(), Kind: x.kind, Price: cmp.Or(x.price, title.Price)}
		if n := waiting[id]; n > x.here {
			line.Why, line.Asked = kiosk.WhyWaiting, n
			wait = append(wait, line)
		} else if x.lost > 0 {
			line.Why, line.Asked = kiosk.WhyLost, x.lost
			lost = append(lost, line)
		}
	}
	most := func(all []kiosk.ProposalLine) []kiosk.ProposalLine {
		slices.SortFunc(all, func(a, b kiosk.ProposalLine) int {
			return cmp.Or(cmp.Compare(b.Asked, a.Asked), cmp.Compare(fold.Order(a.Text), fold.Order(b.Text)), cmp.Compare(a.Text, b.Text))
		})
		return all[:min(len(all), mostOffered)]
	}
	return append(most(wait), most(lost)...), nil
}

// formOfProposal has a row for each line.
func formOfProposal(p kiosk.Proposal) *form {
	f := newForm("name", p.Name, "day", "", "funding", p.Funding, "note", p.Note, "rows", strconv.Itoa(len(p.Lines)))
	if !p.Day.IsZero() {
		f.Values.Set("day", p.Day.String())
	}
	for i, l := range p.Lines {
		n := strconv.Itoa(i)
		f.Values.Set("text_"+n, l.Text)
		f.Values.Set("kind_"+n, string(l.Kind))
		f.Values.Set("why_"+n, string(l.Why))
		f.Values.Set("asked_"+n, numberOrNone(l.Asked))
		f.Values.Set("quantity_"+n, numberOrNone(l.Quantity))
		f.Values.Set("price_"+n, numberOrNone(int(l.Price)))
	}
	return f
}

// withEmptyRows adds rows to type into.
func (f *form) withEmptyRows() *form {
	rows, _ := strconv.Atoi(f.Get("rows"))
	for i := rows; i < rows+emptyRows; i++ {
		f.Values.Set("kind_"+strconv.Itoa(i), string(kiosk.Children))
		f.Values.Set("why_"+strconv.Itoa(i), string(kiosk.WhyOther))
	}
	f.Values.Set("rows", strconv.Itoa(rows+emptyRows))
	return f
}

func (s *Server) newProposal(w http.ResponseWriter, r *http.Request) error {
	s.keepUnmet(r.Context(), s.unmet.all())
	var p kiosk.Proposal
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, today, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		p.Day, p.Name = today, words.T(s.lang(r), "proposal.usual_name", "year", rules.Year.Name, "day", words.Date(today))
		p.Lines, err = s.offered(v)
		return err
	})
	if err != nil {
		return err
	}
	return s.showProposal(w, r, http.StatusOK, formOfProposal(p).withEmptyRows(), "")
}

// proposalRow is a row of the form, by its number.
type proposalRow struct{ N, Why, Text string }

func (s *Server) showProposal(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	rows, _ := strconv.Atoi(f.Get("rows"))
	var all []proposalRow
	for i := range min(max(rows, 0), kiosk.MostProposed) {
		n := strconv.Itoa(i)
		all = append(all, proposalRow{n, f.Get("why_" + n), f.Get("text_" + n)})
	}
	lang := s.lang(r)
	s.deskPage(w, r, status, "proposal.html", map[string]any{"F": f, "ID": id, "Rows": all, "Kinds": choices(lang, "kind.", kiosk.Kinds)})
	return nil
}

// proposalOf reads the form: a row counts when it has a text and a number.
func proposalOf(f *form) kiosk.Proposal {
	p := kiosk.Proposal{Name: f.text("name", 1, kiosk.MaxText), Day: f.day("day", true), Funding: f.text("funding", 0, kiosk.MaxText), Note: f.lines("note", 0, kiosk.MaxNoteText)}
	rows, _ := strconv.Atoi(f.Get("rows"))
	for i := range min(max(rows, 0), kiosk.MostProposed) {
		n := strconv.Itoa(i)
		if f.Get("quantity_"+n) == "" {
			continue
		}
		l := kiosk.ProposalLine{
			Text: f.text("text_"+n, 1, kiosk.MaxProposalText), Kind: oneOf(f, "kind_"+n, kiosk.Kinds), Why: oneOf(f, "why_"+n, kiosk.ProposalWhys),
			Quantity: f.count("quantity_"+n, -1, 1, kiosk.MostOfProposal), Price: f.money("price_" + n), Asked: f.count("asked_"+n, 0, 0, kiosk.MaxRegister),
		}
		if l.Price > kiosk.MaxProposalPrice {
			f.fault("price_"+n, kiosk.FieldOutOfRange, kiosk.Facts{"min": 0, "max": words.Money(kiosk.MaxProposalPrice)})
		}
		p.Lines = append(p.Lines, l)
	}
	if len(p.Lines) == 0 {
		f.Wrong["rows"] = "no_lines"
	}
	return p
}

func (s *Server) addProposal(w http.ResponseWriter, r *http.Request) error {
	return s.putProposal(w, r, "")
}

func (s *Server) changeProposal(w http.ResponseWriter, r *http.Request) error {
	return s.putProposal(w, r, kiosk.ID(r.PathValue("id")))
}

func (s *Server) putProposal(w http.ResponseWriter, r *http.Request, id kiosk.ID) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	if f.Is("what", "remove") && id != "" {
		return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
			if err := s.Yearly.RemoveProposal(r.Context(), a, id, true); err != nil {
				return "", err
			}
			s.done(r, proposalsPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Yearly.RemoveProposal(ctx, a, id, false) }, "proposal.removed")
			return proposalsPath, nil
		}, s.refused(w, r, f, proposalsPath))
	}
	p := proposalOf(f)
	p.ID = id
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was *kiosk.Proposal
		done, err := s.Yearly.PutProposal(r.Context(), a, p, func(now kiosk.Proposal) error {
			was = &now
			return f.stale(formOfProposal(now))
		})
		if err != nil {
			return "", err
		}
		n, money, _ := done.Sum()
		s.done(r, proposalsPath, func(ctx context.Context, a kiosk.Attempt) error {
			if was != nil {
				_, err := s.Yearly.PutProposal(ctx, a, *was, nil)
				return err
			}
			return s.Yearly.RemoveProposal(ctx, a, done.ID, true)
		}, "proposal.saved", "n", n, "money", words.Money(money))
		return proposalsPath, nil
	}, func(status int) error { return s.showProposal(w, r, status, f, id) })
}

func (s *Server) proposal(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	var p kiosk.Proposal
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		p, err = v.Proposal(id)
		return err
	})
	if err != nil {
		return err
	}
	if p.Removed {
		return errNotFound
	}
	return s.showProposal(w, r, http.StatusOK, formOfProposal(p).stamp().withEmptyRows(), id)
}
