package words

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	action  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	element = regexp.MustCompile(`(?s)<!--.*?-->|<(?:script|code|pre|kbd)[^>]*>.*?</(?:script|code|pre|kbd)>|<[a-zA-Z/!](?:"[^"]*"|[^>"])*>|[a-z-]+="[^"]*"`)
	spoken  = regexp.MustCompile(`\s(?:aria-label|aria-description|placeholder|title|alt)="([^"]*)"`)
	word    = regexp.MustCompile(`\pL{2,}`)
	names   = regexp.MustCompile(`\b(?:ISBN|Ctrl|Shift|[A-Z]{2}\.\d{5})\b`) // are no words of a language
)

// saidIn is what a template says in its own words: text between elements, and
// attributes that are shown or read aloud, without what actions put there.
func saidIn(template string) []string {
	plain := names.ReplaceAllString(action.ReplaceAllString(template, ""), "")
	var out []string
	for _, m := range spoken.FindAllStringSubmatch(plain, -1) {
		if word.MatchString(m[1]) {
			out = append(out, m[1])
		}
	}
	for line := range strings.SplitSeq(element.ReplaceAllString(plain, "\n"), "\n") {
		line = strings.ReplaceAll(strings.ReplaceAll(line, "&amp;", ""), "&nbsp;", "")
		if word.MatchString(line) {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

// A template holds keys; whatever it says by itself is a sentence that only one
// language has.
func TestTemplatesSayNothingThemselves(t *testing.T) {
	for page, want := range map[string]int{
		`<p class="x">{{t "a.b"}}</p>`: 0, `<p>Save</p>`: 1, `<input placeholder="Your name">`: 1, `<b>·</b> <i>&amp;</i>`: 0, `{{if .X}}<td>{{.N}} kg</td>{{end}}`: 1,
	} {
		if got := saidIn(page); len(got) != want {
			t.Fatalf("%s says %q", page, got)
		}
	}
	pages, err := filepath.Glob("../templates/*.html")
	if err != nil || len(pages) < 20 {
		t.Fatalf("%d templates: %v", len(pages), err)
	}
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range saidIn(string(b)) {
			t.Errorf("%s: %q belongs into words", filepath.Base(page), s)
		}
	}
}
