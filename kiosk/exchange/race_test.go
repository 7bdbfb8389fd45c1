//go:build race

package exchange_test

// thin divides the sizes of the big files: the race detector looks for races,
// not for speed, and makes modernc's SQLite ten times slower.
const thin = 10
