package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Page is one tab of a headless browser. Only this file knows the driver, which
// changes its face often.
type Page struct {
	t   testing.TB
	ctx context.Context
}

// Size is a screen.
type Size struct{ W, H int64 }

// Sizes are the screens that the kiosk page is made for.
var Sizes = []Size{{1280, 800}, {1024, 600}, {1080, 1920}}

// patience is how long a page is waited for. It says nothing about how fast a
// page has to be: machines are shared, and the race detector is slow.
const patience = 2 * time.Minute

func (p *Page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, actions...)
		// What refreshes itself, or a page that has just been left, may take the
		// found element away before it is touched; a person touches the one that is
		// there.
		if err != nil && ctx.Err() == nil && strings.Contains(err.Error(), "Could not find node") {
			continue
		}
		if err != nil {
			p.t.Fatalf("%s: %v", what, err)
		}
		return
	}
}

// Go opens an address.
func (p *Page) Go(url string) {
	p.t.Helper()
	p.do("open "+url, chromedp.Navigate(url))
}

// Resize makes a touch screen of that size.
func (p *Page) Resize(s Size) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(s.W, s.H, chromedp.EmulateTouch))
	// The page is laid out anew some frames later; until its width stands still it
	// is neither the old one nor the new one.
	look[chromedp.Void](p, `(async () => {
  for (let same = 0, was = -1, n = 0; same < 3 && n < 100; n++) {
    await new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 100); });
    const now = innerWidth * 1e5 + (document.documentElement?.scrollWidth ?? 0);
    same = now === was ? same + 1 : 0;
    was = now;
  }
})()`)
}

// CalmMotion asks the page for reduced motion.
func (p *Page) CalmMotion() {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// Eval runs a script and reads its value as T. A promise is waited for.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	v, err := try[T](p, script)
	if err != nil {
		p.t.Fatalf("script %.200s: %v", script, err)
	}
	return v
}

// look is Eval for scripts, one after the other on one page, that only look.
// Where the page was left under them, for it loads itself anew when there is news,
// they look at the one that came. The value is the last one's.
func look[T any](p *Page, scripts ...string) (v T) {
	p.t.Helper()
	for start := time.Now(); ; time.Sleep(40 * time.Millisecond) {
		var err error
		for i, s := range scripts {
			if i < len(scripts)-1 {
				_, err = try[chromedp.Void](p, s)
			} else {
				v, err = try[T](p, s)
			}
			if err != nil {
				break
			}
		}
		if err == nil {
			return v
		}
		if !left(err) || time.Since(start) > patience {
			p.t.Fatalf("script %.200s: %v", scripts[len(scripts)-1], err)
		}
	}
}

func try[T any](p *Page, script string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// left reports whether a script failed because its page is no longer there, in
// the words that the browser has for it.
func left(err error) bool {
	for _, words := range []string{"navigated or closed", "context was destroyed", "Cannot find context", "Cannot find default execution context", "Promise was collected",
		"axe is not defined"} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}

// Wait waits until the script is true, also across a navigation: a page that is
// just going is asked again.
func (p *Page) Wait(script string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean(document.body && ("+script+"))"))
		switch {
		case err == nil && ok:
			return
		case ctx.Err() != nil:
			p.t.Fatalf("waiting for %s: %v\nthe page says: %s", script, err, p.Text())
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// WaitText waits until the page shows the text.
func (p *Page) WaitText(text string) {
	p.t.Helper()
	b, _ := json.Marshal(text)
	p.Wait("document.body.innerText.includes(" + string(b) + ")")
}

// Text is all text that can be seen.
func (p *Page) Text() string {
	p.t.Helper()
	return look[string](p, "document.body.innerText")
}

// Has reports whether a CSS selector finds something now.
func (p *Page) Has(selector string) bool {
	p.t.Helper()
	b, _ := json.Marshal(selector)
	return look[bool](p, "document.querySelector("+string(b)+") !== null")
}

// Click presses what a CSS selector finds, once the page with its styles is
// there: before, things move away from under the pointer.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Wait(`document.readyState === "complete"`)
	p.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Tap touches what a CSS selector finds.
func (p *Page) Tap(selector string) {
	p.t.Helper()
	p.do("tap "+selector, chromedp.Tap(chromedp.CSS(selector)))
}

// Type writes into what a CSS selector finds, once the page is there.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Wait(`document.readyState === "complete"`)
	p.do("type "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// ChooseFile puts a file into what a CSS selector finds, as a person does.
func (p *Page) ChooseFile(selector, file string) {
	p.t.Helper()
	p.Wait(`document.readyState === "complete"`)
	p.do("choose a file in "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}, chromedp.NodeReady))
}

// Picture saves a screenshot into the folder MUONTRA_SCREENSHOTS, when set.
func (p *Page) Picture(name string) {
	p.t.Helper()
	dir := os.Getenv("MUONTRA_SCREENSHOTS")
	if dir == "" {
		return
	}
	b, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	p.keep(dir, name+".png", b)
}

// Paper is what the printer gets of the page, where pictures are asked for.
func (p *Page) Paper(name string) {
	p.t.Helper()
	dir := os.Getenv("MUONTRA_SCREENSHOTS")
	if dir == "" {
		return
	}
	b, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
	if err != nil {
		p.t.Fatal(err)
	}
	p.keep(dir, name+".pdf", b)
}

func (p *Page) keep(dir, name string, b []byte) {
	p.t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Axe runs axe-core from the file that MUONTRA_AXE names and reports what it
// finds. Without the variable it does nothing.
func (p *Page) Axe(what string) {
	p.t.Helper()
	path := os.Getenv("MUONTRA_AXE")
	if path == "" {
		return
	}
	src, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	found := look[string](p,
		// What fades in has less contrast on its way: it is looked at when it is there.
		`Promise.all(document.getAnimations().filter(a => a.playState === "running" && a.effect.getComputedTiming().endTime < Infinity).map(a => a.finished.catch(() => 0))).then(() => undefined)`,
		string(src)+";void 0",
		`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " | " + (n.failureSummary || "").replace(/\s+/g, " "))).join("\n"))`)
	if found != "" {
		p.t.Errorf("axe on %s:\n%s", what, found)
	}
}

// TooWide is how many pixels the page is wider than its screen, 0 or less when it fits.
func (p *Page) TooWide() int {
	p.t.Helper()
	return look[int](p, `document.documentElement.scrollWidth - innerWidth`)
}

// Layout reports buttons that are too small to touch, text that is cut and
// parts that stick out of the screen.
func (p *Page) Layout(what string) {
	p.t.Helper()
	found := look[string](p, layoutScript)
	if strings.TrimSpace(found) != "" {
		p.t.Errorf("layout of %s:\n%s", what, found)
	}
}

const layoutScript = `(() => {
  const out = [], W = innerWidth, H = innerHeight;
  const seen = (e) => e.checkVisibility() && e.getClientRects().length > 0;
  const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.className && e.className.baseVal === undefined ? "." + e.className : "") + " " + JSON.stringify((e.textContent || "").trim().slice(0, 40));
  const top = document.querySelector(".over:not([hidden])") || document.querySelector("dialog[open]") || document.body;
  for (const e of top.querySelectorAll("button")) {
    if (!seen(e)) continue;
    const r = e.getBoundingClientRect();
    if (r.width < 63.5 || r.height < 63.5) out.push("small target " + Math.round(r.width) + "x" + Math.round(r.height) + " " + name(e));
    if (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) out.push("cut button " + name(e));
  }
  for (const e of top.querySelectorAll("h1,h2,p,li,span,b,button,.card,.steps,.mine,.sheet,dialog")) {
    if (!seen(e) || e.closest(".loans") && !e.matches(".loans")) continue;
    const r = e.getBoundingClientRect();
    if (r.width === 0) continue;
    if (r.left < -1 || r.top < -1 || r.right > W + 1 || r.bottom > H + 1) out.push("outside the screen " + name(e));
    const style = getComputedStyle(e);
    if (e.scrollHeight > e.clientHeight + 2 && style.overflowY !== "visible" && style.overflowY !== "auto" && e.clientHeight > 0 && style.webkitLineClamp === "none") out.push("overflows by " + (e.scrollHeight - e.clientHeight) + " " + name(e));
    if (e.scrollWidth > e.clientWidth + 2 && style.display !== "inline" && style.webkitLineClamp === "none" && e.clientWidth > 0) out.push("too wide by " + (e.scrollWidth - e.clientWidth) + " " + name(e));
    if (parseFloat(style.fontSize) < 12) out.push("tiny text " + style.fontSize + " " + name(e));
  }
  for (const pane of top.querySelectorAll(".stage,.side,.mine,.steps,.welcome,#card")) {
    if (!seen(pane)) continue;
    const b = pane.getBoundingClientRect();
    for (const e of pane.children) {
      if (!seen(e)) continue;
      const r = e.getBoundingClientRect();
      if (r.bottom > b.bottom + 2 || r.top < b.top - 2 || r.right > b.right + 2) out.push("sticks out of " + name(pane).slice(0, 40) + ": " + name(e));
    }
  }
  return out.join("\n");
})()`

// Keys plays key events in the page: each is the argument object of a
// KeyboardEvent with "at", its time in ms.
func (p *Page) Keys(events []map[string]any) {
	p.t.Helper()
	b, err := json.Marshal(events)
	if err != nil {
		p.t.Fatal(err)
	}
	Eval[bool](p, fmt.Sprintf(`(async () => {
  const start = performance.now();
  for (const k of %s) {
    const e = new KeyboardEvent(k.type || "keydown", {...k, bubbles: true, cancelable: true});
    Object.defineProperty(e, "timeStamp", {value: start + k.at});
    (document.activeElement || document.body).dispatchEvent(e);
  }
  return true;
})()`, b))
}

// For is the same page, failing another test.
func (p *Page) For(t testing.TB) *Page { return &Page{t, p.ctx} }

// Refused opens an address that the browser must not open, and gives why.
func (p *Page) Refused(url string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Navigate(url))
	if err == nil {
		p.t.Fatalf("%s was opened", url)
	}
	return err.Error()
}
