package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/exchange/marc"
)

// ExportOptions are the settings of an export.
type ExportOptions struct {
	Keys bool      // English keys and codes in place of Vietnamese headers and words
	Now  time.Time // its day chooses the school year of the classes
}

// Export writes all of a subject into name, an .xlsx or a .csv (UTF-8 with its
// mark, comma) by the name's ending, titles into an .mrc (MARC 21, ISO 2709) or an
// .xml (MARCXML) too, and returns the number of rows. The file
// appears whole or not at all, readable by its owner only. What it writes,
// import reads back and finds unchanged.
//
// A text that a spreadsheet program could take for a formula gets an apostrophe
// before it; import takes it away again.
func Export(ctx context.Context, l kiosk.Ledger, s Subject, name string, o ExportOptions) (int, error) {
	if isMARCName(name) {
		return exportMARC(ctx, l, s, name, o)
	}
	if format(name) == "" {
		return 0, fileError(FileBadEnding)
	}
	sheet, names, rows, err := exported(ctx, l, s, o)
	if err != nil {
		return 0, err
	}
	if err := writeTable(name, sheet, names, rows); err != nil {
		return 0, fmt.Errorf("export %s: %w", s, err)
	}
	return len(rows), nil
}

// SendExport is Export into w, as an .xlsx.
func SendExport(ctx context.Context, l kiosk.Ledger, s Subject, w io.Writer, o ExportOptions) (int, error) {
	sheet, names, rows, err := exported(ctx, l, s, o)
	if err != nil {
		return 0, err
	}
	if err := writeWorkbook(w, "", sheet, names, rows); err != nil {
		return 0, fmt.Errorf("export %s: %w", s, err)
	}
	return len(rows), nil
}

// exported is all of a subject: the sheet's name, its header and its rows.
func exported(ctx context.Context, l kiosk.Ledger, s Subject, o ExportOptions) (sheet string, names []string, rows [][]value, err error) {
	err = l.View(ctx, func(v kiosk.View) error {
		x, err := newExporter(v, s, o)
		if err != nil {
			return err
		}
		rows, err = x.rows()
		return err
	})
	if err != nil {
		return "", nil, nil, fmt.Errorf("export %s: %w", s, err)
	}
	lang := Vietnamese
	for _, c := range columns[s] {
		if o.Keys {
			names = append(names, string(c))
			lang = English
		} else {
			names = append(names, c.Title(s, Vietnamese))
		}
	}
	return say(lang, "sheet."+string(s), nil), names, rows, nil
}

func format(name string) string {
	switch e := strings.ToLower(filepath.Ext(name)); e {
	case ".xlsx", ".csv":
		return e
	}
	return ""
}

// writeTable writes a header and rows. It writes beside the name and renames,
// so that a file of that name is replaced whole or stays.
func writeTable(name, sheet string, header []string, rows [][]value) error {
	kind := format(name)
	if kind == "" {
		return fileError(FileBadEnding)
	}
	return writeWhole(name, kind, func(f *os.File) error {
		if kind == ".csv" {
			return writeCSV(f, header, rows)
		}
		return writeWorkbook(f, filepath.Dir(name), sheet, header, rows)
	})
}

// writeWhole writes a file that appears whole or not at all.
func writeWhole(name, kind string, write func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".muontra-*"+kind)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			if e := os.Remove(f.Name()); e != nil && !errors.Is(e, fs.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func isMARCName(name string) bool {
	e := strings.ToLower(filepath.Ext(name))
	return e == ".mrc" || e == ".xml"
}

// exportMARC writes the titles as MARC 21 records.
func exportMARC(ctx context.Context, l kiosk.Ledger, s Subject, name string, o ExportOptions) (int, error) {
	if s != Titles {
		return 0, fileError(FileTitles)
	}
	records, err := marcRecords(ctx, l, o)
	if err != nil {
		return 0, fmt.Errorf("export %s: %w", s, err)
	}
	kind := strings.ToLower(filepath.Ext(name))
	err = writeWhole(name, kind, func(f *os.File) error {
		if kind == ".xml" {
			return marc.WriteXML(f, records)
		}
		return marc.WriteBinary(f, records)
	})
	if err != nil {
		return 0, fmt.Errorf("export %s: %w", s, err)
	}
	return len(records), nil
}

// SendMARC writes the titles into w as MARC 21 records, in ISO 2709.
func SendMARC(ctx context.Context, l kiosk.Ledger, w io.Writer, o ExportOptions) (int, error) {
	records, err := marcRecords(ctx, l, o)
	if err == nil {
		err = marc.WriteBinary(w, records)
	}
	if err != nil {
		return 0, fmt.Errorf("export %s: %w", Titles, err)
	}
	return len(records), nil
}

func marcRecords(ctx context.Context, l kiosk.Ledger, o ExportOptions) (records []marc.Record, err error) {
	err = l.View(ctx, func(v kiosk.View) error {
		return v.EachTitle(func(t kiosk.Title) error {
			records = append(records, recordOf(t, o.Now))
			return nil
		})
	})
	return records, err
}
