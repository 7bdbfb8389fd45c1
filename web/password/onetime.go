package password

import "crypto/rand"

// oneTimeLetters are those of a one-time password: none that looks like another.
const oneTimeLetters = "abcdefghkmnpqrstuvwxyz23456789"

// OneTime makes a password to be handed over on paper: ten letters, 49 bits.
func OneTime() (pw, digest string, err error) {
	b := make([]byte, 10)
	for i := range b {
		for {
			var one [1]byte
			rand.Read(one[:])
			if int(one[0]) < 256/len(oneTimeLetters)*len(oneTimeLetters) {
				b[i] = oneTimeLetters[int(one[0])%len(oneTimeLetters)]
				break
			}
		}
	}
	pw = string(b[:5]) + "-" + string(b[5:])
	digest, err = Hash(pw)
	return pw, digest, err
}
