package web_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web"
	"muontra/web/webtest"
)

// inHand is the page in a browser of a phone's size, signed in as the teacher.
func (c *classroom) inHand(p *webtest.Page) {
	c.t.Helper()
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	c.post("/desk/phones", "token", c.token("/desk/machines"), "phone", "Máy cô Mẫu")
	_, body := c.get("/desk/machines")
	_, code, _ := strings.Cut(body, "/desk/phones/qr.png?code=")
	p.Resize(webtest.Phone)
	p.Go(c.URL + "/corner/enrol?code=" + code[:6])
	p.Axe("enrolment")
	p.Picture("corner-enrol")
	p.Tap("main button[type=submit]")
	p.Wait(`document.body.dataset.view === "signin"`)
	p.Axe("the sign-in")
	p.Picture("corner-signin")
	p.Type("#card", "20000016")
	p.Type("#pin", teacherPIN)
	p.Tap(".pin button[type=submit]")
	p.Wait(`document.body.dataset.view === "corner" && document.querySelectorAll(".name").length === 3`)
}

func (c *classroom) name(p kiosk.Patron) string { return fmt.Sprintf(`[data-pupil=%q]`, p.ID) }
func (c *classroom) book(i kiosk.Item) string   { return fmt.Sprintf(`[data-copy=%q]`, i.ID) }

// sent waits until the page has nothing to send.
func sent(p *webtest.Page) { p.Wait(`document.body.dataset.waiting === "0"`) }

// A lesson on a phone: lend by two touches, take back by one, count the reading;
// the network cut in between and restored; what is said, and what the desk has
// at the end.
func TestWalkTheCornerOnAPhone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t)
	p := webtest.Open(t)
	c.inHand(p)
	// Given names big, by given name.
	names := webtest.Eval[[]string](p, `[...document.querySelectorAll(".name b")].map(b => b.textContent)`)
	if !slices.Equal(names, []string{"An", "Bình", "Chi"}) {
		t.Errorf("the names: %v", names)
	}
	see := func(what string) {
		t.Helper()
		p.Axe(what)
		fits(t, p, what)
		p.Picture("corner-" + what)
	}
	see("names")
	p.Wait(`document.body.dataset.offline === "yes"`) // the worker has all it needs
	webtest.Eval[any](p, `window.touches = 0; addEventListener("pointerdown", () => window.touches++, true); 0`)

	p.Tap(c.name(c.an))
	p.Wait(`document.querySelector(".chosen b")?.textContent === "An"`)
	see("books")
	p.Tap(c.book(c.books[0]))
	p.WaitText("Đã ghi: An mượn Truyện mẫu số 1")
	sent(p)
	p.WaitText("Đã gửi hết")
	see("lent")
	if got := c.getsTo(c.books[0], "20000115"); got != "20000115" {
		t.Errorf("the book is with %q", got)
	}
	if n := webtest.Eval[int](p, `window.touches`); n != 2 {
		t.Errorf("a loan took %d touches", n)
	}

	// Without a network everything goes on, and says so.
	p.Cut(true)
	p.Tap(c.name(c.binh))
	p.Type("#number", strings.TrimLeft(strings.TrimPrefix(c.books[1].Accession, "TN."), "0"))
	p.Wait(`document.querySelectorAll("[data-copy]").length === 1`)
	p.Tap(c.book(c.books[1]))
	p.WaitText("Bình mượn Truyện mẫu số 2")
	p.WaitText("1 lượt chưa gửi")
	p.Tap(`#tabs button:nth-child(2)`)
	see("returning")
	p.Tap(c.book(c.books[0]))
	p.WaitText("Đã ghi: trả Truyện mẫu số 1")
	p.Tap(`#tabs button:nth-child(3)`)
	p.Tap(`.step:nth-child(3)`)
	see("reading")
	p.Tap("#read")
	p.WaitText("Đã ghi 6 lượt đọc tại lớp")
	p.WaitText("3 lượt chưa gửi")
	p.Tap("#state")
	p.WaitText("Chưa gửi: 3")
	see("waiting")
	if c.holder(c.books[1]) != "" || c.holder(c.books[0]) == "" {
		t.Error("the network was not cut")
	}
	// The page opens anew without a network, with all of it.
	p.Go(c.URL + "/corner/")
	p.Wait(`document.body.dataset.waiting === "3" && document.querySelectorAll(".name").length === 3`)
	p.WaitText("đang giữ 1") // Bình, as it is on the phone
	// Meanwhile the same book is lent on another phone, earlier by the server's
	// clock than it arrives: this phone's is later.
	c.lentInCorner(c.chi, c.books[1])
	p.Cut(false)
	webtest.Eval[any](p, `dispatchEvent(new Event("online")); 0`)
	sent(p)
	p.WaitText("1 việc cần xem")
	p.Tap("#state")
	p.WaitText("Cần xem")
	see("told")
	c.view(func(v kiosk.View) error {
		all, err := v.Readings(c.corner, kiosk.Day{Year: 2000, Month: 1, Day: 1}, kiosk.Day{Year: 2100, Month: 1, Day: 1})
		if len(all) != 1 || all[0].Count != 6 || all[0].Source != kiosk.FromPhone {
			t.Errorf("readings %+v", all)
		}
		return err
	})
	if c.holder(c.books[0]) != "" || c.counted(c.books[1]) != 2 {
		t.Errorf("returned: %q; two loans of the second: %d", c.holder(c.books[0]), c.counted(c.books[1]))
	}
	p.Tap(".told button")
	p.Wait(`!document.querySelector(".told")`)

	// Signing out with something unsent: told, and kept.
	p.Cut(true)
	p.Tap(".plain")
	p.Tap(`#tabs button:nth-child(1)`)
	p.Tap(c.name(c.chi))
	p.Tap(c.book(c.books[3]))
	p.WaitText("1 lượt chưa gửi")
	p.Tap("#menu")
	see("menu")
	p.Tap("main > button:last-child")
	p.WaitText("Còn 1 lượt chưa gửi")
	see("leaving")
	p.Tap(".big button:last-child")
	p.Wait(`document.body.dataset.view === "signin" && document.body.dataset.waiting === "1"`)
	if text := webtest.Eval[string](p, `(async () => JSON.stringify(await (await import("/static/corner/db.js")).Store.open().then(s => s.get("data"))) ?? "none")()`); strings.Contains(text, "Mẫu") {
		t.Errorf("names stay on the phone after signing out: %s", text)
	}
	p.Cut(false)
	p.Type("#card", "20000016")
	p.Type("#pin", teacherPIN)
	p.Tap(".pin button[type=submit]")
	sent(p)
	p.Wait(`document.body.dataset.view === "corner"`)
	if c.getsTo(c.books[3], "20000131") != "20000131" {
		t.Error("what was unsent at the sign-out is not there")
	}
	c.Replayed()
}

// A whole class by touches alone: two a child.
func TestAWholeClassInTwoTouchesEach(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t)
	var pupils []kiosk.Patron
	var books []kiosk.Item
	for i := range 27 {
		pupils = append(pupils, c.Patron(kiosk.Pupil, fmt.Sprintf("200010%02d", i), fmt.Sprintf("Nguyễn Mẫu %c%c", 'A'+i%26, 'a'+i/26), "2A", 2))
		books = append(books, c.put(fmt.Sprintf("300010%02d", i), fmt.Sprintf("Sách mẫu thứ %d", i), c.corner))
	}
	p := webtest.Open(t)
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	p.Resize(webtest.Phone)
	enrolled(c, p)
	webtest.Eval[any](p, `window.touches = 0; addEventListener("pointerdown", () => window.touches++, true); 0`)
	for i := range pupils {
		p.Tap(c.name(pupils[i]))
		p.Tap(c.book(books[i]))
		p.WaitText(fmt.Sprintf("mượn Sách mẫu thứ %d\n", i))
	}
	sent(p)
	if n := webtest.Eval[int](p, `window.touches`); n != 2*len(pupils) {
		t.Errorf("%d touches for %d children", n, len(pupils))
	}
	for i := range pupils {
		if c.counted(books[i]) != 1 {
			t.Errorf("book %d is lent %d times", i, c.counted(books[i]))
		}
	}
	p.Picture("corner-class")
}

// fits reports what sticks out sideways, and what is too small to touch.
func fits(t testing.TB, p *webtest.Page, what string) {
	t.Helper()
	if found := webtest.Eval[string](p, `(() => {
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth) out.push("too wide by " + (document.documentElement.scrollWidth - innerWidth));
  for (const e of document.querySelectorAll("button, a, input")) {
    const r = e.getBoundingClientRect();
    if (e.checkVisibility() && r.width && (r.height < 59.5 || r.width < 63.5)) out.push("small " + Math.round(r.width) + "x" + Math.round(r.height) + " " + e.textContent.slice(0, 30));
    if (e.checkVisibility() && e.scrollWidth > e.clientWidth + 1) out.push("cut " + e.textContent.slice(0, 30));
  }
  return out.join("\n");
})()`); found != "" {
		t.Errorf("%s:\n%s", what, found)
	}
}

// enrolled signs the teacher in on an enrolled phone, without looking at it.
func enrolled(c *classroom, p *webtest.Page) {
	c.t.Helper()
	code := phoneCode(c)
	p.Go(c.URL + "/corner/enrol?code=" + code)
	p.Tap("main button[type=submit]")
	p.Wait(`document.body.dataset.view === "signin" && document.body.dataset.ready === "yes"`)
	p.Type("#pin", teacherPIN)
	webtest.Eval[any](p, `document.getElementById("card").value = "20000016"; 0`) // it may have been filled in from the last time
	p.Tap(".pin button[type=submit]")
	p.Wait(`document.body.dataset.view === "corner" && document.querySelectorAll(".name").length > 0`)
}

func phoneCode(c *classroom) string {
	c.t.Helper()
	c.post("/desk/phones", "token", c.token("/desk/machines"), "phone", "Máy cô Mẫu")
	_, body := c.get("/desk/machines")
	_, code, _ := strings.Cut(body, "/desk/phones/qr.png?code=")
	return code[:6]
}

// Two hundred acts without a network, the browser killed between them and
// started again on the same profile: all are there, and are sent once, in order.
func TestTwoHundredActsOfADeadPhone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	const acts = 200
	c := newClassroom(t)
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	profile := "user-data-dir=" + t.TempDir()
	p := webtest.OpenWhole(t, profile)
	p.Resize(webtest.Phone)
	enrolled(c, p)
	p.Wait(`document.body.dataset.offline === "yes"`)
	before := len(c.Events())
	for n := 0; n < acts; {
		p.Cut(true)
		p.Wait(fmt.Sprintf(`document.body.dataset.ready === "yes" && document.body.dataset.waiting === "%d"`, n))
		// A third of them: a book lent, the book returned, in turn among three.
		var rounds [][][]string
		for ; n < acts; n++ {
			book, pupil := c.books[n/2%3], []kiosk.Patron{c.an, c.binh, c.chi}[n/2%3]
			if n%2 == 0 {
				rounds = append(rounds, [][]string{{`#tabs button:nth-child(1)`}, {c.name(pupil)}, {c.book(book)}})
			} else {
				rounds = append(rounds, [][]string{{`#tabs button:nth-child(2)`}, {c.book(book)}})
			}
			if n%67 == 66 {
				n++
				break
			}
		}
		touches, _ := json.Marshal(rounds)
		webtest.Eval[any](p, `(async () => {
  const there = async (ok) => { for (let n = 0; !ok(); n++) { if (n > 6000) throw new Error("waited in vain"); await new Promise((done) => setTimeout(done, 5)); } };
  for (const round of `+string(touches)+`) {
    const waiting = Number(document.body.dataset.waiting);
    for (const [q] of round) { await there(() => document.querySelector(q)); document.querySelector(q).click(); }
    await there(() => Number(document.body.dataset.waiting) === waiting + 1);
  }
  return 0;
})()`)
		// The battery dies: what the page has shown as noted is on the disk.
		p.Kill()
		p = webtest.OpenWhole(t, profile)
		p.Resize(webtest.Phone)
		p.Cut(true)
		p.Go(c.URL + "/corner/")
	}
	p.Wait(fmt.Sprintf(`document.body.dataset.ready === "yes" && document.body.dataset.waiting === "%d"`, acts))
	p.Picture("corner-two-hundred")
	if n := len(c.Events()); n != before {
		t.Fatalf("%d acts arrived without a network", n-before)
	}
	p.Cut(false)
	start := time.Now()
	webtest.Eval[any](p, `dispatchEvent(new Event("online")); 0`)
	p.Wait(`document.body.dataset.view === "signin" || document.body.dataset.waiting === "0"`)
	if webtest.Eval[string](p, `document.body.dataset.waiting`) != "0" {
		// A browser that dies soon after may have lost its cookies, never the acts.
		start = time.Now()
		enrolled(c, p)
	}
	sent(p)
	t.Logf("%d acts sent in %v", acts, time.Since(start))
	var got []string
	for _, e := range c.Events()[before:] {
		if e.Type == kiosk.EventCheckedOut || e.Type == kiosk.EventReturned {
			got = append(got, string(e.Type)+" "+string(e.CopyID))
		}
	}
	if len(got) != acts {
		t.Fatalf("%d acts were done, want %d", len(got), acts)
	}
	for n, g := range got {
		want := string(kiosk.EventCheckedOut)
		if n%2 == 1 {
			want = string(kiosk.EventReturned)
		}
		if want += " " + string(c.books[n/2%3].ID); g != want {
			t.Fatalf("act %d is %s, want %s", n, g, want)
		}
	}
	c.Replayed()
}

// touch touches one thing after the other, without the driver's own waiting.
func touch(p *webtest.Page, selectors ...string) {
	for _, s := range selectors {
		q, _ := json.Marshal(s)
		p.Wait(`document.querySelector(` + string(q) + `) !== null`)
		webtest.Eval[any](p, `document.querySelector(`+string(q)+`).click(); 0`)
	}
}

// A phone without room: the act is not shown as done. Room again, it is.
func TestAFullPhoneSaysSo(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t)
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	p := webtest.Open(t)
	p.Resize(webtest.Phone)
	enrolled(c, p)
	full := os.Getenv("MUONTRA_LONG") == ""
	if full {
		webtest.Eval[any](p, `window.add = IDBObjectStore.prototype.add; IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); }; 0`)
	} else {
		p.Quota(c.URL, 1)
	}
	// The browser looks at its quota anew when nobody has had the database open for
	// half a minute.
	for end := time.Now().Add(2 * time.Minute); !full && time.Now().Before(end); {
		p.Go("about:blank")
		time.Sleep(300 * time.Millisecond)
		p.Go(c.URL + "/corner/")
		p.Wait(`document.body.dataset.ready === "yes"`)
		full = webtest.Eval[bool](p, `(async () => {
  const s = await (await import("/static/corner/db.js")).Store.open();
  try { await s.keep("probe", "x".repeat(5000)); } catch (e) { return e.name === "QuotaExceededError"; } finally { s.db.close(); }
  return false;
})()`)
	}
	if !full {
		t.Skip("this browser does not enforce the quota that the test sets")
	}
	touch(p, c.name(c.an), c.book(c.books[0]))
	p.WaitText("CHƯA GHI ĐƯỢC")
	p.Picture("corner-full")
	if webtest.Eval[string](p, `document.body.dataset.waiting`) != "0" || c.holder(c.books[0]) != "" {
		t.Error("an act that could not be kept was taken for done")
	}
	p.Quota(c.URL, 0)
	webtest.Eval[any](p, `window.add && (IDBObjectStore.prototype.add = window.add); 0`)
	touch(p, c.book(c.books[0]))
	p.WaitText("Đã ghi: An mượn")
	sent(p)
	if c.getsTo(c.books[0], "20000115") != "20000115" {
		t.Error("the loan is not there")
	}
}

// What an older page left in the queue and nobody understands stays until a
// person has seen to it, and holds up nothing.
func TestAnActOfAnOlderPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t)
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	p := webtest.Open(t)
	p.Resize(webtest.Phone)
	enrolled(c, p)
	p.Cut(true)
	webtest.Eval[any](p, fmt.Sprintf(`(async () => {
  const s = await (await import("/static/corner/db.js")).Store.open();
  await s.add({ id: "cu-1", what: "muon", book: %q, state: "waits", text: "An: Truyện mẫu số 1" });
  return 0;
})()`, c.books[0].ID))
	p.Go(c.URL + "/corner/")
	p.Wait(`document.body.dataset.ready === "yes" && document.body.dataset.waiting === "1"`)
	touch(p, c.name(c.binh), c.book(c.books[1]))
	p.Cut(false)
	webtest.Eval[any](p, `dispatchEvent(new Event("online")); 0`)
	p.WaitText("1 việc cần xem")
	if c.getsTo(c.books[1], "20000123") != "20000123" {
		p.Wait(`document.body.dataset.waiting === "0"`)
	}
	touch(p, "#state")
	p.WaitText("bản trang khác")
	p.Picture("corner-older")
	p.Go(c.URL + "/corner/")
	p.WaitText("1 việc cần xem") // also after a reload
	touch(p, "#state", ".told button")
	p.Wait(`!document.querySelector(".told")`)
	if c.getsTo(c.books[1], "20000123") != "20000123" || c.holder(c.books[0]) != "" {
		t.Error("the act behind it was not done")
	}
}

// After eight hours without a touch the page asks for the PIN, without a network
// too; what was noted is still there.
func TestAPhoneLocksItself(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t)
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	p := webtest.Open(t)
	p.Resize(webtest.Phone)
	enrolled(c, p)
	p.Wait(`document.body.dataset.offline === "yes"`)
	p.Cut(true)
	touch(p, c.name(c.an), c.book(c.books[0]))
	p.Wait(`document.body.dataset.waiting === "1"`)
	webtest.Eval[any](p, `(async () => {
  const s = await (await import("/static/corner/db.js")).Store.open();
  for (let n = 0; !(await s.get("lock")) && n < 600; n++) await new Promise((done) => setTimeout(done, 100));
  await s.keep("touched", Date.now() - 9 * 3600 * 1000);
  return 0;
})()`)
	p.Go(c.URL + "/corner/")
	p.Wait(`document.body.dataset.view === "lock"`)
	if strings.Contains(p.Text(), "Bình") {
		t.Error("a locked page shows names")
	}
	p.Axe("the lock")
	p.Picture("corner-lock")
	p.Type("#pin", "111112")
	p.Tap(".pin button[type=submit]")
	p.WaitText("Mã PIN chưa đúng")
	p.Type("#pin", teacherPIN)
	p.Tap(".pin button[type=submit]")
	p.Wait(`document.body.dataset.view === "corner" && document.body.dataset.waiting === "1"`)
}

// Without a certificate that the phone trusts, or none at all, the page works
// while it is connected, and says that it needs to be.
func TestTheCornerWithoutTrust(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	c := newClassroom(t, func(cfg *web.Config) { cfg.Hosts = []string{"library.test"} })
	c.teach("co-mau", "20000016", "Cô Mẫu Lan", c.class)
	p := webtest.OpenWhole(t, "host-resolver-rules=MAP library.test 127.0.0.1")
	p.Resize(webtest.Phone)
	here := c.URL
	code := phoneCode(c)
	c.URL = strings.Replace(here, "127.0.0.1", "library.test", 1)
	defer func() { c.URL = here }()
	p.Go(c.URL + "/corner/enrol?code=" + code)
	p.Tap("main button[type=submit]")
	p.Wait(`document.body.dataset.view === "signin" && document.body.dataset.ready === "yes"`)
	if webtest.Eval[bool](p, `isSecureContext`) {
		t.Fatal("the page is a secure context, so this proves nothing")
	}
	p.Type("#card", "20000016")
	p.Type("#pin", teacherPIN)
	p.Tap(".pin button[type=submit]")
	p.Wait(`document.querySelectorAll(".name").length === 3 && document.body.dataset.offline === "no"`)
	touch(p, c.name(c.an), c.book(c.books[0]))
	p.WaitText("Đã ghi: An mượn")
	sent(p)
	if c.getsTo(c.books[0], "20000115") != "20000115" {
		t.Error("the loan is not there")
	}
	touch(p, "#menu")
	p.WaitText("chỉ mở được khi có mạng")
	p.Picture("corner-without-trust")
}
