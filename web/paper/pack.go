package paper

import (
	"muontra/kiosk/exchange"
	"muontra/kiosk/register"
)

// within are the documents of a pack, in their order.
func (d Doc) within() ([]Doc, error) {
	var all []Doc
	for _, name := range d.Source.Packed {
		x, err := Open(d.Source.View, name, d.Source.AskIn(register.Find(name)), d.Lang, d.Now)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}

// pack sets the documents of a pack behind its own first page; the pages are numbered
// through.
func (s *setter) pack() error {
	docs, err := s.within()
	if err != nil {
		return err
	}
	for _, d := range docs {
		x := newSetter(d, s.pdf)
		x.pages, x.running = s.pages, true
		if err := x.set(); err != nil {
			return err
		}
		s.pages = x.pages
	}
	return nil
}

// packTabs are the sheets of a pack's workbook.
func (d Doc) packTabs() ([]exchange.Tab, error) {
	docs, err := d.within()
	if err != nil {
		return nil, err
	}
	var all []exchange.Tab
	for _, x := range docs {
		tabs, err := x.tabs()
		if err != nil {
			return nil, err
		}
		for i := range tabs {
			if len(tabs) > 1 {
				tabs[i].Name = x.Title() + " " + tabs[i].Name
			}
		}
		all = append(all, tabs...)
	}
	return all, nil
}
