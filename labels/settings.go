package labels

import (
	"encoding/json"
	"fmt"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/labels/ink"
	"muontra/labels/say"
	"muontra/labels/symbol"
)

// Settings are a school's own choices about its labels. The zero value of
// each field is a usable default; JSON keeps them.
type Settings struct {
	School string      `json:"school"` // printed on labels and cards; "" leaves the line out
	Year   string      `json:"year"`   // the school year as it is written: "2026-2027"
	Lang   string      `json:"lang"`   // "vi" (default) or "en"
	Scheme Scheme      `json:"scheme"`
	Mark   Mark        `json:"mark"`
	Symbol symbol.Kind `json:"symbol"` // code128 (default) or qr
	// Signs are the collection signs on spines, by sub-kind or by kind; a kind
	// that is not named has its accession prefix (TK, TN, GK, NV).
	Signs  map[string]string `json:"signs"`
	Levels []Level           `json:"levels"` // nil is DefaultLevels
}

// Scheme is the classification whose numbers stand on the spines. It decides
// where a number that is too long for a line is broken.
type Scheme string

// The schemes: Dewey numbers break before the point ("895" ".922"), those of
// the 19-class scheme of school libraries before the bracket ("53" "(075)").
const (
	DDC      Scheme = "ddc" // also ""
	Nineteen Scheme = "19"
)

// Mark is which letters stand under the class number.
type Mark string

// The marks: three letters of the first author and the first of the title
// ("TOH D" for Tô Hoài, Dế Mèn), the same of the title alone, or none.
const (
	ByAuthor Mark = "author" // also ""
	ByTitle  Mark = "title"
	NoMark   Mark = "none"
)

// Level is one reading level: a colour, and the letter that tells it where
// there is no colour.
type Level struct {
	Code   string `json:"code"`   // as in a title's record
	Letter string `json:"letter"` // one or two characters; different for each level
	Name   string `json:"name"`
	Color  string `json:"color"` // "#rrggbb"
}

// DefaultLevels are six colours as graded reading programmes use them. Which
// colours a school has, and in which order, is its own: the list is a setting.
func DefaultLevels() []Level {
	return []Level{
		{"green", "L", "Xanh lá", "#2e9e3f"},
		{"red", "Đ", "Đỏ", "#d8232a"},
		{"orange", "C", "Cam", "#f08a1d"},
		{"white", "T", "Trắng", "#ffffff"},
		{"blue", "X", "Xanh dương", "#1f5fbf"},
		{"yellow", "V", "Vàng", "#ffd92e"},
	}
}

// ParseSettings reads settings from JSON and checks them. An empty input is
// the default settings.
func ParseSettings(b []byte) (Settings, error) {
	var s Settings
	if len(b) > 0 {
		if err := json.Unmarshal(b, &s); err != nil {
			return s, say.New("settings", "field", "JSON", "value", err.Error())
		}
	}
	return s, s.Check()
}

// Check finds what cannot be: an unknown scheme, mark or symbol, a level
// without a letter or a colour, two levels with one letter.
func (s Settings) Check() error {
	bad := func(field, v string) error {
		return say.New("settings", "field", field, "value", fmt.Sprintf("%.40q", v))
	}
	switch s.Scheme {
	case "", DDC, Nineteen:
	default:
		return bad("scheme", string(s.Scheme))
	}
	switch s.Mark {
	case "", ByAuthor, ByTitle, NoMark:
	default:
		return bad("mark", string(s.Mark))
	}
	switch s.Symbol {
	case "", symbol.Code128, symbol.QR:
	default:
		return say.New("symbol_kind", "kind", fmt.Sprintf("%.40q", string(s.Symbol)))
	}
	switch s.Lang {
	case "", "vi", "en":
	default:
		return bad("lang", s.Lang)
	}
	letters := map[string]bool{}
	for _, l := range s.Levels {
		if n := ink.Runes(l.Letter); n < 1 || n > 2 {
			return say.New("level", "level", l.Code, "why", "letter")
		}
		if letters[l.Letter] {
			return say.New("level", "level", l.Code, "why", "letter "+l.Letter+" x 2")
		}
		letters[l.Letter] = true
		if _, err := parseColor(l.Color); err != nil {
			return say.New("level", "level", l.Code, "why", err.Error())
		}
	}
	return nil
}

func (s Settings) levels() []Level {
	if s.Levels == nil {
		return DefaultLevels()
	}
	return s.Levels
}

// level is the level of a title's record, found by code, letter or name
// whatever the case; false when the record has none. A level that is not in
// the list keeps its own text on white, so that nothing is lost on paper.
func (s Settings) level(text string) (Level, ink.Color, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Level{}, ink.Color{}, false
	}
	if l, ok := s.LevelNamed(text); ok {
		c, _ := parseColor(l.Color)
		return l, c, true
	}
	return Level{Code: text, Letter: text}, ink.White, true
}

// LevelNamed is the level of the school's list that text means: by its code, its
// letter or its name, whatever the case; false for none of them.
func (s Settings) LevelNamed(text string) (Level, bool) {
	text = strings.TrimSpace(text)
	for _, l := range s.levels() {
		if text != "" && (strings.EqualFold(text, l.Code) || text == l.Letter || fold.Text(text) == fold.Text(l.Name)) {
			return l, true
		}
	}
	return Level{}, false
}

// sign is the collection sign of a copy.
func (s Settings) sign(c kiosk.Copy) string {
	for _, k := range []string{c.SubKind, string(c.Kind)} {
		if v, ok := s.Signs[k]; ok && k != "" {
			return v
		}
	}
	if p, _, ok := kiosk.SplitAccession(c.Accession); ok {
		return p
	}
	return c.Kind.Prefix()
}

func parseColor(s string) (ink.Color, error) {
	var c ink.Color
	if len(s) != 7 || s[0] != '#' {
		return c, fmt.Errorf("color %.20q: #rrggbb", s)
	}
	for i, p := range []*uint8{&c.R, &c.G, &c.B} {
		for _, d := range []byte(strings.ToLower(s[1+2*i : 3+2*i])) {
			switch {
			case d >= '0' && d <= '9':
				*p = *p<<4 | (d - '0')
			case d >= 'a' && d <= 'f':
				*p = *p<<4 | (d - 'a' + 10)
			default:
				return c, fmt.Errorf("color %.20q: #rrggbb", s)
			}
		}
	}
	return c, nil
}
