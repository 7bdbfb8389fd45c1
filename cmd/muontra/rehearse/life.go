package rehearse

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"muontra/kiosk"
)

// Inside is the word by which the program knows that it is rehearsed: it serves
// as always, but for a clock and a disk that are told what to do by its input.
const Inside = "inside"

// life is the program from one start to its end, and the folder that it serves,
// which after a power cut is the one that the cut has left.
type life struct {
	program, data, dir string
	lives              int

	mu       sync.Mutex
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	log      *bytes.Buffer
	url      string
	records  bool
	client   http.Client
	screen   *websocket.Conn
	pictures chan picture
	wire     *wire
}

// picture is a frame that a screen has got.
type picture struct {
	seq int64
	at  time.Time
}

// needs reports whether the day wants the program begun anew: there is none, or
// its disk is not watched.
func (l *life) needs(what mishap) bool {
	return l.cmd == nil || what == cut && !l.records || what == cable && l.wire == nil || what != cut && l.records
}

// begin ends what runs, cleanly, and starts the program with the clock at now.
func (l *life) begin(ctx context.Context, records bool, now time.Time) error {
	if err := l.end(); err != nil {
		return err
	}
	l.lives++
	args := []string{"rehearse", Inside, "--data", l.data, "--listen", "127.0.0.1:0"}
	if w, err := newWire(filepath.Join(l.dir, "scanner")); err == nil {
		l.wire = w
		args = append(args, "--serial", w.port)
	}
	if records {
		args = append(args, "--record")
	}
	l.cmd = exec.CommandContext(ctx, l.program, args...)
	l.log = &bytes.Buffer{}
	l.cmd.Stderr = l.log
	var err error
	if l.in, err = l.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	l.out, l.records = bufio.NewReader(out), records
	if err := l.cmd.Start(); err != nil {
		return err
	}
	if _, err := l.ask("clock " + now.UTC().Format(time.RFC3339Nano)); err != nil {
		return l.failed(err)
	}
	line, err := l.out.ReadString('\n')
	u, ok := strings.CutPrefix(strings.TrimSpace(line), "muontra: listening on ")
	if err != nil || !ok {
		return l.failed(fmt.Errorf("serve said %q: %v", line, err))
	}
	l.url = u
	return l.watch(ctx)
}

func (l *life) failed(err error) error {
	l.cmd.Process.Kill()
	l.cmd.Wait()
	l.cmd = nil
	return l.said(err)
}

// said is the error with the end of what the program has logged.
func (l *life) said(err error) error {
	text := l.log.String()
	return fmt.Errorf("%w: %s", err, text[max(0, len(text)-600):])
}

// ask tells the program's inside something and waits for its line.
func (l *life) ask(line string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := io.WriteString(l.in, line+"\n"); err != nil {
		return "", err
	}
	answer, err := l.out.ReadString('\n')
	return strings.TrimSpace(answer), err
}

// watch is the screen beside the scanner: a websocket, as the kiosk's page has.
func (l *life) watch(ctx context.Context) error {
	c, _, err := websocket.DefaultDialer.DialContext(ctx, "ws"+strings.TrimPrefix(l.url, "http")+"/ws/stations/"+kiosk.DefaultStation, nil)
	if err != nil {
		return err
	}
	l.screen, l.pictures = c, make(chan picture, 64)
	go func(to chan picture) {
		defer close(to)
		for {
			_, b, err := c.ReadMessage()
			if err != nil {
				return
			}
			at := time.Now()
			var f struct{ Seq int64 }
			if json.Unmarshal(b, &f) == nil {
				select {
				case to <- picture{f.Seq, at}:
				default:
				}
			}
		}
	}(l.pictures)
	return nil
}

// scan sets the clock, posts a code, and waits for the answer and for the screen
// that shows it. took is from the scan to the screen, in milliseconds.
func (l *life) scan(ctx context.Context, code, id string, now time.Time) (r kiosk.Result, took float64, err error) {
	if l.cmd == nil {
		return r, 0, errors.New("the program is gone")
	}
	if _, err := l.ask("clock " + now.UTC().Format(time.RFC3339Nano)); err != nil {
		return r, 0, err
	}
	body, err := json.Marshal(map[string]string{"code": code, "command_id": id})
	if err != nil {
		return r, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		select {
		case <-l.pictures: // of before
			continue
		default:
		}
		break
	}
	began := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+"/api/v1/stations/"+kiosk.DefaultStation+"/scans", bytes.NewReader(body))
	if err != nil {
		return r, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := l.client.Do(req)
	if err != nil {
		return r, 0, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return r, 0, fmt.Errorf("a scan was answered %s", res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		return r, 0, err
	}
	for {
		select {
		case p, ok := <-l.pictures:
			if !ok {
				return r, 0, nil // the answer counts, whatever became of the screen
			}
			if p.seq >= r.Seq {
				return r, float64(p.at.Sub(began).Microseconds()) / 1000, nil
			}
		case <-ctx.Done():
			return r, 0, nil
		}
	}
}

// end stops the program cleanly.
func (l *life) end() error {
	if l.cmd == nil {
		return nil
	}
	l.in.Close() // its inside ends it then
	err := l.reap()
	if err != nil {
		err = fmt.Errorf("a clean end: %w: %s", err, l.log.String())
	}
	return err
}

// reap waits for the end of the process and forgets it.
func (l *life) reap() error {
	l.mu.Lock()
	io.Copy(io.Discard, l.out)
	l.mu.Unlock()
	err := l.cmd.Wait()
	if l.screen != nil {
		l.screen.Close()
		l.screen = nil
	}
	l.client.CloseIdleConnections()
	if l.wire != nil {
		l.wire.close()
		l.wire = nil
	}
	l.cmd = nil
	return err
}

// left is the folder that a power cut leaves.
func (l *life) left() string { return filepath.Join(l.dir, fmt.Sprint("after-cut-", l.lives)) }

// strike ends the program in the middle of what it does: killed, as by a full
// memory, or as the power does it, when of all that was not flushed each sector
// is on the disk or not, by chance.
func (l *life) strike(cut bool, seed int) error {
	if cut {
		answer, err := l.ask("cut " + strconv.Itoa(seed) + " " + l.left())
		if err != nil || answer != "cut" {
			return fmt.Errorf("the power cut answered %q: %v", answer, err)
		}
	}
	return l.cmd.Process.Kill()
}

// bury forgets the program that was struck. After a power cut the school goes on
// with what that has left.
func (l *life) bury(cut bool) error {
	old, left := l.data, l.left()
	l.reap() // its end is no clean one
	if !cut {
		return nil
	}
	l.data = left
	return os.RemoveAll(old)
}

// cable pulls the scanner out in the middle of a card, puts it back, and scans the
// card. The half is to be nothing, the whole an act, which is what the screen shows.
func (l *life) cable(ctx context.Context, card string, now time.Time) (r kiosk.Result, err error) {
	if l.wire == nil {
		return r, nil // this system has no cable to play with
	}
	if _, err := l.ask("clock " + now.UTC().Format(time.RFC3339Nano)); err != nil {
		return r, err
	}
	before := int64(-1)
	if err := l.until(ctx, "the scanner to be read", func(s state) (bool, error) {
		before = 0
		if s.Result != nil {
			before = s.Result.EventSeq
		}
		for _, d := range s.Devices {
			if d.Kind == "serial" && d.Connected {
				return true, nil
			}
		}
		return false, nil
	}); err != nil {
		return r, err
	}
	if err := l.wire.send(card[:len(card)/2]); err != nil {
		return r, err
	}
	if err := l.wire.again(); err != nil {
		return r, err
	}
	// Whoever pulled the cable out scans until the screen shows it: the first time
	// may be before the program has found the scanner again.
	var next time.Time
	err = l.until(ctx, "the card scanned by the cable", func(s state) (bool, error) {
		if time.Now().After(next) {
			next = time.Now().Add(3 * time.Second)
			if err := l.wire.send(card + "\r\n"); err != nil {
				return false, err
			}
		}
		if s.Result == nil || s.Result.EventSeq <= before {
			return false, nil
		}
		if r = *s.Result; r.Kind != kiosk.KindPatron {
			return false, fmt.Errorf("half a card was taken for a scan: %s/%s", r.Outcome, r.Reason)
		}
		return true, nil
	})
	return r, err
}

// state is what the rehearsal looks at of a station.
type state struct {
	Result  *kiosk.Result
	Devices []struct {
		Kind      string
		Connected bool
	}
}

func (l *life) until(ctx context.Context, what string, ok func(state) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url+"/api/v1/stations/"+kiosk.DefaultStation, nil)
		if err != nil {
			return err
		}
		res, err := l.client.Do(req)
		if err != nil {
			return fmt.Errorf("waited for %s: %w", what, err)
		}
		var s state
		err = json.NewDecoder(res.Body).Decode(&s)
		res.Body.Close()
		if err != nil {
			return err
		}
		if done, err := ok(s); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain for %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
