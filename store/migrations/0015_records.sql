-- Stocktakes, withdrawals and the year's activities. All of them follow from the
-- events, as loans do. A record is the whole of its noun as JSON, in ids only;
-- the columns beside it are what is looked for.

CREATE TABLE stocktake (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  opened  TEXT NOT NULL CHECK (length(opened) = 24),
  closed  TEXT NOT NULL CHECK (closed = '' OR length(closed) = 24),
  record  TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
CREATE INDEX stocktake_opened ON stocktake (site_id, opened, id);

CREATE TABLE stocktake_line (
  stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
  copy_id      TEXT NOT NULL REFERENCES copy (id),
  expected     INTEGER NOT NULL CHECK (expected IN (0, 1)),
  place_id     TEXT REFERENCES place (id),
  lost         INTEGER NOT NULL CHECK (lost IN (0, 1)),
  seen         TEXT NOT NULL CHECK (seen = '' OR length(seen) = 24),
  seen_at      TEXT REFERENCES place (id),
  by           TEXT NOT NULL,
  condition    TEXT NOT NULL CHECK (condition IN ('', 'good', 'worn', 'damaged')),
  found        INTEGER NOT NULL CHECK (found IN (0, 1)),
  surplus      INTEGER NOT NULL CHECK (surplus IN (0, 1)),
  final        TEXT NOT NULL,
  before       TEXT NOT NULL,
  PRIMARY KEY (stocktake_id, copy_id),
  CHECK (final = '' OR seen = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX stocktake_line_copy ON stocktake_line (copy_id);
CREATE INDEX stocktake_line_missing ON stocktake_line (copy_id, stocktake_id) WHERE final IN ('missing', 'gone');
CREATE INDEX stocktake_line_place ON stocktake_line (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX stocktake_line_seen_at ON stocktake_line (seen_at) WHERE seen_at IS NOT NULL;

CREATE TABLE stocktake_stray (
  stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
  code         TEXT NOT NULL CHECK (code <> ''),
  at           TEXT NOT NULL CHECK (length(at) = 24),
  seen_at      TEXT REFERENCES place (id),
  times        INTEGER NOT NULL CHECK (times > 0),
  PRIMARY KEY (stocktake_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX stocktake_stray_place ON stocktake_stray (seen_at) WHERE seen_at IS NOT NULL;

CREATE TABLE withdrawal (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  at      TEXT NOT NULL CHECK (length(at) = 24),
  closed  TEXT NOT NULL CHECK (closed = '' OR length(closed) = 24),
  record  TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
CREATE INDEX withdrawal_at ON withdrawal (site_id, at, id);
-- Closed minutes are final.
CREATE TRIGGER withdrawal_is_final BEFORE UPDATE ON withdrawal WHEN old.closed <> ''
BEGIN SELECT RAISE(ABORT, 'closed minutes are never changed'); END;

CREATE TABLE activity (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  kind    TEXT NOT NULL CHECK (kind <> ''),
  day     TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  starts  INTEGER NOT NULL CHECK (starts >= 0 AND starts < 1440),
  removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
  record  TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
CREATE INDEX activity_day ON activity (site_id, day, starts, id) WHERE removed = 0;
