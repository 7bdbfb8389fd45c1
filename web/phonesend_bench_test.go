package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"muontra/kiosk"
)

// BenchmarkPhoneSends sends what a phone held for a month without a network, 200
// acts in their order, as the page does: fifty at a time, each act decided and
// written by itself. Beside it as many readings of the corner as the page asks
// for after a sending. The goal is 10 s for all.
func BenchmarkPhoneSends(b *testing.B) {
	c := newClassroom(b)
	p := c.teacherPhone()
	const acts, once = 200, 50
	n := 0
	b.Run(fmt.Sprint(acts, " acts"), func(b *testing.B) {
		for b.Loop() {
			c.Advance(24 * time.Hour)
			if status := p.cornerSignIn("20000016", teacherPIN); status != http.StatusOK {
				b.Fatalf("sign-in: %d", status)
			}
			for part := range acts / once {
				var some []any
				for i := range once {
					n++
					// A book goes round: lent, returned, lent to the next.
					ago := time.Duration(acts-part*once-i) * time.Minute
					book := c.books[(n/2)%len(c.books)]
					if n%2 == 0 {
						some = append(some, c.did(fmt.Sprint("act-", n), "lend", ago, "pupil", []kiosk.Patron{c.an, c.binh, c.chi}[(n/2)%3].ID, "copy", book.ID))
					} else {
						some = append(some, c.did(fmt.Sprint("act-", n), "return", ago, "copy", book.ID))
					}
				}
				status, body := p.api("POST", "/api/v1/corner/acts", map[string]any{"sent_at": c.Now().UnixMilli(), "acts": some})
				if answers, _ := body["answers"].([]any); status != http.StatusOK || len(answers) != once {
					b.Fatalf("%d %v", status, body)
				}
			}
		}
	})
	b.Run("the corner read", func(b *testing.B) {
		for b.Loop() {
			for range acts / once {
				if status, _ := p.api("GET", "/api/v1/corner", nil); status != http.StatusOK {
					b.Fatal(status)
				}
			}
		}
	})
}
