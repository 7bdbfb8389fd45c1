package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"muontra/kiosk/station"
)

// pictureRoutes are the camera as a scanner.
func (s *Server) pictureRoutes() []route {
	return []route{
		{"POST", "/api/v1/stations/{station}/pictures", ownStation, s.apiPicture},
	}
}

// PictureReader finds the texts of all barcodes in a picture, none twice. It
// returns [ErrNoPicture] and [ErrPictureTooLarge], or the context's error.
type PictureReader func(context.Context, []byte) ([]string, error)

// Why a picture was not looked into.
var (
	ErrNoPicture       = errors.New("no picture")
	ErrPictureTooLarge = errors.New("picture too large")
)

var (
	errPictureType  = problem{http.StatusUnsupportedMediaType, "picture_type"}
	errPictureBad   = problem{http.StatusUnprocessableEntity, "picture_bad"}
	errPictureLarge = problem{http.StatusRequestEntityTooLarge, "picture_large"}
	errNoBarcode    = problem{http.StatusUnprocessableEntity, "no_barcode"}
	errBarcodes     = problem{http.StatusUnprocessableEntity, "several_barcodes"}
)

// cameraDevice is the name under which pictures are scanned.
const cameraDevice = "camera"

const (
	maxPicture  = 12 << 20
	pictureTime = 4 * time.Second // for a place, and for the search
	// mostReceived is how many pictures are in memory at once: 12 MB each, and what
	// they are unpacked to.
	mostReceived = 6
)

// apiPicture reads the barcode in a picture and scans it: the same inbox, the
// same answer as a scan. The picture is the body (image/...), or a file of a
// form (multipart/form-data); command_id stands in the address or beside the
// file. A picture without one clear barcode changes nothing and uses up no id,
// so a page may send frame after frame under one id, and no more than one of
// them counts.
func (s *Server) apiPicture(w http.ResponseWriter, r *http.Request) error {
	st, err := s.stationOf(r)
	if err != nil {
		return err
	}
	if s.Pictures == nil {
		return errNotFound
	}
	done, err := s.placeForPicture(r)
	if err != nil {
		return err
	}
	defer done()
	b, id, err := readPicture(w, r)
	if err != nil {
		return err
	}
	if !short(id, 128) {
		return errBadBody
	}
	start := time.Now()
	code, err := s.barcodeIn(r.Context(), b)
	if err != nil {
		return err
	}
	res, err := st.Scan(r.Context(), station.Scan{Code: code, CommandID: id, Device: cameraDevice, SignedIn: boxHand(r)})
	if err != nil {
		return err
	}
	s.metrics.scanned(res, time.Since(start))
	writeJSON(w, http.StatusOK, resultOf(s.lang(r), res))
	return nil
}

// placeForPicture waits for one of the places in which pictures are taken in: a
// few at a time, so that they never fill the memory. done gives it back.
func (s *Server) placeForPicture(r *http.Request) (done func(), err error) {
	select {
	case s.receiving <- struct{}{}:
		return func() { <-s.receiving }, nil
	case <-time.After(pictureTime):
		return nil, errUnavailable
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// readPicture takes the picture and the command's id from a request.
func readPicture(w http.ResponseWriter, r *http.Request) (b []byte, id string, err error) {
	id = r.URL.Query().Get("command_id")
	r.Body = http.MaxBytesReader(w, r.Body, maxPicture+64<<10)
	mt, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil, "", errPictureType
	case strings.HasPrefix(mt, "image/"):
		b, err = pictureBytes(r.Body)
		return b, id, err
	case mt != "multipart/form-data":
		return nil, "", errPictureType
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", errBadBody
	}
	for n := 0; n < 8; n++ {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, "", bodyProblem(err)
		}
		switch {
		case p.FormName() == "command_id":
			text, err := io.ReadAll(io.LimitReader(p, 200))
			if err != nil {
				return nil, "", bodyProblem(err)
			}
			id = string(text)
		case p.FileName() != "" && b == nil:
			if b, err = pictureBytes(p); err != nil {
				return nil, "", err
			}
		}
	}
	if b == nil {
		return nil, "", errPictureBad
	}
	return b, id, nil
}

func pictureBytes(from io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(from, maxPicture+1))
	if err != nil {
		return nil, bodyProblem(err)
	}
	if len(b) > maxPicture {
		return nil, errPictureLarge
	}
	return b, nil
}

// bodyProblem is a body that ended early or never ends.
func bodyProblem(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return errPictureLarge
	}
	return errBadBody
}

// barcodeIn is the one barcode of a picture. Several are never chosen from: the
// wrong book would be lent without a word. Only a publisher's ISBN beside our
// label does not count, as it stands on most covers and no loan is made by it.
func (s *Server) barcodeIn(ctx context.Context, b []byte) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	texts, err := s.Pictures(ctx, b)
	switch {
	case errors.Is(err, ErrNoPicture):
		return "", errPictureBad
	case errors.Is(err, ErrPictureTooLarge):
		return "", errPictureLarge
	case err != nil:
		return "", err
	case len(texts) == 0:
		return "", errNoBarcode
	case len(texts) == 1:
		return texts[0], nil
	}
	var ours []string
	for _, t := range texts {
		if !isISBN(t) {
			ours = append(ours, t)
		}
	}
	if len(ours) == 1 {
		return ours[0], nil
	}
	return "", errBarcodes
}

// isISBN: the EAN-13 of a book, 978 or 979.
func isISBN(s string) bool {
	return len(s) == 13 && (strings.HasPrefix(s, "978") || strings.HasPrefix(s, "979")) && strings.Trim(s, "0123456789") == ""
}
