package words

// enReshelve are the words of moving copies from shelf to shelf.
var enReshelve = map[string]string{
	"reshelve.title":     "Move to another shelf",
	"reshelve.sub":       "A new room, a new case or a shelf given up: choose the shelf, then scan copy after copy. From then on it is their place; numbers and labels stay.",
	"reshelve.to":        "To which shelf?",
	"reshelve.choose":    "Choose a shelf",
	"reshelve.label":     "Scan each copy for {place}, or type the code of another shelf to change over",
	"reshelve.moved":     "belongs here from now on",
	"reshelve.same":      "belonged here already",
	"reshelve.in_corner": "belongs here from now on; it is noted to be at {place}",
	"reshelve.done":      "{accession} moved to {place}.",
	"reshelve.refused":   "Not moved",
	"reshelve.no_shelf":  "Choose the shelf first, then scan.",
	"reshelve.go":        "Move books to another shelf",
}
