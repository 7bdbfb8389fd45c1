package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"muontra/kiosk"
	"muontra/web/words"
)

// ImportUndoing takes a list back that was read in.
type ImportUndoing interface {
	UndoImport(ctx context.Context, a kiosk.Attempt, in kiosk.Imported, void string, progress func(done, total int)) (kiosk.ImportUndone, error)
}

// mostKept is how much of what stays is named on the page of a list.
const mostKept = 100

// keptRow is something that was not taken back.
type keptRow struct {
	Name, Link, Why string
}

// undoable reports whether the list is written and nothing of it taken back. The
// caller holds mu.
func (p *plan) undoable() bool { return p.applied && (p.undone == nil || p.undone.Len() == 0) }

// undoPlan takes a list back that was written, once. What was used since stays.
func (s *Server) undoPlan(w http.ResponseWriter, r *http.Request) error {
	x, ok := s.plans.find(r)
	if !ok || s.Cataloguing == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to, lang := planPath(x.id), s.lang(r)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		return s.tasks.start(r, "lists.undoing", func(ctx context.Context, progress func(done, total int)) (taskEnd, error) {
			x.writing.Lock()
			defer x.writing.Unlock()
			x.mu.Lock()
			wrote, undoable := x.plan.Wrote(), x.undoable()
			x.mu.Unlock()
			if !undoable {
				return taskEnd{Link: to}, nil
			}
			done, err := s.Cataloguing.UndoImport(ctx, a, wrote, words.T(lang, "lists.void", "file", x.file), progress)
			if err != nil {
				return taskEnd{}, err
			}
			x.mu.Lock()
			x.undone = &done
			x.mu.Unlock()
			return taskEnd{Link: to}, nil
		})
	}, s.refused(w, r, f, to))
}

// undoneText says what was taken back, of what there was anything, and how much stays.
func undoneText(lang words.Lang, u kiosk.ImportUndone) string {
	var parts []string
	for _, p := range []struct {
		key string
		n   int
	}{{"patrons", u.Patrons}, {"titles", u.Titles}, {"copies", u.Copies}, {"loans", u.Loans}} {
		if p.n > 0 {
			parts = append(parts, words.T(lang, "lists.undone."+p.key, "n", p.n))
		}
	}
	text := words.T(lang, "lists.undone_none")
	if len(parts) > 0 {
		text = words.T(lang, "lists.undone", "what", strings.Join(parts, ", "))
	}
	if len(u.Kept) > 0 {
		text += " " + words.T(lang, "lists.undone_kept", "n", len(u.Kept))
	}
	return text
}

// keptOf names what was not taken back, with the reason.
func keptOf(v kiosk.View, lang words.Lang, u kiosk.ImportUndone) (all []keptRow, err error) {
	for _, k := range u.Kept[:min(len(u.Kept), mostKept)] {
		row := keptRow{Why: words.T(lang, "lists.kept."+string(k.Why))}
		switch k.Kind {
		case kiosk.ImportPatron:
			var p kiosk.Patron
			p, err = v.Patron(k.ID)
			row.Name, row.Link = p.Name, "/desk/patrons/"+string(k.ID)
		case kiosk.ImportTitle:
			var t kiosk.Title
			t, err = v.Title(k.ID)
			row.Name, row.Link = t.Name(), "/desk/titles/"+string(k.ID)
		case kiosk.ImportCopy:
			row, err = keptCopy(v, row, k.ID)
		case kiosk.ImportLoan:
			var l kiosk.Loan
			if l, err = v.Loan(k.ID); err == nil {
				row, err = keptCopy(v, row, l.CopyID)
			}
		}
		if errors.Is(err, kiosk.ErrNotFound) {
			continue // gone since
		}
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

func keptCopy(v kiosk.View, row keptRow, id kiosk.ID) (keptRow, error) {
	i, err := v.Item(id)
	row.Name, row.Link = i.Accession+" "+i.Title.Name(), "/desk/copies/"+string(id)
	return row, err
}
