//go:build linux

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"muontra/kiosk/station"
	"muontra/labels/symbol"
	"muontra/web/webtest"
)

// labelPhoto is a label on a table, a little askew, as a camera sees it. The
// codes stand side by side.
func labelPhoto(t testing.TB, w, h, module int, codes ...string) *image.Gray {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(color.Gray{Y: 120}), image.Point{}, draw.Src)
	for i, code := range codes {
		s, err := symbol.New(symbol.Code128, code)
		if err != nil {
			t.Fatal(err)
		}
		pix, pw, _ := s.Paint(module)
		ph := 30 * module
		src := &image.Gray{Pix: bytes.Repeat(pix[:pw], ph), Stride: pw, Rect: image.Rect(0, 0, pw, ph)}
		x, y := float64(w*(2*i+1)/(2*len(codes))-pw/2), float64(h-ph)/2
		const sin, cos = .087, .996 // five degrees
		xdraw.BiLinear.Transform(img, f64.Aff3{cos, -sin, x, sin, cos, y - sin*float64(pw)/2}, src, src.Rect, draw.Src, nil)
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// film is a video of one picture, in the one format that needs no encoder.
func film(t testing.TB, img *image.Gray) string {
	t.Helper()
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var b bytes.Buffer
	fmt.Fprintf(&b, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n", w, h)
	for range 3 {
		b.WriteString("FRAME\n")
		b.Write(img.Pix)
		b.Write(bytes.Repeat([]byte{128}, w/2*h/2*2))
	}
	name := filepath.Join(t.TempDir(), "film.y4m")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A pupil's card as a photo through the file input, a book before the live
// camera: to a loan in the database.
func TestFromTheCameraToALoan(t *testing.T) {
	page := webtest.OpenWhole(t, "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream",
		"use-file-for-fake-video-capture="+film(t, labelPhoto(t, 1280, 720, 5, "S001")))
	p := startProgram(t, programConfig{})
	w := furnishForTest(t, p)

	page.Resize(webtest.Size{W: 390, H: 844})
	page.Go(p.URLs()[0] + "/kiosk/desk")
	page.Wait(`document.body.dataset.ready === "yes"`)
	page.Wait(`!document.getElementById("camera").hidden`) // a phone, and no scanner
	page.Axe("a phone's kiosk page")
	page.Picture("camera-phone-idle")

	photo := func(img image.Image) string {
		name := filepath.Join(t.TempDir(), "IMG_0001.jpg")
		if err := os.WriteFile(name, jpegOf(t, img), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	// What no barcode is in, and what two are in, is said; nothing is done.
	page.ChooseFile("#camera-file", photo(labelPhoto(t, 1200, 900, 4)))
	page.WaitText("Chưa thấy mã vạch")
	page.Picture("camera-phone-nothing")
	page.ChooseFile("#camera-file", photo(labelPhoto(t, 1600, 900, 4, "HS001", "HS002")))
	page.WaitText("nhiều mã vạch")

	page.ChooseFile("#camera-file", photo(labelPhoto(t, 4000, 3000, 12, "HS001"))) // 12 megapixels
	page.Wait(`document.body.dataset.phase === "session"`)
	page.WaitText("An")
	page.Picture("camera-phone-session")

	page.Tap("#camera")
	page.Wait(`document.getElementById("camera-view").open || document.body.innerText.includes("Truyện mẫu một")`)
	page.WaitText("Truyện mẫu một")
	page.Wait(`!document.getElementById("camera-view").open`)
	page.Picture("camera-phone-loan")
	if card, _ := w.Borrower("S001"); card != "HS001" {
		t.Errorf("S001 is with %q", card)
	}
	// The camera is off: its light would frighten, and the phone's battery.
	page.Wait(`document.getElementById("camera-video").srcObject === null`)
	w.Replayed()
}

// What the live camera looks like while nothing can be read, and that a
// scanner, once it typed, takes the button's place.
func TestCameraLooksAndGoes(t *testing.T) {
	page := webtest.OpenWhole(t, "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream",
		"use-file-for-fake-video-capture="+film(t, labelPhoto(t, 640, 480, 4)))
	p := startProgram(t, programConfig{})
	furnishForTest(t, p)
	for _, size := range []webtest.Size{{W: 390, H: 844}, {W: 1024, H: 600}} {
		page.Resize(size)
		page.Go(p.URLs()[0] + "/kiosk/desk?camera=1")
		page.Wait(`document.body.dataset.ready === "yes" && !document.getElementById("camera").hidden`)
		page.Picture(fmt.Sprintf("camera-button-%d", size.W))
		page.Tap("#camera")
		page.WaitText("Chưa thấy mã vạch. Đưa lại gần hơn")
		name := fmt.Sprintf("the live camera at %d", size.W)
		page.Axe(name)
		page.Layout(name)
		page.Picture(fmt.Sprintf("camera-live-%d", size.W))
		page.Tap("#camera-close")
		page.Wait(`document.getElementById("camera-video").srcObject === null`)
	}
	// Without being asked for, by touch and with a camera: there, until a
	// scanner types.
	page.Resize(webtest.Sizes[0])
	page.Go(p.URLs()[0] + "/kiosk/desk")
	page.Wait(`document.body.dataset.ready === "yes" && !document.getElementById("camera").hidden`)
	var keys []map[string]any
	for i, c := range "20000999" {
		keys = append(keys, map[string]any{"key": string(c), "code": "Digit" + string(c), "at": i * 10})
	}
	page.Keys(append(keys, map[string]any{"key": "Enter", "code": "Enter", "at": 90}))
	page.Wait(`document.getElementById("camera").hidden`)
	page.Go(p.URLs()[0] + "/kiosk/desk?camera=0")
	page.Wait(`document.body.dataset.ready === "yes"`)
	if webtest.Eval[bool](page, `!document.getElementById("camera").hidden`) {
		t.Error("the button is there though it was asked away")
	}
}

// Pictures over HTTP, as a program sends them: the same inbox, the same rules.
func TestPicturesOverHTTP(t *testing.T) {
	p := startProgram(t, programConfig{})
	w := furnishForTest(t, p)
	send := func(id string, img image.Image) (int, string) {
		t.Helper()
		res, err := http.Post(p.URLs()[0]+"/api/v1/stations/desk/pictures?command_id="+id, "image/jpeg", bytes.NewReader(jpegOf(t, img)))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	want := func(what string, status int, body string, wantStatus int, has string) {
		t.Helper()
		if status != wantStatus || !strings.Contains(body, has) {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	card, book := labelPhoto(t, 1280, 960, 5, "HS001"), labelPhoto(t, 1280, 960, 5, "S001")
	status, body := send("a", labelPhoto(t, 1280, 960, 5))
	want("an empty table", status, body, 422, "no_barcode")
	status, body = send("a", card)
	want("the card, under the same id", status, body, 200, "session_opened")
	lent := time.Now()
	status, body = send("b", book)
	want("the book", status, body, 200, "checked_out")
	status, body = send("b", book)
	want("the book sent again after a cut", status, body, 200, "checked_out")
	status, body = send("c", book)
	if took := time.Since(lent); took >= station.DoubleScan {
		// So slow a machine has read the book later than the window of double scans,
		// and a book that is scanned again after that goes back.
		t.Logf("three pictures took %v: that the book is still before the camera was not tried", took)
	} else {
		want("the book still before the camera", status, body, 200, "ignored")
		if c, _ := w.Borrower("S001"); c != "HS001" {
			t.Errorf("S001 is with %q", c)
		}
	}
	w.Replayed()
}
