package labels

import (
	"muontra/kiosk"
)

// units takes the job apart into labels or pages.
func (j *Job) units() ([]unit, error) {
	switch j.Layout {
	case CopyLabel:
		return items(j.Items, (*pen).copyLabel), nil
	case SpineLabel:
		return items(j.Items, (*pen).spineLabel), nil
	case BothLabel:
		return items(j.Items, (*pen).bothLabel), nil
	case ShelfLabel:
		return places(j.Places, (*pen).shelfLabel), nil
	case PlaceLabel:
		return places(j.Places, (*pen).placeLabel), nil
	case PatronCard:
		units := make([]unit, len(j.Members))
		for i, m := range j.Members {
			units[i] = unit{memberSubject(m), m.Card.Barcode, func(p *pen) error { return p.card(m, j.Photo) }}
		}
		return units, nil
	case ClassSheet:
		return classPages(j.Members), nil
	case Commands:
		return []unit{{string(Commands), "commands", (*pen).commands}}, nil
	case Colours:
		return []unit{{string(Colours), "colours", (*pen).colours}}, nil
	case TestLabel:
		return []unit{{string(TestLabel), "test", (*pen).test}}, nil
	default: // Calibration; check has refused the rest
		if j.onPages() {
			return []unit{{string(Calibration), "calibration", func(p *pen) error { return p.calibration(j.Adjust) }}}, nil
		}
		units := make([]unit, j.Stock.Columns)
		for i := range units {
			units[i] = unit{string(Calibration), "calibration", func(p *pen) error { return p.rollRuler(i + 1) }}
		}
		return units, nil
	}
}

func items(list []kiosk.Item, draw func(*pen, kiosk.Item) error) []unit {
	units := make([]unit, len(list))
	for i := range list {
		it := &list[i]
		units[i] = unit{itemSubject(it), it.Barcode, func(p *pen) error { return draw(p, *it) }}
	}
	return units
}

func places(list []kiosk.Place, draw func(*pen, kiosk.Place) error) []unit {
	units := make([]unit, len(list))
	for i, pl := range list {
		subject := pl.Code
		if subject == "" {
			subject = pl.Name
		}
		units[i] = unit{brief(subject), pl.Code, func(p *pen) error { return draw(p, pl) }}
	}
	return units
}

// brief keeps a subject readable in an error, whatever was typed into it.
func brief(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// itemSubject is how people call a copy.
func itemSubject(it *kiosk.Item) string {
	switch {
	case it.Accession != "":
		return brief(it.Accession)
	case it.Barcode != "":
		return brief(it.Barcode)
	default:
		return brief(it.Title.Title)
	}
}

func memberSubject(m kiosk.Member) string {
	if m.Name != "" {
		return brief(m.Name)
	}
	return brief(m.Card.Barcode)
}
