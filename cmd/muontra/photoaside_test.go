package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web"
)

// The photo before comes back as it was, while its place is as it was left; it goes with
// its child, and is never kept for ever.
func TestPhotoAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), photosFolder)
	f := photoFolder(dir)
	save := func(card, text string) web.PhotoChange {
		t.Helper()
		c, err := f.Save(card, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	has := func(name, want string) {
		t.Helper()
		if b, err := os.ReadFile(filepath.Join(dir, name)); string(b) != want || (want == "") != errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %q %v, want %q", name, b, err, want)
		}
	}
	aside := func(want int) {
		t.Helper()
		all, err := os.ReadDir(filepath.Join(dir, photosAside))
		if len(all) != want || err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%d photos aside, want %d: %v", len(all), want, err)
		}
	}
	// The first one is taken away again.
	if err := f.PutBack(save("20000014", "one")); err != nil || f.Has("20000014") {
		t.Errorf("the first photo stays: %v", err)
	}
	// One that somebody put there by hand comes back under its own name.
	if err := os.WriteFile(filepath.Join(dir, "20000014.png"), []byte("by hand"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := save("20000014", "two")
	has("20000014.png", "")
	if err := f.PutBack(c); err != nil {
		t.Error(err)
	}
	has("20000014.png", "by hand")
	has("20000014.jpg", "")
	aside(0)
	// Two of one child in one act: the first before them comes back.
	one, two := save("20000014", "three"), save("20000014", "four")
	if err := f.PutBack(one, two); err != nil {
		t.Error(err)
	}
	has("20000014.png", "by hand")
	// What was changed since stays, and so does all that was saved with it.
	f.Drop(one, two)
	one, two = save("20000014", "five"), save("20000022", "six")
	other := save("20000022", "seven")
	if err := f.PutBack(one, two); !errors.Is(err, kiosk.ErrNotUndoable) {
		t.Errorf("taken back over a later one: %v", err)
	}
	has("20000014.jpg", "five")
	has("20000022.jpg", "seven")
	aside(2)
	// Dropped, it cannot be brought back.
	f.Drop(other)
	aside(1)
	if err := f.PutBack(other); !errors.Is(err, kiosk.ErrNotUndoable) {
		t.Errorf("what was dropped came back: %v", err)
	}
	has("20000022.jpg", "seven")
	// A child who is forgotten takes along what was set aside, and nobody else's.
	save("20000022", "eight")
	save("2000001", "a shorter number")
	save("2000001", "its second")
	aside(3)
	if err := f.Remove("2000001"); err != nil {
		t.Error(err)
	}
	aside(2)
	// A week, and not longer.
	all, err := os.ReadDir(filepath.Join(dir, photosAside))
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-longestAside - time.Hour)
	if err := os.Chtimes(filepath.Join(dir, photosAside, all[0].Name()), old, old); err != nil {
		t.Fatal(err)
	}
	if err := f.dropAside(time.Now().Add(-longestAside)); err != nil {
		t.Error(err)
	}
	aside(1)
}

// What was set aside is gone at the next start.
func TestPhotosAsideGoAtStart(t *testing.T) {
	data := t.TempDir()
	f := photoFolder(filepath.Join(data, photosFolder))
	for _, text := range []string{"one", "two"} {
		if _, err := f.Save("20000014", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := os.ReadDir(filepath.Join(data, photosFolder, photosAside)); len(all) != 1 {
		t.Fatalf("%v %v", all, err)
	}
	startProgram(t, programConfig{data: data})
	if all, err := os.ReadDir(filepath.Join(data, photosFolder, photosAside)); len(all) != 0 || err != nil {
		t.Errorf("aside after the start: %v %v", all, err)
	}
	if !f.Has("20000014") {
		t.Error("the photo itself is gone")
	}
}
