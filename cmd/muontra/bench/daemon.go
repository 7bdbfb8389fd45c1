package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
)

// daemon is the real program, serving a folder.
type daemon struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration // from its start until it listened
}

func (g *Rig) daemon(ctx context.Context, dir string) (*daemon, error) {
	if g.Program == "" {
		return nil, errors.New("the program's own file is not known")
	}
	d := &daemon{cmd: exec.CommandContext(ctx, g.Program, "serve", "--data", dir, "--listen", "127.0.0.1:0")}
	var log bytes.Buffer
	d.cmd.Stderr = &log
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	r := bufio.NewReader(out)
	line, err := r.ReadString('\n')
	d.ready = time.Since(began)
	u, ok := strings.CutPrefix(strings.TrimSpace(line), "muontra: listening on ")
	if err != nil || !ok {
		d.end()
		return nil, fmt.Errorf("serve said %q: %v: %s", line, err, log.String())
	}
	go io.Copy(io.Discard, r)
	d.url = u
	return d, nil
}

// end stops the daemon and waits for it. It is a process that we have started.
func (d *daemon) end() {
	if d.cmd.Process.Signal(os.Interrupt) != nil {
		d.cmd.Process.Kill()
	}
	done := make(chan struct{})
	go func() { d.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		d.cmd.Process.Kill()
		<-done
	}
}

// line is one connection to the daemon. Go's own client hands each request to two
// goroutines of its own, which are not the daemon's to answer for.
type line struct {
	net.Conn
	in *bufio.Reader
}

func (d *daemon) dial() (*line, error) {
	c, err := net.Dial("tcp", strings.TrimPrefix(d.url, "http://"))
	if err != nil {
		return nil, err
	}
	return &line{c, bufio.NewReader(c)}, nil
}

// scan posts a code to the daemon's station.
func (d *daemon) scan(ctx context.Context, l *line, code string) (r kiosk.Result, took time.Duration, err error) {
	body, err := json.Marshal(map[string]string{"code": code})
	if err != nil {
		return r, 0, err
	}
	answer, took, err := d.send(ctx, l, http.MethodPost, "/scans", body)
	if err == nil {
		err = json.Unmarshal(answer, &r)
	}
	return r, took, err
}

// look reads what the station shows: the way of a scan without the scan.
func (d *daemon) look(ctx context.Context, l *line) (took time.Duration, err error) {
	_, took, err = d.send(ctx, l, http.MethodGet, "", nil)
	return took, err
}

func (d *daemon) send(ctx context.Context, l *line, method, path string, body []byte) (answer []byte, took time.Duration, err error) {
	began := time.Now()
	if err := l.SetDeadline(began.Add(time.Minute)); err != nil {
		return nil, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, method, d.url+"/api/v1/stations/"+kiosk.DefaultStation+path, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if err := req.Write(l); err != nil {
		return nil, 0, err
	}
	res, err := http.ReadResponse(l.in, req)
	if err != nil {
		return nil, 0, err
	}
	answer, err = io.ReadAll(res.Body)
	took = time.Since(began)
	res.Body.Close()
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s of the station was answered %s: %s", method, res.Status, answer)
	}
	return answer, took, err
}

// http is a scan over HTTP to its durable result, one caller: cards and
// checkouts of children who come with three books each.
func (g *Rig) http(ctx context.Context) ([]Row, error) {
	seed, err := g.small(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := g.lay(seed, "http")
	if err != nil {
		return nil, err
	}
	bareDir, err := g.lay(seed, "http-bare")
	if err != nil {
		return nil, err
	}
	d, err := g.daemon(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer d.end()
	shelf, err := openShelf(ctx, dir, "", bookOf) // beside the daemon, as other commands do
	if err != nil {
		return nil, err
	}
	refs := shelf.refs
	if err := shelf.store.Close(); err != nil {
		return nil, err
	}
	bare, err := newSeven(ctx, bareDir, "", refs)
	if err != nil {
		return nil, err
	}
	defer bare.close()
	client, err := d.dial()
	if err != nil {
		return nil, err
	}
	defer client.Close()
	var took, alone, empty []float64
	for i := 0; len(took) < g.Size.Scans; i++ {
		codes := []string{cardOf(i % readers)}
		for j := range 3 {
			codes = append(codes, bookOf(((i*3+j)*7919)%smallCopies))
		}
		want := []kiosk.Outcome{kiosk.SessionOpened, kiosk.CheckedOut, kiosk.CheckedOut, kiosk.CheckedOut, kiosk.SessionEnded, kiosk.Returned, kiosk.Returned, kiosk.Returned}
		// Its own card ends the session, and the books come back without one.
		for j, code := range append(codes, codes...) {
			r, t, err := d.scan(ctx, client, code)
			if err != nil {
				return nil, err
			}
			if r.Outcome != want[j] {
				return nil, fmt.Errorf("scan %d of reader %d: %s/%s, want %s", j, i, r.Outcome, r.Reason, want[j])
			}
			if r.Outcome != kiosk.CheckedOut {
				continue
			}
			began := time.Now()
			if err := bare.once(ctx); err != nil {
				return nil, err
			}
			took, alone = append(took, ms(t)), append(alone, ms(time.Since(began)))
			if t, err = d.look(ctx, client); err != nil {
				return nil, err
			}
			empty = append(empty, ms(t))
		}
		if _, err := bare.conn.ExecContext(ctx, `UPDATE loan SET ended = 'returned' WHERE ended = ''`); err != nil {
			return nil, err
		}
	}
	mid := Row{Name: "http-p50", Value: median(took), Unit: "ms", Reference: median(alone), Ratio: median(took) / median(alone)}
	tail := Row{Name: "http-p99", Value: quantile(took, 0.99), Unit: "ms", Reference: quantile(alone, 0.99), Ratio: quantile(took, 0.99) / quantile(alone, 0.99)}
	way := Row{Name: "http-way-p50", Value: median(empty), Unit: "ms for the way there and back, to read what is shown and no database", Reference: mid.Reference, Ratio: median(empty) / mid.Reference}
	return []Row{mid.aim("reference + 0.3", mid.Value <= mid.Reference+0.3), tail.ratioAtMost(3), way}, nil
}

// size is what the daemon takes at rest with the sample school, and the program
// on the disk.
func (g *Rig) size(ctx context.Context) (rows []Row, err error) {
	dir, err := g.folder("sample")
	if err != nil {
		return nil, err
	}
	if err := g.Sample(ctx, dir); err != nil {
		return nil, err
	}
	d, err := g.daemon(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer d.end()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(30 * time.Second): // what the start has to do is done, and nobody asks for anything
	}
	const minimal = 10.4 // what the smallest server on the same driver keeps, measured apart; a fact, not of this run
	if all, own, err := resident(d.cmd.Process.Pid); err == nil {
		rows = append(rows,
			Row{Name: "memory", Value: all, Unit: "MB resident", Reference: minimal, Ratio: all / minimal}.valueAtMost(40),
			Row{Name: "memory-own", Value: own, Unit: "MB of these not the program's file", Reference: 1.4, Ratio: own / 1.4})
	} else {
		g.tell("memory: %v", err)
	}
	st, err := os.Stat(g.Program)
	if err != nil {
		return nil, err
	}
	const smallest = 10.3
	mb := float64(st.Size()) / 1e6
	return append(rows, Row{Name: "binary", Value: mb, Unit: "MB (-trimpath -ldflags '-s -w' for the published figure)", Reference: smallest, Ratio: mb / smallest}.valueAtMost(30)), nil
}

// resident is a process's resident memory in megabytes, where the system says,
// and how much of it is not pages of files, which the system takes back when it
// needs them.
func resident(pid int) (all, own float64, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) != 3 || f[0] != "VmRSS:" && f[0] != "RssAnon:" {
			continue
		}
		kb, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			return 0, 0, err
		}
		if f[0] == "VmRSS:" {
			all = kb / 1000
		} else {
			own = kb / 1000
		}
	}
	if all == 0 {
		return 0, 0, errors.New("the system does not say")
	}
	return all, own, nil
}

// start is how long the daemon takes from its start until it serves, with more
// than ten years of history.
func (g *Rig) start(ctx context.Context) ([]Row, error) {
	dir, err := g.large(ctx)
	if err != nil {
		return nil, err
	}
	var took []float64
	for range max(3, g.Size.Rounds) {
		d, err := g.daemon(ctx, dir)
		if err != nil {
			return nil, err
		}
		took = append(took, ms(d.ready))
		d.end()
	}
	return []Row{Row{Name: "start", Value: median(took), Unit: "ms to ready"}.valueAtMost(300)}, nil
}
