package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the bare commit is measured on the same driver

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// BenchmarkScanOverHTTP reports how long a durable checkout and return take
// over HTTP on the loopback address (p50, p99), for one caller and for 64 at
// once, beside a bare durable commit on the same disk in the same run. The goal
// is a p99 of 50 ms; ratio is p50 over the bare commit's p50.
func BenchmarkScanOverHTTP(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			names := make([]string, 0, callers)
			for i := range callers {
				names = append(names, fmt.Sprintf("s%d", i))
			}
			p := startProgram(b, programConfig{stations: names})
			w := kiosktest.NewWorld(b, p.store, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
			for i := range callers {
				w.Patron(kiosk.Pupil, fmt.Sprintf("HS%03d", i), "Mẫu Văn An", "3A", 3)
				w.Copy(fmt.Sprintf("A%03d", i), "Truyện mẫu", kiosk.Children, "")
				w.Copy(fmt.Sprintf("B%03d", i), "Truyện mẫu", kiosk.Children, "")
			}
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
			bare := bareCommit(b)
			var mu sync.Mutex
			var took, alone []float64
			for b.Loop() {
				// Interleaved: a bare commit, then a round of scans.
				alone = append(alone, bare())
				var wg sync.WaitGroup
				for i := range callers {
					wg.Go(func() {
						url := fmt.Sprintf("%s/api/v1/stations/s%d/scans", p.URLs()[0], i)
						// Two books in turn, so that no scan is a double one: out, out, back, back.
						for _, code := range []string{"HS", "A", "B", "A", "B"} {
							ms, r := postOne(b, client, url, fmt.Sprintf("%s%03d", code, i))
							if code == "HS" {
								continue
							}
							if r.Outcome != kiosk.CheckedOut && r.Outcome != kiosk.Returned {
								b.Errorf("%+v", r)
								return
							}
							mu.Lock()
							took = append(took, ms)
							mu.Unlock()
						}
						postOne(b, client, url, "%FINISH")
					})
				}
				wg.Wait()
				if b.Failed() {
					b.FailNow()
				}
			}
			p50 := report(b, took, "ms")
			b.ReportMetric(p50/report(b, alone, "bare-ms"), "ratio")
		})
	}
}

func postOne(b *testing.B, client *http.Client, url, code string) (ms float64, r kiosk.Result) {
	body, err := json.Marshal(map[string]string{"code": code})
	if err != nil {
		b.Error(err)
		return 0, r
	}
	start := time.Now()
	res, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return 0, r
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	ms = float64(time.Since(start).Microseconds()) / 1000
	if err == nil {
		err = json.Unmarshal(answer, &r)
	}
	if err != nil {
		b.Error(err)
	}
	return ms, r
}

// bareCommit makes a function that writes one row durably and says how long it
// took, in milliseconds.
func bareCommit(b *testing.B) func() float64 {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT"); err != nil {
		b.Fatal(err)
	}
	return func() float64 {
		start := time.Now()
		tx, err := db.BeginTx(context.Background(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := tx.Exec("INSERT INTO t (v) VALUES ($1)", "one loan"); err != nil {
			b.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
		return float64(time.Since(start).Microseconds()) / 1000
	}
}
