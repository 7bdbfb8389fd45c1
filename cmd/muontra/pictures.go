package main

import (
	"context"
	"errors"

	"muontra/devices/picture"
	"muontra/web"
)

// readPictures reads the barcodes in the pictures that the pages send.
func readPictures() web.PictureReader {
	r := picture.NewReader(picture.AtOnce())
	return func(ctx context.Context, b []byte) ([]string, error) {
		codes, err := r.Read(ctx, b)
		switch {
		case errors.Is(err, picture.ErrNoPicture):
			return nil, web.ErrNoPicture
		case errors.Is(err, picture.ErrTooLarge):
			return nil, web.ErrPictureTooLarge
		case errors.Is(err, picture.ErrNoCode):
			return nil, nil
		case err != nil:
			return nil, err
		}
		texts := make([]string, len(codes))
		for i, c := range codes {
			texts[i] = c.Text
		}
		return texts, nil
	}
}
