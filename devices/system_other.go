//go:build !linux && !windows

package devices

// mayReadWrite is not known before a port is opened.
func mayReadWrite(string) bool { return true }

func windowsPorts() []string { return nil }
