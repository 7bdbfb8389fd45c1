package ink

import (
	"fmt"
	"io"
)

// Bits is a bitmap of a label printer's dots; 1 is black.
type Bits struct {
	W, H, Stride int
	Data         []byte
}

// Feed is what a printer must know of the roll, in mm.
type Feed struct {
	Width, Height float64 // of one row of labels
	Gap           float64 // from one row to the next
}

// Labels go to the printers as bitmaps in their own languages. Their built-in
// fonts show boxes for most Vietnamese letters, and their own barcodes may
// come out wider than ours.

// ZPL writes one row of labels as ^GFA (Zebra, ZPL II programming guide):
// hexadecimal, 1 is black.
func ZPL(w io.Writer, b Bits, _ Feed) error {
	const digits = "0123456789ABCDEF"
	hex := make([]byte, 2*len(b.Data))
	for i, v := range b.Data {
		hex[2*i], hex[2*i+1] = digits[v>>4], digits[v&15]
	}
	n := len(b.Data)
	_, err := fmt.Fprintf(w, "^XA\n^PW%d\n^LL%d\n^LH0,0\n^FO0,0^GFA,%d,%d,%d,%s^FS\n^PQ1\n^XZ\n", b.W, b.H, n, n, b.Stride, hex)
	return err
}

// TSPL writes one row of labels as BITMAP (TSC and most printers sold as
// Xprinter): binary, 0 is black.
func TSPL(w io.Writer, b Bits, f Feed) error {
	if _, err := fmt.Fprintf(w, "SIZE %.1f mm,%.1f mm\r\nGAP %.1f mm,0 mm\r\nDIRECTION 0\r\nREFERENCE 0,0\r\nCLS\r\nBITMAP 0,0,%d,%d,0,",
		f.Width, f.Height, f.Gap, b.Stride, b.H); err != nil {
		return err
	}
	if _, err := w.Write(inverse(b.Data)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\r\nPRINT 1,1\r\n")
	return err
}

// EPL writes one row of labels as GW (EPL2 of older Zebra and Eltron
// printers): binary, 0 is black. Lengths are dots.
func EPL(w io.Writer, b Bits, f Feed) error {
	gap := int(f.Gap/f.Height*float64(b.H) + 0.5)
	if _, err := fmt.Fprintf(w, "\nN\nq%d\nQ%d,%d\nGW0,0,%d,%d,", b.W, b.H, gap, b.Stride, b.H); err != nil {
		return err
	}
	if _, err := w.Write(inverse(b.Data)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\nP1\n")
	return err
}

func inverse(b []byte) []byte {
	out := make([]byte, len(b))
	for i, v := range b {
		out[i] = ^v
	}
	return out
}
