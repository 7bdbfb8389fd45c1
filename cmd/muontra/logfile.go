package main

import (
	"io"
	"os"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

// The bounds of what is logged: no more than some 30 MB, no older than a school
// term.
const (
	logMegabytes = 5
	logFiles     = 5
	logDays      = 120
)

// logFile is where a data folder's log goes: log/muontra.log, private, put aside
// by size and deleted by number and age.
func logFile(data string) (io.WriteCloser, error) {
	dir := filepath.Join(data, "log")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &lumberjack.Logger{Filename: filepath.Join(dir, "muontra.log"), MaxSize: logMegabytes, MaxBackups: logFiles, MaxAge: logDays}, nil
}

// both writes to each of two writers, whatever becomes of the other: a console
// that was closed must not silence the file, nor a full disk the console.
type both struct{ a, b io.Writer }

func (w both) Write(p []byte) (int, error) {
	_, aerr := w.a.Write(p)
	if n, err := w.b.Write(p); err != nil && aerr != nil {
		return n, err
	}
	return len(p), nil
}
