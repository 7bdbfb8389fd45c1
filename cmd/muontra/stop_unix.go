//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// pidFile holds the number of the process that serves, for stop. It means
// something only while the folder is locked.
func pidFile(dir string) string { return filepath.Join(dir, "muontra.pid") }

// heedStop gives a context that ends when a stop is asked for. On Unix that is
// SIGTERM, which ends the program's own context already; only who is meant has
// to be noted.
func heedStop(ctx context.Context, dir string) (context.Context, func(), error) {
	if err := os.WriteFile(pidFile(dir), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return ctx, func() {}, err
	}
	return ctx, func() { forgetStop(dir) }, nil
}

// forgetStop drops a number that a daemon of the past left behind.
func forgetStop(dir string) error {
	if err := os.Remove(pidFile(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// askToStop asks the daemon of a folder to end.
func askToStop(dir string) error {
	b, err := os.ReadFile(pidFile(dir))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || pid < 2 {
		return fmt.Errorf("%s: %q", pidFile(dir), b)
	}
	return syscall.Kill(pid, syscall.SIGTERM)
}
