//go:build race

package picture

// raceEnabled: the race detector makes arithmetic on pixels ten times slower,
// and there is one goroutine in it.
const raceEnabled = true
