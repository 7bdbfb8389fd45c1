// Package printertest starts a printer that shares no code with package
// printer, for tests.
package printertest
