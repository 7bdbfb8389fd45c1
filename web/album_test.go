package web_test

import (
	"crypto/sha256"
	"strconv"
	"sync"

	"muontra/kiosk"
	"muontra/web"
)

// album is a folder of pictures in memory.
type album struct {
	mu        sync.Mutex
	of, aside map[string][]byte // by card, and by what was set aside
	n         int
}

func newAlbum() *album { return &album{of: map[string][]byte{}, aside: map[string][]byte{}} }

func (a *album) Has(card string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.of[card] != nil
}

func (a *album) Save(card string, jpeg []byte) (web.PhotoChange, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := web.PhotoChange{Card: card, After: sha256.Sum256(jpeg)}
	if was := a.of[card]; was != nil {
		a.n++
		c.Before = card + "~" + strconv.Itoa(a.n)
		a.aside[c.Before] = was
	}
	a.of[card] = jpeg
	return c, nil
}

func (a *album) PutBack(changes ...web.PhotoChange) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range changes {
		if sha256.Sum256(a.of[c.Card]) != c.After || c.Before != "" && a.aside[c.Before] == nil {
			return kiosk.ErrNotUndoable
		}
	}
	for _, c := range changes {
		if delete(a.of, c.Card); c.Before != "" {
			a.of[c.Card] = a.aside[c.Before]
			delete(a.aside, c.Before)
		}
	}
	return nil
}

func (a *album) Drop(changes ...web.PhotoChange) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range changes {
		delete(a.aside, c.Before)
	}
}

func (a *album) Follow(old, fresh string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of[fresh] = a.of[old]
	return nil
}

func (a *album) Remove(cards ...string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range cards {
		delete(a.of, c)
	}
	return nil
}
