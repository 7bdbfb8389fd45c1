package words

// enCamera are the words of the camera as a scanner in English.
var enCamera = map[string]string{
	"kiosk.camera":           "Take a picture",
	"kiosk.camera.title":     "Hold the barcode in the frame",
	"kiosk.camera.hint":      "Hold still, in good light. It reads by itself, nothing to press.",
	"kiosk.camera.starting":  "Opening the camera…",
	"kiosk.camera.closer":    "No barcode yet. Come closer, into better light.",
	"kiosk.camera.tired":     "Still not read. Try taking one picture, or press Type number.",
	"kiosk.camera.photo":     "Take one picture",
	"kiosk.camera.close":     "Close",
	"kiosk.camera.view":      "Picture of the camera",
	"kiosk.own.reading.head": "Reading the picture…",
	"kiosk.own.reading.hint": "One moment please.",
	"kiosk.own.picture.head": "Please take it again",
	"kiosk.own.picture.hint": "If it still fails, type the number under the bars, or call the librarian.",
	"kiosk.own.unseen.head":  "The picture did not arrive",
	"kiosk.own.unseen.hint":  "Nothing was noted. Please take it again.",
	"error.picture_type":     "Only pictures: image/jpeg, image/png, image/gif, image/webp, or a file in multipart/form-data.",
	"error.picture_bad":      "This file is no picture that can be read. Please take it with the camera.",
	"error.picture_large":    "The picture is too large. Take a smaller one: at most 12 MB and 25 megapixels.",
	"error.no_barcode":       "No barcode seen. Come closer, with enough light, and hold still.",
	"error.several_barcodes": "There are several barcodes in the picture. Come closer, with one alone in it.",
}
