package certs

import "strings"

// hostNames are what a machine is called by: as it calls itself, its first
// part, and that part under local (multicast DNS). What is no name of the DNS,
// as Windows allows some, is left out.
func hostNames(host string) []string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	first, _, _ := strings.Cut(host, ".")
	var names []string
	for _, n := range []string{first, first + ".local", host} {
		if !validName(n) || len(names) > 0 && names[0] == n {
			continue
		}
		if len(names) > 1 && names[1] == n {
			continue
		}
		names = append(names, n)
	}
	return names
}

func validName(n string) bool {
	if n == "" || len(n) > 253 {
		return false
	}
	for label := range strings.SplitSeq(n, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
				return false
			}
		}
	}
	return true
}
