package labels

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
	"testing/fstest"

	"muontra/kiosk"
)

func TestPhotos(t *testing.T) {
	var big, small bytes.Buffer
	if err := jpeg.Encode(&big, image.NewRGBA(image.Rect(0, 0, 1200, 1600)), nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 30, 40))); err != nil {
		t.Fatal(err)
	}
	find := Photos(fstest.MapFS{
		"1.jpg":  {Data: big.Bytes()},
		"2.png":  {Data: small.Bytes()},
		"3.jpeg": {Data: []byte("not a picture")},
		"4.jpg":  {Data: big.Bytes()[:400]},
		// A head that claims 65,535 x 65,535.
		"5.png": {Data: append(append([]byte{}, small.Bytes()[:16]...), append([]byte{0, 0, 255, 255, 0, 0, 255, 255}, small.Bytes()[24:]...)...)},
	})
	for _, c := range []struct {
		code   string
		w, h   int
		broken bool
	}{{"1", 260, 346, false}, {"2", 30, 40, false}, {"3", 0, 0, true}, {"4", 0, 0, true}, {"5", 0, 0, true}, {"6", 0, 0, false}, {"", 0, 0, false}, {"../1", 0, 0, false}, {"a/1", 0, 0, false}} {
		img, err := find(kiosk.Member{Card: kiosk.Card{Barcode: c.code}})
		if (err != nil) != c.broken {
			t.Errorf("%q: %v", c.code, err)
		}
		switch {
		case img == nil && c.w != 0, img != nil && c.w == 0:
			t.Errorf("%q: %v", c.code, img)
		case img != nil && (img.Bounds().Dx() != c.w || img.Bounds().Dy() != c.h):
			t.Errorf("%q: %v", c.code, img.Bounds())
		}
	}
}
