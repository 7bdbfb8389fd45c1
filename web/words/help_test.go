package words

import (
	"regexp"
	"strings"
	"testing"
)

// pressed finds what a help tells to press: a name in capitals and what follows
// it up to the end of the clause.
var pressed = map[Lang]*regexp.Regexp{
	VI: regexp.MustCompile(`[Bb]ấm [“"]?(\p{Lu}[^,.;:”"\n]*)`),
	EN: regexp.MustCompile(`[Pp]ress [“"]?(\p{Lu}[^,.;:”"\n]*)`),
}

// A page whose button is called anew takes its help along.
func TestHelpNamesButtonsThatThereAre(t *testing.T) {
	for _, l := range Langs {
		named := 0
		for key, text := range tables[l] {
			if !strings.HasPrefix(key, "help.") {
				continue
			}
			for _, m := range pressed[l].FindAllStringSubmatch(text, -1) {
				named++
				name := m[1]
				for !button(l, name) && strings.Contains(name, " ") {
					name = name[:strings.LastIndex(name, " ")]
				}
				if !button(l, name) {
					t.Errorf("%s %s tells to press %q, which is nowhere", l, key, m[1])
				}
			}
		}
		if named < 10 {
			t.Errorf("%s: only %d buttons were found in the help", l, named)
		}
	}
}

// button reports whether something is called so, as it is or with what it is
// about after it. What happened is told in the same words and is no button.
func button(l Lang, name string) bool {
	for key, text := range tables[l] {
		if strings.HasPrefix(key, "help.") || strings.HasPrefix(key, "past.") {
			continue
		}
		if text == name || strings.HasPrefix(text, name+":") || strings.HasPrefix(text, name+" ") && strings.Contains(text, "{") {
			return true
		}
	}
	return false
}
