package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// What a frame of the public screen may hold, by its path; contract.md names the
// fields, and beside them stand words and pictures made of them. Whoever adds a
// field here puts it on a screen that everybody sees.
var frameFields = []string{
	"can_undo", "devices", "devices.connected", "devices.kind", "devices.name", "ends_at", "limit", "left", "loans", "now", "on_site", "patron", "patron.category",
	"patron.class", "patron.name", "patron.picture", "phase", "result", "seq", "service", "service.day", "service.open", "service.break_ends_at", "service.today",
	"service.today.grades", "service.today.teachers", "station", "today_text",
}

// The websocket of a public screen, through a break with everything in it, with
// the real program: no field beyond the contract, no name but the given one of
// who stands there, nothing of anybody else, and nothing once the session has
// ended (A17). The frames themselves are read.
func TestFramesCarryOnlyTheContract(t *testing.T) {
	data := t.TempDir()
	var secrets []string
	withFolder(t, data, func(st *store.Store) {
		w := kiosktest.NewWorld(t, st, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
		for i, name := range []string{"Mẫu Trần Zạch", "Mẫu Lê Quých"} {
			p := w.Patron(kiosk.Teacher, fmt.Sprintf("HS%d", i), name, "", 0)
			p.BirthDate, p.SectorCode = kiosk.Day{Year: 1987, Month: 3, Day: 9 + i}, fmt.Sprintf("79123456%d", i)
			mustDo(t, st.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutPatron(p) }))
			secrets = append(secrets, name, strings.TrimSuffix(name, " "+name[strings.LastIndex(name, " ")+1:]), p.BirthDate.String(), p.SectorCode, string(p.ID), string(p.Ref))
		}
		for _, c := range []string{"S1", "S2", "S3"} {
			w.Copy(c, "Sách mẫu "+c, kiosk.Children, "")
		}
	})
	d := startDaemon(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(d.url, "http")+"/ws/stations/desk", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	frames := make(chan string, 1000)
	go func() {
		defer close(frames)
		for {
			_, b, err := conn.ReadMessage()
			if err != nil {
				return
			}
			frames <- string(b)
		}
	}()
	// What each scan may show of the two, by their given names.
	var last kiosk.Result
	script := []struct{ code, may string }{
		{"HS1", "Quých"}, {"S2", "Quých"}, {"S3", "Quých"}, {"%FINISH", ""},
		{"HS0", "Zạch"}, {"S1", "Zạch"}, {"S2", "Zạch"}, {"4711", "Zạch"}, {"%HELP", "Zạch"}, {"%RENEW", "Zạch"}, {"%UNDO", "Zạch"}, {"%FINISH", ""},
		{"S3", ""}, {"S1", ""},
	}
	seen, fields := 0, map[string]bool{}
	for _, s := range script {
		last = d.scan("desk", s.code)
		for {
			var raw string
			select {
			case raw = <-frames:
			case <-time.After(2 * time.Minute):
				t.Fatalf("no frame for %s", s.code)
			}
			seen++
			var f struct{ Seq int64 }
			if err := json.Unmarshal([]byte(raw), &f); err != nil {
				t.Fatal(err)
			}
			if f.Seq < last.Seq {
				continue // a picture of before
			}
			for _, name := range []string{"Zạch", "Quých"} {
				if name != s.may && strings.Contains(raw, name) {
					t.Errorf("after %s the screen names %s: %s", s.code, name, raw)
				}
			}
			for _, x := range secrets {
				if strings.Contains(raw, x) {
					t.Errorf("after %s the screen holds %q: %s", s.code, x, raw)
				}
			}
			if s.code == "S2" && s.may == "Zạch" && strings.Contains(raw, "Sách mẫu S3") {
				t.Errorf("the screen names another's book: %s", raw)
			}
			var all map[string]any
			if err := json.Unmarshal([]byte(raw), &all); err != nil {
				t.Fatal(err)
			}
			pathsOf("", all, fields)
			break
		}
	}
	for _, f := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(frameFields, f) && !allowedBelow(f) {
			t.Errorf("a frame holds %q, which contract.md does not name", f)
		}
	}
	if seen < len(script) || len(fields) < 20 {
		t.Errorf("%d frames with %d fields: nothing was looked at", seen, len(fields))
	}
}

// allowedBelow are a loan, a copy and the words of a result, wherever they stand.
func allowedBelow(path string) bool {
	below, ok := strings.CutPrefix(path, "result.")
	if !ok {
		below, ok = strings.CutPrefix(path, "loans.")
	}
	below = strings.TrimPrefix(below, "loans.")
	below = strings.TrimPrefix(below, "loan.")
	below = strings.TrimPrefix(below, "copy.")
	return ok && slices.Contains([]string{
		"barcode", "accession", "title", "call_number", "place", "id", "copy", "checked_out_at", "due_on", "due_text", "renewals", "overdue",
		"seq", "event_seq", "code", "kind", "outcome", "reason", "message", "refusals", "refusals.reason", "refusals.facts", "notes", "notes.code", "notes.facts", "may_override", "loan", "loans", "patron",
		"patron.name", "patron.class", "patron.category", "patron.picture",
		"card", "card.tone", "card.icon", "card.head", "card.title", "card.text", "card.hint", "card.notes", "card.sound",
	}, below)
}

func pathsOf(at string, v any, into map[string]bool) {
	switch x := v.(type) {
	case map[string]any:
		for k, below := range x {
			p := strings.TrimPrefix(at+"."+k, ".")
			into[p] = true
			pathsOf(p, below, into)
		}
	case []any:
		for _, below := range x {
			pathsOf(at, below, into)
		}
	}
}
