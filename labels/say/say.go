// Package say holds every sentence of the labels house, in Vietnamese and in
// English, and the error that carries one. The texts are data (words/*.json);
// a test keeps the two files and the code in step.
package say

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed words/*.json
var files embed.FS

var words = load()

func load() map[string]map[string]string {
	m := map[string]map[string]string{}
	for _, lang := range Languages {
		b, err := fs.ReadFile(files, "words/"+lang+".json")
		if err != nil {
			panic(err)
		}
		var w map[string]string
		if err := json.Unmarshal(b, &w); err != nil {
			panic(fmt.Errorf("words/%s.json: %w", lang, err))
		}
		m[lang] = w
	}
	return m
}

// Languages are the languages that there are words in; the first is the
// default.
var Languages = []string{"vi", "en"}

// Word is the text of a key in a language; an unknown language reads as
// Vietnamese, an unknown key as itself. Pairs of name and value fill the
// places written {name}.
func Word(lang, key string, pairs ...any) string {
	w, ok := words[lang]
	if !ok {
		w = words[Languages[0]]
	}
	text, ok := w[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		place := "{" + fmt.Sprint(pairs[i]) + "}"
		if strings.Contains(text, place) {
			text = strings.ReplaceAll(text, place, value(lang, pairs[i+1]))
		}
	}
	return text
}

// value writes a fact as the language writes it: millimetres with one
// decimal, with a comma in Vietnamese.
func value(lang string, v any) string {
	switch v := v.(type) {
	case float64:
		s := fmt.Sprintf("%.1f", v)
		if lang != "en" {
			s = strings.Replace(s, ".", ",", 1)
		}
		return s
	case Key:
		return Word(lang, string(v))
	case []any:
		if len(v) == 0 {
			return Word(lang, "no_choice")
		}
		list := make([]string, len(v))
		for i, one := range v {
			list[i] = value(lang, one)
		}
		return strings.Join(list, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// Key is a fact that has words of its own in each language. A list of choices
// is a []any of names and Keys.
type Key string

// Fault is an error with a code for programs and facts for people. Lengths
// among the facts are millimetres as float64.
type Fault struct {
	Code  string
	Facts []any // pairs of name and value
}

// New makes a fault of a code and pairs of name and value.
func New(code string, pairs ...any) *Fault { return &Fault{Code: code, Facts: pairs} }

// Error is the English sentence.
func (f *Fault) Error() string { return f.In("en") }

// In is the sentence in a language, with the way out in it.
func (f *Fault) In(lang string) string {
	return Word(lang, "fault."+f.Code, f.Facts...)
}

// Fact is one of the facts, nil when it is not known.
func (f *Fault) Fact(name string) any {
	for i := 0; i+1 < len(f.Facts); i += 2 {
		if f.Facts[i] == name {
			return f.Facts[i+1]
		}
	}
	return nil
}

// With returns a copy of the fault with more facts; a fact that is already
// there keeps its place and takes the new value.
func (f *Fault) With(pairs ...any) *Fault {
	g := &Fault{Code: f.Code, Facts: append([]any(nil), f.Facts...)}
next:
	for i := 0; i+1 < len(pairs); i += 2 {
		for j := 0; j+1 < len(g.Facts); j += 2 {
			if g.Facts[j] == pairs[i] {
				g.Facts[j+1] = pairs[i+1]
				continue next
			}
		}
		g.Facts = append(g.Facts, pairs[i], pairs[i+1])
	}
	return g
}
