// Package webtest is what the tests of the pages share: a station that shows
// whatever a test puts on it, a ledger with a few accounts and books, and the
// one place that knows how to drive a browser.
package webtest
