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
}
