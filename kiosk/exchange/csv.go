package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readCSV gives the one sheet of a text file to use.
func readCSV(data []byte, use func(grid) error) error {
	text, err := decodeText(data)
	if err != nil {
		return err
	}
	comma := ','
	if line, rest, _ := bytes.Cut(text, []byte("\n")); len(bytes.TrimSpace(line)) == 5 && bytes.HasPrefix(line, []byte("sep=")) {
		// A first line that Excel understands; it stays a row, so that the
		// numbers of the rows are those that Excel shows.
		comma = rune(line[4])
		text = append([]byte("\n"), rest...)
	} else {
		comma = separator(text)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
	inner := 0 // line ends inside cells: they are lines of the file, not rows of the sheet
	return use(grid{next: func() ([]cell, int, bool, error) {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil, 0, false, nil
		}
		if err != nil {
			e := fileError(FileBroken, "error", err.Error())
			e.Err = err
			return nil, 0, false, e
		}
		line, _ := r.FieldPos(0)
		number := line - inner
		row := make([]cell, len(rec))
		for i, s := range rec {
			inner += strings.Count(s, "\n")
			row[i] = makeCell(s, "")
		}
		return row, number, true, nil
	}})
}

var bom = []byte{0xEF, 0xBB, 0xBF}

// decodeText makes UTF-8 of what text files in Vietnam are: UTF-8, UTF-16 with
// its mark, or the old Windows-1258.
func decodeText(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, fileError(FileOther)
		}
		data = out
	case bytes.HasPrefix(data, bom):
		data = data[len(bom):]
	}
	if !utf8.Valid(data) {
		out, err := charmap.Windows1258.NewDecoder().Bytes(data)
		if err != nil {
			return nil, fileError(FileOther)
		}
		data = out
	}
	if !looksLikeText(data) {
		return nil, fileError(FileOther)
	}
	return data, nil
}

// looksLikeText refuses pictures and programs: control characters do not stand
// in a table.
func looksLikeText(data []byte) bool {
	bad := 0
	for _, b := range data {
		if b == 0 {
			return false
		}
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != '\v' {
			bad++
		}
	}
	return bad*100 <= len(data)
}

// separator is the sign that cuts the first lines most often outside quotes.
func separator(text []byte) rune {
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		n, lines, quoted := 0, 0, false
		for _, b := range text {
			switch {
			case b == '"':
				quoted = !quoted
			case quoted:
			case b == '\n':
				lines++
			case rune(b) == c:
				n++
			}
			if lines >= headerRows {
				break
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// dangerous are the first characters that a spreadsheet program may take for a
// formula when it opens a .csv.
const dangerous = "=+-@\t\r\n\x00"

// defuse writes a text so that a spreadsheet program shows it and never runs
// it: an apostrophe before it. One that a text has already gets a second, so
// that undefuse is its exact reverse.
func defuse(s string) string {
	if armed(s) {
		return "'" + s
	}
	return s
}

func undefuse(s string) string {
	if strings.HasPrefix(s, "'") && armed(s) {
		return s[1:]
	}
	return s
}

// armed reports whether, apostrophes aside, s begins like a formula.
func armed(s string) bool {
	rest := strings.TrimLeft(s, "'")
	return rest != "" && strings.IndexByte(dangerous, rest[0]) >= 0
}
