package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// HandingOut are the acts on books that go out by the number.
type HandingOut interface {
	HandOut(ctx context.Context, a kiosk.Attempt, to kiosk.Handout, items []kiosk.HandoutItem) (kiosk.Answer, error)
	HandBack(ctx context.Context, a kiosk.Attempt, items []kiosk.HandoutBack) (kiosk.Answer, error)
}

const handoutsPath = "/desk/handouts"

func (s *Server) handoutRoutes() []route {
	if s.Lending == nil || s.Cataloguing == nil {
		return nil
	}
	return []route{
		{"GET", handoutsPath, reader, s.handouts},
		{"GET", handoutsPath + "/new", librarian, named(s.newHandout)},
		{"POST", handoutsPath + "/new", librarian, s.handOut},
		{"GET", handoutsPath + "/back", librarian, named(s.handoutBack)},
		{"POST", handoutsPath + "/back", librarian, s.handBack},
		{"GET", clearancePath, reader, s.clearance},
		{"GET", clearancePath + "/sheets", reader, named(s.clearanceSheets)},
	}
}

// handoutRow is a handout with what it is of and who has it.
type handoutRow struct {
	kiosk.Handout
	Line   kiosk.TextbookLine
	Title  kiosk.Title
	Class  kiosk.Class
	Member kiosk.Member
	Late   bool
}

// To names who has it, in addresses.
func (h handoutRow) To() string {
	if h.ClassID != "" {
		return "class:" + string(h.ClassID)
	}
	return "patron:" + string(h.Member.ID)
}

// Name is the class, or the teacher.
func (h handoutRow) Name() string { return cmp.Or(h.Class.Name, h.Member.Name) }

// handoutRows are the handouts of which some are out or lost, by class, then
// teachers by name, then by title.
func (s *Server) handoutRows(v kiosk.View) ([]handoutRow, error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	all, err := v.Handouts()
	if err != nil {
		return nil, err
	}
	lines, err := v.TextbookLines()
	if err != nil {
		return nil, err
	}
	line, titles, classes := map[kiosk.ID]kiosk.TextbookLine{}, map[kiosk.ID]kiosk.Title{}, map[kiosk.ID]kiosk.Class{}
	for _, l := range lines {
		line[l.ID] = l
	}
	var rows []handoutRow
	for _, h := range all {
		r := handoutRow{Handout: h, Line: line[h.LineID], Late: h.Overdue(today)}
		if _, read := titles[r.Line.TitleID]; !read {
			if titles[r.Line.TitleID], err = v.Title(r.Line.TitleID); err != nil {
				return nil, err
			}
		}
		r.Title = titles[r.Line.TitleID]
		if h.ClassID == "" {
			if r.Member, err = v.MemberByRef(h.PatronRef, today); err != nil && !isNotFound(err) {
				return nil, err
			}
		} else {
			if _, read := classes[h.ClassID]; !read {
				if classes[h.ClassID], err = v.Class(h.ClassID); err != nil {
					return nil, err
				}
			}
			r.Class = classes[h.ClassID]
		}
		rows = append(rows, r)
	}
	outside := func(h handoutRow) int {
		if h.ClassID == "" {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(rows, func(a, b handoutRow) int {
		return cmp.Or(outside(a)-outside(b), cmp.Compare(fold.Order(a.Class.Name), fold.Order(b.Class.Name)),
			cmp.Compare(fold.NameOrder(a.Member.Name), fold.NameOrder(b.Member.Name)), cmp.Compare(fold.Order(a.Title.Title+" "+a.Title.Remainder), fold.Order(b.Title.Title+" "+b.Title.Remainder)))
	})
	return rows, nil
}

func handoutList(mine bool) list[handoutRow] {
	return list[handoutRow]{
		Title: "work.handouts",
		Columns: []column[handoutRow]{
			{Key: "to", Word: "handouts.to", Kind: codeCell, Of: func(h handoutRow) any { return h.Name() }, Link: func(h handoutRow) string {
				if !mine || h.Out() == 0 {
					return ""
				}
				return handoutsPath + "/back?to=" + h.To()
			}},
			{Key: "title", Word: "list.title", Kind: textCell, Of: func(h handoutRow) any { return h.Title.Title }, Note: func(h handoutRow) string { return h.Title.Remainder }},
			{Key: "quantity", Word: "handouts.quantity", Kind: numberCell, Of: func(h handoutRow) any { return h.Quantity }},
			{Key: "back", Word: "handouts.back", Kind: numberCell, Of: func(h handoutRow) any { return h.Back }},
			{Key: "damaged", Word: "handouts.damaged", Kind: numberCell, Of: func(h handoutRow) any { return h.Damaged }},
			{Key: "lost", Word: "handouts.lost", Kind: numberCell, Of: func(h handoutRow) any { return h.Lost }},
			{Key: "out", Word: "handouts.out", Kind: numberCell, Of: func(h handoutRow) any { return h.Out() }},
			{Key: "on", Word: "handouts.on", Kind: dayCell, Of: func(h handoutRow) any { return h.On }},
			{Key: "due", Word: "list.due", Kind: dayCell, Of: func(h handoutRow) any { return h.Due }, Mark: func(h handoutRow) string {
				if h.Late {
					return "out"
				}
				return ""
			}},
			{Key: "note", Word: "handouts.note", Kind: textCell, Of: func(h handoutRow) any { return h.Note }},
		},
		Mute: func(h handoutRow) bool { return h.Out() == 0 },
	}
}

// holder is a class or teacher with how much is out.
type holder struct {
	To, Name string
	Out      int
}

func holdersOf(rows []handoutRow) (all []holder) {
	for _, h := range rows {
		if h.Out() == 0 {
			continue
		}
		if n := len(all); n == 0 || all[n-1].To != h.To() {
			all = append(all, holder{To: h.To(), Name: h.Name()})
		}
		all[len(all)-1].Out += h.Out()
	}
	return all
}

// handouts lists what is handed out, and who has it.
func (s *Server) handouts(w http.ResponseWriter, r *http.Request) error {
	var rows []handoutRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		rows, err = s.handoutRows(v)
		return err
	})
	if err != nil {
		return err
	}
	out, lost := 0, 0
	for _, h := range rows {
		out, lost = out+h.Out(), lost+h.Lost
	}
	mine := callerOf(r).is(kiosk.Librarian)
	return showList(s, w, r, handoutList(mine), rows, "handouts.html", map[string]any{"Holders": holdersOf(rows), "Mine": mine, "Out": out, "Lost": lost})
}

// handoutTo reads whom an address means: a class of this year with how many
// pupils it has, or an adult.
func (s *Server) handoutTo(v kiosk.View, to string) (c kiosk.Class, pupils int, m kiosk.Member, err error) {
	today, err := s.today(v)
	if err != nil {
		return c, 0, m, err
	}
	kind, id, _ := strings.Cut(to, ":")
	switch kind {
	case "class":
		if c, err = v.Class(kiosk.ID(id)); err != nil {
			return c, 0, m, err
		}
		err = v.EachMember(today, func(x kiosk.Member) error {
			if x.Class == c.Name && x.Category == kiosk.Pupil {
				pupils++
			}
			return nil
		})
		return c, pupils, m, err
	case "patron":
		p, err := v.Patron(kiosk.ID(id))
		if err != nil {
			return c, 0, m, err
		}
		m, err = v.MemberByRef(p.Ref, today)
		return c, 0, m, err
	}
	return c, 0, m, kiosk.ErrNotFound
}
