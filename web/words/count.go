package words

import (
	"strings"

	"muontra/kiosk"
)

// countLooks give each outcome of counting its picture.
var countLooks = map[kiosk.CountOutcome]look{
	kiosk.CountSeen:      {Good, "check"},
	kiosk.CountAgain:     {Info, "again"},
	kiosk.CountMisplaced: {Wait, "book-stay"},
	kiosk.CountOnLoan:    {Wait, "book-out"},
	kiosk.CountFound:     {Good, "found"},
	kiosk.CountWithdrawn: {Help, "give"},
	kiosk.CountUnready:   {Help, "give"},
	kiosk.CountUnknown:   {Wait, "question"},
	kiosk.CountCard:      {Wait, "card"},
	kiosk.CountPlace:     {Info, "book-stay"},
	kiosk.CountTitle:     {Wait, "question"},
	kiosk.CountOther:     {Wait, "question"},
	kiosk.CountSet:       {Info, "full"},
}

// ForCount makes the card of one scan at a station that counts the stock: what
// it is in big words, and what to do with the book.
func ForCount(l Lang, n kiosk.Count) Card {
	lk, known := countLooks[n.Outcome]
	if !known {
		lk = look{Info, "eye"}
	}
	k := "count." + string(n.Outcome)
	say := func(key string) string {
		if !Has(l, key) {
			return ""
		}
		return T(l, key, "place", n.PlaceName, "belongs", n.Belongs, "met", n.Met, "of", len(n.Members))
	}
	c := Card{Tone: lk.tone, Icon: lk.icon, Head: say(k), Title: n.Title, Hint: say(k + ".text")}
	switch {
	case n.Outcome == kiosk.CountPlace:
		c.Hint = say("count.place.go")
	case n.Outcome == kiosk.CountCard:
		c.Text = say("count.card.here")
	case n.Outcome == kiosk.CountSet:
		c.Text = SetLeft(l, n, mostNamed)
	case n.Title != "":
		c.Text = n.Accession
		if n.Call != "" {
			c.Text += " · " + n.Call
		}
	default:
		c.Text = n.Code
	}
	if n.Belongs != "" && n.Outcome != kiosk.CountMisplaced {
		c.Notes = append(c.Notes, say("count.belongs"))
	}
	return c
}

// mostNamed is how many books of a set a kiosk's card has room for; the desk
// shows all.
const mostNamed = 6

// SetLeft names the books of a set that have not been met, by their numbers: at
// most so many of them.
func SetLeft(l Lang, n kiosk.Count, most int) string {
	var left []string
	for _, m := range n.Members {
		if !m.Seen {
			left = append(left, m.Code+" "+m.Title)
		}
	}
	if len(left) == 0 {
		return ""
	}
	if len(left) > most {
		left = append(left[:most], "…")
	}
	return T(l, "count.set.left", "list", strings.Join(left, "; "))
}
