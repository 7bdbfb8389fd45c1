package main

import (
	"context"
	"fmt"
	"slices"

	"muontra/kiosk/exchange"
	"muontra/store"
)

// exportCommand writes all patrons, titles, copies or loans to .xlsx or .csv
// by the name's ending, titles to MARC 21 (.mrc, .xml) too; import reads it back.
func exportCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("export")
	data := f.String("data", "", "the data folder")
	out := f.String("out", "", "FILE.xlsx or FILE.csv; for titles FILE.mrc or FILE.xml (MARC 21) too")
	keys := f.Bool("keys", false, "English keys in the header")
	words, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	if len(words) != 1 || !slices.Contains(exchange.Subjects, exchange.Subject(words[0])) {
		name := ""
		if len(words) > 0 {
			name = words[0]
		}
		return e.usage(sentence("what", name, subjects()))
	}
	if *out == "" {
		return e.usage(sentence("out_needed"))
	}
	return e.withExisting(ctx, *data, func(st *store.Store) int {
		n, err := exchange.Export(ctx, st, exchange.Subject(words[0]), *out, exchange.ExportOptions{Keys: *keys, Now: e.now()})
		if err != nil {
			return e.fail(sentence("export_failed", *out, e.fileError(err)))
		}
		fmt.Fprintln(e.stdout, e.word(sentence("exported", n, *out)))
		return exitDone
	})
}
