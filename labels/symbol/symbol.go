// Package symbol makes barcodes as rectangles in module units, and reads them
// back. It decides what may be in a barcode, how wide the white around it
// must be and which module sizes a printer can draw; it draws nothing itself.
//
// gozxing encodes and decodes. It is asked for one module a pixel and no
// margin, because its own margin is half of what the standard asks (10X a
// side for Code 128, ISO/IEC 15417; 4X for QR, ISO/IEC 18004) and its scaling
// rounds the width that was asked for.
package symbol

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"muontra/labels/say"
)

// Kind is a symbology.
type Kind string

// The symbologies. Code 39 is left out because lower case reads back as other
// text, DataMatrix because the writer's symbols often do not read back.
const (
	Code128 Kind = "code128"
	QR      Kind = "qr"
)

// MaxPayload is the longest text of a symbol, in characters.
const MaxPayload = 32

// Symbol is a barcode in module units, without its quiet zones.
type Symbol struct {
	Kind Kind
	Text string
	Cols int // modules across
	Rows int // modules down; 1 for Code 128, whose height is free
	Bars []Bar
}

// Bar is one dark rectangle, in modules from the symbol's top left corner.
type Bar struct{ X, Y, W, H int }

// Check says whether a text may be a barcode that muontra prints: 1 to
// [MaxPayload] of A-Z, a-z, 0-9, "-./%_+$:" and single blanks inside. These
// are what both symbologies, the scanners' keyboards and every file name or
// CSV on the way keep as they are. Anything else is a fault: the encoder
// takes the letters ò, ó, ô and ñ for function codes and drops them without a
// word, and a label that reads as another text is worse than none.
func Check(text string) error {
	if text == "" {
		return say.New("payload_empty")
	}
	n := 0
	for i, r := range text {
		n++
		ok := r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		switch r {
		case '-', '.', '/', '%', '_', '+', '$', ':':
			ok = true
		case ' ':
			ok = i > 0 && i < len(text)-1 && text[i-1] != ' '
		}
		if !ok {
			return say.New("payload_char", "payload", strconv.Quote(shorten(text)), "char", strconv.QuoteRune(r))
		}
	}
	if n > MaxPayload {
		return say.New("payload_long", "payload", shorten(text), "have", n, "most", MaxPayload)
	}
	return nil
}

// shorten keeps an error's text readable whatever came in.
func shorten(s string) string {
	r := []rune(s)
	if len(r) > MaxPayload+8 {
		return string(r[:MaxPayload+8]) + "…"
	}
	return s
}

// New encodes a text. It returns the faults of [Check], and symbol_kind for
// an unknown kind.
func New(kind Kind, text string) (*Symbol, error) {
	if err := Check(text); err != nil {
		return nil, err
	}
	switch kind {
	case Code128:
		hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 0}
		m, err := oned.NewCode128Writer().Encode(text, gozxing.BarcodeFormat_CODE_128, 0, 1, hints)
		if err != nil {
			return nil, say.New("output", "why", err.Error())
		}
		return build(kind, text, m), nil
	case QR:
		return newQR(text)
	default:
		return nil, say.New("symbol_kind", "kind", strconv.Quote(string(kind)))
	}
}

func build(kind Kind, text string, m *gozxing.BitMatrix) *Symbol {
	return &Symbol{Kind: kind, Text: text, Cols: m.GetWidth(), Rows: m.GetHeight(), Bars: bars(m)}
}

// newQR makes the QR at error correction level M, which mends 15 %: a label
// is thumbed for years. In about one symbol of 2,500 the data happen to look
// like a fourth corner and the reader that most phones have is lost; such a
// text is drawn at another level, if need be a larger one.
func newQR(text string) (*Symbol, error) {
	var first, larger *Symbol
	for _, level := range []string{"M", "Q", "H", "L"} {
		hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 0, gozxing.EncodeHintType_ERROR_CORRECTION: level}
		m, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 0, 0, hints)
		if err != nil {
			if first == nil {
				return nil, say.New("output", "why", err.Error())
			}
			continue
		}
		s := build(QR, text, m)
		if first == nil {
			first = s
		}
		if !s.readable() {
			continue
		}
		if s.Cols == first.Cols {
			return s, nil
		}
		if larger == nil {
			larger = s
		}
	}
	if larger != nil {
		return larger, nil
	}
	return first, nil // the drawing will be read back and refused
}

// readable says whether the clean symbol is found at the modules of a 203 and
// of a 300 dpi printer.
func (s *Symbol) readable() bool {
	for _, dots := range []int{4, 6} {
		grey, w, h := s.Paint(dots)
		if got, err := Read(s.Kind, grey, w, h); err != nil || got != s.Text {
			return false
		}
	}
	return true
}

// Paint draws the symbol and its quiet zones at so many dots a module, a byte
// a dot, 0 black. A Code 128 is one module high.
func (s *Symbol) Paint(dots int) (grey []byte, w, h int) {
	q, top := s.Quiet(), 0
	w, h = s.Width()*dots, dots
	if s.Rows > 1 {
		h, top = (s.Rows+2*q)*dots, q
	}
	grey = bytes.Repeat([]byte{255}, w*h)
	for _, b := range s.Bars {
		x := (q + b.X) * dots
		for y := (top + b.Y) * dots; y < (top+b.Y+b.H)*dots; y++ {
			clear(grey[y*w+x : y*w+x+b.W*dots])
		}
	}
	return grey, w, h
}

// bars merges the dark modules: runs along a row, and equal runs of rows that
// follow each other, so that a drawing needs few rectangles and shows no
// hairlines between them.
func bars(m *gozxing.BitMatrix) []Bar {
	out := make([]Bar, 0, 40)
	above := map[[2]int]int{} // run of the row above -> its index in out
	for y := 0; y < m.GetHeight(); y++ {
		row := map[[2]int]int{}
		for x := 0; x < m.GetWidth(); {
			if !m.Get(x, y) {
				x++
				continue
			}
			end := x
			for end < m.GetWidth() && m.Get(end, y) {
				end++
			}
			run := [2]int{x, end - x}
			i, grows := above[run]
			if grows {
				out[i].H++
			} else {
				i = len(out)
				out = append(out, Bar{x, y, end - x, 1})
			}
			if m.GetHeight() > 1 {
				row[run] = i
			}
			x = end
		}
		above = row
	}
	return out
}

// Quiet is the white that the symbol needs on its left and right (QR: on all
// sides), in modules.
func (s *Symbol) Quiet() int {
	if s.Kind == QR {
		return 4
	}
	return 10
}

// Width is the symbol with its quiet zones, in modules.
func (s *Symbol) Width() int { return s.Cols + 2*s.Quiet() }

// ErrNotRead says that no symbol was found where one was drawn.
var ErrNotRead = errors.New("no symbol found")

// Read decodes a picture of one symbol with the reader of that kind and of no
// other: among random stripes the EAN readers find false codes. The picture
// is grey, a byte a pixel, 0 black, with the quiet zones on it.
func Read(kind Kind, grey []byte, w, h int) (string, error) {
	src, err := gozxing.NewPlanarYUVLuminanceSource(grey, w, h, 0, 0, w, h, false)
	if err != nil {
		return "", err
	}
	var bin gozxing.Binarizer
	var r gozxing.Reader
	switch kind {
	case Code128:
		bin, r = gozxing.NewGlobalHistgramBinarizer(src), oned.NewCode128Reader()
	case QR:
		bin, r = gozxing.NewHybridBinarizer(src), qrcode.NewQRCodeReader()
	default:
		return "", ErrNotRead
	}
	bmp, err := gozxing.NewBinaryBitmap(bin)
	if err != nil {
		return "", err
	}
	res, err := r.Decode(bmp, nil)
	if err != nil {
		return "", ErrNotRead
	}
	return res.GetText(), nil
}
