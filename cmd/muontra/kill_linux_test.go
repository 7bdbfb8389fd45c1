//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// process is the real program serving a folder.
type process struct {
	cmd *exec.Cmd
	url string
}

func startProcess(t testing.TB, bin, data string) *process {
	t.Helper()
	return startCommand(t, exec.Command(bin, "serve", "--data", data, "--listen", "127.0.0.1:0", "--station", "two"))
}

// startCommand starts the program and waits until it listens.
func startCommand(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd}
	var log bytes.Buffer
	p.cmd.Stderr = &log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	line, err := r.ReadString('\n')
	u, ok := strings.CutPrefix(strings.TrimSpace(line), "muontra: listening on ")
	if err != nil || !ok {
		p.kill()
		t.Fatalf("serve said %q (%v): %s", line, err, log.String())
	}
	go io.Copy(io.Discard, r)
	p.url = u
	return p
}

// kill is what a power cut or a full memory does to a process: nothing of it
// runs any more, not even its goodbye.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// The daemon is killed in the middle of a break, again and again. What a station
// was told is done, is done, and a command that was sent again is done once
// (F02). MUONTRA_LONG kills it fifty times.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	bin := builtProgram(t)
	kills := 4
	if os.Getenv("MUONTRA_LONG") != "" && !slow {
		kills = 50
	}
	data := t.TempDir()
	const pupils = 24
	withFolder(t, data, func(st *store.Store) {
		w := kiosktest.NewWorld(t, st, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
		for i := range pupils {
			w.Patron(kiosk.Pupil, fmt.Sprintf("HS%03d", i), fmt.Sprintf("Mẫu Văn %d", i), "3A", 3)
			w.Copy(fmt.Sprintf("S%03d", i), "Truyện mẫu", kiosk.Children, "")
		}
	})
	b := &breakTime{t: t, told: map[string]kiosk.Result{}}
	chance := rand.New(rand.NewPCG(uint64(kills), 7))
	for k := range kills {
		p := startProcess(t, bin, data)
		b.url.Store(&p.url)
		over := make(chan struct{})
		var wg sync.WaitGroup
		for i, station := range []string{"desk", "two"} {
			// Each station has pupils and books of its own, so that each answer is known.
			wg.Go(func() { b.scanUntil(over, k, station, i*pupils/2, pupils/2) })
		}
		// In each life something is done before it ends.
		before := b.done()
		until(t, "an act in this life", func() bool { return b.done() > before })
		time.Sleep(time.Duration(chance.IntN(250)) * time.Millisecond)
		p.kill()
		close(over)
		wg.Wait()
	}
	// After the last kill everything that was told is asked for again with its id:
	// the same answer, and nothing happens twice.
	p := startProcess(t, bin, data)
	b.url.Store(&p.url)
	b.askAgain()
	p.cmd.Process.Signal(os.Interrupt)
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("a clean end: %v", err)
	}
	events := map[int64]kiosk.Event{}
	withFolder(t, data, func(st *store.Store) {
		faults, err := st.Check(t.Context())
		if err != nil || len(faults) > 0 {
			t.Errorf("check: %v %v", faults, err)
		}
		err = st.View(t.Context(), func(v kiosk.View) error {
			es, err := v.Events(0, 1_000_000)
			for _, e := range es {
				events[e.Seq] = e
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	lost := 0
	for id, r := range b.told {
		if r.EventSeq == 0 {
			continue
		}
		if e, ok := events[r.EventSeq]; !ok || e.Payload.Outcome != r.Outcome {
			lost++
			t.Errorf("command %s was told %s as event %d; the log has %v", id, r.Outcome, r.EventSeq, e.Payload.Outcome)
		}
	}
	t.Logf("%d kills, %d acts told as done, %d lost", kills, len(b.told), lost)
	if len(b.told) < kills {
		t.Errorf("only %d acts in %d lives: nothing was tried", len(b.told), kills)
	}
}

// breakTime is children who scan, and what they were told.
type breakTime struct {
	t   testing.TB
	url atomic.Pointer[string]

	mu   sync.Mutex
	told map[string]kiosk.Result // by station and command id
	sent map[string]string       // the code of each
}

// done is how many acts were told as done.
func (b *breakTime) done() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.told)
}

// scanUntil scans a card, its book, and the card again, child after child.
func (b *breakTime) scanUntil(over <-chan struct{}, life int, station string, first, n int) {
	for i := 0; ; i++ {
		child := first + i%n
		for j, code := range []string{fmt.Sprintf("HS%03d", child), fmt.Sprintf("S%03d", child), fmt.Sprintf("HS%03d", child)} {
			select {
			case <-over:
				return
			default:
			}
			id := fmt.Sprintf("%d-%d-%d", life, i, j)
			r, err := b.send(station, code, id)
			if err != nil {
				return // the daemon is gone
			}
			b.mu.Lock()
			b.told[station+" "+id] = r
			if b.sent == nil {
				b.sent = map[string]string{}
			}
			b.sent[station+" "+id] = code
			b.mu.Unlock()
		}
	}
}

func (b *breakTime) send(station, code, id string) (r kiosk.Result, err error) {
	body, err := json.Marshal(map[string]string{"code": code, "command_id": id})
	if err != nil {
		return r, err
	}
	c := http.Client{Timeout: patience}
	res, err := c.Post(*b.url.Load()+"/api/v1/stations/"+station+"/scans", "application/json", bytes.NewReader(body))
	if err != nil {
		return r, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return r, fmt.Errorf("status %s", res.Status)
	}
	err = json.NewDecoder(res.Body).Decode(&r)
	return r, err
}

func (b *breakTime) askAgain() {
	for key, r := range b.told {
		station, id, _ := strings.Cut(key, " ")
		again, err := b.send(station, b.sent[key], id)
		if err != nil {
			b.t.Errorf("command %s again: %v", key, err)
			return
		}
		if again.Outcome != r.Outcome || again.EventSeq != r.EventSeq {
			b.t.Errorf("command %s: first %s as event %d, again %s as event %d", key, r.Outcome, r.EventSeq, again.Outcome, again.EventSeq)
		}
	}
}
