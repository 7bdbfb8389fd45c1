package register

import (
	"slices"

	"muontra/kiosk"
)

// Choice is one of the papers that a sheet is of: the minutes of one stocktake, one
// bibliography.
type Choice struct {
	ID   kiosk.ID
	Name string // its number or name, as people ask for it
}

// Paragraph is a piece of text between the tables of a paper.
type Paragraph struct {
	Text any // a string, a Word or Words
	Kind ParagraphKind
}

// ParagraphKind is how a paragraph stands.
type ParagraphKind string

// The kinds.
const (
	Plainly  ParagraphKind = ""
	Centred  ParagraphKind = "centred" // below the title: a number, a name
	Headline ParagraphKind = "headline"
	Indented ParagraphKind = "indented" // a line of a list
)

// P is a paragraph of words.
func P(key string, facts ...any) Paragraph { return Paragraph{Text: W(key, facts...)} }

// Signer is one who signs a paper.
type Signer struct {
	Role any // a string or a Word
	Name string
	Head bool // signs last and stamps
}

// Facts of a Word that are said in words or as money.
type (
	Dong    int64 // a sum in đồng, in figures
	InWords int64 // a number in words
	DongSay int64 // a sum of đồng in words
)

// Chosen finds the paper that was asked for, by its id or its name; the newest when
// nothing was asked for. A zero Choice says that there is none yet.
func chosen(all []Choice, of string) (Choice, error) {
	if len(all) == 0 && of == "" {
		return Choice{}, nil
	}
	if of == "" {
		return all[0], nil
	}
	i := slices.IndexFunc(all, func(c Choice) bool { return string(c.ID) == of })
	if i < 0 {
		i = slices.IndexFunc(all, func(c Choice) bool { return c.Name == of })
	}
	if i < 0 {
		return Choice{}, &AskError{Trouble: NoPaper, Of: of}
	}
	return all[i], nil
}

// board are who signs minutes: the management, and the board's members.
func board(members []kiosk.BoardMember, school kiosk.School) []Signer {
	var all []Signer
	for _, m := range members {
		if m.Name == "" && m.Role == "" {
			continue
		}
		role := any(m.Role)
		if m.Role == "" {
			role = m.Position
		}
		all = append(all, Signer{Role: role, Name: m.Name})
	}
	return append(all, Signer{Role: W("minutes.sign_management"), Name: school.Management, Head: true})
}

// attending lists a board's members under their heading.
func attending(members []kiosk.BoardMember) []Paragraph {
	all := []Paragraph{{Text: W("board.title"), Kind: Headline}}
	for _, m := range members {
		if m.Name != "" || m.Position != "" || m.Role != "" {
			all = append(all, Paragraph{Text: Words{m.Name, m.Position, m.Role}, Kind: Indented})
		}
	}
	return all
}

// dotted is a text, or the dots to write it on.
func dotted(s string) string {
	if s == "" {
		return "……"
	}
	return s
}
