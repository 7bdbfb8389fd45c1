package web

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"muontra/kiosk"
	"muontra/web/words"
)

// counted is the answer to one scan as the page shows it.
type counted struct {
	kiosk.Count
	Head, Text string
	Tone       string // of static/kiosk/sound.js
	Good       bool
}

func countedOf(l words.Lang, c kiosk.Count) counted {
	k := "count." + string(c.Outcome)
	x := counted{Count: c, Good: c.Outcome.Good(), Tone: "good"}
	x.Head = words.T(l, k, "place", c.PlaceName, "belongs", c.Belongs, "met", c.Met, "of", len(c.Members))
	if words.Has(l, k+".text") {
		x.Text = words.T(l, k+".text", "place", c.PlaceName, "belongs", c.Belongs)
	}
	if left := words.SetLeft(l, c, len(c.Members)); left != "" {
		x.Text = left + " " + x.Text
	}
	if c.Reserved {
		x.Text = strings.TrimSpace(x.Text + " " + words.T(l, "copy.kept_next"))
	}
	switch {
	case !x.Good:
		x.Tone = "wait"
	case c.Outcome == kiosk.CountAgain, c.Outcome == kiosk.CountPlace:
		x.Tone = "info"
	}
	if c.Belongs != "" && c.Outcome != kiosk.CountMisplaced {
		x.Text = strings.TrimSpace(x.Text + " " + words.T(l, "count.belongs", "belongs", c.Belongs))
	}
	return x
}

// mostCounted is how many answers stay on the page.
const mostCounted = 8

// countList keeps what each sign-in has counted, newest first: for a page
// without scripts, and for one that is opened again.
type countList struct {
	mu  sync.Mutex
	all map[[32]byte][]kiosk.Count
}

func newCountList() *countList { return &countList{all: map[[32]byte][]kiosk.Count{}} }

func (l *countList) of(who *signedIn) []kiosk.Count {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all[who.key])
}

func (l *countList) add(who *signedIn, c kiosk.Count) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.all) > maxSignedIn {
		clear(l.all)
	}
	list := append([]kiosk.Count{c}, l.all[who.key]...)
	l.all[who.key] = list[:min(len(list), mostCounted)]
}

// takeOf is the stocktake that a page of the counting is about: the one that is
// named, or the only open one.
func takeOf(v kiosk.View, want kiosk.ID) (take kiosk.Stocktake, open []kiosk.Stocktake, err error) {
	all, err := v.Stocktakes()
	if err != nil {
		return take, nil, err
	}
	for _, s := range all {
		if s.Open() {
			open = append(open, s)
		}
		if s.Open() && s.ID == want {
			take = s
		}
	}
	if take.ID == "" && len(open) == 1 {
		take = open[0]
	}
	return take, open, nil
}

// countPage is the box into which books are scanned while the stock is counted.
func (s *Server) countPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	lang := s.lang(r)
	var take kiosk.Stocktake
	var open []kiosk.Stocktake
	var places []choice
	data := map[string]any{"F": newForm("place", q.Get("place"))}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if take, open, err = takeOf(v, kiosk.ID(q.Get("stocktake"))); err != nil || take.ID == "" {
			return err
		}
		_, _, all, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		places = append(places, choice{"", words.T(lang, "count.no_place")})
		for _, p := range all {
			if take.Holds(p.ID) && !p.Closed {
				places = append(places, choice{string(p.ID), placeText(p)})
			}
		}
		met, of, err := v.StockProgress(take.ID)
		data["Met"], data["Of"] = met, of
		return err
	})
	if err != nil {
		return err
	}
	var last []counted
	for _, c := range s.counts.of(callerOf(r).account) {
		last = append(last, countedOf(lang, c))
	}
	if len(last) > 0 {
		data["Last"], data["Before"] = last[0], last[1:]
	}
	data["Take"], data["Open"], data["Places"], data["Conditions"] = take, open, places, choices(lang, "copy.condition.", kiosk.Conditions)
	data["Camera"], data["Mine"] = s.Pictures != nil, callerOf(r).is(kiosk.Librarian)
	s.deskPage(w, r, http.StatusOK, "count.html", data)
	return nil
}

// backToCount is the counting page as it was.
func backToCount(take, place string) string {
	return countPath + "?" + url.Values{"stocktake": {take}, "place": {place}}.Encode()
}

// count takes one scan. A page with a script asks for the answer alone.
func (s *Server) count(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	scan := kiosk.CountScan{Stocktake: kiosk.ID(f.Get("stocktake")), Place: kiosk.ID(f.Get("place")), Code: f.Get("code"), Condition: kiosk.Condition(f.Get("condition"))}
	if r.Header.Get("Muontra-Part") != "" {
		return s.countPart(w, r, scan, f.Token)
	}
	to := backToCount(f.Get("stocktake"), f.Get("place"))
	if scan.Code == "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		c, err := s.Stocktaking.CountCopy(r.Context(), a, scan)
		if err != nil {
			return "", err
		}
		s.counts.add(callerOf(r).account, c)
		return backToCount(f.Get("stocktake"), string(c.Place)), nil
	}, s.refused(w, r, f, to))
}

// countPart counts and answers with the part of the page that changes. A scan
// that is sent again under its id is counted once.
func (s *Server) countPart(w http.ResponseWriter, r *http.Request, scan kiosk.CountScan, id string) error {
	if id == "" || !short(id, 64) || scan.Code == "" {
		return errBadBody
	}
	who, lang := callerOf(r).account, s.lang(r)
	sum := sha256.Sum256([]byte(strings.Join([]string{string(scan.Stocktake), string(scan.Place), scan.Code, string(scan.Condition)}, "\n")))
	c, err := s.Stocktaking.CountCopy(r.Context(), kiosk.Attempt{Station: kiosk.DefaultStation, Staff: who.id, CommandID: "count-" + id, Body: hex.EncodeToString(sum[:])}, scan)
	if err != nil {
		text, known := explained(lang, err)
		if !known {
			if errors.Is(err, kiosk.ErrNotFound) {
				return errNotFound
			}
			return err
		}
		s.page(w, r, http.StatusUnprocessableEntity, "countrefused", map[string]any{"Text": text})
		return nil
	}
	s.counts.add(who, c)
	s.page(w, r, http.StatusOK, "countanswer", map[string]any{
		"Last": countedOf(lang, c), "Stocktake": scan.Stocktake, "Once": id + "-", "Conditions": choices(lang, "copy.condition.", kiosk.Conditions),
	})
	return nil
}

// countPicture reads the barcode in a phone's picture and counts it.
func (s *Server) countPicture(w http.ResponseWriter, r *http.Request) error {
	if s.Pictures == nil {
		return errNotFound
	}
	select {
	case s.receiving <- struct{}{}:
		defer func() { <-s.receiving }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	q := r.URL.Query()
	take, place := q.Get("stocktake"), q.Get("place")
	b, id, err := readPicture(w, r)
	if err != nil {
		return err
	}
	code, err := s.barcodeIn(r.Context(), b)
	if err != nil {
		p, known := asProblem(err)
		if !known || p == errUnavailable {
			return err
		}
		text := words.T(s.lang(r), "error."+p.code)
		if r.Header.Get("Muontra-Part") != "" {
			s.page(w, r, http.StatusUnprocessableEntity, "countrefused", map[string]any{"Text": text})
			return nil
		}
		s.memory.put(callerOf(r).account, &said{page: countPath, key: "form.refused", pairs: []any{"why", text}, bad: true})
		http.Redirect(w, r, backToCount(take, place), http.StatusSeeOther)
		return nil
	}
	scan := kiosk.CountScan{Stocktake: kiosk.ID(take), Place: kiosk.ID(place), Code: code}
	if r.Header.Get("Muontra-Part") != "" {
		return s.countPart(w, r, scan, id)
	}
	f := newForm("picture", code)
	f.Token, f.Button = id, true
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		c, err := s.Stocktaking.CountCopy(r.Context(), a, scan)
		if err != nil {
			return "", err
		}
		s.counts.add(callerOf(r).account, c)
		return backToCount(take, string(c.Place)), nil
	}, s.refused(w, r, f, backToCount(take, place)))
}

// uncount takes the last scan back.
func (s *Server) uncount(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to := backToCount(f.Get("stocktake"), f.Get("place"))
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		err := s.Stocktaking.Uncount(r.Context(), a, kiosk.ID(f.Get("stocktake")), kiosk.ID(f.Get("copy")))
		if err != nil {
			return "", err
		}
		s.done(r, countPath, nil, "count.taken_back")
		return to, nil
	}, s.refused(w, r, f, to))
}

// maxMemoryFile is the largest file of a memory scanner, in bytes.
const maxMemoryFile = 2 << 20

var (
	errNoFile    = errors.New("no file was chosen")
	errLargeFile = errors.New("the file is too large for a memory scanner's")
)

// countFile takes the file of a memory scanner.
func (s *Server) countFile(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxMemoryFile+64<<10)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		if p, known := asProblem(err); known {
			return p
		}
		return errBadBody
	}
	defer r.MultipartForm.RemoveAll()
	f := newForm("place", r.FormValue("place"))
	f.Token = r.FormValue("token")
	to := stocktakePath + "/" + r.PathValue("id")
	var lines [][]string
	file, _, err := r.FormFile("file")
	if err == nil {
		defer file.Close()
		var b []byte
		if b, err = io.ReadAll(io.LimitReader(file, maxMemoryFile+1)); err == nil {
			lines, err = memoryLines(b)
			sum := sha256.Sum256(b)
			f.Values.Set("file", hex.EncodeToString(sum[:]))
		}
	} else if errors.Is(err, http.ErrMissingFile) {
		err = errNoFile
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err != nil {
			return "", err
		}
		take := kiosk.ID(r.PathValue("id"))
		done, err := s.Stocktaking.CountFile(r.Context(), a, take, kiosk.ID(f.Get("place")), lines)
		if err != nil {
			return "", err
		}
		q := url.Values{"file": {"yes"}}
		for o, n := range done.Outcomes {
			q.Set("n_"+string(o), strconv.Itoa(n))
		}
		var back func(context.Context, kiosk.Attempt) error
		if len(done.Met)+len(done.Strays) > 0 {
			back = func(ctx context.Context, a kiosk.Attempt) error { return s.Stocktaking.UncountFile(ctx, a, take, done) }
		}
		s.done(r, to, back, "stock.file_done", "n", done.Codes)
		return to + "?" + q.Encode(), nil
	}, s.refused(w, r, f, to))
}

// memoryLines reads what memory scanners write: a code a line, alone or between
// commas, semicolons or tabs with a day, a time or a quantity.
func memoryLines(b []byte) (lines [][]string, err error) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	in := bufio.NewScanner(bytes.NewReader(bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))))
	for in.Scan() {
		fields := strings.FieldsFunc(in.Text(), func(r rune) bool { return r == ',' || r == ';' || r == '\t' })
		for i := range fields {
			fields[i] = strings.Trim(strings.TrimSpace(fields[i]), `"'`)
		}
		if strings.TrimSpace(in.Text()) != "" {
			lines = append(lines, fields)
		}
		if len(lines) > kiosk.MostCodes {
			return nil, errLargeFile
		}
	}
	if in.Err() != nil || len(b) > maxMemoryFile {
		return nil, errLargeFile
	}
	return lines, nil
}
