package rehearse

import (
	"testing"
	"time"
)

// A pupil who is not where the new year has put them is counted, whatever the slip.
func TestMisplaced(t *testing.T) {
	r := &rehearsal{placed: map[string]pupil{"an": {class: "2A", grade: 2}, "binh": {class: "5B", grade: 5}, "chi": {left: true}, "dung": {left: true}}}
	for name, c := range map[string]struct {
		now  map[string]pupil
		want int
	}{
		"as planned":         {map[string]pupil{"an": {class: "2A", grade: 2}, "binh": {class: "5B", grade: 5}, "chi": {left: true}}, 0}, // dung's name has gone
		"stays behind":       {map[string]pupil{"an": {class: "1A", grade: 1}, "binh": {class: "5B", grade: 5}, "chi": {left: true}}, 1},
		"one is not there":   {map[string]pupil{"an": {class: "2A", grade: 2}, "chi": {left: true}}, 1},
		"a leaver has come":  {map[string]pupil{"an": {class: "2A", grade: 2}, "binh": {class: "5B", grade: 5}, "chi": {}}, 1},
		"another has left":   {map[string]pupil{"an": {left: true}, "binh": {class: "5B", grade: 5}}, 1},
		"nobody is anywhere": {nil, 2},
	} {
		if got := r.misplaced(c.now); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if f := (Figures{Owing: 3, BroughtBack: 2, Misplaced: 1, LoansOther: 1, Lost: 1}); f.Wrong() != 4 {
		t.Errorf("%d are wrong", f.Wrong())
	}
}

func TestSpread(t *testing.T) {
	days := schoolDays(time.Date(2027, time.September, 7, 2, 25, 0, 0, time.UTC))
	some := spread(days, 6)
	if len(some) != 6 || some[0] != days[0] || some[5].Month() < time.April || len(spread(days, 1000)) != len(days) {
		t.Errorf("%v of %d", some, len(days))
	}
}
