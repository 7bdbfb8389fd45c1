package kiosk

import "time"

// Role is what a staff account may do.
type Role string

// The roles.
const (
	Librarian    Role = "librarian"
	Management   Role = "management"
	Collaborator Role = "collaborator"
	Helper       Role = "helper"
)

// Roles lists all roles.
var Roles = []Role{Librarian, Management, Collaborator, Helper}

// Account signs in to the desk's pages.
type Account struct {
	ID           ID
	Name         string // what is typed to sign in, lower case
	Role         Role
	PasswordHash string // argon2id in PHC form
	Disabled     bool
	CreatedAt    time.Time
}
