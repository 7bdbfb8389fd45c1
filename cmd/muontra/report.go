package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/store"
	sheets "muontra/web/paper"
	"muontra/web/words"
)

// reportCommand writes a register or a report to .pdf or .xlsx by the name's
// ending; "report list" lists them. It works beside a running daemon.
func reportCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("report")
	data := f.String("data", "", "the data folder")
	from := f.String("from", "", "first day, YYYY-MM-DD")
	to := f.String("to", "", "last day, YYYY-MM-DD")
	class := f.String("class", "", "one class")
	of := f.String("of", "", "which paper: its number, name or id; the newest when left out")
	within := f.String("sheets", "", "of the pack: names with commas between; the usual ones when left out")
	out := f.String("out", "", "FILE.pdf or FILE.xlsx")
	names, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	lang, _ := words.Parse(e.lang)
	if len(names) == 1 && names[0] == "list" {
		for _, s := range register.Sheets() {
			fmt.Fprintf(e.stdout, "%s\t%s\n", s.Name, words.T(lang, "reg."+s.Name))
		}
		return exitDone
	}
	if len(names) != 1 {
		return e.usage(sentence("report_name", strings.Join(names, " ")))
	}
	if register.Find(names[0]) == nil {
		return e.usage(sentence("report_none", names[0]))
	}
	if *out == "" {
		return e.usage(sentence("report_out"))
	}
	write := map[string]func(io.Writer, sheets.Doc) error{
		".pdf":  sheets.PDF,
		".xlsx": sheets.Workbook,
	}[strings.ToLower(filepath.Ext(*out))]
	if write == nil {
		return e.usage(sentence("report_ending", *out))
	}
	ask := register.Ask{Class: *class, Of: *of}
	if *within != "" {
		ask.Sheets = strings.Split(*within, ",")
	}
	for _, x := range []struct {
		text string
		to   *kiosk.Day
	}{{*from, &ask.From}, {*to, &ask.To}} {
		d, err := kiosk.ParseDay(x.text)
		if err != nil {
			return e.usage(sentence("report_day", x.text))
		}
		*x.to = d
	}
	return e.withExisting(ctx, *data, func(st *store.Store) int {
		// The file is there whole or not at all.
		err := writeWhole(*out, func(w io.Writer) error {
			return st.View(ctx, func(v kiosk.View) error {
				d, err := sheets.Open(v, names[0], ask, lang, e.now())
				if err != nil {
					return err
				}
				d.Scratch = filepath.Dir(*out)
				return write(w, d)
			})
		})
		var asked *register.AskError
		if errors.As(err, &asked) {
			return e.usage(sentence("report_asked", sheets.Trouble(lang, err)))
		}
		if err != nil {
			return e.fail(sentence("export_failed", *out, e.fileError(err)))
		}
		return exitDone
	})
}

// writeWhole writes a file under another name first, so that a full disk leaves no
// half of it, and no half of what was there before.
func writeWhole(name string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".muontra-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := write(tmp); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
