package web

import (
	"bytes"
	"errors"
	"image/jpeg"
	"net/http"

	"muontra/kiosk"
	"muontra/labels"
)

// maxUpload is the largest file that a page takes, with the form around it.
const maxUpload = 17 << 20

// errNoPicture says that a file is no picture that can be used.
var errNoPicture = errors.New("no picture")

// sentFile reads a form with a file: the fields, the file's name and content.
func sentFile(w http.ResponseWriter, r *http.Request, field string) (*form, string, []byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		if p, known := asProblem(err); known {
			return nil, "", nil, p
		}
		return nil, "", nil, errBadBody
	}
	defer r.MultipartForm.RemoveAll()
	f := newForm()
	for name, list := range r.MultipartForm.Value {
		for _, v := range list {
			f.Values.Add(name, tidy(v))
		}
	}
	f.Token = f.Get("token")
	file, head, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) {
		return f, "", nil, nil
	}
	if err != nil {
		return nil, "", nil, errBadBody
	}
	defer file.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(file); err != nil {
		return nil, "", nil, errBadBody
	}
	return f, head.Filename, b.Bytes(), nil
}

// putPhoto takes a picture of a patron: it is made anew, small, as a JPEG, so
// that nothing of the file itself is kept, such as where it was taken.
func (s *Server) putPhoto(w http.ResponseWriter, r *http.Request) error {
	if s.Photos == nil {
		return errNotFound
	}
	f, _, data, err := sentFile(w, r, "photo")
	if err != nil {
		return err
	}
	to := patronPath(kiosk.ID(r.PathValue("id")))
	if s.People == nil {
		return errNotFound
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if len(data) == 0 {
			return "", &kiosk.FieldError{Field: "photo", Problem: kiosk.FieldMissing}
		}
		var p patronView
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			p, err = s.readPatron(v, kiosk.ID(r.PathValue("id")), mostPastLoans)
			return err
		})
		if err != nil {
			return "", err
		}
		if p.Card.ID == "" {
			return "", kiosk.ErrNotNow
		}
		img, err := labels.ReadPhoto(bytes.NewReader(data))
		if err != nil {
			return "", errNoPicture
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 88}); err != nil {
			return "", err
		}
		var all photosTaken
		if err := s.takePhoto(r.Context(), a, &all, p.ID, p.Card.Barcode, b.Bytes()); err != nil {
			return "", err
		}
		s.photosDone(r, all, &said{page: to, key: "patron.photo_kept"})
		return to, nil
	}, func(status int) error { return s.showPatron(w, r, status, f) })
}
