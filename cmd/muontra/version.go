package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"muontra/devices"
)

// version is set by the release build with -ldflags "-X main.version=...".
var version = "dev"

// versionCommand prints the version, what it was built from, and whether this
// build reads USB HID.
func versionCommand(_ context.Context, e *env, args []string) int {
	if len(args) > 0 {
		return e.usage(sentence("no_words", args[0]))
	}
	hid := "no"
	if devices.HIDSupported() {
		hid = "yes"
	}
	fmt.Fprintf(e.stdout, "muontra %s %s %s/%s usb-hid=%s\n", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH, hid)
	return exitDone
}

func versionText() string {
	if version != "dev" {
		return version
	}
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "dev-" + s.Value[:12]
			}
		}
	}
	return version
}
