package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// tcpPrinter sends raw data to a port, by custom 9100: the bytes of the document,
// then the end of the stream, and nothing else. The printer closes its side when
// it has read to the end; that is the one answer this way of printing has.
type tcpPrinter struct {
	noJobs
	target Target
	opt    Options
}

// The system's own buffer hides how far a printer has really read. A small one
// keeps that doubt small; printing labels needs no more.
const sendBuffer = 16 << 10

// ourEnd: the end of the stream is counted as a byte to be acknowledged.
const ourEnd = 1

func (p *tcpPrinter) dial(ctx context.Context) (*net.TCPConn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.opt.Dial, errStalled)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", p.target.Host)
	if err != nil {
		if context.Cause(ctx) == errStalled {
			// A computer that is off and one behind a silent firewall look alike.
			return nil, &Error{Code: Unreachable, Err: fmt.Errorf("no answer in %v", p.opt.Dial)}
		}
		return nil, err
	}
	tcp := conn.(*net.TCPConn)
	tcp.SetWriteBuffer(sendBuffer) // an error leaves the system's size, which works too
	return tcp, nil
}

// Send prints by handing over the bytes. See [Error.Sent] for what it knows when
// the printer stops in the middle.
func (p *tcpPrinter) Send(ctx context.Context, job Job) (Receipt, error) {
	size, err := job.sized()
	if err != nil {
		return Receipt{}, wrap(p.target, "send", err)
	}
	conn, err := p.dial(ctx)
	if err != nil {
		return Receipt{}, wrap(p.target, "send", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()

	whole := size * int64(job.copies())
	gone := watch(conn)
	sent, err := pump(ctx, conn, job, size, p.opt.Stall, gone)
	unseen := int64(0) // what unacknowledged counts that is no byte of the document
	if err == nil {
		if err = conn.CloseWrite(); err == nil {
			unseen = ourEnd
		}
	}
	confirmed := false
	if err == nil {
		confirmed, err = p.awaitClose(ctx, conn, gone)
	}
	if err == nil {
		return Receipt{Sent: sent, Confirmed: confirmed}, nil
	}
	if ctx.Err() != nil {
		err = ctx.Err() // whatever the end of it broke first
	}
	taken := sent - max(unacknowledged(conn)-unseen, 0)
	// What still waits in the system must not be printed after we said that it
	// was not sent.
	conn.SetLinger(0)
	return Receipt{}, withSent(p.target, err, taken, whole)
}

// watch reads whatever the printer says and throws it away. It returns where the
// end of the connection will be told: nil for an orderly one.
func watch(conn *net.TCPConn) <-chan error {
	gone := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, conn)
		if err == nil {
			err = io.EOF
		}
		gone <- err
	}()
	return gone
}

// awaitClose waits for the printer to close its side after ours.
func (p *tcpPrinter) awaitClose(ctx context.Context, conn *net.TCPConn, gone <-chan error) (confirmed bool, err error) {
	wait := p.opt.Finish
	if p.target.NoWaitEOF {
		wait = min(wait, time.Second) // long enough for bad news
	}
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case err = <-gone:
	case <-ctx.Done():
		return false, ctx.Err()
	case <-patience.C:
		if p.target.NoWaitEOF {
			return false, nil
		}
		return false, &Error{Code: TimedOut, Err: errors.New("all bytes went out, but the printer did not close the connection"),
			Advice: "look whether it has printed; if it prints well and this comes each time, add ?waiteof=no to its address"}
	}
	if err != io.EOF {
		return false, err
	}
	return true, p.awaitAcknowledged(ctx, conn)
}

// awaitAcknowledged tells a printer that read to the end from one that closed
// before the rest of the document had arrived: both end the stream in good
// order, but the second never acknowledges the rest.
func (p *tcpPrinter) awaitAcknowledged(ctx context.Context, conn *net.TCPConn) error {
	for end := time.Now().Add(p.opt.Reply); unacknowledged(conn) > ourEnd; {
		if socketError(conn) != nil || time.Now().After(end) {
			return io.ErrUnexpectedEOF
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// State opens a connection, which says that the printer is on; with
// [Target.ZPLStatus] it asks ~HS over it.
func (p *tcpPrinter) State(ctx context.Context) (State, error) {
	conn, err := p.dial(ctx)
	if err != nil {
		return State{}, wrap(p.target, "state", err)
	}
	defer conn.Close()
	if !p.target.ZPLStatus {
		return State{Kind: Unknown, AcceptingJobs: true}, nil
	}
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	conn.SetDeadline(time.Now().Add(p.opt.Reply))
	if err := ctx.Err(); err != nil {
		return State{}, wrap(p.target, "state", err)
	}
	state, err := askHostStatus(conn)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return State{}, wrap(p.target, "state", err)
	}
	return state, nil
}

func (p *tcpPrinter) JobState(context.Context, Handle) (JobState, error) {
	return JobState{}, p.unsupported(p.target, "job state")
}

func (p *tcpPrinter) Cancel(context.Context, Handle) error {
	return p.unsupported(p.target, "cancel")
}
