package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"muontra/web/webtest"
)

// builtDir is where the program of builtProgram lies, for TestMain to remove.
var builtDir string

// built makes the program once for all tests that run it as a process of its own:
// linking it takes longer than most of them.
var built = sync.OnceValues(func() (string, error) {
	var err error
	if builtDir, err = os.MkdirTemp("", "muontra-built-"); err != nil {
		return "", err
	}
	if err := os.Chmod(builtDir, 0o755); err != nil { // a test runs it as nobody
		return "", err
	}
	bin := filepath.Join(builtDir, "muontra")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return bin, nil
})

// builtProgram is the real program, for a test that starts it as a process of its own.
func builtProgram(t testing.TB) string {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func TestMain(m *testing.M) {
	code := webtest.Main(m)
	if builtDir != "" {
		os.RemoveAll(builtDir)
	}
	os.Exit(code)
}
