package web_test

import (
	"bytes"
	"html"
	"image"
	"image/png"
	"mime/multipart"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web"
)

// album is a folder of pictures in memory.
type album map[string][]byte

func (a album) Has(card string) bool                { return a[card] != nil }
func (a album) Save(card string, jpeg []byte) error { a[card] = jpeg; return nil }
func (a album) Follow(old, fresh string) error      { a[fresh] = a[old]; return nil }
func (a album) Remove(cards ...string) error {
	for _, c := range cards {
		delete(a, c)
	}
	return nil
}

// A class's pictures come in at once, each by the name of its file; what it is not
// known whose it is, is told by name and nothing of it is kept.
func TestPhotosOfAClass(t *testing.T) {
	t.Parallel()
	photos := album{}
	o := newOffice(t, func(c *web.Config) {
		c.Photos, c.People = photos, &circulation.Desk{Ledger: c.Ledger, Now: c.Now}
	})
	an := o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Đức Mẫu", "2A", 2)
	o.Patron(kiosk.Pupil, "20000032", "Lê Mẫu Hoa", "2A", 2)
	o.Patron(kiosk.Pupil, "20000040", "Lê Mẫu Hoa", "2A", 2)
	o.Patron(kiosk.Pupil, "20000057", "Vũ Mẫu Xa", "3B", 3)
	_, body := o.get("/desk/classes")
	page := regexp.MustCompile(`/desk/classes/[0-9a-f]{8}-[0-9a-f-]+`).FindString(body) // 2A, the first
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 30, 40))); err != nil {
		t.Fatal(err)
	}
	send := func(files ...string) (status int, body string) {
		t.Helper()
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		m.WriteField("token", o.token(page))
		for _, name := range files {
			w, err := m.CreateFormFile("photos", name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(name, "văn bản") {
				w.Write([]byte("no picture"))
				continue
			}
			w.Write(picture.Bytes())
		}
		m.Close()
		res, err := o.client.Post(o.URL+page+"/photos", m.FormDataContentType(), &b)
		if err != nil {
			t.Fatal(err)
		}
		status, _, to := o.read(res)
		if status != 303 || to != page {
			t.Fatalf("%d to %s", status, to)
		}
		status, body = o.get(to)
		return status, html.UnescapeString(body)
	}
	_, body = send("2A/20000016.jpg", "02_tran-duc-mau.PNG")
	o.sees(body, "Đã lưu ảnh của 2 người.")
	if !photos.Has("20000016") || !photos.Has("20000024") || len(photos) != 2 {
		t.Fatalf("kept: %d", len(photos))
	}
	// Two of one name, another class's pupil, a text: told, and nothing kept.
	_, body = send("lê mẫu hoa.png", "20000057.jpg", "văn bản.jpg", "20000040.png")
	o.sees(body, "Đã lưu ảnh của 1 người. 3 tệp chưa biết là của ai: lê mẫu hoa.png, 20000057.jpg, văn bản.jpg.")
	if !photos.Has("20000040") || len(photos) != 3 {
		t.Errorf("kept: %d", len(photos))
	}
	if _, body = send(); !strings.Contains(body, "Chưa có tệp ảnh nào") {
		t.Error("no picture at all is not told")
	}
	// It is written down whose pictures were changed, and by whom.
	told := slices.ContainsFunc(o.Events(), func(e kiosk.Event) bool {
		return e.PatronRef == an.Ref && e.StaffRef != "" && e.Type == kiosk.EventPatronChanged
	})
	if !told {
		t.Error("no event of the picture")
	}
}
