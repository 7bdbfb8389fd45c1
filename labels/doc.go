// Package labels turns copies, patrons and places into ink: spine and barcode
// labels, shelf and box labels, patron cards, class sheets, the sheet of
// command barcodes and the page that aligns a printer.
//
// [Render] takes a [Job] (what to print, on which stock, in which format) and
// writes PDF, the bitmap languages of label printers (ZPL, TSPL, EPL) or a PNG
// preview. It promises:
//
//   - Every barcode is decoded again from what was drawn, before the output
//     is called good. One that does not read back, or does not fit with its
//     quiet zones, is an error that says by how many millimetres and what to
//     choose instead.
//   - A PDF is written whole or not at all. A stream for a label printer is
//     laid out from beginning to end before its first byte is written.
//   - Vietnamese is right in every output. What the font cannot draw becomes
//     a "?" and stands in the [Report]; it is never a box, and never a panic.
//   - The same job gives the same bytes.
//
// The parts: labels/symbol makes and reads barcodes in module units,
// labels/ink is the canvases and the text fitting, labels/sheet the papers
// and the printers' adjustments, labels/say every sentence in two languages.
// A layout is one file here and is written once for all outputs.
//
// Lengths are millimetres from the top left corner of a label or page, y
// downwards; type sizes are points. Nothing here opens a file, a database or
// a network connection.
package labels
