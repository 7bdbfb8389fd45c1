package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"muontra/kiosk"
)

// Other machines are let in by the librarian's word alone, from the next start
// on; where the address cannot be had, the library is served all the same.
func TestOtherMachinesFromTheNextStartOn(t *testing.T) {
	data := t.TempDir()
	start := func(lan string) (*program, func()) {
		p, err := newProgram(context.Background(), programConfig{data: data, listen: []string{"127.0.0.1:0"}, lan: lan, now: time.Now, lang: "vi", logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return p, func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	const lan = "https://127.0.0.1:0"
	p, stop := start(lan)
	if n := len(p.URLs()); n != 1 {
		t.Errorf("without a word: %v", p.URLs())
	}
	if err := p.store.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutSetting(kiosk.LanSetting, "true") }); err != nil {
		t.Fatal(err)
	}
	stop()
	p, stop = start(lan)
	if n := len(p.URLs()); n != 2 || p.Trust().Short == "" {
		t.Errorf("after the word: %v", p.URLs())
	}
	stop()
	p, stop = start("") // the command line said which addresses
	if n := len(p.URLs()); n != 1 {
		t.Errorf("with addresses of the command line: %v", p.URLs())
	}
	stop()
	p, stop = start("https://192.0.2.1:1") // no address of this machine
	if n := len(p.URLs()); n != 1 {
		t.Errorf("an address that is not there: %v", p.URLs())
	}
	stop()
}
