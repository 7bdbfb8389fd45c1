package store

import (
	"context"

	"muontra/kiosk"
)

// EndSignIns ends every sign-in. A copy of the ledger may hold some that were
// ended after it was made; once it is the ledger they must not hold again.
func (s *Store) EndSignIns(ctx context.Context) error {
	return s.Update(ctx, func(w kiosk.Tx) error { return w.(*tx).exec("end all sign-ins", `DELETE FROM sign_in`) })
}
