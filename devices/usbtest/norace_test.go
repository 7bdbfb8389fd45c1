//go:build !race

package usbtest

const raceDetector = false
