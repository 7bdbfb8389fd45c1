package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// Backups keep copies of the ledger.
type Backups interface {
	State() BackupState
	// Choose sets the folder outside this PC, "" for none; *FolderError when it
	// cannot be.
	Choose(ctx context.Context, folder string) error
	// Now makes a copy at once and rehearses it. What fails is in the state.
	Now(ctx context.Context, progress func(done, total int)) error
	// Secret is the line of the recovery sheet, "" while there is no key.
	Secret() (string, error)
	Printed()
}

// FolderError is a folder that cannot be chosen; Code is of the words
// "field.backup_CODE".
type FolderError struct{ Code string }

func (e *FolderError) Error() string { return "backup folder: " + e.Code }

// BackupState is what is known of the copies. A trouble is a code of the words
// "backup.trouble.CODE", "" for none.
type BackupState struct {
	Folder                       string // outside, "" for none
	Local, Outside               time.Time
	LocalTrouble, OutsideTrouble string
	Rehearsed                    time.Time
	RehearsedFile                string
	RehearsalTrouble             string
	HasKey, Printed              bool
}

// SelfCheck is what the program knows of its database and its own parts.
type SelfCheck struct {
	Quick    time.Time // the quick look after the start, zero while it goes on
	Full     time.Time // the nightly look, zero before the first
	Faults   int       // of the newest look
	Trouble  string    // why a look could not be done, as the troubles of copies
	Restarts int       // of parts of the program that had broken, since the start
	Free     int64     // bytes left on the disk of the data folder; 0 when the system does not say
	// SpareGone: the disk was so full that the room put by for it was given back.
	SpareGone bool
}

// littleRoom is where the desk warns: a year of a school's loans and the copies
// of a month fit into it, so there is time.
const littleRoom = 500 << 20

// The page of copies.
const (
	backupPath = "/desk/backup"
	sheetPath  = backupPath + "/sheet"
)

// A copy or a rehearsal that is older is told in red.
const (
	oldCopy      = 4 * 24 * time.Hour // a long weekend
	oldRehearsal = 8 * 24 * time.Hour
	oldStick     = 8 * 24 * time.Hour
)

func (s *Server) backupRoutes() []route {
	return []route{
		{"GET", backupPath, librarian, s.backedUp(s.backupPage)},
		{"POST", backupPath + "/now", librarian, s.backedUp(s.backupNow)},
		{"POST", backupPath + "/folder", librarian, s.backedUp(s.backupFolder)},
		{"GET", sheetPath, librarian, s.backedUp(s.backupSheet)},
		{"GET", sheetPath + "/qr.png", librarian, s.backedUp(s.backupQR)},
		{"POST", sheetPath + "/printed", librarian, s.backedUp(s.backupPrinted)},
	}
}

// backedUp leaves the pages out where nothing keeps copies.
func (s *Server) backedUp(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if s.Backups == nil {
			return errNotFound
		}
		return h(w, r)
	}
}

// tone is a line of the state: its sentence, whether it is bad, and whether it
// says something good.
type tone struct {
	Text      string
	Bad, Good bool
}

// backupLines are the state in sentences, the most pressing first.
func (s *Server) backupLines(lang words.Lang, st BackupState) []tone {
	now := s.Now()
	at := func(t time.Time) string { return s.clockText(t) }
	var bad, good []tone
	say := func(wrong bool, key string, pairs ...any) {
		l := tone{words.T(lang, key, pairs...), wrong, !wrong && len(pairs) > 0}
		if wrong {
			bad = append(bad, l)
		} else {
			good = append(good, l)
		}
	}
	switch {
	case st.LocalTrouble != "":
		say(true, "backup.trouble."+st.LocalTrouble)
	case st.Local.IsZero():
		say(false, "backup.first")
	}
	if !st.Local.IsZero() {
		say(now.Sub(st.Local) > oldCopy, "backup.local", "at", at(st.Local))
	}
	switch {
	case st.Folder == "":
		say(true, "backup.no_folder")
	case st.OutsideTrouble == "absent":
		// A stick that lies in a drawer is as it should be, for some days.
		say(st.Outside.IsZero() || now.Sub(st.Outside) > oldStick, "backup.outside_absent")
	case st.OutsideTrouble != "":
		say(true, "backup.outside_trouble."+st.OutsideTrouble)
	}
	if st.Folder != "" && !st.Outside.IsZero() {
		say(now.Sub(st.Outside) > oldStick, "backup.outside", "at", at(st.Outside))
	}
	switch {
	case st.RehearsalTrouble != "":
		say(true, "backup.rehearsal_bad", "at", at(st.Rehearsed), "file", st.RehearsedFile)
	case !st.Rehearsed.IsZero():
		say(now.Sub(st.Rehearsed) > oldRehearsal, "backup.rehearsed", "at", at(st.Rehearsed), "file", st.RehearsedFile)
	}
	if st.HasKey && !st.Printed {
		say(true, "backup.print_sheet")
	}
	return append(bad, good...)
}

// checkLines are the self-check in sentences.
func (s *Server) checkLines(lang words.Lang, c SelfCheck) []tone {
	var out []tone
	switch {
	case c.Trouble != "":
		out = append(out, tone{Text: words.T(lang, "check.undone"), Bad: true})
	case c.Faults > 0:
		out = append(out, tone{Text: words.T(lang, "check.faults", "n", c.Faults), Bad: true})
	case !c.Full.IsZero():
		out = append(out, tone{Text: words.T(lang, "check.full", "at", s.clockText(c.Full)), Good: true})
	case !c.Quick.IsZero():
		out = append(out, tone{Text: words.T(lang, "check.quick", "at", s.clockText(c.Quick)), Good: true})
	default:
		out = append(out, tone{Text: words.T(lang, "check.going")})
	}
	if c.SpareGone {
		out = append(out, tone{Text: words.T(lang, "check.spare_gone"), Bad: true})
	} else if c.Free > 0 && c.Free < littleRoom {
		out = append(out, tone{Text: words.T(lang, "check.room", "mb", c.Free>>20), Bad: true})
	}
	if c.Restarts > 0 {
		out = append(out, tone{Text: words.T(lang, "check.restarts", "n", c.Restarts)})
	}
	return out
}

// clockText is an instant by the school's clock: 24/11 16:05.
func (s *Server) clockText(t time.Time) string {
	loc := time.Local
	s.Ledger.View(context.Background(), func(v kiosk.View) error {
		site, err := v.Site()
		if err != nil {
			return err
		}
		if l, err := site.Location(); err == nil {
			loc = l
		}
		return nil
	})
	return t.In(loc).Format("02/01 15:04")
}

// safety is what the desk's first page says of copies and the self-check: what
// is bad, or else that all is well.
func (s *Server) safety(lang words.Lang) (bad []tone, well string) {
	if s.Backups == nil {
		return nil, ""
	}
	st := s.Backups.State()
	all := s.backupLines(lang, st)
	if s.SelfCheck != nil {
		all = append(all, s.checkLines(lang, s.SelfCheck())...)
	}
	for _, l := range all {
		if l.Bad {
			bad = append(bad, l)
		}
	}
	if len(bad) == 0 && !st.Rehearsed.IsZero() {
		well = words.T(lang, "backup.well", "at", s.clockText(st.Rehearsed))
	}
	return bad, well
}

func (s *Server) backupPage(w http.ResponseWriter, r *http.Request) error {
	return s.backupForm(w, r, http.StatusOK, newForm("folder", s.Backups.State().Folder))
}

func (s *Server) backupForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	st, lang := s.Backups.State(), s.lang(r)
	data := map[string]any{"F": f, "S": st, "Lines": s.backupLines(lang, st)}
	if s.SelfCheck != nil {
		data["Checks"] = s.checkLines(lang, s.SelfCheck())
	}
	s.deskPage(w, r, status, "backup.html", data)
	return nil
}

// backupNow makes a copy behind its page.
func (s *Server) backupNow(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		return s.tasks.start(r, "backup.making", func(ctx context.Context, progress func(done, total int)) (taskEnd, error) {
			if err := s.Backups.Now(ctx, progress); err != nil {
				// Why stands on the page of copies.
				s.log.Warn("backup asked for at the desk failed", "error", err)
				return taskEnd{Link: backupPath, Key: "backup.not_made"}, nil
			}
			return taskEnd{Link: backupPath, Key: "backup.made"}, nil
		})
	}, func(status int) error { return s.backupForm(w, r, status, newForm("folder", s.Backups.State().Folder)) })
}

// backupFolder chooses the folder outside.
func (s *Server) backupFolder(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	folder := f.text("folder", 0, 400)
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		before := s.Backups.State().Folder
		err := s.Backups.Choose(r.Context(), folder)
		var wrong *FolderError
		if errors.As(err, &wrong) {
			f.Wrong["folder"] = "backup_" + wrong.Code
			return "", errForm
		}
		if err != nil {
			return "", err
		}
		key := "backup.chosen"
		if folder == "" {
			key = "backup.chosen_none"
		}
		s.done(r, backupPath, func(ctx context.Context, _ kiosk.Attempt) error { return s.Backups.Choose(ctx, before) }, key)
		return backupPath, nil
	}, func(status int) error { return s.backupForm(w, r, status, f) })
}

// backupSheet is the paper that opens the copies when this PC is gone.
func (s *Server) backupSheet(w http.ResponseWriter, r *http.Request) error {
	secret, err := s.Backups.Secret()
	if err != nil {
		return err
	}
	if secret == "" {
		return errNotFound
	}
	var school string
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		site, err := v.Site()
		school = site.Name
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	s.deskPage(w, r, http.StatusOK, "backupsheet.html", map[string]any{"School": school, "Parts": inFours(secret), "Printed": s.Backups.State().Printed})
	return nil
}

// inFours sets a line apart for typing.
func inFours(s string) []string {
	var out []string
	for len(s) > 4 {
		out, s = append(out, s[:4]), s[4:]
	}
	return append(out, s)
}

func (s *Server) backupQR(w http.ResponseWriter, r *http.Request) error {
	secret, err := s.Backups.Secret()
	if err != nil {
		return err
	}
	if secret == "" {
		return errNotFound
	}
	b, err := qrPicture(secret)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "image/png")
	w.Write(b)
	return nil
}

func (s *Server) backupPrinted(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		s.Backups.Printed()
		s.done(r, backupPath, nil, "backup.sheet_kept")
		return backupPath, nil
	}, func(status int) error { return s.backupForm(w, r, status, newForm()) })
}
