package web

import (
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"muontra/kiosk"
)

// buckets of a scan's time, in seconds: the goal is 50 ms with the disk's flush.
var buckets = []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5}

// metrics are the few figures that are worth watching, for Prometheus; names of
// people, codes and stations are never labels.
type metrics struct {
	registry *prometheus.Registry
	acts     *prometheus.CounterVec
	scans    *prometheus.CounterVec
	seconds  prometheus.Histogram
	handler  http.Handler
}

func newMetrics(version string, pages func() int) *metrics {
	if version == "" {
		version = "devel"
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		acts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "muontra_events_total", Help: "Committed events since the start, by type; all stations and scanners.",
		}, []string{"type"}),
		scans: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "muontra_scans_total", Help: "Scans over HTTP by outcome and reason.",
		}, []string{"outcome", "reason"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "muontra_scan_seconds", Help: "Time from an HTTP scan's arrival to its durable result.", Buckets: buckets,
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "muontra_build_info", Help: "The running version.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.acts, m.scans, m.seconds, build, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "muontra_websocket_clients", Help: "Pages that are connected.",
	}, func() float64 { return float64(pages()) }))
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return m
}

func (m *metrics) scanned(r kiosk.Result, took time.Duration) {
	m.scans.WithLabelValues(string(r.Outcome), string(r.Reason)).Inc()
	m.seconds.Observe(took.Seconds())
}

// Observe counts a committed event.
func (s *Server) Observe(e kiosk.Event) { s.metrics.acts.WithLabelValues(string(e.Type)).Inc() }

func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) error {
	s.metrics.handler.ServeHTTP(w, r)
	return nil
}
