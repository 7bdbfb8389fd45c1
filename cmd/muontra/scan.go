package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"muontra/kiosk"
)

// defaultListen is where the daemon listens and where scan looks for it.
const defaultListen = "127.0.0.1:7373"

// lanListen is the address for other machines of the school, where the librarian
// lets them in.
const lanListen = "0.0.0.0:7443"

// scanCommand sends each code as a scanner would; one line a scan on stdout:
// CODE<TAB>OUTCOME<TAB>message. With --json a result a line.
func scanCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("scan")
	base := f.String("url", "http://"+defaultListen, "the daemon's address")
	station := f.String("station", kiosk.DefaultStation, "the station")
	asJSON := f.Bool("json", false, "print each result as JSON")
	codes, code, ok := e.parse(f, args)
	if !ok {
		return code
	}
	if len(codes) == 0 {
		return e.usage(sentence("scan_none"))
	}
	u, err := url.Parse(*base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return e.usage(sentence("bad_url", *base))
	}
	target := u.JoinPath("api/v1/stations", *station, "scans").String()
	client := &http.Client{Timeout: 15 * time.Second}
	for _, c := range codes {
		raw, r, s := postScan(ctx, client, target, c, e.lang)
		if s != nil {
			return e.fail(*s)
		}
		if *asJSON {
			fmt.Fprintf(e.stdout, "%s\n", raw)
			continue
		}
		fmt.Fprintf(e.stdout, "%s\t%s\t%s\n", oneLine(c), r.Outcome, oneLine(r.Message))
	}
	return exitDone
}

// postScan sends one code; what went wrong comes back as a sentence.
func postScan(ctx context.Context, client *http.Client, target, code, lang string) (raw []byte, r kiosk.Result, problem *said) {
	if !utf8.ValidString(code) {
		return nil, r, wrong("scan_refused", code, "invalid UTF-8")
	}
	body, err := json.Marshal(map[string]string{"code": code})
	if err != nil {
		return nil, r, wrong("failed", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, r, wrong("bad_url", target)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", lang)
	res, err := client.Do(req)
	if err != nil {
		return nil, r, wrong("no_daemon", target, err)
	}
	defer res.Body.Close()
	raw, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, r, wrong("no_daemon", target, err)
	}
	if res.StatusCode != http.StatusOK {
		var problem struct {
			Error struct{ Code, Message string } `json:"error"`
		}
		why := res.Status
		if json.Unmarshal(raw, &problem) == nil && problem.Error.Message != "" {
			why = problem.Error.Code + ": " + problem.Error.Message
		}
		return nil, r, wrong("scan_refused", code, why)
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, r, wrong("no_daemon", target, err)
	}
	return bytes.TrimSpace(raw), r, nil
}

// oneLine keeps a text on its line and in its column.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, s)
}
