package store

import (
	"context"
	"errors"

	"muontra/kiosk"
)

// EndSignIns ends every sign-in, and what lets a browser or another machine in
// without one. A copy of the ledger may hold some that were ended after it was
// made; once it is the ledger they must not hold again.
func (s *Store) EndSignIns(ctx context.Context) error {
	return s.Update(ctx, func(w kiosk.Tx) error {
		t := w.(*tx)
		return errors.Join(
			t.exec("end all sign-ins", `DELETE FROM sign_in`),
			t.exec("end all enrolled browsers", `UPDATE browser SET removed = 1`),
			t.exec("end all paired stations", `UPDATE paired_station SET removed = 1`),
		)
	})
}
