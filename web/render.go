package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"muontra/kiosk"
	"muontra/web/words"
)

// dots joins what is there, and leaves out what is not: "", 0.
func dots(parts ...any) string {
	var all []string
	for _, p := range parts {
		if s := fmt.Sprint(p); s != "" && s != "0" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " · ")
}

// pages are the embedded pages, once in each language: reading them, and making each
// safe where it is first written, costs more than most requests. They hold no sentences:
// those come by {{t "key"}}.
var pages = map[words.Lang]func() *template.Template{
	words.VI: sync.OnceValue(func() *template.Template { return parsePages(words.VI) }),
	words.EN: sync.OnceValue(func() *template.Template { return parsePages(words.EN) }),
}

func parsePages(lang words.Lang) *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"t":   func(key string, pairs ...any) string { return words.T(lang, key, pairs...) },
		"day": func(d kiosk.Day) string { return words.Day(lang, d) },
		// tor is for what a school may have named itself.
		"tor": func(key, missing string) string {
			if !words.Has(lang, key) {
				return missing
			}
			return words.T(lang, key)
		},
		"date": words.Date, "money": words.Money, "join": strings.Join, "dots": dots, "hasPrefix": strings.HasPrefix,
		"list": func(ns []int) string {
			var all []string
			for _, n := range ns {
				all = append(all, strconv.Itoa(n))
			}
			return strings.Join(all, ", ")
		},
		"add": func(a, b int) int { return a + b },
		"dict": func(pairs ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i+1 < len(pairs); i += 2 {
				m[pairs[i].(string)] = pairs[i+1]
			}
			return m
		},
		"json": func(v any) (string, error) {
			b, err := json.Marshal(v)
			return string(b), err
		},
	}).ParseFS(files, "templates/*.html"))
}

// page writes a page in the request's language. It is made in memory first, so
// that a fault in a template is a clean 500 and not half a page.
func (s *Server) page(w http.ResponseWriter, r *http.Request, status int, name string, data map[string]any) {
	lang := s.lang(r)
	keepLang(w, r)
	if data == nil {
		data = map[string]any{}
	}
	data["Lang"], data["Path"] = string(lang), r.URL.Path
	data["InVI"], data["InEN"] = inLang(r, words.VI), inLang(r, words.EN)
	if c := callerOf(r); c.account != nil {
		data["Account"] = c.account.name
	}
	var b bytes.Buffer
	if err := pages[lang]().ExecuteTemplate(&b, name, data); err != nil {
		s.log.Error("template", "name", name, "error", err)
		http.Error(w, words.T(lang, "error.internal"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// staticFiles serves the embedded scripts, styles and pictures. They have no
// modification time, so their hash tells a browser whether it has them already.
type staticFiles struct {
	etag map[string]string // by path; what they hold is in the program's file
}

func newStaticFiles() *staticFiles {
	f := &staticFiles{etag: map[string]string{}}
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		f.etag["/"+name] = `"` + hex.EncodeToString(sum[:12]) + `"`
		return nil
	})
	if err != nil {
		panic(err) // the files are in the program itself
	}
	return f
}

// types by ending: the registry of a Windows PC may say anything of .js.
var types = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
}

// content is a copy of what lies at a path.
func (f *staticFiles) content(path string) ([]byte, error) {
	return files.ReadFile(strings.TrimPrefix(path, "/"))
}

func (f *staticFiles) serve(w http.ResponseWriter, r *http.Request) error {
	etag, ok := f.etag[r.URL.Path]
	if !ok {
		return errNotFound
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	ct := types[path.Ext(r.URL.Path)]
	if ct == "" {
		ct = mime.TypeByExtension(path.Ext(r.URL.Path))
	}
	b, err := f.content(r.URL.Path)
	if err != nil {
		return err
	}
	h.Set("Content-Type", ct)
	w.Write(b)
	return nil
}
