package web

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"muontra/kiosk"
	"muontra/web/words"
)

// shelved is the answer to one scan at the shelf.
type shelved struct {
	Good      bool
	Text      string
	Title     string
	Accession string
	Place     string
	Who       string // for whom it is set aside, in place of a Place
	Code      string
}

// mostShelved is how many answers stay on the page.
const mostShelved = 12

// shelfList keeps what each sign-in has shelved, newest first.
type shelfList struct {
	mu  sync.Mutex
	all map[[32]byte][]shelved
}

func newShelfList() *shelfList { return &shelfList{all: map[[32]byte][]shelved{}} }

func (l *shelfList) of(who *signedIn) []shelved {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all[who.key])
}

func (l *shelfList) add(who *signedIn, s shelved) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.all) > maxSignedIn {
		clear(l.all)
	}
	list := append([]shelved{s}, l.all[who.key]...)
	l.all[who.key] = list[:min(len(list), mostShelved)]
}

const shelvePath = "/desk/shelve"

// shelvePage is the box into which labels are scanned while books are put on
// their shelves, and the answers.
func (s *Server) shelvePage(w http.ResponseWriter, r *http.Request) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	return s.showShelve(w, r, http.StatusOK, newForm())
}

func (s *Server) showShelve(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	list := s.shelf.of(callerOf(r).account)
	data := map[string]any{"F": f}
	if len(list) > 0 {
		data["Last"], data["Before"] = list[0], list[1:]
	}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		items, err := v.Waiting()
		n := 0
		for _, p := range items {
			if !p.Registered.IsZero() && p.Shelved.IsZero() {
				n++
			}
		}
		data["Waiting"] = n
		if err != nil {
			return err
		}
		_, lying, err := onTrolley(v)
		data["OnTrolley"] = len(lying)
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		all, err := leftAside(v, today)
		data["Aside"] = len(all)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "shelve.html", data)
	return nil
}

// shelve takes one scan. The answer is big and stays until the next.
func (s *Server) shelve(w http.ResponseWriter, r *http.Request) error {
	if s.Acquisitions == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	who, lang, code := callerOf(r).account, s.lang(r), f.Get("code")
	if code == "" {
		http.Redirect(w, r, shelvePath, http.StatusSeeOther)
		return nil
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Acquisitions.ShelveByScan(r.Context(), a, code)
		if err != nil {
			return "", atField("code", err)
		}
		out := shelved{Good: true, Title: done.Item.Title.Name(), Accession: done.Item.Accession, Place: placeText(done.Place), Code: done.Item.Barcode}
		out.Text = words.T(lang, "shelve.again")
		if len(done.Ticked) > 0 {
			out.Text = words.T(lang, "shelve.ticked")
		}
		if done.Event != 0 {
			out.Text = words.T(lang, "shelve.trolley")
		}
		key := "shelve.done"
		if done.For.ID != "" {
			key = "aside.done"
			if err := s.keptText(r, done, &out); err != nil {
				return "", err
			}
		}
		s.shelf.add(who, out)
		var back func(context.Context, kiosk.Attempt) error
		if ticked := slices.Contains(done.Ticked, kiosk.StepShelve); ticked || done.Event != 0 {
			back = func(ctx context.Context, a kiosk.Attempt) error {
				if done.Event != 0 {
					if err := s.Lending.UndoAll(ctx, a, []int64{done.Event}); err != nil {
						return err
					}
				}
				if !ticked {
					return nil
				}
				_, err := s.Acquisitions.Untick(ctx, a, kiosk.StepShelve, []kiosk.ID{done.Item.ID})
				return err
			}
		}
		s.done(r, shelvePath, back, key, "accession", done.Item.Accession)
		return shelvePath, nil
	}, func(status int) error {
		if why := f.Err("code"); why != "" {
			s.shelf.add(who, shelved{Text: why, Code: kiosk.Escaped(code)})
		}
		return s.showShelve(w, r, status, f)
	})
}

// keptText makes the answer that of a copy which is not shelved: it is kept for
// somebody.
func (s *Server) keptText(r *http.Request, done kiosk.Shelved, out *shelved) error {
	lang := s.lang(r)
	return s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		m, err := holdPatron(v, done.For, today)
		out.Who, out.Place, out.Text = whoText(lang, m), "", words.T(lang, "aside.till", "day", words.Date(done.For.Until))
		if done.For.Until.IsZero() {
			out.Text = words.T(lang, "aside.no_end")
		}
		return err
	})
}
