package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"muontra/web/words"
)

// phonePageRoutes are the class corner's page on a phone: words and pictures
// only, for everybody; what is about people comes over the JSON paths.
func (s *Server) phonePageRoutes() []route {
	return []route{
		{"GET", "/corner", everyone, s.phoneHome},
		{"GET", phonePath + "{$}", everyone, s.phonePage},
		{"GET", "/corner/sw.js", everyone, s.cornerWorker},
		{"GET", "/corner/manifest.webmanifest", everyone, s.cornerManifest},
	}
}

func (s *Server) phoneHome(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, phonePath, http.StatusMovedPermanently)
	return nil
}

func (s *Server) phonePage(w http.ResponseWriter, r *http.Request) error {
	s.keepPhone(w, r)
	s.page(w, r, http.StatusOK, "phone.html", map[string]any{"Words": s.phoneWords(r)})
	return nil
}

// phoneWords are the page's own and those of the camera.
func (s *Server) phoneWords(r *http.Request) map[string]string {
	all := words.Page(s.lang(r), "phone.")
	for k, v := range words.Page(s.lang(r), "kiosk.camera.") {
		if _, own := all["camera."+k]; !own {
			all["camera."+k] = v
		}
	}
	return all
}

// cornerFiles are what the page needs beside itself.
func (s *Server) cornerFiles() []string {
	files := []string{"/static/logo.svg", "/static/kiosk/dom.js", "/static/kiosk/camera.js", "/static/kiosk/camera.css", "/static/kiosk/icons.svg", phoneHelpPath}
	for name := range s.static.etag {
		if strings.HasPrefix(name, "/static/corner/") && name != workerFile {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	return files
}

const workerFile = "/static/corner/sw.js"

// cornerWorker is the service worker, with what it keeps and a version that
// changes when any of that does.
func (s *Server) cornerWorker(w http.ResponseWriter, r *http.Request) error {
	files := s.cornerFiles()
	sum := sha256.New()
	for _, f := range append(slices.Clone(files), workerFile) {
		fmt.Fprintln(sum, f, s.static.etag[f])
	}
	text, err := json.Marshal(s.phoneWords(r))
	if err != nil {
		return err
	}
	sum.Write(text)
	if text, err = json.Marshal(words.Page(s.lang(r), "phonehelp.")); err != nil {
		return err
	}
	sum.Write(text)
	fmt.Fprintln(sum, s.Version, s.lang(r))
	list, err := json.Marshal(append([]string{phonePath}, files...))
	if err != nil {
		return err
	}
	script, err := s.static.content(workerFile)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "const VERSION = %q;\nconst PAGE = %q;\nconst FILES = %s;\n", "corner-"+hex.EncodeToString(sum.Sum(nil)[:8]), phonePath, list)
	b.Write(script)
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(b.Bytes())
	return nil
}

// cornerManifest makes the page installable.
func (s *Server) cornerManifest(w http.ResponseWriter, r *http.Request) error {
	l := s.lang(r)
	type icon struct {
		Src   string `json:"src"`
		Sizes string `json:"sizes"`
		Type  string `json:"type"`
	}
	b, err := json.Marshal(map[string]any{
		"id": phonePath, "start_url": phonePath, "scope": phonePath, "display": "standalone", "lang": string(l),
		"name": words.T(l, "phone.app"), "short_name": words.T(l, "phone.page"),
		"background_color": "#fff8ec", "theme_color": "#0b6b6b",
		"icons": []icon{
			{"/static/corner/icon-192.png", "192x192", "image/png"},
			{"/static/corner/icon-512.png", "512x512", "image/png"},
			{"/static/logo.svg", "any", "image/svg+xml"},
		},
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(b)
	return nil
}
