package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// CornerKeeping are the librarian's acts on corners, their boxes and rotations.
// What collaborators do in a corner is on pages of their own.
type CornerKeeping interface {
	Interlending
	SetCorner(ctx context.Context, a kiosk.Attempt, place kiosk.ID, change func(kiosk.Corner) (kiosk.Corner, error)) (kiosk.Corner, error)
	EndCorner(ctx context.Context, a kiosk.Attempt, place kiosk.ID, why string, ended bool) (kiosk.Corner, error)
	SetCornerTerms(ctx context.Context, a kiosk.Attempt, change func([]kiosk.CornerTerms) ([]kiosk.CornerTerms, error)) error
	AddOwnBooks(ctx context.Context, a kiosk.Attempt, o kiosk.OwnBooks) (kiosk.OwnBooks, error)
	GiveBackOwnBooks(ctx context.Context, a kiosk.Attempt, place, id kiosk.ID, back bool) (kiosk.OwnBooks, error)
	ReadInCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner, patron kiosk.ID, r kiosk.Reading) (kiosk.CornerDone, error)
	RemoveReading(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.CornerDone, error)
	BeginHandover(ctx context.Context, a kiosk.Attempt, place kiosk.ID, until kiosk.Day) (kiosk.Deposit, error)
	ScanIntoBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID, code string) (kiosk.BoxScan, error)
	TakeOutOfBox(ctx context.Context, a kiosk.Attempt, deposit, copyID kiosk.ID) (kiosk.BoxScan, error)
	FillBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID, copies []kiosk.ID) (int, error)
	HandOver(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error)
	ReopenHandover(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error)
	ConfirmHandover(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error)
	UndoBoxStep(ctx context.Context, a kiosk.Attempt, was, is kiosk.Deposit) (kiosk.Deposit, error)
	CountBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error)
	ScanCount(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID, code string) (kiosk.BoxScan, error)
	ScanBack(ctx context.Context, a kiosk.Attempt, code string, condition kiosk.Condition) (kiosk.BoxScan, error)
	UndoScanBack(ctx context.Context, a kiosk.Attempt, copyID kiosk.ID) error
	SettleFind(ctx context.Context, a kiosk.Attempt, id kiosk.ID, how kiosk.FindDone) (kiosk.Find, error)
	SettleMissing(ctx context.Context, a kiosk.Attempt, deposit, copyID kiosk.ID, lost bool) (kiosk.BoxScan, error)
	UndoSettleFind(ctx context.Context, a kiosk.Attempt, is kiosk.Find) error
	UndoSettleMissing(ctx context.Context, a kiosk.Attempt, copyID kiosk.ID) error
	LoseBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error)
	FindBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error)
	PrepareRotation(ctx context.Context, a kiosk.Attempt, r kiosk.Rotation) (kiosk.Rotation, error)
	MoveBox(ctx context.Context, a kiosk.Attempt, rotation, from kiosk.ID) (kiosk.Rotation, error)
	MoveBoxBack(ctx context.Context, a kiosk.Attempt, rotation, from kiosk.ID) (kiosk.Rotation, error)
	ReopenRotation(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Rotation, error)
	CloseRotation(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Rotation, error)
}

const (
	cornersPath   = "/desk/corners"
	rotationsPath = "/desk/rotations"
)

func deskCornerPath(place kiosk.ID) string { return cornersPath + "/" + string(place) }

func (s *Server) cornerRoutes() []route {
	if s.Corners == nil {
		return nil
	}
	return []route{
		{"GET", cornersPath, reader, s.cornersPage},
		{"GET", cornersPath + "/new", librarian, s.newCorner},
		{"POST", cornersPath + "/new", librarian, s.addCorner},
		{"GET", cornersPath + "/terms", librarian, s.cornerTerms},
		{"POST", cornersPath + "/terms", librarian, s.setCornerTerms},
		{"GET", cornersPath + "/back", librarian, s.cornerBack},
		{"POST", cornersPath + "/back", librarian, s.scanCornerBack},
		{"GET", cornersPath + "/register", reader, s.cornerRegister},
		{"GET", cornersPath + "/books", reader, s.cornerBooks},
		{"GET", cornersPath + "/wear", reader, s.cornerWear},
		{"GET", cornersPath + "/{id}", reader, named(s.boxPage)},
		{"GET", cornersPath + "/{id}/edit", librarian, named(s.editCorner)},
		{"POST", cornersPath + "/{id}/edit", librarian, named(s.changeCorner)},
		{"POST", cornersPath + "/{id}/scan", librarian, named(s.scanAtCorner)},
		{"POST", cornersPath + "/{id}/do", librarian, named(s.doAtCorner)},
		{"GET", cornersPath + "/{id}/pick", librarian, named(s.pickForCorner)},
		{"POST", cornersPath + "/{id}/pick", librarian, named(s.fillCorner)},
		{"GET", cornersPath + "/{id}/sheet", librarian, named(s.handoverSheet)},
		{"GET", cornersPath + "/{id}/board", reader, named(s.cornerBoard)},
		{"GET", rotationsPath, reader, s.rotationsPage},
		{"GET", rotationsPath + "/new", librarian, s.newRotation},
		{"POST", rotationsPath + "/new", librarian, s.addRotation},
		{"GET", rotationsPath + "/{id}", librarian, named(s.rotationPage)},
		{"POST", rotationsPath + "/{id}", librarian, named(s.doRotation)},
	}
}

// cornerRow is a corner as the list shows it: where its box is, and what waits.
type cornerRow struct {
	kiosk.Corner
	At     kiosk.Place
	Class  string
	Keeper kiosk.Member
	Boxes  []kiosk.Deposit // that stand there
	Copies int
	OnLoan int
	Late   int
	Wait   int // finds, missing books and boxes that somebody has to see to
	Own    int
}

// Box is where the corner's box is, in one word.
func (c cornerRow) Box() string {
	switch {
	case !c.Ended.IsZero() && len(c.Boxes) > 0:
		return "call_back"
	case !c.Ended.IsZero():
		return "closed"
	case len(c.Boxes) == 0:
		return "none"
	}
	return string(c.Boxes[0].State())
}

// Until is the day on which the first of its boxes is to come back.
func (c cornerRow) Until() (d kiosk.Day) {
	for _, b := range c.Boxes {
		if d.IsZero() || b.Until.Before(d) {
			d = b.Until
		}
	}
	return d
}

// Names are the boxes by the names that they keep on their way.
func (c cornerRow) Names() string {
	var all string
	for _, b := range slices.Backward(c.Boxes) {
		if all != "" {
			all += ", "
		}
		all += b.Box
	}
	return all
}

func (s *Server) cornerRow(v kiosk.View, c kiosk.Corner, places map[kiosk.ID]kiosk.Place, today kiosk.Day) (cornerRow, error) {
	row := cornerRow{Corner: c, At: places[c.Place]}
	if c.Class != "" {
		class, err := v.Class(c.Class)
		if err != nil {
			return row, err
		}
		row.Class = class.Name
	}
	var err error
	if c.Keeper != "" {
		if row.Keeper, err = v.MemberByRef(c.Keeper, today); err != nil && !isNotFound(err) {
			return row, err
		}
	}
	all, err := v.Deposits(c.Place)
	if err != nil {
		return row, err
	}
	for _, d := range all {
		if !d.Ended.IsZero() {
			continue
		}
		row.Boxes = append(row.Boxes, d)
		cs, err := v.DepositCopies(d.ID)
		if err != nil {
			return row, err
		}
		for _, x := range cs {
			if x.End == kiosk.InBox {
				row.Copies++
				if !x.Astray.IsZero() {
					row.Wait++
				}
			}
		}
		finds, err := v.Finds(d.ID)
		if err != nil {
			return row, err
		}
		for _, f := range finds {
			if f.Settled == kiosk.FindOpen {
				row.Wait++
			}
		}
		if d.State() == kiosk.DepositLost || d.Until.Before(today) {
			row.Wait++
		}
	}
	open, err := v.OpenCornerLoans(c.Place)
	if err != nil {
		return row, err
	}
	row.OnLoan = len(open)
	for _, l := range open {
		if l.Overdue(today) {
			row.Late++
		}
	}
	own, err := v.OwnBooks(c.Place)
	for _, o := range own {
		if o.GivenBack.IsZero() {
			row.Own += o.Quantity
		}
	}
	return row, err
}

// cornerRows are all corners, by code.
func (s *Server) cornerRows(v kiosk.View) ([]cornerRow, error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	places, err := placesByID(v)
	if err != nil {
		return nil, err
	}
	all, err := v.Corners()
	if err != nil {
		return nil, err
	}
	var rows []cornerRow
	for _, c := range all {
		row, err := s.cornerRow(v, c, places, today)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func placesByID(v kiosk.View) (map[kiosk.ID]kiosk.Place, error) {
	all, err := v.Places()
	by := map[kiosk.ID]kiosk.Place{}
	for _, p := range all {
		by[p.ID] = p
	}
	return by, err
}

var cornerList = list[cornerRow]{
	Title: "work.corners", Sort: "code",
	Columns: []column[cornerRow]{
		{Key: "code", Word: "places.code", Kind: codeCell, Of: func(c cornerRow) any { return c.At.Code }, Link: func(c cornerRow) string { return deskCornerPath(c.Place) }, Note: func(c cornerRow) string { return c.At.Name }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(c cornerRow) any { return c.Class }},
		{Key: "keeper", Word: "corner.keeper", Kind: nameCell, Of: func(c cornerRow) any { return c.Keeper.Name }},
		{Key: "box", Word: "corner.box", Kind: textCell, Of: func(c cornerRow) any { return c.Box() }, Say: func(c cornerRow) string { return "corner.state." + c.Box() }, Mark: func(c cornerRow) string {
			if c.Box() == string(kiosk.DepositConfirmed) {
				return "free"
			}
			return "out"
		}, Note: func(c cornerRow) string { return c.Names() }},
		{Key: "copies", Word: "corner.copies", Kind: numberCell, Of: func(c cornerRow) any { return c.Copies }},
		{Key: "on_loan", Word: "corner.on_loan", Kind: numberCell, Of: func(c cornerRow) any { return c.OnLoan }},
		{Key: "late", Word: "corner.late", Kind: numberCell, Of: func(c cornerRow) any { return c.Late }},
		{Key: "until", Word: "corner.until", Kind: dayCell, Of: func(c cornerRow) any { return c.Until() }},
		{Key: "wait", Word: "corner.wait", Kind: numberCell, Of: func(c cornerRow) any { return c.Wait }, Mark: func(c cornerRow) string {
			if c.Wait > 0 {
				return "out"
			}
			return ""
		}},
	},
	Mute: func(c cornerRow) bool { return !c.Ended.IsZero() },
}

// cornersPage lists the corners: it is the map of where every box is.
func (s *Server) cornersPage(w http.ResponseWriter, r *http.Request) error {
	var rows []cornerRow
	if err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) { rows, err = s.cornerRows(v); return err }); err != nil {
		return err
	}
	return showList(s, w, r, cornerList, rows, "corners.html", map[string]any{"Mine": callerOf(r).is(kiosk.Librarian), "Rows": rows})
}

// boxHand is the librarian who is signed in at the browser that scans, who may
// fill a corner's box there without a card; "" for anybody else.
func boxHand(r *http.Request) kiosk.ID {
	if c := callerOf(r); c.is(kiosk.Librarian) {
		return c.account.id
	}
	return ""
}

// cornerOfCode is the corner whose box bears the code; false for no corner's.
func cornerOfCode(v kiosk.View, code string) (kiosk.Corner, bool, error) {
	code, err := kiosk.NormalizeCode(code)
	if err != nil {
		return kiosk.Corner{}, false, nil
	}
	places, err := v.Places()
	if err != nil {
		return kiosk.Corner{}, false, err
	}
	n := slices.IndexFunc(places, func(p kiosk.Place) bool {
		return p.Barcode == code && code != "" || fold.Text(p.Code) == fold.Text(code)
	})
	if n < 0 {
		return kiosk.Corner{}, false, nil
	}
	c, err := v.Corner(places[n].ID)
	if isNotFound(err) {
		return kiosk.Corner{}, false, nil
	}
	return c, err == nil, err
}

// cornerScanned is the page of the corner whose box was scanned at the counter;
// "" for any other code.
func (s *Server) cornerScanned(r *http.Request, code string) (to string, err error) {
	if s.Corners == nil || !strings.ContainsFunc(code, unicode.IsDigit) {
		return "", nil // a name
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		c, ok, err := cornerOfCode(v, code)
		if ok {
			to = deskCornerPath(c.Place)
		}
		return err
	})
	return to, err
}

// explainedCorner is what an act on a corner refused, in words; "" for nothing
// of corners.
func explainedCorner(l words.Lang, err error) string {
	var begun *kiosk.RotationBegunError
	var moved *kiosk.BoxMovedError
	switch {
	case errors.As(err, &begun):
		return words.T(l, "rotation.begun", "name", begun.Name)
	case errors.As(err, &moved):
		return words.T(l, "rotation.moved_already")
	}
	for of, key := range map[error]string{
		kiosk.ErrClassHasCorner: "corner.class_has_one", kiosk.ErrCornerEnded: "corner.is_closed", kiosk.ErrBoxOver: "corner.box_over", kiosk.ErrBoxEmpty: "corner.box_empty",
		kiosk.ErrRotationOver: "rotation.over", errScanBox: "corner.scan_box_first",
	} {
		if errors.Is(err, of) {
			return words.T(l, key)
		}
	}
	return ""
}

// cornerChoices are what the form of a corner chooses from.
type cornerChoices struct{ Places, Classes, Keepers, Pupils []choice }

// say are the words of what the form holds.
func (x cornerChoices) say(field, value string) string {
	all := map[string][]choice{"class": x.Classes, "keeper": x.Keepers, "monitor": x.Pupils}[field]
	if all == nil {
		return value
	}
	var said []string
	for v := range strings.SplitSeq(value, ", ") {
		said = append(said, textOf(all, v))
	}
	return strings.Join(said, ", ")
}

func (s *Server) cornerChoices(v kiosk.View, lang words.Lang, c kiosk.Corner) (x cornerChoices, err error) {
	places, err := v.Places()
	if err != nil {
		return x, err
	}
	for _, p := range places {
		_, err := v.Corner(p.ID)
		if err != nil && !isNotFound(err) {
			return x, err
		}
		if !p.Closed && isNotFound(err) && slices.Contains(kiosk.CornerKinds, p.Kind) {
			x.Places = append(x.Places, choice{string(p.ID), p.Code + " · " + p.Name})
		}
	}
	classes, err := s.classesNow(v)
	if err != nil {
		return x, err
	}
	slices.SortStableFunc(classes, byClass)
	x.Classes = []choice{{"", words.T(lang, "corner.no_class")}}
	of := ""
	for _, k := range classes {
		x.Classes = append(x.Classes, choice{string(k.ID), k.Name})
		if k.ID == c.Class {
			of = k.Name
		}
	}
	today, err := s.today(v)
	if err != nil {
		return x, err
	}
	var staff, pupils []kiosk.Member
	err = v.EachMember(today, func(m kiosk.Member) error {
		switch {
		case m.Status != kiosk.PatronActive:
		case m.Category == kiosk.Pupil && m.Class == of && of != "":
			pupils = append(pupils, m)
		case m.Category == kiosk.Teacher || m.Category == kiosk.Staff || m.Category == kiosk.Manager:
			staff = append(staff, m)
		}
		return nil
	})
	x.Keepers = append([]choice{{"", words.T(lang, "corner.no_keeper")}}, memberChoices(staff)...)
	x.Pupils = memberChoices(pupils)
	return x, err
}

func memberChoices(all []kiosk.Member) (cs []choice) {
	slices.SortStableFunc(all, func(a, b kiosk.Member) int { return kiosk.ByGivenName(a.Patron, b.Patron, fold.Order) })
	for _, m := range all {
		cs = append(cs, choice{string(m.Ref), m.Name})
	}
	return cs
}
