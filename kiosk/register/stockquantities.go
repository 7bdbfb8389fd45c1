package register

import (
	"strconv"

	"muontra/kiosk"
)

// stockQuantities are the textbooks without a barcode each that a stocktake counted by
// number, as its minutes have them.
func (s *Source) stockQuantities(yield func(Line) error) error {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return err
	}
	for i, q := range t.Minutes.Quantities {
		if err := yield(Line{Key: strconv.Itoa(i), Cells: []any{q.Title, q.Expected, q.Counted, q.Missing(), q.Over(), q.Worth()}}); err != nil {
			return err
		}
	}
	return nil
}

// proveQuantities adds up what the events say was counted, line by line.
func (s *Source) proveQuantities() (map[string]int64, error) {
	t, err := s.stocktake()
	if err != nil || t.Minutes == nil {
		return nil, err
	}
	from, err := s.replay(kiosk.PaperRecords)
	p := map[string]int64{"on_shelf": 0, "counted": 0, "missing": 0, "surplus": 0}
	for key, q := range from.Records.Quantities {
		if key.Stocktake != t.ID || q.Seen.IsZero() {
			continue
		}
		p["on_shelf"] += int64(q.Expected)
		p["counted"] += int64(q.Counted)
		p["missing"] += int64(q.Missing())
		p["surplus"] += int64(max(q.Counted-q.Expected, 0))
	}
	return p, err
}
