package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/webtest"
)

// A librarian's acts on people in the real program and a browser: a pupil is
// added, loses the card, gets a new one, which opens the kiosk; the school year
// begins and is taken back; nothing contradicts anything. Every page is looked
// at on a PC's and on a phone's screen, and axe finds nothing.
func TestPeopleFromTheClassListToTheNewYear(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	page := webtest.Open(t)
	p := startProgram(t, programConfig{})
	w := kiosktest.NewWorld(t, p.store, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
	w.Patron(kiosk.Pupil, "HS001", "Mẫu Văn Bình", "3A", 3)
	w.Patron(kiosk.Pupil, "HS002", "Mẫu Thị Ân", "3A", 3)
	w.Patron(kiosk.Pupil, "HS003", "Mẫu Gia Cường", "5A", 5)
	w.Copy("30000013", "Truyện mẫu quá hạn", kiosk.Children, "")
	w.Lent("HS001", "30000013", w.Today().Add(-3).String())
	w.Copy("30000021", "Truyện mẫu đang mượn", kiosk.Children, "")
	w.Lent("HS003", "30000021", w.Today().Add(3).String())
	base := p.URLs()[0]
	page.CalmMotion()
	page.Resize(webtest.Size{W: 1366, H: 768})
	page.Go(base + "/desk")
	page.Type("#name", "thuvien")
	page.Type("#password", webtest.Password)
	page.Type("#again", webtest.Password)
	page.Click("main button[type=submit]")
	page.Wait(`document.querySelector(".who")`)
	look := func(name string) {
		t.Helper()
		for _, size := range []struct {
			name string
			webtest.Size
		}{{"-phone", webtest.Size{W: 390, H: 844}}, {"", webtest.Size{W: 1366, H: 768}}} {
			page.Resize(size.Size)
			if wide := page.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide: %s", name, size.name, wide, webtest.Eval[string](page, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 4).map(e => e.outerHTML.slice(0, 90)).join(" | ")`))
			}
			page.Axe(name + size.name)
			page.Picture("people-" + name + size.name)
		}
	}
	scan := func(code string) string {
		return webtest.Eval[string](page, `(async () => {
  const res = await fetch("/api/v1/stations/desk/scans", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({code: "`+code+`"})});
  const r = await res.json();
  return r.outcome + (r.reason ? ":" + r.reason : "");
})()`)
	}

	// Ân stands before Bình.
	page.Go(base + "/desk/classes")
	page.WaitText("3A")
	look("classes")
	page.Click(`.list a[href^="/desk/classes/"]`)
	page.WaitText("Mẫu Thị Ân")
	if got := webtest.Eval[string](page, `[...document.querySelectorAll(".person b")].map(e => e.textContent).join(", ")`); got != "Mẫu Thị Ân, Mẫu Văn Bình" {
		t.Errorf("the class list: %s", got)
	}
	look("class")
	page.Click(`.head a[href*="class="]`)
	page.WaitText("Họ và tên")
	look("new")
	page.Type("#name", `Mẫu "Bo" <b>Đạt</b>`)
	page.Click("main .grid-form button[type=submit]")
	page.WaitText("Đã thêm")
	page.WaitText(`Mẫu "Bo" <b>Đạt</b>`)
	who := webtest.Eval[string](page, "location.pathname")
	first := webtest.Eval[string](page, `document.querySelector(".row-box b").textContent`)

	page.Click(`button[name=what][value=lost]`)
	page.WaitText("Đã báo mất")
	if got := scan(first); got != "refused:card_blocked" {
		t.Errorf("the lost card: %s", got)
	}
	page.Click(`form[action$="/card"] button`)
	page.WaitText("Đã cấp thẻ mới")
	second := webtest.Eval[string](page, `document.querySelector(".row-box b").textContent`)
	if got := scan(second); second == first || got != "session_opened" {
		t.Errorf("the new card %s: %s", second, got)
	}
	scan("%FINISH")

	// A photo; one that is none is refused in words.
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "anh.png"), filepath.Join(folder, "anh.jpg")
	img := image.NewRGBA(image.Rect(0, 0, 600, 800))
	for y := range 800 {
		for x := range 600 {
			img.Set(x, y, color.RGBA{uint8(x / 3), uint8(y / 4), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(good, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bad, []byte("not a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	page.ChooseFile("#photo", bad)
	page.Click(`form[action$="/photo"] button`)
	page.WaitText("không phải ảnh")
	page.ChooseFile("#photo", good)
	page.Click(`form[action$="/photo"] button`)
	page.WaitText("Đã lưu ảnh")
	page.Wait(`document.querySelector(".face.big")?.complete`)
	if _, err := os.Stat(filepath.Join(p.cfg.data, photosFolder, second+".jpg")); err != nil {
		t.Error(err)
	}
	page.Type("#note", "Ghi chú mẫu")
	page.Click(`form[action$="/notes"] button`)
	page.WaitText("Đã ghi chú")
	page.Click(`form[action$="/status"] button[value=blocked]`)
	page.WaitText("Ô này cần điền")
	look("person")
	page.Go(base + who + "/edit")
	page.WaitText("Sửa thông tin")
	look("edit")
	page.Go(base + who + "/data")
	page.WaitText("Những gì thư viện biết")
	look("data")
	page.Go(base + who + "/forget")
	page.WaitText("không hoàn tác được")
	page.Click("main .grid-form button[type=submit]")
	page.WaitText("Chưa đúng họ tên")
	look("forget")
	page.Go(base + "/desk/privacy")
	page.WaitText("Lần chạy gần nhất")
	page.Click(`form[action$="/run"] button`)
	page.WaitText("Đã chạy")
	look("privacy")

	// The year: tried, begun, begun again by an old page, taken back.
	page.Go(base + "/desk/year")
	page.WaitText("Xem thử: sẽ thành như thế này")
	look("year")
	page.Type("#extra", "1A, 1B")
	page.Click(`form[action="/desk/year"] button`)
	page.Wait(`location.hash === "#plan" && document.readyState === "complete"`)
	page.Click(`a[href^="/desk/year/class/"]`)
	page.WaitText("Từng em của lớp")
	look("year-class")
	page.Click(`input[value=repeat]`)
	page.Click("main form button[type=submit]")
	page.WaitText("em khác lớp")
	page.Click(`form[action$="/begin"] button`)
	page.WaitText("còn lâu mới hết")
	page.Click(`input[name=sure]`)
	page.Click(`form[action$="/begin"] button`)
	page.WaitText("Đã lập năm học")
	page.WaitText("Hoàn tác được đến hết ngày")
	look("year-begun")
	page.WaitText("vừa mới lập")
	page.Click(`form[action="/desk/year/undo"] button`)
	page.WaitText("Lượt mượn còn nguyên")
	if card, _ := w.Borrower("30000021"); card != "HS003" {
		t.Errorf("the leaver's book is with %q", card)
	}
	faults, err := p.store.Check(t.Context())
	if err != nil || len(faults) > 0 {
		t.Errorf("check: %v, %v", faults, err)
	}
}

// The nights of a PC that is off are made up for, once.
func TestNextNight(t *testing.T) {
	loc := time.FixedZone("+7", 7*60*60)
	for _, c := range []struct{ last, next string }{
		{"2026-11-24 09:00", "2026-11-25 02:00"}, {"2026-11-24 01:59", "2026-11-24 02:00"}, {"2026-11-24 02:00", "2026-11-25 02:00"}, {"2026-12-31 23:00", "2027-01-01 02:00"},
	} {
		last, err := time.ParseInLocation("2006-01-02 15:04", c.last, loc)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextNight(last, loc).Format("2006-01-02 15:04"); got != c.next {
			t.Errorf("after %s comes %s, want %s", c.last, got, c.next)
		}
	}
}

// Photos stay in their folder, whatever a card is called.
func TestPhotoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "photos")
	f := photoFolder(dir)
	if f.Has("20000014") || f.Remove("20000014") != nil {
		t.Error("a folder that is not there has photos")
	}
	for _, card := range []string{"../x", "a/b", ""} {
		if _, err := f.Save(card, []byte("x")); err == nil {
			t.Errorf("%q is a file", card)
		}
	}
	if _, err := f.Save("20000014", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := f.Follow("20000014", "20000022"); err != nil || !f.Has("20000022") {
		t.Errorf("the new card's photo: %v", err)
	}
	if err := f.Follow("20000030", "20000048"); err != nil || f.Has("20000048") {
		t.Errorf("no photo follows: %v", err)
	}
	if err := f.Remove("20000014", "20000022", "../x"); err != nil || f.Has("20000014") || f.Has("20000022") {
		t.Errorf("removed: %v", err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "x.jpg")); err == nil {
		t.Error("a file outside the folder")
	}
}
