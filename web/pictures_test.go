package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"muontra/web"
)

// A reader of pictures that are texts: its barcodes, a line each. What the real
// one finds is devices/picture's to test, and the program's tests send it photos.
func fakePictures(ctx context.Context, b []byte) ([]string, error) {
	text := string(b)
	switch {
	case text == "" || text == "junk":
		return nil, web.ErrNoPicture
	case text == "wall":
		return nil, web.ErrPictureTooLarge
	case text == "crowd":
		return nil, context.DeadlineExceeded
	case text == "paper":
		return nil, nil
	}
	if _, timed := ctx.Deadline(); !timed {
		return nil, errors.New("a picture may be looked at for ever")
	}
	return strings.Split(text, "\n"), nil
}

func form(t *testing.T, parts ...string) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		if parts[i] != "picture" {
			if err := m.WriteField(parts[i], parts[i+1]); err != nil {
				t.Fatal(err)
			}
			continue
		}
		f, err := m.CreateFormFile("picture", "IMG_0001.jpg")
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(parts[i+1]))
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), b.String()
}

func TestPictures(t *testing.T) {
	const path = "/api/v1/stations/desk/pictures"
	formType, whole := form(t, "command_id", "id-7", "picture", "30000013")
	bareType, bare := form(t, "command_id", "id-7")
	hugeType, huge := form(t, "picture", strings.Repeat("x", 12<<20+1))
	for _, c := range []struct {
		name, path, ct, body string
		status               int
		want                 string
		code, id             string // of the scan that it becomes
	}{
		{"a JPEG", path, "image/jpeg", "30000013", 200, `"outcome":"refused"`, "30000013", ""},
		{"with an id", path + "?command_id=id-1", "image/png", "30000013", 200, `"card":{`, "30000013", "id-1"},
		{"in a form", path, formType, whole, 200, `"unknown_barcode"`, "30000013", "id-7"},
		{"our label beside an ISBN", path, "image/jpeg", "9786041234567\n30000013", 200, ``, "30000013", ""},
		{"an ISBN alone", path, "image/jpeg", "9786041234567", 200, ``, "9786041234567", ""},
		{"two labels", path, "image/jpeg", "30000013\n30000021", 422, `"several_barcodes"`, "", ""},
		{"two labels and an ISBN", path, "image/jpeg", "30000013\n9786041234567\n30000021", 422, `"several_barcodes"`, "", ""},
		{"two ISBN", path, "image/jpeg", "9786041234567\n9786041234574", 422, `"several_barcodes"`, "", ""},
		{"no barcode", path, "image/jpeg", "paper", 422, `"no_barcode","message":"Chưa thấy mã vạch. Chụp gần hơn`, "", ""},
		{"in English", path + "?lang=en", "image/jpeg", "paper", 422, `Come closer`, "", ""},
		{"no picture", path, "image/jpeg", "junk", 422, `"picture_bad"`, "", ""},
		{"nothing", path, "image/jpeg", "", 422, `"picture_bad"`, "", ""},
		{"a form without a file", path, bareType, bare, 422, `"picture_bad"`, "", ""},
		{"a form that breaks off", path, formType, whole[:len(whole)-30], 400, `"bad_request"`, "", ""},
		{"50 megapixels", path, "image/jpeg", "wall", 413, `"picture_large"`, "", ""},
		{"13 MB", path, "image/jpeg", strings.Repeat("x", 13<<20), 413, `"picture_large"`, "", ""},
		{"12 MB and a byte", path, "image/jpeg", strings.Repeat("x", 12<<20+1), 413, `"picture_large"`, "", ""},
		{"the same in a form", path, hugeType, huge, 413, `"picture_large"`, "", ""},
		{"too many at once", path, "image/jpeg", "crowd", 503, `"unavailable"`, "", ""},
		{"JSON", path, jsonType, `{"code":"1"}`, 415, `"picture_type"`, "", ""},
		{"no type", path, "", "30000013", 415, `"picture_type"`, "", ""},
		{"a text that is a picture", path, "text/plain", "30000013", 415, `"picture_type"`, "", ""},
		{"an id with a line break", path + "?command_id=a%0Ab", "image/jpeg", "30000013", 400, `"bad_request"`, "", ""},
		{"no such station", "/api/v1/stations/nowhere/pictures", "image/jpeg", "30000013", 404, `"no_station"`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, func(c *web.Config) { c.Pictures = fakePictures })
			status, body := s.send(t, s.client(), "POST", c.path, c.ct, c.body)
			if status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %.300s\nwant %d with %s", status, body, c.status, c.want)
			}
			scans := s.desk.Scans()
			switch {
			case c.status == 200:
				if len(scans) != 1 || scans[0].Code != c.code || scans[0].CommandID != c.id || scans[0].Device != "camera" {
					t.Errorf("scanned %+v", scans)
				}
			case len(scans) > 0:
				t.Errorf("refused with %d and yet scanned %+v", status, scans)
			default:
				var e struct {
					Error struct{ Code, Message string }
				}
				if err := json.Unmarshal([]byte(body), &e); err != nil || e.Error.Message == "" || strings.HasPrefix(e.Error.Message, "error.") {
					t.Errorf("the error's shape: %s", body)
				}
			}
		})
	}
}

// Without a reader of pictures there is no camera, on the page neither.
func TestNoCamera(t *testing.T) {
	for _, with := range []bool{false, true} {
		s := newSite(t, func(c *web.Config) {
			if with {
				c.Pictures = fakePictures
			}
		})
		_, page := s.send(t, s.client(), "GET", "/kiosk/desk", "", "")
		status, _ := s.send(t, s.client(), "POST", "/api/v1/stations/desk/pictures", "image/jpeg", "30000013")
		if strings.Contains(page, `id="camera"`) != with || (status == 200) != with {
			t.Errorf("%s", fmt.Sprint("with ", with, ": status ", status))
		}
	}
}
