-- New stock from its delivery to its shelf, and what is printed on the way.

-- One delivery, one line of the general register. nr keeps the order in which
-- lines and copies were entered; a VACUUM keeps it.
CREATE TABLE receipt (
  id          TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id     TEXT NOT NULL REFERENCES site (id),
  entry       INTEGER NOT NULL CHECK (entry >= 1),
  source      TEXT NOT NULL CHECK (source IN ('purchase', 'grant', 'donation', 'exchange', 'other')),
  supplier    TEXT NOT NULL,
  donor_class TEXT NOT NULL CHECK (donor_class = '' OR source = 'donation'),
  voucher     TEXT NOT NULL,
  day         TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  funding     TEXT NOT NULL,
  note        TEXT NOT NULL,
  closed      INTEGER NOT NULL CHECK (closed IN (0, 1)),
  created_at  TEXT NOT NULL CHECK (created_at = '' OR length(created_at) = 24),
  created_by  TEXT REFERENCES account (id),
  UNIQUE (site_id, entry)
) STRICT;
CREATE INDEX receipt_by ON receipt (created_by) WHERE created_by IS NOT NULL;

-- The general register has no gaps, and no line of it is torn out.
CREATE TRIGGER receipt_follows AFTER INSERT ON receipt
WHEN new.entry > 1 AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.site_id = new.site_id AND r.entry = new.entry - 1)
BEGIN SELECT RAISE(ABORT, 'the entries of the general register have no gaps'); END;

CREATE TRIGGER receipt_keeps BEFORE UPDATE ON receipt
WHEN old.entry <> new.entry OR old.site_id <> new.site_id
BEGIN SELECT RAISE(ABORT, 'an entry of the general register keeps its number'); END;

CREATE TRIGGER receipt_stays BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'an entry of the general register stays'); END;

CREATE TABLE receipt_line (
  nr         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  receipt_id TEXT NOT NULL REFERENCES receipt (id),
  title_id   TEXT NOT NULL REFERENCES title (id),
  kind       TEXT NOT NULL CHECK (kind IN ('textbook', 'professional', 'reference', 'children', 'serial', 'picture', 'map', 'disc', 'equipment')),
  sub_kind   TEXT NOT NULL,
  quantity   INTEGER NOT NULL CHECK (quantity >= 0), -- 0 when the line was taken back
  price      INTEGER NOT NULL CHECK (price >= 0),
  home_place TEXT REFERENCES place (id)
) STRICT;
CREATE INDEX receipt_line_receipt ON receipt_line (receipt_id, nr);
CREATE INDEX receipt_line_title ON receipt_line (title_id);
CREATE INDEX receipt_line_place ON receipt_line (home_place) WHERE home_place IS NOT NULL;

CREATE TABLE processing (
  nr         INTEGER PRIMARY KEY,
  copy_id    TEXT NOT NULL UNIQUE REFERENCES copy (id),
  site_id    TEXT NOT NULL REFERENCES site (id),
  line_id    TEXT NOT NULL REFERENCES receipt_line (id),
  registered TEXT NOT NULL CHECK (registered = '' OR registered GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  stamped    TEXT NOT NULL CHECK (stamped = '' OR stamped GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  labelled   TEXT NOT NULL CHECK (labelled = '' OR labelled GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  shelved    TEXT NOT NULL CHECK (shelved = '' OR shelved GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  CHECK (registered <> '' OR stamped || labelled || shelved = '')
) STRICT;
CREATE INDEX processing_line ON processing (line_id, nr);
CREATE INDEX processing_waits ON processing (site_id, nr) WHERE registered = '' OR stamped = '' OR labelled = '' OR shelved = '';

-- Nothing is lent before it is registered: a copy of a receipt is available
-- only once its number stands in the register, whoever writes its state.
CREATE TRIGGER copy_state_registered BEFORE INSERT ON copy_state
WHEN new.status = 'available' AND EXISTS (SELECT 1 FROM processing p WHERE p.copy_id = new.copy_id AND p.registered = '')
BEGIN SELECT RAISE(ABORT, 'a copy that is not registered cannot be available'); END;

CREATE TRIGGER copy_state_stays_registered BEFORE UPDATE ON copy_state
WHEN new.status = 'available' AND EXISTS (SELECT 1 FROM processing p WHERE p.copy_id = new.copy_id AND p.registered = '')
BEGIN SELECT RAISE(ABORT, 'a copy that is not registered cannot be available'); END;

CREATE TRIGGER processing_begins AFTER INSERT ON processing
WHEN new.registered = '' AND EXISTS (SELECT 1 FROM copy_state s WHERE s.copy_id = new.copy_id AND s.status = 'available')
BEGIN SELECT RAISE(ABORT, 'a copy that is available is registered'); END;

CREATE TRIGGER processing_keeps AFTER UPDATE ON processing
WHEN new.registered = '' AND EXISTS (SELECT 1 FROM copy_state s WHERE s.copy_id = new.copy_id AND s.status = 'available')
BEGIN SELECT RAISE(ABORT, 'a copy that is available is registered'); END;

-- Printing ------------------------------------------------------------------

CREATE TABLE printer (
  id       TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id  TEXT NOT NULL REFERENCES site (id),
  name     TEXT NOT NULL CHECK (name <> ''),
  target   TEXT NOT NULL CHECK (target <> ''),
  language TEXT NOT NULL CHECK (language IN ('pdf', 'zpl', 'tspl', 'epl')),
  dpi      INTEGER NOT NULL CHECK (dpi BETWEEN 0 AND 10000),
  stock    TEXT NOT NULL,
  offset_x REAL NOT NULL CHECK (offset_x BETWEEN -1000 AND 1000),
  offset_y REAL NOT NULL CHECK (offset_y BETWEEN -1000 AND 1000),
  scale_x  REAL NOT NULL CHECK (scale_x > 0 AND scale_x <= 10),
  scale_y  REAL NOT NULL CHECK (scale_y > 0 AND scale_y <= 10),
  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  UNIQUE (site_id, name)
) STRICT;

CREATE TABLE print_job (
  nr         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  printer_id TEXT NOT NULL REFERENCES printer (id),
  title      TEXT NOT NULL,
  layout     TEXT NOT NULL CHECK (layout <> ''),
  stock      TEXT NOT NULL,
  skip       INTEGER NOT NULL CHECK (skip >= 0),
  from_label INTEGER NOT NULL CHECK (from_label >= 0),
  subjects   TEXT NOT NULL CHECK (json_valid(subjects) AND json_type(subjects) = 'array'),
  total      INTEGER NOT NULL CHECK (total >= 0),
  sent       INTEGER NOT NULL CHECK (sent >= 0),
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'printing', 'done', 'failed', 'stopped')),
  reason     TEXT NOT NULL,
  detail     TEXT NOT NULL,
  remote     TEXT NOT NULL,
  created_at TEXT NOT NULL CHECK (length(created_at) = 24),
  changed_at TEXT NOT NULL CHECK (length(changed_at) = 24),
  created_by TEXT REFERENCES account (id)
) STRICT;
CREATE INDEX print_job_since ON print_job (site_id, created_at, nr);
CREATE INDEX print_job_waits ON print_job (site_id, created_at, nr) WHERE state IN ('waiting', 'sending', 'printing');
CREATE INDEX print_job_printer ON print_job (printer_id);
CREATE INDEX print_job_by ON print_job (created_by) WHERE created_by IS NOT NULL;

-- What pages keep under a key of theirs: label settings, the school's stocks.
CREATE TABLE setting (
  site_id TEXT NOT NULL REFERENCES site (id),
  key     TEXT NOT NULL CHECK (key <> ''),
  value   TEXT NOT NULL,
  PRIMARY KEY (site_id, key)
) STRICT, WITHOUT ROWID;
