package web_test

import (
	"context"
	"fmt"
	"testing"

	"muontra/kiosk"
	"muontra/web"
	"muontra/web/webtest"
)

// TestKioskFinds looks for books on the children's page as a child does: by
// touch, by the PC's keyboard, with a scan in between, at three sizes.
func TestKioskFinds(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	p.CalmMotion()
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	const line = `document.querySelector("#finder .pad-text").textContent`
	touch := func(letters string) {
		for _, c := range letters {
			webtest.Eval[any](p, `[...document.querySelectorAll("#finder .letters button")].find(b => b.textContent === "`+string(c)+`").click(); 0`)
		}
	}
	for _, size := range webtest.Sizes {
		name := fmt.Sprintf("kiosk-find-%dx%d", size.W, size.H)
		p.Resize(size)
		p.Click("#find")
		p.Wait(`document.querySelector("#finder").open`)
		p.Axe(name + "-empty")
		p.Picture(name + "-empty")
		touch("TRU")
		p.Wait(line + ` === "tru"`)
		p.Wait(`document.querySelector("#finder .hit.here .where")`)
		p.Axe(name)
		p.Picture(name)
		if small := webtest.Eval[[]string](p, `[...document.querySelectorAll("#finder button")].filter(b => b.offsetParent).flatMap(b => {
			const r = b.getBoundingClientRect();
			return r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight || r.width < 60 || r.height < 60 ? [b.textContent + " " + JSON.stringify(r)] : [];
		})`); len(small) > 0 {
			t.Errorf("%s: too small or outside the screen: %s", name, small)
		}
		p.Click("#finder .pad-close")
		p.Wait(`!document.querySelector("#finder").open`)
	}

	// A hand on the keyboard, with an input method's letters among the keys.
	p.Click("#find")
	p.Wait(line + ` !== "tru"`) // what was typed is forgotten
	hand := func(want string, keys ...ev) {
		t.Helper()
		p.Keys(keys)
		p.Wait(line + ` === "` + want + `"`)
	}
	hand("t", key('t', 0))
	hand("tx", key('x', 0))
	hand("t", ev{"key": "Backspace", "code": "Backspace", "at": 0.0})
	hand("tu d", key('u', 0), ev{"key": " ", "code": "Space", "at": 90.0}, key('d', 180))
	hand("từ", ev{"key": "Backspace", "code": "Backspace", "at": 0.0}, ev{"key": "Backspace", "code": "Backspace", "at": 2.0}, ev{"key": "Backspace", "code": "Backspace", "at": 4.0}, ev{"key": "ừ", "code": "", "at": 6.0})
	p.Wait(`document.querySelector("#finder .hit.away .where")`)
	p.Picture("kiosk-find-away")
	if n := len(s.desk.Codes()); n > 0 || !webtest.Eval[bool](p, `document.getElementById("dirty").hidden`) {
		t.Errorf("a hand's letters became %d scans, or were taken for a spoilt one", n)
	}
	// A scanner is heard through the search, and ends it.
	p.Keys(burst("30000013", 8, "Enter"))
	until(t, func() bool { return len(s.desk.Codes()) == 1 })
	p.Wait(`!document.querySelector("#finder").open`)
	if got := s.desk.Codes(); got[0] != "30000013" {
		t.Errorf("scanned %q", got)
	}

	// It goes by itself: the page's own clock is turned on.
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	webtest.Eval[any](p, `window.real = setTimeout; window.setTimeout = (f, ms, ...a) => real(f, ms / 100, ...a); 0`)
	p.Click("#find")
	p.Wait(`!document.querySelector("#finder").open`)
}

// wishBox keeps the wishes that a page sends.
type wishBox struct {
	web.Wishes
	got chan kiosk.Wish
}

func (b wishBox) AddWish(_ context.Context, w kiosk.Wish) (kiosk.Wish, error) {
	w.Status = kiosk.Wished
	if err := w.Check(); err != nil {
		return w, err
	}
	b.got <- w
	return w, nil
}

// TestKioskWishes asks for a book that the library has not, with nobody's card
// and in a session: the class is kept, and no name.
func TestKioskWishes(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	box := wishBox{got: make(chan kiosk.Wish, 4)}
	s := newSite(t, func(c *web.Config) { c.Wishes = box })
	p.CalmMotion()
	p.Resize(webtest.Sizes[1])
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	ask := func(picture string) kiosk.Wish {
		t.Helper()
		p.Click("#find")
		p.Keys([]ev{key('x', 0), key('o', 90), key('e', 180)})
		p.Wait(`!document.querySelector("#finder .wish").hidden`)
		p.Axe(picture)
		p.Picture(picture)
		p.Click("#finder .wish")
		p.WaitText("Thư viện đã ghi lại")
		return <-box.got
	}
	if w := ask("kiosk-wish"); w.Text != "xoe" || w.From != kiosk.WishAtKiosk || w.Class != "" {
		t.Errorf("wished %+v", w)
	}
	p.Click("#finder .pad-close")
	s.desk.Put(webtest.InSession(kiosk.PatronView{Name: "Mẫu An", Class: "3A", Category: kiosk.Pupil}, 2, kiosk.Result{Kind: kiosk.KindPatron, Outcome: kiosk.SessionOpened}))
	p.WaitText("Mẫu An")
	if w := ask("kiosk-wish-session"); w.Class != "3A" {
		t.Errorf("wished in a session: %+v", w)
	}
	// What a child looked for goes with the session.
	s.desk.Put(webtest.Idle())
	p.Wait(`!document.querySelector("#finder").open`)
	for _, body := range []string{`{"text":"x","command_id":"1"}`, `{"text":"Sách mẫu"}`, `{`} {
		if code, _ := s.send(t, s.client(), "POST", "/kiosk/desk/wishes", "application/json", body); code != 400 {
			t.Errorf("%s: %d", body, code)
		}
	}
}
