package exchange

import (
	"fmt"
	"strconv"
)

// Code names why a row was refused or a file cannot be read.
type Code string

// Why a row is wrong.
const (
	Missing        Code = "missing"          // the cell must not be empty
	TooLong        Code = "too_long"         // facts: limit
	BadDate        Code = "bad_date"         // facts: value
	BadSpan        Code = "bad_span"         // an end before its beginning, or a loan in the future; facts: value
	BadNumber      Code = "bad_number"       // facts: value
	BadCode        Code = "bad_code"         // cannot be a barcode; facts: value
	CommandCode    Code = "command_code"     // the barcode of a command; facts: value
	BadISBN        Code = "bad_isbn"         // facts: value
	BadName        Code = "bad_name"         // facts: value
	BadClass       Code = "bad_class"        // facts: value
	ClassIsDate    Code = "class_is_date"    // the spreadsheet program has made a date of the class's name
	UnknownWord    Code = "unknown_word"     // facts: value
	Duplicate      Code = "duplicate"        // the same code stands in an earlier row; facts: value, row
	CodeInUse      Code = "code_in_use"      // a card's, copy's, set's or place's; facts: value
	OtherPatron    Code = "other_patron"     // card and sector code point to two patrons, or the card is another child's
	OtherTitle     Code = "other_title"      // the copy with this code is of another title; facts: value, title
	OtherCopy      Code = "other_copy"       // barcode and accession number point to two copies; facts: value
	OnLoan         Code = "on_loan"          // a copy on loan cannot be lost, withdrawn or in repair
	ByReceipt      Code = "by_receipt"       // the status of a copy in processing is changed by its steps
	UnknownPatron  Code = "unknown_patron"   // facts: value
	UnknownCopy    Code = "unknown_copy"     // facts: value
	LentToOther    Code = "lent_to_other"    // the copy has an open loan to somebody else
	NotLendable    Code = "not_lendable"     // the copy is lost, withdrawn, ...; facts: value
	OtherLoan      Code = "other_loan"       // the loan id is that of another loan; facts: value
	CodeTooCommon  Code = "ambiguous"        // more than one patron fits; facts: value
	NumbersAreGone Code = "no_number_left"   // a series has no free code
	ChangedSince   Code = "changed_meantime" // somebody else wrote the same code just now
)

// Problem is why a row is wrong.
type Problem struct {
	Column Column // "" when the whole row is meant
	Code   Code
	Facts  map[string]string
}

// Text is the reason in words.
func (p Problem) Text(l Lang) string {
	facts := p.Facts
	if p.Code == NotLendable {
		facts = map[string]string{"value": valueWord(l, "copy_status", facts["value"])}
	}
	return say(l, "problem."+string(p.Code), facts)
}

// wrong makes a problem; facts are pairs of a name and a value.
func wrong(c Column, code Code, facts ...string) *Problem {
	p := &Problem{Column: c, Code: code}
	for i := 0; i+1 < len(facts); i += 2 {
		if p.Facts == nil {
			p.Facts = map[string]string{}
		}
		p.Facts[facts[i]] = shorten(facts[i+1])
	}
	return p
}

// shorten keeps a file's own text from flooding a message.
func shorten(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

// Why a file cannot be read or a plan cannot be made.
const (
	FileEmpty     Code = "empty"
	FileTooBig    Code = "too_big"    // facts: limit
	FileOld       Code = "old_xls"    // .xls, or a workbook with a password
	FileOther     Code = "other_kind" // nothing that can be read
	FileMARC      Code = "marc"       // MARC that is broken; facts: error
	FileMARCText  Code = "marc_text"  // MARC that is not in UTF-8
	FileTitles    Code = "marc_only"  // MARC is for titles only
	FileBroken    Code = "broken"     // facts: error
	FileNoHeader  Code = "no_header"  // facts: sought, sheets
	FileManyRows  Code = "many_rows"  // facts: limit
	FileNoRows    Code = "no_rows"
	FileBadYear   Code = "bad_year" // facts: value
	FileBadEnding Code = "bad_ending"
)

// FileError says why a file as a whole cannot be used, and what to do.
type FileError struct {
	Code  Code
	Facts map[string]string
	Err   error // the cause, when there is one
}

// Error is the English text: what went wrong, and what to do.
func (e *FileError) Error() string { return e.Text(English) }

// Unwrap is the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Text is the error in words.
func (e *FileError) Text(l Lang) string {
	facts := e.Facts
	if e.Code == FileNoHeader {
		facts = map[string]string{"sheets": facts["sheets"], "sought": say(l, "sought."+facts["sought"], nil)}
	}
	return say(l, "file."+string(e.Code), facts)
}

func fileError(code Code, facts ...string) *FileError {
	e := &FileError{Code: code}
	for i := 0; i+1 < len(facts); i += 2 {
		if e.Facts == nil {
			e.Facts = map[string]string{}
		}
		e.Facts[facts[i]] = facts[i+1]
	}
	return e
}

func limitFact(n int) string { return strconv.Itoa(n) }

// Line is one line about a wrong item, for a terminal: where, which column, why.
func (it Item) Line(l Lang) string {
	if it.Problem == nil {
		return ""
	}
	where := say(l, "line.row", map[string]string{"row": strconv.Itoa(it.Row)})
	if it.Sheet != "" {
		where = say(l, "line.sheet_row", map[string]string{"sheet": it.Sheet, "row": strconv.Itoa(it.Row)})
	}
	if it.Header == "" {
		return fmt.Sprintf("%s: %s", where, it.Problem.Text(l))
	}
	col := say(l, "line.column", map[string]string{"column": it.Header})
	return fmt.Sprintf("%s, %s: %s", where, col, it.Problem.Text(l))
}
