package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
	"muontra/web/words"
)

// The disk of the real daemon fills in the middle of a break, and is freed: no
// scan is told as done that is not there, the screen says so in words, and the
// same daemon goes on once there is room (F03). The limit on the length of files
// stands for the disk: it needs no root and no second file system.
func TestDiskFillsAndIsFreed(t *testing.T) {
	t.Parallel()
	bin, data := builtProgram(t), t.TempDir()
	schoolOn(t, data)
	p := startProcess(t, bin, data)
	defer p.kill()
	spare := newSpareRoom(data, time.Now, nil)
	if free, err := spare.free(); err == nil && free > 2*(spare.size+spare.ample) {
		for end := time.Now().Add(patience); !spare.have(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("no room was put by for a full disk")
			}
		}
	}
	room := func(limit uint64) {
		t.Helper()
		// The hard limit stays, so that it can be raised again.
		l := unix.Rlimit{Cur: limit, Max: unix.RLIM_INFINITY}
		if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &l, nil); err != nil {
			t.Fatal(err)
		}
	}
	told := map[int64]kiosk.Outcome{}
	scan := func(code string) (r kiosk.Result) {
		t.Helper()
		body, _ := json.Marshal(map[string]string{"code": code})
		res, err := http.Post(p.url+"/api/v1/stations/desk/scans", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if err := json.NewDecoder(res.Body).Decode(&r); err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(res.Status, err)
		}
		if r.EventSeq > 0 {
			told[r.EventSeq] = r.Outcome
		}
		return r
	}
	want := func(r kiosk.Result, outcome kiosk.Outcome, reason kiosk.Reason) {
		t.Helper()
		if r.Outcome != outcome || r.Reason != reason {
			t.Fatalf("%s: %s/%s, want %s/%s", r.Code, r.Outcome, r.Reason, outcome, reason)
		}
	}
	r := scan("GV1")
	want(r, kiosk.SessionOpened, "")
	r = scan("S000")
	want(r, kiosk.CheckedOut, "")
	room(4096)
	r = scan("S001") // the room that was put by does not help against a limit
	want(r, kiosk.Refused, kiosk.ReasonStorageFailure)
	if spare.have() {
		t.Error("the room put by was not given back")
	}
	if !strings.Contains(r.Message, "chưa được ghi") {
		t.Errorf("the screen says %q", r.Message)
	}
	var state struct{ Phase string }
	status, body := get(t, p.url+"/api/v1/stations/desk")
	if err := json.Unmarshal([]byte(body), &state); err != nil || status != http.StatusOK || state.Phase != "offline" {
		t.Errorf("the station is %q (%d, %v)", state.Phase, status, err)
	}
	room(unix.RLIM_INFINITY)
	// The station tries the disk again by itself, every two seconds.
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		_, body := get(t, p.url+"/api/v1/stations/desk")
		if json.Unmarshal([]byte(body), &state) == nil && state.Phase != "offline" {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the station does not come back once there is room")
		}
	}
	if r = scan("S002"); r.Outcome != kiosk.CheckedOut { // the session may have ended meanwhile
		r = scan("GV1")
		want(r, kiosk.SessionOpened, "")
		r = scan("S003")
		want(r, kiosk.CheckedOut, "")
	}
	p.cmd.Process.Signal(os.Interrupt)
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("a clean end: %v", err)
	}
	withFolder(t, data, func(st *store.Store) {
		if faults, err := st.Check(t.Context()); err != nil || len(faults) > 0 {
			t.Errorf("check: %v %v", faults, err)
		}
		err := st.View(t.Context(), func(v kiosk.View) error {
			es, err := v.Events(0, 1000)
			for _, e := range es {
				if o, ok := told[e.Seq]; ok && o == e.Payload.Outcome {
					delete(told, e.Seq)
				}
			}
			return err
		})
		if err != nil || len(told) > 0 {
			t.Errorf("told as done and not there: %v %v", told, err)
		}
	})
}

// On a disk that cannot be written, books can be looked up, nothing is lent, and
// the page says why (F04).
func TestReadOnlyDiskIsForLookingUp(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	bin, data := builtProgram(t), filepath.Join(top, "data")
	withFolder(t, data, func(st *store.Store) {
		w := kiosktest.NewWorld(t, st, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
		w.Copy("S001", "Dế Mèn phiêu lưu ký", kiosk.Children, "")
	})
	for dir, mode := range map[string]os.FileMode{data: 0o555, top: 0o755, filepath.Dir(top): 0o755} {
		mustDo(t, os.Chmod(dir, mode))
	}
	t.Cleanup(func() { os.Chmod(data, 0o755) })
	files, err := filepath.Glob(filepath.Join(data, "*"))
	mustDo(t, err)
	for _, f := range files {
		if st, err := os.Stat(f); err == nil && !st.IsDir() {
			mustDo(t, os.Chmod(f, 0o444))
		}
	}
	cmd := exec.Command(bin, "serve", "--data", data, "--listen", "127.0.0.1:0")
	if os.Getuid() == 0 { // root writes anywhere: the daemon is nobody's
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	p := startCommand(t, cmd)
	defer p.kill()
	status, page := get(t, p.url+"/")
	for _, want := range []string{words.T(words.VI, "trouble.read_only"), words.T(words.VI, "trouble.look_up"), `href="/catalogue"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if status != http.StatusServiceUnavailable {
		t.Errorf("the page is %d", status)
	}
	if status, body := get(t, p.url+"/catalogue?q=de+men"); status != http.StatusOK || !strings.Contains(body, "Dế Mèn phiêu lưu ký") {
		t.Errorf("the catalogue: %d %s", status, body)
	}
	res, err := http.Post(p.url+"/api/v1/stations/desk/scans", "application/json", strings.NewReader(`{"code":"S001"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a scan was answered %s", res.Status)
	}
}
