package words

// enPieces are the words of copies that consist of several pieces.
var enPieces = map[string]string{
	"pieces.label":        "Number of pieces",
	"pieces.hint":         "A box of pictures, a game, a book with a disc: of how many pieces? Leave empty for one book.",
	"pieces.missing_line": "{day}: pieces are missing (complete: {n})",
	"pieces.noted":        "Noted that pieces are missing: {title}. It is among the damaged ones under Copies.",
	"copy.do.pieces":      "Pieces are missing",
	"note.pieces.text":    "Are all {count} pieces there? If not, tell the librarian.",
}
