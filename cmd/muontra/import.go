package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/labels/queue"
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
	if problem := rejectsProblem(*rejects, words[1]); problem != nil {
		return e.usage(*problem)
	}
	table, err := exchange.ReadFile(subject, words[1])
	if err != nil {
		return e.importFailed(words[1], err)
	}
	return e.withStore(ctx, *data, func(st *store.Store) int {
		var plan *exchange.Plan
		err := st.View(ctx, func(v kiosk.View) (err error) {
			level, err := queue.LevelCode(v)
			if err != nil {
				return err
			}
			plan, err = exchange.NewPlan(v, table, exchange.Options{Now: e.now(), Year: *year, Level: level})
			return err
		})
		if err == nil && !*dry {
			plan, err = exchange.Apply(ctx, st, plan, e.importProgress())
		}
		if err != nil {
			return e.importFailed(words[1], err)
		}
		told := e.tellRejected(plan, *rejects)
		if *dry {
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("import_dry")))
		}
		n := plan.Counts()
		fmt.Fprintln(e.stdout, n)
		switch {
		case n.Rejected == n.Total():
			return exitFailed
		case n.Rejected > 0, !told:
			return exitPartly
		}
		return exitDone
	})
}

// rejectsProblem is what stands against writing the rejected rows into a file,
// found before any row is imported: an ending that is none, a folder that is
// not there, or the list itself, which would lose all its good rows.
func rejectsProblem(rejects, list string) *said {
	if rejects == "" {
		return nil
	}
	switch strings.ToLower(filepath.Ext(rejects)) {
	case ".xlsx", ".csv":
	default:
		return wrong("rejects_ending", rejects)
	}
	if info, err := os.Stat(filepath.Dir(rejects)); err != nil || !info.IsDir() {
		return wrong("rejects_folder", rejects)
	}
	a, errA := os.Stat(rejects)
	b, errB := os.Stat(list)
	if errA == nil && errB == nil && os.SameFile(a, b) {
		return wrong("rejects_same", rejects)
	}
	return nil
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
// It is false when the file of rejected rows could not be written: the others
// are imported all the same, and the counts still have to be told.
func (e *env) tellRejected(plan *exchange.Plan, file string) bool {
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
		return true
	}
	if _, err := exchange.WriteRejects(file, plan, lang); err != nil {
		e.fail(sentence("write_failed", file, e.fileError(err)))
		return false
	}
	fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("import_rejects", file)))
	return true
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
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return e.word(sentence("file_missing"))
	case errors.Is(err, fs.ErrPermission):
		return e.word(sentence("file_denied"))
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
