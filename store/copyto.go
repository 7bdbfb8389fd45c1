package store

import (
	"context"
	"fmt"
)

// CopyTo writes a consistent copy of the whole database into file, which must
// not exist, while everything else goes on. It is not verified: open and Check
// it before trusting it.
func (s *Store) CopyTo(ctx context.Context, file string) error {
	// The reading pool is query_only, which VACUUM INTO respects; the writer
	// would have to wait. So a connection of its own.
	conn, err := s.readDB.Conn(ctx)
	if err != nil {
		return fault("copy to "+file, err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only=0"); err != nil {
		return fault("copy to "+file, err)
	}
	err = copyInto(ctx, conn, file)
	if _, perr := conn.ExecContext(context.Background(), "PRAGMA query_only=1"); err == nil {
		err = perr
	}
	if err != nil {
		return fmt.Errorf("copy to %s: %w", file, err)
	}
	return nil
}
