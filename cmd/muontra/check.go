package main

import (
	"context"
	"fmt"

	"muontra/store"
)

// checkCommand looks at the database's integrity and the domain's invariants:
// "ok" on stdout, or a line a fault (CODE<TAB>subject<TAB>text) and exit 1.
func checkCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("check")
	data := f.String("data", "", "the data folder")
	if words, code, ok := e.parse(f, args); !ok {
		return code
	} else if len(words) > 0 {
		return e.usage(sentence("no_words", words[0]))
	}
	return e.withExisting(ctx, *data, func(st *store.Store) int {
		faults, err := st.Check(ctx)
		if err != nil {
			return e.fail(sentence("failed", err))
		}
		for _, x := range faults {
			fmt.Fprintf(e.stdout, "%s\t%s\t%s\n", x.Code, oneLine(x.Subject), oneLine(x.Text))
		}
		if len(faults) > 0 {
			return exitFailed
		}
		fmt.Fprintln(e.stdout, "ok")
		return exitDone
	})
}
