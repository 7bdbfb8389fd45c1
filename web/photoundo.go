package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
)

// photoTaken is a picture that somebody's card was given.
type photoTaken struct {
	patron kiosk.ID
	PhotoChange
}

// photosTaken are the pictures of one act, in the order in which they were saved. Two
// may be of one person.
type photosTaken []photoTaken

func (all photosTaken) changes() []PhotoChange {
	list := make([]PhotoChange, len(all))
	for i, p := range all {
		list[i] = p.PhotoChange
	}
	return list
}

// takePhoto saves a picture and writes down whose was changed. When that cannot be
// written down, none of the act is kept.
func (s *Server) takePhoto(ctx context.Context, a kiosk.Attempt, all *photosTaken, id kiosk.ID, card string, jpeg []byte) error {
	c, err := s.Photos.Save(card, jpeg)
	if err == nil {
		a.CommandID += "-" + strconv.Itoa(len(*all))
		*all = append(*all, photoTaken{id, c})
		_, err = s.People.TellPatron(ctx, a, id, kiosk.PatronPhoto)
	}
	if err != nil {
		return errors.Join(err, s.Photos.PutBack(all.changes()...))
	}
	return nil
}

// photosDone remembers an act that gave pictures. Those before are kept no longer than
// it can be taken back.
func (s *Server) photosDone(r *http.Request, all photosTaken, last *said) {
	if len(all) > 0 {
		last.back = func(ctx context.Context, a kiosk.Attempt) error { return s.photosBack(ctx, a, all) }
		last.gone = func() { s.Photos.Drop(all.changes()...) }
	}
	s.memory.put(callerOf(r).account, last)
}

// photosBack brings back the pictures before. Whoever was forgotten since has none any
// more; a card that was replaced since has given its picture to the new one.
func (s *Server) photosBack(ctx context.Context, a kiosk.Attempt, all photosTaken) error {
	var here photosTaken
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		for _, p := range all {
			cards, err := v.CardsOf(p.patron)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(cards, func(c kiosk.Card) bool { return c.Barcode == p.Card }) {
				continue
			}
			known, err := v.Patron(p.patron)
			if err != nil {
				return err
			}
			m, err := v.MemberByRef(known.Ref, today)
			if err != nil {
				return err
			}
			if m.Card.Barcode != p.Card {
				return kiosk.ErrNotUndoable
			}
			here = append(here, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(here) == 0 {
		return kiosk.ErrNotUndoable
	}
	if err := s.Photos.PutBack(here.changes()...); err != nil {
		return err
	}
	for i, p := range here {
		one := a
		one.CommandID += "-" + strconv.Itoa(i)
		if _, err := s.People.TellPatron(ctx, one, p.patron, kiosk.PatronPhoto); err != nil {
			return err
		}
	}
	return nil
}
