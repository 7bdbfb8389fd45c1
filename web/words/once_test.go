package words

import "testing"

// A key has one sentence in a language, in one file.
func TestEachKeyStandsOnce(t *testing.T) {
	for l, parts := range parts {
		seen := map[string]string{}
		for _, part := range parts {
			for key, sentence := range part {
				if before, ok := seen[key]; ok {
					t.Errorf("%s: %s is %q and %q", l, key, before, sentence)
				}
				seen[key] = sentence
			}
		}
	}
}
