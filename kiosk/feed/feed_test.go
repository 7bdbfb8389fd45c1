package feed

import (
	"testing"

	"muontra/kiosk"
)

func TestEveryListenerGetsEveryEventInOrder(t *testing.T) {
	f := New()
	a, stopA := f.Listen()
	b, stopB := f.Listen()
	defer stopB()
	for i := range 5 {
		f.Publish(kiosk.Event{Seq: int64(i + 1)})
	}
	stopA()
	stopA() // twice is harmless
	for i := range 5 {
		if e := <-a; e.Seq != int64(i+1) {
			t.Fatalf("a got %d, want %d", e.Seq, i+1)
		}
		if e := <-b; e.Seq != int64(i+1) {
			t.Fatalf("b got %d, want %d", e.Seq, i+1)
		}
	}
	if _, open := <-a; open {
		t.Error("a stopped listener's channel must end")
	}
}

func TestASlowListenerIsClosedAndHoldsUpNobody(t *testing.T) {
	f := New()
	slow, stop := f.Listen()
	defer stop()
	for i := range buffer + 10 {
		f.Publish(kiosk.Event{Seq: int64(i + 1)})
	}
	n := 0
	for range slow {
		n++
	}
	if n != buffer {
		t.Errorf("got %d events before the end, want %d", n, buffer)
	}
}
