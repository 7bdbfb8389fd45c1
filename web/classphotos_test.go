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

// A class's pictures come in at once, each by the name of its file; what it is not
// known whose it is, is told by name and nothing of it is kept.
func TestPhotosOfAClass(t *testing.T) {
	t.Parallel()
	photos := newAlbum()
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
	if !photos.Has("20000016") || !photos.Has("20000024") || len(photos.of) != 2 {
		t.Fatalf("kept: %d", len(photos.of))
	}
	// Two of one name, another class's pupil, a text: told, and nothing kept.
	_, body = send("lê mẫu hoa.png", "20000057.jpg", "văn bản.jpg", "20000040.png")
	o.sees(body, "Đã lưu ảnh của 1 người. 3 tệp chưa biết là của ai: lê mẫu hoa.png, 20000057.jpg, văn bản.jpg.")
	if !photos.Has("20000040") || len(photos.of) != 3 {
		t.Errorf("kept: %d", len(photos.of))
	}
	if _, body = send(); !strings.Contains(body, "Chưa có tệp ảnh nào") {
		t.Error("no picture at all is not told")
	}
	// The last is taken back, and the ones before it stay as they were.
	send("20000057.jpg", "20000040.png")
	if len(photos.aside) != 1 {
		t.Errorf("%d pictures set aside", len(photos.aside))
	}
	o.sees(o.undo(page), "Đã hoàn tác")
	if !photos.Has("20000040") || len(photos.of) != 3 || len(photos.aside) != 0 {
		t.Errorf("after the undo: %d and %d aside", len(photos.of), len(photos.aside))
	}
	// It is written down whose pictures were changed, and by whom.
	told := slices.ContainsFunc(o.Events(), func(e kiosk.Event) bool {
		return e.PatronRef == an.Ref && e.StaffRef != "" && e.Type == kiosk.EventPatronChanged
	})
	if !told {
		t.Error("no event of the picture")
	}
}

// The picture before is not kept longer than it can be brought back, and never brought
// back for a child who was forgotten.
func TestPhotoBeforeIsLetGo(t *testing.T) {
	t.Parallel()
	o, _ := fullOffice(t, func(c *web.Config) { c.Photos = newAlbum() })
	photos := o.config.Photos.(*album)
	o.Patron(kiosk.Pupil, "20000040", "Lê Mẫu Chi", "2A", 2)
	w := undoWalkIn(t, o)
	put := func(card string) {
		t.Helper()
		if _, _, why := w.do(deed{page: "/desk/patrons/{patron:" + card + "}", form: "/desk/patrons/{id}/photo", with: []string{"photo", "file:mat.png"}}); why != "" {
			t.Fatal(why)
		}
	}
	put("20000016")
	put("20000016")
	if len(photos.aside) != 1 {
		t.Fatalf("%d set aside", len(photos.aside))
	}
	put("20000024") // the next act: the one before is for good
	if len(photos.aside) != 0 {
		t.Error("a picture is kept that nobody can bring back")
	}
	// Of two pictures of one act one is of a child who is forgotten: only the other's
	// comes back.
	const class = "/desk/classes > /desk/classes/{id}"
	at, _, why := w.do(deed{page: class, form: "/desk/classes/{id}/photos", with: []string{"photos", "file:20000024.png", "photos", "file:20000040.png"}})
	if why != "" {
		t.Fatal(why)
	}
	if len(photos.aside) != 1 {
		t.Errorf("%d set aside", len(photos.aside))
	}
	gone := w.named("/desk/patrons/{patron:20000040}")
	if status, body, _ := o.post(gone+"/forget", "token", "forget", "sure", "yes", "name", "Lê Mẫu Chi"); status != 303 || photos.Has("20000040") {
		t.Fatalf("not forgotten: %d %s", status, troubles(body))
	}
	o.sees(o.undo(at), "Đã hoàn tác")
	if photos.Has("20000040") || !photos.Has("20000024") || len(photos.aside) != 0 {
		t.Errorf("after the undo: %d pictures, %d aside", len(photos.of), len(photos.aside))
	}
}
