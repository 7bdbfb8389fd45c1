package main

import (
	"context"
	"fmt"
	"os"

	"muontra/cmd/muontra/sample"
	"muontra/kiosk"
	"muontra/store"
	"muontra/web"
	"muontra/web/password"
)

// The sign-in of the sample school: plainly a sample, and only there.
const (
	demoUser     = "thuthu"
	demoPassword = "muontra-demo"
)

// demoCommand serves a sample school. It prints, after the listening line and
// separated by tabs, the kiosk's address, the staff sign-in, and cards and
// copies to try. Without --data the folder is a temporary one and goes with it.
func demoCommand(ctx context.Context, e *env, args []string) int {
	s, code, ok := e.serveFlags("demo", args)
	if !ok {
		return code
	}
	cfg, problem := e.config(s)
	if problem != nil {
		return e.usage(*problem)
	}
	if cfg.data == "" {
		dir, err := os.MkdirTemp("", "muontra-demo-")
		if err != nil {
			return e.fail(sentence("demo_failed", err))
		}
		defer os.RemoveAll(dir)
		cfg.data = dir
	}
	cfg.demo = true
	school, err := e.buildDemo(ctx, cfg)
	if err != nil {
		return e.fail(sentence("demo_failed", err))
	}
	cfg.samples = func(ctx context.Context) (web.Samples, error) { return demoSamples(school), nil }
	return e.serve(ctx, cfg, func(_ context.Context, p *program) { e.printDemo(p, school) })
}

// buildDemo fills an empty folder with the sample school, or finds the school
// that a kept folder holds.
func (e *env) buildDemo(ctx context.Context, cfg programConfig) (school sample.School, err error) {
	lock, err := lockFolder(cfg.data)
	if err != nil {
		return school, err
	}
	defer lock.Unlock()
	st, err := store.Open(ctx, cfg.data, store.Options{Now: cfg.now, Logger: cfg.logger})
	if err != nil {
		return school, err
	}
	defer func() {
		if cerr := st.Close(); err == nil {
			err = cerr
		}
	}()
	events := int64(0)
	if err := st.View(ctx, func(v kiosk.View) (err error) {
		events, err = v.LastSeq()
		return err
	}); err != nil {
		return school, err
	}
	var today kiosk.Day
	if err := st.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		today = kiosk.DayOf(e.now(), loc)
		return err
	}); err != nil {
		return school, err
	}
	if events > 0 {
		if err := sample.OpenToday(ctx, st, today); err != nil {
			return school, err
		}
		return sample.Find(ctx, st, e.now())
	}
	school, err = sample.Build(ctx, st, today, e.now(), e.demoProgress())
	if err != nil {
		return school, err
	}
	hash, err := password.Hash(demoPassword)
	if err != nil {
		return school, err
	}
	return school, st.Update(ctx, func(tx kiosk.Tx) error {
		return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: demoUser, Role: kiosk.Librarian, PasswordHash: hash, CreatedAt: e.now().UTC()})
	})
}

// demoProgress tells each tenth of the work.
func (e *env) demoProgress() func(done, total int, what string) {
	told := -1
	return func(done, total int, _ string) {
		if total == 0 || done*10/total == told {
			return
		}
		told = done * 10 / total
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("demo_building", told*10)))
	}
}

// printDemo says where everything is. The lines are tab-separated, the first
// word says what the line is.
func (e *env) printDemo(p *program, s sample.School) {
	base := p.URLs()[0]
	fmt.Fprintf(e.stdout, "kiosk\t%s/kiosk/%s\n", base, kiosk.DefaultStation)
	fmt.Fprintf(e.stdout, "practice\t%s/desk/practice\n", base)
	fmt.Fprintf(e.stdout, "desk\t%s/desk\n", base)
	fmt.Fprintf(e.stdout, "sign-in\t%s\t%s\n", demoUser, demoPassword)
	card := func(what string, c sample.Card) {
		if c.Barcode != "" {
			fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\n", what, c.Barcode, c.Name, c.Class)
		}
	}
	copyLine := func(what string, c sample.Copy) {
		if c.Barcode != "" {
			fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\n", what, c.Barcode, c.Accession, c.Title)
		}
	}
	for _, c := range s.Cards {
		card("card", c)
	}
	for _, c := range s.Copies {
		copyLine("copy", c)
	}
	card("overdue-card", s.Overdue)
	card("teacher-card", s.Teacher)
	card("blocked-card", s.Blocked)
	card("replaced-card", s.Replaced)
	copyLine("on-site-copy", s.OnSiteOnly)
	copyLine("on-loan-copy", s.OnLoan)
}

// demoSamples are what the practice panel offers to click.
func demoSamples(s sample.School) web.Samples {
	var out web.Samples
	for _, c := range append(append([]sample.Card{}, s.Cards...), s.Overdue, s.Teacher, s.Blocked) {
		if c.Barcode != "" {
			out.Cards = append(out.Cards, web.SampleCard(c))
		}
	}
	for _, c := range append(append([]sample.Copy{}, s.Copies...), s.OnSiteOnly, s.OnLoan) {
		if c.Barcode != "" {
			out.Copies = append(out.Copies, web.SampleCopy(c))
		}
	}
	return out
}
