// Package bench measures what is promised of the program's speed. Each figure
// stands beside a reference that was measured in the same run, on the same disk
// and in turns with it, since a machine's own speed says nothing: the ratio is
// what can be compared. `muontra bench` and `go test -bench` run these same
// functions.
package bench

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// Row is one figure.
type Row struct {
	Name      string  `json:"name"`
	Value     float64 `json:"value"`
	Unit      string  `json:"unit"`
	Reference float64 `json:"reference"` // 0 where there is nothing to compare with
	Ratio     float64 `json:"ratio"`     // value by reference, the median of the rounds' own; 0 without a reference
	Goal      string  `json:"goal"`      // "" for a figure that is told beside another
	Met       bool    `json:"met"`
}

// String is the row as the command prints it, with tabs between.
func (r Row) String() string {
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", r.Name, number(r.Value), r.Unit, orDash(r.Reference), orDash(r.Ratio), r.goal())
}

func (r Row) goal() string {
	switch {
	case r.Goal == "":
		return "-"
	case r.Met:
		return r.Goal + " met"
	}
	return r.Goal + " missed"
}

func orDash(x float64) string {
	if x == 0 {
		return "-"
	}
	return number(x)
}

// number has three digits that say something.
func number(x float64) string {
	if math.Abs(x) >= 1000 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// ratioAtLeast, ratioAtMost and valueAtMost give the row its goal.
func (r Row) ratioAtLeast(x float64) Row { return r.aim(fmt.Sprintf("ratio >= %g", x), r.Ratio >= x) }
func (r Row) ratioAtMost(x float64) Row  { return r.aim(fmt.Sprintf("ratio <= %g", x), r.Ratio <= x) }
func (r Row) valueAtMost(x float64) Row  { return r.aim(fmt.Sprintf("<= %g", x), r.Value <= x) }
func (r Row) aim(goal string, met bool) Row {
	r.Goal, r.Met = goal, met
	return r
}

// Rig is what the figures are measured with.
type Rig struct {
	Dir     string // an empty folder on the disk that is measured; whoever made it removes it
	Program string // the muontra program, for the figures of the running daemon
	// Sample fills a folder with the sample school.
	Sample func(ctx context.Context, dir string) error
	Size   Size
	Log    io.Writer // what is being done, for who waits; may be nil

	seed, big string // folders of stores that are copied or measured, made when first needed
}

// Size is how much is measured.
type Size struct {
	Rounds  int // of candidate and reference in turns
	Each    int // transactions a round, without an injected delay
	Slow    int // transactions a round, with the delay
	Copies  int // of the large school, and as many past loans
	Pairs   int // races for one copy
	Screens []int
	Pushes  int // pictures sent to all screens
	Scans   int // over HTTP
}

// Full is what the published figures are measured with: a few minutes.
var Full = Size{Rounds: 7, Each: 400, Slow: 60, Copies: 1_000_000, Pairs: 1000, Screens: []int{50, 1000}, Pushes: 300, Scans: 3000}

// Small is enough to see that everything works.
var Small = Size{Rounds: 3, Each: 12, Slow: 4, Copies: 3000, Pairs: 20, Screens: []int{5}, Pushes: 5, Scans: 20}

// Limit is how long a whole run may take at the most, whatever the machine.
const Limit = 15 * time.Minute

// Measures are all of them, in the order of the table.
var Measures = []struct {
	Name string
	Run  func(*Rig, context.Context) ([]Row, error)
}{
	{"checkout", (*Rig).checkout},
	{"callers", (*Rig).callers},
	{"million", (*Rig).million},
	{"http", (*Rig).http},
	{"race", (*Rig).race},
	{"screens", (*Rig).screens},
	{"size", (*Rig).size},
	{"start", (*Rig).start},
}

// Names are those of all measures.
func Names() (all []string) {
	for _, m := range Measures {
		all = append(all, m.Name)
	}
	return all
}

// Run does one measure, or all when name is "", and calls row with each figure
// as soon as it stands.
func (g *Rig) Run(ctx context.Context, name string, row func(Row)) error {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	found := false
	for _, m := range Measures {
		if name != "" && name != m.Name {
			continue
		}
		found = true
		g.tell("%s ...", m.Name)
		rows, err := m.Run(g, ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		for _, r := range rows {
			row(r)
		}
	}
	if !found {
		return fmt.Errorf("no measure %q", name)
	}
	return nil
}

func (g *Rig) tell(format string, args ...any) {
	if g.Log != nil {
		fmt.Fprintf(g.Log, format+"\n", args...)
	}
}

// folder makes a new one within the rig's own.
func (g *Rig) folder(name string) (string, error) {
	return os.MkdirTemp(g.Dir, name+"-")
}

// lay copies a database, closed and whole, into a new folder.
func (g *Rig) lay(from, name string) (string, error) {
	dir, err := g.folder(name)
	if err != nil {
		return "", err
	}
	for _, f := range []string{"muontra.db", "muontra.site"} {
		if err := copyFile(filepath.Join(from, f), filepath.Join(dir, f)); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return err
}

func median(x []float64) float64 { return quantile(x, 0.5) }

// quantile of what was measured, in any order.
func quantile(x []float64, q float64) float64 {
	if len(x) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(x))
	return s[min(len(s)-1, int(float64(len(s))*q))]
}
