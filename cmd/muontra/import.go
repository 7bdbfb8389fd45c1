package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/store"
)

// importCommand reads a list of patrons, titles, copies or loans. The last line
// on stdout is `N added, N updated, N unchanged, N rejected`; every rejected
// row is on stderr and, with --rejects, in a file that can be mended and
// imported again. Exit 0: none rejected; 3: some rejected, the rest imported;
// 1: nothing imported.
func importCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("import")
	data := f.String("data", "", "the data folder")
	dry := f.Bool("dry-run", false, "decide every row and write nothing")
	rejects := f.String("rejects", "", "write the rejected rows to this .xlsx or .csv")
	year := f.String("year", "", "the school year of the classes, such as 2026-2027")
	words, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	if len(words) != 2 {
		return e.usage(sentence("one_file", e.word(sentence("help_import"))))
	}
	subject := exchange.Subject(words[0])
	if !slices.Contains(exchange.Subjects, subject) {
		return e.usage(sentence("what", words[0], subjects()))
	}
	table, err := exchange.ReadFile(subject, words[1])
	if err != nil {
		return e.importFailed(words[1], err)
	}
	return e.withStore(ctx, *data, func(st *store.Store) int {
		var plan *exchange.Plan
		err := st.View(ctx, func(v kiosk.View) (err error) {
			plan, err = exchange.NewPlan(v, table, exchange.Options{Now: e.now(), Year: *year})
			return err
		})
		if err == nil && !*dry {
			plan, err = exchange.Apply(ctx, st, plan, e.importProgress())
		}
		if err != nil {
			return e.importFailed(words[1], err)
		}
		if code := e.tellRejected(plan, *rejects); code != exitDone {
			return code
		}
		if *dry {
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("import_dry")))
		}
		n := plan.Counts()
		fmt.Fprintln(e.stdout, n)
		switch {
		case n.Rejected == 0:
			return exitDone
		case n.Rejected == n.Total():
			return exitFailed
		}
		return exitPartly
	})
}

// importProgress shows every thousandth row on stderr.
func (e *env) importProgress() func(done, total int) {
	return func(done, total int) {
		if total < 1000 || done%500 != 0 && done != total {
			return
		}
		fmt.Fprint(e.stderr, e.word(sentence("import_progress", done, total)))
		if done == total {
			fmt.Fprintln(e.stderr)
		}
	}
}

// tellRejected names every rejected row, and the columns that were left unread.
func (e *env) tellRejected(plan *exchange.Plan, file string) int {
	lang := exchange.Lang(e.lang)
	for _, sh := range plan.Table().Sheets {
		if len(sh.Unread) > 0 {
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("import_unread", strings.Join(sh.Unread, ", "))))
		}
	}
	for _, it := range plan.Items {
		if it.Action == exchange.Wrong {
			fmt.Fprintln(e.stderr, e.word(sentence("import_row", it.Row, it.Header, it.Problem.Text(lang))))
		}
	}
	if file == "" || plan.Counts().Rejected == 0 {
		return exitDone
	}
	if _, err := exchange.WriteRejects(file, plan, lang); err != nil {
		return e.fail(sentence("write_failed", file, e.fileError(err)))
	}
	fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("import_rejects", file)))
	return exitDone
}

func (e *env) importFailed(file string, err error) int {
	return e.fail(sentence("import_failed", file, e.fileError(err)))
}

// fileError is an error of a file in the user's language.
func (e *env) fileError(err error) string {
	var fe *exchange.FileError
	if errors.As(err, &fe) {
		return fe.Text(exchange.Lang(e.lang))
	}
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func subjects() string {
	names := make([]string, 0, len(exchange.Subjects))
	for _, s := range exchange.Subjects {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}
