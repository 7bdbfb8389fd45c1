package kiosktest

import (
	"errors"
	"slices"

	"muontra/kiosk"
)

func (v *view) Handout(id kiosk.ID) (kiosk.Handout, error) { return v.d.handouts.get("handout", id) }

func (v *view) Handouts() ([]kiosk.Handout, error) {
	all := slices.DeleteFunc(v.d.handouts.all(), func(h kiosk.Handout) bool { return h.Removed || h.Quantity == h.Back })
	kiosk.SortHandouts(all, false)
	return all, nil
}

func (v *view) HandoutsOf(line kiosk.ID) ([]kiosk.Handout, error) {
	all := slices.DeleteFunc(v.d.handouts.all(), func(h kiosk.Handout) bool { return h.Removed || h.LineID != line })
	kiosk.SortHandouts(all, true)
	return all, nil
}

func (t *tx) PutHandout(h kiosk.Handout) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.lines.get("textbook line", h.LineID); err != nil {
		return err
	}
	if err := t.d.classes.need("class", h.ClassID); err != nil {
		return err
	}
	if _, ok := t.d.refs[h.PatronRef]; !ok && h.PatronRef != "" {
		return missing("patron ref", h.PatronRef)
	}
	if (h.ClassID == "") == (h.PatronRef == "") || h.Quantity < 1 || h.On.IsZero() || h.Due.IsZero() || min(h.Back, h.Damaged, h.Lost) < 0 || h.Damaged > h.Back || h.Back+h.Lost > h.Quantity {
		return errors.New("a handout of nothing, or to nobody")
	}
	t.d.handouts.put(t, h.ID, h)
	if l := t.counted(t.d.lines.rows[h.LineID]); !h.Removed && l.Shelf() < 0 {
		return conflict("handout %s", h.ID)
	}
	return given("handout's id", string(h.ID))
}
