package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/webtest"
)

// The librarian at the live desk while children scan at the kiosk: a refusal
// comes up by itself and is allowed with a word; a book that somebody else has
// is taken back and lent on; what came back torn is noted; and the desk's own
// keyboard lends and takes back as the kiosk does.
func TestTheLiveDesk(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	page := webtest.Open(t)
	p := startProgram(t, programConfig{})
	w := kiosktest.NewWorld(t, p.store, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
	w.Patron(kiosk.Pupil, "HS001", "Mẫu Văn An", "3A", 3)
	w.Patron(kiosk.Pupil, "HS002", "Mẫu Thị Bình", "3A", 3)
	for i := range 8 {
		w.Copy(fmt.Sprintf("S%03d", i), fmt.Sprintf("Truyện mẫu %d", i), kiosk.Children, "")
	}
	base := p.URLs()[0]
	page.CalmMotion()
	page.Resize(webtest.Size{W: 1366, H: 768})
	page.Go(base + "/desk")
	page.Type("#name", "thuvien")
	page.Type("#password", webtest.Password)
	page.Type("#again", webtest.Password)
	page.Click("main button[type=submit]")
	page.Wait(`document.querySelector(".who")`)
	desk := func() {
		t.Helper()
		page.Go(base + "/desk")
		page.WaitText("Đã nối")
	}
	scan := func(code string) string {
		t.Helper()
		b, _ := json.Marshal(code)
		return webtest.Eval[string](page, `(async () => {
  const res = await fetch("/api/v1/stations/desk/scans", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({code: `+string(b)+`})});
  const r = await res.json();
  return r.outcome + (r.reason ? ":" + r.reason : "");
})()`)
	}
	look := func(name string) {
		t.Helper()
		for _, size := range []webtest.Size{{W: 390, H: 844}, {W: 1366, H: 768}} {
			page.Resize(size)
			if wide := page.TooWide(); wide > 0 {
				t.Errorf("%s is %d too wide at %d", name, wide, size.W)
			}
			page.Axe(name)
			page.Picture(fmt.Sprintf("live-%s-%d", name, size.W))
		}
	}
	with := func(book, want string) {
		t.Helper()
		if card, _ := w.Borrower(book); card != want {
			t.Errorf("%s is with %q, want %q", book, card, want)
		}
	}

	// Refused, and allowed with a word.
	desk()
	scan("HS001")
	book := ""
	for i := range 8 {
		book = fmt.Sprintf("S%03d", i)
		if got := scan(book); got == "refused:"+string(kiosk.ReasonLimitReached) {
			break
		} else if got != string(kiosk.CheckedOut) || i == 7 {
			t.Fatalf("%s: %s", book, got)
		}
	}
	page.Wait(`document.querySelector("#news .item .touches button")`)
	page.WaitText("Mẫu Văn An")
	look("refused")
	page.Click("#news .item .touches button")
	page.Wait(`document.getElementById("override").open`)
	page.Click("#allow") // without a word nothing is allowed
	page.Wait(`document.getElementById("override").open`)
	with(book, "")
	page.Type("#comment", "Cần cho tiết học thử")
	page.Click("#allow")
	page.Wait(`document.querySelector(".said-bar") && document.querySelector("#news .item .done")`)
	with(book, "HS001")
	look("allowed")
	events := w.Events()
	if i := slices.IndexFunc(events, func(e kiosk.Event) bool { return e.Payload.Comment == "Cần cho tiết học thử" }); i < 0 || events[i].StaffRef == "" {
		t.Errorf("no event tells who allowed it and why")
	}
	scan("%FINISH")

	// What came back torn.
	if got := scan(book); got != string(kiosk.Returned) {
		t.Fatalf("back: %s", got)
	}
	page.Wait(`document.querySelector("#flow .move details.damage")`)
	page.Click("#flow .move details.damage summary")
	page.Type("#flow .move details.damage[open] input[name=comment]", "rách bìa")
	page.Click("#flow .move details.damage[open] button")
	page.Wait(`document.querySelector(".said-bar")`)
	look("damaged")
	var torn kiosk.Item
	err := p.store.View(t.Context(), func(v kiosk.View) (err error) { torn, err = v.ItemByBarcode(book); return err })
	if err != nil || torn.State.Condition != kiosk.ConditionDamaged {
		t.Errorf("the condition is %q, %v", torn.State.Condition, err)
	}

	// The desk's own keyboard: card, book, and back.
	desk()
	page.Type("#code", "HS002\r")
	page.WaitText("Bình")
	page.Type("#code", "S007\r")
	page.Wait(`document.querySelector(".answer.good") && document.body.innerText.includes("Truyện mẫu 7")`)
	look("counter")
	with("S007", "HS002")

	// What another has, taken back and lent on to one who may still have a book.
	if got := scan("S000"); got != string(kiosk.Returned) {
		t.Fatalf("S000: %s", got)
	}
	scan("HS001")
	if got := scan("S007"); got != "refused:"+string(kiosk.ReasonOnLoanToOther) {
		t.Fatalf("at the kiosk what another has is %s", got)
	}
	desk()
	page.Wait(`document.querySelector('#news form[action$="/lend-on"] button')`)
	page.Click(`#news form[action$="/lend-on"] button`)
	page.Wait(`document.querySelector(".said-bar")`)
	look("lent-on")
	with("S007", "HS001")
	w.Replayed()
}
