package words

// enFind are the words of looking for a book at the kiosk, and of wishes.
var enFind = map[string]string{
	"kiosk.find":            "Find a book",
	"kiosk.find.title":      "Find a book in the library",
	"kiosk.find.close":      "Close",
	"kiosk.find.empty":      "Type a title",
	"kiosk.find.hint":       "Type some letters of the title or the author. No marks needed.",
	"kiosk.find.hits":       "Books found",
	"kiosk.find.space":      "Space",
	"kiosk.find.erase":      "Erase one letter",
	"kiosk.find.found":      "Titles found: {n}",
	"kiosk.find.near":       "Nothing is called just that. Much like it:",
	"kiosk.find.none":       "The library has no such book yet.",
	"kiosk.find.lost":       "It could not be looked up. Type a letter again.",
	"kiosk.find.at":         "{n} here · {place}",
	"kiosk.find.here":       "{n} here · ask where they stand",
	"kiosk.find.back":       "Somebody is reading it · back on {day}",
	"kiosk.find.away":       "It cannot be borrowed just now",
	"kiosk.find.wish":       "Ask the library to buy it",
	"kiosk.find.wished":     "The library has written it down. Thank you!",
	"kiosk.find.wish_often": "You have asked for a lot. Try again a little later.",
	"kiosk.find.wish_lost":  "It was not written down. Please try again.",
}
