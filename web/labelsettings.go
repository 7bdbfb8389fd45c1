package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
	"muontra/labels/symbol"
)

// mostLevels is how many reading levels the form has rows for.
const mostLevels = 12

// signKinds are what a collection sign can be given to: the kinds, and the
// groups within them.
func signKinds() []string {
	var all []string
	for _, k := range kiosk.Kinds {
		all = append(all, string(k))
	}
	return append(all, subKinds...)
}

// labelSettings is the form of how the school wants its labels.
func (s *Server) labelSettings(w http.ResponseWriter, r *http.Request) error {
	set, _, err := s.storedLabels(r.Context())
	if err != nil {
		return err
	}
	return s.settingsForm(w, r, http.StatusOK, formOfSettings(set).stamp())
}

// storedLabels are the settings as they are kept, and their text.
func (s *Server) storedLabels(ctx context.Context) (set labels.Settings, text string, err error) {
	err = s.Ledger.View(ctx, func(v kiosk.View) error {
		if text, err = v.Setting(queue.SettingLabels); err != nil {
			return err
		}
		set, err = labels.ParseSettings([]byte(text))
		return err
	})
	return set, text, err
}

func formOfSettings(set labels.Settings) *form {
	f := newForm("school", set.School, "scheme", cmp.Or(string(set.Scheme), string(labels.DDC)), "mark", cmp.Or(string(set.Mark), string(labels.ByAuthor)),
		"symbol", cmp.Or(string(set.Symbol), string(symbol.Code128)), "lang", cmp.Or(set.Lang, "vi"))
	for _, k := range signKinds() {
		f.Values.Set("sign."+k, set.Signs[k])
	}
	levels := set.Levels
	if levels == nil {
		levels = labels.DefaultLevels()
	}
	for i := range mostLevels {
		l := labels.Level{Color: "#ffffff"}
		if i < len(levels) {
			l = levels[i]
		}
		at := fmt.Sprint("level.", i, ".")
		f.Values.Set(at+"code", l.Code)
		f.Values.Set(at+"letter", l.Letter)
		f.Values.Set(at+"name", l.Name)
		f.Values.Set(at+"color", l.Color)
	}
	return f
}

func (s *Server) settingsForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var rows []string
	for i := range mostLevels {
		rows = append(rows, fmt.Sprint("level.", i))
	}
	site := ""
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		st, err := v.Site()
		site = st.Name
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "labelsettings.html", map[string]any{
		"F": f, "Levels": rows, "Kinds": kiosk.Kinds, "SubKinds": subKinds, "Site": site,
		"Schemes": []labels.Scheme{labels.DDC, labels.Nineteen}, "Marks": []labels.Mark{labels.ByAuthor, labels.ByTitle, labels.NoMark},
		"Symbols": []symbol.Kind{symbol.Code128, symbol.QR}, "Langs": []string{"vi", "en"},
	})
	return nil
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// settingsOf reads the settings from their form; what the form does not show
// stays as it was.
func settingsOf(f *form, set labels.Settings) labels.Settings {
	set.School, set.Lang = f.Get("school"), f.Get("lang")
	set.Scheme, set.Mark, set.Symbol = labels.Scheme(f.Get("scheme")), labels.Mark(f.Get("mark")), symbol.Kind(f.Get("symbol"))
	tooLong(f, "school", set.School, 120)
	set.Signs = map[string]string{}
	for _, k := range signKinds() {
		if v := f.Get("sign." + k); v != "" {
			tooLong(f, "sign."+k, v, 8)
			set.Signs[k] = v
		}
	}
	set.Levels = []labels.Level{}
	letters := map[string]bool{}
	for i := range mostLevels {
		at := fmt.Sprint("level.", i, ".")
		l := labels.Level{Code: f.Get(at + "code"), Letter: f.Get(at + "letter"), Name: f.Get(at + "name"), Color: f.Get(at + "color")}
		if l.Letter == "" && l.Name == "" {
			continue
		}
		switch n := len([]rune(l.Letter)); {
		case n < 1 || n > 2:
			f.Wrong[at+"letter"] = "level_letter"
		case letters[l.Letter]:
			f.Wrong[at+"letter"] = "level_twice"
		}
		letters[l.Letter] = true
		if !colour.MatchString(l.Color) {
			f.Wrong[at+"color"] = "level_colour"
		}
		tooLong(f, at+"name", l.Name, 40)
		if l.Code == "" {
			// Titles keep the code, so that a level may be renamed later.
			l.Code = cmp.Or(stockName(l.Name), l.Letter)
		}
		set.Levels = append(set.Levels, l)
	}
	return set
}

func tooLong(f *form, field, v string, most int) {
	if len([]rune(v)) > most {
		f.Wrong[field] = "long"
	}
}

// putLabelSettings keeps them.
func (s *Server) putLabelSettings(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	old, text, err := s.storedLabels(r.Context())
	if err != nil {
		return err
	}
	set := settingsOf(f, old)
	const to = "/desk/labels"
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		if err := set.Check(); err != nil {
			return "", err
		}
		b, err := json.Marshal(set)
		if err != nil {
			return "", err
		}
		// put writes a value in place of the one that may holds good.
		put := func(ctx context.Context, value string, may func(now string) error) error {
			return s.Ledger.Update(ctx, func(tx kiosk.Tx) error {
				now, err := tx.Setting(queue.SettingLabels)
				if err == nil {
					err = may(now)
				}
				if err != nil {
					return err
				}
				return tx.PutSetting(queue.SettingLabels, value)
			})
		}
		err = put(r.Context(), string(b), func(now string) error {
			text = now
			stored, err := labels.ParseSettings([]byte(now))
			if err != nil {
				return err
			}
			return f.stale(formOfSettings(stored))
		})
		if err != nil {
			return "", err
		}
		s.done(r, to, func(ctx context.Context, _ kiosk.Attempt) error {
			return put(ctx, text, func(now string) error {
				if now != string(b) {
					return errChangedSince
				}
				return nil
			})
		}, "settings.saved")
		return to, nil
	}, func(status int) error { return s.settingsForm(w, r, status, f) })
}
