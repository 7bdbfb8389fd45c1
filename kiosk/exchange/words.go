package exchange

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

// Lang is the language of the words for people.
type Lang string

// The languages.
const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

//go:embed words/*.json
var wordFiles embed.FS

// words are the texts by language and key: "problem.CODE", "file.CODE",
// "column.SUBJECT.KEY" and "value.WHAT.CODE".
var words = map[Lang]map[string]string{Vietnamese: mustWords(Vietnamese), English: mustWords(English)}

func mustWords(l Lang) map[string]string {
	b, err := wordFiles.ReadFile("words/" + string(l) + ".json")
	if err != nil {
		panic(err)
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		panic(fmt.Sprintf("words %s: %v", l, err))
	}
	return m
}

// say is the text of a key with its {facts} filled in. A missing key is shown
// as it is: a test holds that there is none.
func say(l Lang, key string, facts map[string]string) string {
	t, ok := words[l][key]
	if !ok {
		if t, ok = words[English][key]; !ok {
			return key
		}
	}
	if len(facts) == 0 {
		return t
	}
	pairs := make([]string, 0, 2*len(facts))
	for k, v := range facts {
		pairs = append(pairs, "{"+k+"}", v)
	}
	return strings.NewReplacer(pairs...).Replace(t)
}

// Title is the column's header in the language of l.
func (c Column) Title(s Subject, l Lang) string {
	if t, ok := words[l]["column."+string(s)+"."+string(c)]; ok {
		return t
	}
	if t, ok := words[l]["column."+string(c)]; ok {
		return t
	}
	return string(c)
}

// valueWord is how a stored value such as a status is written in a file.
func valueWord(l Lang, what, code string) string {
	if code == "" {
		return ""
	}
	if t, ok := words[l]["value."+what+"."+code]; ok {
		return t
	}
	return code
}
