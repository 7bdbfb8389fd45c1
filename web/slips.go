package web

import (
	"bytes"
	"cmp"
	"net/http"

	"muontra/kiosk"
	"muontra/labels/slip"
	"muontra/web/words"
)

// slips makes the slips for those who were picked, or for all that the list
// shows: one a reader, two to a page, to the reader or to a pupil's parents. It
// changes nothing.
func (s *Server) slips(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	rows, err := s.loanForm(r, f, true)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	doc := slip.Doc{Title: words.T(lang, "slip.title"), Lang: string(lang), When: s.Now(), More: func(n int) string { return words.T(lang, "slip.more", "n", n) }}
	var paper letterhead
	var today kiosk.Day
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if today, err = s.today(v); err != nil {
			return err
		}
		paper, err = letterheadOf(v, lang, today)
		return err
	})
	if err != nil {
		return err
	}
	at := map[kiosk.ID]int{}
	for _, l := range rows {
		if l.Late == 0 || l.Member.ID == "" { // came back meanwhile, or nobody's any more
			continue
		}
		i, ok := at[l.PatronRef]
		if !ok {
			i = len(doc.Slips)
			at[l.PatronRef] = i
			doc.Slips = append(doc.Slips, slipFor(lang, l.Member, f.Is("to", "parents"), paper))
		}
		doc.Slips[i].Books = append(doc.Slips[i].Books, slip.Book{
			Title: l.Item.Title.Name(), Line: words.T(lang, "slip.book", "number", cmp.Or(l.Item.Accession, l.Item.Barcode), "day", words.Date(l.DueOn)),
		})
	}
	if len(doc.Slips) == 0 {
		f.Wrong["pick"], f.Trouble = words.T(lang, "slip.none"), words.T(lang, "form.look")
		return s.showOverdue(w, shownAt(r, overduePath, queryOf(f)), http.StatusUnprocessableEntity, f)
	}
	var b bytes.Buffer
	if err := slip.Write(&b, doc); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="phieu-nhac-`+today.String()+`.pdf"`)
	_, err = w.Write(b.Bytes())
	return err
}

// slipFor is a slip without its books. Parents are written to about a pupil
// only.
func slipFor(lang words.Lang, m kiosk.Member, parents bool, paper letterhead) slip.Slip {
	to := "adult"
	switch {
	case m.Category == kiosk.Pupil && parents:
		to = "parents"
	case m.Category == kiosk.Pupil:
		to = "pupil"
	}
	name := m.Name
	if to == "pupil" {
		name = m.GivenName()
	}
	say := func(part string) string {
		return words.T(lang, "slip."+to+"."+part, "name", name, "class", m.Class)
	}
	return slip.Slip{
		School: dots(paper.Superior, paper.School), Head: say("head"), Greeting: say("hello"), Text: say("text"), Ask: say("ask"), Thanks: say("thanks"),
		Foot: words.T(lang, "slip.foot", "dated", paper.Dated, "name", paper.Signs[0].Name),
	}
}
