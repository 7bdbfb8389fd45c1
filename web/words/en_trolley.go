package words

// enTrolley are the words of the place where returned books lie until they are
// put on their shelves.
var enTrolley = map[string]string{
	"trolley.title":       "On the return trolley",
	"trolley.sub":         "{n} returned books wait for their shelves, in the order of a walk along them.",
	"trolley.empty":       "What children return lies here until it is shelved.",
	"trolley.is_off":      "No place is chosen for returned books: they count as shelved at once.",
	"trolley.nothing":     "Nothing waits to be shelved.",
	"trolley.choose":      "Choose the place for returned books",
	"trolley.shelf":       "To shelf",
	"trolley.all":         "All {n} are shelved",
	"trolley.ticked":      "The ticked ones are shelved",
	"trolley.none_ticked": "Nothing is ticked. Tick the boxes at the beginning of the lines, or press the button for all.",
	"trolley.done":        "Noted: {n} copies are on their shelves.",
	"trolley.setting":     "Where returned books lie",
	"trolley.setting.sub": "At a return the screen says to put the book there, and the catalogue and the search say that it lies there. A scan on the page Shelving puts it back on its own shelf. Books that somebody waits for and books of class corners do not go there.",
	"trolley.place":       "Which place?",
	"trolley.off":         "None: a returned book counts as shelved",
	"trolley.new":         "Return trolley (a new place)",
	"trolley.new_name":    "Return trolley",
	"trolley.new_code":    "XE",
	"trolley.saved":       "Returned books go there from now on.",
	"trolley.saved_off":   "Returned books count as shelved from now on. What still lies at the old place waits there.",
	"trolley.todo":        "{n} returned books wait to be shelved.",
	"trolley.open":        "Open",
	"shelve.trolley":      "taken off the return trolley",
	"past.shelved":        "Put on its shelf",
	"trolley.is_this":     "Returned books are put here. On the page of places choose another place for them first, then close this one or change its kind.",
	"note.trolley.text":   "Put the book here: {place}.",
}
