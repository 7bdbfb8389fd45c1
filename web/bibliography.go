package web

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// biblioGroup is a group of an annotated list of titles.
type biblioGroup struct {
	Name  string
	Lines []biblioLine
}

// biblioLine is a title of it. It says nothing of any reader.
type biblioLine struct {
	Title kiosk.Title
	Text  string
	Code  string // the shelf mark
}

// bibliography is the list on a page to print, as a Word file (?as=docx) or as a
// page to keep (?as=html).
func (s *Server) bibliography(w http.ResponseWriter, r *http.Request) error {
	var a kiosk.Activity
	var groups []biblioGroup
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if a, err = v.Activity(kiosk.ID(r.PathValue("id"))); err != nil || a.Removed {
			return err
		}
		for _, t := range a.Titles {
			title, err := v.Title(t.Title)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(groups, func(g biblioGroup) bool { return g.Name == t.Group })
			if i < 0 {
				groups, i = append(groups, biblioGroup{Name: t.Group}), len(groups)
			}
			groups[i].Lines = append(groups[i].Lines, biblioLine{title, cmpText(t.Text, title.Summary), title.CallNumber})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if a.Removed {
		return errNotFound
	}
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	heading := a.Text
	if heading == "" {
		heading = words.T(lang, "activity.kind."+string(a.Kind))
	}
	name := strings.ReplaceAll(fold.Text(heading), " ", "-")
	data := map[string]any{"A": a, "Heading": heading, "Groups": groups, "School": school, "N": len(a.Titles)}
	switch r.URL.Query().Get("as") {
	case "docx":
		b, err := biblioDocx(lang, school, heading, groups)
		if err != nil {
			return err
		}
		attach(w, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", name+".docx")
		_, err = w.Write(b)
		return err
	case "html":
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.html"`)
		s.page(w, r, http.StatusOK, "bibliofile.html", data)
		return nil
	}
	s.deskPage(w, r, http.StatusOK, "bibliography.html", data)
	return nil
}

func cmpText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Imprint is the place, publisher and year of a title in one line.
func (l biblioLine) Imprint() string {
	t := l.Title
	year := ""
	if t.Year > 0 {
		year = numberOrNone(t.Year)
	}
	var parts []string
	for _, p := range []string{t.PubPlace, t.Publisher, year} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// Authors are the authors in one line.
func (l biblioLine) Authors() string { return strings.Join(l.Title.Authors, ", ") }

// biblioDocx writes the list as WordprocessingML: paragraphs and nothing else, by
// ECMA-376 part 1.
func biblioDocx(lang words.Lang, school kiosk.School, heading string, groups []biblioGroup) ([]byte, error) {
	var body bytes.Buffer
	paragraph := func(size string, bold, centred bool, text string) {
		body.WriteString(`<w:p><w:pPr><w:spacing w:after="80"/>`)
		if centred {
			body.WriteString(`<w:jc w:val="center"/>`)
		}
		body.WriteString(`</w:pPr><w:r><w:rPr>`)
		if bold {
			body.WriteString(`<w:b/>`)
		}
		body.WriteString(`<w:sz w:val="` + size + `"/></w:rPr><w:t xml:space="preserve">`)
		xml.EscapeText(&body, []byte(text))
		body.WriteString(`</w:t></w:r></w:p>`)
	}
	paragraph("24", false, true, school.Name)
	paragraph("36", true, true, heading)
	n := 0
	for _, g := range groups {
		if g.Name != "" {
			paragraph("28", true, false, g.Name)
		}
		for _, l := range g.Lines {
			n++
			line := numberOrNone(n) + ". " + l.Title.Name()
			if a := l.Authors(); a != "" {
				line += " / " + a
			}
			paragraph("26", true, false, line)
			if x := l.Imprint(); x != "" {
				paragraph("24", false, false, x)
			}
			if l.Code != "" {
				paragraph("24", false, false, words.T(lang, "biblio.call", "call", l.Code))
			}
			if l.Text != "" {
				paragraph("24", false, false, l.Text)
			}
		}
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`},
	} {
		f, err := z.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(xml.Header + part[1])); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
