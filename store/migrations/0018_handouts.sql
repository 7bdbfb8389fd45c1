-- Books of quantity lines that went to a class or a teacher. It follows from
-- events, as loans do.
CREATE TABLE handout (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  line_id    TEXT NOT NULL REFERENCES textbook_line (id),
  class_id   TEXT REFERENCES class (id),
  patron_ref TEXT REFERENCES patron_ref (ref),
  quantity   INTEGER NOT NULL CHECK (quantity > 0),
  out_on     TEXT NOT NULL CHECK (out_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  due        TEXT NOT NULL CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  back       INTEGER NOT NULL CHECK (back >= 0),
  damaged    INTEGER NOT NULL CHECK (damaged BETWEEN 0 AND back),
  lost       INTEGER NOT NULL CHECK (lost >= 0 AND back + lost <= quantity),
  note       TEXT NOT NULL,
  removed    INTEGER NOT NULL CHECK (removed IN (0, 1)),
  CHECK ((class_id IS NULL) <> (patron_ref IS NULL))
) STRICT;
CREATE INDEX handout_line ON handout (line_id, removed, quantity, back, lost);
CREATE INDEX handout_ref ON handout (patron_ref) WHERE patron_ref IS NOT NULL;
CREATE INDEX handout_open ON handout (site_id, out_on) WHERE removed = 0 AND quantity > back;

-- On the shelf, handed out and lost together are what is owned: no more can be
-- out and lost than there is, whichever of both changes.
CREATE TRIGGER handout_added AFTER INSERT ON handout WHEN new.removed = 0 AND
  (SELECT coalesce(sum(quantity - back), 0) FROM handout WHERE line_id = new.line_id AND removed = 0) > (SELECT quantity FROM textbook_line WHERE id = new.line_id)
BEGIN SELECT RAISE(ABORT, 'more books handed out than there are'); END;
CREATE TRIGGER handout_changed AFTER UPDATE ON handout WHEN new.removed = 0 AND
  (SELECT coalesce(sum(quantity - back), 0) FROM handout WHERE line_id = new.line_id AND removed = 0) > (SELECT quantity FROM textbook_line WHERE id = new.line_id)
BEGIN SELECT RAISE(ABORT, 'more books handed out than there are'); END;
CREATE TRIGGER textbook_line_fewer AFTER UPDATE OF quantity ON textbook_line WHEN
  (SELECT coalesce(sum(quantity - back), 0) FROM handout WHERE line_id = new.id AND removed = 0) > new.quantity
BEGIN SELECT RAISE(ABORT, 'fewer books than are handed out'); END;
