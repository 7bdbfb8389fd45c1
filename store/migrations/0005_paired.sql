-- Other machines that act as a station. Only the hash of each token is kept.
CREATE TABLE paired_station (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id   TEXT NOT NULL,
  station   TEXT NOT NULL,
  program   INTEGER NOT NULL CHECK (program IN (0, 1)),
  hash      TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  paired_at TEXT NOT NULL CHECK (length(paired_at) = 24),
  paired_by TEXT NOT NULL REFERENCES account (id),
  seen_at   TEXT NOT NULL CHECK (length(seen_at) = 24),
  removed   INTEGER NOT NULL CHECK (removed IN (0, 1)),
  FOREIGN KEY (site_id, station) REFERENCES station (site_id, name) ON UPDATE CASCADE
) STRICT;
CREATE INDEX paired_station_station ON paired_station (site_id, station);
CREATE INDEX paired_station_by ON paired_station (paired_by);
