package kiosk

// Unsure loans were lent or renewed while the PC's clock could not be right: the
// day due was counted from the last day that was sure, and a person looks at it
// once the clock is set.

// CountsDue are the events by which an open loan gets its day due from the
// clock, or from the person who confirms it. The last of a loan's that stands
// says whether the day is sure.
var CountsDue = []EventType{EventCheckedOut, EventRenewed, EventDueConfirmed}

// ErrClockWrong refuses to confirm days due while the clock still cannot be
// right: set it first, or say that it is right.
var ErrClockWrong = staticError("the clock cannot be right")
