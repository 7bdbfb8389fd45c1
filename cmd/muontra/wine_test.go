//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// wine runs the Windows program in a Windows of its own, without a screen.
type wine struct {
	t      *testing.T
	exe    string
	prefix string
}

// newWine makes it, or skips the test and says what is missing.
func newWine(t *testing.T) *wine {
	t.Helper()
	exe := os.Getenv("MUONTRA_WINDOWS_EXE")
	if exe == "" {
		t.Skip("MUONTRA_WINDOWS_EXE names no Windows program: build one (GOOS=windows go build -o muontra.exe ./cmd/muontra) and set it to run the test under Wine")
	}
	for _, tool := range []string{"wine", "wineboot", "x86_64-w64-mingw32-gcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s on this machine: install wine, wine64 and gcc-mingw-w64-x86-64 to run the test under Wine", tool)
		}
	}
	exe, err := filepath.Abs(exe)
	if err != nil {
		t.Fatal(err)
	}
	w := &wine{t, exe, filepath.Join(t.TempDir(), "prefix")}
	t.Cleanup(func() {
		// All programs of this prefix, and nobody else's.
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		w.command(ctx, "wineboot", "--end-session", "--force", "--kill", "--shutdown").Run()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if out, err := w.command(ctx, "wineboot", "-i").CombinedOutput(); err != nil {
		t.Fatalf("wineboot: %v\n%s", err, out)
	}
	dll := filepath.Join(w.prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll")
	if _, err := os.Stat(dll); err != nil { // a later Wine has its own
		out, err := exec.CommandContext(ctx, "x86_64-w64-mingw32-gcc", "-shared", "-s", "-o", dll, filepath.Join("testdata", "bcryptprimitives.c"), "-ladvapi32").CombinedOutput()
		if err != nil {
			t.Fatalf("the missing library: %v\n%s", err, out)
		}
	}
	return w
}

func (w *wine) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(os.Environ(), "WINEPREFIX="+w.prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml,winemenubuilder.exe=", "DISPLAY=", "MUONTRA_LANG=en")
	return c
}

// run is a command line in Windows, to its end.
func (w *wine) run(args ...string) cli {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	c := w.command(ctx, "wine", append([]string{w.exe}, args...)...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		w.t.Fatal(err)
	}
	return cli{c.ProcessState.ExitCode(), strings.ReplaceAll(out.String(), "\r\n", "\n"), errs.String()}
}

// path is a file of this machine as Windows names it.
func path(file string) string { return `Z:` + strings.ReplaceAll(file, "/", `\`) }

// The program on Windows: lists in, the daemon, a loan over HTTP, two ways to
// end it cleanly, and a sound database.
func TestWindowsProgramUnderWine(t *testing.T) {
	w := newWine(t)
	here := func(name ...string) string {
		p, err := filepath.Abs(testdata(t, name...))
		if err != nil {
			t.Fatal(err)
		}
		return path(p)
	}
	dir := t.TempDir()
	data := path(filepath.Join(dir, "dữ liệu")) // a folder as Vietnamese people name theirs

	if c := w.run("version"); c.code != exitDone || !strings.Contains(c.stdout, "windows/amd64 usb-hid=yes") {
		t.Fatalf("version: %+v", c)
	}
	// Wine's COM1 is in the registry as on Windows, and no HID scanner is there.
	if c := w.run("devices"); c.code != exitDone || !strings.Contains(c.stdout, "COM1") {
		t.Errorf("devices: %+v", c)
	}
	for _, x := range [][2]string{{"patrons", "danh-sach-hoc-sinh.xlsx"}, {"titles", "danh-sach-sach.xlsx"}} {
		if c := w.run("import", x[0], here("imports", x[1]), "--data", data); c.code != exitDone || strings.HasPrefix(c.lastLine(), "0 added") {
			t.Fatalf("import: %+v", c)
		}
	}
	// What Windows wrote, this machine reads: one format of the database.
	linux := filepath.Join(dir, "dữ liệu")
	card, book := firstOf(t, linux, "patrons", "card_number", ""), firstOf(t, linux, "copies", "barcode", ",TN.")

	first := w.serve(data)
	if got := first.scan(card, "") + " " + first.scan(book, ""); got != "session_opened checked_out" {
		t.Errorf("the loan: %s", got)
	}
	if c := w.run("serve", "--data", data, "--listen", "127.0.0.1:0"); c.code != exitFailed || !strings.Contains(c.stderr, "another muontra is running") {
		t.Errorf("a second daemon on the folder: %+v", c)
	}
	if c := w.run("check", "--data", data); c.code != exitDone || c.stdout != "ok\n" {
		t.Errorf("check beside the daemon: %+v", c)
	}
	if c := w.run("stop", "--data", data); c.code != exitDone {
		t.Errorf("stop: %+v", c)
	}
	first.ended("muontra stop")
	if c := w.run("stop", "--data", data); c.code != exitDone || !strings.Contains(c.stdout, "no muontra is running") {
		t.Errorf("stop where nothing runs: %+v", c)
	}

	// Ctrl+C in its window, which Wine makes of SIGINT.
	second := w.serve(data)
	if got := second.scan(book, ""); got != "returned" {
		t.Errorf("the return: %s", got)
	}
	if err := second.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	second.ended("Ctrl+C")
	if c := w.run("check", "--data", data); c.code != exitDone || c.stdout != "ok\n" {
		t.Errorf("check: %+v", c)
	}
	if c := runCLI(t, "", "check", "--data", linux); c.code != exitDone || c.stdout != "ok\n" {
		t.Errorf("check on this machine: %+v", c)
	}
}

// wineDaemon is a serve in Windows.
type wineDaemon struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	out  *lines
	errs *lines
	done chan error
}

func (w *wine) serve(data string) *wineDaemon {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w.t.Cleanup(cancel)
	d := &wineDaemon{t: w.t, cmd: w.command(ctx, "wine", w.exe, "serve", "--data", data, "--listen", "127.0.0.1:0"), out: &lines{grew: make(chan struct{}, 1)}, errs: &lines{grew: make(chan struct{}, 1)}, done: make(chan error, 1)}
	d.cmd.Stdout, d.cmd.Stderr = d.out, d.errs
	d.cmd.WaitDelay = 10 * time.Second
	if err := d.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() { d.done <- d.cmd.Wait() }()
	deadline := time.After(patience)
	for {
		if _, rest, ok := strings.Cut(d.out.String(), "muontra: listening on "); ok {
			if u, _, whole := strings.Cut(rest, "\n"); whole {
				d.url = strings.TrimSpace(u)
				return d
			}
		}
		select {
		case <-d.out.grew:
		case err := <-d.done:
			w.t.Fatalf("serve ended before it listened: %v\n%s", err, d.errs)
		case <-deadline:
			w.t.Fatalf("serve does not listen:\n%s", d.errs)
		}
	}
}

// scan is the outcome of one scan over HTTP.
func (d *wineDaemon) scan(code, id string) string {
	d.t.Helper()
	b, err := json.Marshal(map[string]string{"code": code, "command_id": id})
	if err != nil {
		d.t.Fatal(err)
	}
	res, err := http.Post(d.url+"/api/v1/stations/desk/scans", "application/json", bytes.NewReader(b))
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err = io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	var r struct{ Outcome, Reason string }
	if err := json.Unmarshal(b, &r); err != nil || r.Outcome == "" {
		d.t.Fatalf("%d %s", res.StatusCode, b)
	}
	return r.Outcome
}

// ended waits for the daemon's end, which must be a clean one.
func (d *wineDaemon) ended(how string) {
	d.t.Helper()
	select {
	case err := <-d.done:
		if err != nil {
			d.t.Errorf("after %s: %v\n%s", how, err, d.errs)
		}
	case <-time.After(patience):
		d.t.Fatalf("after %s it still runs:\n%s", how, d.errs)
	}
}
