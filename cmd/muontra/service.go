package main

import (
	"context"
	_ "embed"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/store"
)

//go:embed muontra.service
var unit string

// serviceCommand prints how the system runs the daemon.
func serviceCommand(_ context.Context, e *env, args []string) int {
	f := e.flags("service")
	words, code, ok := e.parse(f, args)
	switch {
	case !ok:
		return code
	case len(words) != 1 || words[0] != "systemd":
		return e.usage(sentence("service_which"))
	}
	program, err := os.Executable()
	if err != nil {
		return e.fail(sentence("failed", err))
	}
	// systemd reads quotes and doubles percent signs (systemd.service(5), systemd.unit(5)).
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`, `$`, `$$`).Replace(program) + `"`
	fmt.Fprint(e.stdout, strings.Replace(unit, "PROGRAM", quoted, 1))
	return exitDone
}

// notifier tells systemd how the daemon is (sd_notify(3)); without systemd it
// tells nobody. The protocol is one datagram a message, which needs no library.
type notifier struct{ socket string }

func (n notifier) tell(state string) error {
	if n.socket == "" {
		return nil
	}
	name := n.socket
	if strings.HasPrefix(name, "@") { // Linux's abstract names
		name = "\x00" + name[1:]
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Write([]byte(state))
	return err
}

// watchdogEvery is how often systemd wants to hear of the daemon, 0 for never: a
// third of the time after which it ends one that is silent.
func watchdogEvery(getenv func(string) string) time.Duration {
	usec, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || usec <= 0 {
		return 0
	}
	return time.Duration(usec) * time.Microsecond / 3
}

// watchdog tells systemd that all is well for as long as probe says so. A disk
// that is full or read-only is not mended by another start, which would take the
// catalogue and the desk's warning away too: that is no reason to fall silent.
func (n notifier) watchdog(ctx context.Context, every time.Duration, probe func(context.Context) error) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		c, cancel := context.WithTimeout(ctx, every)
		err := probe(c)
		cancel()
		if err == nil || store.IsFull(err) || store.IsReadOnly(err) {
			n.tell("WATCHDOG=1") // who does not hear it ends us, and that is told
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// takesAWrite writes a station again: it changes nothing and has to reach the disk.
func (p *program) takesAWrite(ctx context.Context) error {
	return p.store.Update(ctx, func(tx kiosk.Tx) error {
		all, err := tx.Stations()
		if err != nil || len(all) == 0 {
			return err
		}
		return tx.PutStation(all[0])
	})
}
