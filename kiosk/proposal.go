package kiosk

// EventProposal is the event of a proposal of what to buy.
const EventProposal EventType = "proposal_changed"

// Proposal is a list of what the library would like to buy, for the management to
// sign (seed R53, R110, R192).
type Proposal struct {
	ID      ID             `json:"id"`
	Name    string         `json:"name"`
	Day     Day            `json:"day"`
	Funding string         `json:"funding,omitempty"` // from which money
	Lines   []ProposalLine `json:"lines"`
	Note    string         `json:"note,omitempty"`
	By      ID             `json:"by"`
	Removed bool           `json:"removed,omitempty"` // taken away
}

// ProposalLine is one book of it.
type ProposalLine struct {
	Text     string      `json:"x"`
	Kind     Kind        `json:"k"`
	Quantity int         `json:"n"`
	Price    int64       `json:"p,omitempty"` // of one, in đồng, as it is estimated; 0 when not known
	Why      ProposalWhy `json:"w"`
	Asked    int         `json:"a,omitempty"` // how many asked for it, lack it or wait for it
}

// Money is what a line costs.
func (l ProposalLine) Money() int64 { return int64(l.Quantity) * l.Price }

// Sum is how many copies a proposal is of, what they cost, and how many of them have
// no price.
func (p Proposal) Sum() (copies int, money int64, unpriced int) {
	for _, l := range p.Lines {
		copies += l.Quantity
		money += l.Money()
		if l.Price == 0 {
			unpriced += l.Quantity
		}
	}
	return copies, money, unpriced
}

// ProposalWhy is why a book is to be bought.
type ProposalWhy string

// The reasons.
const (
	WhyWish    ProposalWhy = "wish"    // readers wrote it into the suggestion box
	WhySearch  ProposalWhy = "search"  // readers looked for it and did not find it
	WhyLacking ProposalWhy = "lacking" // a textbook that pupils lack, by the survey
	WhyWaiting ProposalWhy = "waiting" // more wait for it than there are copies
	WhyLost    ProposalWhy = "lost"    // to replace what was lost or worn
	WhyOther   ProposalWhy = "other"
)

// ProposalWhys lists them, in the order of the paper.
var ProposalWhys = []ProposalWhy{WhyWish, WhySearch, WhyLacking, WhyWaiting, WhyLost, WhyOther}

// The bounds of a proposal.
const (
	MostProposed     = 200 // lines
	MaxProposalText  = 200
	MostOfProposal   = 1_000 // copies of a line
	MaxProposalPrice = 10_000_000
)

// ProposalView reads proposals and what readers did not find.
type ProposalView interface {
	Proposal(id ID) (Proposal, error)
	Proposals() ([]Proposal, error) // the newest first; those taken away are not in it
	// UnmetSearches are what was looked for in vain, the most wanted first.
	UnmetSearches() ([]UnmetSearch, error)
}

// UnmetSearch is what readers looked for in the catalogue and did not find: the
// words as they were typed last, and how often. It says nothing of who.
type UnmetSearch struct {
	Text  string
	Times int
	Last  Day
}

// ProposalTx writes what readers did not find. It leaves no event: nothing of the
// stock or of a person changes.
type ProposalTx interface {
	// AddUnmetSearch counts a text so many times more. Equal texts are those that are
	// equal when they are folded.
	AddUnmetSearch(text string, times int, on Day) error
	// DropUnmetSearches forgets those that were looked for last before a day.
	DropUnmetSearches(before Day) error
}
