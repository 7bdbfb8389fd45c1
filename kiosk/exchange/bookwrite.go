package exchange

import (
	"fmt"

	"muontra/kiosk"
)

// titleDraft is a title as it will be after all rows of the file.
type titleDraft struct {
	title  kiosk.Title
	stored bool
	dirty  bool
}

func (d *titleDraft) put(w *writer) error {
	if d.stored && !d.dirty {
		return nil
	}
	var edit kiosk.TitleEdit
	var err error
	if d.title.ID == "" {
		d.title.ID = w.tx.NewID()
	} else if edit.Before, err = w.tx.Title(d.title.ID); err != nil {
		return fmt.Errorf("title: %w", err)
	}
	if err := w.tx.PutTitle(d.title); err != nil {
		return fmt.Errorf("title: %w", err)
	}
	if edit.After, err = w.tx.Title(d.title.ID); err != nil {
		return fmt.Errorf("title: %w", err)
	}
	w.wrote.Titles = append(w.wrote.Titles, edit)
	d.stored, d.dirty = true, false
	return nil
}

// placeDraft is a place that exists, or will when the first copy stands there.
type placeDraft struct {
	place  kiosk.Place
	stored bool
}

func (d *placeDraft) is(id kiosk.ID) bool { return d == nil || d.stored && d.place.ID == id }

func (d *placeDraft) put(w *writer) (kiosk.ID, error) {
	if d == nil {
		return "", nil
	}
	if !d.stored {
		d.place.ID = w.tx.NewID()
		if err := w.tx.PutPlace(d.place); err != nil {
			return "", fmt.Errorf("place %s: %w", d.place.Code, err)
		}
		d.stored = true
	}
	return d.place.ID, nil
}

// bookStep writes what one row says of a title and its copies.
type bookStep struct {
	title    *titleDraft
	fresh    []kiosk.Copy // to add; their empty codes are handed out
	old      *kiosk.Copy  // the copy that the row changes
	after    kiosk.Copy
	again    bool // it was taken back with a list, and is in this one
	putCopy  bool
	putState bool
	home     *placeDraft
	present  *placeDraft
	reserved map[string]bool
}

// rank orders the steps: copies that bring an accession number come first.
func (s *bookStep) rank() int {
	if s.old != nil || len(s.fresh) == 1 && s.fresh[0].Accession != "" {
		return 0
	}
	return 1
}

func (s *bookStep) write(w *writer) error {
	if err := s.title.put(w); err != nil {
		return err
	}
	home, err := s.home.put(w)
	if err != nil {
		return err
	}
	present, err := s.present.put(w)
	if err != nil {
		return err
	}
	if s.old != nil {
		return s.change(w, home, present)
	}
	for _, c := range s.fresh {
		c.TitleID, c.HomePlace, c.State.Place = s.title.title.ID, home, present
		if present == "" {
			c.State.Place = home
		}
		if err := s.add(w, c); err != nil {
			return err
		}
	}
	return nil
}

// add registers one copy. It comes into being by an event, as whatever changes
// it later.
func (s *bookStep) add(w *writer, c kiosk.Copy) (err error) {
	if c.Accession == "" {
		if c.Accession, err = w.tx.NextAccession(c.Kind.Prefix()); err != nil {
			return fmt.Errorf("next accession number: %w", err)
		}
	}
	if c.Barcode == "" {
		if c.Barcode, err = w.barcode(kiosk.CopySeries, s.reserved); err != nil {
			return err
		}
	}
	c.ID = w.tx.NewID()
	c.State.CopyID = c.ID
	if err := w.tx.PutCopy(c); err != nil {
		return fmt.Errorf("copy %s (%s): %w", c.Accession, c.Barcode, err)
	}
	e := w.event(kiosk.EventCopyAdded)
	e.CopyID = c.ID
	e.Payload.Changes.Copies = []kiosk.CopyState{c.State}
	if err := w.tx.Append(e); err != nil {
		return fmt.Errorf("copy %s: %w", c.Accession, err)
	}
	return w.copied(kiosk.Copy{}, c.ID, e.Seq)
}

// copied keeps what a copy was and is, as it is stored.
func (w *writer) copied(before kiosk.Copy, id kiosk.ID, seq int64) error {
	now, err := w.tx.Item(id)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	w.wrote.Copies = append(w.wrote.Copies, kiosk.ImportedCopy{Before: before, After: now.Copy, Seq: seq})
	return nil
}

func (s *bookStep) change(w *writer, home, present kiosk.ID) error {
	c := s.after
	if s.again {
		c.TitleID = s.title.title.ID
	}
	if !s.putCopy && !s.putState {
		return nil
	}
	was, err := w.tx.Item(c.ID)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	if home != "" {
		// A copy that stood in its place moves with it.
		if s.putState && present == "" && c.State.Place == c.HomePlace {
			c.State.Place = home
		}
		c.HomePlace = home
	}
	if present != "" {
		c.State.Place = present
	}
	if s.putCopy {
		if err := w.tx.PutCopy(c); err != nil {
			return fmt.Errorf("copy %s: %w", c.Accession, err)
		}
	}
	if !s.putState {
		return w.copied(was.Copy, c.ID, 0)
	}
	e := w.event(kiosk.EventCopyChanged)
	e.CopyID = c.ID
	e.Payload.Changes.Copies = []kiosk.CopyState{c.State}
	if err := w.tx.Append(e); err != nil {
		return fmt.Errorf("copy %s: %w", c.Accession, err)
	}
	return w.copied(was.Copy, c.ID, e.Seq)
}
