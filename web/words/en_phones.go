package words

// enPhones are the words of enrolling a phone and signing in on it.
var enPhones = map[string]string{
	"error.no_phone":  "This phone has not been enrolled for the class corner. Ask the librarian for the QR code on the page of other machines.",
	"error.wrong_pin": "The card or the PIN is not right. Try again, or ask the librarian for a new PIN.",
	"error.too_many":  "Too many attempts. Wait a minute and try again.",

	"phones.title":   "Phones of the class corners",
	"phones.why":     "Teachers note loans and returns in the class corner on their own phones. Each phone is enrolled once by a QR code; then a card and a PIN are enough.",
	"phones.name":    "Whose phone, which",
	"phones.hint":    "For example: Ms Mẫu's phone. The name is shown here only.",
	"phones.go":      "Get a QR code",
	"phones.code":    "The code for {name}",
	"phones.scan":    "Open the phone's camera and point it at this picture.",
	"phones.type":    "Where it cannot be scanned, open this address on the phone and type the code:",
	"phones.qr":      "QR code for {name}",
	"phones.since":   "Enrolled on {date}",
	"phones.by":      "In use by {name}",
	"phones.nobody":  "Nobody is signed in",
	"phones.none":    "There is no phone yet.",
	"phones.removed": "The phone is removed. It gets in no more, even where somebody was signed in.",

	"enrol.title":    "Enrol this phone for the class corner",
	"enrol.how":      "Press the button to use this phone for loans in the class corner. The librarian can remove it at any time.",
	"enrol.code":     "The librarian's code",
	"enrol.go":       "Use this phone",
	"enrol.already":  "This phone is enrolled.",
	"enrol.open":     "Open the class corner",
	"enrol.plain":    "This connection is not encrypted: others in the network can read along. Better open the https address that the librarian gives.",
	"enrol.trust":    "To use it without a network too, install the school's certificate first:",
	"enrol.trust_go": "how to",

	"keepercard.title":     "QR card to sign in at the class corner",
	"keepercard.back":      "Back",
	"keepercard.print":     "Print",
	"keepercard.qr":        "The card's QR code",
	"keepercard.use":       "Open the class corner on an enrolled phone, scan this card and type the PIN. Do not write the PIN on the card.",
	"keepercard.no_card":   "This person has no library card in use. Make one on the patron's page and come back.",
	"keepercard.no_person": "The account {name} belongs to no person yet. Choose one on the account's page; until there is a card, type the account's name on the phone.",
}
