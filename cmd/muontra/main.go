// Command muontra is a barcode circulation service for a school library: the
// daemon with its kiosk page, and the commands beside it. There is a file a
// command; serve.go holds the program that tests start too.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // a school PC may have no zone database
)

// The exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitPartly = 3
)

// env is what a command may touch of the world.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	lang           string        // vi or en
	keepScan       time.Duration // what a station's line keeps a scan for; 0 is keepScan
}

// commands in the order in which help lists them.
var commands = []struct {
	name string
	run  func(context.Context, *env, []string) int
}{
	{"serve", serveCommand},
	{"demo", demoCommand},
	{"stop", stopCommand},
	{"scan", scanCommand},
	{"devices", devicesCommand},
	{"station", stationCommand},
	{"import", importCommand},
	{"export", exportCommand},
	{"report", reportCommand},
	{"labels", labelsCommand},
	{"printers", printersCommand},
	{"backup", backupCommand},
	{"restore", restoreCommand},
	{"check", checkCommand},
	{"bench", benchCommand},
	{"rehearse", rehearseCommand},
	{"service", serviceCommand},
	{"user", userCommand},
	{"version", versionCommand},
}

func main() {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	// Logging off ends a program with SIGHUP, unless nohup forbids. Whatever ends it, a
	// scanner that is left open is dead as a keyboard until it is plugged in again.
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	e := &env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now}
	code := run(ctx, e, os.Args[1:])
	stop()
	os.Exit(code)
}

// run does one command line.
func run(ctx context.Context, e *env, args []string) int {
	args = e.takeLang(args)
	if len(args) == 0 {
		return openCommand(ctx, e)
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		e.help(e.stdout)
		return exitDone
	}
	for _, c := range commands {
		if c.name == args[0] {
			return c.run(ctx, e, args[1:])
		}
	}
	e.help(e.stderr)
	return e.usage(sentence("unknown_command", args[0]))
}

func (e *env) help(w io.Writer) {
	fmt.Fprintln(w, e.word(sentence("help_head")))
	for _, c := range commands {
		fmt.Fprintf(w, "  muontra %-8s %s\n", c.name, e.word(sentence("help_"+c.name)))
	}
}

// takeLang sets the language from --lang anywhere on the line, MUONTRA_LANG,
// or Vietnamese, and gives back the rest of the line.
func (e *env) takeLang(args []string) []string {
	e.lang = "vi"
	if e.getenv("MUONTRA_LANG") == "en" {
		e.lang = "en"
	}
	rest := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		v, with := strings.CutPrefix(args[i], "--lang=")
		switch {
		case with:
		case args[i] == "--lang" && i+1 < len(args):
			i++
			v = args[i]
		default:
			rest = append(rest, args[i])
			continue
		}
		if v == "en" || v == "vi" {
			e.lang = v
		}
	}
	return rest
}

// flags makes a flag set that prints nothing by itself.
func (e *env) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parse reads flags that may stand before, between and after the words of a
// line, and returns the words. ok is false when the command should end with
// the code.
func (e *env) parse(f *flag.FlagSet, args []string) (words []string, code int, ok bool) {
	for {
		err := f.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			f.SetOutput(e.stdout)
			fmt.Fprintf(e.stdout, "muontra %s: %s\n", f.Name(), e.word(sentence("help_"+strings.Fields(f.Name())[0])))
			f.PrintDefaults()
			return nil, exitDone, false
		case err != nil:
			return nil, e.usage(sentence("bad_flag", f.Name(), err)), false
		}
		if f.NArg() == 0 {
			return words, 0, true
		}
		if n := len(args) - f.NArg(); n > 0 && args[n-1] == "--" {
			return append(words, f.Args()...), 0, true
		}
		words = append(words, f.Arg(0))
		args = f.Args()[1:]
	}
}

// fail says what went wrong and what to do, and is exit 1.
func (e *env) fail(s said) int {
	fmt.Fprintf(e.stderr, "muontra: %s\n", e.word(s))
	return exitFailed
}

// usage is fail with exit 2.
func (e *env) usage(s said) int {
	e.fail(s)
	return exitUsage
}

// many is a flag that may be given several times.
type many []string

func (m *many) String() string     { return strings.Join(*m, " ") }
func (m *many) Set(s string) error { *m = append(*m, s); return nil }
