package kiosk

import (
	"errors"
	"slices"
	"time"
)

// Role is what a staff account may do.
type Role string

// The roles.
const (
	Librarian    Role = "librarian"    // does everything
	Management   Role = "management"   // reads the figures, changes nothing but what is approved
	Collaborator Role = "collaborator" // a teacher, with the classes of the account
	Helper       Role = "helper"       // a pupil who assists; sees nothing personal of others
)

// Roles lists all roles.
var Roles = []Role{Librarian, Management, Collaborator, Helper}

// Account signs in to the desk's pages.
type Account struct {
	ID           ID
	Name         string // what is typed to sign in, lower case
	Role         Role
	PasswordHash string // argon2id in PHC form
	PINHash      string // the same; "" for none. A PIN opens only at an enrolled browser
	MustChange   bool   // the password was handed out: it is changed before anything else
	PatronID     ID     // whose account it is, "" when nobody's in the patron list
	Classes      []ID   // a collaborator's own classes, of any school year
	Disabled     bool
	CreatedAt    time.Time
}

// Own reports whether the class is one of the account's.
func (a Account) Own(class ID) bool { return class != "" && slices.Contains(a.Classes, class) }

// AccountChange names what was done to an account, in its event.
type AccountChange string

// The changes.
const (
	AccountAdded     AccountChange = "added"
	AccountRole      AccountChange = "role"
	AccountClasses   AccountChange = "classes" // or the person
	AccountDisabled  AccountChange = "disabled"
	AccountEnabled   AccountChange = "enabled"
	AccountReset     AccountChange = "reset" // a one-time password was handed out
	AccountPassword  AccountChange = "password"
	AccountPIN       AccountChange = "pin"
	AccountSignedOut AccountChange = "signed_out" // of every browser
	AccountGuessed   AccountChange = "guessed"    // wrong passwords in a row; nobody's act
	BrowserEnrolled  AccountChange = "browser_enrolled"
	BrowserRemoved   AccountChange = "browser_removed"
)

// AccountChanges lists all changes.
var AccountChanges = []AccountChange{
	AccountAdded, AccountRole, AccountClasses, AccountDisabled, AccountEnabled, AccountReset, AccountPassword, AccountPIN, AccountSignedOut, AccountGuessed,
	BrowserEnrolled, BrowserRemoved,
}

// TakesPIN reports whether the role may sign in with a PIN, at an enrolled
// browser only.
func (r Role) TakesPIN() bool { return r == Collaborator || r == Helper }

// AccountUpdate is one change to an account, with what it needs.
type AccountUpdate struct {
	Change   AccountChange
	Role     Role   // with role
	Hash     string // with reset, password and pin
	PatronID ID     // with classes
	Classes  []ID   // with classes
}

// The refusals of account acts.
var (
	ErrLastLibrarian = errors.New("the last librarian's account")
	ErrSetUp         = errors.New("there is an account already")
)

// SignIn is one browser that is signed in.
type SignIn struct {
	Hash      string // SHA-256 of the browser's token in hex: the token itself is kept nowhere
	AccountID ID
	Since     time.Time
	Seen      time.Time
	Phone     ID // the enrolled phone on which it was made: it ends with it; "" elsewhere
}

// Browser is a browser that the librarian has enrolled: helpers and
// collaborators may sign in there with a PIN.
type Browser struct {
	ID         ID
	Name       string
	Hash       string // SHA-256 of the browser's token in hex
	EnrolledAt time.Time
	EnrolledBy ID
	Phone      bool      // a collaborator's phone, for the class corner
	Contact    time.Time // of a phone: when it was last heard of, to some minutes
	Unsent     int       // of a phone: acts that it still held after its last sending
	Removed    bool
}

// Guesses counts wrong passwords in a row.
type Guesses struct {
	Key   string // SHA-256 in hex of whom or where from: what was typed is not kept
	Fails int
	At    time.Time // of the last
}

// AccountView reads accounts and who is signed in.
type AccountView interface {
	Account(id ID) (Account, error)
	AccountByName(name string) (Account, error)
	Accounts() ([]Account, error) // by name
	SignIn(hash string) (SignIn, error)
	SignIns() ([]SignIn, error)   // the longest unused first
	Browsers() ([]Browser, error) // in the order in which they were enrolled
	Guesses(key string) (Guesses, error)
	// AccountEvents are what was done to an account, the newest first; at most
	// limit.
	AccountEvents(id ID, limit int) ([]Event, error)
}

// AccountTx writes them.
type AccountTx interface {
	PutAccount(a Account) error // another account's name is ErrConflict
	PutSignIn(s SignIn) error
	EndSignIn(hash string) error // one that is not there is no error
	PutBrowser(b Browser) error  // another browser's hash is ErrConflict
	PutGuesses(g Guesses) error
	DropGuesses(before time.Time) error // those whose last was before
}
