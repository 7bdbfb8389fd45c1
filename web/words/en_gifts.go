package words

var enGifts = map[string]string{
	"reg.gift_corner": "in the class corner",

	"gift.no_receipt":            "None, not in the stock",
	"gift.receipt":               "Came into the stock by",
	"gift.receipt_of":            "No {n} · {date} · {who}",
	"gift.receipt_hint.gift":     "Choose the delivery if the books were taken into the stock, so that the donors’ register counts each once.",
	"gift.receipt_hint.campaign": "Choose the delivery that took the campaign’s books into the stock, so that the donors’ register counts each once. Books in class corners count beside it.",
	"gift.take_in":               "Take the books into the stock",
	"gift.in_receipt":            "In the stock: No {n}",

	"reg.stocktake-minutes.quantities": "Textbooks counted by number",
	"reg.col.on_shelf":                 "Due on the shelf",
	"reg.col.counted":                  "Counted",

	"weed.by_number":       "There are {n} lines of textbooks counted by number ({copies} books) from before {year} too: press here, open each and write it down.",
	"stock.find_withdrawn": "This copy has been withdrawn, and its number is not used again. Put it aside, not on a shelf.",

	"reg.col.accessions": "Accession numbers",
	"reg.col.handed_by":  "Handed over by",
	"reg.col.own_there":  "The class’s own books",
	"reg.col.copies_in":  "Copies that came in",
}
