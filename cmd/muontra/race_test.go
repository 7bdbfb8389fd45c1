//go:build race

package main

// slow: SQLite is about twenty times slower under the race detector.
const slow = true
