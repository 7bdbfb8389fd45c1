package web

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// The limits of a websocket: a page says nothing, so 512 bytes are plenty; one
// that takes no bytes for writeWait, or no ping for pongWait, is gone.
const (
	readLimit = 512
	writeWait = 10 * time.Second
	pingEvery = 20 * time.Second
	pongWait  = 45 * time.Second
)

// upgrader: the guard has compared the origin already, and once more here costs
// nothing.
var upgrader = websocket.Upgrader{HandshakeTimeout: 5 * time.Second, ReadBufferSize: 512, WriteBufferSize: 4096, CheckOrigin: sameOrigin}

// socket is a websocket that only sends.
type socket struct {
	conn *websocket.Conn
	gone chan struct{} // closed when the page went away
}

// upgrade answers the handshake. What a page sends is read and thrown away, for
// the pongs among it; too much closes the socket.
func upgrade(w http.ResponseWriter, r *http.Request) (*socket, error) {
	if !websocket.IsWebSocketUpgrade(r) {
		return nil, errBadBody
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return nil, nil // Upgrade has answered
	}
	s := &socket{conn, make(chan struct{})}
	conn.SetReadLimit(readLimit)
	alive := func(string) error { return conn.SetReadDeadline(time.Now().Add(pongWait)) }
	alive("")
	conn.SetPongHandler(alive)
	go func() {
		defer close(s.gone)
		for {
			if _, _, err := conn.NextReader(); err != nil {
				return
			}
		}
	}()
	return s, nil
}

func (s *socket) send(b []byte) error {
	s.conn.SetWriteDeadline(time.Now().Add(writeWait))
	return s.conn.WriteMessage(websocket.TextMessage, b)
}

func (s *socket) ping() error {
	return s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
}

// close says why, then ends the connection and waits for its reader.
func (s *socket) close(code int) {
	s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	s.conn.Close()
	<-s.gone
}
