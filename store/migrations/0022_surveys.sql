-- The textbook survey of the classes and the proposals of what to buy. Both follow
-- from the events, as activities do: a record is the whole of its noun as JSON.
CREATE TABLE survey (
  id       TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id  TEXT NOT NULL REFERENCES site (id),
  class_id TEXT NOT NULL REFERENCES class (id),
  round    INTEGER NOT NULL CHECK (round IN (1, 2)),
  record   TEXT NOT NULL CHECK (json_valid(record)),
  UNIQUE (class_id, round)
) STRICT;

CREATE TABLE proposal (
  id      TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id TEXT NOT NULL REFERENCES site (id),
  day     TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
  record  TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
CREATE INDEX proposal_day ON proposal (site_id, day, id) WHERE removed = 0;

-- What readers looked for and the catalogue has not: words and how often, of nobody.
CREATE TABLE unmet_search (
  site_id TEXT NOT NULL REFERENCES site (id),
  folded  TEXT NOT NULL CHECK (folded <> ''),
  text    TEXT NOT NULL CHECK (text <> ''),
  times   INTEGER NOT NULL CHECK (times > 0),
  last    TEXT NOT NULL CHECK (last GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  PRIMARY KEY (site_id, folded)
) STRICT, WITHOUT ROWID;
