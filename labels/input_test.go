package labels

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/labels/symbol"
)

func preview(t testing.TB, j Job) (image.Image, Report) {
	t.Helper()
	b, rep := render(t, j)
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img, rep
}

func crop(img image.Image, x0, y0, x1, y1 int) image.Image {
	return img.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(x0, y0, x1, y1))
}

func fault(t *testing.T, err error) *say.Fault {
	t.Helper()
	var f *say.Fault
	if !errors.As(err, &f) {
		t.Fatalf("not a fault: %v", err)
	}
	for _, lang := range say.Languages {
		if s := f.In(lang); strings.ContainsAny(s, "{}") || len(s) > 600 {
			t.Errorf("%s in %s: %q", f.Code, lang, s)
		}
	}
	return f
}

var strange = map[string]string{
	"300 characters":  strings.Repeat("Truyện cổ tích ", 20),
	"60 letters":      strings.Repeat("nghiêng", 9)[:60],
	"combining marks": "De\u0302\u0301 Me\u0300n" + strings.Repeat("\u0301\u0323", 40),
	"emoji":           "Bí mật 😀👨‍👩‍👧 của bé 🇻🇳",
	"right to left":   "שלום עולם العربية",
	"empty":           "",
	"blanks":          " \t\n\u00a0 ",
	"control":         "a\x00b\x1b[2J\r\n",
	"not UTF-8":       "S\xe1ch",
	"han":             "漢字",
	"format":          "%d {0} \\n (x) ^XZ ^FS\r\nPRINT 1",
	"capitals":        "ẾẪỖỮ ẰỶỴ ĐƯỜNG",
}

// Whatever stands in a title, a name, a call number or a place, every layout
// prints it on every kind of stock, inside the label, in every format.
func TestStrangeTexts(t *testing.T) {
	slow(t)
	for what, text := range strange {
		for _, c := range []struct {
			layout Layout
			stock  string
		}{
			{CopyLabel, "a4-65"}, {CopyLabel, "35x22"}, {SpineLabel, "a4-65"}, {SpineLabel, "35x22"}, {BothLabel, "a4-65"}, {BothLabel, "35x22"}, {BothLabel, "50x30"},
			{ShelfLabel, "a4-24"}, {ShelfLabel, "35x22"}, {PlaceLabel, "a4-8"}, {PlaceLabel, "35x22"}, {PatronCard, "card-a4"}, {ClassSheet, "a4"}, {Colours, "a4"}, {Commands, "a4"},
		} {
			j := job(t, c.layout, c.stock, PDF)
			j.School, j.Year = text, text
			it := &j.Items[0]
			it.Title.Title, it.Title.Remainder, it.Title.Authors, it.Title.Level = text, text, []string{text}, text
			it.Title.ClassNumber, it.Accession = text, text
			j.Items[1].Title.CallNumber = text
			j.Members[0].Name, j.Members[1].Class = text, text
			j.Places[0].Name, j.Places[1].Code = text, text
			formats := []Format{PDF}
			if j.Stock.Kind == sheet.Roll {
				formats = []Format{PDF, ZPL}
			}
			for _, f := range formats {
				j.Format = f
				_, err := Render(context.Background(), new(bytes.Buffer), j)
				if err == nil {
					continue
				}
				// Only a lack of room may stop it, and says so.
				if got := fault(t, err); got.Code != "no_room" {
					t.Errorf("%s as %s: %v", what, name(j), err)
				} else {
					t.Logf("%s as %s: %v", what, name(j), err)
				}
			}
		}
	}
}

func TestSubstitutionsAreReported(t *testing.T) {
	j := job(t, CopyLabel, "a4-65", PDF)
	j.Items[2].Title.Title = "Bí mật 😀 của bé"
	_, rep := render(t, j)
	if len(rep.Substituted) != 1 || rep.Substituted[0].Subject != "TK.00125" || string(rep.Substituted[0].Runes) != "😀" {
		t.Errorf("%+v", rep.Substituted)
	}
	r, err := record(j, symbol.Vector, 0)
	if err != nil || !strings.Contains(r.String(), `"Bí mật ? của bé"`) {
		t.Errorf("%v\n%s", err, r)
	}
}

func TestFaults(t *testing.T) {
	for what, c := range map[string]struct {
		change func(*Job)
		code   string
	}{
		"nothing selected":        {func(j *Job) { j.Items = nil }, "nothing_selected"},
		"Vietnamese barcode":      {func(j *Job) { j.Items[3].Barcode = "Sách ô" }, "payload_char"},
		"function characters":     {func(j *Job) { j.Items[3].Barcode = "òóô" }, "payload_char"},
		"no barcode":              {func(j *Job) { j.Items[3].Barcode = "" }, "no_barcode"},
		"too wide":                {func(j *Job) { j.Items[3].Barcode = "TK.00123/2024" }, "does_not_fit"},
		"stock beyond its page":   {func(j *Job) { j.Stock.Columns = 9 }, "stock_page"},
		"off the sheet":           {func(j *Job) { j.Adjust.X = -40 }, "off_sheet"},
		"scale":                   {func(j *Job) { j.Adjust.ScaleX = 0.5 }, "scale"},
		"skip too many":           {func(j *Job) { j.Skip = 65 }, "skip"},
		"skip less than none":     {func(j *Job) { j.Skip = -1 }, "skip"},
		"layout":                  {func(j *Job) { j.Layout = "poster" }, "unknown_layout"},
		"format":                  {func(j *Job) { j.Format = "docx" }, "unknown_format"},
		"sheet to a roll printer": {func(j *Job) { j.Format = ZPL }, "thermal_sheet"},
		"page layout on a roll":   {func(j *Job) { j.Layout, j.Stock = Commands, stock(t, "35x22") }, "needs_page"},
		"scaled dots":             {func(j *Job) { j.Format, j.Stock, j.Adjust.ScaleY = ZPL, stock(t, "35x22"), 1.01 }, "scale_thermal"},
		"dpi":                     {func(j *Job) { j.Format, j.DPI = PNG, 96 }, "dpi"},
		"preview of no page":      {func(j *Job) { j.Format, j.Page = PNG, 2 }, "page"},
		"preview before page 1":   {func(j *Job) { j.Format, j.Page = PNG, -1 }, "page"},
		"level without letter":    {func(j *Job) { j.Levels = []Level{{Code: "x", Color: "#ffffff"}} }, "level"},
		"two levels, one letter":  {func(j *Job) { j.Levels = []Level{{"a", "L", "", "#ffffff"}, {"b", "L", "", "#000000"}} }, "level"},
		"level without colour":    {func(j *Job) { j.Levels = []Level{{"a", "L", "", "red"}} }, "level"},
		"symbol":                  {func(j *Job) { j.Symbol = "ean13" }, "symbol_kind"},
		"scheme":                  {func(j *Job) { j.Scheme = "udc" }, "settings"},
		"mark":                    {func(j *Job) { j.Mark = "x" }, "settings"},
		"language":                {func(j *Job) { j.Lang = "fr" }, "settings"},
		"photo": {func(j *Job) {
			j.Layout, j.Stock = PatronCard, stock(t, "card-a4")
			j.Photo = func(kiosk.Member) (image.Image, error) { return nil, errors.New("not a picture") }
		}, "photo"},
	} {
		j := job(t, CopyLabel, "a4-65", PDF)
		c.change(&j)
		var b bytes.Buffer
		_, err := Render(context.Background(), &b, j)
		if err == nil || b.Len() != 0 {
			t.Errorf("%s: %d bytes, %v", what, b.Len(), err)
			continue
		}
		if f := fault(t, err); f.Code != c.code {
			t.Errorf("%s: %v, want %s", what, err, c.code)
		}
	}
}

// A code that is too wide is told by how much, and what would take it.
func TestTooWideSaysWhatToChoose(t *testing.T) {
	j := job(t, CopyLabel, "35x22", ZPL)
	j.Items = j.Items[:1]
	j.Items[0].Barcode = "STN.001234"
	_, err := Render(context.Background(), new(bytes.Buffer), j)
	f := fault(t, err)
	if f.Code != "does_not_fit" || f.Fact("need") != 35.75 || f.Fact("have") != 35.0 || f.Fact("over") != 0.8 || f.Fact("subject") != "TK.00123" {
		t.Errorf("%+v", f)
	}
	choose := f.Fact("choose").([]any)
	if len(choose) != 2 || choose[0] != "50x30" || choose[1] != say.Key("choose.qr") {
		t.Errorf("choose %v", choose)
	}
	// And what it says is true.
	j.Stock = stock(t, "50x30")
	render(t, j)
	j.Stock, j.Symbol = stock(t, "35x22"), symbol.QR
	render(t, j)
	// A label too low for the bars.
	own := stock(t, "35x22")
	own.Name, own.LabelH, own.PageH, own.PitchY = "low", 9, 9, 11
	j.Stock, j.Symbol, j.Items[0].Barcode = own, symbol.Code128, "30001234"
	_, err = Render(context.Background(), new(bytes.Buffer), j)
	if f := fault(t, err); f.Code != "does_not_fit" || f.Fact("way") != say.Key("way.height") {
		t.Errorf("%+v", f)
	}
}

// Labels stand where the stock says, after those that are used up, moved and
// stretched for the printer.
func TestPlacesOnTheSheet(t *testing.T) {
	j := job(t, CopyLabel, "a4-65", PDF)
	j.Items = manyItems(70)
	j.Skip = 3
	_, rep := render(t, j)
	if rep.Labels != 70 || rep.Pages != 2 {
		t.Errorf("%+v", rep)
	}
	plain, err := record(j, symbol.Vector, 0)
	if err != nil || len(plain.symbols) != 62 {
		t.Fatal(len(plain.symbols), err)
	}
	x, y := j.Stock.At(3)
	if b := plain.symbols[0]; b.text != j.Items[0].Barcode || b.x < x || b.y < y || b.x+b.w > x+j.Stock.LabelW || b.y+b.h > y+j.Stock.LabelH {
		t.Errorf("the first label is at %+v", b)
	}
	j.Adjust = sheet.Adjust{X: 1.5, Y: -2, ScaleX: 0.99, ScaleY: 1.005}
	moved, err := record(j, symbol.Vector, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range plain.symbols {
		m := moved.symbols[i]
		near(t, m.x, 1.5+0.99*b.x)
		near(t, m.y, -2+1.005*b.y)
		near(t, m.w, 0.99*b.w)
		near(t, m.h, 1.005*b.h)
	}
	if _, rep := render(t, j); rep.Verified != 70 {
		t.Errorf("%+v", rep)
	}
	// A preview of the second page holds the rest.
	j.Format, j.Page = PNG, 2
	if _, rep := preview(t, j); rep.Labels != 8 || rep.Pages != 2 {
		t.Errorf("%+v", rep)
	}
}

func near(t *testing.T, got, want float64) {
	t.Helper()
	if d := got - want; d > 1e-6 || d < -1e-6 {
		t.Errorf("%.6f, want %.6f", got, want)
	}
}

func TestCardsWithPhotos(t *testing.T) {
	red := image.NewRGBA(image.Rect(0, 0, 300, 400))
	for i := range red.Pix {
		red.Pix[i] = []uint8{200, 20, 20, 255}[i%4]
	}
	j := job(t, PatronCard, "card-a4", PDF)
	j.Photo = func(m kiosk.Member) (image.Image, error) {
		if m.Card.Barcode == kiosk.PatronSeries.Make(2) {
			return nil, nil // this child has none
		}
		return red, nil
	}
	pdf, rep := render(t, j)
	if rep.Verified != 7 || len(pdf) > 200<<10 {
		t.Errorf("%+v, %d bytes", rep, len(pdf))
	}
	j.Format = PNG
	img, _ := preview(t, j)
	at := func(mmX, mmY float64) color.Color { return img.At(int(mmX*8), int(mmY*8)) }
	if r, g, _, _ := at(19.4+14, 13.5+25).RGBA(); r>>8 != 200 || g>>8 != 20 {
		t.Error("the first card has no photo")
	}
	if r, g, _, _ := at(19.4+85.6+14, 13.5+25).RGBA(); r>>8 == 200 && g>>8 == 20 {
		t.Error("the second card has a photo")
	}
}

// Sixteen jobs at once, for the race detector.
func TestJobsAtOnce(t *testing.T) {
	want, _ := render(t, job(t, BothLabel, "a4-24", PDF))
	done := make(chan []byte)
	for range 16 {
		go func() {
			var b bytes.Buffer
			if _, err := Render(context.Background(), &b, job(t, BothLabel, "a4-24", PDF)); err != nil {
				t.Error(err)
			}
			done <- b.Bytes()
		}()
	}
	for range 16 {
		if got := <-done; !bytes.Equal(got, want) {
			t.Error("a job changed another one")
		}
	}
}

// Random small stocks and random books: a job is either refused with a fault
// or every barcode of it reads back.
func TestRandomStocks(t *testing.T) {
	slow(t)
	rnd := rand.New(rand.NewPCG(7, 7))
	refused := map[string]int{}
	for i := range 400 {
		w, h := 15+rnd.Float64()*60, 8+rnd.Float64()*50
		s := sheet.Stock{Name: "own", Text: "x", Kind: sheet.Roll, PageW: w, PageH: h, PitchX: w, PitchY: h + 2, Columns: 1, Rows: 1, LabelW: w, LabelH: h, DPI: []int{203, 300, 600}[i%3]}
		j := job(t, []Layout{CopyLabel, SpineLabel, BothLabel, ShelfLabel, PlaceLabel, PatronCard, TestLabel}[i%7], "35x22", ZPL)
		j.Stock = s
		j.Symbol = []symbol.Kind{symbol.Code128, symbol.QR}[rnd.IntN(2)]
		if rnd.IntN(3) == 0 {
			j.Items[0].Barcode = "STN.001234"
		}
		j.Items, j.Members, j.Places = j.Items[:3], j.Members[:1], j.Places[:2]
		rep, err := Render(context.Background(), new(bytes.Buffer), j)
		if err != nil {
			f := fault(t, err)
			refused[f.Code]++
			if f.Code != "does_not_fit" && f.Code != "no_room" {
				t.Errorf("%s on %.1f x %.1f: %v", j.Layout, w, h, err)
			}
			if f.Code != "unknown" && f.Fact("over").(float64) <= 0 {
				t.Errorf("%v", f)
			}
			continue
		}
		if rep.Labels == 0 || j.Layout != SpineLabel && rep.Verified == 0 {
			t.Errorf("%+v", rep)
		}
	}
	t.Log("refused:", refused)
}
