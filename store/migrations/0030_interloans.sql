-- Lots of books that other libraries lend the school. Both follow from events: a
-- record is the whole of its noun as JSON.
CREATE TABLE interloan (
  id       TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id  TEXT NOT NULL REFERENCES site (id),
  place_id TEXT REFERENCES place (id),
  received TEXT NOT NULL CHECK (received GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  removed  INTEGER NOT NULL CHECK (removed IN (0, 1)),
  record   TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
CREATE INDEX interloan_received ON interloan (site_id, received, id) WHERE removed = 0;
CREATE INDEX interloan_place ON interloan (place_id);

CREATE TABLE interloan_book (
  id       TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  lot_id   TEXT NOT NULL REFERENCES interloan (id),
  nr       INTEGER NOT NULL CHECK (nr > 0),
  code     TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  gone     INTEGER NOT NULL CHECK (gone BETWEEN 0 AND quantity), -- given back, whole or damaged
  removed  INTEGER NOT NULL CHECK (removed IN (0, 1)),
  record   TEXT NOT NULL CHECK (json_valid(record)),
  UNIQUE (lot_id, nr)
) STRICT;
CREATE INDEX interloan_book_code ON interloan_book (code) WHERE code <> '' AND removed = 0 AND gone < quantity;
CREATE UNIQUE INDEX interloan_book_once ON interloan_book (lot_id, code) WHERE code <> '' AND removed = 0;
