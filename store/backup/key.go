package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// KeyFile is the name of the school's key in the data folder. Whoever has it
// reads the encrypted copies; without it, or the sheet of paper with the same
// line, nobody does.
const KeyFile = "backup.key"

// Key is the school's key pair.
type Key struct{ *age.X25519Identity }

// Secret is the line that opens the encrypted copies: AGE-SECRET-KEY-1...
func (k Key) Secret() string { return k.X25519Identity.String() }

// MakeKey reads the school's key, and makes one where there is none. It never
// replaces one: copies made with it would be lost.
func MakeKey(dir string) (Key, error) {
	k, err := ReadKey(filepath.Join(dir, KeyFile))
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return k, err
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return Key{}, fmt.Errorf("make the key: %w", err)
	}
	part := filepath.Join(dir, KeyFile+".part")
	if err := writeFile(part, []byte(id.String()+"\n")); err != nil {
		return Key{}, fmt.Errorf("keep the key: %w", err)
	}
	if err := place(part, filepath.Join(dir, KeyFile)); err != nil {
		return Key{}, fmt.Errorf("keep the key: %w", err)
	}
	return Key{id}, nil
}

// maxKeyFile bounds what is read as a key.
const maxKeyFile = 64 << 10

// ErrNoKey: the file holds no key line.
var ErrNoKey = errors.New("there is no key in the file: it is the line that begins with AGE-SECRET-KEY-1, as on the recovery sheet")

// ReadKey reads a key from a file: the data folder's, or one into which the line
// of the recovery sheet was typed. Lines that are no key are passed over, small
// letters and spaces do no harm.
func ReadKey(file string) (Key, error) {
	f, err := os.Open(file)
	if err != nil {
		return Key{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return Key{}, err
	}
	for line := range strings.Lines(string(b)) {
		line = strings.ToUpper(strings.Join(strings.Fields(line), ""))
		if !strings.HasPrefix(line, "AGE-SECRET-KEY-1") {
			continue
		}
		id, err := age.ParseX25519Identity(line)
		if err != nil {
			return Key{}, fmt.Errorf("%w (a letter is wrong: %w)", ErrNoKey, err)
		}
		return Key{id}, nil
	}
	return Key{}, ErrNoKey
}
