// Package password keeps staff passwords as argon2id hashes in PHC form, the
// parameters beside each hash so that they can be raised later.
package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The parameters of new hashes: OWASP's first choice for argon2id.
const (
	memory  = 19 * 1024 // KiB
	passes  = 2
	threads = 1
	saltLen = 16
	keyLen  = 32
)

// The bounds of a password, in characters and bytes. The upper one keeps a
// megabyte of text out of the hash.
const (
	MinLength = 8
	maxBytes  = 1024
)

// The errors of Check.
var (
	ErrTooShort = fmt.Errorf("password: at least %d characters", MinLength)
	ErrTooLong  = fmt.Errorf("password: at most %d bytes", maxBytes)
	ErrEncoding = errors.New("password: not valid UTF-8")
	ErrCommon   = errors.New("password: one of the first that anybody tries")
	ErrPIN      = fmt.Errorf("PIN: %d to %d digits, not the same ones and not in a row", MinPIN, maxPIN)
)

// Check reports why a password cannot be taken.
func Check(pw string) error {
	switch {
	case !utf8.ValidString(pw):
		return ErrEncoding
	case len(pw) > maxBytes:
		return ErrTooLong
	case utf8.RuneCountInString(pw) < MinLength:
		return ErrTooShort
	case isCommon(pw):
		return ErrCommon
	}
	return nil
}

// Hash makes the hash that is stored.
func Hash(pw string) (string, error) {
	if err := Check(pw); err != nil {
		return "", err
	}
	return hash(pw), nil
}

// HashPIN makes the hash of a PIN.
func HashPIN(pin string) (string, error) {
	if err := CheckPIN(pin); err != nil {
		return "", err
	}
	return hash(pin), nil
}

func hash(pw string) string {
	salt := make([]byte, saltLen)
	rand.Read(salt)
	return encode(salt, argon2.IDKey([]byte(pw), salt, passes, memory, threads, keyLen))
}

func encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, threads, b64(salt), b64(key))
}

// dummy is a hash of nothing anybody knows, so that an unknown name costs as
// long as a wrong password.
var dummy = sync.OnceValue(func() string {
	h, err := Hash(rand.Text())
	if err != nil {
		panic(err) // random text is always long enough
	}
	return h
})

// Verify reports whether pw is the password of the stored hash. An empty hash
// takes as long as any other and is never right.
func Verify(hash, pw string) bool {
	known := hash != ""
	if !known {
		hash = dummy()
	}
	p, err := parse(hash)
	if err != nil || len(pw) > maxBytes {
		return false
	}
	got := argon2.IDKey([]byte(pw), p.salt, p.passes, p.memory, p.threads, uint32(len(p.key)))
	return subtle.ConstantTimeCompare(got, p.key) == 1 && known
}

type params struct {
	memory, passes uint32
	threads        uint8
	salt, key      []byte
}

func parse(hash string) (params, error) {
	var p params
	f := strings.Split(hash, "$")
	if len(f) != 6 || f[1] != "argon2id" {
		return p, errors.New("password: not an argon2id hash")
	}
	var version int
	if _, err := fmt.Sscanf(f[2], "v=%d", &version); err != nil || version != argon2.Version {
		return p, errors.New("password: unknown argon2 version")
	}
	if _, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil {
		return p, fmt.Errorf("password: parameters: %w", err)
	}
	// A hash that was tampered with must not take the machine's memory.
	if p.memory < 8 || p.memory > 1<<20 || p.passes < 1 || p.passes > 16 || p.threads < 1 {
		return p, errors.New("password: parameters out of range")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(f[4]); err != nil {
		return p, fmt.Errorf("password: salt: %w", err)
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(f[5]); err != nil || len(p.key) < 16 {
		return p, errors.New("password: key")
	}
	return p, nil
}
