package main

import (
	"errors"
	"image"
	"io/fs"
	"os"
	"path/filepath"

	"muontra/kiosk"
	"muontra/labels"
)

// photosFolder is where a school may put its patrons' photos, in the data
// folder, named by card number: 20000014.jpg.
const photosFolder = "photos"

// photosIn finds the photos of a folder. The folder is looked at anew each
// time, and may come later; one that is not there has no photos. Nothing
// outside it is read, whatever the names and links in it.
func photosIn(dir string) func(kiosk.Member) (image.Image, error) {
	return func(m kiosk.Member) (image.Image, error) {
		root, err := os.OpenRoot(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		defer root.Close()
		return labels.Photos(root.FS())(m)
	}
}

// photosOf finds the photos of a data folder.
func photosOf(data string) func(kiosk.Member) (image.Image, error) {
	return photosIn(filepath.Join(data, photosFolder))
}
