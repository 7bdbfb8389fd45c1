-- Corners: places where books are read and lent away from the library. All of
-- it follows from events, as loan and copy_state do; the record is the row, and
-- the columns beside it are for finding it and for what must never be.

-- Which corner lent it; '' for the library's own loans.
ALTER TABLE loan ADD COLUMN corner TEXT NOT NULL DEFAULT '';
CREATE INDEX loan_corner ON loan (corner, checked_out_at, id) WHERE corner <> '';

CREATE TABLE corner (
  id       TEXT NOT NULL PRIMARY KEY REFERENCES place (id),
  site_id  TEXT NOT NULL REFERENCES site (id),
  record   TEXT NOT NULL CHECK (json_valid(record)),
  class_id TEXT GENERATED ALWAYS AS (nullif(json_extract(record, '$.class'), '')) STORED REFERENCES class (id),
  CHECK (json_extract(record, '$.place') = id)
) STRICT;
CREATE INDEX corner_class ON corner (class_id);

CREATE TABLE deposit (
  id       TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id  TEXT NOT NULL REFERENCES site (id),
  record   TEXT NOT NULL CHECK (json_valid(record)),
  place_id TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.place')) STORED REFERENCES corner (id)
) STRICT;
CREATE INDEX deposit_place ON deposit (place_id);

CREATE TABLE deposit_copy (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  record     TEXT NOT NULL CHECK (json_valid(record)),
  deposit_id TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.deposit')) STORED REFERENCES deposit (id),
  copy_id    TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.copy')) STORED REFERENCES copy (id),
  ended      TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.end')) STORED
    CHECK (ended IN ('', 'returned', 'moved', 'rotated', 'lost', 'withdrawn', 'undone'))
) STRICT;
-- A copy is in one box.
CREATE UNIQUE INDEX deposit_copy_in ON deposit_copy (copy_id) WHERE ended = '';
CREATE INDEX deposit_copy_of ON deposit_copy (deposit_id);
CREATE INDEX deposit_copy_copy ON deposit_copy (copy_id);

CREATE TABLE own_books (
  id       TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id  TEXT NOT NULL REFERENCES site (id),
  record   TEXT NOT NULL CHECK (json_valid(record)),
  place_id TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.place')) STORED REFERENCES corner (id),
  CHECK (json_extract(record, '$.quantity') > 0)
) STRICT;
CREATE INDEX own_books_place ON own_books (place_id);

CREATE TABLE reading (
  id       TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id  TEXT NOT NULL REFERENCES site (id),
  record   TEXT NOT NULL CHECK (json_valid(record)),
  place_id TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.place')) STORED REFERENCES corner (id),
  copy_id  TEXT GENERATED ALWAYS AS (nullif(json_extract(record, '$.copy'), '')) STORED REFERENCES copy (id),
  day      TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.day')) STORED
    CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  CHECK (json_extract(record, '$.count') > 0)
) STRICT;
CREATE INDEX reading_place ON reading (place_id, day);
CREATE INDEX reading_day ON reading (day);
CREATE INDEX reading_copy ON reading (copy_id) WHERE copy_id IS NOT NULL;

CREATE TABLE rotation (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  record  TEXT NOT NULL CHECK (json_valid(record)),
  CHECK (json_extract(record, '$.name') <> '')
) STRICT;

CREATE TABLE box_find (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  record     TEXT NOT NULL CHECK (json_valid(record)),
  deposit_id TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.deposit')) STORED REFERENCES deposit (id),
  copy_id    TEXT GENERATED ALWAYS AS (nullif(json_extract(record, '$.copy'), '')) STORED REFERENCES copy (id),
  settled    TEXT NOT NULL GENERATED ALWAYS AS (coalesce(json_extract(record, '$.settled'), '')) STORED
    CHECK (settled IN ('', 'taken', 'sent', 'handed')),
  CHECK (json_extract(record, '$.kind') IN ('shelf', 'other_corner', 'lost', 'withdrawn', 'on_loan', 'private'))
) STRICT;
CREATE INDEX box_find_of ON box_find (deposit_id);
CREATE INDEX box_find_copy ON box_find (copy_id) WHERE copy_id IS NOT NULL;
CREATE INDEX box_find_open ON box_find (site_id) WHERE settled = '';

-- What was answered to acts sent from corners; kept, so that what is sent again
-- months later is done once. The id is the command's.
CREATE TABLE corner_act (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  record  TEXT NOT NULL CHECK (json_valid(record))
) STRICT;

-- A corner's history is read on its page. Its events are of no single copy, so
-- the index costs a checkout of one book nothing.
CREATE INDEX event_corner ON event (json_extract(payload, '$.corner.place'), seq)
  WHERE copy_id = '' AND type IN ('corner_changed', 'handover_changed', 'box_returned', 'rotation_changed');
