package words

// enTrouble are the words of the page that stands in place of all others when
// the daemon cannot serve its data.
var enTrouble = map[string]string{
	"error.trouble":          "The data cannot be opened, and this was not noted. The first page says what to do.",
	"trouble.lost":           "The library's data are not there",
	"trouble.lost.text":      "The file muontra.db was deleted, moved or emptied. The program does not begin anew by itself, so that no loan is lost.",
	"trouble.lost.do":        "If the file was moved, put it back into the data folder and start the program again. If not, restore the newest copy.",
	"trouble.foreign":        "The data file is not muontra's",
	"trouble.foreign.text":   "There is a file muontra.db in the data folder that the program cannot read.",
	"trouble.foreign.do":     "Keep that file, do not delete it. Restore the newest copy, or put the right file back, and start the program again.",
	"trouble.damaged":        "The library's data are damaged",
	"trouble.damaged.text":   "The disk has damaged the file muontra.db. The program writes nothing more to it.",
	"trouble.damaged.do":     "Keep that file, do not delete it. Restore the newest copy and start the program again. The disk should be replaced.",
	"trouble.read_only":      "The data cannot be written",
	"trouble.read_only.text": "The disk or the data folder is read-only, so nothing can be lent or returned.",
	"trouble.read_only.do":   "Start the PC again. If it stays so, ask whoever looks after the PC to allow writing to the data folder, or to replace the disk.",
	"trouble.full":           "The disk is full",
	"trouble.full.text":      "There is no room left to write, so nothing can be lent or returned.",
	"trouble.full.do":        "Delete files that nobody needs (the bin, films, downloads), nothing in the data folder. Then start the program again.",
	"trouble.failed":         "The data cannot be opened",
	"trouble.failed.text":    "The program cannot read the library's data.",
	"trouble.failed.do":      "Start the PC again. If it stays so, ask whoever looks after the PC to look into log/muontra.log in the data folder.",
	"trouble.safe":           "The program has deleted and overwritten nothing. Each copy holds every loan and return up to when it was made.",
	"trouble.do":             "What to do",
	"trouble.folder":         "The data folder",
	"trouble.copies":         "Copies, the newest first",
	"trouble.restore":        "Close the program, then run this line to restore. The old file is kept beside it:",
	"trouble.look_up":        "Look books up (reading only)",
	"trouble.paper":          "Until then write loans and returns on paper: card, book, day.",
	"check.spare_gone":       "The disk is full. The room put by for this is in use now: books are still lent and returned and the day is copied at its close, but for a few days only. Delete files that nobody needs today (the bin, films, downloads), nothing in the data folder. Once there is room, some is put by again without your doing.",
	"check.room":             "Only {mb} MB are free on the disk. Delete files that nobody needs (nothing in the data folder), or loans cannot be noted some day.",
}
