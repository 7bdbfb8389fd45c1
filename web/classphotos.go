package web

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/labels"
)

const (
	mostClassPhotos  = 100             // pictures sent at once
	maxPhotoPart     = 16<<20 + 1      // of one picture; one more than ReadPhoto takes, so that it says no
	maxClassPhotos   = 1 << 30         // of all of them
	photoReadTime    = 5 * time.Minute // for a folder of a camera's pictures over the school's network
	mostUnmatchedBy  = 5               // names of files that are told
	maxFileNameShown = 60
)

// sentPhoto is one picture of a folder, already made anew: small, and with nothing
// else of the file. No JPEG is a file that is no picture.
type sentPhoto struct {
	name string
	jpeg []byte
}

// classPhotos takes a folder of pictures for a class at once. A file is
// somebody's whose card number, or whose name with or without its marks, it is
// named by; two of one name have to be named by their cards.
func (s *Server) classPhotos(w http.ResponseWriter, r *http.Request) error {
	if s.Photos == nil || s.People == nil {
		return errNotFound
	}
	id := kiosk.ID(r.PathValue("id"))
	to := "/desk/classes/" + string(id)
	f, all, err := sentPhotos(w, r)
	if err != nil {
		return err
	}
	f.Button = true
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var people []personRow
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			today, err := s.today(v)
			if err != nil {
				return err
			}
			_, year, err := s.classAndYear(v, id)
			if err != nil {
				return err
			}
			roll, err := s.rollOf(v, year)
			for _, p := range roll {
				if p.inClass(id) && (p.Status != kiosk.PatronLeft || year.End.Before(today)) {
					people = append(people, p)
				}
			}
			return err
		})
		if err != nil {
			return "", err
		}
		var taken photosTaken
		lost := []string{}
		for _, p := range all {
			who := photoOf(people, p.name)
			if who < 0 || p.jpeg == nil {
				lost = append(lost, p.name)
				continue
			}
			if err := s.takePhoto(r.Context(), a, &taken, people[who].ID, people[who].Card.Barcode, p.jpeg); err != nil {
				return "", err
			}
		}
		kept := len(taken)
		key, pairs := "class.photos_kept", []any{"n", kept}
		switch {
		case len(all) == 0:
			key = "class.photos_none"
		case len(lost) > 0:
			key = "class.photos_some"
			names := strings.Join(lost[:min(len(lost), mostUnmatchedBy)], ", ")
			if len(lost) > mostUnmatchedBy {
				names += ", …"
			}
			pairs = append(pairs, "m", len(lost), "files", names)
		}
		s.photosDone(r, taken, &said{page: to, key: key, pairs: pairs, bad: kept < len(all) || len(all) == 0})
		return to, nil
	}, s.refused(w, r, f, to))
}

// sentPhotos reads a form with many pictures, one after the other, so that never
// more than one is held as it came.
func sentPhotos(w http.ResponseWriter, r *http.Request) (*form, []sentPhoto, error) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(photoReadTime)) // a server that cannot keeps its own
	r.Body = http.MaxBytesReader(w, r.Body, maxClassPhotos)
	m, err := r.MultipartReader()
	if err != nil {
		return nil, nil, errBadBody
	}
	f := newForm()
	var all []sentPhoto
	for {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			f.Token = f.Get("token")
			return f, all, nil
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(part, maxPhotoPart))
		}
		if err != nil {
			if p, known := asProblem(err); known {
				return nil, nil, p
			}
			return nil, nil, errBadBody
		}
		name := photoName(part)
		switch {
		case part.FormName() == "token" && len(data) <= maxBody:
			f.Values.Set("token", tidy(string(data)))
		case part.FormName() != "photos" || name == "":
		case len(all) == mostClassPhotos:
			return nil, nil, errTooLong
		default:
			// The same pictures sent again are the same form.
			f.Values.Add("photo", name+" "+strconv.Itoa(len(data)))
			all = append(all, sentPhoto{name, smallJPEG(data)})
		}
	}
}

// photoName is the name of a picture's file without the folders before it.
func photoName(part *multipart.Part) string {
	name := path.Base(strings.ReplaceAll(tidy(part.FileName()), `\`, "/"))
	if name == "." || name == "/" {
		return ""
	}
	if r := []rune(name); len(r) > maxFileNameShown {
		name = string(r[:maxFileNameShown]) + "…"
	}
	return name
}

// smallJPEG is a picture made anew, nil for what is none.
func smallJPEG(data []byte) []byte {
	img, err := labels.ReadPhoto(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	if jpeg.Encode(&b, img, &jpeg.Options{Quality: 88}) != nil {
		return nil
	}
	return b.Bytes()
}

// photoOf is whose picture a file's name says it is, -1 for nobody's and for the
// name of two. A number before the name is the class list's.
func photoOf(people []personRow, file string) int {
	file = strings.TrimSuffix(file, path.Ext(file))
	words := strings.Fields(fold.Text(file))
	name := words
	for len(name) > 1 && strings.IndexFunc(name[0], unicode.IsLetter) < 0 {
		name = name[1:]
	}
	found := -1
	for i, p := range people {
		if p.Card.Barcode == "" {
			continue
		}
		if strings.EqualFold(p.Card.Barcode, strings.TrimSpace(file)) {
			return i
		}
		if fold.Text(p.Name) == strings.Join(name, " ") {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}
