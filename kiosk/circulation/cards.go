package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// newCard gives a patron a card with the next number.
func (x *intake) newCard(p kiosk.Patron, c kiosk.PatronChange) (kiosk.ID, error) {
	code, err := x.NextBarcode(kiosk.PatronSeries)
	if err != nil {
		return "", fmt.Errorf("card number: %w", err)
	}
	card := kiosk.Card{ID: x.NewID(), PatronID: p.ID, Barcode: code, Status: kiosk.CardActive, IssuedAt: x.now}
	if err := x.PutCard(card); err != nil {
		return "", fmt.Errorf("card: %w", err)
	}
	return card.ID, x.changed(p, c, card.ID)
}

// ReplaceCard gives a patron a new card; those in use so far are expired, a
// lost one stays lost. The first card is made the same way.
func (d *Desk) ReplaceCard(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		if p.Status == kiosk.PatronLeft {
			return done, kiosk.ErrNotNow
		}
		cards, err := x.CardsOf(id)
		if err != nil {
			return done, fmt.Errorf("cards: %w", err)
		}
		change := kiosk.PatronCardMade
		for _, c := range cards {
			change = kiosk.PatronCardNew
			if c.Status != kiosk.CardActive {
				continue
			}
			c.Status = kiosk.CardExpired
			if err := x.PutCard(c); err != nil {
				return done, fmt.Errorf("card: %w", err)
			}
			done.Expired = append(done.Expired, c.ID)
		}
		done.Card, err = x.newCard(p, change)
		return done, err
	})
}

// UndoReplaceCard takes a new card back: its number is used up, and those that
// it expired are in use again.
func (d *Desk) UndoReplaceCard(ctx context.Context, a kiosk.Attempt, did kiosk.PatronDone) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, did.Patron, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		if err := x.turnCard(p, did.Card, kiosk.CardActive, kiosk.CardExpired); err != nil {
			return done, err
		}
		for _, id := range did.Expired {
			if err := x.turnCard(p, id, kiosk.CardExpired, kiosk.CardActive); err != nil {
				return done, err
			}
		}
		return done, x.changed(p, kiosk.PatronCardBack, did.Card)
	})
}

// LoseCard blocks a card at the kiosk.
func (d *Desk) LoseCard(ctx context.Context, a kiosk.Attempt, id, card kiosk.ID) (kiosk.PatronDone, error) {
	return d.turn(ctx, a, id, card, kiosk.CardActive, kiosk.CardLost, kiosk.PatronCardLost)
}

// FindCard takes LoseCard back: the card was found.
func (d *Desk) FindCard(ctx context.Context, a kiosk.Attempt, id, card kiosk.ID) (kiosk.PatronDone, error) {
	return d.turn(ctx, a, id, card, kiosk.CardLost, kiosk.CardActive, kiosk.PatronCardFound)
}

func (d *Desk) turn(ctx context.Context, a kiosk.Attempt, id, card kiosk.ID, from, to kiosk.CardStatus, c kiosk.PatronChange) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		done.Card = card
		if err := x.turnCard(p, card, from, to); err != nil {
			return done, err
		}
		return done, x.changed(p, c, card)
	})
}

// turnCard changes a card's status from one to another: kiosk.ErrNotNow when it
// is not as it should be.
func (x *intake) turnCard(p kiosk.Patron, id kiosk.ID, from, to kiosk.CardStatus) error {
	c, err := x.Card(id)
	if err != nil {
		return fmt.Errorf("card: %w", err)
	}
	if c.PatronID != p.ID || c.Status != from {
		return kiosk.ErrNotNow
	}
	c.Status = to
	if err := x.PutCard(c); err != nil {
		return fmt.Errorf("card: %w", err)
	}
	return nil
}
