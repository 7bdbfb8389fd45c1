package kiosktest

import "testing"

func TestMemorySeeds(t *testing.T) {
	NewMemory(nil)
}
