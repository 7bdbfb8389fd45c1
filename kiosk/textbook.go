package kiosk

import "fmt"

// TextbookView reads the quantity lines of the textbook register.
type TextbookView interface {
	TextbookLine(id ID) (TextbookLine, error)
	// TextbookLines lists all, in the order they were first put.
	TextbookLines() ([]TextbookLine, error)
}

// LineShortError says that a quantity line has fewer books than are wanted.
type LineShortError struct {
	Title      string
	Have, Want int
}

func (e *LineShortError) Error() string {
	return fmt.Sprintf("%d books in the line, %d wanted", e.Have, e.Want)
}

// TextbookEdit is one quantity line before and after.
type TextbookEdit struct {
	Before TextbookLine `json:"before"`
	After  TextbookLine `json:"after"`
}

// MaxRegister is the greatest register number of a title.
const MaxRegister = 99_999
