//go:build linux

package main

import (
	"image"
	"image/color"
	"image/draw"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/labels/symbol"
	"muontra/web/password"
	"muontra/web/webtest"
)

// qrPhoto is a card with a QR code on a table, as a phone's camera takes it.
func qrPhoto(t testing.TB, text string) string {
	t.Helper()
	s, err := symbol.New(symbol.QR, text)
	if err != nil {
		t.Fatal(err)
	}
	const dots = 14
	img := image.NewGray(image.Rect(0, 0, 1200, 900))
	draw.Draw(img, img.Rect, image.NewUniform(color.Gray{Y: 120}), image.Point{}, draw.Src)
	at := func(x, y int) image.Point { return image.Pt(380+x*dots, 240+y*dots) }
	draw.Draw(img, image.Rectangle{at(-4, -4), at(s.Cols+4, s.Rows+4)}, image.NewUniform(color.Gray{Y: 235}), image.Point{}, draw.Src)
	for _, b := range s.Bars {
		draw.Draw(img, image.Rectangle{at(b.X, b.Y), at(b.X+b.W, b.Y+b.H)}, image.NewUniform(color.Gray{Y: 25}), image.Point{}, draw.Src)
	}
	name := filepath.Join(t.TempDir(), "IMG_0002.jpg")
	if err := os.WriteFile(name, jpegOf(t, img), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// classCorner makes 3A's corner with both sample books, and its teacher.
func classCorner(t testing.TB, p *program, w *kiosktest.World) {
	t.Helper()
	ctx := t.Context()
	var class kiosk.ID
	err := p.store.View(ctx, func(v kiosk.View) error {
		r, err := v.Rules(w.Today())
		if err != nil {
			return err
		}
		all, err := v.Classes(r.Year.ID)
		for _, c := range all {
			if c.Name == "3A" {
				class = c.ID
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	teacher := w.Patron(kiosk.Teacher, "20002119", "Cô Mẫu Lan", "", 0)
	pin, err := password.HashPIN("583920")
	if err != nil {
		t.Fatal(err)
	}
	var staff kiosk.Attempt
	err = p.store.Update(ctx, func(tx kiosk.Tx) error {
		a, err := tx.AccountByName("thuthu")
		if err != nil {
			return err
		}
		staff = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: a.ID}
		return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: "co-mau", Role: kiosk.Collaborator, PINHash: pin, PatronID: teacher.ID, Classes: []kiosk.ID{class}, CreatedAt: w.Now().UTC()})
	})
	if err != nil {
		t.Fatal(err)
	}
	place, err := p.desk.AddPlace(ctx, staff, kiosk.Place{Code: "G3A", Name: "Góc lớp 3A", Kind: kiosk.ClassCorner})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.desk.SetCorner(ctx, staff, place.ID, func(c kiosk.Corner) (kiosk.Corner, error) { c.Class = class; return c, nil }); err != nil {
		t.Fatal(err)
	}
	err = p.store.View(ctx, func(v kiosk.View) error {
		return v.EachItem(func(i kiosk.Item) error {
			_, err := p.desk.Change(ctx, staff, i.ID, kiosk.CopyChange{Place: place.ID})
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A teacher's phone in the school's network, the real program with its own
// authority: not trusted, it does not open; trusted by the browser's own store,
// it is enrolled by the desk's code, opened by a photo of the QR card and the
// PIN, and a book is lent by the live camera. Then the program is gone: the page
// opens all the same, goes on by touch, and sends when the program is back.
func TestATeachersPhoneInTheSchoolsNetwork(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	trust := trustStore(t)
	data := t.TempDir()
	p, stop := startHub(t, data, schoolIP+":0")
	w := furnishForTest(t, p)
	secure := p.URLs()[1]
	t.Run("untrusted", func(t *testing.T) {
		if why := webtest.OpenWhole(t).Refused(secure + "/corner/"); !strings.Contains(why, "ERR_CERT_AUTHORITY_INVALID") {
			t.Error(why)
		}
	})
	trust(p)
	l := newLibrarian(t, p)
	classCorner(t, p, w)
	if status, body := l.post("/desk/phones", url.Values{"phone": {"Máy cô Mẫu"}, "token": {"token-of-a-test"}}); status != 303 {
		t.Fatal(status, body)
	}
	code := regexp.MustCompile(`/desk/phones/qr.png\?code=([0-9]{6})`).FindStringSubmatch(l.get("/desk/machines"))
	if code == nil {
		t.Fatal("no code for a phone on the desk's page")
	}

	page := webtest.OpenWhole(t, "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream",
		"use-file-for-fake-video-capture="+film(t, labelPhoto(t, 1280, 720, 5, "S001")))
	page.Resize(webtest.Phone)
	page.Go(secure + "/corner/enrol?code=" + code[1])
	page.Tap("main button[type=submit]")
	page.Wait(`document.body.dataset.ready === "yes" && document.body.dataset.view === "signin"`)
	page.ChooseFile("#camera-file", qrPhoto(t, "20002119"))
	page.Wait(`document.getElementById("card").value === "20002119"`)
	page.Type("#pin", "583920")
	page.Tap(".pin button[type=submit]")
	page.Wait(`document.querySelectorAll(".name").length === 2`)
	page.Wait(`document.body.dataset.offline === "yes"`)
	if !webtest.Eval[bool](page, `navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)`) {
		t.Error("no service worker over the school's own certificate")
	}

	page.Tap(".name") // An
	page.WaitText("Quét sách")
	page.Tap(".scan")
	page.WaitText("Đã ghi: An mượn Truyện mẫu một")
	page.Wait(`!document.getElementById("camera-view").open && document.body.dataset.waiting === "0"`)
	page.Picture("corner-camera-lent")
	if card, _ := w.Borrower("S001"); card != "HS001" {
		t.Errorf("S001 is with %q", card)
	}

	stop() // the PC is switched off
	page.Go(secure + "/corner/")
	page.Wait(`document.body.dataset.ready === "yes" && document.querySelectorAll(".name").length === 2`)
	page.Tap("li:nth-child(2) .name") // Bình
	page.WaitText("Truyện mẫu hai")
	page.Tap(".book")
	page.WaitText("1 lượt chưa gửi")
	page.Picture("corner-pc-off")

	back, _ := startHub(t, data, strings.TrimPrefix(secure, "https://"))
	page.Tap("#state")
	page.Tap("main > button:not(.plain)") // send now
	page.Wait(`document.body.dataset.waiting === "0"`)
	w = kiosktest.NewWorld(t, back.store, w.Now().UTC().Format("2006-01-02 15:04:05"))
	if card, _ := w.Borrower("S002"); card != "HS002" {
		t.Errorf("S002 is with %q", card)
	}
}
