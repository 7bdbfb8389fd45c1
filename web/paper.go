package web

import (
	"muontra/kiosk"
	"muontra/web/words"
)

// letterhead is the head and the foot of whatever is printed in the school's
// name: lists, minutes, registers. A page that prints puts one into its data and
// has, around its own heading and table,
//
//	{{template "paperhead" .Paper}}   the superior body, the school, place and date
//	{{template "papersign" .Paper}}   who signs, with the names that are known
//
// The names come from the settings page of the school; what is not known there
// is left out, or left to be written by hand.
type letterhead struct {
	Superior, School string
	Dated            string      // the line of place and date
	Signs            []signature // for the library, for the school
}

// signature is a block to sign under: what somebody is, how to sign, and the
// name where it is known.
type signature struct{ Role, How, Name string }

// letterheadOf reads the head, with the two who sign for the library and for the
// school.
func letterheadOf(v kiosk.View, lang words.Lang, today kiosk.Day) (letterhead, error) {
	c, err := kiosk.SchoolOf(v)
	h := letterhead{Superior: c.Superior, School: c.Name}
	key := "paper.dated"
	if c.Place == "" {
		key = "paper.day"
	}
	h.Dated = words.T(lang, key, "place", c.Place, "d", today.Day, "m", int(today.Month), "y", today.Year)
	head := c.Title
	if head == "" {
		head = words.T(lang, "paper.head")
	}
	h.Signs = []signature{
		{words.T(lang, "paper.librarian"), words.T(lang, "paper.sign"), c.Librarian},
		{head, words.T(lang, "paper.seal"), c.Management},
	}
	return h, err
}

// paperNow is the head of what is printed today.
func (s *Server) paperNow(v kiosk.View, lang words.Lang) (letterhead, error) {
	today, err := s.today(v)
	if err != nil {
		return letterhead{}, err
	}
	return letterheadOf(v, lang, today)
}
