-- What is reserved for a lesson. It follows from events, as loans do.
CREATE TABLE lesson (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  what       TEXT NOT NULL CHECK (what IN ('copies', 'sets', 'pieces')),
  title_id   TEXT REFERENCES title (id),
  line_id    TEXT REFERENCES textbook_line (id),
  grade      INTEGER NOT NULL CHECK (grade >= 0),
  count      INTEGER NOT NULL CHECK (count > 0),
  class_id   TEXT NOT NULL REFERENCES class (id),
  patron_ref TEXT NOT NULL REFERENCES patron_ref (ref),
  held_on    TEXT NOT NULL CHECK (held_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  period     INTEGER NOT NULL CHECK (period >= 0),
  note       TEXT NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('waiting', 'out', 'back', 'cancelled')),
  loans      TEXT NOT NULL CHECK (json_valid(loans)),
  handout_id TEXT REFERENCES handout (id),
  given      INTEGER NOT NULL CHECK (given >= 0),
  CHECK ((what = 'pieces') = (line_id IS NOT NULL) AND (what = 'sets') = (title_id IS NULL))
) STRICT;
CREATE INDEX lesson_day ON lesson (site_id, held_on);
CREATE INDEX lesson_open ON lesson (site_id, status) WHERE status IN ('waiting', 'out');
