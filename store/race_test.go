//go:build race

package store

// underRace: the database runs some twenty times slower under the race detector.
const underRace = true
