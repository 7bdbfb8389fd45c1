package labels

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muontra/kiosk"
)

// TestLook writes samples into the folder that MUONTRA_LOOK names, to be
// looked at by a person. It checks nothing.
func TestLook(t *testing.T) {
	dir := os.Getenv("MUONTRA_LOOK")
	if dir == "" {
		t.Skip("set MUONTRA_LOOK to a folder to write samples there")
	}
	save := func(n string, j Job) {
		b, rep := render(t, j)
		if err := os.WriteFile(filepath.Join(dir, n), b, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %+v", n, rep)
	}
	for _, c := range []struct {
		l Layout
		s string
	}{
		{CopyLabel, "a4-65"}, {CopyLabel, "a4-24"}, {CopyLabel, "a4-40"}, {SpineLabel, "a4-65"}, {SpineLabel, "a4-24"}, {BothLabel, "a4-65"}, {BothLabel, "a4-24"}, {BothLabel, "a4-40"},
		{ShelfLabel, "a4-8"}, {ShelfLabel, "a4-24"}, {ShelfLabel, "a4-65"}, {PlaceLabel, "a4-8"}, {PlaceLabel, "a4-21"}, {PatronCard, "card-a4"}, {ClassSheet, "a4"},
		{Commands, "a4"}, {Colours, "a4"}, {Calibration, "a4-65"}, {Calibration, "a4-24"}, {TestLabel, "a4-65"},
	} {
		j := job(t, c.l, c.s, PDF)
		if c.l == ClassSheet {
			j.Members = pupils(35)
		}
		save(name(j)+".pdf", j)
		j.Symbol = "qr"
		if c.s != "a4-65" || c.l != BothLabel {
			save(name(j)+"_qr.pdf", j)
		}
	}
	j := job(t, PatronCard, "card-a4", PDF)
	j.Photo = face
	j.Members[1].Name = "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên"
	j.Members[2].Class, j.Members[2].Category = "", kiosk.Teacher
	save("card-photo.pdf", j)
	for what, text := range strange {
		j := job(t, BothLabel, "a4-24", PDF)
		for i := range j.Items {
			j.Items[i].Title.Title, j.Items[i].Title.Authors, j.Items[i].Title.Level = text, []string{text}, text
		}
		save("strange-"+strings.ReplaceAll(what, " ", "-")+".pdf", j)
	}
	for _, c := range []struct {
		l Layout
		s string
	}{
		{CopyLabel, "35x22"}, {SpineLabel, "35x22"}, {BothLabel, "35x22"}, {CopyLabel, "35x22x3"}, {CopyLabel, "50x30"}, {BothLabel, "50x30"}, {TestLabel, "35x22"}, {Calibration, "35x22x2"}, {PlaceLabel, "50x30"}, {ShelfLabel, "50x30"},
	} {
		j := job(t, c.l, c.s, PNG)
		j.Outline = true
		save(name(j)+".png", j)
	}
}

// face is a picture of nobody.
func face(kiosk.Member) (image.Image, error) {
	img := image.NewRGBA(image.Rect(0, 0, 150, 200))
	for y := range 200 {
		for x := range 150 {
			c := color.RGBA{uint8(120 + y/3), 200, 235, 255}
			if dx, dy := x-75, y-80; dx*dx+dy*dy < 45*45 {
				c = color.RGBA{235, 200, 170, 255}
			} else if dx, dy := x-75, y-200; dx*dx+dy*dy < 70*70 {
				c = color.RGBA{40, 60, 120, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img, nil
}
