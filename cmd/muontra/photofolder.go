package main

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"muontra/labels"
	"muontra/web"
)

// photoFolder keeps the photos of a data folder, as [photosIn] finds them.
// Nothing outside it is touched, whatever the names and links in it.
type photoFolder string

var photoEndings = []string{".jpg", ".jpeg", ".png"}

// errPhotoName says that no file can be named by a card's number.
var errPhotoName = errors.New("no file can have this card's number as its name")

// base is the file's name without its ending.
func (p photoFolder) base(card string) (string, error) {
	name := labels.PhotoName(card)
	if name == "" {
		return "", errPhotoName
	}
	return name[:len(name)-len(filepath.Ext(name))], nil
}

// Has reports whether a card has a photo.
func (p photoFolder) Has(card string) bool {
	_, _, err := p.find(card)
	return err == nil
}

// find is the name and the content's size of a card's photo.
func (p photoFolder) find(card string) (name string, info fs.FileInfo, err error) {
	base, err := p.base(card)
	if err != nil {
		return "", nil, err
	}
	root, err := os.OpenRoot(string(p))
	if err != nil {
		return "", nil, err
	}
	defer root.Close()
	for _, ext := range photoEndings {
		if info, err = root.Stat(base + ext); err == nil {
			return base + ext, info, nil
		}
	}
	return "", nil, fs.ErrNotExist
}

// Save implements web.Photos: a photo is written whole or not at all.
func (p photoFolder) Save(card string, jpeg []byte) (web.PhotoChange, error) {
	done := web.PhotoChange{Card: card, After: sha256.Sum256(jpeg)}
	base, err := p.base(card)
	if err != nil {
		return done, err
	}
	if err := os.MkdirAll(string(p), 0o700); err != nil {
		return done, err
	}
	root, err := os.OpenRoot(string(p))
	if err != nil {
		return done, err
	}
	defer root.Close()
	if done.Before, err = p.setAside(root, card, base); err != nil {
		return done, err
	}
	part := base + ".part"
	err = root.WriteFile(part, jpeg, 0o600)
	if err == nil {
		err = root.Rename(part, base+photoEndings[0])
	}
	if err != nil {
		p.Drop(done)
		return done, errors.Join(err, removed(root, part))
	}
	return done, removed(root, base+photoEndings[1], base+photoEndings[2])
}

// Follow copies the photo of one card for another.
func (p photoFolder) Follow(old, fresh string) error {
	name, _, err := p.find(old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(string(p))
	if err != nil {
		return err
	}
	defer root.Close()
	b, err := root.ReadFile(name)
	if err != nil {
		return err
	}
	base, err := p.base(fresh)
	if err != nil {
		return err
	}
	return root.WriteFile(base+filepath.Ext(name), b, 0o600)
}

// Remove takes the photos of cards away; a card without one is no error.
func (p photoFolder) Remove(cards ...string) error {
	root, err := os.OpenRoot(string(p))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	for _, card := range cards {
		base, err := p.base(card)
		if err != nil {
			continue // no file was ever named by it
		}
		for _, ext := range photoEndings {
			if err := removed(root, base+ext); err != nil {
				return err
			}
		}
		aside, err := asideIn(root)
		if err != nil {
			return err
		}
		for _, f := range aside {
			if strings.HasPrefix(f.Name(), base+asideMark) {
				if err := removed(root, photosAside+"/"+f.Name()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// removed takes files away that may be gone already.
func removed(root *os.Root, names ...string) error {
	for _, name := range names {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
