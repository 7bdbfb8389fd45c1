//go:build linux

package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"muontra/devices"
	"muontra/kiosk"
	"muontra/web/webtest"
)

// plugged are what a machine with these cables says is plugged in, besides a
// keyboard and a mouse of the desk.
func plugged(cables ...*cable) func(context.Context) ([]devices.Candidate, error) {
	return func(context.Context) ([]devices.Candidate, error) {
		all := []devices.Candidate{
			{Key: "usb:046d:c31c", Kind: devices.HID, Name: "Bàn phím mẫu", Path: "1-2:1.0", VendorID: 0x046d, ProductID: 0xc31c, RecognisedAs: "keyboard", Likely: 1, Openable: true},
			{Key: "usb:046d:c077", Kind: devices.HID, Name: "Chuột mẫu", Path: "1-3:1.0", VendorID: 0x046d, ProductID: 0xc077, RecognisedAs: "mouse", Why: devices.WhyNoScanner},
		}
		for i, c := range cables {
			all = append(all, devices.Candidate{
				Key: devices.Key("serial:" + c.port), Kind: devices.Serial, Name: []string{"Cổng mẫu A", "Cổng mẫu B"}[i], Path: c.slave.Name(),
				VendorID: 0x1a86, RecognisedAs: "USB serial", Likely: 1, Openable: true,
			})
		}
		return all, nil
	}
}

func signInDesk(page *webtest.Page, url string) {
	page.Go(url + "/desk")
	page.Type("#name", "thuvien")
	page.Type("#password", webtest.Password)
	page.Type("#again", webtest.Password)
	page.Click("main button[type=submit]")
	page.Wait(`document.querySelector(".tabs")`)
}

// look takes a page's picture at both sizes of the desk and has it examined.
func look(t *testing.T, page *webtest.Page, name string) {
	t.Helper()
	for suffix, size := range map[string]webtest.Size{"": {W: 1366, H: 768}, "-phone": {W: 390, H: 844}} {
		page.Resize(size)
		if wide := page.TooWide(); wide > 0 {
			t.Errorf("%s%s is %d too wide", name, suffix, wide)
		}
		page.Axe(name + suffix)
		page.Picture(name + suffix)
	}
	page.Resize(webtest.Size{W: 1366, H: 768})
}

// As a librarian does: two things are plugged in that may be the scanner; she
// scans one picture, and the scanner works: a card and a book become a loan. It
// is moved to another station, and forgotten, without a restart.
func TestChooseAScannerOnThePage(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	page := webtest.Open(t)
	a, b := newCable(t), newCable(t)
	p := startProgram(t, programConfig{poll: 100 * time.Millisecond, list: plugged(a, b)})
	w := furnishForTest(t, p)
	page.Resize(webtest.Size{W: 1366, H: 768})
	page.CalmMotion()
	url := p.URLs()[0]
	signInDesk(page, url)

	page.Go(url + "/desk/scanners")
	page.WaitText("Chưa chọn máy nào")
	look(t, page, "scanners-none")
	page.Click(`a[href="/desk/scanners/choose?station=desk"]`)
	page.WaitText("Bàn phím mẫu")
	if said := page.Text(); strings.Contains(said, "Chuột") || strings.Index(said, "Cổng mẫu A") > strings.Index(said, "Bàn phím mẫu") {
		t.Errorf("a mouse is offered, or a keyboard before a port:\n%s", said)
	}
	look(t, page, "scanners-choose")
	page.Click("#listen")
	page.WaitText("Đang nghe 2 thiết bị")
	look(t, page, "scanners-listening")
	b.scan("HS001")
	page.WaitText("Nghe được HS001 từ Cổng mẫu B")
	page.Picture("scanners-other")
	if st, _ := p.station(kiosk.DefaultStation); st.Screen().Phase != "idle" {
		t.Error("a scan during the search reached the station")
	}
	page.Keys(append(typing("HS001"), map[string]any{"key": "Enter", "code": "Enter", "at": 60}))
	page.WaitText("Trang này nhận được HS001")
	b.send("*]C0" + devices.TestCode + "\r\n")
	page.WaitText("Thấy rồi: Cổng mẫu B")
	page.WaitText("Thêm “*” trước mỗi mã")
	look(t, page, "scanners-found")
	page.Click("#use")
	page.WaitText("Cổng mẫu B là máy quét của quầy desk")
	page.WaitText("Đang sẵn sàng")

	b.send("*]C0HS001\r\n")
	b.send("*]C0S001\r\n")
	lent := func(code string) {
		t.Helper()
		for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			if card, _ := w.Borrower(code); card == "HS001" {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s was not lent; the station shows %+v", code, p.stations["desk"].Screen())
			}
		}
	}
	lent("S001")
	page.WaitText("2a 5d 43 30 53 30 30 31 0d")
	page.Wait(`document.querySelector(".scanner b").innerText === "Cổng mẫu B"`)
	look(t, page, "scanners-chosen")

	// A second station, and the scanner goes there.
	page.Click(".station-new summary")
	page.Type("#name", "Cửa Sổ")
	page.Click(".station-new button")
	page.WaitText("chữ thường không dấu")
	look(t, page, "scanners-station-bad")
	webtest.Eval[bool](page, `(document.getElementById("name").value = "", true)`)
	page.Type("#name", "cua-so")
	page.Click(".station-new button")
	page.WaitText("Đã thêm quầy cua-so")
	page.Click(".scanner details summary")
	page.Click(`.scanner input[value=move] ~ button`)
	page.WaitText("Đã chuyển")
	until(t, "the scanner at the other station", func() bool {
		d := p.stations["cua-so"].Screen().Devices
		return len(d) == 1 && d[0].Connected && len(p.stations["desk"].Screen().Devices) == 0
	})
	b.send("*HS002\r\n")
	until(t, "a session there", func() bool { return p.stations["cua-so"].Screen().Phase == "session" })

	// The same scanner is sought again: it says whose it is.
	page.Go(url + "/desk/scanners/choose?station=desk")
	page.Click("#listen")
	page.WaitText("Đang nghe 1 thiết bị")
	b.send("*" + devices.TestCode + "\r\n")
	page.WaitText("đang là máy của quầy cua-so")
	look(t, page, "scanners-own")
	page.Go(url + "/desk/scanners")
	page.Click(".scanner details summary")
	page.Click(`.scanner input[value=forget] ~ button`)
	page.WaitText("Đã bỏ")
	until(t, "nobody reads it", func() bool { return len(p.stations["cua-so"].Screen().Devices) == 0 && len(p.devices.Statuses()) == 0 })
	page.Click(".said-bar button")
	page.WaitText("Đang sẵn sàng")
	stored := func() (all []kiosk.StationDevice) {
		p.store.View(t.Context(), func(v kiosk.View) (err error) { all, err = v.StationDevices(); return err })
		return all
	}
	if all := stored(); len(all) != 1 || all[0].Station != "cua-so" || !strings.Contains(all[0].Setting, "prefix=%2A") {
		t.Errorf("in the database: %+v", all)
	}
	w.Replayed()
}

// A scanner that types into the page is recognised by the page itself, and one
// that an input method spoils.
func TestChooseAScannerThatTypes(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	page := webtest.Open(t)
	a := newCable(t)
	cfg := programConfig{poll: 100 * time.Millisecond, list: plugged(a)}
	p := startProgram(t, cfg)
	page.Resize(webtest.Size{W: 1366, H: 768})
	page.CalmMotion()
	url := p.URLs()[0]
	signInDesk(page, url)
	page.Go(url + "/desk/scanners/choose?station=desk")
	page.Click("#listen")
	page.WaitText("Đang nghe 1 thiết bị")
	page.Wait(`document.body.dataset.ready === "yes"`)
	page.Keys(append(typing("Qa"), map[string]any{"key": "Backspace", "code": "Backspace", "at": 30}, map[string]any{"key": "ả", "code": "", "at": 35}, map[string]any{"key": "z", "code": "KeyZ", "at": 45}))
	page.WaitText("Bộ gõ tiếng Việt đang sửa mã")
	look(t, page, "scanners-spoilt")
	page.Keys(append(typing(devices.TestCode), map[string]any{"key": "Enter", "code": "Enter", "at": 10 * (len(devices.TestCode) + 1)}))
	page.WaitText("gõ như bàn phím; dùng được ngay")
	page.WaitText("Gửi Enter (CR)")
	look(t, page, "scanners-typed")
}

// typing are the keys of a text as a US scanner presses them, 10 ms apart.
func typing(text string) (keys []map[string]any) {
	for i, c := range text {
		k := map[string]any{"key": string(c), "at": 10 * (i + 1)}
		switch {
		case c >= 'A' && c <= 'Z':
			k["code"], k["shiftKey"] = "Key"+string(c), true
		case c >= 'a' && c <= 'z':
			k["code"] = "Key" + strings.ToUpper(string(c))
		case c >= '0' && c <= '9':
			k["code"] = "Digit" + string(c)
		case c == '-':
			k["code"] = "Minus"
		}
		keys = append(keys, k)
	}
	return keys
}
