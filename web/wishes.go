package web

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Wishes are the acts on what readers ask the library for.
type Wishes interface {
	AddWish(context.Context, kiosk.Wish) (kiosk.Wish, error)
	TakeBackAnswer(ctx context.Context, a kiosk.Attempt, before kiosk.Wish) (kiosk.Wish, error)
	AnswerWish(ctx context.Context, a kiosk.Attempt, id kiosk.ID, status kiosk.WishStatus, note string, seen func(kiosk.Wish) error) (kiosk.Wish, error)
}

const wishesPath = "/desk/wishes"

// wishRoutes are the suggestion box: two ways in, and the librarian's list.
func (s *Server) wishRoutes() []route {
	if s.Wishes == nil {
		return nil
	}
	return []route{
		{"POST", "/catalogue/wishes", everyone, s.wishAtCatalogue},
		{"POST", "/kiosk/{station}/wishes", ownStation, s.wishAtKiosk},
		{"GET", wishesPath, librarian, s.wishes},
		{"GET", wishesPath + "/{id}", librarian, named(s.wish)},
		{"POST", wishesPath + "/{id}", librarian, named(s.answerWish)},
	}
}

var errWishOften = problem{http.StatusTooManyRequests, "wish_often"}

// wishLimits slow down who writes wishes for fun: each sender, and all together.
type wishLimits struct {
	mu  sync.Mutex
	one map[string]*rate.Limiter
	all *rate.Limiter
}

func newWishLimits() *wishLimits {
	return &wishLimits{one: map[string]*rate.Limiter{}, all: rate.NewLimiter(rate.Every(5*time.Second), 60)}
}

// mostSenders bounds the memory of senders; when it is full, all begin anew.
const mostSenders = 1000

func (l *wishLimits) allow(sender string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.one[sender]
	if one == nil {
		if len(l.one) >= mostSenders {
			clear(l.one)
		}
		one = rate.NewLimiter(rate.Every(30*time.Second), 5)
		l.one[sender] = one
	}
	return one.AllowN(now, 1) && l.all.AllowN(now, 1)
}

// wishAtCatalogue takes a wish from the public catalogue; the form's token makes
// a second click harmless.
func (s *Server) wishAtCatalogue(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	if f.Token == "" || !short(f.Token, 64) {
		return errBadBody
	}
	sum := sha256.Sum256([]byte(f.Values.Encode()))
	to, err := s.once.do("wish"+f.Token, sum, func() (string, error) {
		if !s.wishLimits.allow(addressOf(r), s.Now()) {
			return "", errWishOften
		}
		_, err := s.Wishes.AddWish(r.Context(), kiosk.Wish{Text: f.Get("wish"), Class: f.Get("class"), From: kiosk.WishAtCatalogue})
		return "/catalogue?wished=yes", err
	})
	if err != nil && s.explainWish(s.lang(r), f, err) {
		return s.wishAgain(w, r, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// explainWish puts what is wrong with a wish into its form.
func (s *Server) explainWish(lang words.Lang, f *form, err error) bool {
	switch {
	case errors.Is(err, errWishOften):
		f.Trouble = words.T(lang, "error.wish_often")
		return true
	case errors.Is(err, kiosk.ErrManyWishes):
		f.Trouble = words.T(lang, "wishes.many")
		return true
	}
	var field *kiosk.FieldError
	return errors.As(err, &field) && s.explain(lang, f, err)
}

// wishAgain shows a wish that was not taken, as it was typed.
func (s *Server) wishAgain(w http.ResponseWriter, r *http.Request, f *form) error {
	again := newForm("wish", f.Get("wish"), "class", f.Get("class"))
	again.Trouble, again.Wrong = f.Trouble, f.Wrong
	s.page(w, r, http.StatusUnprocessableEntity, "wishagain.html", map[string]any{"F": again})
	return nil
}

// wishAtKiosk takes a wish from the children's page. With a session it keeps the
// class, and never the child.
func (s *Server) wishAtKiosk(w http.ResponseWriter, r *http.Request) error {
	st, err := s.stationOf(r)
	if err != nil {
		return err
	}
	var body struct {
		Text      string `json:"text"`
		CommandID string `json:"command_id"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if body.CommandID == "" || !short(body.CommandID, 128) {
		return errBadBody
	}
	name := r.PathValue("station")
	wish := kiosk.Wish{Text: fold.NFC(body.Text), From: kiosk.WishAtKiosk}
	if p := st.Screen().Patron; p != nil {
		wish.Class = p.Class
	}
	if s.sandbox(name) { // practice leaves nothing behind
		wish.Status = kiosk.Wished
		if wish.Check() != nil {
			return errBadBody
		}
		writeJSON(w, http.StatusOK, map[string]bool{"wished": true})
		return nil
	}
	_, err = s.once.do("wish"+name+body.CommandID, sha256.Sum256([]byte(wish.Text)), func() (string, error) {
		if !s.wishLimits.allow("station "+name, s.Now()) {
			return "", errWishOften
		}
		_, err := s.Wishes.AddWish(r.Context(), wish)
		return "", err
	})
	var field *kiosk.FieldError
	switch {
	case errors.As(err, &field):
		return errBadBody
	case errors.Is(err, kiosk.ErrManyWishes):
		return errWishOften
	case err != nil:
		return err
	}
	writeJSON(w, http.StatusOK, map[string]bool{"wished": true})
	return nil
}

// wishFor is the form for a book that the catalogue has not; nil where it is not
// offered.
func (s *Server) wishFor(a catalogueAnswer, near, narrow bool) *form {
	if s.Wishes == nil || a.Query == "" || narrow || a.Page > 1 || a.Total > 0 && !near {
		return nil
	}
	return newForm("wish", a.Query)
}

func wishPath(id kiosk.ID) string { return wishesPath + "/" + string(id) }

var wishList = list[kiosk.Wish]{
	Title: "wishes.title", Sort: "date", Down: true,
	Columns: []column[kiosk.Wish]{
		{Key: "wish", Word: "wishes.wish", Kind: textCell, Of: func(w kiosk.Wish) any { return w.Text }, Link: func(w kiosk.Wish) string { return wishPath(w.ID) }},
		{Key: "times", Word: "wishes.times", Kind: numberCell, Of: func(w kiosk.Wish) any { return w.Times }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(w kiosk.Wish) any { return w.Class }},
		{Key: "from", Word: "wishes.from", Kind: textCell, Of: func(w kiosk.Wish) any { return string(w.From) }, Say: func(w kiosk.Wish) string { return "wishes.from." + string(w.From) }},
		{Key: "date", Word: "list.date", Kind: timeCell, Of: func(w kiosk.Wish) any { return w.At }},
		{Key: "status", Word: "wishes.status", Kind: textCell, Of: func(w kiosk.Wish) any { return string(w.Status) }, Say: func(w kiosk.Wish) string { return "wishes.is." + string(w.Status) }, Mark: markOfWish},
		{Key: "note", Word: "wishes.note", Kind: textCell, Of: func(w kiosk.Wish) any { return w.Note }},
	},
	Mute: func(w kiosk.Wish) bool { return w.Status == kiosk.WishHere || w.Status == kiosk.WishNo },
}

func markOfWish(w kiosk.Wish) string {
	switch w.Status {
	case kiosk.Wished:
		return "out"
	case kiosk.WishHere:
		return "free"
	}
	return ""
}

// wishes lists what readers ask for, all or of one status.
func (s *Server) wishes(w http.ResponseWriter, r *http.Request) error {
	status := kiosk.WishStatus(r.URL.Query().Get("status"))
	if !slices.Contains(kiosk.WishStatuses, status) {
		status = ""
	}
	var all []kiosk.Wish
	if err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if all, err = v.Wishes(); err != nil {
			return err
		}
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		for i := range all {
			all[i].At = all[i].At.In(loc)
		}
		return nil
	}); err != nil {
		return err
	}
	filter := ""
	if status != "" {
		all = slices.DeleteFunc(all, func(x kiosk.Wish) bool { return x.Status != status })
		filter = words.T(s.lang(r), "wishes.is."+string(status))
	}
	return showList(s, w, r, wishList, all, "wishes.html", map[string]any{"Status": status, "Statuses": kiosk.WishStatuses, "Filter": filter})
}

func (s *Server) wishOf(r *http.Request) (x kiosk.Wish, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		x, err = v.Wish(kiosk.ID(r.PathValue("id")))
		return err
	})
	return x, err
}

func formOfWish(x kiosk.Wish) *form { return newForm("status", string(x.Status), "note", x.Note) }

// wish is one wish, to decide on.
func (s *Server) wish(w http.ResponseWriter, r *http.Request) error {
	x, err := s.wishOf(r)
	if err != nil {
		return err
	}
	return s.showWish(w, r, http.StatusOK, formOfWish(x).stamp(), x)
}

func (s *Server) showWish(w http.ResponseWriter, r *http.Request, status int, f *form, x kiosk.Wish) error {
	s.deskPage(w, r, status, "wish.html", map[string]any{
		"F": f, "W": x, "Statuses": kiosk.WishStatuses, "Search": "/desk/search?" + url.Values{"q": {x.Text}}.Encode(),
	})
	return nil
}

func (s *Server) answerWish(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	x, err := s.wishOf(r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		before, err := s.Wishes.AnswerWish(r.Context(), a, x.ID, kiosk.WishStatus(f.Get("status")), f.Get("note"), func(now kiosk.Wish) error {
			return f.stale(formOfWish(now))
		})
		if err != nil {
			return "", err
		}
		s.done(r, wishesPath, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Wishes.TakeBackAnswer(ctx, a, before)
			return err
		}, "wishes.saved", "wish", x.Text)
		return wishesPath, nil
	}, func(status int) error { return s.showWish(w, r, status, f, x) })
}
