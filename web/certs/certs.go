// Package certs has the certificates with which the daemon serves other
// machines over TLS: of the school's own small authority ([OpenOwn]), or of
// files that an IT person gives ([OpenFiles]).
//
// # The own authority
//
// A school's network has no name that a public authority would certify, so the
// first start makes an authority of its own in the data folder, under tls/:
//
//   - ca.pem and ca.key: the authority, ECDSA P-256, valid until 2049. It can
//     speak for the school's network only: name constraints hold it to private
//     addresses, to names under local, lan, internal and home.arpa, and to the
//     machine's own name and addresses at the time. A phone that trusts it
//     trusts it for nothing else, whoever gets hold of the key.
//   - server.pem and server.key: the daemon's certificate, for the machine's
//     name, NAME.local and its addresses. It is made anew, without a restart,
//     a month before it ends and when a name or address is missing in it.
//
// A PC with an empty clock battery starts in 1970. What is made then must be
// valid when the clock is right again, so no certificate begins before
// the day this was written, and one that is not valid by the present clock is
// made anew at the next handshake.
package certs

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base32"
	"encoding/hex"
	"encoding/pem"
	"strings"
)

// Source gives the certificate of each handshake.
type Source interface {
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// Anchor is the certificate that another machine has to trust: the own
	// authority, or the last of the chain in a file.
	Anchor() *x509.Certificate
	// Own reports whether it is the school's own authority, which no machine
	// trusts by itself.
	Own() bool
	// Names are the names in the certificate, without its addresses.
	Names() []string
}

// Config is how the daemon serves TLS. HTTP/2 is left out: its streams have
// none of HTTP/1's time limits, and a school's network has no need of it. There
// is no Strict-Transport-Security either: it would lock a browser out of the
// trust page, and of the school's PC altogether, when the authority is lost.
func Config(s Source) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: s.GetCertificate}
}

// Fingerprint is the SHA-256 of a certificate as browsers and phones show it:
// "3F:0A:...", 32 bytes.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	h := strings.ToUpper(hex.EncodeToString(sum[:]))
	var b strings.Builder
	for i := 0; i < len(h); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(h[i : i+2])
	}
	return b.String()
}

// shortBytes is how much of the fingerprint the short one has: 80 bits, beyond
// what anybody can find a second certificate for.
const shortBytes = 10

// shortText is Crockford's alphabet: no letter that is taken for another.
var shortText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Short is the beginning of the fingerprint for typing: "abcd-efgh-jkmn-pqrs",
// without letters that are taken for others.
func Short(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	s := shortText.EncodeToString(sum[:shortBytes])
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// IsShort reports whether text, as typed, is the short fingerprint of c.
func IsShort(c *x509.Certificate, text string) bool {
	plain := strings.NewReplacer("-", "", " ", "")
	return plain.Replace(strings.ToLower(text)) == plain.Replace(Short(c))
}

// PEM is a certificate as text.
func PEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}
