package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"muontra/store"
	"muontra/store/backup"
	"muontra/web"
	"muontra/web/words"
)

// troubleOf names what a librarian can do something about when the data cannot
// be served; "" for what is no matter of the data: another daemon, an address
// that is taken, a program that is too old.
func troubleOf(err error) string {
	var newer *store.NewerError
	var addr errAddress
	var listen errListen
	var cert errCertificate
	switch {
	case errors.Is(err, store.ErrLocked), errors.As(err, &newer), errors.As(err, &addr), errors.As(err, &listen), errors.As(err, &cert):
		return ""
	case errors.Is(err, store.ErrLost):
		return "lost"
	case errors.Is(err, store.ErrForeign):
		return "foreign"
	}
	switch backup.TroubleOf(err) {
	case backup.Damaged:
		return "damaged"
	case backup.ReadOnly:
		return "read_only"
	case backup.Full:
		return "full"
	}
	return ""
}

// serveTrouble serves a page that says what is wrong and what to do, on the
// addresses of this machine, until ctx ends. It is a failed start all the same:
// nothing is taken that could be lost, and /healthz says so.
func (e *env) serveTrouble(ctx context.Context, cfg programConfig, kind string) error {
	t := web.Trouble{Kind: kind, Folder: cfg.data}
	if dir, err := filepath.Abs(cfg.data); err == nil {
		t.Folder = dir
	}
	t.Copies = keptCopies(t.Folder)
	c := web.Config{Lang: words.Lang(cfg.lang), Now: cfg.now, Logger: cfg.logger, Version: versionText()}
	if kind == "read_only" {
		if st, err := store.OpenToRead(ctx, cfg.data, store.Options{Now: cfg.now, Logger: cfg.logger}); err == nil {
			defer st.Close()
			c.Ledger = st
		}
	}
	handler := web.NewTrouble(c, t)
	g, ctx := errgroup.WithContext(ctx)
	served := 0
	for _, text := range cfg.listen {
		addr, secure, err := secureAddress(text, false)
		if err != nil || secure || !loopback(addr) {
			continue // other machines wait; what is to be done is done here
		}
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return errListen{addr, err}
		}
		srv := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute}
		g.Go(func() error {
			if err := srv.Serve(newGate(l)); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		g.Go(func() error {
			<-ctx.Done()
			return srv.Close()
		})
		fmt.Fprintf(e.stdout, "muontra: listening on http://%s\n", l.Addr())
		if served++; served == 1 && cfg.browse {
			e.browse("http://" + l.Addr().String() + "/")
		}
	}
	if served == 0 {
		return errors.New("no address of this machine to show the page on")
	}
	n := notifier{e.getenv("NOTIFY_SOCKET")}
	n.tell("READY=1")
	if every := watchdogEvery(e.getenv); every > 0 {
		// To be started again would show the same page again.
		go n.watchdog(ctx, every, func(context.Context) error { return nil })
	}
	return g.Wait()
}

// keptCopies are the copies in the data folder, the newest first, a few.
func keptCopies(dir string) []web.KeptCopy {
	names, err := fs.Glob(os.DirFS(dir), "backups/*.db")
	if err != nil {
		return nil
	}
	var all []web.KeptCopy
	for _, n := range names {
		if st, err := os.Stat(filepath.Join(dir, n)); err == nil && st.Size() > 0 && !strings.Contains(n, "part") {
			all = append(all, web.KeptCopy{Name: filepath.Join(dir, filepath.FromSlash(n)), At: st.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b web.KeptCopy) int { return b.At.Compare(a.At) })
	return all[:min(len(all), 5)]
}
