package ink

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"muontra/labels/ink/inktest"
)

// The printers' languages say exactly the bitmap that was drawn, whatever
// bytes it is made of.
func TestThermalRoundTrip(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	feed := Feed{Width: 35, Height: 22, Gap: 2}
	for _, size := range [][2]int{{280, 176}, {281, 7}, {1, 1}, {872, 176}, {413, 260}} {
		b := Bits{W: size[0], H: size[1], Stride: (size[0] + 7) / 8}
		b.Data = make([]byte, b.Stride*b.H)
		for i := range b.Data {
			b.Data[i] = byte(rnd.Uint32())
		}
		for y := range b.H { // the bits after the last dot are white
			b.Data[(y+1)*b.Stride-1] &= 0xFF << (b.Stride*8 - b.W)
		}
		var zpl, tspl, epl bytes.Buffer
		for range 2 { // two rows in one stream
			for err := range map[error]bool{ZPL(&zpl, b, feed): true, TSPL(&tspl, b, feed): true, EPL(&epl, b, feed): true} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		for name, read := range map[string]func() ([]inktest.Bitmap, error){
			"zpl":  func() ([]inktest.Bitmap, error) { return inktest.ZPL(zpl.Bytes()) },
			"tspl": func() ([]inktest.Bitmap, error) { return inktest.TSPL(tspl.Bytes()) },
			"epl":  func() ([]inktest.Bitmap, error) { return inktest.EPL(epl.Bytes()) },
		} {
			got, err := read()
			if err != nil || len(got) != 2 {
				t.Errorf("%s %v: %d bitmaps, %v", name, size, len(got), err)
				continue
			}
			for _, g := range got {
				if g.Stride != b.Stride || g.H != b.H || !bytes.Equal(g.Data, b.Data) {
					t.Errorf("%s %v: not the same dots", name, size)
				}
			}
		}
	}
}

// A line of the stream as it is written, to be compared with the printers'
// manuals by eye.
func TestThermalHeads(t *testing.T) {
	b := Bits{W: 12, H: 2, Stride: 2, Data: []byte{0xFF, 0xF0, 0x80, 0x10}}
	feed := Feed{Width: 35, Height: 22, Gap: 2}
	var zpl, tspl, epl bytes.Buffer
	if ZPL(&zpl, b, feed) != nil || TSPL(&tspl, b, feed) != nil || EPL(&epl, b, feed) != nil {
		t.Fatal("not written")
	}
	for _, c := range []struct{ got, want string }{
		{zpl.String(), "^XA\n^PW12\n^LL2\n^LH0,0\n^FO0,0^GFA,4,4,2,FFF08010^FS\n^PQ1\n^XZ\n"},
		{tspl.String(), "SIZE 35.0 mm,22.0 mm\r\nGAP 2.0 mm,0 mm\r\nDIRECTION 0\r\nREFERENCE 0,0\r\nCLS\r\nBITMAP 0,0,2,2,0,\x00\x0f\x7f\xef\r\nPRINT 1,1\r\n"},
		{epl.String(), "\nN\nq12\nQ2,0\nGW0,0,2,2,\x00\x0f\x7f\xef\nP1\n"},
	} {
		if c.got != c.want {
			t.Errorf("got\n%q\nwant\n%q", c.got, c.want)
		}
	}
}
