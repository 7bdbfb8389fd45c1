// Package web is the face of muontra: the children's touchscreen page, the JSON
// interface, the public catalogue and the librarian's pages.
//
// Routes stand in one table (routes.go) with who may use each; the words in
// package words; what an error looks like to the outside in errors.go. A file
// is a page or an act, so the list of files is the map of the site.
//
// The promises:
//
//   - A page that connects gets the whole picture at once, and a slow page
//     misses pictures in between, never the last one ([Hub]).
//   - Only the daemon's own host names are answered, and no request or
//     websocket of a foreign origin.
//   - Nothing changes by GET. What a child may do is done from the loopback
//     address or by signed-in staff; everything else needs a role.
//   - A form of the librarian's pages is done once, however often it is sent;
//     a refused one comes back as it was typed, with a sentence beside each
//     field; and what a button did can be taken back while it is the last act.
//   - Pages load nothing from any other host and run no inline script.
package web
