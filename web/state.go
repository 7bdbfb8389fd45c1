package web

import (
	"encoding/json"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web/words"
)

// state is a station's screen as it leaves the daemon: the screen itself, and
// beside its codes the words, so that a page needs to know no rule and no
// grammar.
type state struct {
	station.Screen
	Loans  []loanState  `json:"loans"`  // in place of the screen's
	Result *resultState `json:"result"` // in place of the screen's
	Now    time.Time    `json:"now"`    // the daemon's clock, to count down by
	Today  string       `json:"today_text"`
}

type loanState struct {
	kiosk.LoanView
	DueText string `json:"due_text"`
}

type resultState struct {
	kiosk.Result
	Card words.Card `json:"card"`
}

func stateOf(l words.Lang, sc station.Screen, now time.Time) state {
	st := state{Screen: sc, Now: now.UTC(), Today: words.Day(l, sc.Service.Day)}
	st.Loans = make([]loanState, 0, len(sc.Loans))
	for _, v := range sc.Loans {
		st.Loans = append(st.Loans, loanState{v, words.Day(l, v.DueOn)})
	}
	if sc.Result != nil {
		r := resultOf(l, *sc.Result)
		st.Result = &r
	}
	// A page counts and loops over these; null is not a list.
	if st.Screen.Devices == nil {
		st.Screen.Devices = []station.Device{}
	}
	if st.Service.Today.Grades == nil {
		st.Service.Today.Grades = []int{}
	}
	return st
}

// resultOf says a result in words.
func resultOf(l words.Lang, r kiosk.Result) resultState {
	c := words.ForResult(l, r)
	r.Message = c.Line(l)
	return resultState{r, c}
}

func encodeState(l words.Lang, sc station.Screen, now time.Time) []byte {
	b, err := json.Marshal(stateOf(l, sc, now))
	if err != nil {
		panic(err) // every field is plain data; a value that is not is a slip here
	}
	return b
}
