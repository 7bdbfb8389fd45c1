package kiosktest

import (
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

func lacks(i kiosk.Item, l kiosk.Lack) bool {
	switch l {
	case kiosk.LackPrice:
		return i.Price == 0
	case kiosk.LackPlace:
		return i.HomePlace == ""
	case kiosk.LackLabel:
		return !i.Labelled
	case kiosk.LackLevel:
		return i.Title.Level == ""
	case kiosk.LackClass:
		return i.Title.ClassNumber == ""
	case kiosk.LackAuthors:
		return len(i.Title.Authors) == 0
	}
	return false
}

func (v *view) Completeness() (kiosk.Completeness, error) {
	c := kiosk.Completeness{Missing: map[kiosk.Lack]int{}}
	for _, l := range kiosk.Lacks {
		c.Missing[l] = 0
	}
	for _, i := range v.items(func(kiosk.Copy) bool { return true }) {
		if i.State.Status == kiosk.CopyWithdrawn {
			continue
		}
		c.Copies++
		for _, l := range []kiosk.Lack{kiosk.LackPrice, kiosk.LackPlace, kiosk.LackLabel} {
			if lacks(i, l) {
				c.Missing[l]++
			}
		}
	}
	for _, t := range v.living() {
		c.Titles++
		for _, l := range []kiosk.Lack{kiosk.LackLevel, kiosk.LackClass, kiosk.LackAuthors} {
			if lacks(kiosk.Item{Title: t}, l) {
				c.Missing[l]++
			}
		}
	}
	return c, nil
}

func (v *view) Alike(t kiosk.Title) ([]kiosk.Title, error) {
	body := func(isbn string) string {
		switch len(isbn) {
		case 10:
			return isbn[:9]
		case 13:
			return isbn[3:12]
		}
		return ""
	}
	isbn, _ := kiosk.ISBNOf(t.ISBN)
	var same, alike []kiosk.Title
	for _, x := range v.living() {
		switch {
		case x.ID == t.ID:
		case isbn != "" && body(x.ISBN) == body(isbn):
			same = append(same, x)
		case fold.Text(t.Title) != "" && fold.Text(x.Title) == fold.Text(t.Title) && fold.Text(x.Remainder) == fold.Text(t.Remainder):
			alike = append(alike, x)
		}
	}
	return append(same, alike...), nil
}

func (v *view) Duplicates(limit int) ([][]kiosk.Title, error) {
	return kiosk.GroupDuplicates(v.living(), fold.Text, limit), nil
}

func (v *view) ReceiptLinesOf(title kiosk.ID) ([]kiosk.ReceiptLine, error) {
	return slices.DeleteFunc(v.d.receiptLines.all(), func(l kiosk.ReceiptLine) bool { return l.TitleID != title }), nil
}

func (v *view) EventsOfCopy(copyID kiosk.ID, limit int) ([]kiosk.Event, error) {
	return v.newest(limit, func(e kiosk.Event) bool { return e.CopyID == copyID && copyID != "" })
}

func (v *view) EventsOfTitle(title kiosk.ID, limit int) ([]kiosk.Event, error) {
	return v.newest(limit, func(e kiosk.Event) bool {
		x := e.Payload.Edited
		return x != nil && (e.Type == kiosk.EventTitleChanged || e.Type == kiosk.EventTitlesMerged) && (x.Title == title || e.Type == kiosk.EventTitlesMerged && x.Other == title)
	})
}

// newest lists events that are asked for, the newest first.
func (v *view) newest(limit int, keep func(kiosk.Event) bool) ([]kiosk.Event, error) {
	all, err := v.Events(0, len(v.d.events))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e kiosk.Event) bool { return !keep(e) })
	slices.Reverse(all)
	return all[:min(len(all), limit)], nil
}
