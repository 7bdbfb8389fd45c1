package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// FirstAccount makes the first librarian's account, and tells that she made it
// herself. It returns kiosk.ErrSetUp when there is an account already.
func (d *Desk) FirstAccount(ctx context.Context, acc kiosk.Account) (kiosk.Account, error) {
	var event kiosk.Event
	err := d.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		all, err := tx.Accounts()
		if err != nil {
			return fmt.Errorf("accounts: %w", err)
		}
		if len(all) > 0 {
			return kiosk.ErrSetUp
		}
		x := &intake{deed: &deed{Tx: tx, now: d.Now().UTC()}}
		acc.ID, acc.Role, acc.CreatedAt = x.NewID(), kiosk.Librarian, x.now
		x.Attempt = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: acc.ID}
		if err := x.begin(); err != nil {
			return err
		}
		if err := x.PutAccount(acc); err != nil {
			return fmt.Errorf("account: %w", err)
		}
		if err := x.tellAccount(acc.ID, kiosk.AccountAdded); err != nil {
			return err
		}
		event = x.events[0]
		return nil
	})
	if err == nil && d.Publish != nil {
		d.Publish(event)
	}
	return acc, err
}

// AddAccount makes an account; another's name is kiosk.ErrConflict.
func (d *Desk) AddAccount(ctx context.Context, a kiosk.Attempt, acc kiosk.Account) (kiosk.ID, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		acc.ID, acc.CreatedAt = x.NewID(), x.now
		fit(&acc)
		if err := x.PutAccount(acc); err != nil {
			return "", fmt.Errorf("account: %w", err)
		}
		return acc.ID, x.tellAccount(acc.ID, kiosk.AccountAdded)
	})
}

// ChangeAccount does one change to an account and ends the sign-ins that the
// change makes void; keep is the hash of one that stays. The last librarian who
// can sign in stays one: kiosk.ErrLastLibrarian.
func (d *Desk) ChangeAccount(ctx context.Context, a kiosk.Attempt, id kiosk.ID, u kiosk.AccountUpdate, keep string) (kiosk.ID, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		acc, err := x.Account(id)
		if err != nil {
			return "", fmt.Errorf("account: %w", err)
		}
		was := acc
		out := true // whoever is signed in must sign in again
		switch u.Change {
		case kiosk.AccountRole:
			acc.Role = u.Role
			out = acc.Role != was.Role
		case kiosk.AccountClasses:
			acc.Classes, acc.PatronID = u.Classes, u.PatronID
			out = false
		case kiosk.AccountDisabled, kiosk.AccountEnabled:
			acc.Disabled = u.Change == kiosk.AccountDisabled
		case kiosk.AccountReset, kiosk.AccountPassword:
			acc.PasswordHash, acc.MustChange = u.Hash, u.Change == kiosk.AccountReset
		case kiosk.AccountPIN:
			acc.PINHash = u.Hash
			out = false
		case kiosk.AccountSignedOut:
		default:
			return "", fmt.Errorf("account change %q is none", u.Change)
		}
		fit(&acc)
		if err := x.keepLibrarian(was, acc); err != nil {
			return "", err
		}
		if err := x.PutAccount(acc); err != nil {
			return "", fmt.Errorf("account: %w", err)
		}
		if out {
			if err := x.signOut(id, keep); err != nil {
				return "", err
			}
		}
		return id, x.tellAccount(id, u.Change)
	})
}

// fit takes from an account what its role has no use for.
func fit(a *kiosk.Account) {
	if a.Role != kiosk.Collaborator {
		a.Classes = nil
	}
	if !a.Role.TakesPIN() {
		a.PINHash = ""
	}
}

// keepLibrarian refuses a change after which no librarian could sign in.
func (x *intake) keepLibrarian(was, becomes kiosk.Account) error {
	if was.Role != kiosk.Librarian || was.Disabled || becomes.Role == kiosk.Librarian && !becomes.Disabled {
		return nil
	}
	all, err := x.Accounts()
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	for _, o := range all {
		if o.ID != was.ID && o.Role == kiosk.Librarian && !o.Disabled {
			return nil
		}
	}
	return kiosk.ErrLastLibrarian
}

// signOut ends the account's sign-ins but the one that is kept.
func (x *intake) signOut(id kiosk.ID, keep string) error {
	all, err := x.SignIns()
	if err != nil {
		return fmt.Errorf("sign-ins: %w", err)
	}
	for _, s := range all {
		if s.AccountID == id && s.Hash != keep {
			if err := x.EndSignIn(s.Hash); err != nil {
				return fmt.Errorf("end sign-in: %w", err)
			}
		}
	}
	return nil
}

// EnrolBrowser lets helpers and collaborators sign in with a PIN at a browser.
func (d *Desk) EnrolBrowser(ctx context.Context, a kiosk.Attempt, b kiosk.Browser) (kiosk.ID, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		b.ID, b.EnrolledAt, b.EnrolledBy = x.NewID(), x.now, a.Staff
		if err := x.PutBrowser(b); err != nil {
			return "", fmt.Errorf("browser: %w", err)
		}
		return b.ID, x.tellAccount(a.Staff, kiosk.BrowserEnrolled)
	})
}

// RemoveBrowser ends that. kiosk.ErrNotFound for a browser that is none.
func (d *Desk) RemoveBrowser(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.ID, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		all, err := x.Browsers()
		if err != nil {
			return "", fmt.Errorf("browsers: %w", err)
		}
		for _, b := range all {
			if b.ID != id {
				continue
			}
			b.Removed = true
			if err := x.PutBrowser(b); err != nil {
				return "", fmt.Errorf("browser: %w", err)
			}
			return id, x.tellAccount(a.Staff, kiosk.BrowserRemoved)
		}
		return "", fmt.Errorf("browser %s: %w", id, kiosk.ErrNotFound)
	})
}

// Guessed raises the alarm that somebody guesses at an account's password.
func (d *Desk) Guessed(ctx context.Context, account kiosk.ID, times int) error {
	_, err := d.act(ctx, kiosk.Attempt{Station: kiosk.DefaultStation}, func(x *deed) error {
		x.event.Type = kiosk.EventAccount
		x.event.Payload.Account, x.event.Payload.Change = account, kiosk.AccountGuessed
		x.event.Payload.Times = times
		return nil
	})
	return err
}

// AnswerCall tells that the desk has seen to the call or alarm of event seq. A
// second answer changes nothing.
func (d *Desk) AnswerCall(ctx context.Context, a kiosk.Attempt, seq int64) (kiosk.ID, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		e, err := x.Event(seq)
		if err != nil {
			return "", fmt.Errorf("event %d: %w", seq, err)
		}
		if !e.Calls() {
			return "", fmt.Errorf("event %d calls nobody: %w", seq, kiosk.ErrNotFound)
		}
		for after := seq; ; {
			list, err := x.Events(after, 500)
			if err != nil {
				return "", fmt.Errorf("events: %w", err)
			}
			if len(list) == 0 {
				break
			}
			for _, o := range list {
				if o.Type == kiosk.EventAnswered && o.Payload.Answers == seq {
					return o.ID, nil
				}
				after = o.Seq
			}
		}
		answer := x.event
		answer.Type, answer.PatronRef = kiosk.EventAnswered, e.PatronRef
		answer.Payload.Answers = seq
		if err := x.Append(&answer); err != nil {
			return "", fmt.Errorf("append: %w", err)
		}
		x.events = append(x.events, answer)
		return answer.ID, nil
	})
}

func (x *intake) tellAccount(id kiosk.ID, c kiosk.AccountChange) error {
	e := x.event
	e.Type = kiosk.EventAccount
	e.Payload = kiosk.Payload{Account: id, Change: c}
	if err := x.Append(&e); err != nil {
		return errors.Join(fmt.Errorf("append %s", e.Type), err)
	}
	x.events = append(x.events, e)
	return nil
}
