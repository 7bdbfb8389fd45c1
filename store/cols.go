package store

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
)

// stampLayout is how an instant is written: UTC, milliseconds, fixed width, so
// that text sorts as time does.
const stampLayout = "2006-01-02T15:04:05.000Z"

// stamp writes an instant; the zero instant is the empty text.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// ms is t as it comes back from the file.
func ms(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// orNull makes a reference to nothing NULL, so that its foreign key holds.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// listSep stands between the names of a list read by string_agg. It is a
// control character, which text put into the store cannot hold.
const listSep = "\x1f"

// instantCol, dayCol, listCol, numbersCol and relatorsCol read one column each.
type (
	instantCol  struct{ to *time.Time }
	dayCol      struct{ to *kiosk.Day }
	listCol     struct{ to *[]string }
	numbersCol  struct{ to *[]int }
	relatorsCol struct{ to *[]kiosk.Relator }
)

func (c instantCol) Scan(v any) error {
	s, err := text(v)
	if err != nil || s == "" {
		*c.to = time.Time{}
		return err
	}
	t, err := time.Parse(stampLayout, s)
	if err != nil {
		return fmt.Errorf("instant %q: %w", s, err)
	}
	*c.to = t.UTC()
	return nil
}

func (c dayCol) Scan(v any) error {
	s, err := text(v)
	if err != nil {
		return err
	}
	*c.to, err = kiosk.ParseDay(s)
	return err
}

func (c listCol) Scan(v any) error {
	s, err := text(v)
	*c.to = nil
	if err == nil && s != "" {
		*c.to = strings.Split(s, listSep)
	}
	return err
}

// Scan leaves nil where all are authors.
func (c relatorsCol) Scan(v any) error {
	s, err := text(v)
	*c.to = nil
	if err != nil || strings.Trim(s, listSep) == "" {
		return err
	}
	for r := range strings.SplitSeq(s, listSep) {
		*c.to = append(*c.to, kiosk.Relator(r))
	}
	return nil
}

func (c numbersCol) Scan(v any) error {
	s, err := text(v)
	*c.to = nil
	if err != nil || s == "" {
		return err
	}
	for f := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(f)
		if err != nil {
			return fmt.Errorf("numbers %q: %w", s, err)
		}
		*c.to = append(*c.to, n)
	}
	return nil
}

func numbers(ns []int) string {
	s := make([]string, len(ns))
	for i, n := range ns {
		s[i] = strconv.Itoa(n)
	}
	return strings.Join(s, ",")
}

func text(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("want text, got %T", v)
}

// scanner is a row, whether the only one or one of many.
type scanner interface{ Scan(...any) error }

var _ scanner = (*sql.Row)(nil)

// refCol reads a reference; NULL is one to nothing.
type refCol struct{ to *kiosk.ID }

func (c refCol) Scan(v any) error {
	s, err := text(v)
	*c.to = kiosk.ID(s)
	return err
}
