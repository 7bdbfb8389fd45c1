package exchange_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// now is a school morning.
var now = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

func memory(testing.TB) kiosk.Ledger {
	return kiosktest.NewMemory(func() time.Time { return now })
}

func sqlite(tb testing.TB) kiosk.Ledger {
	tb.Helper()
	s, err := store.Open(context.Background(), tb.TempDir(), store.Options{Now: func() time.Time { return now }})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// onBoth runs a test on the ledger in memory and on the database.
func onBoth(t *testing.T, f func(t *testing.T, l kiosk.Ledger)) {
	t.Run("memory", func(t *testing.T) { f(t, memory(t)) })
	t.Run("sqlite", func(t *testing.T) { f(t, sqlite(t)) })
}

func read(tb testing.TB, s exchange.Subject, name, data string) *exchange.Table {
	tb.Helper()
	table, err := exchange.Read(s, name, []byte(data))
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

func apply(tb testing.TB, l kiosk.Ledger, table *exchange.Table, opts ...func(*exchange.Options)) *exchange.Plan {
	tb.Helper()
	o := exchange.Options{Now: now}
	for _, f := range opts {
		f(&o)
	}
	var plan *exchange.Plan
	err := l.View(context.Background(), func(v kiosk.View) (err error) {
		plan, err = exchange.NewPlan(v, table, o)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	done, err := exchange.Apply(context.Background(), l, plan, nil)
	if err != nil {
		tb.Fatal(err)
	}
	if a, b := plan.Counts(), done.Counts(); a != b {
		tb.Errorf("planned %s, done %s", a, b)
	}
	return done
}

// imports reads, applies, and compares the last line.
func imports(tb testing.TB, l kiosk.Ledger, s exchange.Subject, data, want string) *exchange.Plan {
	tb.Helper()
	p := apply(tb, l, read(tb, s, "test.csv", data))
	if got := p.Counts().String(); got != want {
		tb.Errorf("%s: got %s, want %s\n%s", firstLine(data), got, want, problems(p))
	}
	return p
}

func firstLine(s string) string { a, _, _ := strings.Cut(s, "\n"); return a }

func problems(p *exchange.Plan) string {
	var b strings.Builder
	n := 0
	for _, it := range p.Items {
		if it.Action == exchange.Wrong {
			if n++; n > 20 {
				break
			}
			b.WriteString("  " + it.Line(exchange.English) + "\n")
		}
	}
	return b.String()
}

func members(tb testing.TB, l kiosk.Ledger) []kiosk.Member {
	tb.Helper()
	var out []kiosk.Member
	err := l.View(context.Background(), func(v kiosk.View) error {
		return v.EachMember(kiosk.DayOf(now, time.UTC), func(m kiosk.Member) error {
			out = append(out, m)
			return nil
		})
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func items(tb testing.TB, l kiosk.Ledger) []kiosk.Item {
	tb.Helper()
	var out []kiosk.Item
	err := l.View(context.Background(), func(v kiosk.View) error {
		return v.EachItem(func(it kiosk.Item) error {
			out = append(out, it)
			return nil
		})
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func view(tb testing.TB, l kiosk.Ledger, f func(v kiosk.View) error) {
	tb.Helper()
	if err := l.View(context.Background(), f); err != nil {
		tb.Fatal(err)
	}
}

func sample(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "imports", name))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
