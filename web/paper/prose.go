package paper

import (
	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/labels/ink"
	"muontra/web/words"
)

// facts are a Word's facts as people read them.
func (d Doc) facts(all []any) []any {
	out := make([]any, len(all))
	for i, f := range all {
		switch f := f.(type) {
		case register.Dong:
			out[i] = words.Money(int64(f))
		case register.InWords:
			out[i] = words.InWords(int64(f))
		case register.DongSay:
			out[i] = words.DongInWords(int64(f))
		case kiosk.Day:
			out[i] = words.Date(f)
		case register.Word, register.Words, register.Figure, register.Unit:
			out[i] = d.Text(f, register.Text)
		default:
			out[i] = f
		}
	}
	return out
}

// prose are the paragraphs that stand before the tables, or behind them.
func (d Doc) prose(of func(*register.Source) ([]register.Paragraph, error)) ([]register.Paragraph, error) {
	if of == nil {
		return nil, nil
	}
	return of(d.Source)
}

// signers are who signs, and the day that stands above them.
func (d Doc) signers() ([]register.Signer, kiosk.Day, error) {
	if d.Sheet.Signers != nil {
		return d.Sheet.Signers(d.Source)
	}
	sc := d.Source.School
	var all []register.Signer
	for _, k := range d.Sheet.Signs {
		s := register.Signer{Role: register.W("reg.sign." + k), Name: sc.Librarian}
		if k == "head" {
			s.Name, s.Head = sc.Management, true
			if sc.Title != "" {
				s.Role = sc.Title
			}
		}
		all = append(all, s)
	}
	return all, d.Source.Today, nil
}

const proseGap = 1.2

// paragraphs sets prose from y on, over as many pages as it takes, and returns where
// it ends.
func (s *setter) paragraphs(all []register.Paragraph, y float64) float64 {
	for _, p := range all {
		f, x, w := ink.Font{Face: ink.Regular, Size: 10}, s.left, s.width
		switch p.Kind {
		case register.Headline:
			f = ink.Font{Face: ink.Bold, Size: 10.5}
			y += 1
		case register.Indented:
			x, w = x+5, w-5
		}
		text, _ := ink.Clean(s.Text(p.Text, register.Text))
		lines, _ := f.Wrap(text, w, 60)
		for _, l := range lines {
			if y+f.Line() > s.h-margin {
				s.page()
				s.head("", s.pages)
				y = s.top()
			}
			at := x
			if p.Kind == register.Centred {
				at += (w - f.Width(l)) / 2
			}
			s.pdf.Text(at, y+f.Ascent(), f, l, ink.Black)
			y += f.Line()
		}
		y += proseGap
	}
	return y
}

// The blocks to sign in stand up to so many in a row.
const (
	signsInRow = 4
	signHigh   = 31.0
)

func signsHigh(n int) float64 { return float64((n+signsInRow-1)/signsInRow)*signHigh + 7 }

// signs sets where and when, and the blocks to sign in, at the foot of the page; who
// heads the school signs last, below on the right.
func (s *setter) signs() error {
	all, day, err := s.signers()
	if err != nil || len(all) == 0 {
		return err
	}
	place := s.Source.School.Place
	key := "paper.dated"
	if place == "" {
		key = "paper.day"
	}
	rows := (len(all) + signsInRow - 1) / signsInRow
	top := s.h - 38 - float64(rows-1)*signHigh
	dated := words.T(s.Lang, key, "place", place, "d", day.Day, "m", int(day.Month), "y", day.Year)
	s.text(s.left, top, s.width, running, dated, 1, ink.Black)
	for i, p := range all {
		row, in := i/signsInRow, min(signsInRow, len(all)-i/signsInRow*signsInRow)
		w := s.width / float64(in)
		x, y := s.left+float64(i%signsInRow)*w, top+float64(row)*signHigh
		s.text(x, y+5, w, school, s.Text(p.Role, register.Text), 0, ink.Black)
		hint := "reg.sign_here"
		if p.Head && s.Sheet.Official {
			hint = "minutes.sign_stamp"
		}
		s.text(x, y+9, w, ink.Font{Face: ink.Regular, Size: 7.5}, words.T(s.Lang, hint), 0, ink.Black)
		s.text(x, y+26, w, school, p.Name, 0, ink.Black)
	}
	return nil
}
