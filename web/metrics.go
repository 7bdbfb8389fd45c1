package web

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"muontra/kiosk"
)

// buckets of a scan's time, in seconds: the goal is 50 ms with the disk's flush.
var buckets = []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5}

// metrics are the few figures that are worth watching, in Prometheus' text form
// 0.0.4. Only scans that came by HTTP are timed here; names of people, codes
// and stations are never labels.
type metrics struct {
	version string
	pages   func() int

	mu     sync.Mutex
	scans  map[[2]string]uint64 // by outcome and reason
	counts []uint64             // by bucket, the last is +Inf
	sum    float64
}

func newMetrics(version string, pages func() int) *metrics {
	if version == "" {
		version = "devel"
	}
	return &metrics{version: version, pages: pages, scans: map[[2]string]uint64{}, counts: make([]uint64, len(buckets)+1)}
}

func (m *metrics) scanned(r kiosk.Result, took time.Duration) {
	i, _ := slices.BinarySearch(buckets, took.Seconds())
	m.mu.Lock()
	defer m.mu.Unlock()
	m.scans[[2]string{string(r.Outcome), string(r.Reason)}]++
	m.counts[i]++
	m.sum += took.Seconds()
}

func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write(s.metrics.text())
	return nil
}

func (m *metrics) text() []byte {
	var b bytes.Buffer
	head := func(name, kind, help string) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	head("muontra_build_info", "gauge", "The running version.")
	fmt.Fprintf(&b, "muontra_build_info{version=%s,goversion=%s} 1\n", quote(m.version), quote(runtime.Version()))
	head("muontra_websocket_clients", "gauge", "Pages that are connected.")
	fmt.Fprintf(&b, "muontra_websocket_clients %d\n", m.pages())

	m.mu.Lock()
	defer m.mu.Unlock()
	head("muontra_scans_total", "counter", "Scans over HTTP by outcome and reason.")
	for _, k := range slices.SortedFunc(maps.Keys(m.scans), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		fmt.Fprintf(&b, "muontra_scans_total{outcome=%s,reason=%s} %d\n", quote(k[0]), quote(k[1]), m.scans[k])
	}
	head("muontra_scan_seconds", "histogram", "Time from a scan's arrival to its durable result.")
	var n uint64
	for i, c := range m.counts {
		n += c
		le := "+Inf"
		if i < len(buckets) {
			le = strconv.FormatFloat(buckets[i], 'g', -1, 64)
		}
		fmt.Fprintf(&b, "muontra_scan_seconds_bucket{le=%q} %d\n", le, n)
	}
	fmt.Fprintf(&b, "muontra_scan_seconds_sum %g\nmuontra_scan_seconds_count %d\n", m.sum, n)
	return b.Bytes()
}

// quote writes a label's value.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
