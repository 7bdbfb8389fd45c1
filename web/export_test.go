package web

// GETPatterns are the patterns of all pages that are asked for by GET, for tests
// that walk the site.
func (s *Server) GETPatterns() []string {
	var all []string
	for _, rt := range s.routes() {
		if rt.method == "GET" {
			all = append(all, rt.pattern)
		}
	}
	return all
}

// Routes are all routes, as "METHOD pattern".
func (s *Server) Routes() []string {
	var all []string
	for _, rt := range s.routes() {
		all = append(all, rt.method+" "+rt.pattern)
	}
	return all
}
