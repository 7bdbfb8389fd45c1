package ink

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Book is a PDF of however many pages: a page is written when the next one begins, so
// that what is held does not grow with them, but for two numbers a page. The PDF library
// keeps all pages until the end; it makes here what stands in a document once,
// the subset fonts and the information, and the pages are put before that.
// Letters stand in pages by their Unicode, so a page can be written before it is
// known which glyphs the fonts will hold.
//
// The same drawing and the same time give the same bytes.
type Book struct {
	w       *bufio.Writer
	at      int64 // written so far
	err     error // the first of writing; nothing is written after it
	doc     *fpdf.Fpdf
	used    []map[rune]struct{} // of each face
	pages   []int64             // where each page's two objects begin, one after the other
	content content
	width   float64 // of the page, in PDF units
	height  float64 // 0 before the first
	packed  bytes.Buffer
	zip     *zlib.Writer
}

// The objects of the library have the first numbers, the pages' come behind; there are
// eight for a font and a few more.
const firstPage = 64

// The library's objects that a book has in its own way: the tree of pages, what pages may
// use, and the library's only page with what stands on it.
const (
	pagesObject     = 1
	resourcesObject = 2
	libraryPage     = 3
	libraryContent  = 4
)

// NewBook begins a document in w. when is its date; lang its language ("vi").
func NewBook(w io.Writer, title, lang string, when time.Time) *Book {
	b := &Book{w: bufio.NewWriterSize(w, 64<<10), doc: newDoc(title, lang, when), used: make([]map[rune]struct{}, len(faces))}
	for i := range b.used {
		b.used[i] = map[rune]struct{}{}
	}
	b.zip, _ = zlib.NewWriterLevel(&b.packed, zlib.BestSpeed) // a level that there is
	b.put("%PDF-1.7\n%\xb5\xb6\n")
	return b
}

// Err is why the document cannot be written, nil while it can.
func (b *Book) Err() error { return b.err }

// Page begins a page of a size in mm.
func (b *Book) Page(w, h float64) {
	b.endPage()
	b.width, b.height = w*perMM, h*perMM
	b.content = b.content[:0]
}

// Rect fills a rectangle.
func (b *Book) Rect(x, y, w, h float64, c Color) {
	b.content.filled(c, func() { b.content.rect(x*perMM, b.height-(y+h)*perMM, w*perMM, h*perMM) })
	b.content = append(b.content, '\n')
}

// Text sets one line with its baseline at y. The text must have gone through Clean.
func (b *Book) Text(x, y float64, f Font, text string, c Color) {
	if text == "" {
		return
	}
	face := slices.Index(faces, f.Face)
	for _, r := range text {
		b.used[face][r] = struct{}{}
	}
	b.content.coloured(c, func() { b.content.text(x*perMM, b.height-y*perMM, fontName(face), f.Size, text) })
	b.content = append(b.content, '\n')
}

func fontName(face int) string { return "F" + strconv.Itoa(face) }

// endPage writes the page that was begun.
func (b *Book) endPage() {
	if b.height == 0 || b.err != nil {
		return
	}
	b.packed.Reset()
	b.zip.Reset(&b.packed)
	_, _ = b.zip.Write(b.content) // a Buffer takes everything
	_ = b.zip.Close()
	n := firstPage + len(b.pages)
	b.pages = append(b.pages, b.at)
	b.put(fmt.Sprintf("%d 0 obj\n<</Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Resources %d 0 R /Contents %d 0 R>>\nendobj\n",
		n, pagesObject, b.width, b.height, resourcesObject, n+1))
	b.pages = append(b.pages, b.at)
	b.put(fmt.Sprintf("%d 0 obj\n<</Filter /FlateDecode /Length %d>>\nstream\n", n+1, b.packed.Len()))
	b.put(b.packed.String())
	b.put("\nendstream\nendobj\n")
}

func (b *Book) put(s string) {
	if b.err != nil {
		return
	}
	n, err := b.w.WriteString(s)
	b.at += int64(n)
	b.err = err
}

// Close writes the last page and what stands in the document once.
func (b *Book) Close() error {
	b.endPage()
	if b.err != nil {
		return b.err
	}
	once, err := b.once()
	if err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	fonts, err := once.fonts()
	if err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	var kids []byte
	for i := range len(b.pages) / 2 {
		kids = strconv.AppendInt(kids, int64(firstPage+2*i), 10)
		kids = append(kids, " 0 R "...)
	}
	once.objects[pagesObject] = fmt.Appendf(nil, "%d 0 obj\n<</Type /Pages /Kids [%s] /Count %d>>\nendobj\n", pagesObject, kids, len(b.pages)/2)
	once.objects[resourcesObject] = fmt.Appendf(nil, "%d 0 obj\n<</ProcSet [/PDF /Text] /Font <<%s>>>>\nendobj\n", resourcesObject, fonts)
	once.objects[libraryPage], once.objects[libraryContent] = nil, nil
	catalog := bytes.Replace(once.objects[once.root], []byte(catalogHead), []byte(catalogHead+printActual), 1)
	once.objects[once.root] = catalog

	offsets := make([]int64, firstPage, firstPage+len(b.pages)) // 0: there is none
	for n, object := range once.objects {
		if object != nil {
			offsets[n] = b.at
			b.put(string(object))
		}
	}
	offsets = append(offsets, b.pages...)
	table := b.at
	b.put(fmt.Sprintf("xref\n0 %d\n", len(offsets)))
	for _, at := range offsets {
		if at == 0 {
			b.put("0000000000 65535 f \n")
			continue
		}
		b.put(fmt.Sprintf("%010d 00000 n \n", at))
	}
	b.put(fmt.Sprintf("trailer\n<</Size %d /Root %d 0 R /Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets), once.root, once.info, table))
	if b.err == nil {
		b.err = b.w.Flush()
	}
	return b.err
}

// library is the library's own file, taken apart.
type library struct {
	objects    [firstPage][]byte // by their numbers, nil for none
	root, info int
}

// once has the library make a document of one page with every letter that was used. A
// panic inside it becomes an error, as in [PDF.Write].
func (b *Book) once() (l library, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	b.doc.AddPage()
	for i, f := range faces {
		b.doc.SetFont(f.name, f.style, 8)
		b.doc.Text(0, 0, string(slices.Sorted(maps.Keys(b.used[i]))))
	}
	var file bytes.Buffer
	if err := b.doc.Output(&file); err != nil {
		return l, err
	}
	return takeApart(file.Bytes())
}

// takeApart finds a file's objects by its cross-reference table, which must be
// one of one section, of objects that follow each other.
func takeApart(pdf []byte) (l library, err error) {
	strange := func(what string) (library, error) {
		return l, fmt.Errorf("the library's file has no %s where it was looked for", what)
	}
	const mark = "\nstartxref\n"
	var table, count int
	i := bytes.LastIndex(pdf, []byte(mark))
	if i < 0 {
		return strange("table")
	}
	if _, err := fmt.Sscan(string(pdf[i+len(mark):]), &table); err != nil || table < 0 || table >= i {
		return strange("table")
	}
	if _, err := fmt.Sscanf(string(pdf[table:i]), "xref\n0 %d\n", &count); err != nil || count < 1 || count > firstPage {
		return strange("table of few objects")
	}
	lines := bytes.SplitN(pdf[table:i], []byte("\n"), count+3)
	if len(lines) != count+3 {
		return strange("whole table")
	}
	if _, err := fmt.Sscanf(string(lines[count+2]), "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R", &count, &l.root, &l.info); err != nil {
		return strange("trailer")
	}
	at := make([]int, count)
	for n := 1; n < count; n++ {
		if _, err := fmt.Sscanf(string(lines[2+n]), "%d 00000 n", &at[n]); err != nil || at[n] < 0 || at[n] >= table {
			return strange("address")
		}
	}
	ends := append(slices.Sorted(slices.Values(at[1:])), table)
	for n := 1; n < count; n++ {
		next, _ := slices.BinarySearch(ends, at[n]+1)
		l.objects[n] = pdf[at[n]:ends[next]]
		if !bytes.HasPrefix(l.objects[n], []byte(strconv.Itoa(n)+" 0 obj\n")) {
			return strange("object " + strconv.Itoa(n))
		}
	}
	if l.root >= count || l.info >= count || !bytes.Contains(l.objects[l.root], []byte(catalogHead)) {
		return strange("catalogue")
	}
	return l, nil
}

// fonts are the faces' names on pages and their objects.
func (l *library) fonts() (names string, err error) {
	for i, f := range faces {
		head := []byte("/Subtype /Type0\n/BaseFont /utf8" + f.name + f.style + "\n")
		n := slices.IndexFunc(l.objects[:], func(o []byte) bool { return bytes.Contains(o, head) })
		if n < 0 {
			return "", fmt.Errorf("the library's file has no font %s%s", f.name, f.style)
		}
		names += fmt.Sprintf("/%s %d 0 R ", fontName(i), n)
	}
	return names, nil
}
