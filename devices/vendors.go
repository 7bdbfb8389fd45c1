package devices

// vendor is who makes a USB device, by its vendor id.
type vendor struct {
	name string
	// chip says that the id belongs to a chip that is in scanners and in
	// everything else too: it says nothing about this device.
	chip bool
}

// vendors are those of common scanners. An id ranks a device in a list; it never
// is a reason to open one.
var vendors = map[uint16]vendor{
	0x0c2e: {name: "Honeywell"}, // Metrologic
	0x0536: {name: "Honeywell"}, // Hand Held Products
	0x067e: {name: "Intermec"},
	0x23d0: {name: "Youjie"},
	0x05e0: {name: "Zebra"}, // Symbol
	0x05f9: {name: "Datalogic"},
	0x1eab: {name: "Newland"},
	0x065a: {name: "Opticon"},
	0x0745: {name: "CipherLab"},
	0x27dd: {name: "Mindeo"},
	0x2dd6: {name: "IDZOR"},
	0xac90: {name: "BitBook"},
	0x0483: {name: "STMicroelectronics", chip: true},
	0x28e9: {name: "GigaDevice", chip: true},
	0x1a86: {name: "QinHeng", chip: true},
	0x04b4: {name: "Cypress", chip: true},
	0x0403: {name: "FTDI", chip: true},
	0x067b: {name: "Prolific", chip: true},
	0x10c4: {name: "Silicon Labs", chip: true},
}

func vendorName(id uint16) string { return vendors[id].name }

// makesScanners is false for chips, whoever put them into what.
func makesScanners(id uint16) bool {
	v, known := vendors[id]
	return known && !v.chip
}

// redirects says that a vendor's HID-POS scanners want to be told to use it.
func redirects(id uint16) bool { return id == 0x0c2e || id == 0x23d0 }
