package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/kiosk/station"
)

// TestDays plays testdata/days/*.txt: whole days as scans and what must come of
// them, through the program as main starts it, with a clock of their own. At
// the end the open loans are exactly those of the script, the database's check
// is clean and the events replay to the same state.
//
// A script is lines of
//
//	clock DAY TIME                      where the clock stands at first
//	station NAME                        beside desk
//	pupil CARD CLASS NAME | teacher CARD NAME
//	book CODE KIND[/SUBKIND] TITLE
//	set CODE NAME: MEMBER...            a set of books named before
//	entitled CARD                       may borrow textbooks
//	lent CARD CODE DUE                  a loan of the past
//	TIME STATION scan CODE => OUTCOME [given name, class | due date | reason]
//	TIME STATION ACTION [CODE] => ...   a button
//	TIME STATION screen PHASE           what the page shows
//	loan CARD CODE DUE                  one that must be open at the end
func TestDays(t *testing.T) {
	files, err := filepath.Glob("../../testdata/days/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no days: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) { playDay(t, f) })
	}
}

// day is one script under way.
type day struct {
	*testing.T
	*kiosktest.World
	program *program
	line    int
	date    string
	loans   []string
}

func playDay(t *testing.T, file string) {
	lines := readLines(t, file)
	cfg := programConfig{
		data: t.TempDir(), listen: []string{"127.0.0.1:0"}, lang: "vi",
		logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	d := &day{T: t}
	start := time.Now()
	cfg.now = func() time.Time {
		if d.World == nil {
			return start
		}
		return d.World.Now()
	}
	var clock string
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l.text, "clock "); ok {
			clock = rest
			at, err := time.ParseInLocation(time.DateTime, rest, time.FixedZone("ICT", 7*3600))
			if err != nil {
				t.Fatal(err)
			}
			start = at
			d.date, _, _ = strings.Cut(rest, " ")
		}
		if rest, ok := strings.CutPrefix(l.text, "station "); ok {
			cfg.stations = append(cfg.stations, rest)
		}
	}
	p, err := newProgram(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	d.program, d.World = p, kiosktest.NewWorld(t, p.store, clock)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	for _, l := range lines {
		d.line = l.number
		d.play(l.text)
	}
	d.compareLoans()
	d.Replayed()
	faults, err := p.store.Check(t.Context())
	if err != nil || len(faults) > 0 {
		t.Errorf("check: %v %v", faults, err)
	}
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

type scriptLine struct {
	number int
	text   string
}

func readLines(t *testing.T, file string) []scriptLine {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var lines []scriptLine
	s := bufio.NewScanner(f)
	for n := 1; s.Scan(); n++ {
		if l := strings.TrimSpace(s.Text()); l != "" && !strings.HasPrefix(l, "#") {
			lines = append(lines, scriptLine{n, l})
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

func (d *day) play(text string) {
	w := strings.Fields(text)
	rest := func(n int) string { return strings.Join(w[n:], " ") }
	switch w[0] {
	case "clock", "station":
	case "pupil":
		d.Patron(kiosk.Pupil, w[1], rest(3), w[2], int(w[2][0]-'0'))
	case "teacher":
		d.Patron(kiosk.Teacher, w[1], rest(2), "", 0)
	case "book":
		kind, sub, _ := strings.Cut(w[2], "/")
		d.Copy(w[1], rest(3), kiosk.Kind(kind), sub)
	case "lent":
		d.Lent(w[1], w[2], w[3])
	case "set":
		name, members, _ := strings.Cut(rest(2), ":")
		d.BookSet(w[1], strings.TrimSpace(name), strings.Fields(members)...)
	case "entitled":
		d.Entitle(w[1], true)
	case "loan":
		d.loans = append(d.loans, rest(1))
	default:
		d.step(w)
	}
}

// step is one line of the timetable: TIME STATION WHAT [CODE] [=> ...].
func (d *day) step(w []string) {
	d.Set(d.date + " " + w[0])
	st, ok := d.program.station(w[1])
	if !ok {
		d.Fatalf("line %d: no station %s", d.line, w[1])
	}
	if w[2] == "screen" {
		if _, err := st.Do(d.Context(), station.Action{Command: kiosk.Touch}); err != nil {
			d.Fatal(err)
		}
		sc := st.Screen()
		if string(sc.Phase) != w[3] || sc.Phase == station.Idle && sc.Patron != nil {
			d.Errorf("line %d: the screen shows %s, %v", d.line, sc.Phase, sc.Patron)
		}
		return
	}
	arrow := slices.Index(w, "=>")
	if arrow < 3 {
		d.Fatalf("line %d: what must come of it?", d.line)
	}
	code := strings.Join(w[3:arrow], " ")
	var r kiosk.Result
	var err error
	if w[2] == "scan" {
		r, err = st.Scan(d.Context(), station.Scan{Code: code})
	} else {
		r, err = st.Do(d.Context(), station.Action{Command: kiosk.Command(w[2]), Copy: code})
	}
	if err != nil {
		d.Fatalf("line %d: %v", d.line, err)
	}
	if got, want := outcomeText(r), strings.Join(w[arrow+1:], " "); got != want {
		d.Errorf("line %d: %s: got %q", d.line, strings.Join(w, " "), got)
	}
}

// outcomeText is a result as the scripts write it.
func outcomeText(r kiosk.Result) string {
	t := string(r.Outcome)
	switch {
	case r.Reason != "":
		t += " " + string(r.Reason)
	case r.Outcome == kiosk.SessionOpened:
		t = strings.TrimSpace(fmt.Sprintf("%s %s %s", t, r.Patron.Name, r.Patron.Class))
	case r.Outcome == kiosk.CheckedOut || r.Outcome == kiosk.Renewed && r.Loan != nil:
		t += " " + r.Loan.DueOn.String()
	}
	return t
}

// compareLoans: the open loans are exactly the script's.
func (d *day) compareLoans() {
	var got []string
	err := d.program.store.View(d.Context(), func(v kiosk.View) error {
		return v.EachLoan(true, func(l kiosk.Loan) error {
			m, err := v.MemberByRef(l.PatronRef, d.Today())
			if err != nil {
				return err
			}
			i, err := v.Item(l.CopyID)
			got = append(got, fmt.Sprintf("%s %s %s", m.Card.Barcode, i.Barcode, l.DueOn))
			return err
		})
	})
	if err != nil {
		d.Fatal(err)
	}
	slices.Sort(got)
	want := slices.Sorted(slices.Values(d.loans))
	if !slices.Equal(got, want) {
		d.Errorf("open loans:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
