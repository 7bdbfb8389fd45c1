-- Patrons on the desk: notes, what is forgotten, the school year.

-- A patron has one reference in use, and those of past years until they are
-- cut: so loans of one year can lose their name while the newer ones keep it.
CREATE TABLE patron_ref_new (
  ref       TEXT NOT NULL PRIMARY KEY CHECK (ref <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  patron_id TEXT REFERENCES patron (id),
  since     TEXT NOT NULL CHECK (since = '' OR since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  until     TEXT NOT NULL CHECK (until = '' OR until GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')
) STRICT;
INSERT INTO patron_ref_new (ref, site_id, patron_id, since, until) SELECT ref, site_id, patron_id, '', '' FROM patron_ref;
DROP TABLE patron_ref;
ALTER TABLE patron_ref_new RENAME TO patron_ref;
CREATE UNIQUE INDEX patron_ref_in_use ON patron_ref (patron_id) WHERE until = '' AND patron_id IS NOT NULL;
CREATE INDEX patron_ref_of ON patron_ref (patron_id) WHERE patron_id IS NOT NULL;

ALTER TABLE patron ADD COLUMN left_on TEXT NOT NULL DEFAULT '' CHECK (left_on = '' OR left_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]');

-- Whose enrolment it was may be forgotten; that there was one stays.
CREATE TABLE enrolment_new (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  patron_id TEXT REFERENCES patron (id),
  class_id  TEXT NOT NULL,
  year_id   TEXT NOT NULL,
  since     TEXT NOT NULL CHECK (since = '' OR since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  FOREIGN KEY (class_id, year_id) REFERENCES class (id, year_id)
) STRICT;
INSERT INTO enrolment_new SELECT id, site_id, patron_id, class_id, year_id, since, 0 FROM enrolment;
DROP TABLE enrolment;
ALTER TABLE enrolment_new RENAME TO enrolment;
CREATE INDEX enrolment_patron ON enrolment (patron_id, year_id, since);
CREATE INDEX enrolment_class ON enrolment (class_id, year_id);
CREATE INDEX enrolment_year ON enrolment (year_id);

CREATE TABLE patron_note (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  patron_id TEXT NOT NULL REFERENCES patron (id),
  text      TEXT NOT NULL CHECK (text <> ''),
  at        TEXT NOT NULL CHECK (length(at) = 24),
  by        TEXT REFERENCES account (id),
  removed   INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX patron_note_of ON patron_note (patron_id, at);
CREATE INDEX patron_note_by ON patron_note (by) WHERE by IS NOT NULL;

-- The codes of cards whose holder was forgotten: nobody's, and never used again.
CREATE TABLE retired_card (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  barcode TEXT NOT NULL,
  FOREIGN KEY (site_id, barcode, id) REFERENCES barcode (site_id, code, owner)
) STRICT;
CREATE INDEX retired_card_barcode ON retired_card (site_id, barcode, id);

-- The beginning of a school year; the record says what it did, in ids only.
CREATE TABLE promotion (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  year_id   TEXT NOT NULL REFERENCES school_year (id),
  from_year TEXT NOT NULL,
  at        TEXT NOT NULL CHECK (length(at) = 24),
  by        TEXT NOT NULL,
  seq       INTEGER NOT NULL CHECK (seq > 0),
  undone    TEXT NOT NULL CHECK (undone = '' OR length(undone) = 24),
  record    TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
-- A year begins once.
CREATE UNIQUE INDEX promotion_once ON promotion (year_id) WHERE undone = '';

CREATE INDEX event_of_patron ON event (patron_ref, seq) WHERE type = 'patron_changed';
