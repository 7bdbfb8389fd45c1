// Package marc reads and writes MARC 21 records as libraries exchange them: in
// binary, ISO 2709 (.mrc), and as MARCXML (.xml). It knows records, fields and
// subfields, and not what they mean.
//
// Own code, because the one candidate that was looked for, freeeve/libcodex,
// could not be had when this was written; it was not compared with this. The two
// formats are small, and the tests read what is written here with YAZ.
package marc

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Record is one bibliographic record.
type Record struct {
	Leader string // 24 characters; written with the right lengths
	Fields []Field
}

// Field is a control field (001 to 009), which has data only, or one with
// indicators and subfields.
type Field struct {
	Tag        string
	Data       string
	Ind1, Ind2 byte
	Subfields  []Subfield
}

// Subfield is one part of a field.
type Subfield struct {
	Code  byte
	Value string
}

// The errors of a file that is no MARC 21, or not in UTF-8: who exports it can
// choose that.
var (
	ErrFormat   = errors.New("not a MARC 21 record")
	ErrEncoding = errors.New("a MARC record that is not in UTF-8")
)

const (
	endField  = 0x1E
	endRecord = 0x1D
	delimiter = 0x1F
	leaderLen = 24
	entryLen  = 12
)

// control reports whether a tag is of a control field.
func control(tag string) bool { return strings.HasPrefix(tag, "00") }

// Value is the first subfield with one of the codes, "" for none.
func (f Field) Value(codes string) string {
	for _, s := range f.Subfields {
		if strings.IndexByte(codes, s.Code) >= 0 {
			return s.Value
		}
	}
	return ""
}

// All are the record's fields with one of the tags, in their order.
func (r Record) All(tags ...string) (fs []Field) {
	for _, f := range r.Fields {
		for _, t := range tags {
			if f.Tag == t {
				fs = append(fs, f)
			}
		}
	}
	return fs
}

// First is the first field with the tag; a field without anything for none.
func (r Record) First(tag string) Field {
	if fs := r.All(tag); len(fs) > 0 {
		return fs[0]
	}
	return Field{}
}

// Binary reports whether data begins like ISO 2709: five digits of a length, and
// a leader whose address of data and entry map are numbers.
func Binary(data []byte) bool {
	if len(data) < leaderLen {
		return false
	}
	for _, i := range []int{0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 20, 21} {
		if data[i] < '0' || data[i] > '9' {
			return false
		}
	}
	return true
}

// Read reads all records of a file in either format.
func Read(data []byte) ([]Record, error) {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if Binary(data) {
		return readBinary(data)
	}
	return readXML(data)
}

func readBinary(data []byte) (all []Record, err error) {
	for n := 1; ; n++ {
		data = bytes.TrimLeft(data, " \r\n\x00\x1A")
		if len(data) == 0 {
			return all, nil
		}
		if !Binary(data) {
			return nil, fmt.Errorf("record %d: %w", n, ErrFormat)
		}
		size, _ := strconv.Atoi(string(data[:5]))
		if size < leaderLen+2 || size > len(data) || data[size-1] != endRecord {
			return nil, fmt.Errorf("record %d is cut short: %w", n, ErrFormat)
		}
		r, err := parse(data[:size])
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", n, err)
		}
		all = append(all, r)
		data = data[size:]
	}
}

// parse reads one record whose length is right.
func parse(b []byte) (Record, error) {
	r := Record{Leader: string(b[:leaderLen])}
	base, _ := strconv.Atoi(string(b[12:17]))
	if base < leaderLen+1 || base > len(b) || b[base-1] != endField {
		return r, ErrFormat
	}
	if !utf8.Valid(b) {
		return r, ErrEncoding
	}
	for at := leaderLen; at+entryLen < base; at += entryLen {
		e := b[at : at+entryLen]
		size, err1 := strconv.Atoi(string(e[3:7]))
		start, err2 := strconv.Atoi(string(e[7:12]))
		if err1 != nil || err2 != nil || size < 1 || start < 0 || base+start+size > len(b) {
			return r, ErrFormat
		}
		f := Field{Tag: string(e[:3])}
		data := bytes.TrimSuffix(b[base+start:base+start+size], []byte{endField})
		if control(f.Tag) {
			f.Data = string(data)
			r.Fields = append(r.Fields, f)
			continue
		}
		parts := bytes.Split(data, []byte{delimiter})
		f.Ind1, f.Ind2 = ' ', ' '
		if len(parts[0]) == 2 {
			f.Ind1, f.Ind2 = parts[0][0], parts[0][1]
		}
		for _, p := range parts[1:] {
			if len(p) > 0 {
				f.Subfields = append(f.Subfields, Subfield{p[0], string(p[1:])})
			}
		}
		r.Fields = append(r.Fields, f)
	}
	return r, nil
}

// WriteBinary writes records in ISO 2709. A record that is longer than the
// format allows (99,999 bytes) is an error.
func WriteBinary(w io.Writer, records []Record) error {
	for n, r := range records {
		var directory, data bytes.Buffer
		for _, f := range r.Fields {
			start := data.Len()
			if control(f.Tag) {
				data.WriteString(clean(f.Data))
			} else {
				data.WriteByte(f.Ind1)
				data.WriteByte(f.Ind2)
				for _, s := range f.Subfields {
					data.WriteByte(delimiter)
					data.WriteByte(s.Code)
					data.WriteString(clean(s.Value))
				}
			}
			data.WriteByte(endField)
			fmt.Fprintf(&directory, "%3.3s%04d%05d", f.Tag, data.Len()-start, start)
		}
		base := leaderLen + directory.Len() + 1
		size := base + data.Len() + 1
		if size > 99_999 || directory.Len()%entryLen != 0 {
			return fmt.Errorf("record %d is too long for ISO 2709", n+1)
		}
		leader := leaderOf(r)
		if _, err := fmt.Fprintf(w, "%05d%s%05d%s%s%c%s%c", size, leader[5:12], base, leader[17:24], directory.String(), endField, data.String(), endRecord); err != nil {
			return err
		}
	}
	return nil
}

// leaderOf is the record's leader, in UTF-8 and with the one directory that MARC
// 21 knows.
func leaderOf(r Record) string {
	l := fmt.Sprintf("%-24.24s", r.Leader)
	return "00000" + l[5:9] + "a22" + "00000" + l[17:20] + "4500"
}

// clean takes out the characters that mean something in ISO 2709.
func clean(s string) string {
	return strings.Map(func(c rune) rune {
		if c == endField || c == endRecord || c == delimiter {
			return ' '
		}
		return c
	}, s)
}

// The shape of MARCXML.
type (
	xmlRecord struct {
		Leader  string       `xml:"leader"`
		Control []xmlControl `xml:"controlfield"`
		Data    []xmlData    `xml:"datafield"`
	}
	xmlControl struct {
		Tag  string `xml:"tag,attr"`
		Data string `xml:",chardata"`
	}
	xmlData struct {
		Tag  string        `xml:"tag,attr"`
		Ind1 string        `xml:"ind1,attr"`
		Ind2 string        `xml:"ind2,attr"`
		Sub  []xmlSubfield `xml:"subfield"`
	}
	xmlSubfield struct {
		Code  string `xml:"code,attr"`
		Value string `xml:",chardata"`
	}
)

// Namespace is MARCXML's.
const Namespace = "http://www.loc.gov/MARC21/slim"

func readXML(data []byte) (all []Record, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			if len(all) == 0 {
				return nil, ErrFormat
			}
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local != "record" {
			continue
		}
		var x xmlRecord
		if err := d.DecodeElement(&x, &start); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		r := Record{Leader: x.Leader}
		for _, c := range x.Control {
			r.Fields = append(r.Fields, Field{Tag: c.Tag, Data: c.Data})
		}
		for _, f := range x.Data {
			field := Field{Tag: f.Tag, Ind1: first(f.Ind1), Ind2: first(f.Ind2)}
			for _, s := range f.Sub {
				field.Subfields = append(field.Subfields, Subfield{first(s.Code), s.Value})
			}
			r.Fields = append(r.Fields, field)
		}
		all = append(all, r)
	}
}

func first(s string) byte {
	if s == "" {
		return ' '
	}
	return s[0]
}

// WriteXML writes records as a MARCXML collection.
func WriteXML(w io.Writer, records []Record) error {
	var b bytes.Buffer
	b.WriteString(xml.Header + `<collection xmlns="` + Namespace + `">` + "\n")
	text := func(s string) {
		xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	}
	for _, r := range records {
		b.WriteString("<record>\n<leader>")
		text(leaderOf(r))
		b.WriteString("</leader>\n")
		for _, f := range r.Fields {
			if control(f.Tag) {
				b.WriteString(`<controlfield tag="` + f.Tag + `">`)
				text(f.Data)
				b.WriteString("</controlfield>\n")
				continue
			}
			fmt.Fprintf(&b, `<datafield tag="%s" ind1="%c" ind2="%c">`, f.Tag, f.Ind1, f.Ind2)
			for _, s := range f.Subfields {
				fmt.Fprintf(&b, `<subfield code="%c">`, s.Code)
				text(s.Value)
				b.WriteString("</subfield>")
			}
			b.WriteString("</datafield>\n")
		}
		b.WriteString("</record>\n")
	}
	b.WriteString("</collection>\n")
	_, err := w.Write(b.Bytes())
	return err
}
