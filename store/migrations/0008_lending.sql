-- Holds that end, recalls, and what was given for books lost or damaged.

ALTER TABLE hold ADD COLUMN until TEXT NOT NULL DEFAULT '' CHECK (until = '' OR until GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]');
CREATE INDEX hold_open_of ON hold (patron_ref) WHERE status IN ('waiting', 'ready');

-- The record says what was asked for and which loans it found, in ids only.
CREATE TABLE recall (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  name    TEXT NOT NULL CHECK (name <> ''),
  due     TEXT NOT NULL CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  at      TEXT NOT NULL CHECK (length(at) = 24),
  by      TEXT NOT NULL,
  closed  TEXT NOT NULL CHECK (closed = '' OR length(closed) = 24),
  undone  TEXT NOT NULL CHECK (undone = '' OR length(undone) = 24),
  record  TEXT NOT NULL CHECK (json_valid(record))
) STRICT;

CREATE TABLE compensation (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  loan_id    TEXT NOT NULL REFERENCES loan (id),
  copy_id    TEXT NOT NULL REFERENCES copy (id),
  patron_ref TEXT NOT NULL REFERENCES patron_ref (ref),
  cause      TEXT NOT NULL CHECK (cause IN ('lost', 'damaged')),
  kind       TEXT NOT NULL CHECK (kind IN ('open', 'same_book', 'paid', 'waived', 'given_back')),
  amount     INTEGER NOT NULL CHECK (amount >= 0),
  comment    TEXT NOT NULL,
  day        TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  by         TEXT NOT NULL,
  at         TEXT NOT NULL CHECK (length(at) = 24),
  removed    INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
-- A loan is settled once.
CREATE UNIQUE INDEX compensation_once ON compensation (loan_id) WHERE removed = 0;
CREATE INDEX compensation_loan ON compensation (loan_id);
CREATE INDEX compensation_copy ON compensation (copy_id);
CREATE INDEX compensation_ref ON compensation (patron_ref);
