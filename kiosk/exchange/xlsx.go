package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	// maxFile bounds a file, maxUnzipped what a workbook unpacks to: two
	// megabytes can hold gigabytes, and excelize's own limit is 16 GB.
	maxFile     = 32 << 20
	maxUnzipped = 64 << 20
	maxRows     = 50_000
)

// openOptions keeps every part in memory (nothing of a class list is ever
// spilled into a temporary file) and therefore bounds them all.
func openOptions() excelize.Options {
	return excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped}
}

// readWorkbook gives each visible sheet to use.
func readWorkbook(data []byte, use func(grid) error) error {
	if err := checkZip(data); err != nil {
		return err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), openOptions())
	if err != nil {
		return workbookError(err)
	}
	defer f.Close()
	// The merged ranges come from a workbook of their own: asking for them
	// makes excelize write the whole sheet again before its rows can be read.
	side, err := excelize.OpenReader(bytes.NewReader(data), openOptions())
	if err != nil {
		return workbookError(err)
	}
	defer side.Close()
	for _, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		g, done, err := openSheet(f, side, name)
		if err != nil {
			continue // a sheet of charts has no rows
		}
		err = use(g)
		done()
		if err != nil {
			return err
		}
	}
	return nil
}

// checkZip tells a workbook from the other files that are zips, and sees a
// bomb by the sizes in its directory before anything is unpacked.
func checkZip(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		e := fileError(FileBroken, "error", err.Error())
		e.Err = err
		return e
	}
	var total uint64
	book := false
	for _, f := range z.File {
		if total += f.UncompressedSize64; total > maxUnzipped || f.UncompressedSize64 > maxUnzipped {
			return fileError(FileTooBig, "limit", limitFact(maxUnzipped>>20))
		}
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml") {
			book = true
		}
	}
	if !book {
		return fileError(FileOther)
	}
	return nil
}

func workbookError(err error) error {
	code := FileBroken
	if errors.Is(err, excelize.ErrWorkbookFileFormat) {
		code = FileOther
	}
	e := fileError(code, "error", shorten(err.Error()))
	e.Err = err
	return e
}

// openSheet reads a sheet twice at once, as shown and as kept: a code with
// leading zeros is only right as shown, a date and a long number as kept.
func openSheet(f, side *excelize.File, name string) (grid, func(), error) {
	shown, err := f.Rows(name)
	if err != nil {
		return grid{}, nil, fmt.Errorf("rows of %q: %w", name, err)
	}
	kept, err := f.Rows(name)
	if err != nil {
		shown.Close()
		return grid{}, nil, fmt.Errorf("rows of %q: %w", name, err)
	}
	done := func() {
		shown.Close()
		kept.Close()
	}
	g := grid{name: strings.TrimSpace(name), merges: mergesOf(side, name)}
	n := 0
	g.next = func() ([]cell, int, bool, error) {
		if !shown.Next() || !kept.Next() {
			if err := errors.Join(shown.Error(), kept.Error()); err != nil {
				return nil, 0, false, workbookError(err)
			}
			return nil, 0, false, nil
		}
		n++
		a, err := shown.Columns()
		if err != nil {
			return nil, 0, false, workbookError(err)
		}
		b, err := kept.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, 0, false, workbookError(err)
		}
		row := make([]cell, max(len(a), len(b)))
		for i := range row {
			var text, raw string
			if i < len(a) {
				text = a[i]
			}
			if i < len(b) {
				raw = b[i]
			}
			row[i] = makeCell(text, raw)
		}
		return row, n, true, nil
	}
	return g, done, nil
}

func mergesOf(f *excelize.File, sheet string) []span {
	merged, err := f.GetMergeCells(sheet, true)
	if err != nil {
		return nil // without them the sheet still reads, cell by cell
	}
	var out []span
	for _, m := range merged {
		left, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 == nil && err2 == nil {
			out = append(out, span{top: top, left: left - 1, bottom: bottom, right: right - 1})
		}
	}
	return out
}

// is1904 reports whether the workbook counts its days from 1904, as old
// programs of one maker did.
func is1904(data []byte) bool {
	f, err := excelize.OpenReader(bytes.NewReader(data), openOptions())
	if err != nil {
		return false
	}
	defer f.Close()
	p, err := f.GetWorkbookProps()
	return err == nil && p.Date1904 != nil && *p.Date1904
}
