package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// phoneDataRoutes are what the phone's page asks for and sends.
func (s *Server) phoneDataRoutes() []route {
	return []route{
		{"GET", "/api/v1/corner", keeper, s.cornerData},
		{"GET", "/api/v1/corner/sign-in", everyone, s.cornerDoor},
		{"POST", "/api/v1/corner/acts", keeper, s.cornerActs},
	}
}

// phoneCorner is one corner as a phone holds it.
type phoneCorner struct {
	Place   kiosk.ID     `json:"place"`
	Name    string       `json:"name"` // of the class, or of the place
	Seq     int64        `json:"seq"`  // of the last event that is in it
	Honesty bool         `json:"honesty"`
	Code    string       `json:"code"`           // of the place, as its paper has it
	Open    string       `json:"open,omitempty"` // when it is open, where it has days of its own
	Pupils  []phonePupil `json:"pupils"`
	Copies  []phoneCopy  `json:"copies"`
}

// phonePupil is a pupil of the own class. Family is the name without the given
// one, which tells two of the same apart.
type phonePupil struct {
	ID     kiosk.ID `json:"id"`
	Given  string   `json:"given"`
	Family string   `json:"family"`
	Card   string   `json:"card,omitempty"`
}

// phoneCopy is a book of the corner. Pupil is who has it, of the own class
// alone; another's name is not the keeper's to know.
type phoneCopy struct {
	ID        kiosk.ID `json:"id"`
	Barcode   string   `json:"barcode"`
	Accession string   `json:"accession"`
	Title     string   `json:"title"`
	Out       bool     `json:"out"`
	Pupil     kiosk.ID `json:"pupil,omitempty"`
	Due       string   `json:"due,omitempty"`
}

// cornerDoor says whether the phone is enrolled and somebody signed in on it.
func (s *Server) cornerDoor(w http.ResponseWriter, r *http.Request) error {
	c := callerOf(r)
	writeJSON(w, http.StatusOK, map[string]bool{"enrolled": c.phone, "signed_in": c.is(kiosk.Collaborator, kiosk.Librarian)})
	return nil
}

// cornerData is all that the page holds: the corners of the caller's classes,
// their pupils and their books.
func (s *Server) cornerData(w http.ResponseWriter, r *http.Request) error {
	me := callerOf(r).account
	now := s.Now().UnixMilli()
	corners := []phoneCorner{}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := v.Corners()
		if err != nil {
			return err
		}
		seq, err := v.LastSeq()
		if err != nil {
			return err
		}
		for _, c := range all {
			if !c.Ended.IsZero() || !keeps(me, c) {
				continue
			}
			one, err := s.phoneCornerOf(v, c)
			if err != nil {
				return err
			}
			one.Seq = seq
			if bounded(c) {
				one.Open = openWords(s.lang(r), c)
			}
			corners = append(corners, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"now": now, "me": map[string]string{"account": string(me.id), "name": me.name}, "corners": corners})
	return nil
}

// keeps reports whether a corner is the account's: the librarian's all are, a
// collaborator's those of the own classes.
func keeps(me *signedIn, c kiosk.Corner) bool {
	return me.role == kiosk.Librarian || me.role == kiosk.Collaborator && me.account.Own(c.Class)
}

// phoneCornerOf is a corner with its class and its books.
func (s *Server) phoneCornerOf(v kiosk.View, c kiosk.Corner) (phoneCorner, error) {
	one := phoneCorner{Place: c.Place, Honesty: c.Honesty, Pupils: []phonePupil{}, Copies: []phoneCopy{}}
	places, err := placesByID(v)
	if err != nil {
		return one, err
	}
	one.Code = places[c.Place].Code
	class, err := classOfCorner(v, c)
	if err != nil {
		return one, err
	}
	if one.Name = class.Name; one.Name == "" {
		one.Name = places[c.Place].Name
	}
	today, err := s.today(v)
	if err != nil {
		return one, err
	}
	var pupils []kiosk.Member
	byRef := map[kiosk.ID]kiosk.ID{}
	err = v.EachMember(today, func(m kiosk.Member) error {
		if class.Name != "" && m.Class == class.Name && m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft {
			pupils = append(pupils, m)
			byRef[m.Ref] = m.ID
		}
		return nil
	})
	if err != nil {
		return one, err
	}
	slices.SortFunc(pupils, func(a, b kiosk.Member) int { return kiosk.ByGivenName(a.Patron, b.Patron, fold.Text) })
	for _, m := range pupils {
		given := m.GivenName()
		one.Pupils = append(one.Pupils, phonePupil{m.ID, given, strings.TrimSpace(strings.TrimSuffix(m.Name, given)), m.Card.Barcode})
	}
	items, err := v.ItemsAt(c.Place)
	if err != nil {
		return one, err
	}
	for _, i := range items {
		if i.State.Status == kiosk.CopyWithdrawn || i.State.Status == kiosk.CopyLost {
			continue
		}
		x := phoneCopy{ID: i.ID, Barcode: i.Barcode, Accession: i.Accession, Title: i.Title.Name()}
		l, err := v.OpenLoan(i.ID)
		switch {
		case err == nil:
			x.Out, x.Pupil, x.Due = true, byRef[l.PatronRef], l.DueOn.String()
			if x.Pupil == "" {
				// A reference of last year leads to the same pupil.
				if m, err := v.MemberByRef(l.PatronRef, today); err == nil && byRef[m.Ref] != "" {
					x.Pupil = m.ID
				} else if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
					return one, err
				}
			}
		case !errors.Is(err, kiosk.ErrNotFound):
			return one, err
		}
		one.Copies = append(one.Copies, x)
	}
	slices.SortStableFunc(one.Copies, func(a, b phoneCopy) int {
		return cmp.Or(cmp.Compare(fold.Text(a.Title), fold.Text(b.Title)), cmp.Compare(a.Accession, b.Accession))
	})
	return one, nil
}

// classOfCorner is the corner's class, zero where it has none.
func classOfCorner(v kiosk.View, c kiosk.Corner) (kiosk.Class, error) {
	if c.Class == "" {
		return kiosk.Class{}, nil
	}
	return v.Class(c.Class)
}

func placeName(v kiosk.View, id kiosk.ID) (string, error) {
	all, err := v.Places()
	for _, p := range all {
		if p.ID == id {
			return p.Name, err
		}
	}
	return "", err
}
