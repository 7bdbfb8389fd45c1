package backup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Why a folder cannot be chosen.
var (
	ErrNotAFolder  = errors.New("there is no such folder")
	ErrInside      = errors.New("the folder lies in the data folder: it would be lost with it")
	ErrOtherSchool = errors.New("another school keeps its copies there")
)

// markName is the file that says whose copies lie in a folder. Where it is
// missing the stick is not plugged in: a copy written into the empty place would
// lie on this PC's own disk.
const markName = "muontra-backups.txt"

const markText = "muontra keeps copies of a school library's database here. They open only with the school's key.\nsite: "

// claim marks a folder as the school's, or refuses it.
func claim(data, folder, site string) error {
	if st, err := os.Stat(folder); err != nil || !st.IsDir() || !filepath.IsAbs(folder) {
		return errors.Join(ErrNotAFolder, err)
	}
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return err
	}
	if data, err = filepath.EvalSymlinks(data); err != nil {
		return err
	}
	if rel, err := filepath.Rel(data, real); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return ErrInside
	}
	name := filepath.Join(folder, markName)
	if b, err := os.ReadFile(name); err == nil {
		if strings.TrimSpace(string(b)) != strings.TrimSpace(markText+site) {
			return ErrOtherSchool
		}
	}
	// Written even where it is: so it is known now that the folder takes files.
	if err := writeFile(name+".part", []byte(markText+site+"\n")); err != nil {
		return err
	}
	return place(name+".part", name)
}

// claimed reports whether the chosen folder is there and still the school's.
func claimed(folder, site string) bool {
	b, err := os.ReadFile(filepath.Join(folder, markName))
	return err == nil && strings.TrimSpace(string(b)) == strings.TrimSpace(markText+site)
}
