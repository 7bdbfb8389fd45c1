package web

import (
	"strings"

	"muontra/web/words"
)

// Help stands on each page of the desk's menu behind a "?": three or four steps,
// a picture each. A page of the menu with the key work.x needs a row here, the
// pictures by their names in static/kiosk/icons.svg, and the words "help.work.x"
// with a line for each picture; a test holds both. What lies behind a page, such
// as its forms, shows the page's help.
var helpPictures = map[string][]string{
	"work.desk":         {"bell", "question", "helper"},
	"work.titles":       {"found", "book", "friends", "undo"},
	"work.copies":       {"wrench", "question", "card", "book"},
	"work.counter":      {"card", "scan", "check", "undo"},
	"work.sets":         {"book", "scan", "question", "undo"},
	"work.textbooks":    {"book", "keypad", "undo"},
	"work.corners":      {"book", "scan", "card", "check", "again"},
	"work.interloans":   {"give", "scan", "check", "printer"},
	"work.corner_late":  {"clock", "friends", "printer"},
	"rotation.register": {"book", "scan", "check", "undo"},
	"work.surveys":      {"calendar", "book", "printer", "eye"},
	"work.proposals":    {"question", "keypad", "printer"},
	"work.serials":      {"calendar", "scan", "question", "friends", "undo"},
	"work.lessons":      {"calendar", "question", "scan", "undo"},
	"work.handouts":     {"give", "friends", "check", "undo"},
	"work.clearance":    {"friends", "printer", "check"},
	"work.receipts":     {"give", "book", "check", "printer"},
	"work.shelve":       {"scan", "found", "check"},
	"work.classes":      {"friends", "card", "printer"},
	"work.patrons":      {"card", "check"},
	"work.privacy":      {"friends", "hourglass"},
	"work.year":         {"sun", "friends", "eye", "undo"},
	"work.overdue":      {"hourglass", "check", "printer"},
	"work.loans":        {"book-out", "check", "question", "undo"},
	"work.labels":       {"book", "eye", "printer", "check"},
	"work.stocks":       {"book-open", "keypad", "eye"},
	"work.posters":      {"hands", "calendar", "printer"},
	"work.scanners":     {"plug", "scan", "check", "question"},
	"work.printers":     {"plug", "printer", "hourglass", "again"},
	"work.holds":        {"friends", "check", "scan", "hourglass"},
	"work.targets":      {"eye", "friends", "printer", "check"},
	"work.plan":         {"calendar", "check", "printer"},
	"work.room":         {"calendar", "keypad", "full", "printer"},
	"work.rota":         {"calendar", "check", "wrench", "printer"},
	"work.activities":   {"book-open", "clock", "printer", "undo"},
	"work.stocktake":    {"book", "scan", "question", "undo"},
	"work.count":        {"found", "scan", "check"},
	"work.withdrawal":   {"question", "check", "printer", "undo"},
	"work.recall":       {"calendar", "printer", "scan", "undo"},
	"work.compensation": {"question", "give", "eye"},

	"work.policies":   {"book-out", "full", "eye", "undo"},
	"work.calendar":   {"calendar", "sun", "moon", "eye"},
	"work.timetable":  {"friends", "teacher", "clock"},
	"work.places":     {"book", "printer", "close", "book-in"},
	"work.school":     {"book-open", "scan"},
	"work.teams":      {"friends", "card", "printer"},
	"work.lists":      {"book-open", "eye", "check", "wrench"},
	"work.my_classes": {"friends", "clock"},
	"work.accounts":   {"teacher", "keypad", "close"},
	"work.backup":     {"check", "plug", "printer", "again"},
	"work.wishes":     {"bell", "check", "undo", "printer"},
	"work.registers":  {"book-open", "eye", "printer", "question"},
	"work.reports":    {"eye", "calendar", "printer"},
	"machines.title":  {"plug", "keypad", "close"},
}

// helpStep is a step of the help, with its picture.
type helpStep struct{ Icon, Text string }

// help is what the page at path says behind its "?"; nothing for a page that is
// not in the caller's menu.
func (s *Server) help(lang words.Lang, c caller, path string) []helpStep {
	_, here := s.placeIn(c, path)
	pictures := helpPictures[here.key]
	if len(pictures) == 0 {
		return nil
	}
	var steps []helpStep
	for i, text := range strings.Split(words.T(lang, "help."+here.key), "\n") {
		steps = append(steps, helpStep{pictures[min(i, len(pictures)-1)], text})
	}
	return steps
}
