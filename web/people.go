package web

import (
	"context"
	"crypto/sha256"

	"muontra/kiosk"
)

// People are the acts on patrons and school years.
type People interface {
	AddPatron(ctx context.Context, a kiosk.Attempt, p kiosk.Patron, class kiosk.ID, card, twin bool) (kiosk.PatronDone, error)
	UndoAddPatron(ctx context.Context, a kiosk.Attempt, did kiosk.PatronDone) (kiosk.PatronDone, error)
	ChangePatron(ctx context.Context, a kiosk.Attempt, p kiosk.Patron, seen func(kiosk.Patron) error) (kiosk.PatronDone, error)
	SetPatronStatus(ctx context.Context, a kiosk.Attempt, id kiosk.ID, s kiosk.PatronStatus, reason string) (kiosk.PatronDone, error)
	SetEntitled(ctx context.Context, a kiosk.Attempt, id kiosk.ID, entitled bool) (kiosk.PatronDone, error)
	MovePatron(ctx context.Context, a kiosk.Attempt, id, class kiosk.ID) (kiosk.PatronDone, error)
	WithdrawEnrolment(ctx context.Context, a kiosk.Attempt, id, enrolment kiosk.ID) (kiosk.PatronDone, error)
	NotePatron(ctx context.Context, a kiosk.Attempt, id kiosk.ID, text string) (kiosk.PatronDone, error)
	SetNoteRemoved(ctx context.Context, a kiosk.Attempt, id, note kiosk.ID, removed bool) (kiosk.PatronDone, error)
	TellPatron(ctx context.Context, a kiosk.Attempt, id kiosk.ID, c kiosk.PatronChange) (kiosk.PatronDone, error)
	ForgetPatron(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error)

	ReplaceCard(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error)
	UndoReplaceCard(ctx context.Context, a kiosk.Attempt, did kiosk.PatronDone) (kiosk.PatronDone, error)
	LoseCard(ctx context.Context, a kiosk.Attempt, id, card kiosk.ID) (kiosk.PatronDone, error)
	FindCard(ctx context.Context, a kiosk.Attempt, id, card kiosk.ID) (kiosk.PatronDone, error)

	Return(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	Renew(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	Undo(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, seq int64) (kiosk.Answer, error)

	Retention(ctx context.Context) (kiosk.Retention, error)
	SetRetention(ctx context.Context, a kiosk.Attempt, months int) error
	Retain(ctx context.Context) (kiosk.Retention, error)

	TryPromotion(ctx context.Context, o kiosk.PromotionOrder) (kiosk.PromotionPlan, error)
	Promote(ctx context.Context, a kiosk.Attempt, o kiosk.PromotionOrder, list func(kiosk.Tx) error) (kiosk.ID, error)
	Unpromote(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PromotionUndone, error)
}

// Photos keeps the pictures of patrons, by card number.
type Photos interface {
	Has(card string) bool
	// Save puts a picture in the place of the one before, which is kept aside.
	Save(card string, jpeg []byte) (PhotoChange, error)
	// PutBack brings back the pictures before: all, or none with
	// [kiosk.ErrNotUndoable] when one is not as its change left it.
	PutBack(...PhotoChange) error
	// Drop lets go of the pictures before.
	Drop(...PhotoChange)
	// Follow gives the new card the picture of the old one, if it has one.
	Follow(old, fresh string) error
	// Remove takes away the pictures of cards, those kept aside too.
	Remove(cards ...string) error
}

// PhotoChange is a picture that was saved, and what was there before it.
type PhotoChange struct {
	Card   string
	Before string            // what the picture before is kept as, "" when there was none
	After  [sha256.Size]byte // of the picture that was saved
}

// peopleRoutes are the class lists and the pages of one patron.
func (s *Server) peopleRoutes() []route {
	return []route{
		{"GET", "/desk/classes", librarian, named(s.classesPage)},
		{"GET", "/desk/classes/{id}", librarian, named(s.classPage)},
		{"POST", "/desk/classes/{id}/photos", librarian, named(s.classPhotos)},
		{"POST", "/desk/patrons", librarian, s.addPatron},
		{"GET", "/desk/patrons/new", librarian, s.newPatron},
		{"GET", "/desk/patrons/{id}", librarian, named(s.patronPage)},
		{"POST", "/desk/patrons/{id}", librarian, named(s.changePatron)},
		{"GET", "/desk/patrons/{id}/edit", librarian, named(s.editPatron)},
		{"POST", "/desk/patrons/{id}/status", librarian, named(s.patronStatus)},
		{"POST", "/desk/patrons/{id}/entitled", librarian, named(s.patronEntitled)},
		{"POST", "/desk/patrons/{id}/move", librarian, named(s.movePatron)},
		{"POST", "/desk/patrons/{id}/notes", librarian, named(s.notePatron)},
		{"POST", "/desk/patrons/{id}/notes/{note}/remove", librarian, named(s.unnotePatron)},
		{"POST", "/desk/patrons/{id}/card", librarian, named(s.replaceCard)},
		{"POST", "/desk/patrons/{id}/cards/{card}", librarian, named(s.turnCard)},
		{"POST", "/desk/patrons/{id}/loans/{copy}", librarian, named(s.patronLoan)},
		{"GET", "/desk/patrons/{id}/photo", librarian, named(s.patronPhoto)},
		{"POST", "/desk/patrons/{id}/photo", librarian, named(s.putPhoto)},
		{"GET", "/desk/patrons/{id}/data", librarian, named(s.patronData)},
		{"POST", "/desk/patrons/{id}/data", librarian, named(s.handOutData)},
		{"GET", "/desk/patrons/{id}/data.json", librarian, named(s.patronJSON)},
		{"GET", "/desk/patrons/{id}/forget", librarian, named(s.forgetPage)},
		{"POST", "/desk/patrons/{id}/forget", librarian, named(s.forgetPatron)},
		{"GET", "/desk/privacy", librarian, s.privacyPage},
		{"POST", "/desk/privacy", librarian, s.setPrivacy},
		{"POST", "/desk/privacy/run", librarian, s.runPrivacy},
	}
}
