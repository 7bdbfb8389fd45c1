// Package inktest reads the label printers' languages back, as far as this
// house writes them. It is a second opinion for tests, written from the
// printers' manuals and not from the code that writes.
package inktest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
)

// Bitmap is one row of labels; 1 is black.
type Bitmap struct {
	H, Stride int
	Data      []byte
}

// Image is the bitmap as a picture of W dots (the last byte of a line may
// hold more).
func (b Bitmap) Image(w int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, b.H))
	for y := range b.H {
		for x := range w {
			v := uint8(255)
			if b.Data[y*b.Stride+x/8]&(0x80>>(x%8)) != 0 {
				v = 0
			}
			img.SetGray(x, y, color.Gray{Y: v})
		}
	}
	return img
}

// ZPL reads the ^GFA fields of a stream of labels.
func ZPL(b []byte) ([]Bitmap, error) {
	var out []Bitmap
	for len(b) > 0 {
		end := bytes.Index(b, []byte("^XZ"))
		if !bytes.HasPrefix(b, []byte("^XA")) || end < 0 {
			return nil, errors.New("not between ^XA and ^XZ")
		}
		label := b[:end]
		b = bytes.TrimLeft(b[end+3:], "\n")
		i := bytes.Index(label, []byte("^GFA,"))
		if i < 0 {
			return nil, errors.New("no graphic field")
		}
		var n, total, stride int
		if _, err := fmt.Sscanf(string(label[i:min(i+40, len(label))]), "^GFA,%d,%d,%d,", &n, &total, &stride); err != nil {
			return nil, err
		}
		data := label[i+5:]
		for range 3 {
			data = data[bytes.IndexByte(data, ',')+1:]
		}
		stop := bytes.Index(data, []byte("^FS"))
		if stop < 0 || stop != 2*total || n != total || total%stride != 0 {
			return nil, fmt.Errorf("field of %d, %d, %d with %d digits", n, total, stride, stop)
		}
		raw := make([]byte, total)
		if _, err := hex.Decode(raw, data[:stop]); err != nil {
			return nil, err
		}
		out = append(out, Bitmap{total / stride, stride, raw})
	}
	return out, nil
}

// TSPL reads the BITMAP commands of a stream of labels.
func TSPL(b []byte) ([]Bitmap, error) {
	return binary(b, "BITMAP ", "BITMAP 0,0,%d,%d,0,", 5, "\r\nPRINT 1,1\r\n")
}

// EPL reads the GW commands of a stream of labels.
func EPL(b []byte) ([]Bitmap, error) { return binary(b, "GW", "GW0,0,%d,%d,", 4, "\nP1\n") }

// binary reads bitmaps in which 0 is black, of so many bytes as their heads
// say, each followed by the command that prints it.
func binary(b []byte, word, head string, commas int, after string) ([]Bitmap, error) {
	var out []Bitmap
	for len(b) > 0 {
		i := bytes.Index(b, []byte(word))
		if i < 0 {
			return nil, errors.New("no bitmap")
		}
		var m Bitmap
		if _, err := fmt.Sscanf(string(b[i:min(i+40, len(b))]), head, &m.Stride, &m.H); err != nil {
			return nil, err
		}
		b = b[i:]
		for range commas {
			b = b[bytes.IndexByte(b, ',')+1:]
		}
		n := m.Stride * m.H
		if len(b) < n || !bytes.HasPrefix(b[n:], []byte(after)) {
			return nil, errors.New("the bitmap does not end where it says")
		}
		m.Data = make([]byte, n)
		for j := range m.Data {
			m.Data[j] = ^b[j]
		}
		out = append(out, m)
		b = b[n+len(after):]
	}
	return out, nil
}
