package web

import (
	"context"
	"net/http"

	"muontra/kiosk"
	"muontra/kiosk/register"
)

// recordsPath lists the records that have to be kept, with what shows that they are.
const recordsPath = targetsPath + "/records"

// recordRow is a record as the page shows it.
type recordRow struct {
	kiosk.RecordKept
	Path string // where it is opened
}

func (s *Server) records(w http.ResponseWriter, r *http.Request) error {
	return s.showRecords(w, r, http.StatusOK, newForm())
}

func (s *Server) showRecords(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var rows []recordRow
	var year kiosk.SchoolYear
	var years []kiosk.SchoolYear
	kept := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, today, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		if year, years, err = yearOf(v, r.URL.Query(), rules.Year); err != nil {
			return err
		}
		all, err := register.Records(v, year, today, rules, true)
		for _, x := range all {
			if x.Kept() {
				kept++
			}
			rows = append(rows, recordRow{x, registerPath(register.Find(x.Record))})
		}
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "targetrecords.html", map[string]any{"Rows": rows, "Kept": kept, "N": len(rows), "Year": year, "Years": years, "Mine": callerOf(r).is(kiosk.Librarian), "F": f})
	return nil
}

// fileRecord notes that a record was printed and put on file today, or takes the note
// back.
func (s *Server) fileRecord(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	f.Button = true
	record, year := f.Get("record"), f.Get("year")
	if !register.Prescribed(record) {
		return errNotFound
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was, next kiosk.RecordsFiled
		var of kiosk.SchoolYear
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			rules, today, _, err := s.rulesIn(v)
			if err != nil {
				return err
			}
			if of, _, err = yearOf(v, map[string][]string{"year": {year}}, rules.Year); err != nil {
				return err
			}
			if was, err = kiosk.RecordsFiledOf(v); err != nil {
				return err
			}
			if f.Is("what", "unfile") {
				today = kiosk.Day{}
			}
			next = was.With(of.Name, record, today)
			return nil
		})
		if err != nil {
			return "", err
		}
		if err := s.Yearly.SetPageSetting(r.Context(), a, kiosk.FiledSetting, next); err != nil {
			return "", err
		}
		key := "records.filed"
		if f.Is("what", "unfile") {
			key = "records.unfiled"
		}
		s.done(r, recordsPath, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Yearly.SetPageSetting(ctx, a, kiosk.FiledSetting, was)
		}, key)
		return recordsPath + "?year=" + string(of.ID), nil
	}, func(status int) error { return s.showRecords(w, r, status, f) })
}
