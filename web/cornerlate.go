package web

import (
	"net/http"

	"muontra/kiosk"
)

// What is overdue in a corner is its keeper's to ask for: the list is made for
// the caller's own corners, and the librarian's are all. The library's lists
// leave these loans out and count them in a line.
const cornerLatePath = "/corner/late"

func (s *Server) cornerLateRoutes() []route {
	return []route{{"GET", cornerLatePath, keeper, s.cornerLate}}
}

// lateInCorner is an overdue loan of a corner.
type lateInCorner struct {
	kiosk.LoanItem
	Corner string
	Member kiosk.Member // zero when the person was forgotten
	Late   int          // days
}

var cornerLateList = list[lateInCorner]{
	Title: "work.corner_late", Sort: "corner",
	Columns: []column[lateInCorner]{
		{Key: "corner", Word: "corner.late_corner", Kind: codeCell, Of: func(l lateInCorner) any { return l.Corner }},
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(l lateInCorner) any { return l.Member.Name }, Note: func(l lateInCorner) string { return l.Member.Class }},
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(l lateInCorner) any { return l.Item.Title.Name() }},
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(l lateInCorner) any { return l.Item.Accession }},
		{Key: "due", Word: "list.due", Kind: dayCell, Of: func(l lateInCorner) any { return l.DueOn }, Mark: func(lateInCorner) string { return "out" }},
		{Key: "late", Word: "loans.late", Kind: numberCell, Of: func(l lateInCorner) any { return l.Late }},
	},
}

// lateRows are the overdue loans of the corners that keeps says yes to. Of a
// pupil of another class the keeper learns that the book is out, not who has it.
func (s *Server) lateRows(v kiosk.View, me *signedIn) (rows []lateInCorner, err error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	corners, err := v.Corners()
	if err != nil {
		return nil, err
	}
	for _, c := range corners {
		if !keeps(me, c) {
			continue
		}
		class, err := classOfCorner(v, c)
		if err != nil {
			return nil, err
		}
		name, err := placeName(v, c.Place)
		if err != nil {
			return nil, err
		}
		open, err := v.OpenCornerLoans(c.Place)
		if err != nil {
			return nil, err
		}
		for _, l := range open {
			if !l.Overdue(today) {
				continue
			}
			row := lateInCorner{LoanItem: l, Corner: name, Late: today.Sub(l.DueOn)}
			m, err := v.MemberByRef(l.PatronRef, today)
			if err != nil && !isNotFound(err) {
				return nil, err
			}
			if me.role == kiosk.Librarian || class.Name != "" && m.Class == class.Name {
				row.Member = m
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// cornerLate is the keeper's list, for the screen, paper and a workbook.
func (s *Server) cornerLate(w http.ResponseWriter, r *http.Request) error {
	if s.Corners == nil {
		return errNotFound
	}
	var rows []lateInCorner
	if err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) { rows, err = s.lateRows(v, callerOf(r).account); return err }); err != nil {
		return err
	}
	return showList(s, w, r, cornerLateList, rows, "cornerlate.html", nil)
}

// lateInCorners counts what is overdue in all corners.
func lateInCorners(v kiosk.View, today kiosk.Day) (n int, err error) {
	open, err := v.OpenCornerLoans("")
	for _, l := range open {
		if l.Overdue(today) {
			n++
		}
	}
	return n, err
}
