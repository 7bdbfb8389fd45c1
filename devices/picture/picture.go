// Package picture reads barcodes in pictures: the bytes of a JPEG, PNG, GIF or
// WebP in, the texts of its barcodes out. It knows nothing of stations; a
// phone's camera is one more scanner.
//
// gozxing decodes. It reads what a picture of a label drawn by a machine looks
// like; a photo from a hand is askew, dim and blurred. So it is given what it
// can read: lines through the picture at many angles, each the mean of a few
// beside it, sharpened, with the threshold following the light; and for QR the
// picture blurred, stretched against the perspective, and turned.
//
// A text counts when two lines say it. A picture has as many codes as texts:
// the same text in two symbols is one.
//
// Which way up the picture is does not matter to any of this, so the
// orientation that a camera writes into the file (EXIF) is not read.
package picture

import (
	"context"
	"errors"
	"runtime"
)

// The largest picture that is looked into. A phone's own picture has 12 to 24
// megapixels; our page sends it smaller.
const (
	MostBytes  = 12 << 20
	MostPixels = 25_000_000
)

// Kind is a symbology.
type Kind string

// What can be read. UPC-A is an EAN-13 that begins with 0. EAN-8 is left out: its
// one check digit lets noise through, and eight digits are what our own cards and
// labels have.
const (
	Code128 Kind = "code128"
	EAN13   Kind = "ean13"
	QR      Kind = "qr"
)

// Code is one barcode of a picture.
type Code struct {
	Text string
	Kind Kind
}

// Why there is no text.
var (
	ErrNoPicture = errors.New("no picture that can be read: JPEG, PNG, GIF and WebP can")
	ErrTooLarge  = errors.New("the picture has too many bytes or pixels")
	ErrNoCode    = errors.New("no barcode found in the picture")
)

// Reader reads pictures, a few at a time: each takes a core and, at the
// largest, some hundred megabytes for less than a second.
type Reader struct {
	slots chan struct{}
}

// NewReader makes a reader of at most n pictures at once, at least one.
func NewReader(n int) *Reader {
	return &Reader{slots: make(chan struct{}, max(1, n))}
}

// Read gives the codes of a picture with different texts, in the order in which
// they were found. Once there are two it looks for no more than it comes upon.
//
// It returns [ErrNoPicture], [ErrTooLarge] or [ErrNoCode], or the context's
// error when that ended before a place was free. A context that ends later
// ends the search, with what was found until then.
func (r *Reader) Read(ctx context.Context, b []byte) ([]Code, error) {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	g, err := open(b)
	if err != nil {
		return nil, err
	}
	s := newSearch(ctx)
	s.look(g)
	if len(s.found) == 0 {
		return nil, ErrNoCode
	}
	return s.found, nil
}

// AtOnce is how many pictures a machine reads beside its other work.
func AtOnce() int { return max(1, min(2, runtime.NumCPU()/2)) }
