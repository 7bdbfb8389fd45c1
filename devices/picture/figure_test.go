package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"muontra/labels/symbol"
)

// payload is a barcode of the school's: eight digits, or an accession number.
func payload(rnd *rand.Rand) string {
	if rnd.IntN(3) == 0 {
		return fmt.Sprintf("TK.%05d", rnd.IntN(100000))
	}
	return fmt.Sprintf("%d%07d", 2+rnd.IntN(2), rnd.IntN(10000000))
}

func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// plainly is what gozxing reads alone, trying harder, told which kind it is.
func plainly(kind symbol.Kind, img image.Image) string {
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return ""
	}
	var r gozxing.Reader = oned.NewCode128Reader()
	if kind == symbol.QR {
		r = qrcode.NewQRCodeReader()
	}
	res, err := r.Decode(bmp, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return res.GetText()
}

// The figure: of pictures with every harm, at least as many are read as by
// gozxing alone, and none as another text.
func TestDegradedPictures(t *testing.T) {
	each := 3
	if os.Getenv("MUONTRA_LONG") != "" {
		each = 8
	}
	harms := harms
	if raceEnabled {
		each, harms = 1, harms[:2]
	}
	r := NewReader(2)
	for _, kind := range []symbol.Kind{symbol.Code128, symbol.QR} {
		var ours, plain, all, wrong int
		for i, h := range harms {
			var a, b int
			var took time.Duration
			for n := range each {
				seed := uint64(i*1000 + n)
				text := payload(rand.New(rand.NewPCG(seed, uint64(len(kind)))))
				s, err := symbol.New(kind, text)
				if err != nil {
					t.Fatal(err)
				}
				img := photograph(t, s, h, seed)
				if plainly(kind, img) == text {
					b++
				}
				start := time.Now()
				codes, err := r.Read(context.Background(), encoded(t, img))
				took += time.Since(start)
				if err == nil && len(codes) == 1 && codes[0].Text == text {
					a++
				}
				for _, c := range codes {
					if c.Text != text {
						wrong++
						t.Errorf("%s, %s, seed %d: read %q (%s) where %q stands", kind, h.name, seed, c.Text, c.Kind, text)
					}
				}
			}
			all, ours, plain = all+each, ours+a, plain+b
			t.Logf("%-8s %-14s of %d: ours %d, gozxing alone %d, %d ms each", kind, h.name, each, a, b, took.Milliseconds()/int64(each))
		}
		t.Logf("%s: of %d read %d, gozxing alone with TRY_HARDER %d, wrong %d", kind, all, ours, plain, wrong)
		if ours < plain {
			t.Errorf("%s: %d read, fewer than the %d of gozxing alone", kind, ours, plain)
		}
		// Both numbers can be nought when the pictures are broken.
		if plain < all/2 {
			t.Errorf("%s: gozxing alone reads %d of %d: the pictures are not what they are meant to be", kind, plain, all)
		}
	}
}
