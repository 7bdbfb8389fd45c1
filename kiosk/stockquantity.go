package kiosk

import "time"

// StockQuantity is what a stocktake says of a quantity line: the books carry no
// barcode each, so that their number is typed in beside the expected one.
type StockQuantity struct {
	Stocktake ID        `json:"s"`
	Line      ID        `json:"line"`
	Expected  int       `json:"expected"`          // on the shelf when it was counted: owned, less those handed out and those known to be lost
	Counted   int       `json:"counted"`           // nothing while Seen is zero
	Seen      time.Time `json:"seen,omitzero"`     // zero while nobody has counted it, or when the number was taken out again
	By        ID        `json:"by"`                // the account
	Lowered   int       `json:"lowered,omitempty"` // by how much the close lowered the line's number
}

// Missing is how many were expected and not there.
func (q StockQuantity) Missing() int {
	if q.Seen.IsZero() {
		return 0
	}
	return max(q.Expected-q.Counted, 0)
}

// QuantityKey names a quantity line in one stocktake.
type QuantityKey struct{ Stocktake, Line ID }

// QuantityMinutes is a counted line as the minutes have it for ever.
type QuantityMinutes struct {
	Title    string `json:"title"`
	Grade    int    `json:"grade,omitempty"`
	Expected int    `json:"expected"`
	Counted  int    `json:"counted"`
	Price    int64  `json:"price,omitempty"` // of one
}

// Over is how many more were there than expected.
func (q QuantityMinutes) Over() int { return max(q.Counted-q.Expected, 0) }

// Missing is how many were not there, and Worth what they cost.
func (q QuantityMinutes) Missing() int { return max(q.Expected-q.Counted, 0) }
func (q QuantityMinutes) Worth() int64 { return int64(q.Missing()) * q.Price }

// QuantityView reads what was counted of quantity lines.
type QuantityView interface {
	// StockQuantities are those of a stocktake that were counted, by line.
	StockQuantities(stocktake ID) ([]StockQuantity, error)
}
