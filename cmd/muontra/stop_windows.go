package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// Windows has no SIGTERM. Ctrl+C, Ctrl+Break, a closed window and the end of the
// session reach the program as signals; a script asks by a named event, which
// only the session of the same user sees.
func stopEvent(dir string) (*uint16, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(strings.ToLower(full)))
	return windows.UTF16PtrFromString(fmt.Sprintf(`Local\muontra-stop-%x`, sum[:16]))
}

// forgetStop has nothing to do: an event goes with whoever made it.
func forgetStop(string) error { return nil }

// heedStop gives a context that ends when a stop is asked for.
func heedStop(ctx context.Context, dir string) (context.Context, func(), error) {
	name, err := stopEvent(dir)
	if err != nil {
		return ctx, func() {}, err
	}
	asked, err := windows.CreateEvent(nil, 1, 0, name)
	// The event outlives a daemon as long as somebody else holds it; what it was
	// asked then is not meant for this one.
	if err != nil && !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return ctx, func() {}, err
	}
	if err := windows.ResetEvent(asked); err != nil {
		return ctx, func() {}, errors.Join(err, windows.CloseHandle(asked))
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			// A wait that ends by itself: a handle must not be closed under it.
			if got, err := windows.WaitForSingleObject(asked, 250); err != nil || got == windows.WAIT_OBJECT_0 {
				cancel()
			}
		}
	}()
	return ctx, func() {
		cancel()
		<-done
		windows.CloseHandle(asked)
	}, nil
}

// askToStop asks the daemon of a folder to end.
func askToStop(dir string) error {
	name, err := stopEvent(dir)
	if err != nil {
		return err
	}
	asked, err := windows.OpenEvent(windows.EVENT_MODIFY_STATE, false, name)
	if err != nil {
		return err
	}
	return errors.Join(windows.SetEvent(asked), windows.CloseHandle(asked))
}
