package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"

	"muontra/cmd/muontra/bench"
	"muontra/cmd/muontra/sample"
	"muontra/kiosk"
	"muontra/store"
)

// benchCommand measures and prints a line a figure, each as soon as it stands:
// name, value, unit, reference, ratio and goal, with tabs between.
func benchCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("bench")
	asJSON := f.Bool("json", false, "print a JSON object a line")
	dir := f.String("dir", "", "where the temporary folder is made: the disk that is measured (default the system's)")
	small := f.Bool("small", false, "a minute's look instead of the published figures")
	words, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	if len(words) > 1 {
		return e.usage(sentence("no_words", words[1]))
	}
	name := strings.Join(words, "")
	if name != "" && !slices.Contains(bench.Names(), name) {
		return e.usage(sentence("bench_unknown", name, strings.Join(bench.Names(), " ")))
	}
	// Whatever ends it, the folder is taken away; its gigabyte is nobody's.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	tmp, err := os.MkdirTemp(*dir, "muontra-bench-")
	if err != nil {
		return e.fail(sentence("bench_failed", err))
	}
	defer os.RemoveAll(tmp)
	program, err := os.Executable()
	if err != nil {
		return e.fail(sentence("bench_failed", err))
	}
	rig := &bench.Rig{Dir: tmp, Program: program, Sample: e.sampleSchool, Size: bench.Full, Log: e.stderr}
	if *small {
		rig.Size = bench.Small
	}
	enc := json.NewEncoder(e.stdout)
	err = rig.Run(ctx, name, func(r bench.Row) {
		if *asJSON {
			enc.Encode(r)
			return
		}
		fmt.Fprintln(e.stdout, r)
	})
	if err != nil {
		return e.fail(sentence("bench_failed", err))
	}
	return exitDone
}

// sampleSchool fills a folder with the sample school of today.
func (e *env) sampleSchool(ctx context.Context, dir string) (err error) {
	st, err := store.Open(ctx, dir, store.Options{Now: e.now})
	if err != nil {
		return err
	}
	defer func() {
		if cerr := st.Close(); err == nil {
			err = cerr
		}
	}()
	var today kiosk.Day
	if err := st.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		today = kiosk.DayOf(e.now(), loc)
		return err
	}); err != nil {
		return err
	}
	_, err = sample.Build(ctx, st, today, e.now(), func(int, int, string) {})
	return err
}
