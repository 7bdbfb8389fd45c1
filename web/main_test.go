package web

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
)

// TestMain lets one more test go at a time than there are cores, unless the command
// says how many: those that drive a browser wait for a good part of theirs.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		if err := f.Value.Set(strconv.Itoa(runtime.GOMAXPROCS(0) + 1)); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
