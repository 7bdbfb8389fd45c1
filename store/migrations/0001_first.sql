-- The first schema. Foreign keys are off while this runs and checked at the end.

CREATE TABLE site (
  id    TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  epoch TEXT NOT NULL CHECK (epoch <> ''),
  name  TEXT NOT NULL,
  zone  TEXT NOT NULL CHECK (zone <> '')
) STRICT;

-- One row: which of the sites this file is the ledger of.
CREATE TABLE meta (
  one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  site_id TEXT NOT NULL REFERENCES site (id)
) STRICT;

-- Settings --------------------------------------------------------------

CREATE TABLE school_year (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  name      TEXT NOT NULL CHECK (name <> ''),
  start_day TEXT NOT NULL CHECK (start_day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  semester2 TEXT NOT NULL CHECK (semester2 GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  recall    TEXT NOT NULL CHECK (recall GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  end_day   TEXT NOT NULL CHECK (end_day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  UNIQUE (site_id, name),
  CHECK (start_day <= semester2 AND semester2 <= recall AND recall <= end_day)
) STRICT;

CREATE TABLE policy (
  site_id       TEXT NOT NULL REFERENCES site (id),
  position      INTEGER NOT NULL CHECK (position >= 0),
  category      TEXT NOT NULL CHECK (category IN ('', 'pupil', 'teacher', 'staff', 'manager', 'class', 'guest')),
  kind          TEXT NOT NULL CHECK (kind IN ('', 'textbook', 'professional', 'reference', 'children', 'serial', 'picture', 'map', 'disc', 'equipment')),
  sub_kind      TEXT NOT NULL,
  copies        INTEGER NOT NULL CHECK (copies BETWEEN 0 AND 1000),
  term          TEXT NOT NULL CHECK (term IN ('', 'days', 'semester', 'year')),
  days          INTEGER NOT NULL CHECK (days BETWEEN 0 AND 1000),
  renewals      INTEGER NOT NULL CHECK (renewals BETWEEN 0 AND 100),
  on_site_only  INTEGER NOT NULL CHECK (on_site_only IN (0, 1)),
  not_for_loan  INTEGER NOT NULL CHECK (not_for_loan IN (0, 1)),
  entitled_only INTEGER NOT NULL CHECK (entitled_only IN (0, 1)),
  PRIMARY KEY (site_id, category, kind, sub_kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar (
  year_id  TEXT NOT NULL PRIMARY KEY REFERENCES school_year (id),
  site_id  TEXT NOT NULL REFERENCES site (id),
  weekdays TEXT NOT NULL CHECK (weekdays GLOB '[01][01][01][01][01][01][01]') -- from Sunday
) STRICT;

CREATE TABLE closure (
  year_id  TEXT NOT NULL REFERENCES calendar (year_id),
  position INTEGER NOT NULL CHECK (position >= 0),
  site_id  TEXT NOT NULL REFERENCES site (id),
  from_day TEXT NOT NULL CHECK (from_day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  to_day   TEXT NOT NULL CHECK (to_day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  name     TEXT NOT NULL,
  PRIMARY KEY (year_id, position),
  CHECK (from_day <= to_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE recess (
  year_id     TEXT NOT NULL REFERENCES calendar (year_id),
  position    INTEGER NOT NULL CHECK (position >= 0),
  site_id     TEXT NOT NULL REFERENCES site (id),
  from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
  to_minute   INTEGER NOT NULL CHECK (to_minute BETWEEN 0 AND 1440),
  PRIMARY KEY (year_id, position),
  CHECK (from_minute < to_minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE timetable (
  site_id   TEXT NOT NULL REFERENCES site (id),
  position  INTEGER NOT NULL CHECK (position >= 0),
  weekday   INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
  afternoon INTEGER NOT NULL CHECK (afternoon IN (0, 1)),
  grades    TEXT NOT NULL, -- numbers with commas between
  teachers  INTEGER NOT NULL CHECK (teachers IN (0, 1)),
  note      TEXT NOT NULL,
  PRIMARY KEY (site_id, weekday, afternoon)
) STRICT, WITHOUT ROWID;

CREATE TABLE station (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  name    TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 32 AND name NOT GLOB '*[^a-z0-9-]*'),
  UNIQUE (site_id, name)
) STRICT;

CREATE TABLE station_device (
  site_id TEXT NOT NULL,
  key     TEXT NOT NULL CHECK (key <> ''),
  station TEXT NOT NULL,
  setting TEXT NOT NULL,
  PRIMARY KEY (site_id, key),
  FOREIGN KEY (site_id, station) REFERENCES station (site_id, name) ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id            TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id       TEXT NOT NULL REFERENCES site (id),
  name          TEXT NOT NULL CHECK (name <> ''),
  role          TEXT NOT NULL CHECK (role IN ('librarian', 'management', 'collaborator', 'helper')),
  password_hash TEXT NOT NULL,
  disabled      INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  created_at    TEXT NOT NULL CHECK (created_at = '' OR length(created_at) = 24),
  UNIQUE (site_id, name)
) STRICT;

-- How far each series of barcodes has been handed out.
CREATE TABLE series (
  site_id TEXT NOT NULL REFERENCES site (id),
  series  TEXT NOT NULL CHECK (length(series) = 1),
  serial  INTEGER NOT NULL CHECK (serial BETWEEN 1 AND 999999),
  PRIMARY KEY (site_id, series)
) STRICT, WITHOUT ROWID;

-- One space of barcodes ---------------------------------------------------

-- Whatever is scanned is somebody's here, and only one's. Cards, copies, sets
-- and places point at their row with their own id, so two of them can never
-- share a code.
CREATE TABLE barcode (
  site_id TEXT NOT NULL REFERENCES site (id),
  code    TEXT NOT NULL CHECK (code <> ''),
  owner   TEXT NOT NULL CHECK (owner <> ''),
  PRIMARY KEY (site_id, code),
  UNIQUE (site_id, code, owner)
) STRICT, WITHOUT ROWID;

-- Places ------------------------------------------------------------------

CREATE TABLE place (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  code    TEXT NOT NULL CHECK (code <> ''),
  name    TEXT NOT NULL,
  kind    TEXT NOT NULL CHECK (kind IN ('library', 'shelf', 'class_corner', 'hallway', 'outdoor', 'mobile_case', 'elsewhere')),
  barcode TEXT,
  closed  INTEGER NOT NULL CHECK (closed IN (0, 1)),
  UNIQUE (site_id, code),
  FOREIGN KEY (site_id, barcode, id) REFERENCES barcode (site_id, code, owner)
) STRICT;
CREATE INDEX place_barcode ON place (site_id, barcode, id);

-- Patrons -----------------------------------------------------------------

CREATE TABLE patron (
  id          TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id     TEXT NOT NULL REFERENCES site (id),
  category    TEXT NOT NULL CHECK (category IN ('pupil', 'teacher', 'staff', 'manager', 'class', 'guest')),
  name        TEXT NOT NULL CHECK (name <> ''),
  sort_name   TEXT NOT NULL, -- folded, given name first
  birth_date  TEXT NOT NULL CHECK (birth_date = '' OR birth_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  sex         TEXT NOT NULL CHECK (sex IN ('', 'f', 'm')),
  sector_code TEXT NOT NULL,
  entitled    INTEGER NOT NULL CHECK (entitled IN (0, 1)),
  status      TEXT NOT NULL CHECK (status IN ('active', 'blocked', 'left')),
  created_at  TEXT NOT NULL CHECK (created_at = '' OR length(created_at) = 24)
) STRICT;

-- What events and loans carry in place of a person. To forget a child, set
-- patron_id to NULL and delete the patron: the counts stay, the name does not.
CREATE TABLE patron_ref (
  ref       TEXT NOT NULL PRIMARY KEY CHECK (ref <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  patron_id TEXT UNIQUE REFERENCES patron (id)
) STRICT;

CREATE TABLE card (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  patron_id TEXT NOT NULL REFERENCES patron (id),
  barcode   TEXT NOT NULL,
  status    TEXT NOT NULL CHECK (status IN ('active', 'lost', 'expired')),
  issued_at TEXT NOT NULL CHECK (issued_at = '' OR length(issued_at) = 24),
  FOREIGN KEY (site_id, barcode, id) REFERENCES barcode (site_id, code, owner)
) STRICT;
CREATE UNIQUE INDEX card_barcode ON card (site_id, barcode, id);
CREATE INDEX card_patron ON card (patron_id, issued_at);

CREATE TABLE class (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  year_id TEXT NOT NULL REFERENCES school_year (id),
  name    TEXT NOT NULL CHECK (name <> ''),
  grade   INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 12),
  UNIQUE (year_id, name),
  UNIQUE (id, year_id)
) STRICT;

CREATE TABLE enrolment (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  patron_id TEXT NOT NULL REFERENCES patron (id),
  class_id  TEXT NOT NULL,
  year_id   TEXT NOT NULL,
  since     TEXT NOT NULL CHECK (since = '' OR since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  FOREIGN KEY (class_id, year_id) REFERENCES class (id, year_id)
) STRICT;
CREATE INDEX enrolment_patron ON enrolment (patron_id, year_id, since);
CREATE INDEX enrolment_class ON enrolment (class_id, year_id);

-- The catalogue -----------------------------------------------------------

-- nr is the row of the search table; a VACUUM keeps it, as it would not keep a
-- rowid without a name.
CREATE TABLE title (
  nr           INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE CHECK (id <> ''),
  site_id      TEXT NOT NULL REFERENCES site (id),
  title        TEXT NOT NULL CHECK (title <> ''),
  folded       TEXT NOT NULL,
  remainder    TEXT NOT NULL,
  publisher    TEXT NOT NULL,
  pub_place    TEXT NOT NULL,
  year         INTEGER NOT NULL CHECK (year BETWEEN 0 AND 9999),
  isbn         TEXT NOT NULL,
  class_number TEXT NOT NULL,
  grade        INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 12),
  level        TEXT NOT NULL,
  language     TEXT NOT NULL,
  pages        INTEGER NOT NULL CHECK (pages >= 0),
  price        INTEGER NOT NULL CHECK (price >= 0),
  call_number  TEXT NOT NULL
) STRICT;
CREATE INDEX title_isbn ON title (site_id, isbn) WHERE isbn <> '';
CREATE INDEX title_folded ON title (site_id, folded);

CREATE TABLE title_author (
  title_id TEXT NOT NULL REFERENCES title (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  site_id  TEXT NOT NULL REFERENCES site (id),
  name     TEXT NOT NULL,
  PRIMARY KEY (title_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE title_subject (
  title_id TEXT NOT NULL REFERENCES title (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  site_id  TEXT NOT NULL REFERENCES site (id),
  name     TEXT NOT NULL,
  PRIMARY KEY (title_id, position)
) STRICT, WITHOUT ROWID;

-- The text that is searched, folded by the program: the tokenizer alone does
-- not know that đ is a d.
CREATE VIRTUAL TABLE title_search USING fts5 (
  title, other, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3'
);

CREATE TABLE book_set (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL REFERENCES site (id),
  name      TEXT NOT NULL CHECK (name <> ''),
  grade     INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 12),
  programme TEXT NOT NULL,
  barcode   TEXT,
  FOREIGN KEY (site_id, barcode, id) REFERENCES barcode (site_id, code, owner)
) STRICT;
CREATE INDEX book_set_barcode ON book_set (site_id, barcode, id);

CREATE TABLE textbook_line (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  title_id   TEXT NOT NULL REFERENCES title (id),
  year       INTEGER NOT NULL CHECK (year BETWEEN 0 AND 9999),
  from_nr    INTEGER NOT NULL CHECK (from_nr >= 0),
  to_nr      INTEGER NOT NULL CHECK (to_nr >= from_nr),
  quantity   INTEGER NOT NULL CHECK (quantity >= 0),
  price      INTEGER NOT NULL CHECK (price >= 0),
  place_id   TEXT REFERENCES place (id),
  received   TEXT NOT NULL CHECK (received = '' OR received GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX textbook_line_title ON textbook_line (title_id);
CREATE INDEX textbook_line_place ON textbook_line (place_id);

-- Every accession number that was ever used or handed out, by its canonical
-- form; it stays with the copy that first had it. handed is 1 when the program
-- gave the number, 0 when it came from outside (old registers have gaps).
CREATE TABLE accession (
  site_id TEXT NOT NULL REFERENCES site (id),
  number  TEXT NOT NULL CHECK (number <> ''),
  prefix  TEXT NOT NULL,
  n       INTEGER NOT NULL CHECK (n >= 0),
  handed  INTEGER NOT NULL CHECK (handed IN (0, 1)),
  copy_id TEXT, -- NULL only between handing out and PutCopy
  PRIMARY KEY (site_id, number),
  UNIQUE (site_id, number, copy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX accession_prefix ON accession (site_id, prefix, n);

CREATE TRIGGER accession_stays BEFORE DELETE ON accession
BEGIN SELECT RAISE(ABORT, 'an accession number is never used again'); END;

CREATE TRIGGER accession_keeps BEFORE UPDATE ON accession
WHEN old.copy_id IS NOT NULL OR old.number <> new.number OR old.site_id <> new.site_id
BEGIN SELECT RAISE(ABORT, 'an accession number is never used again'); END;

CREATE TABLE copy (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  title_id   TEXT NOT NULL REFERENCES title (id),
  barcode    TEXT NOT NULL,
  accession  TEXT, -- NULL for stock outside the accession registers
  kind       TEXT NOT NULL CHECK (kind IN ('textbook', 'professional', 'reference', 'children', 'serial', 'picture', 'map', 'disc', 'equipment')),
  sub_kind   TEXT NOT NULL,
  price      INTEGER NOT NULL CHECK (price >= 0),
  source     TEXT NOT NULL,
  received   TEXT NOT NULL CHECK (received = '' OR received GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  home_place TEXT REFERENCES place (id),
  set_id     TEXT REFERENCES book_set (id),
  labelled   INTEGER NOT NULL CHECK (labelled IN (0, 1)),
  FOREIGN KEY (site_id, barcode, id) REFERENCES barcode (site_id, code, owner),
  FOREIGN KEY (site_id, accession, id) REFERENCES accession (site_id, number, copy_id)
) STRICT;
CREATE UNIQUE INDEX copy_barcode ON copy (site_id, barcode, id);
CREATE UNIQUE INDEX copy_accession ON copy (site_id, accession, id);
CREATE INDEX copy_title ON copy (title_id);
CREATE INDEX copy_home ON copy (home_place);
CREATE INDEX copy_set ON copy (set_id) WHERE set_id IS NOT NULL;

-- What happened -------------------------------------------------------------

CREATE TABLE event (
  id             TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id        TEXT NOT NULL REFERENCES site (id),
  epoch          TEXT NOT NULL CHECK (epoch <> ''),
  seq            INTEGER NOT NULL CHECK (seq > 0),
  type           TEXT NOT NULL CHECK (type <> ''),
  copy_id        TEXT NOT NULL,
  patron_ref     TEXT NOT NULL,
  staff_ref      TEXT NOT NULL,
  station        TEXT NOT NULL,
  occurred_at    TEXT NOT NULL CHECK (length(occurred_at) = 24),
  recorded_at    TEXT NOT NULL CHECK (length(recorded_at) = 24),
  clock_ok       INTEGER NOT NULL CHECK (clock_ok IN (0, 1)),
  schema_version INTEGER NOT NULL CHECK (schema_version > 0),
  payload        TEXT NOT NULL,
  UNIQUE (site_id, seq, epoch)
) STRICT;

CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;

CREATE TRIGGER event_never_goes BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

-- What a district has still to be told; nothing reads it yet.
CREATE TABLE outbox (
  event_id   TEXT NOT NULL PRIMARY KEY REFERENCES event (id),
  site_id    TEXT NOT NULL REFERENCES site (id),
  epoch      TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  created_at TEXT NOT NULL CHECK (length(created_at) = 24),
  sent_at    TEXT NOT NULL CHECK (sent_at = '' OR length(sent_at) = 24),
  applied_at TEXT NOT NULL CHECK (applied_at = '' OR length(applied_at) = 24)
) STRICT, WITHOUT ROWID;

-- What a district told us, so that it is done once.
CREATE TABLE inbox (
  site_id     TEXT NOT NULL REFERENCES site (id),
  source      TEXT NOT NULL CHECK (source <> ''),
  id          TEXT NOT NULL CHECK (id <> ''),
  received_at TEXT NOT NULL CHECK (length(received_at) = 24),
  PRIMARY KEY (site_id, source, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
  site_id    TEXT NOT NULL REFERENCES site (id),
  station    TEXT NOT NULL,
  command_id TEXT NOT NULL CHECK (command_id <> ''),
  body       TEXT NOT NULL,
  result     TEXT NOT NULL,
  at         TEXT NOT NULL CHECK (length(at) = 24),
  PRIMARY KEY (site_id, station, command_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_at ON answer (site_id, at);

-- What follows from the events ------------------------------------------------

CREATE TABLE copy_state (
  copy_id   TEXT NOT NULL PRIMARY KEY REFERENCES copy (id),
  site_id   TEXT NOT NULL REFERENCES site (id),
  status    TEXT NOT NULL CHECK (status IN ('in_processing', 'available', 'in_repair', 'lost', 'withdrawn')),
  condition TEXT NOT NULL CHECK (condition IN ('good', 'worn', 'damaged')),
  place_id  TEXT REFERENCES place (id),
  on_site   INTEGER NOT NULL CHECK (on_site >= 0),
  loans     INTEGER NOT NULL CHECK (loans >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_state_place ON copy_state (place_id);

CREATE TABLE loan (
  id             TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id        TEXT NOT NULL REFERENCES site (id),
  copy_id        TEXT NOT NULL REFERENCES copy (id),
  patron_ref     TEXT NOT NULL REFERENCES patron_ref (ref),
  type           TEXT NOT NULL CHECK (type IN ('home', 'semester', 'year')),
  checked_out_at TEXT NOT NULL CHECK (length(checked_out_at) = 24),
  due_on         TEXT NOT NULL CHECK (due_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  renewals       INTEGER NOT NULL CHECK (renewals >= 0),
  returned_at    TEXT NOT NULL CHECK (returned_at = '' OR length(returned_at) = 24),
  ended          TEXT NOT NULL CHECK (ended IN ('', 'returned', 'undone', 'lost')),
  station        TEXT NOT NULL,
  CHECK (ended <> '' OR returned_at = '')
) STRICT;
-- The real guard against lending one book twice.
CREATE UNIQUE INDEX loan_one_open ON loan (copy_id) WHERE ended = '';
CREATE INDEX loan_open_of ON loan (patron_ref, checked_out_at) WHERE ended = '';
CREATE INDEX loan_open_since ON loan (site_id, checked_out_at, id) WHERE ended = '';
CREATE INDEX loan_since ON loan (site_id, checked_out_at, id);
CREATE INDEX loan_copy ON loan (copy_id);
CREATE INDEX loan_patron ON loan (patron_ref);

CREATE TABLE hold (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  title_id   TEXT NOT NULL REFERENCES title (id),
  patron_ref TEXT NOT NULL REFERENCES patron_ref (ref),
  copy_id    TEXT REFERENCES copy (id),
  placed_at  TEXT NOT NULL CHECK (length(placed_at) = 24),
  status     TEXT NOT NULL CHECK (status IN ('waiting', 'ready', 'fulfilled', 'cancelled'))
) STRICT;
CREATE INDEX hold_queue ON hold (title_id, placed_at) WHERE status IN ('waiting', 'ready');
CREATE INDEX hold_title ON hold (title_id);
CREATE INDEX hold_copy ON hold (copy_id) WHERE copy_id IS NOT NULL;
CREATE UNIQUE INDEX hold_ready ON hold (copy_id) WHERE status = 'ready' AND copy_id IS NOT NULL;
