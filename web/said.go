package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"sync"

	"muontra/kiosk"
	"muontra/web/words"
)

// said is what the desk tells somebody about the last thing they did, on the
// page where they did it, with the way back.
type said struct {
	page  string // the path where it is shown
	key   string // of its words
	pairs []any
	bad   bool
	back  func(context.Context, kiosk.Attempt) error // nil when it cannot be taken back
	id    string
	after string // the page that is shown once it was taken back, "" for page: what was made has no page any more
	gone  func() // lets go of what back needs, once nobody can take it back; nil when that is nothing
}

// memory keeps, for each sign-in, the last act that can be taken back, and what
// is to be said once. It is lost with the sign-in.
type memory struct {
	mu    sync.Mutex
	acts  map[[32]byte]*said
	flash map[[32]byte]*said
}

func newMemory() *memory {
	return &memory{acts: map[[32]byte]*said{}, flash: map[[32]byte]*said{}}
}

func (m *memory) put(who *signedIn, s *said) {
	s.id = rand.Text()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.acts)+len(m.flash) > maxSignedIn {
		for _, old := range m.acts {
			old.end()
		}
		clear(m.acts)
		clear(m.flash)
	}
	if s.back == nil {
		m.flash[who.key] = s
		return
	}
	m.acts[who.key].end()
	m.acts[who.key] = s
	delete(m.flash, who.key)
}

// undone forgets an act that was taken back.
func (m *memory) undone(who *signedIn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.acts[who.key].end()
	delete(m.acts, who.key)
}

// end is for an act that can be taken back no more.
func (s *said) end() {
	if s != nil && s.gone != nil {
		s.gone()
	}
}

func (m *memory) last(who *signedIn) *said {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.acts[who.key]
}

// show is what a page says: what is to be said once, or else the last act that
// was done there.
func (m *memory) show(who *signedIn, page string) *said {
	if who == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.flash[who.key]; f != nil && f.page == page {
		delete(m.flash, who.key)
		return f
	}
	if a := m.acts[who.key]; a != nil && a.page == page {
		return a
	}
	return nil
}

// done remembers an act that succeeded; back takes it back, or is nil.
func (s *Server) done(r *http.Request, page string, back func(context.Context, kiosk.Attempt) error, key string, pairs ...any) {
	s.memory.put(callerOf(r).account, &said{page: page, key: key, pairs: pairs, back: back})
}

// made is done for an act whose page is that of what it made: once that was taken
// back, after is shown.
func (s *Server) made(r *http.Request, page, after string, back func(context.Context, kiosk.Attempt) error, key string, pairs ...any) {
	s.memory.put(callerOf(r).account, &said{page: page, after: after, key: key, pairs: pairs, back: back})
}

// banner is a said as a page shows it.
type banner struct {
	Text string
	Bad  bool
	Undo string // what the undo button sends, "" for none
	Page string
}

// deskPage is page with what the desk's pages share: where one is, the last
// act, and a token for forms that are a button only.
func (s *Server) deskPage(w http.ResponseWriter, r *http.Request, status int, name string, data map[string]any) {
	if data == nil {
		data = map[string]any{}
	}
	// A page with a form that was refused speaks of that; what was done before is offered again by the next.
	if last := s.memory.show(callerOf(r).account, r.URL.Path); last != nil && status != http.StatusUnprocessableEntity {
		b := banner{Text: words.T(s.lang(r), last.key, last.pairs...), Bad: last.bad, Page: last.page}
		if last.back != nil {
			b.Undo = last.id
		}
		data["Said"] = b
	}
	data["Once"] = rand.Text()
	data["Finds"] = s.Cataloguing != nil
	data["Keys"] = s.Counter != nil && callerOf(r).is(kiosk.Librarian)
	data["Acquires"], data["Prints"] = s.Acquisitions != nil, s.Printing != nil
	data["Help"] = s.help(s.lang(r), callerOf(r), r.URL.Path)
	data["NavGroups"], data["NavPages"] = s.menu(callerOf(r), r.URL.Path)
	s.page(w, r, status, name, data)
}

// undo takes back the last act, while it is the last.
func (s *Server) undo(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	who := callerOf(r).account
	last := s.memory.last(who)
	if last == nil { // taken back already, by the first of two clicks
		http.Redirect(w, r, nextPath(f.Get("page")), http.StatusSeeOther)
		return nil
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if last.id != f.Get("undo") {
			s.memory.put(who, &said{page: last.page, key: "undo.stale", bad: true})
			return last.page, nil
		}
		err := last.back(r.Context(), a)
		if err == nil {
			s.memory.undone(who)
			to := cmp.Or(last.after, last.page)
			s.memory.put(who, &said{page: to, key: "undo.done"})
			return to, nil
		}
		text, known := explained(s.lang(r), err)
		if !known {
			return "", err
		}
		s.memory.put(who, &said{page: last.page, key: "undo.refused", pairs: []any{"why", text}, bad: true})
		return last.page, nil
	}, func(int) error { return errBadBody })
}

// refused tells on its page why an act that is a button was not done. A form in which
// something is typed comes back instead.
func (s *Server) refused(w http.ResponseWriter, r *http.Request, f *form, page string) func(int) error {
	return func(int) error {
		path, _, _ := strings.Cut(page, "?")
		why := f.Trouble
		if len(f.Wrong) > 0 {
			why = f.sentences()
		}
		s.memory.put(callerOf(r).account, &said{page: path, key: "form.refused", pairs: []any{"why", why}, bad: true})
		http.Redirect(w, r, page, http.StatusSeeOther)
		return nil
	}
}
