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
		x.Source.Share(d.Source)
		all = append(all, x)
	}
	return all, nil
}

// step tells that so many of a pack's sheets are done; the file itself is the last.
func (d Doc) step(done, sheets int) {
	if d.Step != nil {
		d.Step(done, sheets+1)
	}
}

// pack sets the documents of a pack behind its own first page; the pages are numbered
// through.
func (s *setter) pack() error {
	docs, err := s.within()
	if err != nil {
		return err
	}
	for i, d := range docs {
		s.step(i, len(docs))
		x := newSetter(d, s.pdf)
		x.pages, x.running = s.pages, true
		if err := x.set(); err != nil {
			return err
		}
		s.pages = x.pages
	}
	s.step(len(docs), len(docs))
	return nil
}

// packTabs are the sheets of a pack's workbook.
func (d Doc) packTabs() ([]exchange.Tab, error) {
	docs, err := d.within()
	if err != nil {
		return nil, err
	}
	var all []exchange.Tab
	for n, x := range docs {
		d.step(n, len(docs))
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
	d.step(len(docs), len(docs))
	return all, nil
}
