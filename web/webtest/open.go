package webtest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Open gives the test a tab of its own profile (cookies, storage, workers), or
// skips it when there is no browser. The process is shared where [Main] ends it.
func Open(t testing.TB) *Page {
	t.Helper()
	path := browserPath("chromium-headless-shell")
	if path == "" {
		t.Skip(noBrowser)
	}
	if page := shared.open(t, path); page != nil {
		return page
	}
	return own(t, path, nil)
}

// OpenWhole gives the test a whole browser in a process of its own: one with
// cameras, the user's certificates, a profile on the disk. Flags are the browser's,
// as name or name=value.
func OpenWhole(t testing.TB, flags ...string) *Page {
	t.Helper()
	path := browserPath()
	if path == "" {
		t.Skip(noBrowser)
	}
	return own(t, path, flags)
}

const noBrowser = "no Chromium on this machine: install it, or set MUONTRA_CHROMIUM, to run the browser tests"

func own(t testing.TB, path string, flags []string) *Page {
	t.Helper()
	ctx, end, err := start(path, flags)
	if err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	t.Cleanup(end)
	return &Page{t, ctx}
}

// browserPath is the browser of this machine, "" without one. What is preferred to
// a whole Chromium comes first: its headless shell shows pages by the same engine,
// without the windows, tabs and bars that nobody sees, in half of the processor time.
func browserPath(preferred ...string) string {
	names := append([]string{os.Getenv("MUONTRA_CHROMIUM")}, preferred...)
	for _, name := range append(names, "chromium", "chromium-browser", "google-chrome", "chrome") {
		if p, err := exec.LookPath(name); name != "" && err == nil {
			return p
		}
	}
	return ""
}

// start starts a browser and gives its first tab. End ends it and waits until it is gone.
func start(path string, flags []string) (ctx context.Context, end func(), err error) {
	opts := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	opts = append(opts, chromedp.ExecPath(path), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("autoplay-policy", "no-user-gesture-required"), chromedp.WSURLReadTimeout(patience))
	for _, f := range flags {
		name, value, valued := strings.Cut(f, "=")
		if valued {
			opts = append(opts, chromedp.Flag(name, value))
		} else {
			opts = append(opts, chromedp.Flag(name, true))
		}
	}
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.Flag("no-sandbox", true))
	}
	actx, cancelA := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(actx)
	end = func() { cancel(); cancelA() }
	if err := chromedp.Do(ctx); err != nil {
		end()
		return nil, nil, err
	}
	return ctx, end, nil
}

// shared is the browser of all tests of one test program that need no whole one.
// Starting one costs more processor time than most tests do with it.
var shared sharedBrowser

type sharedBrowser struct {
	mu    sync.Mutex
	armed bool            // somebody ends it
	ctx   context.Context // of its first tab, which nobody uses
	end   func()
}

// Main runs the tests and ends the browser that they shared. A package with
// browser tests calls it in its TestMain; without it each of them has its own.
func Main(m *testing.M) (code int) {
	shared.mu.Lock()
	shared.armed = true
	shared.mu.Unlock()
	code = m.Run()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.end != nil {
		shared.end()
	}
	return code
}

// open makes a profile with one tab in the shared browser, starting it when it
// does not run (any more); nil when none is shared.
func (s *sharedBrowser) open(t testing.TB, path string) *Page {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.armed {
		return nil
	}
	if s.ctx == nil || s.ctx.Err() != nil {
		if s.end != nil {
			s.end()
			s.ctx, s.end = nil, nil
		}
		ctx, end, err := start(path, nil)
		if err != nil {
			t.Fatalf("start %s: %v", path, err)
		}
		s.ctx, s.end = ctx, end
	}
	ctx, cancel := chromedp.NewContext(s.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	// Only one window of a browser has the focus; each test's page works as if it were that one.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return &Page{t, ctx}
}
