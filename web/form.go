package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// maxForm is the largest form: the fields' own bounds are far below, but a
// form that is refused comes back with all that was typed.
const maxForm = 512 << 10

// form is what somebody has typed into a page, and what is wrong with it.
type form struct {
	Values  url.Values
	Token   string            // makes sending the form twice harmless
	Trouble string            // a sentence about the whole
	Wrong   map[string]string // sentences by field
	// Button is a form without anything to type: one page has several of them,
	// with one token, and what they ask tells them apart.
	Button bool

	facts  map[string]kiosk.Facts // of what is wrong, by field
	others map[string]*otherValue // see stale.go
	sent   *string                // the stamp that came with it
	say    func(field, value string) string
}

// Get is what was typed into a field.
func (f *form) Get(name string) string { return f.Values.Get(name) }

// Err is what is wrong with a field, "" for nothing.
func (f *form) Err(name string) string { return f.Wrong[name] }

// Is reports whether a field has a value: for choices.
func (f *form) Is(name, value string) bool { return f.Values.Get(name) == value }

// newForm is a form that is shown for the first time, with what stands in it;
// pairs are fields and values.
func newForm(pairs ...string) *form {
	f := &form{Values: url.Values{}, Token: rand.Text(), Wrong: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// sentForm reads a form that was sent. Texts are composed letters without
// spaces around them; a line break stays one.
func sentForm(w http.ResponseWriter, r *http.Request) (*form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if p, known := asProblem(err); known {
			return nil, p
		}
		return nil, errBadBody
	}
	f := newForm()
	for name, list := range r.PostForm {
		for _, v := range list {
			f.Values.Add(name, tidy(v))
		}
	}
	f.Token = f.Get("token")
	return f, nil
}

// sentButton reads a form that is a button only.
func sentButton(w http.ResponseWriter, r *http.Request) (*form, error) {
	f, err := sentForm(w, r)
	if err == nil {
		f.Button = true
	}
	return f, err
}

func tidy(s string) string {
	lines := strings.Split(strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = fold.NFC(l)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// The errors of a form beside those of the acts.
var (
	errForm     = errors.New("the form has faults") // they stand in the form already
	errFormSent = errors.New("the form was sent before with other values")
)

// whole reads a whole number; an empty field is missing's value. Thousands may
// be set apart when points is true, as prices are written: 25.000.
func (f *form) whole(field string, missing int64, points bool) int64 {
	v := f.Get(field)
	if points {
		v = words.Amount(v)
	}
	if v == "" {
		return missing
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		f.Wrong[field] = "number"
	}
	return n
}

// decimalText is a number as people write one.
var decimalText = regexp.MustCompile(`^[+-]?[0-9]{1,12}([.,][0-9]{1,9})?$`)

// length reads a length or factor, with a comma or a point.
func (f *form) length(field string) float64 {
	v := f.Get(field)
	if !decimalText.MatchString(v) { // ParseFloat also takes 1e9, 0x1p4 and NaN
		f.Wrong[field] = "length"
		return 0
	}
	n, err := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
	if err != nil {
		f.Wrong[field] = "length"
	}
	return n
}

// sentences are all that is wrong with the fields, each named by what was typed.
func (f *form) sentences() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(f.Wrong)) {
		text := f.Wrong[name]
		if v := f.Get(name); v != "" {
			text = "“" + cut(v, 40) + "”: " + text
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// cut is the beginning of a text, of at most so many letters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// act does once what a form asks, however often it is sent, and goes on to the
// page that fn names. What is refused with words is shown by again, in the form
// as it was typed.
func (s *Server) act(w http.ResponseWriter, r *http.Request, f *form, fn func(kiosk.Attempt) (string, error), again func(status int) error) error {
	if f.Token == "" || !short(f.Token, 64) {
		return errBadBody
	}
	who := callerOf(r).account
	sum := sha256.Sum256([]byte(r.URL.Path + "?" + f.Values.Encode()))
	key, command := string(who.key[:])+r.URL.Path+f.Token, "form-"+f.Token
	if f.Button {
		key += string(sum[:])
		command += "-" + hex.EncodeToString(sum[:8])
	}
	to, err := s.once.do(key, sum, func() (string, error) {
		if len(f.Wrong) > 0 {
			return "", errForm
		}
		return fn(kiosk.Attempt{
			Station: kiosk.DefaultStation, Staff: who.id,
			CommandID: command, Body: hex.EncodeToString(sum[:]),
		})
	})
	if err == nil {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	if !s.explain(s.lang(r), f, err) {
		return err
	}
	f.Token = rand.Text()
	return again(http.StatusUnprocessableEntity)
}

// explain puts what an error says into the form, in words; false for an error
// that has none.
func (s *Server) explain(l words.Lang, f *form, err error) bool {
	for name, code := range f.Wrong {
		if words.Has(l, "field."+code) {
			f.Wrong[name] = words.Fact(l, "field."+code, f.facts[name])
		}
	}
	if errors.Is(err, errForm) {
		f.Trouble = words.T(l, "form.look")
		return true
	}
	if errors.Is(err, errStale) {
		f.Trouble = words.T(l, "form.stale")
		return true
	}
	var field *kiosk.FieldError
	if errors.As(err, &field) {
		f.Wrong[field.Field] = words.Fact(l, "field."+string(field.Problem), field.Facts)
		f.Trouble = words.T(l, "form.look")
		return true
	}
	text, known := explained(l, err)
	f.Trouble = text
	if beside := (*besideError)(nil); known && errors.As(err, &beside) {
		f.Wrong[beside.field] = strings.ToUpper(first(text)) + text[len(first(text)):] // in the bar it stands behind a colon
		f.Trouble = words.T(l, "form.look")
	}
	return known
}

// first is the first letter of a text.
func first(text string) string {
	_, n := utf8.DecodeRuneInString(text)
	return text[:n]
}

// besideError is an error whose sentence stands beside the field that it is about.
type besideError struct {
	field string
	error
}

func (e *besideError) Unwrap() error { return e.error }

// atField is an error of an act, told beside the one field that the act was asked by.
// What is no fault of what was typed is told of the whole.
func atField(field string, err error) error {
	for _, whole := range []error{nil, kiosk.ErrBusy, context.DeadlineExceeded, errBadBody, kiosk.ErrUsedID, kiosk.ErrConflict} {
		if errors.Is(err, whole) {
			return err
		}
	}
	return &besideError{field, err}
}

// toldError is a refusal that has words of its own.
type toldError struct {
	key   string
	pairs []any
}

func (e *toldError) Error() string { return e.key }

// told is a refusal beside a field, in words.
func told(field, key string, pairs ...any) error {
	return &besideError{field, &toldError{key, pairs}}
}

// shownAt is the request as if it had asked for another page of the desk: a form that
// is refused is shown in the page that holds it, whose menu and lists lead on from there.
func shownAt(r *http.Request, path, query string) *http.Request {
	at := r.WithContext(r.Context())
	at.URL = &url.URL{Path: path, RawQuery: query}
	return at
}
