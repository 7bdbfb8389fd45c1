package vfs

import (
	"testing"
)

// What is flushed is left, what is not is as the chance says, and what comes
// after the cut is nothing.
func TestLeft(t *testing.T) {
	d := &Disk{}
	d.Record()
	d.note(Op{File: "a", Kind: Write, Data: []byte("sure")})
	d.note(Op{File: "a", Kind: Flush})
	d.note(Op{File: "a", Kind: Write, Size: 4, Data: []byte(" not")})
	l := d.Cut()
	after := make(chan struct{})
	go func() {
		d.note(Op{File: "a", Kind: Flush})
		close(after)
	}()
	before := Files{"b": []byte("old")}
	if got := l.Left(before, nothing); string(got["a"]) != "sure" || string(got["b"]) != "old" {
		t.Errorf("lost: %q", got)
	}
	if got := l.Left(before, everything); string(got["a"]) != "sure not" {
		t.Errorf("kept: %q", got)
	}
	select {
	case <-after:
		t.Error("a flush after the cut was answered")
	default:
	}
	if got := d.Peek(); len(got) != 3 {
		t.Errorf("%d operations", len(got))
	}
}
