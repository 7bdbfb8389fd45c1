package fold

import "unicode"

// Slack is how many slips of the finger a folded word may have and still be
// meant: none in a letter or in a number, one in a short word, two in a long
// one.
func Slack(word string) int {
	for _, r := range word {
		if unicode.IsDigit(r) {
			return 0
		}
	}
	switch n := len(word); {
	case n < 2:
		return 0
	case n < 6:
		return 1
	}
	return 2
}

// Distance is how many letters must be put in, left out, changed or swapped
// with their neighbour to make b of a (optimal string alignment), or most+1
// when it is more than most.
func Distance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	const bound = 64 // a longer word is no word
	if len(a) >= bound || len(b) >= bound {
		if a == b {
			return 0
		}
		return most + 1
	}
	var rows [3][bound]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, last, now = last, now, before
	}
	return min(last[len(b)], most+1)
}
