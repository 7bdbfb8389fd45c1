-- What readers ask the library for.
CREATE TABLE wish (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  text    TEXT NOT NULL CHECK (text <> ''),
  source  TEXT NOT NULL CHECK (source IN ('catalogue', 'kiosk')),
  class   TEXT NOT NULL,
  at      TEXT NOT NULL CHECK (length(at) = 24),
  times   INTEGER NOT NULL CHECK (times > 0),
  status  TEXT NOT NULL CHECK (status IN ('wished', 'ordered', 'here', 'no')),
  note    TEXT NOT NULL,
  done_at TEXT NOT NULL CHECK (done_at = '' OR length(done_at) = 24),
  done_by TEXT REFERENCES account (id)
) STRICT;
CREATE INDEX wish_at ON wish (site_id, at, id);
CREATE INDEX wish_done_by ON wish (done_by) WHERE done_by IS NOT NULL;

-- What titles are counted by in a search is read from indexes alone: a thousand
-- hits would else be a thousand rows of copy, and as many of copy_state.
DROP INDEX copy_title;
CREATE INDEX copy_title ON copy (title_id, kind, received, id);
CREATE INDEX copy_state_withdrawn ON copy_state (copy_id) WHERE status = 'withdrawn';
