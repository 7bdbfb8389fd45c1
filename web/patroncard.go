package web

import (
	"context"
	"net/http"

	"muontra/kiosk"
)

// replaceCard makes a new card; the picture goes along with it.
func (s *Server) replaceCard(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.onPatron(w, r, f, "patron.card_made", func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		done, err := s.People.ReplaceCard(r.Context(), a, id)
		if err != nil || s.Photos == nil {
			return done, err
		}
		return done, s.followPhoto(r.Context(), id)
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		if _, err := s.People.UndoReplaceCard(ctx, a, done); err != nil || s.Photos == nil {
			return err
		}
		return s.dropCardPhoto(ctx, done.Card)
	})
}

// dropCardPhoto takes away the picture of a card that was never used: the card before
// has it still.
func (s *Server) dropCardPhoto(ctx context.Context, card kiosk.ID) error {
	return s.Ledger.View(ctx, func(v kiosk.View) error {
		c, err := v.Card(card)
		if err != nil {
			return err
		}
		return s.Photos.Remove(c.Barcode)
	})
}

// followPhoto gives the newest card the picture of the one before.
func (s *Server) followPhoto(ctx context.Context, id kiosk.ID) error {
	var cards []kiosk.Card
	err := s.Ledger.View(ctx, func(v kiosk.View) (err error) {
		cards, err = v.CardsOf(id)
		return err
	})
	if err != nil || len(cards) < 2 {
		return err
	}
	for _, old := range cards[1:] {
		if s.Photos.Has(old.Barcode) {
			// The card is made; a picture that cannot be copied can be taken again.
			if err := s.Photos.Follow(old.Barcode, cards[0].Barcode); err != nil {
				s.log.Warn("photo does not follow the new card", "error", err)
			}
			return nil
		}
	}
	return nil
}

// turnCard says that a card was lost, or found.
func (s *Server) turnCard(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	lost := f.Is("what", "lost")
	turn := func(lost bool, ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		if lost {
			return s.People.LoseCard(ctx, a, id, kiosk.ID(r.PathValue("card")))
		}
		return s.People.FindCard(ctx, a, id, kiosk.ID(r.PathValue("card")))
	}
	key := "patron.card_found"
	if lost {
		key = "patron.card_lost"
	}
	return s.onPatron(w, r, f, key, func(a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
		return turn(lost, r.Context(), a, id)
	}, func(ctx context.Context, a kiosk.Attempt, done kiosk.PatronDone) error {
		_, err := turn(!lost, ctx, a, done.Patron)
		return err
	})
}
