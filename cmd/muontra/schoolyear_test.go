package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/webtest"
)

// A librarian's year in the real program and a browser, from the empty folder
// to the next school year: what she does herself is done on the pages as she
// does it, what the children do is scanned at the kiosk. The calendar moves on
// in between. At the end nothing contradicts anything.
func TestTheLibrariansYear(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	y := openLibrary(t, "2026-09-07 07:30:00")

	y.setUp()
	y.importLists()
	y.newStock()
	y.monthOfLoans("2026-09-14")
	y.renewAll()
	y.overdue("2026-10-26 10:00:00")
	y.lookAround()
	y.recall("2027-05-10 08:00:00", "14/05/2027")
	y.takeBack("2027-05-17 15:00:00")
	y.newYear("2027-05-31 08:00:00")
	y.consistent()
}

// aYear is the library of the story.
type aYear struct {
	t     *testing.T
	p     *program
	w     *kiosktest.World
	page  *webtest.Page
	base  string
	long  bool
	lent  map[string]string // barcodes, and the cards they are with
	looks int
}

// openLibrary starts the program on an empty folder, with the clock of the story.
func openLibrary(t *testing.T, clock string) *aYear {
	t.Helper()
	y := &aYear{t: t, page: webtest.Open(t), lent: map[string]string{}, long: os.Getenv("MUONTRA_LONG") != ""}
	c := kiosktest.NewClock()
	at, err := time.ParseInLocation(time.DateTime, clock, time.FixedZone("+7", 7*60*60))
	if err != nil {
		t.Fatal(err)
	}
	c.Set(at)
	y.p = startProgram(t, programConfig{now: c.Now})
	y.w = kiosktest.NewWorldBy(t, y.p.store, c)
	y.base = y.p.URLs()[0]
	y.page.CalmMotion()
	y.page.Resize(webtest.Size{W: 1366, H: 768})
	return y
}

// look holds the page that is open against a PC's and a phone's screen. Axe runs
// in the long form: web's own walk runs it on every page.
func (y *aYear) look(name string) {
	y.t.Helper()
	y.page.Wait(`document.readyState === "complete"`)
	y.looks++
	for _, size := range []struct {
		name string
		webtest.Size
	}{{"-phone", webtest.Size{W: 390, H: 844}}, {"", webtest.Size{W: 1366, H: 768}}} {
		y.page.Resize(size.Size)
		if wide := y.page.TooWide(); wide > 0 {
			y.t.Errorf("%s%s is %d too wide: %s", name, size.name, wide, webtest.Eval[string](y.page, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 4).map(e => e.outerHTML.slice(0, 90)).join(" | ")`))
		}
		if y.long {
			y.page.Axe(name + size.name)
		}
		y.page.Picture(fmt.Sprintf("year-%02d-%s%s", y.looks, name, size.name))
	}
}

// open goes to a page of the desk, and signs in where the day before has ended.
func (y *aYear) open(path string) {
	y.t.Helper()
	y.page.Go(y.base + path)
	if !y.page.Has("#password") || !y.page.Has(`form[action="/desk/sign-in"]`) {
		return
	}
	y.page.Type("#name", "thuvien")
	y.page.Type("#password", webtest.Password)
	y.page.Click("main button[type=submit]")
	y.page.Wait(`!document.querySelector("#password")`)
}

// scan sends codes to the kiosk, a second or two apart, and gives the outcomes.
func (y *aYear) scan(codes ...string) []string {
	y.t.Helper()
	var said []string
	for _, code := range codes {
		y.w.Advance(2 * time.Second)
		b, _ := json.Marshal(code)
		said = append(said, webtest.Eval[string](y.page, `(async () => {
  const res = await fetch("/api/v1/stations/desk/scans", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({code: `+string(b)+`})});
  const r = await res.json();
  return r.outcome + (r.reason ? ":" + r.reason : "");
})()`))
	}
	return said
}

// visit is one child at the kiosk.
func (y *aYear) visit(card, book, want string) {
	y.t.Helper()
	said := y.scan(card, book, "%FINISH")
	if got := strings.Join(said, " "); got != "session_opened "+want+" session_ended" {
		y.t.Errorf("%s with %s: %s, want %s", card, book, got, want)
	}
	if want == "checked_out" {
		y.lent[book] = card
	}
}

func (y *aYear) view(fn func(kiosk.View) error) {
	y.t.Helper()
	if err := y.p.store.View(y.t.Context(), fn); err != nil {
		y.t.Fatal(err)
	}
}

// pupils are the cards of all pupils; books the barcodes that may be lent to them.
func (y *aYear) pupils() (cards []string) {
	y.view(func(v kiosk.View) error {
		return v.EachMember(y.w.Today(), func(m kiosk.Member) error {
			if m.Category == kiosk.Pupil && m.Class != "" {
				cards = append(cards, m.Card.Barcode)
			}
			return nil
		})
	})
	slices.Sort(cards)
	return cards
}

func (y *aYear) books() (bars []string) {
	y.view(func(v kiosk.View) error {
		return v.EachItem(func(i kiosk.Item) error {
			if i.Kind == kiosk.Children {
				bars = append(bars, i.Barcode)
			}
			return nil
		})
	})
	slices.Sort(bars)
	return bars
}

// The first start: one person's account, the school's name, its year as it is.
func (y *aYear) setUp() {
	p := y.page
	p.Go(y.base + "/desk")
	p.WaitText("Bước 1")
	y.look("account")
	p.Type("#name", "thuvien")
	p.Type("#password", webtest.Password)
	p.Type("#again", webtest.Password)
	p.Click("main button[type=submit]")
	p.WaitText("Cơ quan chủ quản")
	y.look("school")
	p.Type("#school", "Trường Tiểu học Mẫu")
	p.Click("main button[type=submit]")
	p.WaitText("Ba việc tiếp theo")
	y.look("doors")
}

// The lists that the school has, through the doors of the first page.
func (y *aYear) importLists() {
	p := y.page
	for i, l := range []struct{ subject, file, holds string }{
		{"patrons", "danh-sach-hoc-sinh.xlsx", "Học sinh"}, {"patrons", "danh-sach-giao-vien.xlsx", "Giáo viên"}, {"titles", "danh-sach-sach.xlsx", "Sách"},
	} {
		p.Go(y.base + "/desk/start")
		p.Click(fmt.Sprintf(`.doors a[href="/desk/lists?subject=%s"]`, l.subject))
		p.Wait(`document.getElementById("subject")`)
		if got := webtest.Eval[string](p, `document.getElementById("subject").value`); got != l.subject {
			y.t.Errorf("the door to %s leads to a list of %s", l.subject, got)
		}
		if i == 0 {
			y.look("lists")
		}
		file, err := filepath.Abs(testdata(y.t, "imports", l.file))
		if err != nil {
			y.t.Fatal(err)
		}
		p.ChooseFile("#file", file)
		p.Click(`form[action="/desk/lists/read"] button`)
		y.followTask()
		p.WaitText("Chưa ghi gì cả")
		if i != 1 {
			y.look("plan-" + l.subject)
		}
		p.Click(`form[action$="/apply"] button`)
		y.followTask()
		p.WaitText("Đã ghi: thêm")
	}
	if n := len(y.pupils()); n < 40 {
		y.t.Fatalf("%d pupils", n)
	}
	p.Go(y.base + "/desk/start")
	y.look("doors-done")
}

// followTask waits for work behind the page, and goes on to what it made.
func (y *aYear) followTask() {
	y.t.Helper()
	y.page.Wait(`!location.pathname.endsWith("/read") && !location.pathname.endsWith("/apply") && (location.pathname.startsWith("/desk/lists/plans/") || document.querySelector(".task a.button"))`)
	if y.page.Has(".task a.button") {
		y.page.Click(".task a.button")
		y.page.Wait(`location.pathname.startsWith("/desk/lists/plans/")`)
	}
}

// A box of new books: taken in, entered in the register, labelled, shelved.
func (y *aYear) newStock() {
	p := y.page
	y.w.Advance(20 * time.Minute)
	y.open("/desk/receipts/new")
	p.Type("#supplier", "Nhà sách mẫu")
	p.Type("#voucher", "HD-01")
	p.Click("main .grid-form button[type=submit]")
	p.WaitText("Phiếu nhập số 1")
	receipt := webtest.Eval[string](p, "location.pathname")
	p.Type("#q", "9780306406157\r") // as a scanner types it
	p.Wait(`location.pathname.endsWith("/add") && document.readyState === "complete"`)
	if p.Has(`a[href*="new=yes"]`) {
		p.Click(`a[href*="new=yes"]`)
	}
	p.Wait(`document.getElementById("quantity")`)
	p.Type(`[id="title.title"]`, "Truyện mẫu mới về")
	p.Type(`[id="title.class_number"]`, "895")
	webtest.Eval[bool](p, `(() => { const s = document.getElementById("home_place"); if (!s.value) s.value = s.options[1].value; document.getElementById("quantity").value = ""; return true })()`)
	p.Type("#quantity", "12")
	y.look("line")
	p.Click("main .grid-form button[type=submit]")
	p.WaitText("Việc cần làm với 12 cuốn")
	p.Go(y.base + receipt)
	p.Click(".columns li:nth-child(1) button")
	p.WaitText("Đã vào sổ 12 cuốn")
	p.Click(".columns li:nth-child(2) button")
	p.WaitText("12 cuốn có dấu")
	y.look("receipt")
	p.Click(".columns li:nth-child(3) a.button")
	p.WaitText("In: 12 nhãn, 1 trang")
	p.Wait(`document.querySelector(".page-picture img").complete`)
	y.look("labels")
	if kind := webtest.Eval[string](p, `(async () => {
  const res = await fetch(document.querySelector('a[href*="labels.pdf"]').href);
  return res.headers.get("content-type") + " " + (await res.text()).slice(0, 5);
})()`); kind != "application/pdf %PDF-" {
		y.t.Errorf("the labels: %s", kind)
	}
	p.Click(`form[action="/desk/labels/mark"] button`)
	p.WaitText("12 cuốn có nhãn")
	var codes []string
	y.view(func(v kiosk.View) error {
		items, err := v.ProcessingOf(kiosk.ID(strings.TrimPrefix(receipt, "/desk/receipts/")))
		for _, i := range items {
			codes = append(codes, i.Item.Barcode)
		}
		return err
	})
	p.Go(y.base + "/desk/shelve")
	for n, code := range codes[:2] {
		p.Type("#code", code+"\r")
		p.WaitText(fmt.Sprintf("TN.%05d", y.accession(code)))
		p.WaitText(fmt.Sprintf("Còn %d cuốn mới chờ xếp", 11-n))
	}
	y.look("shelve")
}

func (y *aYear) accession(barcode string) (n int) {
	y.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode(barcode)
		if err != nil {
			return err
		}
		_, err = fmt.Sscanf(i.Accession[strings.LastIndexByte(i.Accession, '.')+1:], "%d", &n)
		return err
	})
	return n
}

// A month at the kiosk: each school day some children borrow, and bring back
// what they borrowed the week before. Some keep it.
func (y *aYear) monthOfLoans(from string) {
	y.t.Helper()
	cards, books := y.pupils(), y.books()
	days, each := 8, 4
	if y.long {
		days, each = 20, 10
	}
	first, err := kiosk.ParseDay(from)
	if err != nil {
		y.t.Fatal(err)
	}
	y.open("/kiosk/desk")
	n, loans := 0, 0
	for day := first; days > 0; day = day.Add(1) {
		if wd := day.Weekday(); wd == time.Saturday || wd == time.Sunday {
			continue
		}
		days--
		y.w.Set(day.String() + " 09:10:00")
		// Back first: a book is returned without a card. Every fifth is kept.
		for _, book := range slices.Sorted(maps.Keys(y.lent)) {
			if _, due := y.w.Borrower(book); n%5 != 0 && due.Add(-3).Before(day) {
				if got := y.scan(book)[0]; got != "returned" {
					y.t.Errorf("%s at its return: %s", book, got)
				}
				delete(y.lent, book)
			}
			n++
		}
		for range each {
			card := cards[(loans*7)%len(cards)]
			i := slices.IndexFunc(books, func(b string) bool { return y.lent[b] == "" })
			if i < 0 || slices.Contains(slices.Collect(maps.Values(y.lent)), card) {
				loans++
				continue
			}
			y.visit(card, books[i], "checked_out")
			loans++
		}
	}
	if len(y.lent) < 5 {
		y.t.Fatalf("only %d books are out after the month", len(y.lent))
	}
}

// Some books are late: the list by class, and a slip for each reader.
func (y *aYear) overdue(clock string) {
	p := y.page
	y.w.Set(clock)
	late, who := 0, map[kiosk.ID]bool{}
	y.view(func(v kiosk.View) error {
		return v.EachLoan(true, func(l kiosk.Loan) error {
			if l.Overdue(y.w.Today()) {
				late, who[l.PatronRef] = late+1, true
			}
			return nil
		})
	})
	if late < 3 {
		y.t.Fatalf("%d loans are late", late)
	}
	y.open("/desk/overdue")
	p.WaitText(fmt.Sprintf("%d cuốn", late))
	y.look("overdue")
	if n := webtest.Eval[int](p, `document.querySelectorAll("tbody tr").length`); n != late {
		y.t.Errorf("the list has %d rows for %d late loans", n, late)
	}
	slips := webtest.Eval[string](p, `(async () => {
  const f = document.querySelector(".loan-form");
  const res = await fetch(f.action, {method: "POST", body: new URLSearchParams(new FormData(f))});
  const b = await res.text();
  return res.headers.get("content-type") + " " + b.slice(0, 5) + " " + (b.match(/\/Type \/Page\n/g) || b.match(/\/Type\s*\/Page[^s]/g) || []).length;
})()`)
	if want := fmt.Sprintf("application/pdf %%PDF- %d", (len(who)+1)/2); slips != want {
		y.t.Errorf("the slips for %d readers: %s, want %s", len(who), slips, want)
	}
}

// Before a holiday all loans are renewed at once, and that is taken back.
func (y *aYear) renewAll() {
	p := y.page
	dues := func() (all string) {
		y.view(func(v kiosk.View) error {
			return v.EachLoan(true, func(l kiosk.Loan) error {
				all += fmt.Sprintln(l.ID, l.DueOn, l.Renewals)
				return nil
			})
		})
		return all
	}
	before := dues()
	y.open("/desk/loans")
	y.look("loans")
	p.Click(`button[name=what][value=renew_all]`)
	p.Wait(`location.pathname === "/desk/loans" && document.querySelector(".said-bar")`)
	y.look("loans-renewed")
	if dues() == before {
		y.t.Errorf("nothing was renewed: %s", p.Text())
	}
	p.Click(`form[action="/desk/undo"] button`)
	p.WaitText("oàn tác")
	p.Wait(`!document.querySelector("form[action='/desk/undo']")`)
	if after := dues(); after != before {
		y.t.Errorf("after the undo:\n%s\nbefore:\n%s", after, before)
	}
}

// The end of the year: all that is still out comes back, a scan each.
func (y *aYear) takeBack(clock string) {
	p := y.page
	y.w.Set(clock)
	before := len(y.openLoans())
	y.open("/desk/counter")
	for n, book := range slices.Sorted(maps.Keys(y.lent)) {
		p.Type("#code", book+"\r")
		p.WaitText(fmt.Sprintf("TN.%05d", y.accession(book)))
		p.Wait(`document.querySelector(".answer.good") && document.readyState === "complete"`)
		if n == 0 {
			y.look("counter")
		}
		if card, _ := y.w.Borrower(book); card != "" {
			y.t.Errorf("%s is still with %s", book, card)
		}
		delete(y.lent, book)
		if !y.long && n == 4 {
			break
		}
	}
	out := len(y.openLoans())
	y.follow(before - out)
	y.open("/kiosk/desk")
	// The rest at the kiosk, by a helper's hand.
	for _, book := range slices.Sorted(maps.Keys(y.lent)) {
		if got := y.scan(book)[0]; got != "returned" {
			y.t.Errorf("%s at the year's end: %s", book, got)
		}
		delete(y.lent, book)
	}
	y.view(func(v kiosk.View) error {
		return v.EachLoan(true, func(l kiosk.Loan) error { y.t.Errorf("still out: %+v", l); return nil })
	})
	if out > 0 { // with all taken back at the counter, the recall is over already
		y.follow(before)
	}
}

// The new year: looked at first, begun, taken back, and begun in the end. Who
// is in which class is the same after the undo as before.
func (y *aYear) newYear(clock string) {
	p := y.page
	y.w.Set(clock)
	before := y.classes()
	y.open("/desk/year")
	p.WaitText("Xem thử: sẽ thành như thế này")
	y.look("year")
	if after := y.classes(); after != before {
		y.t.Error("looking has moved somebody")
	}
	begin := func() {
		y.t.Helper()
		p.Click(`form[action$="/begin"] button`)
		p.WaitText("Đã lập năm học")
	}
	begin()
	y.look("year-begun")
	p.Click(`form[action="/desk/year/undo"] button`)
	p.WaitText("Lượt mượn còn nguyên")
	y.look("year-undone")
	if after := y.classes(); after != before {
		y.t.Errorf("after the undo:\n%s\nbefore:\n%s", after, before)
	}
	begin()
	y.w.Set("2027-09-06 09:10:00")
	after := y.classes()
	if after == before || !strings.Contains(after, "5") || strings.Contains(after, " 1A") {
		y.t.Errorf("the classes of the new year: %s", after)
	}
	y.open("/desk/classes")
	p.WaitText("2027-2028")
	y.look("new-classes")
	// The first loan of the new year, on the same card.
	y.visit(y.pupils()[0], y.books()[0], "checked_out")
}

// classes is who is in which class now.
func (y *aYear) classes() string {
	var all []string
	y.view(func(v kiosk.View) error {
		return v.EachMember(y.w.Today(), func(m kiosk.Member) error {
			all = append(all, m.Card.Barcode+" "+m.Class)
			return nil
		})
	})
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// lookAround opens every page that the menu leads to, and one behind each kind
// of list, on both screens.
func (y *aYear) lookAround() {
	if !y.long {
		return
	}
	p := y.page
	y.open("/desk")
	links := `[...new Set([...document.querySelectorAll("nav a, .tabs a, main a")].map(a => a.getAttribute("href")).filter(h => h && h.startsWith("/desk") && !h.includes("#") && !h.includes("as=") && !h.includes(".pdf") && !h.includes(".json") && !h.includes("download")))]`
	seen := map[string]bool{}
	todo := []string{"/desk"}
	id := regexp.MustCompile(`/[0-9a-f]{8}-[0-9a-f-]{20,}`)
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		bare, _, _ := strings.Cut(path, "?")
		kind := id.ReplaceAllString(bare, "/ID")
		if seen[kind] || strings.HasPrefix(kind, "/desk/practice") {
			continue
		}
		seen[kind] = true
		p.Go(y.base + path)
		if !p.Has("main.wide") {
			continue
		}
		y.look("around" + strings.ReplaceAll(kind, "/", "-"))
		todo = append(todo, webtest.Eval[[]string](p, links)...)
	}
	if len(seen) < 30 {
		y.t.Errorf("only %d pages are reached from the desk: %v", len(seen), seen)
	}
}

// consistent is what the story must leave behind.
func (y *aYear) consistent() {
	y.w.Replayed()
	sumsAgree(y.t, y.p.store, y.w.Now())
	faults, err := y.p.store.Check(y.t.Context())
	if err != nil || len(faults) > 0 {
		y.t.Errorf("check: %v %v", faults, err)
	}
}
