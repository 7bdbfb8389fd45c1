package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/store"
)

// serveFlags are what serve and demo share.
type serveFlags struct {
	data                           string
	listen, stations, serials, hid many
	insecure, verbose              bool
	usual                          bool // no address was given
	tlsCert, tlsKey                string
}

func (e *env) serveFlags(name string, args []string) (serveFlags, int, bool) {
	var s serveFlags
	f := e.flags(name)
	f.StringVar(&s.data, "data", "", "the data folder")
	f.Var(&s.listen, "listen", "an address to listen on: HOST:PORT, plain on 127.0.0.1 and HTTPS beyond it, or https://HOST:PORT (repeatable; default "+defaultListen+")")
	f.Var(&s.stations, "station", "a station beside desk (repeatable)")
	f.Var(&s.serials, "serial", "a serial scanner: DEVICE[@BAUD][=STATION] (repeatable)")
	f.Var(&s.hid, "hid", "a USB HID scanner: VID:PID[:SERIAL][=STATION] (repeatable)")
	f.BoolVar(&s.insecure, "insecure-lan", false, "serve other machines without encryption")
	f.StringVar(&s.tlsCert, "tls-cert", "", "a certificate with its chain in place of the school's own (PEM)")
	f.StringVar(&s.tlsKey, "tls-key", "", "its key (PEM)")
	f.BoolVar(&s.verbose, "verbose", false, "log more")
	words, code, ok := e.parse(f, args)
	if ok && len(words) > 0 {
		return s, e.usage(sentence("no_words", words[0])), false
	}
	if s.usual = len(s.listen) == 0; s.usual {
		s.listen = many{defaultListen}
	}
	return s, code, ok
}

// config makes the program's configuration of the flags.
func (e *env) config(s serveFlags) (programConfig, *said) {
	cfg := programConfig{
		verbose: s.verbose, data: s.data, listen: s.listen, insecure: s.insecure, tlsCert: s.tlsCert, tlsKey: s.tlsKey, stations: s.stations, lang: e.lang, now: e.now, logger: e.logger(s.verbose),
	}
	if (s.tlsCert == "") != (s.tlsKey == "") {
		return cfg, wrong("tls_both")
	}
	for _, n := range s.stations {
		if err := kiosk.CheckStationName(n); err != nil {
			return cfg, wrong("bad_station", err)
		}
	}
	for _, text := range s.serials {
		spec, err := devices.ParseSerial(text)
		if err != nil {
			return cfg, wrong("bad_device", err)
		}
		cfg.specs = append(cfg.specs, spec)
	}
	for _, text := range s.hid {
		spec, err := devices.ParseHID(text)
		if err != nil {
			return cfg, wrong("bad_device", err)
		}
		cfg.specs = append(cfg.specs, spec)
	}
	return cfg, nil
}

// logger writes to standard error; it never holds a name.
func (e *env) logger(verbose bool) *slog.Logger { return loggerTo(e.stderr, verbose) }

func loggerTo(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// serveCommand is the daemon.
func serveCommand(ctx context.Context, e *env, args []string) int {
	s, code, ok := e.serveFlags("serve", args)
	if !ok {
		return code
	}
	cfg, problem := e.config(s)
	if problem != nil {
		return e.usage(*problem)
	}
	if cfg.data == "" {
		d, err := e.defaultData()
		if err != nil {
			return e.fail(sentence("no_data_dir", err))
		}
		cfg.data = d
	}
	if s.usual {
		cfg.lan = lanListen
	}
	return e.serve(ctx, cfg, e.tellFirstAccount)
}

// serve runs a program until ctx ends. ready is called once it listens.
func (e *env) serve(ctx context.Context, cfg programConfig, ready func(context.Context, *program)) int {
	file, err := logFile(cfg.data)
	if err != nil {
		cfg.logger.Warn("nothing is logged into the data folder", "error", err)
	} else {
		defer file.Close()
		cfg.logger = loggerTo(both{e.stderr, file}, cfg.verbose)
	}
	if !cfg.demo { // what is gone tomorrow needs no room put by
		cfg.spare = newSpareRoom(cfg.data, cfg.now, cfg.logger)
	}
	p, err := startOn(ctx, cfg)
	if err != nil {
		kind := troubleOf(err)
		code := e.fail(e.startFailure(cfg, err))
		if kind == "" {
			return code
		}
		cfg.logger.Error("the data cannot be served", "trouble", kind)
		if err := e.serveTrouble(ctx, cfg, kind); err != nil && !errors.Is(err, context.Canceled) {
			return e.fail(sentence("failed", err))
		}
		return code
	}
	cfg.logger.Info("muontra has started", "version", versionText())
	ctx, unheed, err := heedStop(ctx, cfg.data)
	if err != nil {
		cfg.logger.Warn("muontra stop will not be heard", "error", err)
	}
	unheed = sync.OnceFunc(unheed)
	defer unheed()
	if cfg.insecure {
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("insecure_lan")))
	}
	for _, u := range p.URLs() {
		fmt.Fprintf(e.stdout, "muontra: listening on %s\n", u)
	}
	if out := p.Outside(); len(out) > 0 {
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("outside", out[0], strings.Replace(out[0], "https", "http", 1), p.Trust().Fingerprint)))
	}
	if ready != nil {
		ready(ctx, p)
	}
	n := notifier{e.getenv("NOTIFY_SOCKET")}
	if err := n.tell("READY=1"); err != nil {
		cfg.logger.Warn("the service manager does not hear that all is ready", "error", err)
	}
	if every := watchdogEvery(e.getenv); every > 0 {
		watched, stop := context.WithCancel(ctx)
		defer stop()
		go p.parts.keep(watched, "watchdog", endless(func(ctx context.Context) { n.watchdog(ctx, every, p.takesAWrite) }))
	}
	err = p.Run(ctx)
	n.tell("STOPPING=1")
	unheed() // before the folder is free for the next
	if cerr := p.Close(); err == nil {
		err = cerr
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return e.fail(sentence("failed", err))
	}
	return exitDone
}

// startOn is newProgram, once more where the disk is full and room was put by.
func startOn(ctx context.Context, cfg programConfig) (*program, error) {
	p, err := newProgram(ctx, cfg)
	if troubleOf(err) == "full" && cfg.spare != nil && cfg.spare.GiveBack() {
		return newProgram(ctx, cfg)
	}
	return p, err
}

// startFailure is what to tell when the program cannot start.
func (e *env) startFailure(cfg programConfig, err error) said {
	var addr errAddress
	var listen errListen
	var cert errCertificate
	switch {
	case errors.As(err, &cert) && cert.files:
		return sentence("tls_files", cert.err)
	case errors.As(err, &cert):
		return sentence("tls_own", cert.dir, cert.err)
	case errors.As(err, &addr):
		return sentence("listen_lan", addr.addr)
	case errors.As(err, &listen):
		return sentence("listen_failed", listen.addr, listen.err)
	case errors.Is(err, store.ErrLocked):
		return sentence("second_daemon", cfg.data)
	}
	return sentence("open_store", cfg.data, err)
}

// tellFirstAccount says how the first account is made, while there is none.
func (e *env) tellFirstAccount(ctx context.Context, p *program) {
	var n int
	err := p.store.View(ctx, func(v kiosk.View) error {
		a, err := v.Accounts()
		n = len(a)
		return err
	})
	if err == nil && n == 0 {
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("first_account", p.URLs()[0])))
	}
}

// openCommand is muontra without a command: the daemon on the default data
// folder with the browser opened on it, or only the browser when it runs
// already.
func openCommand(ctx context.Context, e *env) int {
	u := "http://" + defaultListen + "/"
	if running(ctx, u) {
		e.browse(u)
		return exitDone
	}
	d, err := e.defaultData()
	if err != nil {
		return e.fail(sentence("no_data_dir", err))
	}
	cfg := programConfig{data: d, listen: []string{defaultListen}, lan: lanListen, lang: e.lang, now: e.now, logger: e.logger(false), browse: true}
	return e.serve(ctx, cfg, func(ctx context.Context, p *program) {
		e.tellFirstAccount(ctx, p)
		e.browse(p.URLs()[0] + "/")
	})
}

// running reports whether a muontra answers at u.
func running(ctx context.Context, u string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u+"healthz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// browse opens the system's browser; where there is none, the address printed
// is enough.
func (e *env) browse(u string) {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", u)
	default:
		c = exec.Command("xdg-open", u)
	}
	fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("opening_browser", u)))
	if err := c.Start(); err == nil {
		go c.Wait() // reap it; what the browser does is its own matter
	}
}
