package main

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"muontra/kiosk"
	"muontra/web"
)

// photosAside is the folder within the photos' of those that others took the place of,
// as long as that can be taken back. A picture of a child is kept there for a week at
// most, and not over a start of the program.
const (
	photosAside  = "before"
	asideMark    = "~" // between the card and what tells its pictures apart
	longestAside = 7 * 24 * time.Hour
)

// setAside copies the photo of a card and names the copy, "" where there is none.
func (p photoFolder) setAside(root *os.Root, card, base string) (string, error) {
	name, _, err := p.find(card)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if err := root.Mkdir(photosAside, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	from, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer from.Close()
	kept := base + asideMark + rand.Text() + filepath.Ext(name)
	to, err := root.OpenFile(photosAside+"/"+kept, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return "", errors.Join(err, removed(root, photosAside+"/"+kept))
	}
	return kept, nil
}

// PutBack implements web.Photos.
func (p photoFolder) PutBack(changes ...web.PhotoChange) error {
	if len(changes) == 0 {
		return nil
	}
	root, err := os.OpenRoot(string(p))
	if err != nil {
		return errors.Join(kiosk.ErrNotUndoable, err)
	}
	defer root.Close()
	left := map[string]bool{}
	for _, c := range slices.Backward(changes) { // of two of one card the last is there
		if !left[c.Card] && !p.stands(root, c) {
			return kiosk.ErrNotUndoable
		}
		left[c.Card] = true
		if c.Before != "" {
			if _, err := root.Stat(photosAside + "/" + c.Before); err != nil {
				return kiosk.ErrNotUndoable
			}
		}
	}
	for _, c := range slices.Backward(changes) {
		base, err := p.base(c.Card)
		if err != nil {
			return err
		}
		ending := filepath.Ext(c.Before)
		if c.Before != "" {
			if err := root.Rename(photosAside+"/"+c.Before, base+ending); err != nil {
				return err
			}
		}
		for _, ext := range photoEndings {
			if ext != ending {
				if err := removed(root, base+ext); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// stands reports whether a card's photo is still as the change left it.
func (p photoFolder) stands(root *os.Root, c web.PhotoChange) bool {
	name, _, err := p.find(c.Card)
	if err != nil {
		return false
	}
	f, err := root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return err == nil && [sha256.Size]byte(h.Sum(nil)) == c.After
}

// Drop implements web.Photos. What cannot be removed now is, at the next start.
func (p photoFolder) Drop(changes ...web.PhotoChange) {
	root, err := os.OpenRoot(string(p))
	if err != nil {
		return
	}
	defer root.Close()
	for _, c := range changes {
		if c.Before != "" {
			root.Remove(photosAside + "/" + c.Before)
		}
	}
}

// dropAside removes the photos set aside before a time.
func (p photoFolder) dropAside(before time.Time) error {
	root, err := os.OpenRoot(string(p))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	all, err := asideIn(root)
	for _, f := range all {
		if info, statErr := f.Info(); statErr == nil && info.ModTime().Before(before) {
			err = errors.Join(err, removed(root, photosAside+"/"+f.Name()))
		}
	}
	return err
}

func asideIn(root *os.Root) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(root.FS(), photosAside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return all, err
}
