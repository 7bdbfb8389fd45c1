package web

import (
	"context"
	"encoding/json"
	"net/http"

	"muontra/kiosk"
)

// PageKeeping keeps what a page goes by, under its key, as JSON.
type PageKeeping interface {
	SetPageSetting(ctx context.Context, a kiosk.Attempt, key string, value any) error
	ChangePageSetting(ctx context.Context, a kiosk.Attempt, key string, change func(now string) (string, error)) error
}

// pageForm is the form of what a page goes by. FormOf makes it of what is kept;
// Usual holds until something is.
type pageForm[T any] struct {
	Key    string
	Page   string // where one is afterwards
	Said   string // the key of the words that say it is done
	Usual  T
	FormOf func(T) *form
}

// keepPage keeps value for a page, unless somebody has changed it since the form
// was shown. Its undo puts back what was.
func keepPage[T any](s *Server, r *http.Request, a kiosk.Attempt, keep PageKeeping, f *form, p pageForm[T], value T) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var c swap[string]
	err = keep.ChangePageSetting(r.Context(), a, p.Key, c.remember(func(kept string) (string, error) {
		now := p.Usual
		if kept != "" {
			var is T // what is kept has no part of the usual
			if err := json.Unmarshal([]byte(kept), &is); err != nil {
				return "", err
			}
			now = is
		}
		return string(text), f.stale(p.FormOf(now))
	}))
	if err != nil {
		return "", err
	}
	s.done(r, p.Page, func(ctx context.Context, a kiosk.Attempt) error { return keep.ChangePageSetting(ctx, a, p.Key, c.back) }, p.Said)
	return p.Page, nil
}
