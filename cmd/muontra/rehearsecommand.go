package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"muontra/cmd/muontra/rehearse"
	"muontra/kiosk"
	"muontra/store"
	"muontra/store/vfs"
)

// rehearseCommand plays a school's year through this program, in processes of
// its own, and prints the figures: a line each, name and value with a tab
// between. It fails when an act that was shown as done is lost.
func rehearseCommand(ctx context.Context, e *env, args []string) int {
	if len(args) > 0 && args[0] == rehearse.Inside {
		return rehearseInside(ctx, e, args[1:])
	}
	f := e.flags("rehearse")
	years := f.Int("years", 1, "how many school years")
	days := f.Int("days", 0, "so many school days, spread over the years, 0 for all of them")
	limit := f.Duration("limit", 30*time.Minute, "the rehearsal ends by itself after so long, with what it has done")
	dir := f.String("dir", "", "where the temporary folder is made (default the system's)")
	asJSON := f.Bool("json", false, "print one JSON object")
	words, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	if len(words) > 0 {
		return e.usage(sentence("no_words", words[0]))
	}
	if *years < 1 || *years > 50 || *days < 0 || *days > 0 && *days < *years || *limit <= 0 {
		return e.usage(sentence("rehearse_bounds"))
	}
	tmp, err := os.MkdirTemp(*dir, "muontra-rehearse-")
	if err != nil {
		return e.fail(sentence("rehearse_failed", err))
	}
	defer os.RemoveAll(tmp)
	program, err := os.Executable()
	if err != nil {
		return e.fail(sentence("rehearse_failed", err))
	}
	figures, err := rehearse.Run(ctx, rehearse.Plan{
		Dir: tmp, Program: program, Years: *years, Days: *days, Limit: *limit, First: schoolMorning(e.now()), Log: e.stderr,
		Sample: func(ctx context.Context, dir string, at time.Time) error {
			then := *e
			then.now = func() time.Time { return at }
			if err := then.sampleSchool(ctx, dir); err != nil {
				return err
			}
			then.stdin, then.stdout = strings.NewReader(rehearse.Password+"\n"), e.stderr
			if userCommand(ctx, &then, []string{"add", rehearse.Librarian, "--role", string(kiosk.Librarian), "--password-stdin", "--data", dir}) != exitDone {
				return errors.New("no account could be made")
			}
			return nil
		},
	})
	if err != nil {
		return e.fail(sentence("rehearse_failed", err))
	}
	if *asJSON {
		json.NewEncoder(e.stdout).Encode(figures)
	} else {
		e.printFigures(figures)
	}
	if figures.Wrong() > 0 {
		return exitFailed
	}
	return exitDone
}

// schoolMorning is the first break of a school year that is still to come: a
// clock before the program's own day would be a wrong one.
func schoolMorning(now time.Time) time.Time {
	first := time.Date(now.Year(), time.September, 7, 2, 25, 0, 0, time.UTC)
	for !first.After(now) {
		first = first.AddDate(1, 0, 0)
	}
	return first
}

func (e *env) printFigures(f rehearse.Figures) {
	line := func(name string, value any) { fmt.Fprintf(e.stdout, "%s\t%v\n", name, value) }
	line("acts acknowledged", f.Acts)
	line("acts lost", fmt.Sprintf("%d of %d", f.Lost, f.Acts))
	line("acts other than answered", f.Changed)
	line("books with another than answered", f.LoansOther)
	line("faults found by check", len(f.Faults))
	line("school years begun", f.Turns)
	line("pupils moved up", f.Promoted)
	line("pupils who left", f.Leavers)
	line("pupils who came", f.Joined)
	line("pupils in another place than planned", f.Misplaced)
	line("books of leavers brought back", fmt.Sprintf("%d of %d", f.BroughtBack, f.Owing))
	line("kills survived", f.Kills)
	line("power cuts survived", f.Cuts)
	line("cables pulled", f.Cables)
	line("commands sent again", f.Resent)
	line("school days", f.Days)
	line("breaks", f.Breaks)
	line("pupils in the largest break", f.MostInABreak)
	line("visits", f.Visits)
	line("scans", f.Scans)
	line("double scans", f.DoubleScans)
	line("wrong cards", f.BadCards)
	for _, o := range slices.Sorted(maps.Keys(f.Outcomes)) {
		line("answered "+o, f.Outcomes[o])
	}
	line("scan to screen p50 ms", fmt.Sprintf("%.2f", f.P50))
	line("scan to screen p99 ms", fmt.Sprintf("%.2f", f.P99))
	line("events in the database", f.Events)
	line("seconds", int(f.Took.Seconds()))
}

// rehearseInside serves as always, but for a clock and a disk that do what the
// rehearsal's lines say: "clock TIME" and "cut SEED DIR". The end of the lines is
// the end of the program. It answers each line with one.
func rehearseInside(ctx context.Context, e *env, args []string) int {
	record := slices.Contains(args, "--record")
	args = slices.DeleteFunc(args, func(a string) bool { return a == "--record" })
	s, code, ok := e.serveFlags("serve", args)
	if !ok {
		return code
	}
	lines := bufio.NewScanner(e.stdin)
	var clock movedClock
	if !lines.Scan() || !clock.heed(lines.Text()) {
		return e.usage(sentence("rehearse_bounds"))
	}
	fmt.Fprintln(e.stdout, "ok")
	e.now = clock.now
	cfg, problem := e.config(s)
	if problem != nil {
		return e.usage(*problem)
	}
	var disk *vfs.Disk
	var before vfs.Files
	if record {
		var err error
		if disk, err = vfs.New(); err == nil {
			before, err = filesOf(cfg.data)
		}
		if err != nil {
			return e.fail(sentence("rehearse_failed", err))
		}
		cfg.vfs = disk.Name()
		disk.Record()
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer stop()
		for lines.Scan() {
			switch words := strings.Fields(lines.Text()); {
			case clock.heed(lines.Text()):
				fmt.Fprintln(e.stdout, "ok")
			case len(words) == 3 && words[0] == "cut" && disk != nil:
				if err := leave(disk, before, words[1], words[2]); err != nil {
					fmt.Fprintln(e.stdout, err)
					continue
				}
				fmt.Fprintln(e.stdout, "cut")
			default:
				fmt.Fprintln(e.stdout, "what?")
			}
		}
	}()
	return e.serve(ctx, cfg, nil)
}

// movedClock goes as the real one does, from where it was set.
type movedClock struct{ by atomic.Int64 }

func (c *movedClock) now() time.Time { return time.Now().Add(time.Duration(c.by.Load())) }

// heed reports whether the line was one that sets the clock.
func (c *movedClock) heed(line string) bool {
	text, ok := strings.CutPrefix(line, "clock ")
	if !ok {
		return false
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err == nil {
		c.by.Store(int64(time.Until(at)))
	}
	return err == nil
}

// filesOf are the database's files as they lie there.
func filesOf(dir string) (vfs.Files, error) {
	all := vfs.Files{}
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all[name] = b
	}
	return all, nil
}

// leave writes what a power cut in this moment leaves into a folder. From here on
// the disk answers nobody, so no act can be told as done that came after.
func leave(disk *vfs.Disk, before vfs.Files, seed, dir string) error {
	n, err := strconv.Atoi(seed)
	if err != nil {
		return err
	}
	chance := rand.New(rand.NewPCG(uint64(n), 5))
	left := disk.Cut().Left(before, func() bool { return chance.IntN(2) == 0 })
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for name, content := range left {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
