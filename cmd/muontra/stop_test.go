//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asProgram makes the test's own binary the program, so that a process of its
// own can be stopped.
const asProgram = "MUONTRA_TEST_AS_PROGRAM"

func init() {
	if os.Getenv(asProgram) != "" {
		os.Unsetenv(asProgram)
		main()
	}
}

func TestStop(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if c := runCLI(t, "", "stop", "--data", data, "--lang", "en"); c.code != exitDone || !strings.Contains(c.stdout, "no muontra is running") {
		t.Errorf("without a folder: %+v", c)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("asking made the folder: %v", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, errs := &lines{grew: make(chan struct{}, 1)}, &bytes.Buffer{}
	serve := exec.Command(self, "serve", "--data", data, "--listen", "127.0.0.1:0")
	serve.Env = append(os.Environ(), asProgram+"=1")
	serve.Stdout, serve.Stderr = out, errs
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- serve.Wait() }()
	t.Cleanup(func() { serve.Process.Kill() })
	for deadline := time.After(patience); !strings.Contains(out.String(), "listening on"); {
		select {
		case <-out.grew:
		case err := <-done:
			t.Fatalf("serve: %v %s", err, errs)
		case <-deadline:
			t.Fatal("serve does not listen")
		}
	}
	if c := runCLI(t, "", "stop", "--data", data); c.code != exitDone {
		t.Errorf("stop: %+v", c)
	}
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("serve ended with %v\n%s", err, errs)
		}
	case <-time.After(patience):
		t.Fatal("serve still runs")
	}
	if _, err := os.Stat(filepath.Join(data, "muontra.pid")); !os.IsNotExist(err) {
		t.Errorf("the process number is left: %v", err)
	}
	if c := runCLI(t, "", "check", "--data", data); c.code != exitDone {
		t.Errorf("check: %+v", c)
	}
	// A number left by a crash means nothing while the folder is free.
	if err := os.WriteFile(filepath.Join(data, "muontra.pid"), []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := runCLI(t, "", "stop", "--data", data, "--lang", "en"); c.code != exitDone || !strings.Contains(c.stdout, "no muontra is running") {
		t.Errorf("after a crash: %+v", c)
	}
}
