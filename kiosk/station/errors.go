package station

import (
	"errors"

	"muontra/kiosk"
)

// The errors of a station's inbox: what was asked cannot be understood. A
// refusal is never an error.
var (
	ErrUsedID        = kiosk.ErrUsedID // the command id came before with another body
	ErrUnknownAction = errors.New("unknown action")
	ErrNoComment     = errors.New("an override needs a comment")
	ErrOtherSession  = errors.New("the session is not that of who was refused")
	ErrStopped       = errors.New("the station has stopped")
)
