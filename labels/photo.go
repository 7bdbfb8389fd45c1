package labels

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // the formats of cameras and scanners
	_ "image/png"
	"io"
	"io/fs"

	xdraw "golang.org/x/image/draw"

	"muontra/kiosk"
	"muontra/labels/symbol"
)

// What a photo may be: a class's photos come straight from a phone, and a
// file that claims to be a wall must not take the memory of one.
const (
	mostPhotoBytes  = 16 << 20
	mostPhotoPixels = 40 << 20
	photoW, photoH  = 260, 376 // pixels on a card: 22 x 32 mm at 300 dpi
)

// Photos finds patrons' photos in a folder, by card number: 20000014.jpg,
// .jpeg or .png. A patron without a file has no photo; a file that is no
// picture, or is larger than 16 MB or 40 megapixels, is an error. The
// picture is scaled down to what a card shows.
func Photos(folder fs.FS) func(kiosk.Member) (image.Image, error) {
	return func(m kiosk.Member) (image.Image, error) {
		code := m.Card.Barcode
		if symbol.Check(code) != nil || fileName(code) != code {
			return nil, nil // no file can have this name
		}
		for _, ext := range []string{".jpg", ".jpeg", ".png"} {
			f, err := folder.Open(code + ext)
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
				continue
			}
			if err != nil {
				return nil, err
			}
			img, err := ReadPhoto(f)
			f.Close()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", code+ext, err)
			}
			return img, nil
		}
		return nil, nil
	}
}

// ReadPhoto reads a picture and scales it down to what a card shows; what is no
// picture, or larger than 16 MB or 40 megapixels, is an error.
func ReadPhoto(r io.Reader) (image.Image, error) {
	b, err := io.ReadAll(io.LimitReader(r, mostPhotoBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > mostPhotoBytes {
		return nil, fmt.Errorf("> %d MB", mostPhotoBytes>>20)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if c.Width < 1 || c.Height < 1 || c.Width > mostPhotoPixels/c.Height {
		return nil, fmt.Errorf("%d x %d", c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	k := min(1, float64(photoW)/float64(c.Width), float64(photoH)/float64(c.Height))
	out := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(c.Width)*k)), max(1, int(float64(c.Height)*k))))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(out, out.Rect, img, img.Bounds(), draw.Over, nil)
	return out, nil
}

// PhotoName is the file of the photo that belongs to a card, "" for a code that
// no file can be named by.
func PhotoName(card string) string {
	if symbol.Check(card) != nil || fileName(card) != card {
		return ""
	}
	return card + ".jpg"
}
