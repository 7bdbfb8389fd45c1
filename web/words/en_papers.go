package words

var enPapers = map[string]string{
	"paper.day":       "{d}/{m}/{y}",
	"paper.dated":     "{place}, {d}/{m}/{y}",
	"paper.librarian": "For the library",
	"paper.head":      "Head of the school",
	"paper.sign":      "(signature and name)",
	"paper.seal":      "(signature and seal)",
}
