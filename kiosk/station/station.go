// Package station runs one station's session: who stands before the screen,
// what the next scan means, when it ends by itself. One goroutine owns it;
// scans, touches and overrides enter one inbox and are done in order of
// arrival. What it decides it asks of package circulation; what it shows is a
// [Screen], a whole picture as a value.
package station
