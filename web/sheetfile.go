package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/kiosk/register"
	"muontra/web/paper"
	"muontra/web/words"
)

// sheetFile gives a register or a report as a file, a PDF or a workbook. From a page
// of ours (?behind=yes) it is made by a task, whose page shows how many lines (of a pack: sheets) were
// read, when it is not there in a moment; ten years of a register take some
// seconds. False when it cannot be made of what was asked for.
func (s *Server) sheetFile(w http.ResponseWriter, r *http.Request, sh *register.Sheet, ask register.Ask, as string) (bool, error) {
	lang, now := s.lang(r), s.Now()
	day, err := s.todayNow(r)
	if err != nil {
		return false, err
	}
	kind := sheetType
	if as == "pdf" {
		kind = "application/pdf"
	}
	name := strings.ReplaceAll(fold.Text(words.T(lang, "reg."+sh.Name)), " ", "-") + "-" + day.String() + "." + as

	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		_, err := paper.Open(v, sh.Name, ask, lang, now)
		return err
	})
	if asked := (*register.AskError)(nil); errors.As(err, &asked) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	made := func(ctx context.Context, progress func(done, total int)) (*madeFile, error) {
		return s.makeFile(func(w io.Writer) error {
			return s.Ledger.View(ctx, func(v kiosk.View) error {
				d, err := paper.Open(v, sh.Name, ask, lang, now)
				if err != nil {
					return err
				}
				d.Scratch = s.Scratch
				if progress != nil && sh.Pack {
					d.Step = progress
				} else if progress != nil {
					d.Source.Read = func(lines int) { progress(lines, 0) }
				}
				if as == "pdf" {
					return paper.PDF(w, d)
				}
				return paper.Workbook(w, d)
			})
		})
	}
	if r.URL.Query().Get("behind") != "" {
		to, err := s.tasks.start(r, "reg.making", func(ctx context.Context, progress func(done, total int)) (taskEnd, error) {
			file, err := made(ctx, progress)
			return taskEnd{File: file, Name: name, Type: kind, Straight: true}, err
		})
		if err == nil {
			http.Redirect(w, r, to, http.StatusSeeOther)
			return true, nil
		}
		if !errors.Is(err, errManyTasks) { // then it is made before the reader's eyes
			return false, err
		}
	}
	file, err := made(r.Context(), nil)
	if err != nil {
		return false, err
	}
	defer file.remove()
	return true, file.send(w, kind, name)
}
