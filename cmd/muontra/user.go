package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/store"
	"muontra/web/password"
)

var accountName = regexp.MustCompile(`^[a-z0-9._-]{1,32}$`)

// userCommand makes a staff account, user add NAME --role R --password-stdin,
// or gives a forgotten one a one-time password, user reset NAME.
func userCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("user")
	data := f.String("data", "", "the data folder")
	role := f.String("role", string(kiosk.Librarian), "librarian, management, collaborator or helper")
	stdin := f.Bool("password-stdin", false, "read the password from standard input")
	words, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	if len(words) != 2 || words[0] != "add" && words[0] != "reset" {
		return e.usage(sentence("user_use"))
	}
	name := strings.ToLower(words[1])
	if words[0] == "reset" {
		return e.resetUser(ctx, *data, name)
	}
	switch {
	case !accountName.MatchString(name):
		return e.usage(sentence("user_name", words[1]))
	case !slices.Contains(kiosk.Roles, kiosk.Role(*role)):
		return e.usage(sentence("user_role", *role, strings.Trim(fmt.Sprint(kiosk.Roles), "[]")))
	case !*stdin:
		return e.usage(sentence("user_stdin"))
	}
	line, err := bufio.NewReader(io.LimitReader(e.stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return e.fail(sentence("failed", err))
	}
	pw := strings.TrimRight(line, "\r\n")
	if err := password.Check(pw); errors.Is(err, password.ErrCommon) {
		return e.fail(sentence("user_common"))
	} else if err != nil {
		return e.fail(sentence("user_short", password.MinLength))
	}
	hash, err := password.Hash(pw)
	if err != nil {
		return e.fail(sentence("failed", err))
	}
	return e.withStore(ctx, *data, func(st *store.Store) int {
		err := st.Update(ctx, func(tx kiosk.Tx) error {
			if _, err := tx.AccountByName(name); !errors.Is(err, kiosk.ErrNotFound) {
				if err == nil {
					err = kiosk.ErrConflict
				}
				return err
			}
			return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: name, Role: kiosk.Role(*role), PasswordHash: hash, CreatedAt: e.now().UTC()})
		})
		switch {
		case errors.Is(err, kiosk.ErrConflict):
			return e.fail(sentence("user_exists", name))
		case err != nil:
			return e.fail(sentence("failed", err))
		}
		fmt.Fprintln(e.stdout, e.word(sentence("user_added", name, *role)))
		return exitDone
	})
}

// resetUser prints a one-time password for an account: whoever may write the
// data folder may do that anyway. A running daemon knows at once.
func (e *env) resetUser(ctx context.Context, data, name string) int {
	return e.withStore(ctx, data, func(st *store.Store) int {
		var acc kiosk.Account
		err := st.View(ctx, func(v kiosk.View) (err error) {
			acc, err = v.AccountByName(name)
			return err
		})
		if errors.Is(err, kiosk.ErrNotFound) {
			return e.fail(sentence("user_unknown", name))
		}
		if err != nil {
			return e.fail(sentence("failed", err))
		}
		once, hash, err := password.OneTime()
		if err != nil {
			return e.fail(sentence("failed", err))
		}
		desk := &circulation.Desk{Ledger: st, Now: e.now}
		for _, u := range []kiosk.AccountUpdate{{Change: kiosk.AccountEnabled}, {Change: kiosk.AccountReset, Hash: hash}} {
			if u.Change == kiosk.AccountEnabled && !acc.Disabled {
				continue
			}
			// The command line is nobody's sign-in: the account itself stands for it.
			if _, err := desk.ChangeAccount(ctx, kiosk.Attempt{Station: kiosk.DefaultStation, Staff: acc.ID}, acc.ID, u, ""); err != nil {
				return e.fail(sentence("failed", err))
			}
		}
		fmt.Fprintln(e.stdout, e.word(sentence("user_reset", name, once)))
		return exitDone
	})
}
