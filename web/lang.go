package web

import (
	"net/http"
	"strings"

	"muontra/web/words"
)

const langCookie = "muontra_lang"

// lang is the language of an answer: ?lang=, the cookie that it left, and for
// programs Accept-Language. A page ignores that header: most school PCs run a
// browser in English, in front of children who read Vietnamese.
func (s *Server) lang(r *http.Request) words.Lang {
	if l, ok := words.Parse(r.URL.Query().Get("lang")); ok {
		return l
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := words.Parse(c.Value); ok {
			return l
		}
	}
	if wantsJSON(r) {
		first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
		first, _, _ = strings.Cut(first, ";")
		if l, ok := words.Parse(first); ok {
			return l
		}
	}
	return s.Lang
}

// keepLang remembers a language that was asked for by ?lang=.
func keepLang(w http.ResponseWriter, r *http.Request) {
	if l, ok := words.Parse(r.URL.Query().Get("lang")); ok {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
	}
}

// inLang is the present page in a language; what else its address asks for, a
// filter or an order, stays.
func inLang(r *http.Request, l words.Lang) string {
	q := r.URL.Query()
	q.Set("lang", string(l))
	return "?" + q.Encode()
}
