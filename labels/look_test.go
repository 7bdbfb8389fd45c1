package labels

import (
	"os"
	"path/filepath"
	"testing"
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
