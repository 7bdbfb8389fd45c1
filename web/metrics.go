package web

import (
	"fmt"
	"net/http"
	"runtime"
	"time"

	vm "github.com/VictoriaMetrics/metrics"

	"muontra/kiosk"
)

// buckets of a scan's time, in seconds: the goal is 50 ms with the disk's flush.
var buckets = []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5}

// metrics are the few figures that are worth watching, for Prometheus; names of
// people, codes and stations are never labels.
type metrics struct {
	set     *vm.Set
	seconds *vm.PrometheusHistogram // from an HTTP scan's arrival to its durable result
}

func newMetrics(version string, pages func() int) *metrics {
	if version == "" {
		version = "devel"
	}
	vm.ExposeMetadata(true)
	m := &metrics{set: vm.NewSet()}
	m.seconds = m.set.NewPrometheusHistogramExt("muontra_scan_seconds", buckets)
	m.set.NewGauge(fmt.Sprintf("muontra_build_info{goversion=%q,version=%q}", runtime.Version(), version), nil).Set(1)
	m.set.NewGauge("muontra_websocket_clients", func() float64 { return float64(pages()) })
	return m
}

// scanned counts a scan over HTTP by outcome and reason.
func (m *metrics) scanned(r kiosk.Result, took time.Duration) {
	m.set.GetOrCreateCounter(fmt.Sprintf("muontra_scans_total{outcome=%q,reason=%q}", r.Outcome, r.Reason)).Inc()
	m.seconds.Update(took.Seconds())
}

// Observe counts a committed event since the start, by type, of all stations and
// scanners.
func (s *Server) Observe(e kiosk.Event) {
	s.metrics.set.GetOrCreateCounter(fmt.Sprintf("muontra_events_total{type=%q}", e.Type)).Inc()
}

func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	s.metrics.set.WritePrometheus(w)
	return nil
}
