package kiosk

// HouseFigures are the counts that the desk's pages show of the whole house.
type HouseFigures struct {
	Patrons    int        // that are known, in classes or not, those who left too
	Copies     int        // that were ever entered
	Unlabelled int        // copies without a label that have a number or are past processing, not lost and not withdrawn
	At         map[ID]int // copies by the place where they stand, not those withdrawn
}

// FiguresView reads what is counted or listed over the whole house, in one
// query each: the desk's pages must not grow slow with the years.
type FiguresView interface {
	HouseFigures() (HouseFigures, error)
	OpenLoans() ([]LoanItem, error) // of everybody, oldest first
}
